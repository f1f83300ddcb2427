"""The audit trail: one row an event, only ever appended, written in the transaction of the event itself."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, insert, select

from agent.schemas.base import Value
from agent.store.documents import from_text, to_text
from agent.store.tables import audit


class AuditEntry(Value):
    """One event."""

    serial: int
    at: str
    actor: str
    event: str
    assessment: str | None
    revision: str | None
    detail: dict[str, object]


def append(
    connection: Connection,
    *,
    at: str,
    actor: str,
    event: str,
    assessment: str | None = None,
    revision: str | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Add one event inside the caller's transaction."""
    connection.execute(
        insert(audit).values(
            at=at, actor=actor, event=event, assessment=assessment, revision=revision, detail=to_text(detail or {})
        )
    )


def entries(connection: Connection, assessment: str) -> tuple[AuditEntry, ...]:
    """Every event of one assessment, oldest first."""
    rows = connection.execute(select(audit).where(audit.c.assessment == assessment).order_by(audit.c.serial))
    return tuple(AuditEntry(**{**row._mapping, "detail": from_text(row.detail)}) for row in rows)
