"""What holds for any inputs that keep the rules."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from factories_scoring import a_task, some_inputs
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies_scoring import inputs_that_keep_the_rules, task_lists

from agent.schemas.base import canonical_json
from agent.schemas.scored import Override, ScoredTask, ScoreInputs, ScoreResult
from agent.scoring import report, score

OVERRIDES = st.none() | st.integers(-50, 50)


def overridden(inputs: ScoreInputs, tenths: int | None) -> ScoreResult:
    """The result with the formula score moved by `tenths`, as far as the scale allows."""
    base = score(inputs)
    if tenths is None:
        return base
    value = min(max(round(base.score * 10) + tenths, 0), 1000) / 10
    return score(inputs, override=Override(score=value, reason="A reason that is long enough."))


@given(inputs=inputs_that_keep_the_rules(), tenths=OVERRIDES)
def test_every_printed_score_lies_between_0_and_100(inputs: ScoreInputs, tenths: int | None) -> None:
    result = overridden(inputs, tenths)
    robust = result.robustness
    scores = [result.score, robust.joint_low, robust.joint_high, *(step.score for step in robust.table)]
    assert all(0 <= value <= 100 for value in scores)
    assert robust.joint_low <= result.score <= robust.joint_high


@given(inputs=inputs_that_keep_the_rules(), tenths=OVERRIDES)
def test_printed_contributions_add_up_to_the_printed_score(inputs: ScoreInputs, tenths: int | None) -> None:
    result = overridden(inputs, tenths)
    assert sum(Decimal(str(term.points)) for term in result.contributions) == Decimal(str(result.score))


@given(inputs=inputs_that_keep_the_rules(), tenths=OVERRIDES)
def test_scoring_again_gives_the_same_bytes(inputs: ScoreInputs, tenths: int | None) -> None:
    stored = ScoreInputs.model_validate_json(inputs.model_dump_json())
    first = canonical_json(report("R", overridden(inputs, tenths)))
    assert canonical_json(report("R", overridden(stored, tenths))) == first


@given(inputs=inputs_that_keep_the_rules())
def test_a_result_survives_storage(inputs: ScoreInputs) -> None:
    result = score(inputs)
    assert ScoreResult.model_validate_json(result.model_dump_json(by_alias=True)) == result


@given(tasks=task_lists(), at=st.integers(0, 11))
def test_a_task_scored_higher_never_raises_the_score(tasks: list[ScoredTask], at: int) -> None:
    task = tasks[at % len(tasks)]
    assume(task.score < 5)
    higher = [a_task(t.name, t.share, t.score + (t is task)) for t in tasks]
    assert score(some_inputs(tasks=higher)).score <= score(some_inputs(tasks=tasks)).score


@given(inputs=inputs_that_keep_the_rules(), at=st.integers(0, 4))
def test_more_evidence_barriers_or_growth_never_lowers_the_score(inputs: ScoreInputs, at: int) -> None:
    base = score(inputs).score
    raised = [
        inputs.model_copy(update={"growth": min(inputs.growth + 1, 2)}),
        inputs.model_copy(update={"evidence": _raised(inputs.evidence, at)}),
        inputs.model_copy(update={"barriers": _raised(inputs.barriers, at)}),
    ]
    assert all(score(better).score >= base for better in raised)


def _raised(group: Mapping[str, int | None], at: int) -> dict[str, int | None]:
    chosen = list(group)[at]
    return {name: min((value or 0) + 1, 2) if name is chosen else value for name, value in group.items()}


@given(inputs=inputs_that_keep_the_rules(), data=st.data())
def test_the_order_of_tasks_and_of_dimensions_does_not_matter(inputs: ScoreInputs, data: st.DataObject) -> None:
    tasks = data.draw(st.permutations(inputs.tasks))
    turned = inputs.model_copy(update={"tasks": tuple(tasks), "evidence": dict(reversed(inputs.evidence.items()))})
    left, right = score(inputs), score(turned)
    ordered = {"derivation", "robustness"}
    assert left.model_dump(exclude=ordered) == right.model_dump(exclude=ordered)
    assert _unordered(left) == _unordered(right)


def _unordered(result: ScoreResult) -> tuple[object, ...]:
    robust = result.robustness
    lengths = [len(crossing.changes) for crossing in robust.crossings]
    return (
        {(s.input, s.to, s.score) for s in robust.table},
        robust.joint_low,
        robust.joint_high,
        robust.verdict,
        lengths,
    )
