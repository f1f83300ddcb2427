"""Single steps, joint cases and the smallest change over a line (METHODOLOGY section 8)."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from fractions import Fraction
from itertools import accumulate, product

import pytest
from factories_scoring import EXAMPLE_TASKS, a_task, even_tasks, some_inputs
from hypothesis import given, settings
from strategies_scoring import inputs_that_keep_the_rules

from agent.schemas.scored import Crossing, Override, ScoredTask, ScoreInputs, Step
from agent.schemas.vocabulary import Zone
from agent.scoring import POLICY, composite, score, score_of_record
from agent.scoring.arithmetic import task_resistance
from agent.scoring.policy import Bounds
from agent.scoring.zones import zone

REASON = "A reason that is long enough."


def a_step(name: str, before: int, after: int, value: float) -> Step:
    return Step(input=name, from_=before, to=after, score=value, zone=zone(value))


def test_every_favourable_step_of_the_example_flips_it_to_green_and_none_to_red() -> None:
    robust = score(some_inputs()).robustness
    scores = [50.7, 50.7, 49.9, 49.9, 49.1, 49.1, 49.1]
    tasks = [
        a_step(f"task: {name}", value, value - 1, better)
        for (name, _, value, _), better in zip(EXAMPLE_TASKS, scores, strict=True)
    ]
    totals = [a_step("evidence", 5, 6, 49.3), a_step("barriers", 1, 2, 48.5), a_step("growth", 1, 2, 50.1)]
    assert robust.flips == (*tasks, *totals)
    assert robust.steps == len(robust.table) == 20
    assert robust.verdict == "10 of 20 single steps change the zone: 10 to Green, none to Red."
    assert (robust.joint_low, robust.joint_low_zone) == (27.6, Zone.YELLOW)
    assert (robust.joint_high, robust.joint_high_zone) == (71.0, Zone.GREEN)


def test_the_table_goes_down_then_up_in_formula_order_and_stays_inside_the_ranges() -> None:
    robust = score(
        some_inputs(tasks=even_tasks(1, 5, 3, 3, 3), evidence=[2] * 5, barriers=[0] * 5, growth=-2)
    ).robustness
    assert [(step.input, step.from_, step.to) for step in robust.table] == [
        ("task: Task 0", 1, 2),
        ("task: Task 1", 5, 4),
        ("task: Task 2", 3, 2),
        ("task: Task 2", 3, 4),
        ("task: Task 3", 3, 2),
        ("task: Task 3", 3, 4),
        ("task: Task 4", 3, 2),
        ("task: Task 4", 3, 4),
        ("evidence", 10, 9),
        ("barriers", 0, 1),
        ("growth", -2, -1),
    ]


def test_the_joint_cases_leave_an_input_at_its_end_where_it_is() -> None:
    best = some_inputs(tasks=even_tasks(1, 1, 1, 1, 1), evidence=[2] * 5, barriers=[2] * 5, growth=2)
    worst = some_inputs(tasks=even_tasks(5, 5, 5, 5, 5), evidence=[-2] * 5, barriers=[0] * 5, growth=-2)
    assert score(best).robustness.joint_high == 100.0
    assert score(best).robustness.joint_low == score_of_record(composite(Fraction(4), 9, 9, 1))
    assert score(worst).robustness.joint_low == 0.0
    assert score(worst).robustness.joint_high == score_of_record(composite(Fraction(2), -9, 1, -1))


def test_the_smallest_change_of_the_example_is_a_signal_to_watch() -> None:
    up, down = score(some_inputs()).robustness.crossings
    assert up == Crossing(
        line=48.0,
        direction="up",
        changes=(a_step("task: Training infrastructure design", 2, 1, 50.7),),
        signal="one step less on the task “Training infrastructure design” (2 → 1) lifts the score to 50.7, Green; "
        "9 other single steps do the same",
    )
    assert (down.line, down.direction, len(down.changes)) == (25.0, "down", 8)
    assert down.signal == (
        "three steps more on the task “Training infrastructure design” (2 → 5), two steps more on the task "
        "“Model serving” (3 → 5), two steps more on the task “Feature store and registry” (3 → 5) and one step more on "
        "the task “GPU management and cost” (2 → 3) together lower the score to 24.0, Red"
    )


def tasks_of(*shares: int) -> list[ScoredTask]:
    return [a_task(f"Task {i}", share, 3) for i, share in enumerate(shares)]


@pytest.mark.parametrize(
    ("inputs", "signal"),
    [
        (
            some_inputs(tasks=tasks_of(80, 5, 5, 5, 5), evidence=(1, 1, 0, 0, 0)),
            "one step less on the task “Task 0” (3 → 2) lifts the score to 48.6, Green",
        ),
        (
            some_inputs(tasks=tasks_of(44, 44, 4, 4, 4)),
            "one step less on the task “Task 0” (3 → 2) lifts the score to 48.9, Green; "
            "1 other single step does the same",
        ),
        (
            some_inputs(tasks=tasks_of(44, 44, 4, 4, 4), evidence=(1, 1, 0, 0, 0)),
            "two steps less on the task “Task 0” (3 → 1) lift the score to 49.8, Green",
        ),
        (
            some_inputs(tasks=even_tasks(1, 1, 1, 1, 1), evidence=(-2, -2, -2, -2, 0), barriers=[0] * 5, growth=-2),
            "six steps more on the evidence total (-8 → -2) and one step more on growth (-2 → -1) "
            "together lift the score to 48.3, Green",
        ),
    ],
    ids=["the only single step", "one of two single steps", "two steps on one input", "no task left to move"],
)
def test_a_signal_counts_its_steps_and_names_what_they_reach(inputs: ScoreInputs, signal: str) -> None:
    assert score(inputs).robustness.crossings[0].signal == signal


def test_many_steps_on_one_input_are_counted_in_digits() -> None:
    best = some_inputs(tasks=even_tasks(1, 1, 1, 1, 1), evidence=[2] * 5, barriers=[2] * 5, growth=2)
    policy = replace(POLICY, version="test-1", task_score=Bounds(1, 1))
    assert score(best, policy=policy).robustness.crossings[0].signal == (
        "19 steps less on the evidence total (10 → -9) lower the score to 46.5, Yellow"
    )


def test_a_robust_zone_says_that_no_single_step_changes_it() -> None:
    robust = score(some_inputs(tasks=even_tasks(1, 1, 2, 2, 2))).robustness
    assert robust.flips == ()
    assert robust.verdict == f"No single step of {robust.steps} changes the zone."
    assert [(crossing.line, crossing.direction) for crossing in robust.crossings] == [(48.0, "down")]


def test_a_red_zone_has_one_line_above_it() -> None:
    robust = score(some_inputs(tasks=even_tasks(4, 4, 4, 4, 4), evidence=[-2] * 5, growth=-2)).robustness
    assert [(crossing.line, crossing.direction) for crossing in robust.crossings] == [(25.0, "up")]


def test_a_line_that_no_change_reaches_is_said_to_be_out_of_reach() -> None:
    policy = replace(
        POLICY,
        version="test-1",
        green_line=90,
        evidence_range=Bounds(5, 5),
        barrier_range=Bounds(1, 1),
        growth_range=Bounds(1, 1),
    )
    up = score(some_inputs(), policy=policy).robustness.crossings[0]
    assert up == Crossing(
        line=90.0, direction="up", changes=(), signal="no change of the inputs inside their ranges reaches Green"
    )


def test_with_an_override_every_other_score_is_shifted_by_the_same_points() -> None:
    plain = score(some_inputs()).robustness
    raised = score(some_inputs(), override=Override(score=49.0, reason=REASON)).robustness
    assert [round(10 * step.score) for step in raised.table] == [round(10 * step.score) + 15 for step in plain.table]
    assert raised.verdict == "10 of 20 single steps change the zone: 10 to Yellow."
    assert [(step.input, step.to - step.from_) for step in raised.flips] == [
        *((f"task: {name}", 1) for name, *_ in EXAMPLE_TASKS),
        ("evidence", -1),
        ("barriers", -1),
        ("growth", -1),
    ]
    assert (raised.joint_low, raised.joint_high) == (29.1, 72.5)


def test_a_shifted_score_stays_on_the_scale() -> None:
    best = some_inputs(tasks=even_tasks(1, 1, 1, 1, 1), evidence=[2] * 5, barriers=[2] * 5, growth=1)
    lowered = score(best, override=Override(score=95.0, reason=REASON)).robustness
    assert lowered.joint_high == 95.0
    worst = some_inputs(tasks=even_tasks(5, 5, 5, 5, 5), evidence=[-2] * 5, barriers=[0] * 5, growth=-2)
    raised = score(worst, override=Override(score=5.0, reason=REASON))
    assert raised.robustness.joint_low == 5.0
    near = some_inputs(tasks=even_tasks(1, 1, 1, 1, 2), evidence=[2] * 5, barriers=(2, 2, 1, 0, 0), growth=2)
    top = score(near, override=Override(score=100.0, reason=REASON)).robustness
    assert max(step.score for step in top.table) == 100.0


@given(inputs=inputs_that_keep_the_rules())
def test_a_step_has_the_score_of_inputs_that_stand_there(inputs: ScoreInputs) -> None:
    result = score(inputs)
    resistance = task_resistance(inputs.tasks)
    by_name = {f"task: {task.name}": task.share for task in inputs.tasks}
    for step in result.robustness.table:
        by = step.to - step.from_
        at = {"evidence": result.evidence, "barriers": result.barriers, "growth": result.growth}
        if step.input in at:
            at[step.input] += by
        moved = resistance - Fraction(by_name.get(step.input, 0), 100) * by
        assert step.score == score_of_record(composite(moved, at["evidence"], at["barriers"], at["growth"]))
    assert result.robustness.flips == tuple(s for s in result.robustness.table if s.zone is not result.zone)


@settings(max_examples=40)
@given(inputs=inputs_that_keep_the_rules())
def test_no_smaller_change_crosses_a_line(inputs: ScoreInputs) -> None:
    result = score(inputs)
    for crossing in result.robustness.crossings:
        assert _on_the_other_side(crossing.changes[-1].score, crossing)
        assert not any(_on_the_other_side(step.score, crossing) for step in crossing.changes[:-1])
        assert len(crossing.changes) == _fewest_by_search(inputs, result.evidence, result.barriers, crossing)


def _on_the_other_side(value: float, crossing: Crossing) -> bool:
    return value >= crossing.line if crossing.direction == "up" else value < crossing.line


def _fewest_by_search(inputs: ScoreInputs, evidence: int, barriers: int, crossing: Crossing) -> int:
    """Every combination of totals, with as few task steps as it needs."""
    sign = 1 if crossing.direction == "up" else -1
    gains = sorted(
        (task.share for task in inputs.tasks for _ in range(task.score - 1 if sign > 0 else 5 - task.score)),
        reverse=True,
    )
    start = task_resistance(inputs.tasks)
    resistance = [start + sign * Fraction(gain, 100) for gain in accumulate(gains, initial=0)]
    totals = (range(-10, 11), range(11), range(-2, 3))
    fewest: list[int] = []
    for e, b, g in product(*totals):
        steps = (sign * (e - evidence), sign * (b - barriers), sign * (g - inputs.growth))
        if min(steps) < 0:
            continue
        tasks = bisect_left(
            resistance, True, key=lambda r: _on_the_other_side(score_of_record(composite(r, e, b, g)), crossing)
        )
        if tasks < len(resistance):
            fewest.append(sum(steps) + tasks)
    return min(fewest)


def test_a_step_over_two_lines_is_named_by_the_zone_it_reaches() -> None:
    policy = replace(POLICY, version="test-1", yellow_line=46, green_line=47)
    result = score(some_inputs(evidence=(1, 2, 1, 0, 0)), policy=policy)
    assert (result.score, result.zone) == (45.7, Zone.RED)
    assert result.robustness.crossings[0].signal == (
        "one step less on the task “Training infrastructure design” (2 → 1) lifts the score to 48.8, Green"
    )
    assert result.robustness.verdict.endswith("to Green, 1 to Yellow.")
