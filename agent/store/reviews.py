"""Reviews and decisions: one open review a gate, one compare-and-set a decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import count

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from agent.errors import Conflict, NotFound
from agent.schemas.base import Value, content_hash
from agent.schemas.risk import Risk
from agent.schemas.vocabulary import Gate
from agent.store.audit import append
from agent.store.database import Database
from agent.store.documents import from_text, to_text
from agent.store.leases import live_lease
from agent.store.stamps import Stamps
from agent.store.tables import approvals, assessments, decisions, leases, reviews

Enough = Callable[[frozenset[str]], bool]
"""Whether the approvals of these people make a decision."""


class ReviewRow(Value):
    """A checkpoint that waits, or waited, for a person. `status` is `open`, `decided` or `superseded`."""

    id: str
    assessment: str
    role: str
    seniority: str
    gate: Gate
    revision: str
    status: str
    score: float | None
    zone: str | None
    label: str | None
    block: int
    review: int
    opened_at: str
    claimed_by: str | None
    """Who holds it now."""
    claimed_until: str | None = None
    risk: Risk = Risk()
    """All zero for a review from before it was kept."""
    requested_by: str | None = None


class DecisionRow(Value):
    """What a person decided about exactly one revision."""

    id: str
    review: str
    assessment: str
    gate: Gate
    revision: str
    action: str
    reviewer: str
    auth: str
    channel: str
    reason: str | None
    document: dict[str, object] | None
    """The edited content, or the sections that were sent back."""
    decided_at: str


class ApprovalRow(Value):
    """One person's approval of exactly one revision, which may need another one beside it."""

    review: str
    reviewer: str
    revision: str
    auth: str
    channel: str
    approved_at: str


Taken = DecisionRow | ApprovalRow
"""What became of a decision: it was taken, or it is an approval that waits for another one."""


class OpenReview(Value):
    """What a review is opened with."""

    assessment: str
    gate: Gate
    revision: str
    serial: int
    """Counts the reviews of the assessment; makes the review's id, so that a step run again opens nothing new."""
    score: float | None
    zone: str | None
    label: str | None
    block: int
    review: int
    risk: Risk = Risk()


