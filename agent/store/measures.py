"""What the store holds on how assessments were made, read for statistics: whole tables, never an answer's words."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import func, select

from agent.schemas.base import Value
from agent.store.database import Database
from agent.store.documents import from_text
from agent.store.tables import assessments, calls, controls, decisions, drafts, reviews, revisions, spendings


class MadeRow(Value):
    """An assessment as it was asked for."""

    id: str
    role: str
    seniority: str
    status: str
    created_at: str
    recorded: bool
    """It replays a recording."""
    planted: bool
    """It is a control: a copy with a known error, which no model was called for."""


class CostRow(Value):
    """What answers cost: one kept answer, or everything spent on an assessment."""

    prompt: str
    """`id@version`; empty for everything."""
    calls: int
    input_tokens: int
    output_tokens: int
    recorded: bool
    """Replayed: it cost this when it was recorded, and nothing now."""


class ReviewTimes(Value):
    """When a review was opened, and when it was decided."""

    opened_at: str
    decided_at: str | None


class MeasureStore:
    """Reads of all assessments at once."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def made(self) -> tuple[MadeRow, ...]:
        """Every assessment, oldest first."""
        query = select(assessments).order_by(assessments.c.created_at, assessments.c.id)
        with self._db.read() as connection:
            rows = connection.execute(query).all()
            planted = set(connection.execute(select(controls.c.assessment)).scalars())
        return tuple(
            MadeRow(
                id=row.id,
                role=row.role,
                seniority=row.seniority,
                status=row.status,
                created_at=row.created_at,
                recorded=bool(from_text(row.request).get("recorded")),
                planted=row.id in planted,
            )
            for row in rows
        )

    def spent(self) -> dict[str, CostRow]:
        """Everything that was spent at a connected model, usable or not, by assessment."""
        sums = (func.sum(column) for column in (spendings.c.calls, spendings.c.input_tokens, spendings.c.output_tokens))
        query = select(spendings.c.assessment, *sums).group_by(spendings.c.assessment)
        with self._db.read() as connection:
            return {
                assessment: CostRow(prompt="", calls=n, input_tokens=read, output_tokens=written, recorded=False)
                for assessment, n, read, written in connection.execute(query)
            }

    def answers(self, assessment: str) -> tuple[CostRow, ...]:
        """The kept answers of an assessment."""
        query = select(calls).where(calls.c.assessment == assessment).order_by(calls.c.key)
        with self._db.read() as connection:
            return tuple(
                CostRow(
                    prompt=row.prompt,
                    calls=1,
                    input_tokens=row.input_tokens,
                    output_tokens=row.output_tokens,
                    recorded=bool(from_text(row.document).get("recorded")),
                )
                for row in connection.execute(query)
            )

    def reviews(self) -> dict[str, tuple[ReviewTimes, ...]]:
        """The reviews of each assessment, oldest first."""
        query = (
            select(reviews.c.assessment, reviews.c.opened_at, decisions.c.decided_at)
            .outerjoin(decisions, decisions.c.review == reviews.c.id)
            .order_by(reviews.c.opened_at, reviews.c.id)
        )
        found: dict[str, list[ReviewTimes]] = defaultdict(list)
        with self._db.read() as connection:
            for row in connection.execute(query):
                found[row.assessment].append(ReviewTimes(opened_at=row.opened_at, decided_at=row.decided_at))
        return {assessment: tuple(times) for assessment, times in found.items()}

    def first_report(self, assessment: str) -> dict[str, object] | None:
        """What the guard said of the first drafts; `None` where it was not asked yet."""
        query = select(drafts.c.document).where(drafts.c.assessment == assessment, drafts.c.part == "guard")
        with self._db.read() as connection:
            text = connection.execute(query.order_by(drafts.c.serial).limit(1)).scalar_one_or_none()
        return None if text is None else from_text(text)

    def newest(self, assessment: str) -> dict[str, object] | None:
        """The content of the newest revision; `None` where nothing was frozen yet."""
        query = select(revisions.c.document).where(revisions.c.assessment == assessment)
        with self._db.read() as connection:
            text = connection.execute(query.order_by(revisions.c.number.desc()).limit(1)).scalar_one_or_none()
        return None if text is None else from_text(text)

    def content(self, assessment: str, revision: str) -> dict[str, object] | None:
        """The content of one revision; `None` where the store does not hold it."""
        query = select(revisions.c.document).where(revisions.c.assessment == assessment, revisions.c.hash == revision)
        with self._db.read() as connection:
            text = connection.execute(query).scalar_one_or_none()
        return None if text is None else from_text(text)
