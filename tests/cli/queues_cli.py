"""A home whose queue was put there by the stores alone: no graph, no model, no corpus."""

from __future__ import annotations

from pathlib import Path

from agent.schemas.risk import Risk
from agent.schemas.vocabulary import Gate
from agent.store.assessments import AssessmentStore
from agent.store.database import Database
from agent.store.leases import LeaseStore
from agent.store.reviews import OpenReview, ReviewStore
from agent.store.stamps import SystemStamps


class OpenedAt(SystemStamps):
    """A clock that is set."""

    def __init__(self, now: str) -> None:
        self._now = now

    def now(self) -> str:
        return self._now


class Queue:
    """What waits in a home."""

    def __init__(self, home: Path) -> None:
        self.db = Database.of_home(home)

    def add(
        self,
        name: str,
        *,
        role: str = "Widget Engineer",
        gate: Gate = Gate.INPUTS,
        zone: str | None = "YELLOW",
        risk: Risk | None = None,
        block: int = 0,
        opened_at: str = "2026-02-25T10:00:00Z",
        holder: str | None = None,
    ) -> None:
        stamps = OpenedAt(opened_at)
        AssessmentStore(self.db, stamps).create(
            name, role=role, seniority="Senior", request={"role": role}, graph_version="1", requested_by="Cleo"
        )
        review = ReviewStore(self.db, stamps).open(
            OpenReview(
                assessment=name,
                gate=gate,
                revision="sha256:" + "a" * 64,
                serial=1,
                score=None if zone is None else 40.0,
                zone=zone,
                label=None if zone is None else f"{zone} (Urgent)",
                block=block,
                review=0,
                risk=risk or Risk(),
            )
        )
        if holder is not None:
            leases = LeaseStore(self.db, SystemStamps())
            leases.take(review, holder=holder, auth="local-unverified", channel="script", minutes=30)
