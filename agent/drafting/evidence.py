"""The five evidence dimensions (METHODOLOGY sections 1, 8 and 10)."""

from __future__ import annotations

from typing import Literal

from agent.drafting.claims import ClaimWire, PackWire, Paragraph, Wire, claims_from_wire, claims_to_wire
from agent.schemas.base import Value
from agent.schemas.draft import EvidenceDraft
from agent.schemas.vocabulary import EvidenceName


class DimensionWire(Wire):
    """One dimension; `score` is null when the passages say nothing about it."""

    score: Literal[-2, -1, 0, 1, 2] | None
    claims: list[ClaimWire]
    gap: Paragraph | None
    """What is missing, or null."""


class EvidenceAnswer(PackWire):
    """The evidence from the market."""

    job_postings: DimensionWire
    company_actions: DimensionWire
    wages: DimensionWire
    tool_maturity: DimensionWire
    expert_consensus: DimensionWire


class EvidenceSection(Value):
    """The section's draft in domain values."""

    dimensions: dict[EvidenceName, EvidenceDraft]


def evidence_from_wire(wire: EvidenceAnswer) -> EvidenceSection:
    """The five dimensions in printed order."""
    return EvidenceSection(
        dimensions={
            name: EvidenceDraft(
                score=getattr(wire, name.value).score,
                claims=claims_from_wire(getattr(wire, name.value).claims),
                gap=getattr(wire, name.value).gap,
            )
            for name in EvidenceName
        }
    )


def evidence_to_wire(draft: EvidenceSection, ends: tuple[str, str]) -> EvidenceAnswer:
    """The draft as a model would have written it."""
    return EvidenceAnswer.model_validate(
        {
            "first_passage_id": ends[0],
            "last_passage_id": ends[1],
            **{
                name.value: {"score": d.score, "claims": claims_to_wire(d.claims), "gap": d.gap}
                for name, d in draft.dimensions.items()
            },
        }
    )
