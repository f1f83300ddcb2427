"""An assessment under review as its page shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from agent.publishing import words
from agent.publishing.answers import answers
from agent.publishing.drafts import DraftsView, drafts_view
from agent.review.comments import AnchoredComment
from agent.review.diff import changes
from agent.review.evidence import ClaimEvidence, evidence_of
from agent.review.parts import StandingPart, accepted_words
from agent.review.rules import Action
from agent.schemas.assessment import Assessment
from agent.schemas.draft import Commentary
from agent.schemas.finding import Finding, Tier
from agent.schemas.lens import IMPACTS, SIGNALS
from agent.schemas.scored import ScoreResult
from agent.schemas.vocabulary import INPUT_SECTIONS, PUBLICATION_SECTIONS, Gate
from agent.store.accounts import AccountRole
from agent.store.assessments import RevisionRow
from agent.store.reviews import DecisionRow, ReviewRow
from agent.web.beside import beside, drafts_of
from agent.web.desk import Desk
from agent.web.forms import edited_place
from agent.web.visitor import Visitor
from agent.workflow.summary import waits_for

COMMENTARY_TITLES: Mapping[str, str] = {"summary": "Summary", **words.COMMENTARY}
LENS_TITLES: Mapping[str, str] = {
    "concept": "Concept gate",
    **{name: name.replace("_", " ").capitalize() for name in SIGNALS},
    **{name: name.replace("_", " ").capitalize() for name in IMPACTS},
}


@dataclass(frozen=True)
class FindingView:
    """A finding with the claim it leads to."""

    finding: Finding
    claim: str | None
    """Path of the claim; `None` where it is about something else."""
    accepted: str | None
    """The reason that somebody accepted it with."""


@dataclass(frozen=True)
class ReviewView:
    """Everything that the page shows."""

    review: ReviewRow
    content: Assessment
    evidence: Mapping[str, ClaimEvidence]
    """Claims by path, in printed order."""
    findings: tuple[FindingView, ...]
    answers: tuple[tuple[str, str], ...]
    drafts: DraftsView
    """How far independent drafts agree, or that there was one."""
    comments: tuple[AnchoredComment, ...]
    parts: Mapping[str, StandingPart]
    """Tasks and dimensions by place, with who accepted them."""
    since: tuple[str, ...]
    """What changed since the revision that this one was made from."""
    drafted: tuple[str, ...]
    """What reviewers changed of the first draft."""
    sent_back: str | None
    """Why it was sent back last, when this revision is the answer."""
    live: tuple[str, ...]
    """What is different from the version that is published; empty where nothing is."""
    live_score: float | None
    live_version: int | None
    waits_for: str
    may_decide: bool
    """The visitor is a reviewer, and nobody else holds it."""
    looked: frozenset[str]
    """Ids of the passages and findings that the visitor opened since a model last drafted."""
    beside: Mapping[str, tuple[str, ...]]
    """What stood at a field, a claim or a group of claims before, by its place."""
    holds: bool
    """The visitor holds it."""
    busy: bool

    def opened(self, one: ClaimEvidence) -> bool:
        """Whether the visitor opened the evidence of a claim that cites something."""
        return bool(one.passages) and all(passage.passage in self.looked for passage in one.passages)

    @property
    def unopened(self) -> tuple[FindingView, ...]:
        """Findings that lead to a claim and that the visitor did not open."""
        return tuple(one for one in self.findings if one.claim is not None and one.finding.id not in self.looked)

    @property
    def accepted_parts(self) -> str:
        """How many parts somebody accepted, in words."""
        return accepted_words(tuple(self.parts.values()))

    @property
    def cited(self) -> int:
        """Claims that cite something."""
        return sum(bool(one.passages) for one in self.evidence.values())

    @property
    def read(self) -> int:
        """Those of them whose evidence the visitor opened."""
        return sum(self.opened(one) for one in self.evidence.values())

    def to_look_at(self, one: ClaimEvidence) -> bool:
        """Whether a claim has something that a reviewer should not pass over."""
        open_remarks = any(remark.comment.resolved_at is None for remark in self.remarks_on(one.path))
        weak = one.verdict is not None and one.verdict.value in ("unsupported", "misattributed", "fabricated")
        return bool(one.findings) or open_remarks or weak or one.path in self.beside

    @property
    def result(self) -> ScoreResult | None:
        """What the formula makes of it."""
        return self.content.result

    @property
    def blocks(self) -> int:
        """Findings that nobody can accept."""
        return self.content.guard.count(Tier.BLOCK)

    @property
    def to_accept(self) -> int:
        """Findings that somebody has to accept before approval."""
        return sum(f.finding.tier is Tier.REVIEW and f.accepted is None for f in self.findings)

    @property
    def sections(self) -> tuple[str, ...]:
        """What can be sent back at this gate."""
        after = PUBLICATION_SECTIONS if self.content.gate is Gate.PUBLICATION else ()
        return tuple(section.value for section in (*INPUT_SECTIONS, *after))

    def claims_of(self, group: str) -> tuple[ClaimEvidence, ...]:
        """The claims of one group, for example `tasks.0.claims`."""
        return tuple(one for path, one in self.evidence.items() if path.rpartition(".")[0] == group)

    def remarks_on(self, path: str) -> tuple[AnchoredComment, ...]:
        """The comments that stand at a claim or a part now."""
        return tuple(one for one in self.comments if one.place == path and one.fate != "gone")

    def place(self, path: str) -> str:
        """Where a path of the guard stands in the edit's document."""
        return edited_place(path)

    def task_name(self, key: str) -> str:
        """The task that a lens names by its id."""
        return next((task.name for task in self.content.inputs.tasks if task.id == key), key)

    @property
    def general(self) -> tuple[AnchoredComment, ...]:
        """Remarks on the whole, and those on what is gone."""
        return tuple(one for one in self.comments if not one.place or one.fate == "gone")

    @property
    def commentary(self) -> tuple[tuple[str, str], ...]:
        """(group, title) of each part of the commentary."""
        if self.content.commentary is None:
            return ()
        return tuple((f"commentary.{name}", COMMENTARY_TITLES[name]) for name in Commentary.model_fields)

    @property
    def lens(self) -> tuple[tuple[str, str], ...]:
        """(group, title) of each group of claims of the lens that has one."""
        if self.content.lens is None:
            return ()
        tasks = {task.id: task.name for task in self.content.inputs.tasks}
        named = []
        for group, claims in self.content.lens.groups():
            parts = group.split(".")
            title = LENS_TITLES.get(parts[1], parts[1].replace("_", " ").capitalize())
            if parts[1] == "concept":
                title = f"Concept: {parts[2].replace('_', ' ')}"
            elif parts[1] == "tasks":
                task = self.content.lens.tasks[int(parts[2])]
                what = "share" if parts[3] == "share_claims" else "score"
                title = f"{tasks.get(task.id, task.id)}: why this {what}"
            if claims:
                named.append((group, title))
        return tuple(named)


