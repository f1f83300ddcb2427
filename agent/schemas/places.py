"""Where the claims of an assessment stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from agent.schemas.draft import Claim, Commentary, Inputs
from agent.schemas.lens import Lens
from agent.schemas.vocabulary import Section


class PlacedClaim(NamedTuple):
    """A claim and where it stands in the draft."""

    claim: Claim
    section: Section
    path: str
    """For example `evidence.wages.claims.0`."""


def placed_claims(
    inputs: Inputs | None, commentary: Commentary | None, lens: Lens | None = None
) -> Iterator[PlacedClaim]:
    """Every claim in printed order; `None` is a part that is not drafted."""
    if inputs is not None:
        yield from _input_claims(inputs)
    if commentary is not None:
        for part in Commentary.model_fields:
            yield from _placed(getattr(commentary, part), Section.COMMENTARY, f"commentary.{part}")
    if lens is not None:
        for path, claims in lens.groups():
            yield from _placed(claims, Section.LENS, path)


def _input_claims(inputs: Inputs) -> Iterator[PlacedClaim]:
    for at, task in enumerate(inputs.tasks):
        yield from _placed(task.claims, Section.TASKS, f"tasks.{at}.claims")
    yield from _placed(inputs.reinstatement, Section.TASKS, "reinstatement")
    for evidence, dimension in inputs.evidence.items():
        yield from _placed(dimension.claims, Section.EVIDENCE, f"evidence.{evidence}.claims")
    for name, barrier in inputs.barriers.items():
        yield from _placed(barrier.claims, Section.BARRIERS, f"barriers.{name}.claims")
    for principle, draft in inputs.principles.items():
        yield from _placed(draft.claims, Section.GROWTH, f"principles.{principle}.claims")
    yield from _placed(inputs.growth.claims, Section.GROWTH, "growth.claims")


def _placed(claims: Sequence[Claim], section: Section, path: str) -> Iterator[PlacedClaim]:
    for at, claim in enumerate(claims):
        yield PlacedClaim(claim=claim, section=section, path=f"{path}.{at}")
