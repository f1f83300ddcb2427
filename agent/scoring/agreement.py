"""Independent drafts of the same inputs side by side: each input's spread, the scores' interval, the zones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction

from agent.schemas.agreement import Agreement, DraftState, IndependentDraft, Spread
from agent.schemas.scored import ScoredTask, ScoreInputs
from agent.schemas.vocabulary import BarrierName, Bucket, EvidenceName, PrincipleName, Zone
from agent.scoring.policy import AGREEMENT, POLICY, AgreementPolicy, agreement_defaults
from agent.scoring.result import score
from agent.scoring.rules import abstains
from agent.scoring.zones import share_at_3_plus

LEAST = 2
"""Scored drafts below which there is no interval."""


def independent_draft(
    sample: int, inputs: ScoreInputs, *, model: str, blocked: Sequence[str], speaking_sources: int
) -> IndependentDraft:
    """One draft and what it comes to. `blocked` are the ids of its BLOCK findings, `speaking_sources` is what
    `abstains` takes. Raises InvalidInput where no BLOCK finding says that the inputs break a rule of the formula.
    """

    def unscored(state: DraftState, reasons: Sequence[str]) -> IndependentDraft:
        return IndependentDraft(sample=sample, model=model, state=state, reasons=tuple(reasons), inputs=inputs)

    if blocked:
        return unscored(DraftState.BLOCKED, blocked)
    reasons = abstains(inputs, speaking_sources)
    return unscored(DraftState.ABSTAINED, reasons) if reasons else scored_draft(sample, inputs, model=model)


def scored_draft(sample: int, inputs: ScoreInputs, *, model: str) -> IndependentDraft:
    """A draft with the score that the formula gives it. Raises InvalidInput for inputs that break a rule."""
    result = score(inputs)
    return IndependentDraft(
        sample=sample,
        model=model,
        state=DraftState.SCORED,
        inputs=inputs,
        score=result.score,
        zone=result.zone,
        label=result.label,
        task_resistance=float(result.task_resistance),
    )


def agreement(drafts: Sequence[IndependentDraft], policy: AgreementPolicy = AGREEMENT) -> Agreement:
    """What at least two drafts have in common. The same drafts give the same agreement, in whatever order they come.

    Drafts without a score are named and stand in no interval, spread or zone.
    """
    ordered = tuple(sorted(drafts, key=lambda draft: draft.sample))
    scored = [draft for draft in ordered if draft.state is DraftState.SCORED]
    zones = Counter(draft.zone for draft in scored)
    spreads = tuple(_spreads(scored, policy)) if len(scored) >= LEAST else ()
    return Agreement(
        policy=policy.version,
        drafts=ordered,
        zones={zone: zones[zone] for zone in Zone if zones[zone]},
        low=spreads[0].low if spreads else None,
        high=spreads[0].high if spreads else None,
        spreads=spreads,
        defaults=agreement_defaults(policy),
    )


def _spreads(drafts: Sequence[IndependentDraft], policy: AgreementPolicy) -> Iterator[Spread]:
    """The score first, then what it is made of, then every single input, in printed order."""
    inputs, step = [draft.inputs for draft in drafts], policy.input_width
    yield _spread("score", [draft.score for draft in drafts], policy.score_width)
    yield _spread("task_resistance", [draft.task_resistance for draft in drafts], None)
    yield _spread("evidence", [_total(one) for one in inputs], None)
    yield _spread("barriers", [sum(one.barriers.values()) for one in inputs], None)
    yield _spread("growth", [one.growth for one in inputs], step)
    yield _spread("principles", [sum(one.principles.values()) for one in inputs], None)
    for bucket in Bucket:
        yield _spread(f"tasks.{bucket}", [_time_in(one, bucket) for one in inputs], policy.share_width)
    yield _spread("tasks.exposed", [share_at_3_plus(one.tasks) for one in inputs], policy.share_width)
    yield from _tasks(inputs, policy)
    for dimension in EvidenceName:
        yield _spread(f"evidence.{dimension}", [one.evidence[dimension] for one in inputs], step)
    for barrier in BarrierName:
        yield _spread(f"barriers.{barrier}", [one.barriers[barrier] for one in inputs], step)
    for principle in PrincipleName:
        yield _spread(f"principles.{principle}", [one.principles[principle] for one in inputs], step)


def _total(inputs: ScoreInputs) -> int:
    return sum(POLICY.unknown_value if value is None else value for value in inputs.evidence.values())


def _time_in(inputs: ScoreInputs, bucket: Bucket) -> int:
    return sum(task.share for task in inputs.tasks if task.bucket is bucket)


def _tasks(inputs: Sequence[ScoreInputs], policy: AgreementPolicy) -> Iterator[Spread]:
    """The tasks that stand under the same name in every draft, by their ids in the first of them: a draft counts its
    tasks from `t1` on, so that an id alone says nothing about which task it is."""
    named = [{_plain(task.name): task for task in one.tasks} for one in inputs]
    for number, task in enumerate(inputs[0].tasks, start=1):
        same: list[ScoredTask] = [tasks[_plain(task.name)] for tasks in named if _plain(task.name) in tasks]
        if len(same) == len(inputs):
            for part, tolerance in (("share", policy.task_share_width), ("score", policy.input_width)):
                values = [int(getattr(one, part)) for one in same]
                yield _spread(f"tasks.t{number}.{part}", values, tolerance, name=task.name)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _spread(
    place: str, values: Sequence[float | None], tolerance: Fraction | int | None, *, name: str | None = None
) -> Spread:
    # Exact: a float here holds a decimal of at most two places, and its shortest digits are that decimal.
    exact = [Fraction(str(POLICY.unknown_value if value is None else value)) for value in values]
    return Spread(
        input=place,
        name=name,
        values=tuple(None if value is None else float(value) for value in values),
        low=float(min(exact)),
        high=float(max(exact)),
        tolerance=None if tolerance is None else float(tolerance),
        differs=tolerance is not None and max(exact) - min(exact) > tolerance,
    )
