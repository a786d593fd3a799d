"""The language of the phone, for whoever has chosen none: what the bot writes and answers is in one language."""

import sqlalchemy as sa
from alembic import op

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('people', sa.Column('phone_language', sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column('people', 'phone_language')
