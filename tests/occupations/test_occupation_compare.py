from __future__ import annotations

import math

import pytest
from factories_occupations import Angles, an_occupation, an_official_task

from agent.occupations.compare import COUNTERPART, NEAREST, AssessedTask, Near, compare, weights

OURS = [AssessedTask("t1", "ours 1", 70), AssessedTask("t2", "ours 2", 30)]
DEGREES = {
    "ours 1": 0.0,
    "ours 2": 180.0,
    "official 1": 10.0,
    "official 2": 60.0,
    "official 3": 80.0,
    "official 4": 0.0,
}


def test_coverage_is_the_weighted_share_of_official_tasks_that_have_a_counterpart() -> None:
    tasks = [an_official_task(1, (5, 80)), an_official_task(2, (3, 100)), an_official_task(3, (2, 50))]
    found = compare(OURS, [(an_occupation(), tasks)], Angles(DEGREES))
    (part,) = found.occupations
    # Weights 4, 3 and 1; cosines to the first of ours 0.98, 0.50 and 0.17.
    assert (part.tasks, part.with_counterpart, part.unrated, part.coverage_percent) == (3, 2, 0, 87.5)
    assert found.coverage_percent == 87.5
    assert [(line.id, line.weight, line.counterpart) for line in found.official] == [
        (1, 4.0, True),
        (2, 3.0, True),
        (3, 1.0, False),
    ]


def test_an_assessed_task_without_a_counterpart_is_said_with_its_share() -> None:
    found = compare(OURS, [(an_occupation(), [an_official_task(1, None)])], Angles(DEGREES))
    assert [(row.id, row.counterpart) for row in found.assessed] == [("t1", True), ("t2", False)]
    assert found.unmatched_share_percent == 30
    assert found.assessed[1].nearest == (Near(id="1", text="official 1", similarity=-0.98),)


def test_the_nearest_tasks_stand_on_both_sides_best_first() -> None:
    tasks = [an_official_task(number, None) for number in (1, 2, 3, 4)]
    found = compare(OURS, [(an_occupation(), tasks)], Angles(DEGREES))
    assert [(near.id, near.similarity) for near in found.assessed[0].nearest] == [("4", 1.0), ("1", 0.98), ("2", 0.5)]
    assert len(found.assessed[0].nearest) == NEAREST
    assert [(near.id, near.text) for near in found.official[0].nearest] == [("t1", "ours 1"), ("t2", "ours 2")]


@pytest.mark.parametrize(("below", "printed", "counterpart"), [(0.004, 0.0, True), (0.006, 0.01, False)])
def test_the_printed_similarity_is_the_one_that_is_compared_with_the_threshold(
    below: float, printed: float, counterpart: bool
) -> None:
    embed = Angles({"ours 1": 0.0, "official 1": math.degrees(math.acos(COUNTERPART - below))})
    (line,) = compare(OURS[:1], [(an_occupation(), [an_official_task(1, None)])], embed).official
    assert line.nearest[0].similarity == round(COUNTERPART - printed, 2)
    assert line.counterpart is counterpart


def test_a_task_is_weighed_by_importance_times_relevance() -> None:
    assert weights([an_official_task(1, (4.5, 90)), an_official_task(2, (3, 33.33))]) == [4.05, 1.0]


def test_an_unrated_task_weighs_the_mean_of_the_rated_ones_of_its_occupation() -> None:
    assert weights([an_official_task(1, (4, 100)), an_official_task(2, None), an_official_task(3, (2, 100))]) == [
        4.0,
        3.0,
        2.0,
    ]


def test_a_rating_of_one_kind_only_is_no_rating() -> None:
    half = an_official_task(2, (4, 50)).model_copy(update={"relevance": None})
    assert weights([an_official_task(1, (2, 50)), half]) == [1.0, 1.0]


def test_without_any_rating_all_tasks_weigh_the_same() -> None:
    assert weights([an_official_task(1, None), an_official_task(2, None)]) == [1.0, 1.0]
    assert weights([]) == []


def test_several_occupations_count_the_same_and_one_without_tasks_does_not_count() -> None:
    other, empty = an_occupation("22-2222.00"), an_occupation("33-3333.00")
    found = compare(
        OURS,
        [
            (an_occupation(), [an_official_task(1, None)]),
            (other, [an_official_task(3, None, "22-2222.00")]),
            (empty, []),
        ],
        Angles(DEGREES),
    )
    assert [(part.code, part.coverage_percent) for part in found.occupations] == [
        ("11-1111.00", 100.0),
        ("22-2222.00", 0.0),
        ("33-3333.00", None),
    ]
    assert found.coverage_percent == 50.0


def test_without_an_official_task_there_is_no_coverage_and_nothing_is_embedded() -> None:
    embed = Angles({})
    found = compare(OURS, [(an_occupation(), [])], embed)
    assert (found.coverage_percent, found.official, embed.embedded) == (None, (), [])
    assert [row.counterpart for row in found.assessed] == [False, False]
    assert compare(OURS, [], embed).occupations == ()


def test_tasks_whose_weights_are_all_zero_give_no_coverage() -> None:
    found = compare(OURS, [(an_occupation(), [an_official_task(1, (4, 0))])], Angles(DEGREES))
    assert found.coverage_percent is None
