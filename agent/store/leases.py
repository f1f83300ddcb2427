"""Who holds a review: one lease a review, which ends by itself unless its holder does something."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select, update

from agent.errors import Conflict, NotFound
from agent.schemas.base import Value
from agent.store.audit import append
from agent.store.database import Database
from agent.store.stamps import Stamps, later
from agent.store.tables import leases, reviews


class LeaseRow(Value):
    """A review that somebody holds until `expires_at`."""

    review: str
    holder: str
    auth: str
    channel: str
    taken_at: str
    expires_at: str

    @property
    def words(self) -> str:
        """Who holds it and how long."""
        return f"{self.holder} holds it until {self.expires_at}"


def live_lease(connection: Connection, review: str, now: str) -> LeaseRow | None:
    """The lease of a review that has not ended."""
    row = connection.execute(select(leases).where(leases.c.review == review, leases.c.expires_at > now)).first()
    return None if row is None else LeaseRow(**row._mapping)


class LeaseStore:
    """Taking, renewing and giving back. Each is one transaction with its entry in the trail."""

    def __init__(self, db: Database, stamps: Stamps) -> None:
        self._db = db
        self._stamps = stamps

    def live(self) -> dict[str, LeaseRow]:
        """Every lease that has not ended, by review."""
        with self._db.read() as connection:
            rows = connection.execute(select(leases).where(leases.c.expires_at > self._stamps.now()))
            return {row.review: LeaseRow(**row._mapping) for row in rows}

    def of(self, review: str) -> LeaseRow | None:
        """The lease of one review, or `None` when nobody holds it."""
        with self._db.read() as connection:
            return live_lease(connection, review, self._stamps.now())

    def take(
        self, review: str, *, holder: str, auth: str, channel: str, minutes: float, over: str | None = None
    ) -> LeaseRow:
        """Hold an open review for `minutes`; what one holds already is renewed.

        `over` is the reason to take it from its holder; without one, raises Conflict when somebody else holds it.
        Raises NotFound when the review is not open. A renewal is no entry in the trail.
        """
        now = self._stamps.now()
        lease = LeaseRow(
            review=review,
            holder=holder,
            auth=auth,
            channel=channel,
            taken_at=now,
            expires_at=later(now, minutes),
        )
        with self._db.write() as connection:
            row = connection.execute(select(reviews).where(reviews.c.id == review, reviews.c.status == "open")).first()
            if row is None:
                raise NotFound(f"Review {review} does not wait for anybody.")
            held = live_lease(connection, review, now)
            if held is not None and held.holder == holder:
                connection.execute(update(leases).where(leases.c.review == review).values(expires_at=lease.expires_at))
                return held.model_copy(update={"expires_at": lease.expires_at})
            if held is not None and over is None:
                raise Conflict(
                    f"The review of {row.assessment} is taken: {held.words}.",
                    hint="Wait, or take it over with a reason.",
                )
            connection.execute(delete(leases).where(leases.c.review == review))
            connection.execute(insert(leases).values(lease.model_dump()))
            append(
                connection,
                at=now,
                actor=holder,
                event="claimed" if held is None else "taken over",
                assessment=row.assessment,
                revision=row.revision,
                detail={"until": lease.expires_at, "auth": auth, "channel": channel}
                | ({} if held is None else {"from": held.holder, "reason": over or ""}),
            )
        return lease

    def release(self, review: str, holder: str) -> bool:
        """Give a review back; `False` when `holder` does not hold it."""
        now = self._stamps.now()
        with self._db.write() as connection:
            held = live_lease(connection, review, now)
            if held is None or held.holder != holder:
                return False
            row = connection.execute(select(reviews).where(reviews.c.id == review)).one()
            connection.execute(delete(leases).where(leases.c.review == review))
            append(
                connection,
                at=now,
                actor=holder,
                event="released",
                assessment=row.assessment,
                revision=row.revision,
            )
        return True
