"""What waits in the inbox is found by its chat, and only what failed by its state."""

import sqlalchemy as sa
from alembic import op

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None

WAITING = sa.text("state = 'waiting'")
FAILED = sa.text("state = 'failed'")


def upgrade() -> None:
    op.drop_index('ix_inbox_state', table_name='inbox')
    op.drop_index('ix_inbox_waiting', table_name='inbox')
    op.create_index(
        'ix_inbox_waiting', 'inbox', ['chat_id', 'update_id'], sqlite_where=WAITING, postgresql_where=WAITING
    )
    op.create_index('ix_inbox_failed', 'inbox', ['received_at'], sqlite_where=FAILED, postgresql_where=FAILED)


def downgrade() -> None:
    op.drop_index('ix_inbox_failed', table_name='inbox')
    op.drop_index('ix_inbox_waiting', table_name='inbox')
    op.create_index('ix_inbox_waiting', 'inbox', ['update_id'], sqlite_where=WAITING, postgresql_where=WAITING)
    op.create_index('ix_inbox_state', 'inbox', ['state'])
