"""What an owner of several villas puts together is for one of them, and their menu says so without a look at their roles."""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

FURTHER = (
    'UPDATE people SET further_villas = (SELECT count(DISTINCT villa_id) - 1 FROM roles WHERE roles.person_id = people.id'
    " AND roles.ends_at IS NULL AND roles.kind IN ('owner', 'family'))"
    ' WHERE (SELECT count(DISTINCT villa_id) FROM roles WHERE roles.person_id = people.id'
    " AND roles.ends_at IS NULL AND roles.kind IN ('owner', 'family')) > 1"
)


def upgrade() -> None:
    op.add_column('drafts', sa.Column('villa_id', sa.Integer(), nullable=True))
    op.add_column('people', sa.Column('further_villas', sa.Integer(), nullable=True))
    op.execute(FURTHER)


def downgrade() -> None:
    op.drop_column('people', 'further_villas')
    op.drop_column('drafts', 'villa_id')
