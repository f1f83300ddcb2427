"""Inputs in, score of record out, with everything needed to recompute and doubt it."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from agent.schemas.scored import Override, ScoreInputs, ScoreResult
from agent.schemas.vocabulary import BarrierName, Bucket, EvidenceName, PrincipleName
from agent.scoring.arithmetic import Point, clamp, composite, digits, formula, score_of_record, task_resistance
from agent.scoring.contributions import contributions
from agent.scoring.derivation import derivation
from agent.scoring.levers import Levers
from agent.scoring.policy import POLICY, Policy, defaults
from agent.scoring.robustness import robustness
from agent.scoring.rules import invalid, override_problems, problems
from agent.scoring.zones import distance, label, quick_screen, share_at_3_plus, zone


class Figures(NamedTuple):
    """The figures that everything else is read from."""

    resistance: Fraction
    point: Point
    unrounded: Fraction
    formula_score: float


def score(inputs: ScoreInputs, *, override: Override | None = None, policy: Policy = POLICY) -> ScoreResult:
    """The score of record of `inputs`. The same inputs give the same result, byte for byte, on any machine.

    With an override, score, zone, label, distance and robustness are of the overridden score and `formula_score` stands
    beside it. Raises `InvalidInput` with every breach: of the rules between inputs, or of the override's bound.
    """
    found = problems(inputs, policy)
    if found:
        raise invalid("the score input", found)
    base = figures_of(inputs, policy)
    found = override_problems(override, base.formula_score, policy) if override else ()
    if found:
        raise invalid("the override", found)
    record = override.score if override else base.formula_score
    shift = round(10 * record) - round(10 * base.formula_score)
    here = zone(record, policy)
    exposed = share_at_3_plus(inputs.tasks, policy)
    named = label(record, point=base.point, exposed=exposed, resistance=base.resistance, policy=policy)
    protective = sum(inputs.principles[name] for name in PrincipleName)
    unknown = tuple(name for name in EvidenceName if inputs.evidence[name] is None)
    levers = Levers.of(inputs.tasks, base.point, shift=shift, policy=policy)
    span = policy.unknown_span * len(unknown)
    return ScoreResult(
        score=record,
        formula_score=base.formula_score,
        unrounded=digits(base.unrounded, 12),
        zone=here,
        label=named.text,
        label_reason=_reason(named.reason, record, base.formula_score, overridden=override is not None),
        distance=distance(record, policy),
        task_resistance=digits(base.resistance, 2),
        evidence=base.point.evidence,
        barriers=base.point.barriers,
        growth=base.point.growth,
        protective=protective,
        unknown=unknown,
        unknown_low=_at_evidence(levers, -span) if unknown else None,
        unknown_high=_at_evidence(levers, span) if unknown else None,
        derivation=derivation(inputs, base.point, record, policy),
        contributions=contributions(
            base.resistance, base.point, override=Fraction(str(record)) if override else None, policy=policy
        ),
        share_at_3_plus=exposed,
        split={bucket: sum(t.share for t in inputs.tasks if t.bucket is bucket) for bucket in Bucket},
        quick_screen=quick_screen(protective, base.point.growth, here, policy),
        robustness=robustness(levers),
        override=Override(score=record, reason=override.reason) if override else None,
        clamped=clamp(base.unrounded, policy) != base.unrounded,
        policy=policy.version,
        defaults=defaults(policy),
    )


def report(role: str, result: ScoreResult) -> dict[str, object]:
    """The JSON document of `assess-role score`, without `ok`: the role and every field of `result` by its JSON name."""
    return {"role": role, **result.model_dump(mode="json", by_alias=True)}


def figures_of(inputs: ScoreInputs, policy: Policy = POLICY) -> Figures:
    """TR, totals, composite and formula score of inputs that keep the rules; an override is no part of them."""
    evidence = sum(_entered(inputs.evidence[name], policy) for name in EvidenceName)
    barriers = sum(inputs.barriers[name] for name in BarrierName)
    point = Point(formula(policy).resistance(inputs.tasks), evidence, barriers, inputs.growth)
    resistance = task_resistance(inputs.tasks, policy)
    unrounded = composite(resistance, evidence, barriers, inputs.growth, policy)
    return Figures(resistance, point, unrounded, score_of_record(unrounded, policy))


def _entered(value: int | None, policy: Policy) -> int:
    return policy.unknown_value if value is None else value


def _at_evidence(levers: Levers, by: int) -> float:
    return levers.tenths(levers.start._replace(evidence=levers.start.evidence + by)) / 10


def _reason(reason: str, record: float, formula_score: float, *, overridden: bool) -> str:
    if not overridden:
        return reason
    return f"Read off the overridden score {record:.1f}, not the formula score {formula_score:.1f}. {reason}"
