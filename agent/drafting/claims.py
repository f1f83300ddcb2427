"""Claims as a model writes them, and their way into the domain and back.

Wire models hold only what strict JSON schema accepts: every field required, closed vocabularies as enumerations, no
ranges, no defaults. Limits that a schema cannot say are checked by validators, so that a breach is told to the model.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict

from agent.schemas.draft import LONG, SHORT, Citation, Claim, ClaimKind, Stance
from agent.schemas.text import one_line


def _filled(limit: int) -> AfterValidator:
    def check(value: str) -> str:
        text = one_line(value)
        if not text:
            raise ValueError("must not be empty")
        if len(text) > limit:
            raise ValueError(f"has {len(text)} characters, at most {limit} are allowed")
        return text

    return AfterValidator(check)


Line = Annotated[str, _filled(SHORT)]
Paragraph = Annotated[str, _filled(LONG)]


class Wire(BaseModel):
    """Base of every answer a model gives."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class PackWire(Wire):
    """An answer to a request with passages: both ends of the pack are copied, so that a cut prompt is seen."""

    first_passage_id: str
    """The id of the first passage of the request."""
    last_passage_id: str
    """The id of the last passage of the request."""


class CitationWire(Wire):
    """A quote and where it stands."""

    passage_id: Line
    """An id from the request."""
    quote: Paragraph
    """One unbroken run of the passage, character for character, at least 12 characters."""


class ClaimWire(Wire):
    """One sentence of a rationale."""

    text: Paragraph
    kind: Literal["sourced", "judgement"]
    stance: Literal["for", "against", "context"]
    """Whether it speaks for or against the role's resistance to replacement."""
    proxy: Line | None
    """The other role, country or population it speaks of; null when that is this role, a tool or a task."""
    horizon: Annotated[str, _filled(60)] | None
    """A time span that is the drafter's judgement, in words; otherwise null."""
    citations: list[CitationWire]
    """Empty for a judgement."""


def claim_from_wire(wire: ClaimWire) -> Claim:
    """The domain claim of a wire claim."""
    return Claim(
        text=wire.text,
        kind=ClaimKind(wire.kind),
        stance=Stance(wire.stance),
        proxy=wire.proxy,
        horizon=wire.horizon,
        citations=tuple(Citation(passage=c.passage_id, quote=c.quote) for c in wire.citations),
    )


def claims_from_wire(wires: list[ClaimWire]) -> tuple[Claim, ...]:
    """The domain claims, in the given order."""
    return tuple(claim_from_wire(wire) for wire in wires)


def claims_to_wire(claims: tuple[Claim, ...]) -> list[ClaimWire]:
    """The claims as a model would have written them, for a redraft."""
    return [
        ClaimWire(
            text=claim.text,
            kind=claim.kind.value,
            stance=claim.stance.value,
            proxy=claim.proxy,
            horizon=claim.horizon,
            citations=[CitationWire(passage_id=c.passage, quote=c.quote) for c in claim.citations],
        )
        for claim in claims
    ]
