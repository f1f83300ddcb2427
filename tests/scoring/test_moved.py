"""The label after a change, and what evidence alone would take: held against scoring the moved inputs anew."""

from __future__ import annotations

from factories_scoring import even_tasks, some_inputs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies_published import results

from agent.schemas.scored import Crossing, ScoreInputs, ScoreResult, Step
from agent.schemas.vocabulary import Bucket, EvidenceName, Zone
from agent.scoring import score
from agent.scoring.moved import evidence_alone, label_after

ANY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def moved_inputs(inputs: ScoreInputs, steps: tuple[Step, ...]) -> ScoreInputs:
    """Inputs that have the task scores and the totals after `steps`."""
    to = {step.input: step.to for step in steps}
    tasks = tuple(
        task.model_copy(update={"score": points, "bucket": fitting(points)})
        for task in inputs.tasks
        for points in (to.get(f"task: {task.name}", task.score),)
    )
    evidence = spread(inputs.evidence, to.get("evidence"), -2, 2)
    barriers = spread(inputs.barriers, to.get("barriers"), 0, 2)
    changed = {"tasks": tasks, "evidence": evidence, "barriers": barriers, "growth": to.get("growth", inputs.growth)}
    return inputs.model_copy(update=changed)


def fitting(points: int) -> Bucket:
    return Bucket.NOT_INVOLVED if points == 1 else Bucket.DISPLACEMENT if points == 5 else Bucket.AUGMENTATION


def spread(parts: dict[EvidenceName, int | None], total: int | None, low: int, high: int) -> dict[EvidenceName, int]:
    """The parts changed one point after another until they sum to `total`; an unknown one counts from 0."""
    found = {name: value or 0 for name, value in parts.items()}
    while total is not None and sum(found.values()) != total:
        by = 1 if total > sum(found.values()) else -1
        name = next(name for name, value in found.items() if low <= value + by <= high)
        found[name] += by
    return found


def scored_anew(inputs: ScoreInputs, steps: tuple[Step, ...]) -> ScoreResult:
    return score(moved_inputs(inputs, steps))


@ANY
@given(results(), st.data())
def test_the_label_after_a_change_is_that_of_scoring_the_changed_inputs(
    made: tuple[ScoreInputs, ScoreResult], data: st.DataObject
) -> None:
    inputs, result = made[0], score(made[0])
    changes = [(step,) for step in result.robustness.table]
    changes += [crossing.changes for crossing in result.robustness.crossings if crossing.changes]
    steps = data.draw(st.sampled_from(changes))
    anew = scored_anew(inputs, steps)
    assert (steps[-1].score, label_after(inputs, steps)) == (anew.score, anew.label)


@ANY
@given(results())
def test_an_override_decides_the_zone_of_the_label_and_the_inputs_its_kind(
    made: tuple[ScoreInputs, ScoreResult],
) -> None:
    inputs, result = made
    for step in result.robustness.table:
        assert label_after(inputs, (step,)).startswith(step.zone.value)


@ANY
@given(results())
def test_evidence_alone_crosses_in_the_fewest_steps_or_not_at_all(made: tuple[ScoreInputs, ScoreResult]) -> None:
    inputs, result = made
    for crossing in result.robustness.crossings:
        steps = evidence_alone(inputs, result, crossing)
        by = 1 if crossing.direction == "up" else -1
        shift = round(10 * result.score) - round(10 * result.formula_score)
        way = range(result.evidence + by, by * 10 + by, by)
        scores = [min(max(tenths(inputs, total) + shift, 0), 1000) / 10 for total in way]
        crossed = [(value >= crossing.line) == (by > 0) for value in scores]
        count = crossed.index(True) + 1 if True in crossed else 0
        assert [(step.from_, step.to, step.score) for step in steps] == [
            (total - by, total, value) for total, value in list(zip(way, scores, strict=True))[:count]
        ]
        assert all(step.input == "evidence" for step in steps)


def tenths(inputs: ScoreInputs, total: int) -> int:
    moved = inputs.model_copy(update={"evidence": spread(inputs.evidence, total, -2, 2)})
    return round(10 * score(moved).formula_score)


def test_the_worked_example_is_green_with_one_more_point_of_evidence() -> None:
    inputs = some_inputs()
    result = score(inputs)
    crossing = next(c for c in result.robustness.crossings if c.direction == "up")
    steps = evidence_alone(inputs, result, crossing)
    assert steps == (Step(input="evidence", from_=5, to=6, score=49.3, zone=Zone.GREEN),)
    assert label_after(inputs, steps) == "GREEN (Transforming)"


def test_growth_that_rises_to_two_makes_the_label_accelerated() -> None:
    inputs = some_inputs()
    step = next(s for s in score(inputs).robustness.table if (s.input, s.to) == ("growth", 2))
    assert label_after(inputs, (step,)) == "GREEN (Accelerated)"


def test_a_third_point_of_barriers_ends_what_makes_a_red_imminent() -> None:
    inputs = some_inputs(tasks=even_tasks(5, 5, 5, 4, 4), evidence=(-2, -2, -2, 0, 0), barriers=(1, 1, 0, 0, 0))
    result = score(inputs)
    steps = {step.to: step for step in result.robustness.table if step.input == "barriers"}
    assert result.label == label_after(inputs, (steps[1],)) == "RED (Imminent)"
    assert label_after(inputs, (steps[3],)) == "RED"


def test_evidence_at_the_end_of_its_range_has_no_step_left() -> None:
    inputs = some_inputs(evidence=(2, 2, 2, 2, 2), growth=-2)
    result = score(inputs)
    up = Crossing(line=100.0, direction="up", changes=(), signal="")
    assert evidence_alone(inputs, result, up) == ()
