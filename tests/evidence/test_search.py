from __future__ import annotations

from pathlib import Path

import pytest
from factories_evidence import WordEmbedder, a_corpus, an_article_about, an_own_article, names_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.errors import InvalidInput
from agent.evidence import search as search_module
from agent.evidence.copies import says_the_same, wording
from agent.evidence.corpus import Corpus
from agent.evidence.fusion import in_turn

DATES = {"old": "2023-05-01", "year": "2025", "month": "2025-07", "day": "2025-07-10", "undated": "unknown"}


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """One article a date, all about engineers; tier 1 is the year's, tier 4 the undated."""
    tiers = {"year": 1, "undated": 4}
    corpus = a_corpus(tmp_path_factory.mktemp("dated"))
    corpus.take(
        an_own_article(name, f"{name} engineers", date=date, tier=tiers.get(name, 2)) for name, date in DATES.items()
    )
    return corpus


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Three articles with four passages each, all about engineers."""
    corpus = a_corpus(tmp_path_factory.mktemp("crowded"))
    corpus.take(
        an_own_article(name, *(f"engineers of {name} of kind{n}" for n in range(4))) for name in ("one", "two", "three")
    )
    return corpus


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, {"old", "year", "month", "day", "undated"}),
        ({"as_of": "2025-07-09"}, {"old", "year", "month", "undated"}),
        ({"as_of": "2025-06-30"}, {"old", "year", "undated"}),
        ({"as_of": "2022-01-01"}, {"undated"}),
        ({"since": "2025-07-01"}, {"month", "day"}),
        ({"since": "2025-01-01", "as_of": "2025-07-01"}, {"year", "month"}),
        ({"since": "2026-01-01"}, set()),
        ({"tiers": frozenset({1})}, {"year"}),
        ({"tiers": frozenset({1, 4}), "since": "2020-01-01"}, {"year"}),
        ({"tiers": frozenset()}, set()),
    ],
)
@pytest.mark.parametrize("query", ["engineers", "no such term here"])
def test_both_legs_keep_to_date_and_tier(
    dated: Corpus, query: str, filters: dict[str, object], expected: set[str]
) -> None:
    assert set(names_of(dated.search([query], limit=10, **filters))) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(("per_article", "count"), [(1, 3), (2, 6), (4, 12), (9, 12)])
def test_no_article_takes_more_than_its_places(crowded: Corpus, per_article: int, count: int) -> None:
    found = crowded.search(["engineers"], limit=12, per_article=per_article)
    articles = [hit.passage.article for hit in found]
    assert len(found) == count
    assert max(articles.count(article) for article in articles) <= per_article


def test_without_a_bound_a_further_passage_of_an_article_counts_less(crowded: Corpus) -> None:
    bounded = crowded.search(["engineers"], limit=12, per_article=12)
    free = crowded.search(["engineers"], limit=12, per_article=None)
    before: dict[str, int] = {}
    expected = {}
    for hit in bounded:
        rank = before.get(hit.passage.article, 0)
        before[hit.passage.article] = rank + 1
        expected[hit.passage.id] = hit.score * (1, 1, 0.95, 0.95**2)[rank]
    assert {hit.passage.id: hit.score for hit in free} == pytest.approx(expected)
    assert free == sorted(free, key=lambda hit: (-hit.score, hit.passage.id))


def test_a_passage_ranks_higher_beside_a_better_one_of_its_article(tmp_path: Path) -> None:
    def score(*others: str) -> float:
        corpus = a_corpus(tmp_path / str(len(others)))
        wide = [an_own_article(f"n{n}", f"engineers of kind{n}") for n in range(3)]
        corpus.take([an_own_article("ours", "engineers", *others), *wide])
        found = corpus.search(["welders wanted"], limit=9, per_article=9)
        return next(hit.score for hit in found if "about engineers" in hit.passage.text)

    assert score("welders wanted") > score()


def test_results_are_the_best_first_and_ties_are_ordered_by_id(crowded: Corpus) -> None:
    for queries in (["engineers", "kind2"], ["kind2"]):
        found = crowded.search(queries, limit=12, per_article=4)
        assert found == sorted(found, key=lambda hit: (-hit.score, hit.passage.id))
    assert {hit.passage.text.partition(":")[0][-5:] for hit in found[:2]} == {"kind2"}


def test_a_smaller_limit_gives_the_beginning_of_the_same_answer(crowded: Corpus) -> None:
    assert crowded.search(["engineers"], limit=2) == crowded.search(["engineers"], limit=6)[:2]


def test_the_order_and_repetition_of_queries_do_not_matter(crowded: Corpus) -> None:
    once = crowded.search(["kind1 engineers", "kind3"], limit=9)
    assert crowded.search(["kind3", " kind1 engineers", "kind3 "], limit=9) == once


def test_all_queries_are_embedded_in_one_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    embedder = WordEmbedder()
    corpus = a_corpus(tmp_path, embedder)
    corpus.take([an_article_about("one", "engineers")])
    batches: list[list[str]] = []
    original = embedder.embed
    monkeypatch.setattr(embedder, "embed", lambda texts: (batches.append(list(texts)), original(texts))[1])
    corpus.search(["a", "b"], opposed=["c", "a"], limit=3)
    assert batches == [["a", "b", "c"]]


def test_a_query_is_embedded_once_and_by_each_model_anew(tmp_path: Path) -> None:
    embedder = WordEmbedder()
    corpus = a_corpus(tmp_path, embedder)
    corpus.take([an_own_article("one", "engineers"), an_own_article("two", "welders")])
    embedder.embedded.clear()
    first = corpus.search(["engineers", "wages"], limit=3)
    assert corpus.search(["wages", "engineers"], limit=3) == first
    assert embedder.embedded == ["engineers", "wages"]
    later, other = WordEmbedder(), WordEmbedder("words-2")
    assert a_corpus(tmp_path, later).search(["engineers", "demand", "wages"], limit=3)
    assert later.embedded == ["demand"]
    reindexed = a_corpus(tmp_path, other)
    reindexed.reindex()
    other.embedded.clear()
    reindexed.search(["engineers"], limit=3)
    assert other.embedded == ["engineers"]


@pytest.mark.parametrize("query", ["engineers", "nothing that stands in it"])
def test_enough_is_found_when_most_articles_are_later_than_the_day_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    monkeypatch.setattr(search_module, "DEPTH", 4)
    corpus = a_corpus(tmp_path)
    corpus.take(
        an_own_article(f"n{n}", "engineers" if n < 90 else f"engineers, kind{n}", date="2026" if n < 90 else "2019")
        for n in range(100)
    )
    found = corpus.search([query], limit=8, as_of="2020-01-01")
    assert len(found) == 8
    assert {hit.passage.meta.date for hit in found} == {"2019"}


def test_copies_count_once_in_the_diversity(tmp_path: Path) -> None:
    corpus = a_corpus(tmp_path)
    report = [f"engineers of kind{n}" for n in range(4)]
    reprints = [an_article_about(f"reprint{n}", *report, date=f"2025-0{n + 1}-01") for n in range(3)]
    other = an_own_article("other", "engineers")
    assert set(corpus.take([*reprints, other]).copies) == {reprints[1].id, reprints[2].id}
    found = corpus.search(["engineers"], limit=9, per_article=2)
    assert sorted(hit.passage.work or hit.passage.article for hit in found) == sorted([reprints[0].id] * 2 + [other.id])


def test_what_copies_say_in_the_same_words_is_one_result(tmp_path: Path) -> None:
    corpus = a_corpus(tmp_path)
    report = [f"engineers of kind{n}" for n in range(4)]
    dates = ("2025-03", "2025-01", "unknown", "2025-02")
    reprints = [an_article_about(f"reprint{n}", *report, date=date) for n, date in enumerate(dates)]
    corpus.take([*reprints, an_own_article("other", "engineers")])
    for per_article in (None, 9):
        found = corpus.search(["engineers"], limit=9, per_article=per_article)
        assert len(found) == len({hit.passage.text for hit in found}) == 5
        [other] = [hit for hit in found if names_of([hit]) == ["other"]]
        copied = [hit for hit in found if hit != other]
        assert {hit.passage.article for hit in copied} == {reprints[1].id}
        assert {hit.copies for hit in copied} == {
            tuple(sorted(article.id for article in reprints if article != reprints[1]))
        }
        assert other.copies == ()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("The firm kept 12 of its 40 clerks.", "THE FIRM kept 12 of its 40 clerks", True),
        ("The firm kept 12 of its 40 clerks.", "As was said: the firm kept 12 of its 40 clerks. It hired 3.", True),
        ("The firm kept 12 of its 40 clerks.", "The firm kept 13 of its 40 clerks.", False),
        (f"{' '.join('abcdefghijklmnopqrstuvwxyz')} 12", f"{' '.join('abcdefghijklmnopqrstuvwxyz')} 13", False),
        ("Yes.", "No.", False),
    ],
)
def test_two_passages_say_the_same_only_with_every_figure(one: str, other: str, same: bool) -> None:
    assert says_the_same(wording(one), wording(other)) is says_the_same(wording(other), wording(one)) is same


def test_many_copies_do_not_keep_another_article_from_being_found(tmp_path: Path) -> None:
    corpus = a_corpus(tmp_path)
    report = [f"engineers of kind{n}" for n in range(2)]
    corpus.take([*(an_article_about(f"reprint{n:02}", *report) for n in range(70)), an_own_article("other", "welders")])
    found = corpus.search(["engineers"], limit=4)
    assert (len(found), names_of(found[2:])) == (3, ["other"])


def test_both_sides_of_a_question_choose_in_turn(crowded: Corpus) -> None:
    one, other = (
        [hit.passage.id for hit in crowded.search([query], limit=12, per_article=12)] for query in ("kind1", "kind3")
    )
    found = crowded.search(["kind1"], opposed=["kind3"], limit=4, per_article=4)
    assert [hit.passage.id for hit in found] == in_turn([one, other])[:4]
    assert [hit.passage.text.partition(":")[0][-5:] for hit in found[:2]] == ["kind1", "kind3"]


def test_the_same_queries_on_both_sides_find_nothing_twice(crowded: Corpus) -> None:
    found = crowded.search(["kind1"], opposed=["kind1", " "], limit=6)
    assert [hit.passage for hit in found] == [hit.passage for hit in crowded.search(["kind1"], limit=6)]


def test_a_side_without_a_query_is_no_side(crowded: Corpus) -> None:
    assert crowded.search([], opposed=["kind1"], limit=3) == crowded.search(["kind1"], limit=3)


def test_a_search_answers_the_same_through_one_segment_or_many(tmp_path: Path) -> None:
    own = [an_own_article(f"n{n}", *(f"engineers of kind{k}" for k in range((30, 4, 1)[n]))) for n in range(3)]
    one, many = a_corpus(tmp_path / "one"), a_corpus(tmp_path / "many")
    one.take(own)
    for article in own:
        many.take([article])
    assert (len(one.segments.ready_names()), len(many.segments.ready_names())) == (1, 2)
    for query in ("engineers", "kind2", "nothing that stands in it"):
        assert many.search([query], limit=9, per_article=9) == one.search([query], limit=9, per_article=9)


@pytest.mark.parametrize("queries", [[], [""], ["  ", "\n"]])
def test_no_query_finds_nothing(crowded: Corpus, queries: list[str]) -> None:
    assert crowded.search(queries, limit=5) == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=40), max_size=3))
def test_any_text_can_be_searched_for(crowded: Corpus, queries: list[str]) -> None:
    assert len(crowded.search(queries, limit=3)) in (0, 3)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"limit": 0}, "`limit` is 0: expected at least 1."),
        ({"per_article": 0}, "`per_article` is 0: expected at least 1."),
        ({"as_of": "2025-07"}, "`as_of` is '2025-07': expected a day as YYYY-MM-DD."),
        ({"since": "20250701"}, "`since` is '20250701': expected a day as YYYY-MM-DD."),
        ({"since": "unknown"}, "`since` is 'unknown': expected a day as YYYY-MM-DD."),
    ],
)
def test_arguments_that_make_no_sense_are_refused(crowded: Corpus, changes: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        crowded.search(["engineers"], **{"limit": 3, **changes})  # type: ignore[arg-type]
    assert caught.value.message == message
