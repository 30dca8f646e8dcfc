"""How much was ever recorded, by kind and month; what is there and what was erased before counts as recorded."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COUNTED = """
INSERT INTO recorded (kind, month, count)
SELECT kind, month, SUM(number) FROM (
    SELECT event AS kind, {happened} AS month, COUNT(*) AS number FROM outcomes GROUP BY event, {happened}
    UNION ALL
    SELECT 'shown', {asked}, COUNT(*) FROM suggestions JOIN lists ON lists.id = suggestions.list_id GROUP BY {asked}
    UNION ALL
    SELECT 'profile', {created}, COUNT(*) FROM profiles GROUP BY {created}
    UNION ALL
    SELECT kind, month, count FROM tombstones
) AS every GROUP BY kind, month
"""


def upgrade() -> None:
    """Build the table of what was recorded, and count what there is."""
    op.create_table(
        "recorded",
        sa.Column("kind", sa.String(32), primary_key=True),
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
    )
    utc = "timezone('UTC', {})" if op.get_bind().dialect.name == "postgresql" else "{}"
    month = "substr(CAST({} AS VARCHAR), 1, 7)"
    op.execute(
        COUNTED.format(
            happened=month.format("happened_on"),
            asked=month.format(utc.format("lists.asked_at")),
            created=month.format(utc.format("created_at")),
        )
    )


def downgrade() -> None:
    """Remove it."""
    op.drop_table("recorded")
