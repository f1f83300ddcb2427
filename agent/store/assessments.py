"""Assessments in progress: the request, drafts, stored model answers and frozen revisions."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Row, func, insert, select, update

from agent.errors import InvalidInput, NotFound
from agent.schemas.base import Value, content_hash
from agent.schemas.vocabulary import Gate, Status
from agent.store.audit import AuditEntry, append, entries
from agent.store.database import Database
from agent.store.documents import from_text, to_text
from agent.store.stamps import Stamps
from agent.store.tables import assessments, calls, drafts, revisions, spendings

LENS_PACK_PART = "lens_pack"
"""The part of the drafts that holds the passage ids of the lens: they are chosen once the inputs are approved."""

AGREEMENT_PART = "agreement"
"""The part of the drafts that holds how far independent drafts agree."""


class AssessmentRow(Value):
    """One assessment."""

    id: str
    role: str
    """The title as asked for."""
    seniority: str
    status: Status
    graph_version: str
    request: dict[str, object]
    outcome: dict[str, object] | None
    """Why it stands where it stands: abstention reasons, or the error that stopped it."""
    created_at: str
    updated_at: str
    requested_by: str | None = None
    """Who asked for it, by the name they are known under."""


class StoredCall(Value):
    """One model answer as given, with what it cost."""

    document: dict[str, object]
    prompt: str
    input_tokens: int
    output_tokens: int
    created_at: str = ""
    """When it was stored; set by the store."""


class RevisionRow(Value):
    """One frozen revision. `origin` is `draft` or `edit`; `parent` the revision it was made from."""

    assessment: str
    hash: str
    number: int
    gate: Gate
    origin: str
    parent: str | None
    document: dict[str, object]
    created_at: str


class AssessmentStore:
    """Reads and writes of assessments. Every write can be repeated after a crash."""

    def __init__(self, db: Database, stamps: Stamps) -> None:
        self._db = db
        self._stamps = stamps

    def create(
        self,
        assessment: str,
        *,
        role: str,
        seniority: str,
        request: Mapping[str, object],
        graph_version: str,
        requested_by: str | None = None,
    ) -> None:
        """A new assessment, `running`."""
        now = self._stamps.now()
        with self._db.write() as connection:
            connection.execute(
                insert(assessments).values(
                    id=assessment,
                    role=role,
                    seniority=seniority,
                    status=Status.RUNNING,
                    graph_version=graph_version,
                    request=to_text(request),
                    created_at=now,
                    updated_at=now,
                    requested_by=requested_by,
                )
            )
            append(
                connection,
                at=now,
                actor=requested_by or "assess-role",
                event="requested",
                assessment=assessment,
                detail=request,
            )

    def get(self, assessment: str) -> AssessmentRow:
        """The assessment of an id, or of an unambiguous beginning of one. Raises NotFound, InvalidInput."""
        with self._db.read() as connection:
            # By its key first: a search for a beginning reads the whole table.
            found = connection.execute(select(assessments).where(assessments.c.id == assessment)).all()
            if not found and assessment:
                found = connection.execute(
                    select(assessments)
                    .where(assessments.c.id.startswith(assessment, autoescape=True))
                    .order_by(assessments.c.id)
                    .limit(3)
                ).all()
        if not found:
            raise _unknown(assessment)
        if len(found) > 1:
            raise InvalidInput(f"{assessment!r} is the beginning of several ids: {', '.join(r.id for r in found)}.")
        return _assessment(found[0])

    def whole(self, assessment: str) -> AssessmentRow:
        """The assessment of exactly this id. Raises NotFound."""
        with self._db.read() as connection:
            row = connection.execute(select(assessments).where(assessments.c.id == assessment)).one_or_none()
        if row is None:
            raise _unknown(assessment)
        return _assessment(row)

    def unfinished(self) -> tuple[str, ...]:
        """Ids of assessments that neither ended nor were published, oldest first."""
        ended = (Status.ABSTAINED, Status.REJECTED, Status.PUBLISHED)
        with self._db.read() as connection:
            rows = connection.execute(
                select(assessments.c.id)
                .where(assessments.c.status.not_in(ended))
                .order_by(assessments.c.created_at, assessments.c.id)
            )
            return tuple(row.id for row in rows)

    def set_status(self, assessment: str, status: Status, outcome: Mapping[str, object] | None = None) -> None:
        """Where the assessment stands now; recorded in the audit trail when it changed."""
        now = self._stamps.now()
        text = None if outcome is None else to_text(outcome)
        with self._db.write() as connection:
            changed = connection.execute(
                update(assessments)
                .where(assessments.c.id == assessment)
                .where((assessments.c.status != status) | (func.coalesce(assessments.c.outcome, "") != (text or "")))
                .values(status=status, outcome=text, updated_at=now)
            ).rowcount
            if changed:
                append(
                    connection,
                    at=now,
                    actor="assess-role",
                    event=f"status: {status}",
                    assessment=assessment,
                    detail=outcome,
                )

    def change_request(self, assessment: str, changes: Mapping[str, object]) -> None:
        """Options given when resuming, for example a larger token budget."""
        with self._db.write() as connection:
            text = connection.execute(select(assessments.c.request).where(assessments.c.id == assessment)).scalar_one()
            connection.execute(
                update(assessments)
                .where(assessments.c.id == assessment)
                .values(request=to_text({**from_text(text), **changes}))
            )

    def set_seniority(self, assessment: str, seniority: str) -> None:
        """The level that is assessed, once it is known."""
        with self._db.write() as connection:
            connection.execute(update(assessments).where(assessments.c.id == assessment).values(seniority=seniority))

    def put_draft(self, assessment: str, part: str, document: Mapping[str, object]) -> int:
        """Keep a draft and return its serial. A draft equal to the newest of its part is that draft: a step that
        runs again after a crash adds nothing."""
        text = to_text(document)
        with self._db.write() as connection:
            newest = connection.execute(
                select(drafts.c.serial, drafts.c.document)
                .where(drafts.c.assessment == assessment, drafts.c.part == part)
                .order_by(drafts.c.serial.desc())
                .limit(1)
            ).first()
            if newest is not None and newest.document == text:
                return int(newest.serial)
            serial = 1 if newest is None else int(newest.serial) + 1
            connection.execute(
                insert(drafts).values(
                    assessment=assessment, part=part, serial=serial, document=text, created_at=self._stamps.now()
                )
            )
            return serial

    def draft(self, assessment: str, part: str, serial: int | None = None) -> dict[str, object]:
        """A kept draft, the newest one without a serial. Raises NotFound."""
        query = select(drafts.c.document).where(drafts.c.assessment == assessment, drafts.c.part == part)
        if serial is not None:
            query = query.where(drafts.c.serial == serial)
        with self._db.read() as connection:
            text = connection.execute(query.order_by(drafts.c.serial.desc()).limit(1)).scalar_one_or_none()
        if text is None:
            raise NotFound(f"Assessment {assessment} has no draft {serial or ''} of {part}.")
        return from_text(text)

    def call(self, assessment: str, key: str) -> StoredCall | None:
        """A model answer stored under its request's key, or `None`."""
        with self._db.read() as connection:
            row = connection.execute(
                select(calls).where(calls.c.assessment == assessment, calls.c.key == key)
            ).one_or_none()
        return None if row is None else _call(row)

    def calls(self, assessment: str) -> tuple[tuple[str, StoredCall], ...]:
        """Every stored answer of an assessment by its request's key, sorted by key."""
        with self._db.read() as connection:
            rows = connection.execute(select(calls).where(calls.c.assessment == assessment).order_by(calls.c.key))
            return tuple((row.key, _call(row)) for row in rows)

    def put_call(self, assessment: str, key: str, call: StoredCall) -> None:
        """Keep a model answer; the first one stored stays."""
        with self._db.write() as connection:
            if connection.execute(
                select(calls.c.key).where(calls.c.assessment == assessment, calls.c.key == key)
            ).first():
                return
            connection.execute(
                insert(calls).values(
                    assessment=assessment,
                    key=key,
                    prompt=call.prompt,
                    document=to_text(call.document),
                    input_tokens=call.input_tokens,
                    output_tokens=call.output_tokens,
                    created_at=self._stamps.now(),
                )
            )

    def spend(self, assessment: str, prompt: str, *, calls: int, input_tokens: int, output_tokens: int) -> None:
        """Keep what one exchange with a connected model cost, whether its answer could be used or not."""
        with self._db.write() as connection:
            connection.execute(
                insert(spendings).values(
                    assessment=assessment,
                    prompt=prompt,
                    calls=calls,
                    input_tokens=input_tokens,
                    output_tokens=output_tokens,
                    at=self._stamps.now(),
                )
            )

    def spent(self, assessment: str) -> dict[str, int]:
        """`calls`, `input_tokens` and `output_tokens` of every exchange with a connected model."""
        columns = (spendings.c.calls, spendings.c.input_tokens, spendings.c.output_tokens)
        with self._db.read() as connection:
            row = connection.execute(
                select(*(func.sum(column) for column in columns)).where(spendings.c.assessment == assessment)
            ).one()
        return {column.name: total or 0 for column, total in zip(columns, row, strict=True)}

    def answers_usage(self, assessment: str) -> dict[str, int]:
        """`calls`, `input_tokens` and `output_tokens` of the kept answers alone: what a page rests on. The same for a
        run that was killed and resumed, however much was spent on answers that got lost."""
        kept = [call for _, call in self.calls(assessment)]
        return {
            "calls": len(kept),
            "input_tokens": sum(call.input_tokens for call in kept),
            "output_tokens": sum(call.output_tokens for call in kept),
        }

    def usage(self, assessment: str) -> dict[str, int]:
        """`calls`, `input_tokens` and `output_tokens`: everything spent, and what replayed answers once cost."""
        replayed = [call for _, call in self.calls(assessment) if call.document.get("recorded")]
        spent = self.spent(assessment)
        return {
            "calls": spent["calls"] + len(replayed),
            "input_tokens": spent["input_tokens"] + sum(call.input_tokens for call in replayed),
            "output_tokens": spent["output_tokens"] + sum(call.output_tokens for call in replayed),
        }

    def freeze(
        self, assessment: str, *, gate: Gate, origin: str, parent: str | None, document: Mapping[str, object]
    ) -> RevisionRow:
        """Keep a revision under its hash; freezing the same content again returns the kept one."""
        digest = content_hash(document)
        now = self._stamps.now()
        with self._db.write() as connection:
            known = connection.execute(
                select(revisions.c.hash).where(revisions.c.assessment == assessment, revisions.c.hash == digest)
            ).first()
            if known is None:
                number = connection.execute(
                    select(func.count()).select_from(revisions).where(revisions.c.assessment == assessment)
                ).scalar_one()
                connection.execute(
                    insert(revisions).values(
                        assessment=assessment,
                        hash=digest,
                        number=number + 1,
                        gate=gate,
                        origin=origin,
                        parent=parent,
                        document=to_text(document),
                        created_at=now,
                    )
                )
                append(
                    connection,
                    at=now,
                    actor="assess-role",
                    event="frozen",
                    assessment=assessment,
                    revision=digest,
                    detail={"gate": gate, "origin": origin},
                )
        return self.revision(assessment, digest)

    def revision(self, assessment: str, digest: str) -> RevisionRow:
        """A frozen revision. Raises NotFound."""
        found = [r for r in self.revisions(assessment) if r.hash == digest]
        if not found:
            raise NotFound(f"Assessment {assessment} has no revision {digest}.")
        return found[0]

    def revisions(self, assessment: str) -> tuple[RevisionRow, ...]:
        """Every revision, oldest first."""
        with self._db.read() as connection:
            rows = connection.execute(
                select(revisions).where(revisions.c.assessment == assessment).order_by(revisions.c.number)
            )
            return tuple(RevisionRow(**{**row._mapping, "document": from_text(row.document)}) for row in rows)

    def history(self, assessment: str) -> tuple[AuditEntry, ...]:
        """The audit trail of one assessment, oldest first."""
        with self._db.read() as connection:
            return tuple(entries(connection, assessment))


def _unknown(assessment: str) -> NotFound:
    return NotFound(
        f"There is no assessment {assessment!r}.", hint="`assess-role queue` lists those that wait for review."
    )


def _assessment(row: Row[tuple[object, ...]]) -> AssessmentRow:
    kept = row._mapping
    return AssessmentRow(
        **{
            **kept,
            "request": from_text(kept["request"]),
            "outcome": None if kept["outcome"] is None else from_text(kept["outcome"]),
        }
    )


def _call(row: Row[tuple[object, ...]]) -> StoredCall:
    kept = row._mapping
    return StoredCall(
        document=from_text(kept["document"]),
        prompt=kept["prompt"],
        input_tokens=kept["input_tokens"],
        output_tokens=kept["output_tokens"],
        created_at=kept["created_at"],
    )
