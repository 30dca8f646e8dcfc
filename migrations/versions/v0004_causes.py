"""Why a list held no vacancy; of lists logged before, this is unknown."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("lists", sa.Column("cause", sa.String(32), nullable=True))


def downgrade() -> None:
    """Remove it."""
    op.drop_column("lists", "cause")
