"""Every intermediate figure of a score, in formula order, as it is printed (METHODOLOGY section 11)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from agent.schemas.scored import Intermediate, ScoredTask, ScoreInputs
from agent.schemas.vocabulary import BarrierName, EvidenceName
from agent.scoring.arithmetic import Point, clamp, composite, digits, factors, round_half_up, task_resistance
from agent.scoring.policy import POLICY, Policy


def derivation(inputs: ScoreInputs, point: Point, record: float, policy: Policy = POLICY) -> tuple[Intermediate, ...]:
    """The lines from the tasks to `record`, the score of record; clamping and an override only where they act.

    `point` holds the totals of `inputs`.
    """
    resistance = task_resistance(inputs.tasks, policy)
    by_evidence, by_barriers, by_growth = factors(point.evidence, point.barriers, point.growth, policy)
    raw = resistance * by_evidence * by_barriers * by_growth
    exact = composite(resistance, point.evidence, point.barriers, point.growth, policy)
    formula_score = round_half_up(clamp(exact, policy))
    weighted, result = plain(policy.tr_base - resistance), digits(exact, 6)
    lines = {
        "Weighted task score": f"{_weighted(inputs.tasks, policy)} = {weighted}",
        "Task resistance": f"{plain(policy.tr_base)} − {weighted} = {plain(resistance)}",
        "Evidence total": _total([inputs.evidence[name] for name in EvidenceName], point.evidence, policy),
        "Evidence factor": _factor(policy.evidence_weight, point.evidence, by_evidence),
        "Barrier total": _total([inputs.barriers[name] for name in BarrierName], point.barriers, policy),
        "Barrier factor": _factor(policy.barrier_weight, point.barriers, by_barriers),
        "Growth factor": _factor(policy.growth_weight, point.growth, by_growth),
        "Raw value": f"{plain(resistance)} × {plain(by_evidence)} × {plain(by_barriers)} × {plain(by_growth)}"
        f" = {plain(raw)}",
        "Composite": f"({plain(raw)} − {plain(policy.raw_floor)}) / {plain(policy.raw_span)} × 100 = {result}",
    }
    if clamp(exact, policy) != exact:
        lines["Clamped"] = f"{result} → {digits(clamp(exact, policy), 1)}"
    lines["Formula score"] = digits(formula_score, 1)
    moved = Fraction(str(record)) - formula_score
    if moved:
        sign = "+" if moved > 0 else "−"
        lines["Override"] = f"{digits(formula_score, 1)} {sign} {digits(abs(moved), 1)} = {record:.1f}"
    return tuple(Intermediate(name=name, value=value) for name, value in lines.items())


def plain(value: Fraction) -> str:
    """`value` with as many decimals as it has, at least 2 and at most 12."""
    whole, rest = digits(value, 12).split(".")
    return f"{whole}.{rest.rstrip('0'):0<2}"


def _weighted(tasks: Sequence[ScoredTask], policy: Policy) -> str:
    return " + ".join(f"{plain(Fraction(task.share, policy.share_total))} × {task.score}" for task in tasks)


def _total(parts: Sequence[int | None], total: int, policy: Policy) -> str:
    shown = [f"unknown ({policy.unknown_value})" if part is None else _signed(part) for part in parts]
    return f"{' + '.join(shown)} = {total}"


def _signed(value: int) -> str:
    return f"({value})" if value < 0 else str(value)


def _factor(weight: Fraction, points: int, factor: Fraction) -> str:
    return f"1 + {plain(weight)} × {_signed(points)} = {plain(factor)}"
