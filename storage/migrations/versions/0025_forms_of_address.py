"""The form and the rank by which a person is addressed, each by itself, in place of one title; further names."""

import sqlalchemy as sa
from alembic import op

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None

NEW = ('form', 'rank', 'patronymic', 'name_order', 'latin', 'display_name', 'display_role')
FORMS = {'mr': 'm', 'ms': 'f', 'mrs': 'mrs'}
RANKS = ('dr', 'prof')


def upgrade() -> None:
    for name in NEW:
        op.add_column('people', sa.Column(name, sa.String(), nullable=True))
    for title, form in FORMS.items():
        op.execute(f"UPDATE people SET form = '{form}' WHERE title = '{title}'")
    for rank in RANKS:
        op.execute(f"UPDATE people SET rank = '{rank}' WHERE title = '{rank}'")
    op.drop_column('people', 'title')


def downgrade() -> None:
    op.add_column('people', sa.Column('title', sa.String(), nullable=True))
    for title, form in FORMS.items():
        op.execute(f"UPDATE people SET title = '{title}' WHERE form = '{form}'")
    for rank in RANKS:
        op.execute(f"UPDATE people SET title = '{rank}' WHERE rank = '{rank}'")
    for name in NEW:
        op.drop_column('people', name)
