"""Which tasks are suggested as the same work: one to one, the largest total, nothing below the threshold."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from factories_publications import a_content, a_subject, likeness
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.registry.matching import THRESHOLD, assign, suggested
from agent.registry.roles import Subject

WEIGHT = st.integers(-100, 100).map(lambda n: n / 100)


@st.composite
def tables(draw: st.DrawFn) -> list[list[float]]:
    columns = draw(st.integers(1, 5))
    row = st.lists(WEIGHT, min_size=columns, max_size=columns)
    return draw(st.lists(row, min_size=1, max_size=5))


def best_total(weights: list[list[float]]) -> float:
    """By trying everything."""
    rows, columns = len(weights), len(weights[0])
    # Columns of weight 0 stand for no pair.
    places = [*range(columns), *[None] * rows]
    totals = (
        sum(max(weights[row][at], 0.0) for row, at in enumerate(chosen) if at is not None)
        for chosen in permutations(places, rows)
    )
    return max(totals)


@settings(max_examples=60, deadline=None)
@given(tables())
def test_an_assignment_has_the_largest_total_and_uses_nothing_twice(weights: list[list[float]]) -> None:
    pairs = assign(weights)
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)
    assert all(weights[row][column] > 0 for row, column in pairs)
    assert list(pairs) == sorted(pairs)
    assert sum(weights[row][column] for row, column in pairs) == pytest.approx(best_total(weights))


def test_nothing_is_assigned_where_there_is_nothing() -> None:
    assert assign([]) == assign([[]]) == assign([[0.0, -1.0]]) == ()


def test_the_largest_total_goes_before_the_best_single_pair() -> None:
    assert assign([[0.9, 0.8], [0.8, 0.1]]) == ((0, 1), (1, 0))


def test_a_pair_below_the_threshold_is_not_suggested(tmp_path: Path) -> None:
    a, b = a_subject(tmp_path, a_content("One")), a_subject(tmp_path, a_content("Two"))
    near = likeness({("planning", "planning"): THRESHOLD, ("building", "building"): THRESHOLD - 0.01}, roles=THRESHOLD)
    mapping = suggested(a, b, near, embedding="words-1")
    assert [(pair.from_, pair.to, pair.similarity) for pair in mapping.pairs] == [("t1", "t1", THRESHOLD)]
    assert (mapping.status, mapping.embedding, mapping.threshold) == ("suggested", "words-1", THRESHOLD)
    assert mapping.words == "suggested mapping, not confirmed"


def test_the_other_way_round_the_same_tasks_are_suggested(tmp_path: Path) -> None:
    a, b = a_subject(tmp_path, a_content("One")), a_subject(tmp_path, a_content("Two"))
    # Every assignment has the same total, so that only the order could decide.
    even = likeness({(one, two): 0.75 for one in names(a) for two in names(b)})
    there, back = (suggested(x, y, even, embedding="words-1") for x, y in ((a, b), (b, a)))
    assert {(p.from_, p.to) for p in there.pairs} == {(p.to, p.from_) for p in back.pairs}
    assert (there.from_, there.to) == (back.to, back.from_) == (a.revision, b.revision)
    assert len(there.pairs) == 5


def names(of: Subject) -> list[str]:
    return [task.name for task in of.tasks]


def test_roles_that_do_other_things_need_names_that_are_more_alike(tmp_path: Path) -> None:
    a, b = a_subject(tmp_path, a_content("One")), a_subject(tmp_path, a_content("Two"))
    for roles, suggests in ((0.6, True), (0.1, False)):
        near = likeness({("planning", "planning"): 0.6}, roles=roles)
        assert bool(suggested(a, b, near, embedding="words-1").pairs) is suggests
