from __future__ import annotations

import sqlite3

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agent.evidence.fusion import (
    MAX_WORDS,
    STOP_WORDS,
    best_of,
    diversify,
    fuse_scores,
    in_turn,
    spread,
    with_article,
    word_match,
)

IDS = st.sampled_from("abcdefgh")
SCORES = st.just(0.0) | st.floats(0.001, 50)
SCORED = st.dictionaries(IDS, st.floats(0, 1)).map(lambda found: sorted(found.items(), key=lambda p: (-p[1], p[0])))
GROUPS = st.fixed_dictionaries({item: st.sampled_from("xyz") for item in "abcdefgh"})


def matches(query: str, text: str) -> bool:
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE VIRTUAL TABLE t USING fts5(text, tokenize = 'porter unicode61 remove_diacritics 2')")
        connection.execute("INSERT INTO t VALUES (?)", [text])
        match = word_match(query)
        return (
            match is not None and connection.execute("SELECT 1 FROM t WHERE t MATCH ?", [match]).fetchone() is not None
        )


def test_half_of_a_score_is_for_words_and_half_for_meaning() -> None:
    # words: 8/8, 2/8, none; meaning: (0.5 - 0.3)/0.4, (0.7 - 0.3)/0.4, 0
    assert fuse_scores({"a": 8.0, "b": 2.0}, {"a": 0.5, "b": 0.7, "c": 0.3}) == [
        ("a", pytest.approx((1 + 0.5) / 2)),
        ("b", pytest.approx((0.25 + 1) / 2)),
        ("c", 0.0),
    ]


def test_how_far_apart_two_candidates_are_counts_where_their_ranks_are_the_same() -> None:
    near = fuse_scores({"a": 5.0, "b": 4.9}, {"a": 0.2, "b": 0.8, "c": 0.1})
    far = fuse_scores({"a": 5.0, "b": 0.5}, {"a": 0.7, "b": 0.8, "c": 0.1})
    assert [near[0][0], far[0][0]] == ["b", "a"]


def test_without_a_word_in_common_meaning_alone_decides() -> None:
    assert fuse_scores({}, {"a": 0.1, "b": 0.3, "c": 0.2}) == [("b", 0.5), ("c", pytest.approx(0.25)), ("a", 0.0)]


def test_candidates_of_equal_similarity_are_told_apart_by_words_and_then_by_id() -> None:
    assert fuse_scores({"c": 2.0}, {"b": 0.4, "a": 0.4, "c": 0.4}) == [("c", 1.0), ("a", 0.5), ("b", 0.5)]
    assert fuse_scores({"a": 0.0}, {"a": 0.4}) == [("a", 0.5)]


def test_no_candidates_give_no_ranking() -> None:
    assert fuse_scores({}, {}) == []


def test_a_candidate_without_a_similarity_and_a_score_with_the_wrong_sign_are_refused() -> None:
    with pytest.raises(ValueError, match="no similarity for"):
        fuse_scores({"b": 1.0}, {"a": 0.5})
    with pytest.raises(ValueError, match="below 0"):
        fuse_scores({"a": -1.0}, {"a": 0.5})


@given(st.dictionaries(IDS, SCORES), st.dictionaries(IDS, st.floats(-1, 1)), st.floats(0.1, 10))
def test_a_fused_score_is_a_share_that_no_unit_changes(
    words: dict[str, float], dense: dict[str, float], unit: float
) -> None:
    words = {item: score for item, score in words.items() if item in dense}
    fused = fuse_scores(words, dense)
    scaled = dict(fuse_scores({item: score * unit for item, score in words.items()}, dense))
    assert sorted(item for item, _ in fused) == sorted(dense)
    assert all(0 <= score <= 1 for _, score in fused)
    assert fused == sorted(fused, key=lambda pair: (-pair[1], pair[0]))
    assert scaled == pytest.approx(dict(fused), abs=1e-9)


@given(st.dictionaries(IDS, st.tuples(SCORES, st.floats(-1, 1)), min_size=2))
def test_what_is_better_in_both_is_never_ranked_below(both: dict[str, tuple[float, float]]) -> None:
    fused = dict(fuse_scores({i: words for i, (words, _) in both.items()}, {i: near for i, (_, near) in both.items()}))
    for one, (words, near) in both.items():
        for other, (fewer, farther) in both.items():
            if words >= fewer and near >= farther:
                assert fused[one] >= fused[other]


