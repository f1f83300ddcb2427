"""A published version can be withdrawn: one row a publication, which is neither changed nor removed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the table and close it to changes; nothing that is there changes."""
    op.create_table(
        "withdrawals",
        sa.Column("assessment", sa.String(60), nullable=False),
        sa.Column("revision", sa.String(80), nullable=False),
        sa.Column("reviewer", sa.Text, nullable=False),
        sa.Column("auth", sa.String(40), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("withdrawn_at", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment", "revision"],
            ["publications.assessment", "publications.revision"],
            name="fk_withdrawals_assessment_revision",
        ),
        sa.PrimaryKeyConstraint("assessment", "revision", name="pk_withdrawals"),
    )
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER withdrawals_no_{change.lower()} BEFORE {change} ON withdrawals"
            " BEGIN SELECT RAISE(ABORT, 'a withdrawal is only ever recorded'); END"
        )
