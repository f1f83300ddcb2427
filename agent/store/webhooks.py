"""How far each webhook address was told of the trail, and the events that are told."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, Row, func, insert, or_, select, update

from agent.schemas.base import Value
from agent.store.audit import DONE, WITHDRAWN, append
from agent.store.database import Database
from agent.store.documents import from_text
from agent.store.stamps import Stamps, later
from agent.store.tables import assessments, audit, publications, reviews, webhooks

OPENED = "review opened: "
DECIDED = "decided: "
NOT_ALONE = "approved, not alone"
SKIPPED = "webhook skipped"
"""The event of the trail that an address was not told of another one."""
FOR_ONE_ATTEMPT_MIN = 1.0
"""Minutes for which an event belongs to whoever sends it; far longer than sending may take."""


class HookRow(Value):
    """One address. `attempts` counts those at the event after `last_serial`, with one that is under way."""

    address: str
    last_serial: int
    attempts: int
    due_at: str
    last_error: str | None


class HookEvent(Value):
    """What an address is told: an entry of the trail, without its reason, and the numbers of its revision."""

    id: int
    """The serial of the entry."""
    event: str
    """`item`, `decision`, `published` or `withdrawn`."""
    at: str
    who: str
    assessment: str
    role: str
    seniority: str
    gate: str | None
    revision: str | None
    action: str | None
    """Of a decision."""
    complete: bool | None
    """Of a decision: `False` for an approval that waits for somebody else's."""
    score: float | None
    zone: str | None
    label: str | None
    version: int | None
    """Of a publication."""


class WebhookStore:
    """Reads and writes of the cursors; every change is a compare-and-set on what was read."""

    def __init__(self, db: Database, stamps: Stamps) -> None:
        self._db = db
        self._stamps = stamps

    def find(self, address: str) -> HookRow | None:
        """The cursor of an address, or `None` before its first use."""
        with self._db.read() as connection:
            return _found(connection, address)

    def begin(self, address: str) -> HookRow:
        """The cursor of an address; on first use it stands at the present end of the trail."""
        row = self.find(address)
        if row is not None:
            return row
        with self._db.write() as connection:
            row = _found(connection, address)
            if row is None:
                end = connection.execute(select(func.max(audit.c.serial))).scalar_one() or 0
                row = HookRow(address=address, last_serial=end, attempts=0, due_at=self._stamps.now(), last_error=None)
                connection.execute(insert(webhooks).values(row.model_dump()))
        return row

    def next_event(self, row: HookRow) -> HookEvent | None:
        """The first event after the cursor."""
        with self._db.read() as connection:
            entry = connection.execute(
                select(audit).where(audit.c.serial > row.last_serial, _TOLD).order_by(audit.c.serial).limit(1)
            ).first()
            return None if entry is None else _event(connection, entry)

    def pending(self, row: HookRow) -> int:
        """How many events stand after the cursor."""
        with self._db.read() as connection:
            query = select(func.count()).select_from(audit).where(audit.c.serial > row.last_serial, _TOLD)
            return int(connection.execute(query).scalar_one())

    def skipped(self) -> int:
        """How many events no address could be told."""
        with self._db.read() as connection:
            query = select(func.count()).select_from(audit).where(audit.c.event == SKIPPED)
            return int(connection.execute(query).scalar_one())

    def claim(self, row: HookRow) -> HookRow | None:
        """Take the next attempt; `None` when somebody else did. It ends by itself, so that a crash loses nothing."""
        now = self._stamps.now()
        return self._set(row, attempts=row.attempts + 1, due_at=later(now, FOR_ONE_ATTEMPT_MIN))

    def told(self, row: HookRow, serial: int) -> HookRow | None:
        """The event was taken: go on behind it. `None` when the attempt had ended and somebody else goes on."""
        return self._set(row, last_serial=serial, attempts=0, due_at=self._stamps.now(), last_error=None)

    def failed(self, row: HookRow, error: str, *, minutes: float) -> HookRow | None:
        """The attempt failed: the next one is due in `minutes`."""
        return self._set(row, due_at=later(self._stamps.now(), minutes), last_error=error)

    def skip(self, row: HookRow, serial: int, error: str, *, shown: str) -> HookRow | None:
        """Give an event up and go on behind it, with an entry in the trail; `shown` is the address without secrets."""
        now = self._stamps.now()
        with self._db.write() as connection:
            moved = _set(
                connection, row, last_serial=serial, attempts=0, due_at=now, last_error=f"event {serial}: {error}"
            )
            if moved is not None:
                append(
                    connection,
                    at=now,
                    actor="assess-role",
                    event=SKIPPED,
                    detail={"entry": serial, "attempts": row.attempts, "error": error, "address": shown},
                )
        return moved

    def _set(self, row: HookRow, **values: object) -> HookRow | None:
        with self._db.write() as connection:
            return _set(connection, row, **values)


_TOLD: ColumnElement[bool] = or_(
    audit.c.event.startswith(OPENED, autoescape=True),
    audit.c.event.startswith(DECIDED, autoescape=True),
    audit.c.event.in_((NOT_ALONE, DONE, WITHDRAWN)),
)


def _found(connection: Connection, address: str) -> HookRow | None:
    row = connection.execute(select(webhooks).where(webhooks.c.address == address)).one_or_none()
    return None if row is None else HookRow(**row._mapping)


def _set(connection: Connection, row: HookRow, **values: object) -> HookRow | None:
    unchanged = (
        (webhooks.c.address == row.address)
        & (webhooks.c.last_serial == row.last_serial)
        & (webhooks.c.attempts == row.attempts)
        & (webhooks.c.due_at == row.due_at)
    )
    won = connection.execute(update(webhooks).where(unchanged).values(values)).rowcount == 1
    return row.model_copy(update=values) if won else None


def _event(connection: Connection, entry: Row[tuple[object, ...]]) -> HookEvent:
    said, detail = str(entry._mapping["event"]), from_text(entry._mapping["detail"])
    assessment, revision = entry._mapping["assessment"], entry._mapping["revision"]
    owner = connection.execute(select(assessments).where(assessments.c.id == assessment)).one()
    review = connection.execute(
        select(reviews)
        .where(reviews.c.assessment == assessment, reviews.c.revision == revision)
        .order_by(reviews.c.opened_at.desc(), reviews.c.id.desc())
        .limit(1)
    ).first()
    page = connection.execute(
        select(publications).where(publications.c.assessment == assessment, publications.c.revision == revision)
    ).first()
    shown = page if said in (DONE, WITHDRAWN) else review
    decision = said.startswith(DECIDED) or said == NOT_ALONE
    gate = detail.get("gate") if decision else said.removeprefix(OPENED) if said.startswith(OPENED) else None
    return HookEvent(
        id=entry._mapping["serial"],
        event="decision" if decision else "item" if said.startswith(OPENED) else said,
        at=entry._mapping["at"],
        who=entry._mapping["actor"],
        assessment=owner.id,
        role=owner.role,
        seniority=owner.seniority,
        gate=None if gate is None else str(gate),
        revision=revision,
        action=("approve" if said == NOT_ALONE else said.removeprefix(DECIDED)) if decision else None,
        complete=said != NOT_ALONE if decision else None,
        score=None if shown is None or shown.score is None else float(shown.score),
        zone=None if shown is None else shown.zone,
        label=None if shown is None else shown.label,
        version=None if page is None or said not in (DONE, WITHDRAWN) else page.version,
    )
