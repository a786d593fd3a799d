"""Cards and messages are about a subject of any kind, not about requests alone.

SQLite can neither take a column out of a foreign key nor empty a table that others refer to: both tables are made anew
there, the one that refers first.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import PortableJson, UtcDateTime

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

WAITING = sa.text("state = 'waiting'")
OF_AN_ANNOUNCEMENT = sa.text('announcement_id IS NOT NULL')
ONE_A_CARD = sa.text("state = 'waiting' AND card_id IS NOT NULL")
INDEXES = (
    ('ix_outbox_chat_id', ['chat_id'], False, None),
    ('ix_outbox_waiting', ['urgency', 'id'], False, WAITING),
    ('ix_outbox_one_waiting_per_card', ['card_id'], True, ONE_A_CARD),
    ('ix_outbox_postponed', ['not_before'], False, WAITING),
)
CARDS = 'id, reader, chat_id, thread_id, message_id, snoozed_until'
OUTBOX = (
    'id, chat_id, method, params, urgency, card_id, beneath_card, reader, version, state, created_at, not_before,'
    ' attempts, sent_at, message_id, error, announcement_id, sounds_until'
)


def upgrade() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        _make_anew(
            cards_about=[sa.Column('subject_kind', sa.String(), nullable=False),
                         sa.Column('subject_id', sa.Integer(), nullable=False),
                         sa.UniqueConstraint('subject_kind', 'subject_id', 'reader')],
            outbox_about=[sa.Column('subject_kind', sa.String(), nullable=False),
                          sa.Column('subject_id', sa.Integer(), nullable=True)],
            into='subject_kind, subject_id',
            cards_from="'request', request_id",
            outbox_from="CASE WHEN request_id IS NULL THEN '' ELSE 'request' END, request_id",
        )
        _index_what_is_looked_for()
        return
    for table in ('cards', 'outbox'):
        op.add_column(table, sa.Column('subject_kind', sa.String(), nullable=False, server_default=''))
        op.add_column(table, sa.Column('subject_id', sa.Integer(), nullable=True))
        op.execute(f"UPDATE {table} SET subject_kind = 'request', subject_id = request_id WHERE request_id IS NOT NULL")
        op.alter_column(table, 'subject_kind', server_default=None)
        op.drop_column(table, 'request_id')
    op.alter_column('cards', 'subject_id', nullable=False)
    op.create_unique_constraint('cards_subject_kind_subject_id_reader_key', 'cards', ['subject_kind', 'subject_id', 'reader'])
    op.drop_index('ix_outbox_state', 'outbox')
    op.drop_index('ix_outbox_announcement_id', 'outbox')
    _index_what_is_looked_for()


def downgrade() -> None:
    op.execute("DELETE FROM outbox WHERE subject_kind NOT IN ('', 'request')")
    op.execute("DELETE FROM outbox WHERE card_id IN (SELECT id FROM cards WHERE subject_kind != 'request')"
               " OR beneath_card IN (SELECT id FROM cards WHERE subject_kind != 'request')")
    op.execute("DELETE FROM cards WHERE subject_kind != 'request'")
    if op.get_bind().dialect.name == 'sqlite':
        _make_anew(
            cards_about=[sa.Column('request_id', sa.Integer(), nullable=False),
                         sa.ForeignKeyConstraint(['request_id'], ['requests.id']),
                         sa.UniqueConstraint('request_id', 'reader')],
            outbox_about=[sa.Column('request_id', sa.Integer(), nullable=True),
                          sa.ForeignKeyConstraint(['request_id'], ['requests.id'])],
            into='request_id',
            cards_from='subject_id',
            outbox_from='subject_id',
        )
        _index_everything()
        return
    op.drop_index('ix_outbox_announcement_id', 'outbox')
    _index_everything()
    for table in ('cards', 'outbox'):
        op.add_column(table, sa.Column('request_id', sa.Integer(), nullable=True))
        op.execute(f'UPDATE {table} SET request_id = subject_id')
        op.drop_column(table, 'subject_kind')
        op.drop_column(table, 'subject_id')
        op.create_foreign_key(f'{table}_request_id_fkey', table, 'requests', ['request_id'], ['id'])
    op.alter_column('cards', 'request_id', nullable=False)
    op.create_unique_constraint('cards_request_id_reader_key', 'cards', ['request_id', 'reader'])


def _index_what_is_looked_for() -> None:
    """Most messages are of no announcement, and those of one state are looked for at night and by the doctor only."""
    op.create_index('ix_outbox_announcement_id', 'outbox', ['announcement_id'],
                    sqlite_where=OF_AN_ANNOUNCEMENT, postgresql_where=OF_AN_ANNOUNCEMENT)


def _index_everything() -> None:
    op.create_index('ix_outbox_state', 'outbox', ['state'])
    op.create_index('ix_outbox_announcement_id', 'outbox', ['announcement_id'])


def _make_anew(
    cards_about: list[Any], outbox_about: list[Any], into: str, cards_from: str, outbox_from: str
) -> None:
    op.create_table('new_cards',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reader', sa.String(), nullable=False),
    sa.Column('chat_id', sa.BigInteger(), nullable=False),
    sa.Column('thread_id', sa.Integer(), nullable=True),
    sa.Column('message_id', sa.BigInteger(), nullable=True),
    sa.Column('snoozed_until', UtcDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    *cards_about
    )
    op.create_table('new_outbox',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('chat_id', sa.BigInteger(), nullable=False),
    sa.Column('method', sa.String(), nullable=False),
    sa.Column('params', PortableJson, nullable=False),
    sa.Column('urgency', sa.Integer(), nullable=False),
    sa.Column('card_id', sa.Integer(), nullable=True),
    sa.Column('beneath_card', sa.Integer(), nullable=True),
    sa.Column('reader', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('not_before', UtcDateTime(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('sent_at', UtcDateTime(), nullable=True),
    sa.Column('message_id', sa.BigInteger(), nullable=True),
    sa.Column('error', sa.String(), nullable=True),
    sa.Column('announcement_id', sa.Integer(), nullable=True),
    sa.Column('sounds_until', UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['announcement_id'], ['announcements.id'], name='fk_outbox_announcement_id'),
    sa.ForeignKeyConstraint(['beneath_card'], ['new_cards.id']),
    sa.ForeignKeyConstraint(['card_id'], ['new_cards.id']),
    sa.PrimaryKeyConstraint('id'),
    *outbox_about,
    sqlite_autoincrement=True
    )
    op.execute(f'INSERT INTO new_cards ({CARDS}, {into}) SELECT {CARDS}, {cards_from} FROM cards')
    op.execute(f'INSERT INTO new_outbox ({OUTBOX}, {into}) SELECT {OUTBOX}, {outbox_from} FROM outbox')
    op.execute("INSERT INTO sqlite_sequence (name, seq) SELECT 'new_outbox', 0"
               " WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'new_outbox')")
    op.execute("UPDATE sqlite_sequence SET seq = max(seq, coalesce("
               "(SELECT seq FROM sqlite_sequence WHERE name = 'outbox'), 0)) WHERE name = 'new_outbox'")
    op.drop_table('outbox')
    op.drop_table('cards')
    op.rename_table('new_cards', 'cards')
    op.rename_table('new_outbox', 'outbox')
    op.create_index('ix_cards_chat', 'cards', ['chat_id'])
    for name, columns, unique, where in INDEXES:
        op.create_index(name, 'outbox', columns, unique=unique, sqlite_where=where)
