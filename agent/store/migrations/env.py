"""Alembic's entry: runs the scripts on the connection, and inside the transaction, that the caller opened."""

from __future__ import annotations

from alembic import context

from agent.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
