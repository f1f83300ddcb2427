"""Controls: reviews with a known error in them, planted to see whether it is caught. Nothing of them is published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, insert, select

from agent.errors import Conflict
from agent.schemas.base import Value, content_hash
from agent.schemas.vocabulary import Status
from agent.store.assessments import StoredCall
from agent.store.audit import append
from agent.store.database import Database
from agent.store.documents import to_text
from agent.store.reviews import OpenReview
from agent.store.stamps import Stamps
from agent.store.tables import assessments, calls, controls, drafts, reviews, revisions

PLANTED = "control planted"
"""The event of a planting. It is no entry of the assessment itself, whose history would tell."""


class ControlRow(Value):
    """A planted error."""

    assessment: str
    kind: str
    place: str
    """What was changed, for example `evidence.wages.score`; several with a space between."""
    what: str
    """The change in words."""
    planted_by: str
    planted_at: str


class Planting(Value):
    """A control that is to be put up for review, looking like any other draft."""

    role: str
    seniority: str
    request: Mapping[str, object]
    graph_version: str
    requested_by: str | None
    packs: Mapping[str, object]
    """The passage ids of each section."""
    calls: Sequence[tuple[str, StoredCall]]
    """The answers that the copied draft rests on, so that it costs what that did."""
    document: Mapping[str, object]
    """The content with the error."""
    opening: OpenReview
    kind: str
    place: str
    what: str
    planted_by: str
    source: str
    """The assessment that was copied."""
    seed: int


class ControlStore:
    """Reads and writes of controls."""

    def __init__(self, db: Database, stamps: Stamps) -> None:
        self._db = db
        self._stamps = stamps

    def plant(self, planting: Planting) -> ControlRow:
        """Put a control up for review. One transaction: at no moment is it anything but a control."""
        now, opening = self._stamps.now(), planting.opening
        if opening.revision != content_hash(planting.document):
            raise Conflict(f"The content of {opening.assessment} is not revision {opening.revision}.")
        row = ControlRow(
            assessment=opening.assessment,
            kind=planting.kind,
            place=planting.place,
            what=planting.what,
            planted_by=planting.planted_by,
            planted_at=now,
        )
        with self._db.write() as connection:
            _insert_assessment(connection, planting, now)
            _insert_review(connection, planting, now)
            connection.execute(insert(controls).values(row.model_dump()))
            _append_events(connection, planting, row)
        return row

    def find(self, assessment: str) -> ControlRow | None:
        """What was planted in an assessment; `None` for one that is no control."""
        with self._db.read() as connection:
            row = connection.execute(select(controls).where(controls.c.assessment == assessment)).one_or_none()
        return None if row is None else ControlRow(**row._mapping)

    def all(self) -> tuple[ControlRow, ...]:
        """Every control, oldest first."""
        query = select(controls).order_by(controls.c.planted_at, controls.c.assessment)
        with self._db.read() as connection:
            return tuple(ControlRow(**row._mapping) for row in connection.execute(query))


def _insert_assessment(connection: Connection, planting: Planting, now: str) -> None:
    assessment = planting.opening.assessment
    connection.execute(
        insert(assessments).values(
            id=assessment,
            role=planting.role,
            seniority=planting.seniority,
            status=Status.WAITING,
            graph_version=planting.graph_version,
            request=to_text(planting.request),
            created_at=now,
            updated_at=now,
            requested_by=planting.requested_by,
        )
    )
    connection.execute(
        insert(drafts).values(
            assessment=assessment, part="packs", serial=1, document=to_text(planting.packs), created_at=now
        )
    )
    for key, call in planting.calls:
        connection.execute(
            insert(calls).values(
                assessment=assessment,
                key=key,
                prompt=call.prompt,
                document=to_text({**call.document, "recorded": True}),
                input_tokens=call.input_tokens,
                output_tokens=call.output_tokens,
                created_at=now,
            )
        )


def _insert_review(connection: Connection, planting: Planting, now: str) -> None:
    opening = planting.opening
    connection.execute(
        insert(revisions).values(
            assessment=opening.assessment,
            hash=opening.revision,
            number=1,
            gate=opening.gate,
            origin="draft",
            parent=None,
            document=to_text(planting.document),
            created_at=now,
        )
    )
    connection.execute(
        insert(reviews).values(
            id=f"{opening.assessment}/{opening.serial}",
            status="open",
            opened_at=now,
            **{
                **opening.model_dump(exclude={"serial", "risk"}),
                "risk": to_text(opening.risk.model_dump()),
                "score": None if opening.score is None else str(opening.score),
            },
        )
    )


def _append_events(connection: Connection, planting: Planting, row: ControlRow) -> None:
    """The planting, and what any run leaves in the trail."""
    opening = planting.opening
    append(
        connection,
        at=row.planted_at,
        actor=row.planted_by,
        event=PLANTED,
        detail={
            **row.model_dump(exclude={"planted_by", "planted_at"}),
            "source": planting.source,
            "seed": planting.seed,
        },
    )
    events: tuple[tuple[str, str, str | None, Mapping[str, object] | None], ...] = (
        (planting.requested_by or "assess-role", "requested", None, planting.request),
        ("assess-role", "frozen", opening.revision, {"gate": opening.gate, "origin": "draft"}),
        ("assess-role", f"review opened: {opening.gate}", opening.revision, None),
        ("assess-role", f"status: {Status.WAITING}", None, None),
    )
    for actor, event, revision, detail in events:
        append(
            connection,
            at=row.planted_at,
            actor=actor,
            event=event,
            assessment=row.assessment,
            revision=revision,
            detail=detail,
        )