def firsts(ranking: list[tuple[str, float]], groups: dict[str, str]) -> list[tuple[str, float]]:
    """Of each group the best item."""
    return list({groups[item]: (item, score) for item, score in reversed(ranking)}.values())


def test_a_fifth_of_a_score_is_that_of_the_best_passage_of_the_article() -> None:
    ranking = [("a1", 0.9), ("b1", 0.45), ("a2", 0.4), ("b2", 0.1)]
    articles = {"a1": "a", "a2": "a", "b1": "b", "b2": "b"}
    # 0.4 + (0.9 - 0.4) / 5, 0.1 + (0.45 - 0.1) / 5
    assert with_article(ranking, articles) == [
        ("a1", 0.9),
        ("a2", pytest.approx(0.5)),
        ("b1", 0.45),
        ("b2", pytest.approx(0.17)),
    ]
    assert with_article([], {}) == []


@given(SCORED, GROUPS)
def test_the_best_passage_of_each_article_keeps_its_score(
    ranking: list[tuple[str, float]], articles: dict[str, str]
) -> None:
    lifted = with_article(ranking, articles)
    assert lifted == sorted(lifted, key=lambda pair: (-pair[1], pair[0]))
    assert sorted(item for item, _ in lifted) == sorted(item for item, _ in ranking)
    assert {articles[item]: score for item, score in firsts(lifted, articles)} == pytest.approx(
        {articles[item]: score for item, score in firsts(ranking, articles)}
    )
    assert all(dict(lifted)[item] >= score for item, score in ranking)


def test_the_third_item_of_a_group_counts_a_twentieth_less_and_the_fourth_again() -> None:
    ranking = [("a1", 1.0), ("a2", 0.9), ("a3", 0.8), ("a4", 0.8), ("b1", 0.77)]
    groups = {"a1": "a", "a2": "a", "a3": "a", "a4": "a", "b1": "b"}
    assert spread(ranking, groups) == [
        ("a1", 1.0),
        ("a2", 0.9),
        ("b1", 0.77),
        ("a3", pytest.approx(0.8 * 0.95)),
        ("a4", pytest.approx(0.8 * 0.95 * 0.95)),
    ]


@given(SCORED, GROUPS)
def test_spreading_loses_nothing_and_never_raises_a_score(
    ranking: list[tuple[str, float]], groups: dict[str, str]
) -> None:
    kept = spread(ranking, groups)
    assert kept == sorted(kept, key=lambda pair: (-pair[1], pair[0]))
    assert sorted(item for item, _ in kept) == sorted(item for item, _ in ranking)
    assert all(dict(kept)[item] <= score for item, score in ranking)
    for name in "xyz":
        full = [(item, score) for item, score in ranking if groups[item] == name][:2]
        assert [(item, dict(kept)[item]) for item, _ in full] == full


def test_a_passage_counts_with_its_best_score_in_any_search() -> None:
    assert best_of([[("a", 0.9), ("b", 0.2)], [("b", 0.4), ("c", 0.4)]]) == [("a", 0.9), ("b", 0.4), ("c", 0.4)]


def test_rankings_take_turns_and_skip_what_is_taken() -> None:
    assert in_turn([["a", "b", "c"], ["a", "d"], []]) == ["a", "d", "b", "c"]


def test_no_group_takes_more_than_its_places() -> None:
    groups = {"a1": "a", "a2": "a", "a3": "a", "b1": "b", "c1": "c"}
    assert diversify(["a1", "a2", "a3", "b1", "c1"], groups, per_group=2, limit=4) == ["a1", "a2", "b1", "c1"]
    assert diversify(["a1", "a2", "b1"], groups, per_group=1, limit=1) == ["a1"]
    assert diversify(["a1", "a2", "a3", "b1"], groups, per_group=None, limit=3) == ["a1", "a2", "a3"]
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


def test_stop_words_are_left_out_of_a_query_that_has_others() -> None:
    assert word_match("What is the demand for data engineers?") == '"what" OR "demand" OR "data" OR "engineers"'
    assert not matches("the demand", "of the data")


def test_a_query_of_nothing_but_stop_words_is_searched_as_it_is() -> None:
    assert word_match("To be or not to be") == '"to" OR "be" OR "or" OR "not"'
    assert {word for word in STOP_WORDS if word_match(word) != f'"{word}"'} == set()


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
