"""Who reviews, what they hold, what they say about claims, and what they looked at; who asked for an assessment."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the tables; what is there gets two columns that stay empty in old rows."""
    op.add_column("assessments", sa.Column("requested_by", sa.Text))
    op.add_column("reviews", sa.Column("risk", sa.Text))
    op.create_table(
        "reviewers",
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("password", sa.Text),
        sa.Column("subject", sa.Text),
        sa.Column("created_at", sa.String(20), nullable=False),
        sa.Column("disabled_at", sa.String(20)),
        sa.PrimaryKeyConstraint("name", name="pk_reviewers"),
        sa.UniqueConstraint("subject", name="uq_reviewers_subject"),
    )
    op.create_table(
        "sessions",
        sa.Column("digest", sa.String(80), nullable=False),
        sa.Column("reviewer", sa.String(100), nullable=False),
        sa.Column("auth", sa.String(40), nullable=False),
        sa.Column("csrf", sa.String(80), nullable=False),
        sa.Column("created_at", sa.String(20), nullable=False),
        sa.Column("seen_at", sa.String(20), nullable=False),
        sa.Column("expires_at", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(["reviewer"], ["reviewers.name"], name="fk_sessions_reviewer"),
        sa.PrimaryKeyConstraint("digest", name="pk_sessions"),
    )
    op.create_table(
        "tokens",
        sa.Column("id", sa.String(20), nullable=False),
        sa.Column("digest", sa.String(80), nullable=False),
        sa.Column("reviewer", sa.String(100), nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("created_at", sa.String(20), nullable=False),
        sa.Column("expires_at", sa.String(20), nullable=False),
        sa.Column("revoked_at", sa.String(20)),
        sa.ForeignKeyConstraint(["reviewer"], ["reviewers.name"], name="fk_tokens_reviewer"),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
        sa.UniqueConstraint("digest", name="uq_tokens_digest"),
    )
    op.create_table(
        "logins",
        sa.Column("serial", sa.Integer, nullable=False),
        sa.Column("who", sa.String(100), nullable=False),
        sa.Column("at", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("serial", name="pk_logins"),
    )
    op.create_index("ix_logins_who", "logins", ["who"])
    op.create_table(
        "leases",
        sa.Column("review", sa.String(120), nullable=False),
        sa.Column("holder", sa.String(100), nullable=False),
        sa.Column("auth", sa.String(40), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("taken_at", sa.String(20), nullable=False),
        sa.Column("expires_at", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(["review"], ["reviews.id"], name="fk_leases_review"),
        sa.PrimaryKeyConstraint("review", name="pk_leases"),
    )
    op.create_table(
        "approvals",
        sa.Column("review", sa.String(120), nullable=False),
        sa.Column("reviewer", sa.String(100), nullable=False),
        sa.Column("revision", sa.String(80), nullable=False),
        sa.Column("auth", sa.String(40), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("approved_at", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(["review"], ["reviews.id"], name="fk_approvals_review"),
        sa.PrimaryKeyConstraint("review", "reviewer", name="pk_approvals"),
    )
    op.create_table(
        "comments",
        sa.Column("id", sa.String(20), nullable=False),
        sa.Column("assessment", sa.String(60), nullable=False),
        sa.Column("revision", sa.String(80), nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("claim", sa.Text, nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.Column("auth", sa.String(40), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("created_at", sa.String(20), nullable=False),
        sa.Column("resolved_by", sa.String(100)),
        sa.Column("resolved_at", sa.String(20)),
        sa.ForeignKeyConstraint(["assessment"], ["assessments.id"], name="fk_comments_assessment"),
        sa.PrimaryKeyConstraint("id", name="pk_comments"),
    )
    op.create_index("ix_comments_assessment", "comments", ["assessment"])
    op.create_table(
        "attention",
        sa.Column("serial", sa.Integer, nullable=False),
        sa.Column("review", sa.String(120), nullable=False),
        sa.Column("reviewer", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("at", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(["review"], ["reviews.id"], name="fk_attention_review"),
        sa.PrimaryKeyConstraint("serial", name="pk_attention"),
        sa.UniqueConstraint("review", "reviewer", "kind", "place", name="uq_attention_review_reviewer_kind_place"),
    )
    op.create_table(
        "controls",
        sa.Column("assessment", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("planted_by", sa.String(100), nullable=False),
        sa.Column("planted_at", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(["assessment"], ["assessments.id"], name="fk_controls_assessment"),
        sa.PrimaryKeyConstraint("assessment", name="pk_controls"),
    )
    op.create_table(
        "webhooks",
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("last_serial", sa.Integer, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due_at", sa.String(20), nullable=False),
        sa.Column("last_error", sa.Text),
        sa.PrimaryKeyConstraint("address", name="pk_webhooks"),
    )
