"""When Telegram last confirmed a membership, and when it was last asked."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import UtcDateTime

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ('confirmed_at', 'asked_at'):
        op.add_column('memberships', sa.Column(name, UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for name in ('asked_at', 'confirmed_at'):
        op.drop_column('memberships', name)
