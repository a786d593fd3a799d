"""An index of the requests that are unfinished: few of all that were ever made, and every list asks for them."""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

UNFINISHED = sa.text("state IN ('open', 'claimed', 'on_site')")


def upgrade() -> None:
    op.create_index(
        'ix_requests_unfinished', 'requests', ['estate_id', 'id'], sqlite_where=UNFINISHED, postgresql_where=UNFINISHED
    )
    op.drop_index('ix_requests_estate_state', 'requests')


def downgrade() -> None:
    op.create_index('ix_requests_estate_state', 'requests', ['estate_id', 'state'])
    op.drop_index('ix_requests_unfinished', 'requests')
