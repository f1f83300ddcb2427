"""The store's schema versions, oldest first. The scripts are run by Alembic, only when an upgrade is needed."""

from __future__ import annotations

VERSIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")
"""Every schema version this code knows. A stored version outside of it is from a newer assess-role."""
