"""What a reviewer looked at before deciding: one row a review, reviewer, kind and place; the first time counts."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import insert, select

from agent.schemas.base import Value
from agent.store.database import Database
from agent.store.stamps import Stamps
from agent.store.tables import attention

Look = Literal["review", "evidence", "finding", "changes"]
"""What was opened: the review itself, a cited passage, a finding, the changes since the revision before."""


class LookRow(Value):
    """Something that a reviewer opened."""

    review: str
    reviewer: str
    kind: Look
    place: str
    """Passage id, finding id, or empty."""
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
