"""Entries of the audit trail hold the hash of the one before them, and can be neither changed nor removed."""

from __future__ import annotations

import hashlib
import json

import rfc8785
import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Chain the entries that are there, then close the table."""
    op.add_column("audit", sa.Column("previous", sa.String(80), nullable=False, server_default=""))
    op.add_column("audit", sa.Column("hash", sa.String(80), nullable=False, server_default=""))
    connection = op.get_bind()
    previous = ""
    for row in connection.execute(sa.text("SELECT * FROM audit ORDER BY serial")).mappings().all():
        entry = {**row, "detail": json.loads(row["detail"]), "previous": previous}
        del entry["hash"]
        now = "sha256:" + hashlib.sha256(rfc8785.dumps(entry)).hexdigest()
        connection.execute(
            sa.text("UPDATE audit SET previous = :previous, hash = :hash WHERE serial = :serial"),
            {"previous": previous, "hash": now, "serial": row["serial"]},
        )
        previous = now
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_no_{change.lower()} BEFORE {change} ON audit"
            " BEGIN SELECT RAISE(ABORT, 'the audit trail is only appended to'); END"
        )
