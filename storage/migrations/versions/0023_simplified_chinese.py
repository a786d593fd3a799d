"""Chinese is one language for each of its scripts: what was zh so far is simplified Chinese."""

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None

BEFORE, AFTER = 'zh', 'zh_Hans'
ANNOUNCEMENTS = sa.table(
    'announcements', sa.column('id', sa.Integer), sa.column('texts', sa.JSON), sa.column('audience', sa.JSON)
)


def upgrade() -> None:
    _rename(BEFORE, AFTER)


def downgrade() -> None:
    _rename(AFTER, BEFORE)


def _rename(old: str, new: str) -> None:
    for name in ('people', 'staff_chats', 'estates'):
        table = sa.table(name, sa.column('language', sa.String))
        op.execute(table.update().where(table.c.language == old).values(language=new))
    connection = op.get_bind()
    for number, texts, audience in connection.execute(sa.select(ANNOUNCEMENTS)).all():
        renamed = {new if language == old else language: said for language, said in texts.items()}
        narrowed = audience | ({'language': new} if audience.get('language') == old else {})
        if (renamed, narrowed) != (texts, audience):
            changed = ANNOUNCEMENTS.update().where(ANNOUNCEMENTS.c.id == number)
            connection.execute(changed.values(texts=renamed, audience=narrowed))
