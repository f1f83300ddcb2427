"""What the screens read and do, without a screen: every call may come from a thread and raises AssessorError."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from agent.cli.views import refresh_lines
from agent.errors import AssessorError, Conflict, Forbidden
from agent.review.comments import AnchoredComment
from agent.review.diff import changes
from agent.review.edit import Edit
from agent.review.evidence import ClaimEvidence, evidence_of
from agent.review.parts import StandingPart
from agent.review.queue import queue_of
from agent.review.service import Reviewer
from agent.schemas.assessment import Assessment
from agent.schemas.vocabulary import Gate
from agent.store.attention import Look
from agent.store.reviews import ReviewRow
from agent.workflow.engine import Engine
from agent.workflow.summary import summary, waits_for

UNTOUCHED = "Nothing was edited: this is what the model drafted."
FIRST = "This is the first revision: there is none before it."
ACTIONS = {"approve": "approved it", "edit": "edited it", "send_back": "sent it back", "reject": "rejected it"}


@dataclass(frozen=True)
class Opened:
    """One review as it was opened, with all that its screen shows."""

    review: ReviewRow
    content: Assessment
    evidence: Mapping[str, ClaimEvidence]
    """Every claim by its path."""
    remarks: tuple[AnchoredComment, ...]
    parts: tuple[StandingPart, ...]
    """Tasks and dimensions with who accepted them."""
    waits_for: str
    """Whose approval it takes, in words; empty when any reviewer's will do."""
    read_only: str
    """Why nothing can be decided here, in words; empty when the reviewer holds it."""


@dataclass
class Desk:
    """One reviewer's access to the queue."""

    engine: Engine
    by: Reviewer
    _held: set[str] = field(default_factory=set)

    def now(self) -> str:
        """The time, as the store writes it."""
        return self.engine.stores.stamps.now()

    def rows(self) -> tuple[ReviewRow, ...]:
        """The queue in the order in which it is worked off."""
        return queue_of(self.engine.stores.review.waiting())

    def open(self, assessment: str, *, over: str | None = None) -> Opened | None:
        """Claim what waits of an assessment and read it; `None` when nothing waits. What cannot be claimed is opened
        for reading. `over` is the reason to take it from its holder; with one, Conflict and Forbidden are raised."""
        stores, service = self.engine.stores, self.engine.stores.review
        review = stores.reviews.open_review(assessment)
        if review is None:
            return None
        read_only = ""
        try:
            service.claim(review.id, self.by, over=over)
            self._held.add(review.id)
        except (Conflict, Forbidden) as error:
            if over is not None:
                raise
            read_only = error.message
        service.looked(review.id, self.by, "review")
        content = service.revision(assessment, review.revision)
        return Opened(
            review=stores.reviews.find(review.id),
            content=content,
            evidence=evidence_of(content),
            remarks=service.comments(assessment, content),
            parts=service.parts(review.id, content),
            waits_for=waits_for(stores, assessment),
            read_only=read_only,
        )

    def with_remarks(self, opened: Opened) -> Opened:
        """The same with the comments and the accepted parts as they are now."""
        service, content = self.engine.stores.review, opened.content
        return replace(
            opened,
            remarks=service.comments(opened.review.assessment, content),
            parts=service.parts(opened.review.id, content),
        )

    def accept_part(self, opened: Opened, place: str) -> bool:
        """Accept a part, or take it back where it is accepted by this reviewer; whether it is accepted then."""
        service, review = self.engine.stores.review, opened.review
        now = next(part for part in service.parts(review.id, opened.content) if part.place == place)
        accepted = self.by.name.casefold() not in (name.casefold() for name in now.accepted_by)
        service.accept_part(review.assessment, review.revision, self.by, place, accepted=accepted)
        return accepted

    def comment(self, opened: Opened, place: str, text: str) -> None:
        """Say something about the claim or part at `place`, or about the whole where it is empty."""
        self.engine.stores.review.comment(opened.review.assessment, opened.review.revision, self.by, place, text)

    def renew(self, opened: Opened) -> str:
        """Go on holding a review; why that is no longer possible, or nothing."""
        try:
            self.engine.stores.review.claim(opened.review.id, self.by)
        except AssessorError as error:
            return error.message
        return ""

    def release(self, opened: Opened) -> None:
        """Give a review back."""
        self._held.discard(opened.review.id)
        with suppress(AssessorError):
            self.engine.stores.review.release(opened.review.id, self.by)

    def close(self) -> None:
        """Give back everything that is still held."""
        for review in tuple(self._held):
            with suppress(AssessorError):
                self.engine.stores.review.release(review, self.by)
        self._held.clear()

    def look(self, opened: Opened, kind: Look, place: str = "") -> None:
        """Keep that something was opened."""
        self.engine.stores.review.looked(opened.review.id, self.by, kind, place)

    def unseen(self, opened: Opened) -> tuple[str, ...]:
        """What the reviewer opened nothing of, although there is some: `findings`, `evidence`."""
        seen = {
            look.kind
            for look in self.engine.stores.review.attention.looks(opened.review.id)
            if look.reviewer.casefold() == self.by.name.casefold()
        }
        there = {"finding": opened.content.guard.findings, "evidence": opened.content.sources}
        words = {"finding": "findings", "evidence": "evidence"}
        return tuple(words[kind] for kind, found in there.items() if found and kind not in seen)

    def gone(self, opened: Opened) -> str:
        """What became of a review that was open: who decided what, when and where; empty while it is open."""
        reviews = self.engine.stores.reviews
        if reviews.find(opened.review.id).status == "open":
            return ""
        decision = reviews.decision_of(opened.review.id)
        if decision is None:
            return "This revision is no longer up for review: another one took its place."
        reason = f" Reason: {decision.reason}" if decision.reason else ""
        return (
            f"{decision.reviewer} {ACTIONS.get(decision.action, decision.action)} at {decision.decided_at} "
            f"({decision.channel}).{reason}"
        )

    def taken(self, opened: Opened) -> str:
        """Who holds the review, if it is somebody else; else nothing."""
        lease = self.engine.stores.review.leases.of(opened.review.id)
        if lease is None or lease.holder.casefold() == self.by.name.casefold():
            return ""
        return f"{lease.words}."

    def since(self, opened: Opened) -> tuple[str, ...]:
        """What changed since the revision before, and for a refresh since the published version; a line each."""
        review = opened.review
        found = self.engine.stores.review.changed_since(review.assessment, review.revision)
        refreshed = refresh_lines(summary(self.engine.stores, review.assessment))
        return (*(found or (FIRST,)), *refreshed)

    def drafted(self, opened: Opened) -> tuple[str, ...]:
        """What people changed of what the model drafted last for the gates so far, a line each."""
        service, review = self.engine.stores.review, opened.review
        rows = self.engine.stores.assessments.revisions(review.assessment)
        (here,) = (row for row in rows if row.hash == review.revision)
        gates = (Gate.INPUTS, *([Gate.PUBLICATION] if here.gate is Gate.PUBLICATION else []))
        drafts = {row.gate: row.hash for row in rows if row.origin == "draft" and row.number <= here.number}
        bases = [service.revision(review.assessment, drafts[gate]) for gate in gates if gate in drafts]
        lines = dict.fromkeys(line for base in bases for line in changes(base, opened.content))
        return tuple(lines) or (UNTOUCHED,)

    def preview(self, opened: Opened, edit: Edit) -> Assessment:
        """What an edit would become, guarded and scored."""
        return self.engine.stores.review.preview(opened.review.assessment, opened.review.revision, edit)
