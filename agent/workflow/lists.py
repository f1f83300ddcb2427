"""What listing reads, without the review service: that loads guard and formula, a fifth of the time of `queue`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from agent.settings import Settings
from agent.store.accounts import AccountStore
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
        )
    finally:
        db.close()


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
        }
        for row in rows
    ]
