"""The terms that add up to the printed score (METHODOLOGY section 8)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor

from agent.schemas.scored import Contribution
from agent.scoring.arithmetic import Point, clamp, digits, factors, round_half_up
from agent.scoring.policy import POLICY, Policy


def contributions(
    resistance: Fraction, point: Point, *, override: Fraction | None = None, policy: Policy = POLICY
) -> tuple[Contribution, ...]:
    """What tasks, evidence, barriers and growth each add when the factors are applied in formula order.

    `resistance` is the exact TR. The printed points are rounded by largest remainder, ties in formula order, so that
    they add up to the formula's score of record. `clamp` appears when the composite leaves the range of scores.
    `override` is the overridden score of record: its term is the whole difference, and appears when that is not 0.
    """
    by_evidence, by_barriers, by_growth = factors(point.evidence, point.barriers, point.growth, policy)
    after_evidence = resistance * by_evidence
    after_barriers = after_evidence * by_barriers
    points = 100 / policy.raw_span
    terms = [
        ("tasks", (resistance - policy.raw_floor) * points),
        ("evidence", (after_evidence - resistance) * points),
        ("barriers", (after_barriers - after_evidence) * points),
        ("growth", after_barriers * (by_growth - 1) * points),
    ]
    unclamped = sum((value for _, value in terms), Fraction(0))
    clamped = clamp(unclamped, policy)
    if clamped != unclamped:
        terms.append(("clamp", clamped - unclamped))
    record = round_half_up(clamped)
    printed = largest_remainder([value for _, value in terms], total=int(record * 10))
    if override is not None and override != record:
        terms.append(("override", override - record))
        printed.append(int((override - record) * 10))
    return tuple(
        Contribution(factor=factor, points=tenths / 10, unrounded=digits(value, 6))
        for (factor, value), tenths in zip(terms, printed, strict=True)
    )


def largest_remainder(values: Sequence[Fraction], *, total: int, unit: int = 10) -> list[int]:
    """`values` in tenths, or in parts of 1 / `unit`, so that they sum to `total` parts; the earlier value wins a tie.

    `total` must be the sum of `values` in parts, rounded: every value then ends up within one part of itself.
    """
    floors = [floor(value * unit) for value in values]
    remainders = [value * unit - whole for value, whole in zip(values, floors, strict=True)]
    by_remainder = sorted(range(len(values)), key=lambda i: (-remainders[i], i))
    for i in by_remainder[: total - sum(floors)]:
        floors[i] += 1
    return floors
