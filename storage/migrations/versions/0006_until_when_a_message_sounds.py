"""Until when a message may sound: one that was held up until the night comes silently."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import UtcDateTime

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('outbox', sa.Column('sounds_until', UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column('outbox', 'sounds_until')
