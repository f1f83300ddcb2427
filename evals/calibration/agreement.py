"""How far two who judged the same pairs agree, with 95 % intervals. What is looked for is `unsupported`."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from evals.seeded.intervals import Rate, rate

RESAMPLES = 2000
"""Of the bootstrap: enough for two digits of its limits."""
SEED = 20261128


class Said(NamedTuple):
    """Of one pair: whether it is unsupported."""

    truly: bool
    """By the labels, or the first of two who labelled."""
    told: bool
    """By the one who is measured."""


class Kappa(NamedTuple):
    """Cohen's kappa: 1 is full agreement, 0 what chance gives, below 0 less than that."""

    value: float | None
    """`None` where both always say the same one thing, or there are no pairs: nothing to agree on."""
    low: float | None
    high: float | None


class Agreement(NamedTuple):
    """Everything that is told of one who was measured."""

    pairs: int
    recall: Rate | None
    """Share of the unsupported that was told as such; `None` where none is unsupported."""
    precision: Rate | None
    """Share of what was told as unsupported that is so; `None` where nothing was."""
    kappa: Kappa


def agreement(said: Sequence[Said]) -> Agreement:
    """All figures; the pairs count as independent of one another, since no two share a claim."""
    return Agreement(
        pairs=len(said),
        recall=_share([each.told for each in said if each.truly]),
        precision=_share([each.truly for each in said if each.told]),
        kappa=kappa(said),
    )


def kappa(said: Sequence[Said]) -> Kappa:
    """Cohen (Educational and Psychological Measurement 20, 1960), with percentiles of a seeded bootstrap over pairs.

    Samples in which kappa is not defined are left out. Where all agree, no sample differs: the interval is a point.
    """
    value = cohen(said)
    if value is None:
        return Kappa(None, None, None)
    rng = random.Random(SEED)
    drawn = (cohen(rng.choices(said, k=len(said))) for _ in range(RESAMPLES))
    found = sorted(each for each in drawn if each is not None)
    return Kappa(value, found[round(0.025 * (len(found) - 1))], found[round(0.975 * (len(found) - 1))])


def cohen(said: Sequence[Said]) -> float | None:
    """Kappa itself; `None` where it is not defined."""
    count = len(said)
    table = Counter(said)
    agreed = table[Said(True, True)] + table[Said(False, False)]
    truly, told = sum(each.truly for each in said), sum(each.told for each in said)
    # In whole numbers, so that agreement by chance alone is exactly 0 and not nearly so.
    chance = truly * told + (count - truly) * (count - told)
    if chance == count * count:
        return None
    return (agreed * count - chance) / (count * count - chance)


def _share(hits: Sequence[bool]) -> Rate | None:
    """Wilson's interval; `None` of nothing."""
    return rate(hits, [str(number) for number in range(len(hits))]) if hits else None
