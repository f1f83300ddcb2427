"""Protective principles and growth (METHODOLOGY sections 1 and 5)."""

from __future__ import annotations

from typing import Literal

from agent.drafting.claims import ClaimWire, PackWire, Wire, claims_from_wire, claims_to_wire
from agent.schemas.base import Value
from agent.schemas.draft import GrowthDraft, PrincipleDraft
from agent.schemas.vocabulary import PrincipleName


class PrincipleWire(Wire):
    """One protective principle."""

    score: Literal[0, 1, 2, 3]
    claims: list[ClaimWire]


class GrowthWire(Wire):
    """Whether AI adoption creates demand for the role."""

    score: Literal[-2, -1, 0, 1, 2]
    claims: list[ClaimWire]


class GrowthAnswer(PackWire):
    """The three principles and growth."""

    physicality: PrincipleWire
    interpersonal: PrincipleWire
    judgment: PrincipleWire
    growth: GrowthWire


class GrowthSection(Value):
    """The section's draft in domain values."""

    principles: dict[PrincipleName, PrincipleDraft]
    growth: GrowthDraft


def growth_from_wire(wire: GrowthAnswer) -> GrowthSection:
    """The principles in printed order, and growth."""
    return GrowthSection(
        principles={
            name: PrincipleDraft(
                score=getattr(wire, name.value).score, claims=claims_from_wire(getattr(wire, name.value).claims)
            )
            for name in PrincipleName
        },
        growth=GrowthDraft(score=wire.growth.score, claims=claims_from_wire(wire.growth.claims)),
    )


def growth_to_wire(draft: GrowthSection, ends: tuple[str, str]) -> GrowthAnswer:
    """The draft as a model would have written it."""
    return GrowthAnswer.model_validate(
        {
            "first_passage_id": ends[0],
            "last_passage_id": ends[1],
            **{
                name.value: {"score": p.score, "claims": claims_to_wire(p.claims)}
                for name, p in draft.principles.items()
            },
            "growth": {"score": draft.growth.score, "claims": claims_to_wire(draft.growth.claims)},
        }
    )
