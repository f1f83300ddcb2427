"""The AI-driven lens on approved inputs (METHODOLOGY section 7)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator

from agent.drafting.claims import ClaimWire, Line, PackWire, Wire, claims_from_wire, claims_to_wire
from agent.drafting.tasks import whole_percent
from agent.schemas.draft import Claim
from agent.schemas.lens import (
    IMPACTS,
    SIGNALS,
    BarrierDelta,
    Concept,
    EvidenceDelta,
    Lens,
    LensGrowth,
    LensTask,
)
from agent.schemas.vocabulary import BarrierName, EvidenceName, LensBucket, LensOutcome


def _task_id(value: str) -> str:
    if not (value.startswith("t") and value[1:].isdecimal() and len(value) <= 3):
        raise ValueError(f"is {value[:20]!r}, an id of the base is a t and its number, as in t1")
    return value


class ConceptWire(Wire):
    """The four tests before any number."""

    subject_or_method: list[ClaimWire]
    market_evidence: list[ClaimWire]
    base_consistency: list[ClaimWire]
    spine: list[ClaimWire]


class LensTaskWire(Wire):
    """One task of the base under the lens."""

    task_id: Annotated[Line, AfterValidator(_task_id)]
    """The id of the task in the base."""
    share_percent: Annotated[int, AfterValidator(whole_percent)]
    """Share of working time; all shares sum to exactly 100."""
    score: Literal[1, 2, 3, 4, 5]
    bucket: Literal["enhanced", "unchanged", "displaced"]
    tools: list[Line]
    """Names of deployed tools that the claims of this task name."""
    share_claims: list[ClaimWire]
    """Why the share differs from the base's; empty where it does not."""
    score_claims: list[ClaimWire]
    """Why the score differs from the base's; empty where it does not."""


class EvidenceDeltaWire(Wire):
    """A changed evidence dimension."""

    dimension: Literal["job_postings", "company_actions", "wages", "tool_maturity", "expert_consensus"]
    delta: Literal[-4, -3, -2, -1, 1, 2, 3, 4]
    claims: list[ClaimWire]


class BarrierDeltaWire(Wire):
    """A changed barrier."""

    barrier: Literal["regulatory", "physical", "union", "liability", "cultural"]
    delta: Literal[-2, -1, 1]
    claims: list[ClaimWire]


class LensGrowthWire(Wire):
    """A changed growth."""

    score: Literal[-2, -1, 0, 1, 2]
    exists_because_of_ai: bool
    claims: list[ClaimWire]


class LensAnswer(PackWire):
    """The same role, done by somebody who builds and directs agents."""

    outcome: Literal["transforms", "compresses", "already_ai_driven", "no_ai_driven_version"]
    concept: ConceptWire
    tasks: list[LensTaskWire]
    """Every task of the base once; empty for an outcome without a composite."""
    postings_signal: list[ClaimWire]
    durability_signal: list[ClaimWire]
    counter_evidence: list[ClaimWire]
    evidence_deltas: list[EvidenceDeltaWire]
    """Changed dimensions only."""
    barrier_deltas: list[BarrierDeltaWire]
    growth: LensGrowthWire | None
    """Null when growth is as in the base."""
    leverage: list[ClaimWire]
    headcount: list[ClaimWire]
    compounding: list[ClaimWire]
    verification_burden: list[ClaimWire]
    skill_ceiling: list[ClaimWire]


def lens_from_wire(wire: LensAnswer) -> Lens:
    """The lens in domain values, everything in the given order."""
    concept = {name: claims_from_wire(getattr(wire.concept, name)) for name in Concept.model_fields}
    growth = wire.growth
    return Lens(
        outcome=LensOutcome(wire.outcome),
        concept=Concept(**concept),
        tasks=tuple(
            LensTask(
                id=task.task_id,
                share=task.share_percent,
                score=task.score,
                bucket=LensBucket(task.bucket),
                tools=tuple(dict.fromkeys(task.tools)),
                share_claims=claims_from_wire(task.share_claims),
                score_claims=claims_from_wire(task.score_claims),
            )
            for task in wire.tasks
        ),
        evidence=tuple(
            EvidenceDelta(name=EvidenceName(e.dimension), delta=e.delta, claims=claims_from_wire(e.claims))
            for e in wire.evidence_deltas
        ),
        barriers=tuple(
            BarrierDelta(name=BarrierName(b.barrier), delta=b.delta, claims=claims_from_wire(b.claims))
            for b in wire.barrier_deltas
        ),
        growth=None
        if growth is None
        else LensGrowth(
            score=growth.score,
            exists_because_of_ai=growth.exists_because_of_ai,
            claims=claims_from_wire(growth.claims),
        ),
        **{name: claims_from_wire(getattr(wire, name)) for name in (*SIGNALS, *IMPACTS)},
    )


def lens_to_wire(draft: Lens, ends: tuple[str, str]) -> LensAnswer:
    """The lens as a model would have written it. Raises ValidationError for one that the answer could not hold, such as
    a change by 0 that a person wrote down."""
    growth = draft.growth

    def said(claims: tuple[Claim, ...]) -> list[dict[str, object]]:
        return [claim.model_dump() for claim in claims_to_wire(claims)]

    return LensAnswer.model_validate(
        {
            "first_passage_id": ends[0],
            "last_passage_id": ends[1],
            "outcome": draft.outcome.value,
            "concept": {name: said(getattr(draft.concept, name)) for name in Concept.model_fields},
            "tasks": [
                {
                    "task_id": task.id,
                    "share_percent": task.share,
                    "score": task.score,
                    "bucket": task.bucket.value,
                    "tools": list(task.tools),
                    "share_claims": said(task.share_claims),
                    "score_claims": said(task.score_claims),
                }
                for task in draft.tasks
            ],
            "evidence_deltas": [
                {"dimension": e.name.value, "delta": e.delta, "claims": said(e.claims)} for e in draft.evidence
            ],
            "barrier_deltas": [
                {"barrier": b.name.value, "delta": b.delta, "claims": said(b.claims)} for b in draft.barriers
            ],
            "growth": None if growth is None else {**growth.model_dump(), "claims": said(growth.claims)},
            **{name: said(getattr(draft, name)) for name in (*SIGNALS, *IMPACTS)},
        }
    )
