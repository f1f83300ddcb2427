from __future__ import annotations

from pathlib import Path

import pytest
from factories_evidence import WordEmbedder, a_corpus, write_article
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.errors import InvalidInput
from agent.evidence.corpus import Corpus
from agent.schemas.article import FoundPassage

DATES = {"old": "2023-05-01", "year": "2025", "month": "2025-07", "day": "2025-07-10", "undated": "unknown"}


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """One article a date, all about engineers; tier 1 is the year's, tier 4 the undated."""
    folder = tmp_path_factory.mktemp("dated")
    tiers = {"year": 1, "undated": 4}
    for name, date in DATES.items():
        write_article(folder / "in", name, f"{name} engineers", date=date, tier=tiers.get(name, 2))
    corpus = a_corpus(folder / "home")
    corpus.add([folder / "in"])
    return corpus


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Three articles with four passages each, all about engineers."""
    folder = tmp_path_factory.mktemp("crowded")
    for name in ("one", "two", "three"):
        write_article(folder / "in", name, *(f"{name} engineers of kind{n}" for n in range(4)))
    corpus = a_corpus(folder / "home")
    corpus.add([folder / "in"])
    return corpus


def names(found: list[FoundPassage]) -> set[str]:
    return {hit.passage.meta.url.removeprefix("https://example.org/") for hit in found}


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
    assert names(dated.search([query], limit=10, **filters)) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(("per_article", "count"), [(1, 3), (2, 6), (4, 12), (9, 12)])
def test_no_article_takes_more_than_its_places(crowded: Corpus, per_article: int, count: int) -> None:
    found = crowded.search(["engineers"], limit=12, per_article=per_article)
    articles = [hit.passage.article for hit in found]
    assert len(found) == count
    assert max(articles.count(article) for article in articles) <= per_article


def test_results_are_the_best_first_and_ties_are_ordered_by_id(crowded: Corpus) -> None:
    found = crowded.search(["engineers", "kind2"], limit=12, per_article=4)
    assert found == sorted(found, key=lambda hit: (-hit.score, hit.passage.id))
    assert {hit.passage.text.split(" rose")[0][-5:] for hit in found[:3]} == {"kind2"}


def test_a_smaller_limit_gives_the_beginning_of_the_same_answer(crowded: Corpus) -> None:
    assert crowded.search(["engineers"], limit=2) == crowded.search(["engineers"], limit=6)[:2]


def test_the_order_and_repetition_of_queries_do_not_matter(crowded: Corpus) -> None:
    once = crowded.search(["kind1 engineers", "kind3"], limit=9)
    assert crowded.search(["kind3", " kind1 engineers", "kind3 "], limit=9) == once


def test_all_queries_are_embedded_in_one_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    embedder = WordEmbedder()
    corpus = a_corpus(tmp_path / "home", embedder)
    corpus.add([write_article(tmp_path / "in", "one", "engineers")])
    batches: list[list[str]] = []
    original = embedder.embed
    monkeypatch.setattr(embedder, "embed", lambda texts: (batches.append(list(texts)), original(texts))[1])
    corpus.search(["a", "b", "c"], limit=3)
    assert batches == [["a", "b", "c"]]


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
