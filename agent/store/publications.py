"""Publications: one row a published revision, `pending` until its files stand in place."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field
from sqlalchemy import Row, Select, and_, func, insert, select, update

from agent.errors import Conflict, NotFound, NotPublishable
from agent.schemas.base import Value
from agent.schemas.record import AuditMark
from agent.store.audit import BEGUN, DONE, WITHDRAWN, append, entries, hashes_of_publications
from agent.store.database import Database
from agent.store.stamps import Stamps
from agent.store.tables import controls, publications, withdrawals

ENDS = (".", "!", "?")
"""What a reason can end with, so that it needs no full stop."""


class Withdrawal(Value):
    """Who withdrew a published version, and why."""

    reviewer: str
    auth: str
    channel: str
    reason: str
    withdrawn_at: str

    @property
    def day(self) -> str:
        """YYYY-MM-DD, UTC."""
        return self.withdrawn_at[:10]

    @property
    def words(self) -> str:
        """Who, when and why, to stand after "withdrawn" at the end of a sentence."""
        return f"by {self.reviewer} on {self.day}: {self.reason}{'' if self.reason[-1:] in ENDS else '.'}"


class PublicationRow(Value):
    """One publication. `status` is `pending` or `done`."""

    assessment: str
    revision: str
    slug: str
    version: int
    role: str
    seniority: str
    score: float
    zone: str
    label: str
    status: str
    path: str
    """The folder of its files."""
    published_at: str
    files: dict[str, str] = Field(default_factory=dict)
    """Hash of the bytes of each file, by name, as the audit trail has them; empty for what was published before they
    were kept."""
    withdrawn: Withdrawal | None = None
    """Set once a person withdrew it; its files stay."""

    @property
    def words(self) -> str:
        """Role, level and version."""
        return f"{self.role} ({self.seniority}) v{self.version}"


class Publication(Value):
    """What is to be published."""

    assessment: str
    revision: str
    slug: str
    role: str
    seniority: str
    score: float
    zone: str
    label: str


class PublicationStore:
    """Reads and writes of publications."""

    def __init__(self, db: Database, stamps: Stamps) -> None:
        self._db = db
        self._stamps = stamps

    def claim(self, publication: Publication, folder: str) -> PublicationRow:
        """The row of this revision: a new one with the slug's next version, or the one a crashed run left.

        The audit entry is written in the same transaction. `folder` is the publish folder; the row's path is
        `folder/slug/vN`. Raises NotPublishable for a control.
        """
        now = self._stamps.now()
        with self._db.write() as connection:
            planted = select(controls.c.assessment).where(controls.c.assessment == publication.assessment)
            if connection.execute(planted).first() is not None:
                raise NotPublishable(
                    f"{publication.assessment} holds an error that was planted; it is never published."
                )
            known = connection.execute(
                select(publications.c.version).where(
                    publications.c.assessment == publication.assessment,
                    publications.c.revision == publication.revision,
                )
            ).first()
            if known is None:
                newest = connection.execute(
                    select(func.max(publications.c.version)).where(publications.c.slug == publication.slug)
                ).scalar()
                version = (newest or 0) + 1
                connection.execute(
                    insert(publications).values(
                        **{**publication.model_dump(), "score": str(publication.score)},
                        version=version,
                        status="pending",
                        path=f"{folder}/{publication.slug}/v{version}",
                        published_at=now,
                    )
                )
                append(
                    connection,
                    at=now,
                    actor="assess-role",
                    event=BEGUN,
                    assessment=publication.assessment,
                    revision=publication.revision,
                    detail={"slug": publication.slug, "version": version, "role": publication.role},
                )
        [row] = self._select(
            (publications.c.assessment == publication.assessment) & (publications.c.revision == publication.revision)
        )
        return row

    def move(self, assessment: str, revision: str, folder: str) -> PublicationRow:
        """Give a pending publication its place in another publish folder; one that is done stays where it is."""
        here = (publications.c.assessment == assessment) & (publications.c.revision == revision)
        [row] = self._select(here)
        path = f"{folder}/{row.slug}/v{row.version}"
        with self._db.write() as connection:
            changed = connection.execute(
                update(publications)
                .where(here, publications.c.status == "pending", publications.c.path != path)
                .values(path=path)
            ).rowcount
            if changed:
                append(
                    connection,
                    at=self._stamps.now(),
                    actor="assess-role",
                    event="publication moved",
                    assessment=assessment,
                    revision=revision,
                    detail={"from": row.path, "to": path},
                )
        [row] = self._select(here)
        return row

    def finish(self, assessment: str, revision: str, files: Mapping[str, str] | None = None) -> None:
        """Mark a publication whose files stand in place, with their hashes; doing it twice changes nothing."""
        with self._db.write() as connection:
            changed = connection.execute(
                update(publications)
                .where(
                    publications.c.assessment == assessment,
                    publications.c.revision == revision,
                    publications.c.status == "pending",
                )
                .values(status="done")
            ).rowcount
            if changed:
                append(
                    connection,
                    at=self._stamps.now(),
                    actor="assess-role",
                    event=DONE,
                    assessment=assessment,
                    revision=revision,
                    detail={"files": dict(files)} if files else None,
                )

    def withdraw(
        self, assessment: str, revision: str, *, reviewer: str, auth: str, channel: str, reason: str
    ) -> PublicationRow:
        """Record that a published version was withdrawn, with the audit entry in the same transaction; no file changes.

        Raises NotFound for what was never published, Conflict for a publication that is pending or was withdrawn
        already; the message then says by whom and when.
        """
        here = (publications.c.assessment == assessment) & (publications.c.revision == revision)
        now = self._stamps.now()
        with self._db.write() as connection:
            found = connection.execute(_query().where(here)).one_or_none()
            if found is None:
                raise NotFound(f"Nothing was published of {assessment} as {revision}.")
            row = _row(found, {})
            if row.withdrawn is not None:
                raise Conflict(f"{row.words} was withdrawn already {row.withdrawn.words}")
            if row.status != "done":
                raise Conflict(
                    f"{row.words} is {row.status}: only what stands published can be withdrawn.",
                    hint=f"`assess-role resume {assessment}` publishes it.",
                )
            said = {"reviewer": reviewer, "auth": auth, "channel": channel, "reason": reason}
            connection.execute(
                insert(withdrawals).values(assessment=assessment, revision=revision, withdrawn_at=now, **said)
            )
            append(
                connection,
                at=now,
                actor=reviewer,
                event=WITHDRAWN,
                assessment=assessment,
                revision=revision,
                detail={
                    "slug": row.slug,
                    "version": row.version,
                    "auth": auth,
                    "channel": channel,
                    "reason": reason,
                },
            )
        [row] = self._select(here)
        return row

    def mark(self, assessment: str, revision: str) -> AuditMark:
        """The entry of the audit trail that a publication began with. Raises NotFound."""
        with self._db.read() as connection:
            for entry in entries(connection, assessment):
                if (entry.event, entry.revision) == (BEGUN, revision):
                    return entry.mark
        raise NotFound(f"Nothing was published of {assessment} as {revision}.")

    def standing_at(self, mark: AuditMark) -> tuple[PublicationRow, ...]:
        """What was published and not withdrawn when an entry of the audit trail was written, by slug and version: the
        same whatever was published or withdrawn since."""
        with self._db.read() as connection:
            before = [entry for entry in entries(connection) if entry.serial < mark.serial]
        done = {(entry.assessment, entry.revision) for entry in before if entry.event == DONE}
        gone = {(entry.assessment, entry.revision) for entry in before if entry.event == WITHDRAWN}
        stood = [row for row in self.done() if (row.assessment, row.revision) in done - gone]
        return tuple(row.model_copy(update={"withdrawn": None}) for row in stood)

    def of(self, assessment: str) -> PublicationRow | None:
        """The publication of an assessment, pending or done, or `None`."""
        found = self._select(publications.c.assessment == assessment)
        return found[-1] if found else None

    def done(self) -> tuple[PublicationRow, ...]:
        """Everything that was published, by slug and version, also what was withdrawn since."""
        return self._select(publications.c.status == "done")

    def _select(self, condition: object) -> tuple[PublicationRow, ...]:
        query = _query().where(condition).order_by(publications.c.slug, publications.c.version)  # type: ignore[arg-type]
        with self._db.read() as connection:
            known = hashes_of_publications(connection)
            return tuple(_row(row, known.get((row.assessment, row.revision), {})) for row in connection.execute(query))


_WITHDRAWAL = tuple(Withdrawal.model_fields)


def _query() -> Select[tuple[object, ...]]:
    """Publications, each with its withdrawal where there is one. A row of a control, however it came in, is none."""
    same = and_(
        withdrawals.c.assessment == publications.c.assessment, withdrawals.c.revision == publications.c.revision
    )
    columns = [withdrawals.c[name] for name in _WITHDRAWAL]
    planted = select(controls.c.assessment)
    return select(publications, *columns).outerjoin(withdrawals, same).where(publications.c.assessment.not_in(planted))


def _row(row: Row[tuple[object, ...]], files: Mapping[str, str]) -> PublicationRow:
    values = dict(row._mapping)
    said = {name: values.pop(name) for name in _WITHDRAWAL}
    withdrawn = None if said["withdrawn_at"] is None else Withdrawal(**said)
    return PublicationRow(**{**values, "score": float(values["score"]), "withdrawn": withdrawn, "files": files})
