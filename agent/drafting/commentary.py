"""The commentary around approved numbers (METHODOLOGY section 11)."""

from __future__ import annotations

from agent.drafting.claims import ClaimWire, PackWire, claims_from_wire, claims_to_wire
from agent.schemas.draft import Commentary


class CommentaryAnswer(PackWire):
    """The words around the numbers."""

    summary: list[ClaimWire]
    score_against_reality: list[ClaimWire]
    not_captured: list[ClaimWire]
    who_should_worry: list[ClaimWire]
    who_should_not: list[ClaimWire]
    separator: list[ClaimWire]
    outlook: list[ClaimWire]
    survival_strategy: list[ClaimWire]
    timeline: list[ClaimWire]


def commentary_from_wire(wire: CommentaryAnswer) -> Commentary:
    """The commentary in domain values."""
    return Commentary(**{name: claims_from_wire(getattr(wire, name)) for name in Commentary.model_fields})


def commentary_to_wire(draft: Commentary, ends: tuple[str, str]) -> CommentaryAnswer:
    """The commentary as a model would have written it."""
    return CommentaryAnswer.model_validate(
        {
            "first_passage_id": ends[0],
            "last_passage_id": ends[1],
            **{name: claims_to_wire(getattr(draft, name)) for name in Commentary.model_fields},
        }
    )
