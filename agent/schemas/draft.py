"""What a model drafts and a person edits: claims with citations, and the inputs they support (METHODOLOGY 1, 4, 10)."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from pydantic import Field

from agent.schemas.base import Value
from agent.schemas.scored import (
    BarrierScore,
    EvidenceScore,
    GrowthScore,
    PrincipleScore,
    ScoredTask,
    ScoreInputs,
)
from agent.schemas.vocabulary import BarrierName, EvidenceName, PrincipleName

SHORT = 300
LONG = 2000


class ClaimKind(StrEnum):
    """Whether a claim rests on a citation or on the assessor's judgement."""

    SOURCED = "sourced"
    JUDGEMENT = "judgement"


class Stance(StrEnum):
    """Which way a claim points for the role: protecting it, threatening it, or neither."""

    FOR = "for"
    AGAINST = "against"
    CONTEXT = "context"


class Citation(Value):
    """A verbatim span of one stored passage."""

    passage: str = Field(min_length=1, max_length=64)
    """The passage's id."""
    quote: str = Field(min_length=1, max_length=LONG)
    """Copied from the passage, word for word."""
    as_drafted: str | None = Field(default=None, max_length=LONG, exclude_if=lambda value: value is None)
    """The quote as it was drafted, where a slip in copying was replaced by the exact text; otherwise `None`."""


class Claim(Value):
    """One sentence of a rationale."""

    text: str = Field(min_length=1, max_length=LONG)
    kind: ClaimKind
    stance: Stance
    proxy: str | None = Field(default=None, max_length=SHORT)
    """The other role, country or population the evidence speaks of; `None` when it speaks of the role itself."""
    horizon: str | None = Field(default=None, max_length=60)
    """A time horizon such as "2 to 4 years": the assessor's judgement, never part of the text."""
    citations: tuple[Citation, ...] = ()


class NotThisRole(Value):
    """A neighbouring role that this one is easily mistaken for."""

    title: str = Field(min_length=1, max_length=SHORT)
    difference: str = Field(min_length=1, max_length=LONG)


class RoleFrame(Value):
    """What is being assessed, fixed before any evidence is read."""

    title: str = Field(min_length=1, max_length=120)
    seniority: str = Field(min_length=1, max_length=60)
    function: str = Field(min_length=1, max_length=LONG)
    aliases: tuple[str, ...]
    """Other titles for the same role."""
    proxies: tuple[str, ...]
    """Neighbouring roles whose evidence may be used when it is named as such."""
    is_not: tuple[NotThisRole, ...]
    experience: str = Field(min_length=1, max_length=LONG)
    seniority_note: str = Field(min_length=1, max_length=LONG)
    """How other levels of the role would differ: a hypothesis, not assessed."""
    tags: tuple[str, ...]

    @property
    def others(self) -> tuple[str, ...]:
        """The titles of all other roles that it names, each once: those it is not, then its proxies."""
        return tuple(dict.fromkeys((*(other.title for other in self.is_not), *self.proxies)))


class TaskDraft(ScoredTask):
    """One task with the reasons for its share, score and bucket."""

    id: str = Field(pattern=r"^t\d{1,2}$")
    """Stable through redrafts, edits and lenses of one assessment."""
    claims: tuple[Claim, ...]


class EvidenceDraft(Value):
    """One evidence dimension. `score` is `None` when no admissible claim was found."""

    score: EvidenceScore | None
    claims: tuple[Claim, ...]
    """Strongest first; those for the role and those against it."""
    gap: str | None = Field(default=None, max_length=LONG)
    """What is missing, in the drafter's words."""


class BarrierDraft(Value):
    """One barrier to replacement."""

    score: BarrierScore
    claims: tuple[Claim, ...]


class PrincipleDraft(Value):
    """One protective principle."""

    score: PrincipleScore
    claims: tuple[Claim, ...]


class GrowthDraft(Value):
    """Whether AI adoption creates demand for the role."""

    score: GrowthScore
    claims: tuple[Claim, ...]


class Inputs(Value):
    """Everything a reviewer approves at gate 1."""

    tasks: tuple[TaskDraft, ...]
    reinstatement: tuple[Claim, ...]
    """New tasks that AI creates for the role."""
    evidence: dict[EvidenceName, EvidenceDraft]
    barriers: dict[BarrierName, BarrierDraft]
    principles: dict[PrincipleName, PrincipleDraft]
    growth: GrowthDraft
    gaps: tuple[str, ...] = ()
    """What the drafts said they could not find, in printed order."""

    def map_claims(self, change: Callable[[Claim], Claim]) -> Inputs:
        """The same inputs with every claim changed."""

        def changed(claims: tuple[Claim, ...]) -> dict[str, tuple[Claim, ...]]:
            return {"claims": tuple(change(claim) for claim in claims)}

        return self.model_copy(
            update={
                "tasks": tuple(task.model_copy(update=changed(task.claims)) for task in self.tasks),
                "reinstatement": tuple(change(claim) for claim in self.reinstatement),
                "evidence": {n: part.model_copy(update=changed(part.claims)) for n, part in self.evidence.items()},
                "barriers": {n: part.model_copy(update=changed(part.claims)) for n, part in self.barriers.items()},
                "principles": {n: part.model_copy(update=changed(part.claims)) for n, part in self.principles.items()},
                "growth": self.growth.model_copy(update=changed(self.growth.claims)),
            }
        )

    def scored(self) -> ScoreInputs:
        """The part that the formula sees."""
        return ScoreInputs(
            tasks=tuple(ScoredTask(name=t.name, share=t.share, score=t.score, bucket=t.bucket) for t in self.tasks),
            evidence={name: draft.score for name, draft in self.evidence.items()},
            barriers={name: draft.score for name, draft in self.barriers.items()},
            growth=self.growth.score,
            principles={name: draft.score for name, draft in self.principles.items()},
        )


class Commentary(Value):
    """The words around the numbers, drafted after gate 1 and approved at gate 2."""

    summary: tuple[Claim, ...]
    score_against_reality: tuple[Claim, ...]
    not_captured: tuple[Claim, ...]
    who_should_worry: tuple[Claim, ...]
    who_should_not: tuple[Claim, ...]
    separator: tuple[Claim, ...]
    """The single biggest separator between those two."""
    outlook: tuple[Claim, ...]
    """The role in two to three years."""
    survival_strategy: tuple[Claim, ...]
    timeline: tuple[Claim, ...]

    def map_claims(self, change: Callable[[Claim], Claim]) -> Commentary:
        """The same commentary with every claim changed."""
        parts = {name: tuple(change(claim) for claim in getattr(self, name)) for name in Commentary.model_fields}
        return self.model_copy(update=parts)
