"""What the JSON interface takes and gives. Everything that is taken is bounded."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue

from agent.review.changing import MAX_CHANGES
from agent.review.rules import MAX_REASON
from agent.schemas.assessment import Assessment
from agent.schemas.finding import Tier
from agent.schemas.record import PublishedAssessment
from agent.schemas.risk import Risk
from agent.schemas.scored import ScoreResult
from agent.schemas.vocabulary import BarrierName, Bucket, EvidenceName, Gate, PrincipleName, Section, Status, Zone

MAX_DEPTH = 12
"""Levels of lists and objects in a value of an edit; the content itself has eight."""
ID = r"^[^/\\\x00-\x1f]{1,60}$"
HASH = r"^sha256:[0-9a-f]{64}$"
COMMENT = r"^c-[0-9a-f]{1,20}$"
SLUG = r"^[^/\\\x00-\x1f]{1,200}$"


class Taken(BaseModel):
    """A body: unknown keys are errors, and a number is no text."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)


class Given(BaseModel):
    """An answer."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    ok: Literal[True] = True


class Part(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


def _plain(value: JsonValue) -> JsonValue:
    """Raises ValueError for what JSON does not have and for more levels than content has."""
    at: list[tuple[JsonValue, int]] = [(value, 1)]
    while at:
        part, depth = at.pop()
        if depth > MAX_DEPTH:
            raise ValueError(f"the value has more than {MAX_DEPTH} levels")
        if isinstance(part, float) and not math.isfinite(part):
            raise ValueError("JSON has no such number")
        if isinstance(part, int) and abs(part) > 2**53:
            raise ValueError("the number is too large")
        if isinstance(part, dict | list):
            at += [(one, depth + 1) for one in (part.values() if isinstance(part, dict) else part)]
    return value


Revision = Annotated[str, Field(pattern=HASH, max_length=71)]
Reason = Annotated[str, Field(min_length=1, max_length=MAX_REASON)]
Place = Annotated[str, Field(max_length=200)]
Plain = Annotated[JsonValue, AfterValidator(_plain)]


OneOf = TypeVar("OneOf", bound=StrEnum)
Name = Annotated[OneOf, Field(strict=False)]
"""A word of a vocabulary, which JSON has as text."""


class Start(Taken):
    """What to assess."""

    role: str = Field(min_length=1, max_length=200)
    seniority: str | None = Field(default=None, max_length=100)
    recorded: bool = False
    """Replay recorded answers even when a model is connected."""


class Claim(Taken):
    """Take a review, or go on holding it."""

    over: Reason | None = None
    """Why to take it from somebody else who holds it; kept in the audit trail."""


class Approve(Taken):
    """Approve exactly this revision."""

    action: Literal["approve"]
    revision: Revision


class SendBack(Taken):
    """Have sections drafted again."""

    action: Literal["send_back"]
    revision: Revision
    reason: Reason
    sections: list[Name[Section]] = Field(default=[], max_length=len(Section))
    """Without any, all that the gate is about."""


class Reject(Taken):
    """End the assessment without a publication."""

    action: Literal["reject"]
    revision: Revision
    reason: Reason


class Defer(Taken):
    """Leave the review open, and have it recorded that it was looked at."""

    action: Literal["defer"]
    revision: Revision


class OneChange(Taken):
    """One value in the place of another."""

    place: str = Field(min_length=1, max_length=200)
    """As `show ID --yaml` has it, for example `inputs.tasks.2.score`; a last part `+` adds to a list."""
    value: Plain
    """The new value; `null` at an entry of a list takes it out."""


class EditBy(Taken):
    """Make a new revision by changes in order. It is guarded and scored, and needs approval of its own."""

    action: Literal["edit"]
    revision: Revision
    changes: list[OneChange] = Field(min_length=1, max_length=MAX_CHANGES)


Decision = Annotated[Approve | SendBack | Reject | Defer | EditBy, Field(discriminator="action")]


class ScoredTask(Taken):
    """A task of a role."""

    name: str = Field(min_length=1, max_length=200)
    share: int = Field(ge=0, le=100)
    """Percent of working time."""
    score: int = Field(ge=1, le=5)
    bucket: Name[Bucket]


class Moved(Taken):
    """A score moved by hand."""

    score: float = Field(ge=0, le=100)
    reason: Reason


class ScoreInput(Taken):
    """The file of `assess-role score`."""

    role: str = Field(min_length=1, max_length=120)
    tasks: list[ScoredTask] = Field(max_length=100)
    evidence: dict[Name[EvidenceName], Annotated[int, Field(ge=-2, le=2)] | None] = Field(max_length=len(EvidenceName))
    """`null` where nothing is known."""
    barriers: dict[Name[BarrierName], Annotated[int, Field(ge=0, le=2)]] = Field(max_length=len(BarrierName))
    growth: int = Field(ge=-2, le=2)
    principles: dict[Name[PrincipleName], Annotated[int, Field(ge=0, le=3)]] = Field(max_length=len(PrincipleName))
    override: Moved | None = None


class Mark(Taken):
    """That a part was looked at and stands, or no longer does. It decides nothing."""

    revision: Revision
    place: Place
    """A task by its id or a dimension, for example `tasks.t3`, `evidence.wages`, `barriers.liability`, `growth`."""
    accepted: bool
    """False takes one's own mark back."""


class Comment(Taken):
    """Something to say about a claim or a part, or about the whole where `place` is empty."""

    revision: Revision
    text: Reason
    place: Place = ""
    """The path of a claim, for example `evidence.wages.claims.0`, or of a part, for example `tasks.t3`."""


class Findings(Part):
    """How many of each tier are open."""

    block: int
    review: int


