"""Roles that begin and end; and an account may have a person on each of several estates.

SQLite cannot take the old constraint away: the table is emptied, made anew and filled again, while whatever refers to its
rows waits to be checked. Each of those references has an index meanwhile, or each row would be looked for in whole tables.
"""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import UtcDateTime

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

HAS_NOT_LEFT = sa.text('left_at IS NULL')
COLUMNS = (
    'id, estate_id, telegram_id, villa_id, supervises, manages, surname, given_name, title, language, birth_month,'
    ' birth_day, birthday_greeted, birthday_announced, nationality, joined_at, opened_at, blocked_at, left_at, username'
)
BEGINS = "CASE WHEN people.telegram_id IS NULL THEN NULL ELSE coalesce(people.joined_at, people.opened_at) END"
GIVEN = (
    'INSERT INTO roles (person_id, kind, villa_id, team, begins_at, given_how)'
    " SELECT people.id, '{kind}', {villa}, {team}, {begins}, 'migration' FROM people {joined} WHERE {condition}"
    ' ORDER BY people.id'
)
AT_WORK = (
    ' JOIN memberships ON memberships.person_id = people.id AND memberships.left_at IS NULL'
    ' JOIN staff_chats ON staff_chats.chat_id = memberships.chat_id AND staff_chats.estate_id = people.estate_id'
)
DOUBLED = (
    'UPDATE people SET telegram_id = NULL WHERE telegram_id IS NOT NULL AND EXISTS (SELECT 1 FROM people other'
    ' WHERE other.telegram_id = people.telegram_id AND ((other.left_at IS NULL AND people.left_at IS NOT NULL)'
    ' OR ((other.left_at IS NULL) = (people.left_at IS NULL) AND other.id < people.id)))'
)


def upgrade() -> None:
    op.create_table('roles',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('villa_id', sa.Integer(), nullable=True),
    sa.Column('team', sa.String(), nullable=True),
    sa.Column('begins_at', UtcDateTime(), nullable=True),
    sa.Column('ends_at', UtcDateTime(), nullable=True),
    sa.Column('given_by', sa.Integer(), nullable=True),
    sa.Column('given_how', sa.String(), nullable=True),
    sa.Column('ended_by', sa.Integer(), nullable=True),
    sa.Column('ended_how', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id']),
    sa.ForeignKeyConstraint(['villa_id'], ['villas.id']),
    sa.ForeignKeyConstraint(['given_by'], ['people.id']),
    sa.ForeignKeyConstraint(['ended_by'], ['people.id']),
    sa.PrimaryKeyConstraint('id'),
    )
    op.create_table('account_choices',
    sa.Column('telegram_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id']),
    sa.PrimaryKeyConstraint('telegram_id'),
    )
    if op.get_bind().dialect.name == 'sqlite':
        _make_people_anew(is_one_an_account=False)
    else:
        op.drop_constraint('people_telegram_id_key', 'people', type_='unique')
    op.create_index('ix_people_account', 'people', ['telegram_id', 'estate_id'], unique=True,
                    sqlite_where=HAS_NOT_LEFT, postgresql_where=HAS_NOT_LEFT)
    op.create_index('ix_people_telegram_id', 'people', ['telegram_id'])
    _give_what_the_facts_say()
    op.create_index('ix_roles_person_id', 'roles', ['person_id'])


def downgrade() -> None:
    op.drop_table('account_choices')
    op.drop_table('roles')
    op.drop_index('ix_people_account', 'people')
    op.drop_index('ix_people_telegram_id', 'people')
    op.execute(DOUBLED)
    if op.get_bind().dialect.name == 'sqlite':
        _make_people_anew(is_one_an_account=True)
    else:
        op.create_unique_constraint('people_telegram_id_key', 'people', ['telegram_id'])


def _give_what_the_facts_say() -> None:
    living = 'people.left_at IS NULL'
    for kind, villa, condition in (
        ('owner', 'people.villa_id', 'people.villa_id IS NOT NULL'),
        ('supervisor', 'NULL', 'people.supervises'),
        ('manager', 'NULL', 'people.manages'),
    ):
        op.execute(GIVEN.format(kind=kind, villa=villa, team='NULL', begins=BEGINS, joined='',
                                condition=f'{condition} AND {living}'))
    for kind, condition in (('butler', living), ('lead', f'memberships.leads AND {living}')):
        op.execute(GIVEN.format(kind=kind, villa='NULL', team='staff_chats.team', begins='memberships.since',
                                joined=AT_WORK, condition=condition))


def _make_people_anew(*, is_one_an_account: bool) -> None:
    references = [
        (table, key['constrained_columns'][0])
        for table in sa.inspect(op.get_bind()).get_table_names()
        for key in sa.inspect(op.get_bind()).get_foreign_keys(table)
        if key['referred_table'] == 'people'
    ]
    op.execute('PRAGMA defer_foreign_keys = ON')
    for number, (table, column) in enumerate(references):
        op.execute(f'CREATE INDEX meanwhile_{number} ON {table} ({column})')
    op.execute(f'CREATE TABLE people_meanwhile AS SELECT {COLUMNS} FROM people')
    op.execute('DELETE FROM people')
    op.drop_table('people')
    op.create_table('people',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('estate_id', sa.Integer(), nullable=False),
    sa.Column('telegram_id', sa.BigInteger(), nullable=True),
    sa.Column('villa_id', sa.Integer(), nullable=True),
    sa.Column('supervises', sa.Boolean(), nullable=False),
    sa.Column('manages', sa.Boolean(), nullable=False),
    sa.Column('surname', sa.String(), nullable=False),
    sa.Column('given_name', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=True),
    sa.Column('language', sa.String(), nullable=True),
    sa.Column('birth_month', sa.Integer(), nullable=True),
    sa.Column('birth_day', sa.Integer(), nullable=True),
    sa.Column('birthday_greeted', sa.Integer(), nullable=True),
    sa.Column('birthday_announced', sa.Integer(), nullable=True),
    sa.Column('nationality', sa.String(), nullable=True),
    sa.Column('joined_at', UtcDateTime(), nullable=True),
    sa.Column('opened_at', UtcDateTime(), nullable=True),
    sa.Column('blocked_at', UtcDateTime(), nullable=True),
    sa.Column('left_at', UtcDateTime(), nullable=True),
    sa.Column('username', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['estate_id'], ['estates.id']),
    sa.ForeignKeyConstraint(['villa_id'], ['villas.id']),
    sa.PrimaryKeyConstraint('id'),
    *([sa.UniqueConstraint('telegram_id')] if is_one_an_account else []),
    )
    op.execute(f'INSERT INTO people ({COLUMNS}) SELECT {COLUMNS} FROM people_meanwhile ORDER BY id')
    op.drop_table('people_meanwhile')
    for number in range(len(references)):
        op.drop_index(f'meanwhile_{number}')
    op.create_index('ix_people_estate_id', 'people', ['estate_id'])
