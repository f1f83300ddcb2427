"""What listing reads, without the review service: that loads guard and formula, a fifth of the time of `queue`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from agent.settings import Settings
from agent.store.accounts import AccountStore, secret_digest
from agent.store.assessments import AssessmentStore
from agent.store.database import Database
from agent.store.publications import PublicationStore
from agent.store.reviews import ReviewRow, ReviewStore
from agent.store.stamps import SystemStamps


@dataclass(frozen=True)
class Lists:
    """The store's rooms that can be listed."""

    assessments: AssessmentStore
    reviews: ReviewStore
    publications: PublicationStore
    accounts: AccountStore
    now: Callable[[], str]
    """The time, as the stores take it."""


@contextmanager
def open_lists(settings: Settings) -> Iterator[Lists]:
    """The lists of the home folder's store, created when missing. Raises StorageFailed, Prerequisite."""
    stamps = SystemStamps()
    db = Database.of_home(settings.home)
    try:
        yield Lists(
            assessments=AssessmentStore(db, stamps),
            reviews=ReviewStore(db, stamps),
            publications=PublicationStore(db, stamps),
            accounts=AccountStore(db, stamps),
            now=stamps.now,
        )
    finally:
        db.close()


def own_name(settings: Settings, accounts: AccountStore) -> str | None:
    """Who looks: the person of the token, or the reviewer of the settings; `None` for a token that is not valid."""
    if settings.token is None:
        return " ".join(settings.reviewer.split())
    known = accounts.token(secret_digest(settings.token.get_secret_value()))
    return None if known is None else known.reviewer


def queue_items(rows: Sequence[ReviewRow]) -> list[dict[str, object]]:
    """The items of `assess-role queue --json`."""
    return [
        {
            "id": row.assessment,
            "role": row.role,
            "seniority": row.seniority,
            "gate": row.gate.value,
            "revision": row.revision,
            "score": row.score,
            "zone": row.zone,
            "label": row.label,
            "findings": {"block": row.block, "review": row.review},
            "opened_at": row.opened_at,
            "claimed_by": row.claimed_by,
            "claimed_until": row.claimed_until,
            "requested_by": row.requested_by,
            "risk": row.risk.model_dump(),
        }
        for row in rows
    ]