class ReviewStore:
    """Reads and writes of reviews and decisions."""

    def __init__(self, db: Database, stamps: Stamps) -> None:
        self._db = db
        self._stamps = stamps

    def open(self, opening: OpenReview) -> str:
        """Open a review of a revision and close older open ones of the assessment. Opening twice changes nothing.

        A serial whose review is of another revision, as a killed step leaves it when the evidence changed before it
        ran again, is passed over: the id that is returned has the next free one.
        """
        now = self._stamps.now()
        with self._db.write() as connection:
            for serial in count(opening.serial):
                review = f"{opening.assessment}/{serial}"
                known = connection.execute(select(reviews).where(reviews.c.id == review)).first()
                if known is None:
                    break
                if known.revision == opening.revision and known.status != "superseded":
                    return review
            connection.execute(
                update(reviews)
                .where(reviews.c.assessment == opening.assessment, reviews.c.status == "open")
                .values(status="superseded")
            )
            connection.execute(
                insert(reviews).values(
                    id=review,
                    status="open",
                    opened_at=now,
                    **{
                        **opening.model_dump(exclude={"serial", "risk"}),
                        "risk": to_text(opening.risk.model_dump()),
                        "score": None if opening.score is None else str(opening.score),
                    },
                )
            )
            append(
                connection,
                at=now,
                actor="assess-role",
                event=f"review opened: {opening.gate}",
                assessment=opening.assessment,
                revision=opening.revision,
            )
        return review

    def waiting(self) -> tuple[ReviewRow, ...]:
        """Every open review, oldest first."""
        return self._select(reviews.c.status == "open")

    def open_review(self, assessment: str) -> ReviewRow | None:
        """The open review of one assessment, or `None`."""
        rows = self._select((reviews.c.assessment == assessment) & (reviews.c.status == "open"))
        return rows[0] if rows else None

    def _select(self, condition: object) -> tuple[ReviewRow, ...]:
        held = (leases.c.review == reviews.c.id) & (leases.c.expires_at > self._stamps.now())
        query = (
            select(
                reviews,
                assessments.c.role,
                assessments.c.seniority,
                assessments.c.requested_by,
                leases.c.holder,
                leases.c.expires_at,
            )
            .join(assessments, assessments.c.id == reviews.c.assessment)
            .outerjoin(leases, held)
            .where(condition)  # type: ignore[arg-type]
            .order_by(reviews.c.opened_at, reviews.c.id)
        )
        with self._db.read() as connection:
            return tuple(_review(row) for row in connection.execute(query))

    def find(self, review: str) -> ReviewRow:
        """One review, whatever became of it. Raises NotFound."""
        rows = self._select(reviews.c.id == review)
        if not rows:
            raise NotFound(f"There is no review {review}.")
        return rows[0]

    def approvals(self, review: str) -> tuple[ApprovalRow, ...]:
        """Who approved a review's revision, oldest first."""
        with self._db.read() as connection:
            return _approvals(connection, review)

    def decide(
        self,
        *,
        assessment: str,
        revision: str,
        action: str,
        reviewer: str,
        auth: str,
        channel: str,
        reason: str | None = None,
        document: Mapping[str, object] | None = None,
        enough: Enough | None = None,
    ) -> Taken:
        """Take the decision by one compare-and-set on the open review of exactly this revision.

        With `enough` this is an approval that counts beside those already given: while they are not enough, it is kept
        and the review stays open. Raises NotFound when nothing of the assessment was ever up for review, Conflict when
        the open review is of another revision, somebody decided first, somebody else holds the review, or the same
        person approved before; the message says who and when.
        """
        now = self._stamps.now()
        with self._db.write() as connection:
            row = waiting_review(connection, assessment, revision, reviewer, now)
            if row is not None and enough is not None:
                approval = ApprovalRow(
                    review=row.id, reviewer=reviewer, revision=revision, auth=auth, channel=channel, approved_at=now
                )
                given = _approvals(connection, row.id)
                if any(one.reviewer == reviewer for one in given):
                    raise Conflict(
                        f"{reviewer} already approved {revision}; it waits for somebody else's approval.",
                        hint=f"`assess-role show {assessment}` shows where it stands.",
                    )
                connection.execute(insert(approvals).values(approval.model_dump()))
                if not enough(frozenset(one.reviewer for one in (*given, approval))):
                    append(
                        connection,
                        at=now,
                        actor=reviewer,
                        event="approved, not alone",
                        assessment=assessment,
                        revision=revision,
                        detail={"gate": row.gate, "auth": auth, "channel": channel},
                    )
                    connection.execute(delete(leases).where(leases.c.review == row.id))
                    return approval
                if given:
                    document = {"approvals": [one.model_dump() for one in (*given, approval)]}
            won = row is not None and (
                connection.execute(
                    update(reviews)
                    .where(reviews.c.id == row.id, reviews.c.status == "open", reviews.c.revision == revision)
                    .values(status="decided")
                ).rowcount
                == 1
            )
            if row is not None and won:
                decision = f"{row.id}/decision"
                connection.execute(
                    insert(decisions).values(
                        id=decision,
                        review=row.id,
                        assessment=assessment,
                        gate=row.gate,
                        revision=revision,
                        action=action,
                        reviewer=reviewer,
                        auth=auth,
                        channel=channel,
                        reason=reason,
                        document=None if document is None else to_text(document),
                        decided_at=now,
                    )
                )
                append(
                    connection,
                    at=now,
                    actor=reviewer,
                    event=f"decided: {action}",
                    assessment=assessment,
                    revision=revision,
                    detail={
                        "gate": row.gate,
                        "auth": auth,
                        "channel": channel,
                        "reason": reason or "",
                        "document": "" if document is None else content_hash(document),
                        "approval": enough is not None,
                    },
                )
                connection.execute(delete(leases).where(leases.c.review == row.id))
        if not won:
            raise self.lost(assessment, revision)
        return self.decision(decision)

    def lost(self, assessment: str, revision: str) -> Conflict | NotFound:
        """Why nothing can be done about a revision any more: who decided what when, and what waits now."""
        present = self.open_review(assessment)
        taken = self.decisions(assessment)
        about_it = [decision for decision in taken if decision.revision == revision]
        if present is not None and not about_it:
            return Conflict(
                f"The revision that waits is {present.revision}, not {revision}.",
                hint=f"`assess-role show {assessment}` shows it.",
            )
        if not taken:
            return NotFound(f"Assessment {assessment} has nothing up for review.")
        last = (about_it or taken)[-1]
        waits = "" if present is None else f" The revision that waits now is {present.revision}."
        return Conflict(
            f"{last.reviewer} already decided {last.action} on gate {last.gate} at {last.decided_at}.{waits}",
            hint=f"`assess-role show {assessment}` shows where it stands.",
        )

    def decision(self, decision: str) -> DecisionRow:
        """One decision. Raises NotFound."""
        with self._db.read() as connection:
            row = connection.execute(select(decisions).where(decisions.c.id == decision)).one_or_none()
        if row is None:
            raise NotFound(f"There is no decision {decision}.")
        return _decision(row)

    def decisions(self, assessment: str) -> tuple[DecisionRow, ...]:
        """Every decision on an assessment, oldest first."""
        query = (
            select(decisions)
            .join(reviews, reviews.c.id == decisions.c.review)
            .where(decisions.c.assessment == assessment)
            .order_by(decisions.c.decided_at, reviews.c.opened_at, func.length(reviews.c.id), reviews.c.id)
        )
        with self._db.read() as connection:
            return tuple(_decision(row) for row in connection.execute(query))

    def acts(self) -> tuple[tuple[DecisionRow, ...], tuple[ApprovalRow, ...]]:
        """Every decision and every approval of every assessment, oldest first."""
        taken = select(decisions).order_by(decisions.c.decided_at, decisions.c.id)
        given = select(approvals).order_by(approvals.c.approved_at, approvals.c.review, approvals.c.reviewer)
        with self._db.read() as connection:
            return (
                tuple(_decision(row) for row in connection.execute(taken)),
                tuple(ApprovalRow(**row._mapping) for row in connection.execute(given)),
            )

    def decision_of(self, review: str) -> DecisionRow | None:
        """The decision that a review ended with, or `None`."""
        with self._db.read() as connection:
            row = connection.execute(select(decisions).where(decisions.c.review == review)).one_or_none()
        return None if row is None else _decision(row)

    def defer(self, *, assessment: str, revision: str, reviewer: str, auth: str, channel: str) -> None:
        """Record that the open review of exactly this revision was put off, and end the reviewer's lease of it.

        Raises as `decide`.
        """
        now = self._stamps.now()
        with self._db.write() as connection:
            row = waiting_review(connection, assessment, revision, reviewer, now)
            if row is not None:
                connection.execute(delete(leases).where(leases.c.review == row.id))
                append(
                    connection,
                    at=now,
                    actor=reviewer,
                    event="deferred",
                    assessment=assessment,
                    revision=revision,
                    detail={"gate": row.gate, "auth": auth, "channel": channel},
                )
        if row is None:
            raise self.lost(assessment, revision)


