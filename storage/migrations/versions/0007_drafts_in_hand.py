"""Of several open drafts, the one that an owner has in hand; and a draft adds to a request only where one was asked to.

Until now a return opened a draft of the owner's, into which their next words fell. Those that are open are closed.
"""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import UtcDateTime

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

CLOSED = 'UPDATE drafts SET closed_at = started_at WHERE {} IS NOT NULL AND closed_at IS NULL'


def upgrade() -> None:
    op.execute(sa.text(CLOSED.format('return_of')))
    op.execute(sa.text('UPDATE drafts SET return_of = NULL'))
    op.alter_column('drafts', 'return_of', new_column_name='adds_to')
    op.add_column('drafts', sa.Column('in_hand_since', UtcDateTime(), nullable=True))
    op.execute(sa.text('UPDATE drafts SET in_hand_since = started_at WHERE closed_at IS NULL'))


def downgrade() -> None:
    op.execute(sa.text(CLOSED.format('adds_to')))
    op.execute(sa.text('UPDATE drafts SET adds_to = NULL'))
    op.drop_column('drafts', 'in_hand_since')
    op.alter_column('drafts', 'adds_to', new_column_name='return_of')
