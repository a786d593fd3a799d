"""A link says when and by whom it was made, and whether it was revoked."""

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('invites', sa.Column('made_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('invites', sa.Column('made_by', sa.Integer(), nullable=True))
    op.add_column('invites', sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column('invites', 'revoked_at')
    op.drop_column('invites', 'made_by')
    op.drop_column('invites', 'made_at')