def view_of(desk: Desk, visitor: Visitor, review: ReviewRow) -> ReviewView:
    """The page of an open review."""
    stores, service = desk.engine.stores, desk.service
    content = desk.service.revision(review.assessment, review.revision)
    evidence = evidence_of(content)
    accepted = {acceptance.finding: acceptance.reason for acceptance in content.accepted}
    revisions = stores.assessments.revisions(review.assessment)
    first = desk.service.revision(review.assessment, revisions[0].hash)
    decisions = stores.reviews.decisions(review.assessment)
    live = _live(desk, review, content)
    rows = {row.hash: row for row in revisions}
    return ReviewView(
        review=review,
        content=content,
        evidence=evidence,
        findings=tuple(
            FindingView(finding=f, claim=_claim_of(f.path, evidence), accepted=accepted.get(f.id))
            for f in sorted(content.guard.findings, key=lambda f: (f.tier is not Tier.BLOCK, f.id in accepted))
        ),
        answers=tuple(answers(content)) if content.result is not None and content.gate is Gate.PUBLICATION else (),
        drafts=drafts_view(content),
        comments=service.comments(review.assessment, content),
        parts={part.place: part for part in service.parts(review.id, content)},
        since=service.changed_since(review.assessment, review.revision),
        drafted=changes(first, content) if revisions[0].hash != review.revision else (),
        sent_back=decisions[-1].reason if decisions and decisions[-1].action == "send_back" else None,
        live=() if live is None else changes(live[1], content),
        live_score=None if live is None or live[1].result is None else live[1].result.score,
        live_version=None if live is None else live[0],
        waits_for=waits_for(stores, review.assessment),
        may_decide=may_decide(visitor, review),
        looked=_looked(desk, visitor, review, decisions),
        beside=_beside(desk, review, content, rows),
        holds=review.claimed_by == visitor.name,
        busy=desk.worker.busy(review.assessment),
    )


