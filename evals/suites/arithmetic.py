"""The composite once more, written from METHODOLOGY sections 1 to 3 and sharing no code with `agent.scoring`."""

from __future__ import annotations

from fractions import Fraction
from math import floor

from agent.schemas.draft import Inputs
from agent.schemas.scored import ScoreResult


def formula_score(inputs: Inputs) -> float:
    """The clamped composite, rounded half up to one decimal."""
    resistance = 6 - sum((Fraction(task.share, 100) * task.score for task in inputs.tasks), Fraction(0))
    evidence = sum(dimension.score or 0 for dimension in inputs.evidence.values())
    barriers = sum(barrier.score for barrier in inputs.barriers.values())
    raw = resistance * (1 + Fraction(4 * evidence, 100)) * (1 + Fraction(2 * barriers, 100))
    raw *= 1 + Fraction(5 * inputs.growth.score, 100)
    composite = (raw - Fraction(54, 100)) / Fraction(793, 100) * 100
    return floor(min(max(composite, Fraction(0)), Fraction(100)) * 10 + Fraction(1, 2)) / 10


def zone(score: float) -> str:
    """The zone of a score of record, as it is stored."""
    return "GREEN" if score >= 48 else "YELLOW" if score >= 25 else "RED"


def discrepancy(inputs: Inputs, result: ScoreResult) -> float:
    """The largest distance in points, to one decimal, between the result and what it is recomputed to be: its formula
    score, and the sum of its contributions as printed. A zone that does not follow from the score is a whole 100."""
    terms = round(sum(term.points for term in result.contributions), 1)
    away = max(abs(result.formula_score - formula_score(inputs)), abs(result.score - terms))
    return 100.0 if result.zone.value != zone(result.score) else round(away, 1)
