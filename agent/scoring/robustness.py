"""How firmly the zone stands (METHODOLOGY section 8): each task score and total one step up and down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from agent.schemas.scored import Robustness, Step
from agent.schemas.vocabulary import Zone
from agent.scoring.crossings import NEIGHBOURS, crossings
from agent.scoring.levers import Levers
from agent.scoring.zones import WORD, zone


def table(levers: Levers) -> tuple[Step, ...]:
    """Every single step that stays inside its range: each lever down and then up, in the order of the levers."""
    size = levers.policy.robustness_step
    return tuple(
        levers.step(lever, lever.value, lever.value + by, levers.moved(levers.start, lever, by))
        for lever in levers.all
        for by in (-size, size)
        if lever.value + by in lever.bounds
    )


def joint(levers: Levers, sign: int) -> float:
    """The score with each input one step better (`sign` 1) or worse (-1); an input at its end stays."""
    size = levers.policy.robustness_step
    point = levers.start
    for lever in levers.all:
        by = size * sign * lever.favourable
        if lever.value + by in lever.bounds:
            point = levers.moved(point, lever, by)
    return levers.tenths(point) / 10


def verdict(here: Zone, steps: int, flips: Sequence[Step]) -> str:
    """One sentence on the single steps, generated from their counts."""
    if not flips:
        return f"No single step of {steps} changes the zone."
    counts = Counter(step.zone for step in flips)
    order = [z for z in Zone if counts[z] or z in NEIGHBOURS[here]]
    parts = ", ".join(f"{counts[z] or 'none'} to {WORD[z]}" for z in order)
    change = "changes" if len(flips) == 1 else "change"
    return f"{len(flips)} of {steps} single steps {change} the zone: {parts}."


def robustness(levers: Levers) -> Robustness:
    """The robustness of the zone at the point where `levers` start.

    The steps are those of METHODOLOGY section 8: each task score (buckets ignored) and the totals E, B and G by one,
    inside their ranges. An override is a constant: with one, every score here is the formula's score at that point
    moved by the same number of points as the score of record was (`Levers.shift`), kept inside the range of scores.
    So the flips say what would change the zone that is printed.
    """
    policy = levers.policy
    here = zone(levers.tenths(levers.start) / 10, policy)
    every = table(levers)
    flips = tuple(step for step in every if step.zone is not here)
    low, high = joint(levers, -1), joint(levers, 1)
    return Robustness(
        steps=len(every),
        flips=flips,
        table=every,
        joint_low=low,
        joint_high=high,
        joint_low_zone=zone(low, policy),
        joint_high_zone=zone(high, policy),
        crossings=crossings(levers, here, flips),
        verdict=verdict(here, len(every), flips),
    )
