"""What the guard says of the pairs, without any judge. It sees more than a pair shows: the quotes, too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from evals.calibration.choose import Chosen, chosen
from evals.calibration.pairs import Pair
from evals.seeded.guarding import judge


class Guarded(NamedTuple):
    """Of one pair."""

    blocked: bool
    """At least one BLOCK finding: the claim is stopped for good."""
    flagged: bool
    """At least one finding of either tier: a person has to look at it."""


def guarded(of: Sequence[Pair], found: Sequence[Chosen] | None = None) -> dict[str, Guarded] | None:
    """By the pair's id; `None` where recordings or operators no longer give these pairs.

    `found` are the pairs as they are chosen today, made anew without it.
    """
    found = chosen() if found is None else found
    if [each.pair for each in found] != list(of):
        return None
    return {each.pair.id: _guarded(each) for each in found}


def _guarded(each: Chosen) -> Guarded:
    said = judge(each.sample)
    return Guarded(bool(said.block), bool(said.block or said.review))
