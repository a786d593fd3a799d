"""An index of the drafts that are open: an owner's closed ones are many, and every tap looks for the open one."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

OPEN = sa.text('closed_at IS NULL')


def upgrade() -> None:
    op.create_index('ix_drafts_open', 'drafts', ['person_id', 'id'], sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    op.drop_index('ix_drafts_open', 'drafts')
