"""Whoever made a link is a person, of whom two that are one can be merged."""

from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None

NAME = 'fk_invites_made_by_people'
OF_NOBODY = (
    'UPDATE invites SET made_by = NULL WHERE made_by IS NOT NULL'
    ' AND NOT EXISTS (SELECT 1 FROM people WHERE people.id = invites.made_by)'
)


def upgrade() -> None:
    op.execute(OF_NOBODY)
    with op.batch_alter_table('invites', schema=None) as batch_op:
        batch_op.create_foreign_key(NAME, 'people', ['made_by'], ['id'])


def downgrade() -> None:
    with op.batch_alter_table('invites', schema=None) as batch_op:
        batch_op.drop_constraint(NAME, type_='foreignkey')
