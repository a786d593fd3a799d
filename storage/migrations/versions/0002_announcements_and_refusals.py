"""Announcements to many owners, and a record of what was refused."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import PortableJson, UtcDateTime

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('refusals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.Column('telegram_id', sa.BigInteger(), nullable=False),
    sa.Column('chat_id', sa.BigInteger(), nullable=False),
    sa.Column('action', sa.String(), nullable=False),
    sa.Column('update_id', sa.BigInteger(), nullable=True),
    sa.Column('request_id', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_refusals_at', 'refusals', ['at'], unique=False)
    op.create_index('ix_refusals_telegram_id', 'refusals', ['telegram_id'], unique=False)
    op.create_table('announcements',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('estate_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('audience', PortableJson, nullable=False),
    sa.Column('texts', PortableJson, nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('started_at', UtcDateTime(), nullable=True),
    sa.Column('ended_at', UtcDateTime(), nullable=True),
    sa.Column('recipients', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['people.id']),
    sa.ForeignKeyConstraint(['estate_id'], ['estates.id']),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_announcements_author_id', 'announcements', ['author_id'], unique=False)
    op.create_index('ix_announcements_estate_id', 'announcements', ['estate_id'], unique=False)
    with op.batch_alter_table('outbox', schema=None, table_kwargs={'sqlite_autoincrement': True}) as batch_op:
        batch_op.add_column(sa.Column('announcement_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key('fk_outbox_announcement_id', 'announcements', ['announcement_id'], ['id'])
        batch_op.create_index('ix_outbox_announcement_id', ['announcement_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('outbox', schema=None, table_kwargs={'sqlite_autoincrement': True}) as batch_op:
        batch_op.drop_index('ix_outbox_announcement_id')
        batch_op.drop_constraint('fk_outbox_announcement_id', type_='foreignkey')
        batch_op.drop_column('announcement_id')
    op.drop_table('announcements')
    op.drop_table('refusals')
