"""Confirmed mappings of tasks: one a pair of published revisions, the last that a person confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Row, delete, insert, select

from agent.schemas.base import Value
from agent.store.audit import append
from agent.store.database import Database
from agent.store.documents import from_text, to_text
from agent.store.stamps import Stamps
from agent.store.tables import task_mappings


class TaskMappingRow(Value):
    """A confirmed mapping. A pair is a task id of each revision, in their order."""

    first: str
    """One of both revisions: the one that was asked for first."""
    second: str
    pairs: tuple[tuple[str, str], ...]
    reviewer: str
    auth: str
    channel: str
    confirmed_at: str


class TaskMappingStore:
    """Reads and writes of confirmed mappings. The way round in which two revisions are named does not matter."""

    def __init__(self, db: Database, stamps: Stamps) -> None:
        self._db = db
        self._stamps = stamps

    def of(self, a: str, b: str) -> TaskMappingRow | None:
        """The mapping of the tasks of revision `a` to those of `b`, or `None` when nobody confirmed one."""
        first, second = sorted((a, b))
        query = select(task_mappings).where(task_mappings.c.first == first, task_mappings.c.second == second)
        with self._db.read() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _row(row, turned=a != first)

    def all(self) -> tuple[TaskMappingRow, ...]:
        """Every mapping that stands, by its revisions, the lower hash first."""
        query = select(task_mappings).order_by(task_mappings.c.first, task_mappings.c.second)
        with self._db.read() as connection:
            return tuple(_row(row, turned=False) for row in connection.execute(query))

    def confirm(
        self,
        a: str,
        b: str,
        pairs: Sequence[tuple[str, str]],
        *,
        assessments: Mapping[str, str],
        reviewer: str,
        auth: str,
        channel: str,
    ) -> TaskMappingRow:
        """Keep a mapping in place of an earlier one of the two revisions; every confirmation stays in the audit trail.

        `assessments` gives the assessment of each revision, whose trail it is entered in.
        """
        first, second = sorted((a, b))
        kept = [list(pair) if a == first else list(reversed(pair)) for pair in pairs]
        now = self._stamps.now()
        with self._db.write() as connection:
            connection.execute(
                delete(task_mappings).where(task_mappings.c.first == first, task_mappings.c.second == second)
            )
            connection.execute(
                insert(task_mappings).values(
                    first=first,
                    second=second,
                    document=to_text({"pairs": kept}),
                    reviewer=reviewer,
                    auth=auth,
                    channel=channel,
                    confirmed_at=now,
                )
            )
            for revision, other in ((first, second), (second, first)):
                append(
                    connection,
                    at=now,
                    actor=reviewer,
                    event="task mapping confirmed",
                    assessment=assessments[revision],
                    revision=revision,
                    detail={"with": other, "first": first, "pairs": kept, "auth": auth, "channel": channel},
                )
        row = self.of(a, b)
        assert row is not None
        return row


def _row(row: Row[tuple[object, ...]], *, turned: bool) -> TaskMappingRow:
    found = row._mapping
    pairs = from_text(found["document"])["pairs"]
    assert isinstance(pairs, list)
    return TaskMappingRow(
        first=found["second" if turned else "first"],
        second=found["first" if turned else "second"],
        pairs=tuple((str(pair[turned]), str(pair[not turned])) for pair in pairs),
        reviewer=found["reviewer"],
        auth=found["auth"],
        channel=found["channel"],
        confirmed_at=found["confirmed_at"],
    )
