"""The first schema: every table, and the word index where the database is SQLite."""

from __future__ import annotations

from alembic import op

from agent.store import sqlite
from agent.store.tables import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create everything."""
    connection = op.get_bind()
    metadata.create_all(connection)
    if connection.dialect.name == "sqlite":
        sqlite.create_word_index(connection)
