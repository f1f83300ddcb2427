"""The audit trail: one row an event, only ever appended, written in the transaction of the event itself.

Each row holds the hash of the row before it, and its own over everything in it: whoever changes, removes or puts in a
row has to write every later one anew, and the rows that published pages name (`AuditMark`) no longer fit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, Row, insert, select

from agent.schemas.base import Value, content_hash
from agent.schemas.record import AuditMark
from agent.store.documents import from_text, to_text
from agent.store.tables import audit

BEGUN = "publishing"
"""The event that a publication begins with, in the transaction of its row."""
DONE = "published"
"""The event that a publication ends with, with the hashes of its files."""
WITHDRAWN = "withdrawn"
"""The event of a withdrawal, in the transaction of its row."""
FIRST = ""
"""What the first row has in the place of a hash before it."""


class AuditEntry(Value):
    """One event."""

    serial: int
    at: str
    actor: str
    event: str
    assessment: str | None
    revision: str | None
    detail: dict[str, object]
    previous: str
    """Hash of the entry before it; empty for the first."""
    hash: str
    """`content_hash` over all other fields."""

    def computed(self) -> str:
        """The hash that it should have."""
        return content_hash(self.model_dump(mode="json", exclude={"hash"}))

    @property
    def mark(self) -> AuditMark:
        """What a published page names of it."""
        return AuditMark(serial=self.serial, hash=self.hash)


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
    """Add one event inside the caller's transaction, which is the only one that writes."""
    last = connection.execute(select(audit.c.serial, audit.c.hash).order_by(audit.c.serial.desc()).limit(1)).first()
    entry = AuditEntry(
        serial=1 if last is None else last.serial + 1,
        at=at,
        actor=actor,
        event=event,
        assessment=assessment,
        revision=revision,
        detail=dict(detail or {}),
        previous=FIRST if last is None else last.hash,
        hash="",
    )
    row = {**entry.model_dump(), "detail": to_text(entry.detail), "hash": entry.computed()}
    connection.execute(insert(audit).values(row))


def entries(connection: Connection, assessment: str | None = None) -> Iterator[AuditEntry]:
    """Every event, or those of one assessment, oldest first."""
    query = select(audit).order_by(audit.c.serial)
    rows = connection.execute(query if assessment is None else query.where(audit.c.assessment == assessment))
    return (_entry(row) for row in rows)


def hashes_of_publications(connection: Connection) -> dict[tuple[str, str], dict[str, str]]:
    """The hashes of the files of each publication, by assessment and revision, then by name."""
    rows = connection.execute(select(audit).where(audit.c.event == DONE).order_by(audit.c.serial))
    found = {(row.assessment, row.revision): from_text(row.detail).get("files") for row in rows}
    return {
        key: {str(name): str(digest) for name, digest in files.items()}
        for key, files in found.items()
        if isinstance(files, dict)
    }


def _entry(row: Row[tuple[object, ...]]) -> AuditEntry:
    return AuditEntry(**{**row._mapping, "detail": from_text(row._mapping["detail"])})
