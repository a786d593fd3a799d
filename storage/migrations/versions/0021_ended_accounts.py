"""Accounts that were somebody's, and are not any more."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import UtcDateTime

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'ended_accounts',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('telegram_id', sa.BigInteger(), nullable=False),
        sa.Column('ended_at', UtcDateTime(), nullable=False),
        sa.Column('ended_by', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['person_id'], ['people.id']),
        sa.ForeignKeyConstraint(['ended_by'], ['people.id']),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_ended_accounts_person_id', 'ended_accounts', ['person_id'])
    op.create_index('ix_ended_accounts_telegram_id', 'ended_accounts', ['telegram_id'])


def downgrade() -> None:
    op.drop_table('ended_accounts')
