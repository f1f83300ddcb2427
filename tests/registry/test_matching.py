"""Which tasks are suggested as the same work: one to one, the largest total, nothing below the threshold."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from factories_publications import a_content, a_subject, likeness
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.registry.matching import THRESHOLD, assign, suggested
from agent.registry.roles import Subject

WEIGHT = st.integers(-20, 100).map(lambda n: n / 100)


@st.composite
def tables(draw: st.DrawFn) -> list[list[float]]:
    columns = draw(st.integers(1, 7))
    row = st.lists(WEIGHT, min_size=columns, max_size=columns)
    return draw(st.lists(row, min_size=1, max_size=7))


def best_total(weights: list[list[float]]) -> float:
    """By trying everything: each row takes a free column or none."""

    @cache
    def best(row: int, free: frozenset[int]) -> float:
        if row == len(weights):
            return 0.0
        taken = [weights[row][at] + best(row + 1, free - {at}) for at in free]
        return max([best(row + 1, free), *taken])

    return best(0, frozenset(range(len(weights[0]))))


@settings(max_examples=150, deadline=None)
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


@pytest.fixture(scope="module")
def two_roles(tmp_path_factory: pytest.TempPathFactory) -> tuple[Subject, Subject]:
    """The tasks of one are called a1 to a5, those of the other b1 to b5."""
    folder, numbers = tmp_path_factory.mktemp("roles"), range(1, 6)
    contents = (a_content(title, tasks=tuple((f"{title}{at}", 20, 3) for at in numbers)) for title in "ab")
    one, two = (a_subject(folder, content) for content in contents)
    return one, two


@settings(max_examples=80, deadline=None)
@given(alike=st.sets(st.tuples(st.integers(1, 5), st.integers(1, 5))))
def test_the_other_way_round_the_same_tasks_are_suggested(
    two_roles: tuple[Subject, Subject], alike: set[tuple[int, int]]
) -> None:
    a, b = two_roles
    # Many assignments have the same total, so that only the order decides.
    even = likeness({(f"a{one}", f"b{two}"): 0.75 for one, two in alike})
    there, back = (suggested(x, y, even, embedding="words-1") for x, y in ((a, b), (b, a)))
    assert {(p.from_, p.to) for p in there.pairs} == {(p.to, p.from_) for p in back.pairs}
    assert (there.from_, there.to) == (back.to, back.from_) == (a.revision, b.revision)


def test_roles_that_do_other_things_need_names_that_are_more_alike(tmp_path: Path) -> None:
    a, b = a_subject(tmp_path, a_content("One")), a_subject(tmp_path, a_content("Two"))
    for roles, suggests in ((0.6, True), (0.1, False)):
        near = likeness({("planning", "planning"): 0.6}, roles=roles)
        assert bool(suggested(a, b, near, embedding="words-1").pairs) is suggests
