"""Updates say whose order they keep by the name that everything else has for it."""

from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column('inbox', 'lane', new_column_name='chat_id')


def downgrade() -> None:
    op.alter_column('inbox', 'chat_id', new_column_name='lane')
