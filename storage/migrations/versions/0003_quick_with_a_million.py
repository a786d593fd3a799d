"""Indexes that keep the lists, the figures and the timers quick with a million rows."""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    op.create_index('ix_requests_estate_created', 'requests', ['estate_id', 'created_at'])
    op.create_index('ix_requests_estate_done', 'requests', ['estate_id', 'done_at'])
    op.create_index('ix_requests_holder', 'requests', ['claimed_by', 'state'])
    op.create_index('ix_requests_return_of', 'requests', ['return_of'])
    op.create_index('ix_outbox_postponed', 'outbox', ['not_before'], sqlite_where=WAITING, postgresql_where=WAITING)
    op.create_index('ix_timers_by_urgency', 'timers', ['urgency', 'due_at', 'id'], sqlite_where=WAITING, postgresql_where=WAITING)
    op.create_index('ix_timers_subject', 'timers', ['kind', 'subject_id'])


def downgrade() -> None:
    op.drop_index('ix_timers_subject', 'timers')
    op.drop_index('ix_timers_by_urgency', 'timers')
    op.drop_index('ix_outbox_postponed', 'outbox')
    for name in ('return_of', 'holder', 'estate_done', 'estate_created'):
        op.drop_index(f'ix_requests_{name}', 'requests')
