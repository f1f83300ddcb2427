"""Every intermediate figure of a score, in formula order, as it is printed (METHODOLOGY section 11)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from agent.schemas.scored import Intermediate, ScoreInputs
from agent.schemas.vocabulary import BarrierName, EvidenceName
from agent.scoring.arithmetic import Point, Weighed, clamp, composite, digits, factors, round_half_up, task_resistance
from agent.scoring.policy import POLICY, Policy


def derivation(inputs: ScoreInputs, point: Point, record: float, policy: Policy = POLICY) -> tuple[Intermediate, ...]:
    """The lines from the tasks to `record`, the score of record; clamping and an override only where they act.

    `point` holds the totals of `inputs`.
    """
    totals = Totals(
        evidence=_total([inputs.evidence[name] for name in EvidenceName], point.evidence, policy),
        barriers=_total([inputs.barriers[name] for name in BarrierName], point.barriers, policy),
    )
    lines, formula_score = _composite_lines(inputs.tasks, point, totals, policy)
    moved = Fraction(str(record)) - formula_score
    if moved:
        sign = "+" if moved > 0 else "−"
        lines["Override"] = f"{digits(formula_score, 1)} {sign} {digits(abs(moved), 1)} = {record:.1f}"
    return _printed(lines)


def lens_derivation(
    tasks: Sequence[Weighed], base: Point, point: Point, policy: Policy = POLICY
) -> tuple[Intermediate, ...]:
    """The lines from the tasks of an AI-driven lens to its score. `base` holds the totals of the role as it is, `point`
    those of the lens."""
    totals = Totals(
        evidence=_changed(base.evidence, point.evidence),
        barriers=_changed(base.barriers, point.barriers),
        growth=_changed(base.growth, point.growth),
    )
    return _printed(_composite_lines(tasks, point, totals, policy)[0])


class Totals(NamedTuple):
    """How the totals are printed."""

    evidence: str
    barriers: str
    growth: str | None = None
    """`None` where growth is one number that comes from nothing else."""


def _composite_lines(
    tasks: Sequence[Weighed], point: Point, totals: Totals, policy: Policy
) -> tuple[dict[str, str], Fraction]:
    """The lines up to the formula score, and that score."""
    resistance = task_resistance(tasks, policy)
    by_evidence, by_barriers, by_growth = factors(point.evidence, point.barriers, point.growth, policy)
    raw = resistance * by_evidence * by_barriers * by_growth
    exact = composite(resistance, point.evidence, point.barriers, point.growth, policy)
    formula_score = round_half_up(clamp(exact, policy))
    weighted, result = plain(policy.tr_base - resistance), digits(exact, 6)
    lines = {
        "Weighted task score": f"{_weighted(tasks, policy)} = {weighted}",
        "Task resistance": f"{plain(policy.tr_base)} − {weighted} = {plain(resistance)}",
        "Evidence total": totals.evidence,
        "Evidence factor": _factor(policy.evidence_weight, point.evidence, by_evidence),
        "Barrier total": totals.barriers,
        "Barrier factor": _factor(policy.barrier_weight, point.barriers, by_barriers),
        **({} if totals.growth is None else {"Growth": totals.growth}),
        "Growth factor": _factor(policy.growth_weight, point.growth, by_growth),
        "Raw value": f"{plain(resistance)} × {plain(by_evidence)} × {plain(by_barriers)} × {plain(by_growth)}"
        f" = {plain(raw)}",
        "Composite": f"({plain(raw)} − {plain(policy.raw_floor)}) / {plain(policy.raw_span)} × 100 = {result}",
    }
    if clamp(exact, policy) != exact:
        lines["Clamped"] = f"{result} → {digits(clamp(exact, policy), 1)}"
    lines["Formula score"] = digits(formula_score, 1)
    return lines, formula_score


def _printed(lines: dict[str, str]) -> tuple[Intermediate, ...]:
    return tuple(Intermediate(name=name, value=value) for name, value in lines.items())


def _changed(base: int, total: int) -> str:
    """The total of the role as it is, and what the lens changes of it: `5 + 0 = 5`."""
    return f"{base} + {_signed(total - base)} = {total}"


def plain(value: Fraction) -> str:
    """`value` with as many decimals as it has, at least 2 and at most 12."""
    whole, rest = digits(value, 12).split(".")
    return f"{whole}.{rest.rstrip('0'):0<2}"


def _weighted(tasks: Sequence[Weighed], policy: Policy) -> str:
    return " + ".join(f"{plain(Fraction(task.share, policy.share_total))} × {task.score}" for task in tasks)


def _total(parts: Sequence[int | None], total: int, policy: Policy) -> str:
    shown = [f"unknown ({policy.unknown_value})" if part is None else _signed(part) for part in parts]
    return f"{' + '.join(shown)} = {total}"


def _signed(value: int) -> str:
    return f"({value})" if value < 0 else str(value)


def _factor(weight: Fraction, points: int, factor: Fraction) -> str:
    return f"1 + {plain(weight)} × {_signed(points)} = {plain(factor)}"