class Item(Part):
    """A review that waits."""

    id: str
    role: str
    seniority: str
    gate: Gate
    revision: str
    score: float | None
    zone: str | None
    label: str | None
    findings: Findings
    risk: Risk
    opened_at: str
    claimed_by: str | None
    claimed_until: str | None
    requested_by: str | None


class Numbers(Part):
    """What the whole queue holds, whatever was looked for."""

    waiting: int
    blocked: int
    risky: int
    free: int
    gates: dict[Gate, int]
    zones: dict[str, int]
    oldest: str | None


class Queue(Given):
    """A page of the queue, the riskiest first, then the oldest."""

    items: list[Item]
    found: int
    """How many fit, on all pages."""
    next: int | None
    """`start` of the next page; `null` on the last."""
    counts: Numbers


class OpenFinding(Part):
    """A finding of the guard that nobody accepted."""

    model_config = ConfigDict(frozen=True, extra="allow")

    id: str
    tier: Tier
    message: str


class Held(Part):
    """Who holds a review."""

    by: str
    until: str


class Approval(Part):
    """An approval that waits for another one."""

    reviewer: str
    auth: str
    approved_at: str


class AcceptedPart(Part):
    """A task or dimension that somebody looked at and accepted."""

    place: str
    name: str
    accepted_by: list[str]


class AcceptedParts(Part):
    """What was accepted of what waits, one by one. It decides nothing."""

    accepted: int
    of: int
    """How many parts there are."""
    items: list[AcceptedPart]


class Usage(Part):
    """What the model answers cost."""

    calls: int
    input_tokens: int
    output_tokens: int


class Withdrawn(Part):
    """Who withdrew a version, and why."""

    reviewer: str
    auth: str
    channel: str
    reason: str
    withdrawn_at: str


class PublishedAs(Part):
    """Where it was published."""

    version: int
    address: str
    """Of its page on this server."""
    withdrawn: Withdrawn | None


class Stopped(Part):
    """What stopped a run."""

    kind: str | None
    message: str | None
    hint: str | None


class Standing(Part):
    """Where an assessment stands: the document of `assess-role show ID --json`."""

    ok: bool
    """False when the run failed or needs a model: `error` then says why."""
    id: str
    role: str
    seniority: str
    status: Status
    gate: Gate | None
    revision: str | None
    """What waits for a decision, or was decided last."""
    score: float | None
    zone: Zone | None
    label: str | None
    findings: Findings
    open_findings: list[OpenFinding]
    claimed: Held | None
    approvals: list[Approval]
    waits_for: str | None
    """Whose approval it still takes."""
    parts: AcceptedParts | None
    """`null` when nothing waits."""
    usage: Usage
    recorded: bool
    refresh: dict[str, JsonValue] | None
    agreement: dict[str, JsonValue] | None
    """How far independent drafts agree; `null` with one draft."""
    published: PublishedAs | None
    reason: str | None
    control: dict[str, JsonValue] | None
    """What it was, of one that was planted and has ended."""
    error: Stopped | None = None


class RevisionContent(Given):
    """A frozen revision. `revision` is the SHA-256 of the canonical JSON (RFC 8785) of `content`."""

    id: str
    revision: str
    number: int
    gate: Gate
    origin: str
    """`draft` or `edit`."""
    parent: str | None
    created_at: str
    content: Assessment


class Lease(Given):
    """Who holds the review now."""

    id: str
    claimed_by: str
    claimed_until: str


class Released(Given):
    """A review was given back."""

    id: str
    released: bool
    """False when the caller did not hold it."""


class Recorded(Given):
    """What became of a decision."""

    id: str
    action: str
    gate: Gate
    revision: str
    reviewer: str
    decision: str | None
    """Its id; `null` for what decides nothing: an approval that waits for another one, and a deferral."""
    waits_for: str | None
    """Whose approval it still takes."""


class Marked(Given):
    """What is accepted now of the parts of the revision that waits."""

    id: str
    parts: AcceptedParts


class Remark(Part):
    """A comment and where its claim or part stands in what waits."""

    id: str
    revision: str
    """The revision that was commented on."""
    place: str
    claim: str
    fate: Literal["same", "moved", "changed", "gone"]
    author: str
    text: str
    created_at: str
    resolved_by: str | None
    resolved_at: str | None


class Remarks(Given):
    """Every comment, oldest first."""

    items: list[Remark]


class OneRemark(Given):
    """A comment as it is kept."""

    comment: Remark


class PublishedItem(Part):
    """A published version."""

    id: str
    role: str
    seniority: str
    slug: str
    version: int
    revision: str
    score: float
    zone: Zone
    label: str
    published_at: str
    address: str
    """Of its page on this server."""
    withdrawn: Withdrawn | None


class PublishedList(Given):
    """A page of everything published, also of what was withdrawn since, by slug and version."""

    items: list[PublishedItem]
    found: int
    next: int | None


class PublishedDocument(Given):
    """A published version with the document that was approved."""

    published: PublishedItem
    document: PublishedAssessment


class Scored(ScoreResult):
    """What the formula makes of the inputs. Nothing is stored, and nobody checked what they rest on."""

    ok: Literal[True]
    status: Literal["scored"]
    role: str


class Abstained(Given):
    """Too much is unknown for a score."""

    status: Literal["abstained"]
    role: str
    score: None
    reasons: list[str]
    policy: str


class Problem(Part):
    """Why something was not done."""

    kind: str
    message: str
    hint: str | None
    problems: list[str]


class Failure(Part):
    """The shape of every failure, as the command line prints it."""

    ok: Literal[False]
    error: Problem
