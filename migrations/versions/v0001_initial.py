"""The first tables: records, reference documents, the log of suggestions and outcomes, keys, remembered answers."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def code_text(length: int) -> sa.types.TypeEngine[str]:
    """Text compared byte by byte on both databases."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Build every table."""
    records()
    log()
    access()


def downgrade() -> None:
    """Remove every table and all that is in them."""
    for name in (
        "remembered_answers",
        "keys",
        "tombstones",
        "outcomes",
        "suggestions",
        "lists",
        "revisions",
        "reference_documents",
        "offers",
        "profiles",
    ):
        op.drop_table(name)


def records() -> None:
    """Build the tables of profiles, offers, reference documents and revision counters."""
    for name in ("profiles", "offers"):
        op.create_table(
            name,
            sa.Column("id", code_text(64), primary_key=True),
            *([sa.Column("kind", sa.String(32), nullable=False)] if name == "offers" else []),
            sa.Column("digest", sa.String(64), nullable=False),
            sa.Column("document", sa.Text, nullable=False),
            sa.Column("created_at", MOMENT, nullable=False),
            sa.Column("updated_at", MOMENT, nullable=False),
        )
    op.create_table(
        "reference_documents",
        sa.Column("name", code_text(120), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
    )
    op.create_table(
        "revisions",
        sa.Column("thing", sa.String(32), primary_key=True),
        sa.Column("value", sa.BigInteger, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
    )


def log() -> None:
    """Build the tables of shown lists, their suggestions, outcomes and tombstones."""
    op.create_table(
        "lists",
        sa.Column("id", code_text(64), primary_key=True),
        sa.Column("direction", sa.String(16), nullable=False),
        sa.Column("subject", code_text(64), nullable=False, index=True),
        sa.Column("asked_by", code_text(64), nullable=False),
        sa.Column("asked_role", sa.String(16), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("model_version", sa.Text, nullable=False),
        sa.Column("taxonomy_version", sa.Text, nullable=False),
        sa.Column("data_version", sa.Text, nullable=False),
        sa.Column("policy", sa.Text, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("override_reason", sa.Text),
        sa.Column("override_by", code_text(64)),
    )
    op.create_table(
        "suggestions",
        sa.Column("id", code_text(64), primary_key=True),
        sa.Column("list_id", code_text(64), sa.ForeignKey("lists.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("profile_id", code_text(64), nullable=False, index=True),
        sa.Column("offer_id", code_text(64), nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("score", sa.Double, nullable=False),
        sa.Column("feature_values", sa.LargeBinary, nullable=False),
        sa.Column("contributions", sa.Text, nullable=False),
        sa.Column("propensity", sa.Double, nullable=False),
        sa.Column("exploration", sa.Boolean, nullable=False),
    )
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "outcomes",
        sa.Column("number", number, primary_key=True, autoincrement=True),
        sa.Column("id", code_text(64), nullable=False, unique=True),
        sa.Column("event", sa.String(32), nullable=False),
        sa.Column("profile_id", code_text(64), nullable=False),
        sa.Column("offer_id", code_text(64)),
        sa.Column("suggestion_id", code_text(64), sa.ForeignKey("suggestions.id"), index=True),
        sa.Column("corrects", code_text(64), index=True),
        sa.Column("happened_on", sa.Date, nullable=False),
        sa.Column("reported_by", code_text(64), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
    )
    for columns in (["profile_id", "offer_id"], ["offer_id"], ["event", "number"]):
        op.create_index(f"ix_outcomes_{'_'.join(columns)}", "outcomes", columns)
    op.create_table(
        "tombstones",
        sa.Column("kind", sa.String(32), primary_key=True),
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
    )


def access() -> None:
    """Build the tables of keys and of answers remembered for retries."""
    op.create_table(
        "keys",
        sa.Column("id", code_text(64), primary_key=True),
        sa.Column("secret_digest", sa.String(64), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT),
    )
    op.create_table(
        "remembered_answers",
        sa.Column("key_id", code_text(64), primary_key=True),
        sa.Column("idempotency_key", code_text(255), primary_key=True),
        sa.Column("request_digest", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False, index=True),
    )
