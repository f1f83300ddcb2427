"""The inputs as things that can be moved, and the score wherever they are moved to (METHODOLOGY section 8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agent.schemas.scored import ScoredTask, Step
from agent.scoring.arithmetic import Formula, Point, formula
from agent.scoring.policy import POLICY, Bounds, Policy
from agent.scoring.zones import zone

EVIDENCE, BARRIERS, GROWTH = "evidence", "barriers", "growth"


@dataclass(frozen=True, slots=True)
class Lever:
    """One input that can be moved: where it stands, its range and what one point of it does to the point."""

    input: str
    value: int
    bounds: Bounds
    share: int = 0
    """Percent of time of a task; 0 for a total."""

    @property
    def favourable(self) -> int:
        """The sign of a move that raises the score."""
        return -1 if self.share else 1

    def room(self, sign: int, step: int) -> int:
        """How many steps of size `step` fit in the range when the value moves by `sign`."""
        end = self.bounds.high if sign > 0 else self.bounds.low
        return abs(end - self.value) // step


@dataclass(frozen=True, slots=True)
class Levers:
    """The inputs as levers, and the score at any point reached by moving them."""

    all: tuple[Lever, ...]
    """Formula order: tasks in their order, evidence, barriers, growth."""
    start: Point
    shift: int
    """Tenths by which an override moved the score of record; every other score is shifted by as much."""
    formula: Formula
    policy: Policy

    @classmethod
    def of(cls, tasks: Sequence[ScoredTask], start: Point, *, shift: int = 0, policy: Policy = POLICY) -> Levers:
        """The levers at `start`, the point that `tasks` and the totals give."""
        levers = [Lever(f"task: {t.name}", t.score, policy.task_score, t.share) for t in tasks]
        levers += [
            Lever(EVIDENCE, start.evidence, policy.evidence_range),
            Lever(BARRIERS, start.barriers, policy.barrier_range),
            Lever(GROWTH, start.growth, policy.growth_range),
        ]
        return cls(tuple(levers), start, shift, formula(policy), policy)

    def tenths(self, point: Point) -> int:
        """The score of record at `point` in tenths: the formula's, shifted and kept inside the range of scores."""
        return self.shifted(self.formula.tenths(point))

    def shifted(self, tenths: int) -> int:
        """The score of record where the formula gives `tenths`."""
        return min(max(tenths + self.shift, self.formula.low), self.formula.high)

    def moved(self, point: Point, lever: Lever, by: int) -> Point:
        """`point` after the value of `lever` has changed by `by`."""
        resistance, evidence, barriers, growth = point
        if lever.share:
            return Point(resistance - self.formula.per_share * lever.share * by, evidence, barriers, growth)
        if lever.input == EVIDENCE:
            return Point(resistance, evidence + by, barriers, growth)
        if lever.input == BARRIERS:
            return Point(resistance, evidence, barriers + by, growth)
        return Point(resistance, evidence, barriers, growth + by)

    def step(self, lever: Lever, before: int, after: int, at: Point) -> Step:
        """The step of `lever` from `before` to `after` that led to the point `at`."""
        score = self.tenths(at) / 10
        return Step(input=lever.input, from_=before, to=after, score=score, zone=zone(score, self.policy))
