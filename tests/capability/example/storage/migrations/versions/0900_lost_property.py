"""Lost property."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import UtcDateTime

revision = '0900'
down_revision = 'THE VERSION BEFORE'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('lost_items',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('estate_id', sa.Integer(), nullable=False),
    sa.Column('request_id', sa.Integer(), nullable=True),
    sa.Column('what', sa.String(), nullable=False),
    sa.Column('found_by', sa.Integer(), nullable=False),
    sa.Column('found_at', UtcDateTime(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['estate_id'], ['estates.id'], ),
    sa.ForeignKeyConstraint(['request_id'], ['requests.id'], ),
    sa.ForeignKeyConstraint(['found_by'], ['people.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_lost_items_request_id', 'lost_items', ['request_id'])


def downgrade() -> None:
    op.drop_table('lost_items')
