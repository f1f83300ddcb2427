"""Confirmed mappings of tasks between published roles are kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the table; nothing that is there changes."""
    op.create_table(
        "task_mappings",
        sa.Column("first", sa.String(80), nullable=False),
        sa.Column("second", sa.String(80), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("reviewer", sa.Text, nullable=False),
        sa.Column("auth", sa.String(40), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("confirmed_at", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("first", "second", name="pk_task_mappings"),
    )
