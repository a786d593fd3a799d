"""An estate has telephone numbers of its own, and keeps the name by which the catalogue knows it."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import PortableJsonOrNull

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('estates', sa.Column('phones', PortableJsonOrNull, nullable=True))
    op.add_column('estates', sa.Column('in_catalogue', sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column('estates', 'in_catalogue')
    op.drop_column('estates', 'phones')