def waiting_review(
    connection: Connection, assessment: str, revision: str, reviewer: str, now: str
) -> Row[tuple[object, ...]] | None:
    """The open review of exactly this revision. Raises Conflict when somebody other than `reviewer` holds it."""
    row = connection.execute(
        select(reviews).where(
            reviews.c.assessment == assessment, reviews.c.revision == revision, reviews.c.status == "open"
        )
    ).first()
    if row is not None:
        held = live_lease(connection, row.id, now)
        if held is not None and held.holder != reviewer:
            raise Conflict(
                f"The review of {assessment} is taken: {held.words}.",
                hint="Wait, or take it over with a reason.",
            )
    return row


def _review(row: Row[tuple[object, ...]]) -> ReviewRow:
    kept = row._mapping
    score, holder = kept["score"], kept["holder"]
    return ReviewRow(
        **{name: kept[name] for name in _PLAIN},
        score=None if score is None else float(score),
        risk=_risk(kept["risk"]),
        claimed_by=holder,
        claimed_until=None if holder is None else kept["expires_at"],
    )


_PLAIN = tuple(ReviewRow.model_fields.keys() - {"score", "risk", "claimed_by", "claimed_until"})
"""Fields that are columns as they stand; listed once, since a queue has hundreds of rows."""


@lru_cache(maxsize=1024)
def _risk(text: str | None) -> Risk:
    """Most reviews have one of a few."""
    return Risk() if text is None else Risk.model_validate(from_text(text))


def _approvals(connection: Connection, review: str) -> tuple[ApprovalRow, ...]:
    query = (
        select(approvals).where(approvals.c.review == review).order_by(approvals.c.approved_at, approvals.c.reviewer)
    )
    return tuple(ApprovalRow(**row._mapping) for row in connection.execute(query))


def _decision(row: Row[tuple[object, ...]]) -> DecisionRow:
    document = row._mapping["document"]
    return DecisionRow(**{**row._mapping, "document": None if document is None else from_text(document)})
