"""The composite, exact (METHODOLOGY sections 1 and 2).

    raw   = TR × (1 + 0.04·E) × (1 + 0.02·B) × (1 + 0.05·G)
    score = (raw − 0.54) / 7.93 × 100

`composite` says it in fractions. `Formula` is the same map over whole numbers, for the many scores of a robustness
table; a property test holds the two equal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import prod
from typing import NamedTuple, Protocol

from agent.scoring.policy import POLICY, Policy


class Weighed(Protocol):
    """A task as far as task resistance sees it."""

    @property
    def share(self) -> int:
        """Percent of working time."""
        ...

    @property
    def score(self) -> int:
        """1 to 5."""
        ...


class Point(NamedTuple):
    """What the composite is a function of. `resistance` is TR in units of 1 / `Formula.scale`."""

    resistance: int
    evidence: int
    barriers: int
    growth: int


@dataclass(frozen=True, slots=True)
class Formula:
    """The composite as whole-number arithmetic: ten times the score is (gain · product − offset) / divisor."""

    scale: int
    """Units of TR in 1.00: whole-percent shares give exact hundredths."""
    per_share: int
    """Units of TR in one percent of share, scored one point lower."""
    top: int
    """TR in units before the weighted task score is taken off."""
    evidence: tuple[int, int]
    """Numerator and denominator of the weight of a point; so for barriers and growth."""
    barriers: tuple[int, int]
    growth: tuple[int, int]
    gain: int
    offset: int
    divisor: int
    low: int
    """The clamp, in tenths of a point."""
    high: int

    def resistance(self, tasks: Iterable[Weighed]) -> int:
        """Task resistance in units of 1 / `scale`."""
        return self.top - self.per_share * sum(task.share * task.score for task in tasks)

    def factors(self, point: Point) -> tuple[int, int, int, int]:
        """The whole numbers whose product the score depends on: resistance, and one for each of E, B and G."""
        (en, ed), (bn, bd), (gn, gd) = self.evidence, self.barriers, self.growth
        return point.resistance, ed + en * point.evidence, bd + bn * point.barriers, gd + gn * point.growth

    def tenths(self, point: Point) -> int:
        """The formula's score of record in tenths of a point: clamped, rounded half up."""
        return self.of_product(prod(self.factors(point)))

    def of_product(self, product: int) -> int:
        """The same from the product of `factors`; it never falls when the product rises."""
        value = self.gain * product - self.offset
        return min(max((2 * value + self.divisor) // (2 * self.divisor), self.low), self.high)


@lru_cache(maxsize=8)
def formula(policy: Policy = POLICY) -> Formula:
    """The whole-number form of the composite under `policy`."""
    evidence, barriers, growth = policy.evidence_weight, policy.barrier_weight, policy.growth_weight
    per_share = policy.tr_base.denominator
    scale = policy.share_total * per_share
    divisor = scale * evidence.denominator * barriers.denominator * growth.denominator
    lowest, span = policy.raw_floor, policy.raw_span
    return Formula(
        scale=scale,
        per_share=per_share,
        top=int(policy.tr_base * scale),
        evidence=evidence.as_integer_ratio(),
        barriers=barriers.as_integer_ratio(),
        growth=growth.as_integer_ratio(),
        gain=1000 * lowest.denominator * span.denominator,
        offset=1000 * lowest.numerator * span.denominator * divisor,
        divisor=divisor * lowest.denominator * span.numerator,
        low=10 * policy.score_range.low,
        high=10 * policy.score_range.high,
    )


def task_resistance(tasks: Iterable[Weighed], policy: Policy = POLICY) -> Fraction:
    """TR = 6.00 − Σ share · score, exact. Shares are taken as they are, whatever they sum to."""
    weighted = sum(task.share * task.score for task in tasks)
    return policy.tr_base - Fraction(weighted, policy.share_total)


def factors(evidence: int, barriers: int, growth: int, policy: Policy = POLICY) -> tuple[Fraction, Fraction, Fraction]:
    """The three factors that multiply TR, in formula order."""
    return (
        1 + policy.evidence_weight * evidence,
        1 + policy.barrier_weight * barriers,
        1 + policy.growth_weight * growth,
    )


def composite(
    task_resistance: Fraction, evidence: int, barriers: int, growth: int, policy: Policy = POLICY
) -> Fraction:
    """The exact composite in points of 100, neither clamped nor rounded. Ranges are not checked here."""
    by_evidence, by_barriers, by_growth = factors(evidence, barriers, growth, policy)
    raw = task_resistance * by_evidence * by_barriers * by_growth
    return (raw - policy.raw_floor) / policy.raw_span * 100


def clamp(value: Fraction, policy: Policy = POLICY) -> Fraction:
    """`value` inside the range of scores."""
    return min(max(value, Fraction(policy.score_range.low)), Fraction(policy.score_range.high))


def round_half_up(value: Fraction, places: int = 1) -> Fraction:
    """`value` to `places` decimals; a half goes towards plus infinity."""
    numerator, denominator = value.as_integer_ratio()
    unit = 10**places
    return Fraction((2 * numerator * unit + denominator) // (2 * denominator), unit)


def score_of_record(value: Fraction, policy: Policy = POLICY) -> float:
    """The composite `value` clamped and rounded half up to one decimal."""
    return float(round_half_up(clamp(value, policy)))


def digits(value: Fraction, places: int) -> str:
    """`value` in decimal digits, rounded half up to `places` decimals; never `-0.00`."""
    numerator, denominator = value.as_integer_ratio()
    units = (2 * numerator * 10**places + denominator) // (2 * denominator)
    sign = "-" if units < 0 else ""
    whole, rest = divmod(abs(units), 10**places)
    return f"{sign}{whole}.{rest:0{places}d}" if places else f"{sign}{whole}"
