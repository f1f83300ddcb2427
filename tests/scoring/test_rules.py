"""What inputs must satisfy, and when no score may be given (METHODOLOGY sections 1, 4 and 8)."""

from __future__ import annotations

import pytest
from factories_scoring import a_task, even_tasks, some_inputs
from hypothesis import given
from strategies_scoring import inputs_that_keep_the_rules

from agent.errors import ErrorKind
from agent.schemas.scored import ScoreInputs
from agent.schemas.vocabulary import BarrierName, Bucket, EvidenceName, PrincipleName
from agent.scoring import abstains, problems
from agent.scoring.rules import invalid


@given(inputs=inputs_that_keep_the_rules())
def test_inputs_that_keep_the_rules_have_no_problems(inputs: ScoreInputs) -> None:
    assert problems(inputs) == ()


def test_the_worked_example_keeps_the_rules() -> None:
    assert problems(some_inputs()) == ()


def test_every_breach_is_named_at_once_with_its_place() -> None:
    tasks = [
        a_task("Design", 20, 2, Bucket.DISPLACEMENT),
        a_task("Serving", 20, 5, Bucket.AUGMENTATION),
        a_task("Monitoring", 45, 3, Bucket.NOT_INVOLVED),
        a_task("  serving ", 10, 3),
    ]
    inputs = some_inputs(tasks=tasks).model_copy(
        update={
            "evidence": {EvidenceName.JOB_POSTINGS: 1},
            "barriers": dict.fromkeys(list(BarrierName)[1:], 0),
            "principles": dict.fromkeys(list(PrincipleName)[:2], 0),
        }
    )
    evidence = "job_postings, company_actions, wages, tool_maturity, expert_consensus"
    assert problems(inputs) == (
        "tasks: found 4, expected 5 to 12 tasks",
        "tasks: the shares sum to 95, expected exactly 100",
        "tasks[0].bucket: found displacement with a score of 2, expected a score of 4 to 5 for displacement",
        "tasks[1].bucket: found augmentation with a score of 5, expected a score of 2 to 4 for augmentation",
        "tasks[2].bucket: found not_involved with a score of 3, expected a score of 1 to 2 for not_involved",
        "tasks[3].name: found the name of tasks[1] again, expected a name of its own",
        f"evidence.company_actions: missing, expected all of {evidence}",
        f"evidence.wages: missing, expected all of {evidence}",
        f"evidence.tool_maturity: missing, expected all of {evidence}",
        f"evidence.expert_consensus: missing, expected all of {evidence}",
        "barriers.regulatory: missing, expected all of regulatory, physical, union, liability, cultural",
        "principles.judgment: missing, expected all of physicality, interpersonal, judgment",
    )


@pytest.mark.parametrize("count", [4, 13])
def test_there_are_5_to_12_tasks(count: int) -> None:
    shares = [100 - 2 * (count - 1), *[2] * (count - 1)]
    tasks = [a_task(f"Task {i}", share, 3) for i, share in enumerate(shares)]
    assert problems(some_inputs(tasks=tasks)) == (f"tasks: found {count}, expected 5 to 12 tasks",)


def test_no_tasks_at_all_is_one_problem() -> None:
    assert problems(some_inputs(tasks=[])) == ("tasks: found 0, expected 5 to 12 tasks",)


def test_a_name_of_spaces_is_no_name() -> None:
    tasks = [a_task(" \u00a0", 20, 3), *even_tasks(3, 3, 3, 3, 3)[1:]]
    assert problems(some_inputs(tasks=tasks)) == ("tasks[0].name: found no text, expected a name",)


@pytest.mark.parametrize(
    ("bucket", "allowed"),
    [(Bucket.DISPLACEMENT, {4, 5}), (Bucket.AUGMENTATION, {2, 3, 4}), (Bucket.NOT_INVOLVED, {1, 2})],
)
def test_a_bucket_agrees_with_its_scores_and_no_others(bucket: Bucket, allowed: set[int]) -> None:
    rest = even_tasks(3, 3, 3, 3, 3)[1:]
    agrees = {
        value for value in range(1, 6) if not problems(some_inputs(tasks=[a_task("Main", 20, value, bucket), *rest]))
    }
    assert agrees == allowed


@pytest.mark.parametrize(("unknown", "sources"), [(0, 3), (2, 3), (2, 9)])
def test_two_unknown_dimensions_and_three_sources_are_enough_for_a_score(unknown: int, sources: int) -> None:
    evidence = [None] * unknown + [0] * (5 - unknown)
    assert abstains(some_inputs(evidence=evidence), sources) == ()


def test_three_unknown_dimensions_or_two_sources_are_too_little_and_both_reasons_are_given() -> None:
    inputs = some_inputs(evidence=(None, 1, None, 0, None))
    unknown = (
        "3 of 5 evidence dimensions are unknown (job_postings, wages, expert_consensus); a score needs fewer than 3"
    )
    assert abstains(inputs, 3) == (unknown,)
    assert abstains(inputs, 2) == (
        unknown,
        "2 independent sources speak of the role or a named proxy; a score needs at least 3",
    )
    assert abstains(some_inputs(), 1) == (
        "1 independent source speaks of the role or a named proxy; a score needs at least 3",
    )


def test_the_error_names_every_breach_and_keeps_them_apart() -> None:
    error = invalid("the score input", ["a: found 1, expected 2", "b: missing"])
    assert (error.message, error.problems, error.kind, error.exit_code) == (
        "the score input breaks 2 rules: a: found 1, expected 2; b: missing",
        ("a: found 1, expected 2", "b: missing"),
        ErrorKind.INVALID_INPUT,
        3,
    )
    assert error.hint == "Correct every place named and score it again."
