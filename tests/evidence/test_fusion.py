from __future__ import annotations

import sqlite3

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agent.evidence.fusion import MAX_WORDS, diversify, fuse, word_match

RANKINGS = st.lists(st.lists(st.sampled_from("abcdefgh"), unique=True), max_size=6)


def matches(query: str, text: str) -> bool:
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE VIRTUAL TABLE t USING fts5(text, tokenize = 'porter unicode61 remove_diacritics 2')")
        connection.execute("INSERT INTO t VALUES (?)", [text])
        match = word_match(query)
        return (
            match is not None and connection.execute("SELECT 1 FROM t WHERE t MATCH ?", [match]).fetchone() is not None
        )


def test_each_rank_counts_one_part_of_sixty_and_the_rank() -> None:
    assert fuse([["a", "b"], ["b"]]) == [("b", 1 / 62 + 1 / 61), ("a", 1 / 61)]


def test_ties_are_ordered_by_id() -> None:
    assert [item for item, _ in fuse([["b"], ["a"], ["c"]])] == ["a", "b", "c"]


@given(RANKINGS)
def test_the_order_of_the_rankings_does_not_matter(rankings: list[list[str]]) -> None:
    assert fuse(rankings) == fuse(rankings[::-1])


@given(RANKINGS)
def test_everything_ranked_is_scored_once_best_first(rankings: list[list[str]]) -> None:
    fused = fuse(rankings)
    assert sorted(item for item, _ in fused) == sorted({item for ranking in rankings for item in ranking})
    assert [score for _, score in fused] == sorted((score for _, score in fused), reverse=True)


def test_no_group_takes_more_than_its_places() -> None:
    groups = {"a1": "a", "a2": "a", "a3": "a", "b1": "b", "c1": "c"}
    assert diversify(["a1", "a2", "a3", "b1", "c1"], groups, per_group=2, limit=4) == ["a1", "a2", "b1", "c1"]
    assert diversify(["a1", "a2", "b1"], groups, per_group=1, limit=1) == ["a1"]
    assert diversify([], groups, per_group=1, limit=1) == []


@pytest.mark.parametrize("query", ["", "   ", "🙂🙂", "___", '"*()^:-+', "\0"])
def test_a_query_without_a_word_matches_nothing(query: str) -> None:
    assert word_match(query) is None


@pytest.mark.parametrize(
    "query",
    [
        'data "engineer',
        "data AND NOT",
        "NEAR(data, 2)",
        "text:data",
        "data*",
        "^data",
        "{data}",
        "DATA's",
        "x -data",
        "ＤＡＴＡ",
    ],
)
def test_syntax_in_a_query_is_only_words(query: str) -> None:
    assert matches(query, "some data")


def test_any_word_is_enough_and_a_word_inside_another_is_not() -> None:
    assert matches("wages data", "some data")
    assert not matches("at", "some data")


def test_a_very_long_query_is_cut() -> None:
    match = word_match(" ".join(f"word{number}" for number in range(5000)))
    assert match is not None
    assert match.count(" OR ") == MAX_WORDS - 1


@given(st.text())
@example("a_b")
@example("²½Ⅳ")
@example("\u0e33 \u0f0b")
@example("ß\u0345ǅ")
def test_no_query_is_a_syntax_error(query: str) -> None:
    matches(query, "some data")
