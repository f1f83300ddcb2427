"""Official occupations with their tasks and names, and what a person confirmed about a role's place among them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the tables; nothing that was there changes."""
    op.create_table(
        "occupations",
        sa.Column("code", sa.String(12), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_occupations"),
    )
    op.create_table(
        "official_tasks",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("occupation", sa.String(12), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("kind", sa.String(40)),
        sa.Column("importance", sa.Float),
        sa.Column("relevance", sa.Float),
        sa.PrimaryKeyConstraint("id", name="pk_official_tasks"),
        sa.ForeignKeyConstraint(["occupation"], ["occupations.code"], name="fk_official_tasks_occupation"),
    )
    op.create_index("ix_official_tasks_occupation", "official_tasks", ["occupation"])
    op.create_table(
        "official_names",
        sa.Column("serial", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("occupation", sa.String(12), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("serial", name="pk_official_names"),
        sa.ForeignKeyConstraint(["occupation"], ["occupations.code"], name="fk_official_names_occupation"),
    )
    op.create_table(
        "occupation_releases",
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("version", sa.String(20)),
        sa.Column("imported_at", sa.String(20), nullable=False),
        sa.Column("occupations", sa.Integer, nullable=False),
        sa.Column("tasks", sa.Integer, nullable=False),
        sa.Column("rated", sa.Integer, nullable=False),
        sa.Column("names", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("source", name="pk_occupation_releases"),
    )
    op.create_table(
        "occupation_choices",
        sa.Column("serial", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("codes", sa.Text, nullable=False),
        sa.Column("release", sa.String(40), nullable=False),
        sa.Column("reviewer", sa.Text, nullable=False),
        sa.Column("auth", sa.String(40), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("decided_at", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("serial", name="pk_occupation_choices"),
    )
    op.create_index("ix_occupation_choices_role", "occupation_choices", ["role"])
