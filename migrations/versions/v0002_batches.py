"""Batches asked for over HTTP, and the count of changes of outcomes (`matching.tables.migrate` starts it)."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def code_text(length: int) -> sa.types.TypeEngine[str]:
    """Text compared byte by byte on both databases."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Build the table of batches."""
    op.create_table(
        "batches",
        sa.Column("id", code_text(64), primary_key=True),
        sa.Column("asked_by", code_text(64), nullable=False),
        sa.Column("asked_role", sa.String(16), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False, index=True),
        sa.Column("step", sa.String(16)),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("result", sa.LargeBinary),
    )


def downgrade() -> None:
    """Remove it."""
    op.drop_table("batches")
