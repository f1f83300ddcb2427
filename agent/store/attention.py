"""What a reviewer looked at before deciding: one row a review, reviewer, kind and place; the first time counts.

A part that was accepted is one of them, and the only one that is taken back."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import delete, insert, select

from agent.schemas.base import Value
from agent.store.audit import append
from agent.store.database import Database
from agent.store.reviews import waiting_review
from agent.store.stamps import Stamps
from agent.store.tables import attention

Look = Literal["review", "evidence", "finding", "changes", "part"]
"""What was opened: the review itself, a cited passage, a finding, the changes since the revision before. `part` is a
task or dimension that was looked at and accepted."""


class LookRow(Value):
    """Something that a reviewer opened."""

    review: str
    reviewer: str
    kind: Look
    place: str
    """Passage id, finding id, place of a part, or empty."""
    at: str


class AttentionStore:
    """Reads and writes of what was looked at."""

    def __init__(self, db: Database, stamps: Stamps) -> None:
        self._db = db
        self._stamps = stamps

    def note(self, review: str, reviewer: str, kind: Look, place: str = "") -> None:
        """Keep that something was opened; the second time changes nothing."""
        row = LookRow(review=review, reviewer=reviewer, kind=kind, place=place, at=self._stamps.now())
        with self._db.write() as connection:
            connection.execute(insert(attention).prefix_with("OR IGNORE").values(row.model_dump()))

    def mark(
        self,
        *,
        assessment: str,
        revision: str,
        reviewer: str,
        auth: str,
        channel: str,
        place: str,
        accepted: bool,
    ) -> bool:
        """Keep that a part of the open review of exactly this revision was accepted, or that it no longer is; `False`
        when no such review is open. Raises Conflict when somebody else holds it. Both are entries in the trail."""
        now = self._stamps.now()
        with self._db.write() as connection:
            row = waiting_review(connection, assessment, revision, reviewer, now)
            if row is None:
                return False
            mark = {"review": row.id, "reviewer": reviewer, "kind": "part", "place": place}
            if accepted:
                changed = connection.execute(insert(attention).prefix_with("OR IGNORE").values(**mark, at=now))
            else:
                changed = connection.execute(delete(attention).filter_by(**mark))
            if changed.rowcount:
                append(
                    connection,
                    at=now,
                    actor=reviewer,
                    event="part accepted" if accepted else "part no longer accepted",
                    assessment=assessment,
                    revision=revision,
                    detail={"gate": row.gate, "place": place, "auth": auth, "channel": channel},
                )
        return True

    def looks(self, review: str | None = None) -> tuple[LookRow, ...]:
        """Everything that was looked at, or in one review, in the order in which it was."""
        query = select(attention).order_by(attention.c.serial)
        if review is not None:
            query = query.where(attention.c.review == review)
        with self._db.read() as connection:
            return tuple(
                LookRow(review=r.review, reviewer=r.reviewer, kind=r.kind, place=r.place, at=r.at)
                for r in connection.execute(query)
            )
