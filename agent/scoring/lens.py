"""The AI-driven lens as numbers: its rules, its composite and the conservative re-reads (METHODOLOGY section 7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from agent.schemas.draft import Inputs, TaskDraft
from agent.schemas.lens import Lens, LensReread, LensResult, LensTask
from agent.schemas.vocabulary import LensBucket, LensOutcome
from agent.scoring.arithmetic import Point, clamp, composite, digits, formula, score_of_record, task_resistance
from agent.scoring.derivation import lens_derivation
from agent.scoring.policy import POLICY, Bounds, Policy
from agent.scoring.result import figures_of
from agent.scoring.rules import invalid, problems
from agent.scoring.zones import WORD, distance, zone

WHAT = "the AI-driven lens"
OUTCOMES: Mapping[LensOutcome, str] = {
    LensOutcome.TRANSFORMS: "Transforms",
    LensOutcome.COMPRESSES: "Compresses",
    LensOutcome.ALREADY_AI_DRIVEN: "Already AI-driven",
    LensOutcome.NO_AI_DRIVEN_VERSION: "No AI-driven version",
}
"""An outcome as it is printed."""
WITHOUT_COMPOSITE: Mapping[LensOutcome, str] = {
    LensOutcome.ALREADY_AI_DRIVEN: "the role is the end state itself, so there is no second role to score.",
    LensOutcome.NO_AI_DRIVEN_VERSION: "nobody does this work by directing agents, so there is nothing to score.",
}
"""Why a lens has no score."""


class _Axes(NamedTuple):
    """What is read one step more conservatively."""

    name: str
    resistance: bool = False
    evidence: bool = False
    barriers: bool = False
    growth: bool = False

    @property
    def joint(self) -> bool:
        return self.resistance + self.evidence + self.barriers + self.growth > 1


REREADS = (
    _Axes("displaced tasks", resistance=True),
    _Axes("evidence", evidence=True),
    _Axes("barriers", barriers=True),
    _Axes("growth", growth=True),
    _Axes("evidence, barriers and growth together", evidence=True, barriers=True, growth=True),
    _Axes("all four together", resistance=True, evidence=True, barriers=True, growth=True),
)
"""One axis at a time, then the joint ones (ours)."""


class _Row(NamedTuple):
    """A task as far as task resistance sees it."""

    share: int
    score: int


def lens_problems(lens: Lens, base: Inputs, policy: Policy = POLICY) -> tuple[str, ...]:
    """Every breach of the rules between a lens and its base, each a sentence that begins with its place.

    Whether claims carry what they are given for is the business of the guard.
    """
    if not lens.outcome.has_composite:
        return tuple(_unscored_problems(lens))
    evidence = {str(name): draft.score for name, draft in base.evidence.items()}
    barriers = {str(name): draft.score for name, draft in base.barriers.items()}
    return (
        *_task_problems(lens.tasks, base.tasks, policy),
        *_delta_problems("evidence", [(str(c.name), c.delta) for c in lens.evidence], evidence, policy),
        *_delta_problems("barriers", [(str(c.name), c.delta) for c in lens.barriers], barriers, policy),
        *_total_problems(lens, policy),
    )


def lens_score(lens: Lens, base: Inputs, policy: Policy = POLICY) -> LensResult | None:
    """The composite of a lens with its re-reads; `None` for an outcome that has none.

    The same values give the same result, byte for byte, on any machine. Raises `InvalidInput` with every breach.
    """
    found = (*problems(base.scored(), policy), *lens_problems(lens, base, policy))
    if found:
        raise invalid(WHAT, found)
    if not lens.outcome.has_composite:
        return None
    as_is = figures_of(base.scored(), policy)
    base_score = as_is.formula_score
    point = _lens_point(lens, as_is.point, policy)
    resistance = task_resistance(lens.tasks, policy)
    unrounded = composite(resistance, point.evidence, point.barriers, point.growth, policy)
    record = score_of_record(unrounded, policy)
    rereads = tuple(_reread(axes, lens.tasks, point, policy) for axes in REREADS)
    fragile, why = _fragility(record, rereads, policy)
    return LensResult(
        score=record,
        unrounded=digits(unrounded, 12),
        zone=zone(record, policy),
        distance=distance(record, policy),
        verdict=_verdict(lens.outcome, record, base_score, policy),
        base_score=base_score,
        base_zone=zone(base_score, policy),
        change=(round(10 * record) - round(10 * base_score)) / 10,
        task_resistance=digits(resistance, 2),
        evidence=point.evidence,
        barriers=point.barriers,
        growth=point.growth,
        derivation=lens_derivation(lens.tasks, as_is.point, point, policy),
        split={bucket: sum(t.share for t in lens.tasks if t.bucket is bucket) for bucket in LensBucket},
        rereads=rereads,
        fragile=fragile,
        fragility=why,
        clamped=clamp(unrounded, policy) != unrounded,
        policy=policy.version,
    )


def without_composite(outcome: LensOutcome) -> str | None:
    """Why a lens with this outcome has no score, in one sentence; `None` for one that has a score."""
    reason = WITHOUT_COMPOSITE.get(outcome)
    return None if reason is None else f"{OUTCOMES[outcome]}: {reason}"


def _lens_point(lens: Lens, base: Point, policy: Policy) -> Point:
    return Point(
        formula(policy).resistance(lens.tasks),
        base.evidence + sum(change.delta for change in lens.evidence),
        base.barriers + sum(change.delta for change in lens.barriers),
        base.growth if lens.growth is None else lens.growth.score,
    )


def _reread(axes: _Axes, tasks: Sequence[LensTask], point: Point, policy: Policy) -> LensReread:
    """The score with the named axes one step worse; an input at the end of its range stays there."""
    step = policy.lens_reread_step
    top = policy.task_score.high
    rows = [
        _Row(t.share, min(t.score + step, top) if axes.resistance and t.bucket is LensBucket.DISPLACED else t.score)
        for t in tasks
    ]
    evidence = _lowered(point.evidence, axes.evidence, policy.evidence_range, step)
    barriers = _lowered(point.barriers, axes.barriers, policy.barrier_range, step)
    growth = _lowered(point.growth, axes.growth, policy.growth_range, step)
    resistance = task_resistance(rows, policy)
    score = score_of_record(composite(resistance, evidence, barriers, growth, policy), policy)
    return LensReread(
        name=axes.name,
        joint=axes.joint,
        task_resistance=digits(resistance, 2),
        evidence=evidence,
        barriers=barriers,
        growth=growth,
        score=score,
        zone=zone(score, policy),
    )


def _lowered(value: int, lower: bool, bounds: Bounds, step: int) -> int:
    return max(value - step, bounds.low) if lower else value


def _fragility(record: float, rereads: Sequence[LensReread], policy: Policy) -> tuple[bool, str]:
    """Whether a re-read of one axis changes the zone or the score lies in the band, and that in a sentence."""
    here, band = zone(record, policy), policy.fragile_band
    crossed = [f"{r.name} ({r.score:.1f}, {WORD[r.zone]})" for r in rereads if not r.joint and r.zone is not here]
    inside = band.low <= record <= band.high
    why = []
    if crossed:
        why.append(f"read one step more conservatively, {_listed(crossed)} alone would change the zone")
    if inside:
        why.append(f"{record:.1f} lies in the band of {band}")
    if why:
        return True, f"Fragile: {' and '.join(why)}."
    return False, f"Not fragile: no re-read of one axis changes the zone, and {record:.1f} lies outside {band}."


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _verdict(outcome: LensOutcome, record: float, base: float, policy: Policy) -> str:
    tenths = round(10 * record) - round(10 * base)
    moved = f"{abs(tenths) / 10:.1f} points {'above' if tenths > 0 else 'below'}" if tenths else "exactly"
    return (
        f"{OUTCOMES[outcome]}: {record:.1f} of 100, {WORD[zone(record, policy)]}, {moved} the formula score of the "
        f"role as it is, {base:.1f}, {WORD[zone(base, policy)]}."
    )


def _unscored_problems(lens: Lens) -> Iterator[str]:
    """A lens without a composite holds nothing that would enter one."""
    given = {
        "tasks": len(lens.tasks),
        "evidence": len(lens.evidence),
        "barriers": len(lens.barriers),
        "growth": int(lens.growth is not None),
    }
    for name, count in given.items():
        if count:
            yield f"lens.{name}: found {count}, expected none: the outcome {lens.outcome} has no composite"


def _task_problems(tasks: Sequence[LensTask], base: Sequence[TaskDraft], policy: Policy) -> Iterator[str]:
    known = {task.id: task for task in base}
    times = Counter(task.id for task in tasks)
    missing = [name for name in known if name not in times]
    if missing:
        yield f"lens.tasks: found no {', '.join(missing)}, expected every task of the base once"
    total = sum(task.share for task in tasks)
    if total != policy.share_total:
        yield f"lens.tasks: the shares sum to {total}, expected exactly {policy.share_total}"
    for at, task in enumerate(tasks):
        place = f"lens.tasks[{at}]"
        as_is = known.get(task.id)
        if as_is is None:
            yield f"{place}.id: found {task.id}, expected one of {', '.join(known)}"
            continue
        if times[task.id] > 1:
            yield f"{place}.id: found {task.id} {times[task.id]} times, expected every task of the base once"
        yield from _move_problems(place, task, as_is, policy)


def _move_problems(place: str, task: LensTask, as_is: TaskDraft, policy: Policy) -> Iterator[str]:
    moved, bound = task.share - as_is.share, policy.lens_share_move
    if abs(moved) > bound:
        yield (
            f"{place}.share: found {task.share} for {as_is.share} in the base, "
            f"expected a move of at most {bound} points"
        )
    allowed = policy.lens_bucket_scores(task.bucket)
    if task.score not in allowed:
        yield (
            f"{place}.bucket: found {task.bucket} with a score of {task.score}, expected a score of {allowed} "
            f"for {task.bucket}"
        )
    if task.bucket is LensBucket.UNCHANGED and task.score != as_is.score:
        yield (
            f"{place}.score: found {task.score} for {as_is.score} in the base, expected the same score for a task "
            "that is unchanged"
        )


def _delta_problems(
    group: str, changes: Sequence[tuple[str, int]], base: Mapping[str, int | None], policy: Policy
) -> Iterator[str]:
    """`changes` are the name and the delta of each."""
    bounds = policy.evidence_score if group == "evidence" else policy.barrier_score
    times = Counter(name for name, _ in changes)
    for at, (name, delta) in enumerate(changes):
        place = f"lens.{group}[{at}]"
        if times[name] > 1:
            yield f"{place}.name: found {name} {times[name]} times, expected each at most once"
        before = base.get(name)
        after = (policy.unknown_value if before is None else before) + delta
        if after not in bounds:
            yield f"{place}.delta: found {delta:+d}, which gives {after}, expected a score of {bounds}"


def _total_problems(lens: Lens, policy: Policy) -> Iterator[str]:
    rise = sum(change.delta for change in lens.barriers)
    if rise > policy.lens_barrier_rise:
        yield f"lens.barriers: found {rise:+d} together, expected at most {policy.lens_barrier_rise:+d}"
    growth = lens.growth
    if growth is not None and growth.score >= policy.lens_recursive_growth and not growth.exists_because_of_ai:
        yield (
            f"lens.growth.score: found {growth.score:+d}, expected at most {policy.lens_recursive_growth - 1:+d} for a "
            "role that does not exist because of AI"
        )
