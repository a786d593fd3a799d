"""The audit trail, which takes new entries only: the database refuses to change or delete one."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from storage.tables.columns import UtcDateTime

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')
SAID = 'the audit trail takes new entries only'
ON_SQLITE = (
    "CREATE TRIGGER audit_entries_no_{word} BEFORE {word} ON audit_entries BEGIN SELECT RAISE(ABORT, '{said}'); END"
)
ON_POSTGRESQL = (
    'CREATE OR REPLACE FUNCTION refuse_change_of_audit() RETURNS trigger LANGUAGE plpgsql AS'
    " $$ BEGIN RAISE EXCEPTION '{said}'; END $$",
    'CREATE TRIGGER audit_entries_no_change BEFORE UPDATE OR DELETE ON audit_entries'
    ' FOR EACH ROW EXECUTE FUNCTION refuse_change_of_audit()',
    'CREATE TRIGGER audit_entries_no_truncate BEFORE TRUNCATE ON audit_entries'
    ' FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit()',
)


def upgrade() -> None:
    op.create_table(
        'audit_entries',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('at', UtcDateTime(), nullable=False),
        sa.Column('estate_id', sa.Integer(), nullable=True),
        sa.Column('actor_kind', sa.String(), nullable=False),
        sa.Column('actor_id', sa.Integer(), nullable=True),
        sa.Column('actor', sa.String(), nullable=False),
        sa.Column('action', sa.String(), nullable=False),
        sa.Column('subject_kind', sa.String(), nullable=False),
        sa.Column('subject_id', sa.Integer(), nullable=True),
        sa.Column('subject', sa.String(), nullable=False),
        sa.Column('before', DOCUMENT, nullable=False),
        sa.Column('after', DOCUMENT, nullable=False),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_audit_entries_at', 'audit_entries', ['at'])
    op.create_index('ix_audit_entries_estate', 'audit_entries', ['estate_id', 'id'])
    for statement in _guards():
        op.execute(statement)


def downgrade() -> None:
    op.drop_table('audit_entries')
    if op.get_bind().dialect.name != 'sqlite':
        op.execute('DROP FUNCTION refuse_change_of_audit()')


def _guards() -> list[str]:
    if op.get_bind().dialect.name == 'sqlite':
        return [ON_SQLITE.format(word=word, said=SAID) for word in ('UPDATE', 'DELETE')]
    return [statement.format(said=SAID) for statement in ON_POSTGRESQL]
