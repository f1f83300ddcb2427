from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.retrieval.metrics import Interval, interval, ndcg, p_value, recall, reciprocal_rank

RANKINGS = st.lists(st.sampled_from("abcdefghij"), unique=True)
RELEVANT = st.sets(st.sampled_from("abcdefghij"), min_size=1)


def test_ndcg_discounts_by_rank_and_divides_by_the_best_order() -> None:
    # found at ranks 1 and 3 of two relevant: (1/log2 2 + 1/log2 4) / (1/log2 2 + 1/log2 3) = 1.5 / 1.63093
    assert ndcg(["a", "x", "b"], {"a", "b"}, at=10) == pytest.approx(0.919721, abs=1e-6)
    # found at rank 2 of one relevant: 1/log2 3
    assert ndcg(["x", "a"], {"a"}, at=10) == pytest.approx(0.630930, abs=1e-6)


def test_ndcg_counts_nothing_past_its_depth() -> None:
    ranking = [*(f"x{number}" for number in range(10)), "a"]
    assert [ndcg(ranking, {"a"}, at=10), ndcg(ranking, {"a"}, at=11)] == [0.0, 1 / math.log2(12)]


def test_the_best_order_is_cut_at_the_depth_too() -> None:
    assert ndcg(["a", "b"], {"a", "b", "c"}, at=2) == 1.0


def test_recall_is_the_share_of_the_relevant_that_was_found_in_time() -> None:
    assert [recall(["a", "x", "b"], {"a", "b", "c", "d"}, at=depth) for depth in (1, 2, 3)] == [0.25, 0.25, 0.5]


def test_the_reciprocal_rank_is_that_of_the_first_relevant() -> None:
    assert [
        reciprocal_rank(["x", "y", "a", "b"], {"a", "b"}, at=10),
        reciprocal_rank(["x", "y", "a"], {"a"}, at=2),
        reciprocal_rank([], {"a"}, at=10),
    ] == [1 / 3, 0.0, 0.0]


@given(RANKINGS, RELEVANT)
def test_each_measure_is_a_share_and_one_for_the_best_ranking(ranking: list[str], relevant: set[str]) -> None:
    for measure in (ndcg, recall, reciprocal_rank):
        assert 0 <= measure(ranking, relevant, at=10) <= 1
        assert measure(sorted(relevant), relevant, at=10) == pytest.approx(1.0)


@given(RANKINGS, RELEVANT)
def test_moving_a_relevant_item_up_never_lowers_a_measure(ranking: list[str], relevant: set[str]) -> None:
    better = sorted(ranking, key=lambda item: item not in relevant)
    for measure in (ndcg, recall, reciprocal_rank):
        assert measure(better, relevant, at=5) >= measure(ranking, relevant, at=5)


@pytest.mark.parametrize("measure", [ndcg, recall, reciprocal_rank])
def test_a_query_without_judgements_and_a_ranking_with_a_double_are_refused(measure: object) -> None:
    assert callable(measure)
    with pytest.raises(ValueError, match="no relevant item"):
        measure(["a"], set(), at=10)
    with pytest.raises(ValueError, match="twice"):
        measure(["a", "a"], {"a"}, at=10)


def test_values_that_are_all_alike_have_an_interval_without_width() -> None:
    assert interval([0.5] * 7) == Interval(0.5, 0.5, 0.5)


def test_the_interval_of_a_coin_is_that_of_the_normal_distribution() -> None:
    # 100 values, half of them 1: standard error 0.05, so 0.5 ± 1.96 * 0.05
    found = interval([0.0, 1.0] * 50)
    assert found.mean == 0.5
    assert found.low == pytest.approx(0.402, abs=0.011)
    assert found.high == pytest.approx(0.598, abs=0.011)


def test_the_same_seed_gives_the_same_interval_and_p_value() -> None:
    values, others = [0.1, 0.9, 0.4, 0.7], [0.2, 0.3, 0.4, 0.1]
    assert interval(values) == interval(values)
    assert p_value(values, others) == p_value(values, others)
    many = [number**0.5 for number in range(50)]
    assert interval(many, seed=1) != interval(many, seed=2)


def test_the_p_value_is_the_share_of_swaps_with_a_difference_as_large() -> None:
    ours, theirs = [0.9, 0.6, 0.7, 0.5], [0.5, 0.5, 0.4, 0.6]
    differences = [a - b for a, b in zip(ours, theirs, strict=True)]
    swaps = [
        sum(s * d for s, d in zip(signs, differences, strict=True)) for signs in itertools.product((1, -1), repeat=4)
    ]
    exact = sum(abs(swap) >= abs(sum(differences)) - 1e-9 for swap in swaps) / len(swaps)
    # 0.4, 0.3 and twice 0.1: all on one side gives 0.9, all but one 0.1 gives 0.7, in both directions
    assert exact == 6 / 16
    assert p_value(ours, theirs) == pytest.approx(exact, abs=0.02)


def test_a_run_is_no_better_than_itself_and_a_lasting_lead_is_no_chance() -> None:
    values = [number / 40 for number in range(40)]
    assert p_value(values, values) == 1.0
    assert p_value([value + 0.1 for value in values], values) == 1 / 10_001


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=12))
def test_the_test_is_two_sided(pairs: list[tuple[float, float]]) -> None:
    ours, theirs = [a for a, _ in pairs], [b for _, b in pairs]
    assert p_value(ours, theirs, draws=200) == p_value(theirs, ours, draws=200)


def test_runs_over_other_queries_are_not_compared_and_missing_values_not_averaged() -> None:
    with pytest.raises(ValueError, match="3 and 2 values"):
        p_value([1.0, 1.0, 1.0], [1.0, 1.0])
    for values in ([], [float("nan")], [1.0, float("inf")]):
        with pytest.raises(ValueError, match="finite"):
            interval(values)