def _looked(desk: Desk, visitor: Visitor, review: ReviewRow, decisions: Sequence[DecisionRow]) -> frozenset[str]:
    """What a visitor opened since a model last drafted: in this review and those that ended with an edit before it."""
    edits = takewhile(lambda decision: decision.action == Action.EDIT, reversed(decisions))
    looks = (desk.service.attention.looks(name) for name in (review.id, *(decision.review for decision in edits)))
    return frozenset(look.place for part in looks for look in part if look.reviewer == visitor.name and look.place)


def may_decide(visitor: Visitor, review: ReviewRow) -> bool:
    """Whether a visitor may decide about a review now: a reviewer, and nobody else holds it."""
    return visitor.role.covers(AccountRole.REVIEWER) and review.claimed_by in (None, visitor.name)


def _beside(
    desk: Desk, review: ReviewRow, content: Assessment, rows: Mapping[str, RevisionRow]
) -> dict[str, tuple[str, ...]]:
    """By place: what the model drafted where a reviewer changed it, and what stood there before a redraft."""

    def parsed(row: RevisionRow) -> Assessment:
        return desk.service.revision(row.assessment, row.hash)

    notes: dict[str, tuple[str, ...]] = {}
    for draft in drafts_of(rows, review.revision, parsed):
        edited = beside(
            draft, content, new="Added by a reviewer.", was="Drafted:", other="Citations or stance: of a reviewer."
        )
        notes |= {place: (note,) for place, note in edited.items() if place not in notes}
    row = rows[review.revision]
    parent = rows.get(row.parent or "")
    if row.origin == "draft" and parent is not None and parent.gate is row.gate:
        redrafted = beside(
            parsed(parent),
            content,
            new="New in the redraft.",
            was="Before the redraft:",
            other="Citations or stance: of the redraft.",
        )
        notes |= {place: (*notes.get(place, ()), note) for place, note in redrafted.items()}
    return notes


def _claim_of(path: str, evidence: Mapping[str, ClaimEvidence]) -> str | None:
    parts = path.split(".")
    for end in range(len(parts), 0, -1):
        if ".".join(parts[:end]) in evidence:
            return ".".join(parts[:end])
    return next((claim for claim in evidence if claim.startswith(f"{path}.")), None)


def _live(desk: Desk, review: ReviewRow, content: Assessment) -> tuple[int, Assessment] | None:
    """Number and content of the newest published version of the role that stands."""
    rows = [
        row
        for row in desk.engine.stores.publications.done()
        if (row.role, row.seniority) == (review.role, content.role.seniority) and row.withdrawn is None
    ]
    if not rows:
        return None
    newest = max(rows, key=lambda row: row.version)
    return newest.version, desk.service.revision(newest.assessment, newest.revision)
