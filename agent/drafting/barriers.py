"""The five barriers (METHODOLOGY section 1)."""

from __future__ import annotations

from typing import Literal

from agent.drafting.claims import ClaimWire, PackWire, Wire, claims_from_wire, claims_to_wire
from agent.schemas.base import Value
from agent.schemas.draft import BarrierDraft
from agent.schemas.vocabulary import BarrierName


class BarrierWire(Wire):
    """One barrier."""

    score: Literal[0, 1, 2]
    claims: list[ClaimWire]


class BarriersAnswer(PackWire):
    """What keeps AI from doing the work even where it can."""

    regulatory: BarrierWire
    physical: BarrierWire
    union: BarrierWire
    liability: BarrierWire
    cultural: BarrierWire


class BarriersSection(Value):
    """The section's draft in domain values."""

    barriers: dict[BarrierName, BarrierDraft]


def barriers_from_wire(wire: BarriersAnswer) -> BarriersSection:
    """The five barriers in printed order."""
    return BarriersSection(
        barriers={
            name: BarrierDraft(
                score=getattr(wire, name.value).score, claims=claims_from_wire(getattr(wire, name.value).claims)
            )
            for name in BarrierName
        }
    )


def barriers_to_wire(draft: BarriersSection, ends: tuple[str, str]) -> BarriersAnswer:
    """The draft as a model would have written it."""
    return BarriersAnswer.model_validate(
        {
            "first_passage_id": ends[0],
            "last_passage_id": ends[1],
            **{
                name.value: {"score": b.score, "claims": claims_to_wire(b.claims)} for name, b in draft.barriers.items()
            },
        }
    )
