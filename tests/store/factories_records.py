"""A store of its own for the tests of assessments, reviews and publications."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from agent.schemas.vocabulary import Gate
from agent.store.assessments import AssessmentStore
from agent.store.database import Database
from agent.store.publications import Publication, PublicationStore
from agent.store.reviews import DecisionRow, OpenReview, ReviewStore

HASH = "sha256:" + "a" * 64
OTHER = "sha256:" + "b" * 64


class TickingStamps:
    """A clock that moves by a second a call."""

    def __init__(self) -> None:
        self._seconds = count()

    def now(self) -> str:
        seconds = next(self._seconds)
        return f"2026-02-25T10:{seconds // 60:02d}:{seconds % 60:02d}Z"

    def token(self) -> str:
        return f"{next(self._seconds):08x}"


class Records:
    """The stores over one file, with one assessment in it."""

    def __init__(self, folder: Path, *, assessment: str = "widget-1") -> None:
        self.db, self.stamps = Database.open(folder / "store.sqlite"), TickingStamps()
        self.assessments = AssessmentStore(self.db, self.stamps)
        self.reviews = ReviewStore(self.db, self.stamps)
        self.publications = PublicationStore(self.db, self.stamps)
        self.add(assessment)

    def add(self, assessment: str) -> None:
        self.assessments.create(
            assessment, role="Widget Engineer", seniority="", request={"role": "Widget Engineer"}, graph_version="1"
        )

    def open(self, *, serial: int = 1, revision: str = HASH, assessment: str = "widget-1") -> str:
        return self.reviews.open(
            OpenReview(
                assessment=assessment,
                gate=Gate.INPUTS,
                revision=revision,
                serial=serial,
                score=47.5,
                zone="YELLOW",
                label="YELLOW (Urgent)",
                block=0,
                review=1,
            )
        )

    def decide(self, *, revision: str = HASH, action: str = "approve", reviewer: str = "Anna") -> DecisionRow:
        return self.reviews.decide(
            assessment="widget-1",
            revision=revision,
            action=action,
            reviewer=reviewer,
            auth="local-unverified",
            channel="script",
        )

    def events(self, assessment: str = "widget-1") -> list[str]:
        return [entry.event for entry in self.assessments.history(assessment)]


def a_publication(**changes: object) -> Publication:
    values: dict[str, object] = {
        "assessment": "widget-1",
        "revision": HASH,
        "slug": "widget-engineer-mid",
        "role": "Widget Engineer",
        "seniority": "mid",
        "score": 47.5,
        "zone": "YELLOW",
        "label": "YELLOW (Urgent)",
    }
    return Publication.model_validate({**values, **changes})
