"""How people of one name are told apart: names of their accounts, and rosters that wait for a word on it."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import PortableJson, UtcDateTime

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('people', sa.Column('username', sa.String(), nullable=True))
    op.create_table('roster_drafts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('team', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('chosen', PortableJson, nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['people.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('roster_drafts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_roster_drafts_author_id'), ['author_id'], unique=False)


def downgrade() -> None:
    op.drop_table('roster_drafts')
    op.drop_column('people', 'username')
