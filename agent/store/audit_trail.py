"""The audit trail as a whole: read, and checked against itself, the rows it tells of and what was kept elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import func, select

from agent.schemas.record import AuditMark
from agent.store.audit import FIRST, AuditEntry, entries
from agent.store.audit_rows import Rows
from agent.store.database import Database
from agent.store.tables import audit


class AuditTrail:
    """Reads of the whole trail."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def entries(self, assessment: str | None = None) -> tuple[AuditEntry, ...]:
        """Every event, or those of one assessment, oldest first."""
        with self._db.read() as connection:
            return tuple(entries(connection, assessment))

    def extent(self) -> tuple[int, AuditMark | None]:
        """How many entries there are, and the mark of the last one; `None` where there is none."""
        with self._db.read() as connection:
            size = connection.execute(select(func.count()).select_from(audit)).scalar_one()
            last = connection.execute(
                select(audit.c.serial, audit.c.hash).order_by(audit.c.serial.desc()).limit(1)
            ).first()
        return size, None if last is None else AuditMark(serial=last.serial, hash=last.hash)

    def problems(self, marks: Iterable[AuditMark] = ()) -> tuple[str, ...]:
        """What shows that the trail or a row that it tells of is not as it was written, in words; empty when all is.

        `marks` are entries that somebody wrote down elsewhere. `Rows` says which rows are compared, and in what. What
        an entry of an earlier version does not say is not compared, so that the homes of that time still verify.
        """
        marked = tuple(marks)
        wanted = {mark.serial for mark in marked}
        found, hashes, rows, previous = list[str](), dict[int, str](), Rows(), FIRST
        with self._db.read() as connection:
            for entry in entries(connection):
                found += _breaks(entry, previous)
                previous = entry.hash
                if entry.serial in wanted:
                    hashes[entry.serial] = entry.hash
                rows.tell(entry)
            return (*found, *_unmarked(hashes, marked), *rows.problems(connection))


def _breaks(entry: AuditEntry, previous: str) -> Iterator[str]:
    computed = entry.computed()
    if computed != entry.hash:
        yield f"entry {entry.serial} was changed: its hash is {computed}, written was {entry.hash}"
    if entry.previous != previous:
        yield f"before entry {entry.serial} something was removed or put in: it follows {entry.previous or 'none'}"


def _unmarked(hashes: Mapping[int, str], marks: Iterable[AuditMark]) -> Iterator[str]:
    for mark in marks:
        found = hashes.get(mark.serial, "none")
        if found != mark.hash:
            yield f"entry {mark.serial} is another than was written down: {found} here, {mark.hash} there"
