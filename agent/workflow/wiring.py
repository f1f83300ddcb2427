"""The stations that need nothing heavy: what listing, showing and deciding read and write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from agent.review.policy import ReviewPolicy, SecondFor
from agent.review.service import ReviewService
from agent.settings import Settings
from agent.store.accounts import AccountStore
from agent.store.assessments import AssessmentStore
from agent.store.attention import AttentionStore
from agent.store.audit_trail import AuditTrail
from agent.store.comments import CommentStore
from agent.store.controls import ControlStore
from agent.store.corpus import CorpusStore
from agent.store.database import Database
from agent.store.leases import LeaseStore
from agent.store.publications import PublicationStore
from agent.store.reviews import ReviewStore
from agent.store.stamps import Stamps, SystemStamps


@dataclass(frozen=True)
class Stores:
    """The store's rooms and the review service over them."""

    db: Database
    assessments: AssessmentStore
    reviews: ReviewStore
    publications: PublicationStore
    corpus: CorpusStore
    audit: AuditTrail
    accounts: AccountStore
    controls: ControlStore
    review: ReviewService
    stamps: Stamps


def policy_of(settings: Settings) -> ReviewPolicy:
    """What the settings ask of reviewers."""
    return ReviewPolicy(
        four_eyes=settings.four_eyes,
        second_for=tuple(SecondFor(name) for name in settings.second_approval),
        lease_minutes=settings.lease_minutes,
    )


def _told() -> str:
    # Loaded when an edit is checked, not when the queue is listed.
    from agent.drafting.prompts import PromptLibrary
    from agent.shipped import shipped_path

    return PromptLibrary(shipped_path("prompts")).told()


@contextmanager
def open_stores(settings: Settings, stamps: Stamps | None = None) -> Iterator[Stores]:
    """The store of the home folder, created when missing. Raises StorageFailed, Prerequisite."""
    clock = stamps or SystemStamps()
    db = Database.of_home(settings.home)
    try:
        assessments, reviews, corpus = AssessmentStore(db, clock), ReviewStore(db, clock), CorpusStore(db)
        publications, accounts = PublicationStore(db, clock), AccountStore(db, clock)
        controls = ControlStore(db, clock)
        yield Stores(
            db=db,
            assessments=assessments,
            reviews=reviews,
            publications=publications,
            corpus=corpus,
            audit=AuditTrail(db),
            accounts=accounts,
            controls=controls,
            review=ReviewService(
                assessments=assessments,
                reviews=reviews,
                corpus=corpus,
                publications=publications,
                accounts=accounts,
                leases=LeaseStore(db, clock),
                remarks=CommentStore(db, clock),
                attention=AttentionStore(db, clock),
                controls=controls,
                policy=policy_of(settings),
                told=_told,
            ),
            stamps=clock,
        )
    finally:
        db.close()
