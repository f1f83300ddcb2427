"""What the guard says of the pairs, without any judge. It sees more than a pair shows: the quotes, too."""

from __future__ import annotations

from typing import NamedTuple

from evals.calibration.choose import Chosen
from evals.seeded.guarding import judge


class Guarded(NamedTuple):
    """Of one pair."""

    blocked: bool
    """At least one BLOCK finding: the claim is stopped for good."""
    flagged: bool
    """At least one finding of either tier: a person has to look at it."""


def guarded(chosen: list[Chosen]) -> dict[str, Guarded]:
    """By the pair's id."""
    found = {}
    for each in chosen:
        said = judge(each.sample)
        found[each.pair.id] = Guarded(bool(said.block), bool(said.block or said.review))
    return found
