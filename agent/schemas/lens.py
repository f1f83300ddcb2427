"""The AI-driven lens: the same role, done by somebody who builds and directs agents (METHODOLOGY section 7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated

from pydantic import Field

from agent.schemas.base import Value
from agent.schemas.draft import SHORT, Claim
from agent.schemas.scored import GrowthScore, Intermediate, Share, TaskScore
from agent.schemas.vocabulary import BarrierName, EvidenceName, LensBucket, LensOutcome, Zone

Tool = Annotated[str, Field(min_length=1, max_length=SHORT)]
EvidenceChange = Annotated[int, Field(ge=-4, le=4, strict=True)]
BarrierChange = Annotated[int, Field(ge=-2, le=2, strict=True)]


class Concept(Value):
    """The concept gate, before any number: four tests, each in claims."""

    subject_or_method: tuple[Claim, ...]
    """T1: is the role already the end state, its subject being AI itself, or does AI change how it is done?"""
    market_evidence: tuple[Claim, ...]
    """T2: what the market shows; a senior title is no evidence."""
    base_consistency: tuple[Claim, ...]
    """T3: why the outcome does not contradict zone and growth of the base."""
    spine: tuple[Claim, ...]
    """T4: without "uses AI, is faster", what reason to survive remains, and is there dominant named evidence of
    commoditisation?"""


class LensTask(Value):
    """One task of the base as it is done by somebody who directs agents."""

    id: str = Field(pattern=r"^t\d{1,2}$")
    """The id of the task in the base."""
    share: Share
    """Share of working time, whole percent."""
    score: TaskScore
    bucket: LensBucket
    tools: tuple[Tool, ...] = ()
    """Deployed tools by name, each as a claim of this task and what it cites name it."""
    share_claims: tuple[Claim, ...] = ()
    """Why the share differs from that of the base; empty where it does not."""
    score_claims: tuple[Claim, ...] = ()
    """Why the score differs from that of the base; empty where it does not."""


class EvidenceDelta(Value):
    """What the lens changes of one evidence dimension."""

    name: EvidenceName
    delta: EvidenceChange
    claims: tuple[Claim, ...]


class BarrierDelta(Value):
    """What the lens changes of one barrier."""

    name: BarrierName
    delta: BarrierChange
    claims: tuple[Claim, ...]


class LensGrowth(Value):
    """Growth under the lens, where it differs from the base."""

    score: GrowthScore
    exists_because_of_ai: bool
    """The AI-driven role exists because of AI; without it growth is at most +1."""
    claims: tuple[Claim, ...]


class Lens(Value):
    """A drafted lens. One whose outcome has no composite holds the concept gate and, at most, claims."""

    outcome: LensOutcome
    concept: Concept
    tasks: tuple[LensTask, ...]
    """Every task of the base once."""
    postings_signal: tuple[Claim, ...]
    """The first signal: what current postings ask for."""
    durability_signal: tuple[Claim, ...]
    """The second signal: wages, or how long the work lasts."""
    counter_evidence: tuple[Claim, ...]
    """The strongest evidence against the outcome."""
    evidence: tuple[EvidenceDelta, ...]
    """Changed dimensions only; every other stands as in the base."""
    barriers: tuple[BarrierDelta, ...]
    growth: LensGrowth | None
    """`None`: as in the base."""
    leverage: tuple[Claim, ...]
    """L1: how much of the work can be built once and used again."""
    headcount: tuple[Claim, ...]
    """L2: how many people remain."""
    compounding: tuple[Claim, ...]
    """L3: whether what is built keeps its use."""
    verification_burden: tuple[Claim, ...]
    """L4: what has to be checked, and what a missed fault costs."""
    skill_ceiling: tuple[Claim, ...]
    """L5: where the bar to hold a seat lies."""

    def groups(self) -> Iterator[tuple[str, tuple[Claim, ...]]]:
        """Every group of claims by its place, for example `lens.tasks.0.share_claims`, in printed order."""
        for name in Concept.model_fields:
            yield f"lens.concept.{name}", getattr(self.concept, name)
        for at, task in enumerate(self.tasks):
            yield f"lens.tasks.{at}.share_claims", task.share_claims
            yield f"lens.tasks.{at}.score_claims", task.score_claims
        for name in SIGNALS:
            yield f"lens.{name}", getattr(self, name)
        for at, evidence in enumerate(self.evidence):
            yield f"lens.evidence.{at}.claims", evidence.claims
        for at, barrier in enumerate(self.barriers):
            yield f"lens.barriers.{at}.claims", barrier.claims
        if self.growth is not None:
            yield "lens.growth.claims", self.growth.claims
        for name in IMPACTS:
            yield f"lens.{name}", getattr(self, name)

    def map_claims(self, change: Callable[[Claim], Claim]) -> Lens:
        """The same lens with every claim changed."""

        def changed(claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
            return tuple(change(claim) for claim in claims)

        tasks = tuple(
            task.model_copy(
                update={"share_claims": changed(task.share_claims), "score_claims": changed(task.score_claims)}
            )
            for task in self.tasks
        )
        concept = {name: changed(getattr(self.concept, name)) for name in Concept.model_fields}
        growth = self.growth
        return self.model_copy(
            update={
                "concept": self.concept.model_copy(update=concept),
                "tasks": tasks,
                "evidence": tuple(e.model_copy(update={"claims": changed(e.claims)}) for e in self.evidence),
                "barriers": tuple(b.model_copy(update={"claims": changed(b.claims)}) for b in self.barriers),
                "growth": None if growth is None else growth.model_copy(update={"claims": changed(growth.claims)}),
                **{name: changed(getattr(self, name)) for name in (*SIGNALS, *IMPACTS)},
            }
        )


SIGNALS = ("postings_signal", "durability_signal", "counter_evidence")
"""Two signals and the check against them, in printed order."""
IMPACTS = ("leverage", "headcount", "compounding", "verification_burden", "skill_ceiling")
"""L1 to L5, in printed order."""


class LensReread(Value):
    """The score with some inputs read one step more conservatively."""

    name: str
    """What is read anew, in words."""
    joint: bool
    """Several axes at once: shown, and no part of the question whether the zone is fragile."""
    task_resistance: str
    """Exact decimal digits."""
    evidence: int
    barriers: int
    growth: int
    score: float
    zone: Zone


class LensResult(Value):
    """What the formula makes of a lens, with everything needed to recompute and doubt it."""

    score: float
    """0..100, one decimal. There is no override."""
    unrounded: str
    """The composite before clamping and rounding, 12 decimals."""
    zone: Zone
    distance: str
    """The distance to the nearest line in words, generated from the score."""
    verdict: str
    """Outcome, score and zone beside those of the base, in one sentence."""
    base_score: float
    """The formula score of the base, without an override."""
    base_zone: Zone
    """The zone of that score."""
    change: float
    """Points from the base's formula score to this one."""
    task_resistance: str
    """Exact decimal digits."""
    evidence: int
    barriers: int
    growth: int
    derivation: tuple[Intermediate, ...]
    """Every intermediate figure in formula order."""
    split: dict[LensBucket, int]
    """Percent of working time a bucket."""
    rereads: tuple[LensReread, ...]
    """One axis at a time, then the joint ones."""
    fragile: bool
    fragility: str
    """Why it is fragile, or why not, in one sentence."""
    clamped: bool
    policy: str
    """The version of the policy that gave this result."""
