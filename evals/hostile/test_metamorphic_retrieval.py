"""What must not matter to the search: an article about something else, and the order in which articles came."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.evidence.read import article_files, make_article, read_articles
from agent.evidence.split import passages_of
from agent.schemas.article import Article, ArticleMeta, TextKind
from agent.shipped import shipped_path
from evals.hostile.corpora import ShippedEmbedder, open_home
from evals.retrieval.judged import JudgedQuery, read_golden

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "passages.json"
TOP = 8
LEAST_KEPT = TOP - 2
"""Of the best eight passages of any query at least so many stay when an irrelevant article is added."""
MEAN_KEPT = 0.99
"""Share of the best eight that stay, over all golden queries."""
RECALL_MOVED = 0.005
"""By how much the mean recall of golden passages may move."""
BREAD = """Sourdough bread needs a warm kitchen, flour with a little rye in it, and a starter that was fed the evening
before. The dough rests under a cloth until it has doubled, and is folded every half hour.

A hot stone gives the loaf its crust. Steam in the first minutes keeps the surface soft, so that the loaf can rise, and
an open door towards the end dries it. A loaf of a kilogram takes about fifty minutes.

Old bread makes dumplings, soup and pudding. In the valley it was hung from the ceiling in nets, away from the mice, and
was eaten with cheese and cider in the months when nobody baked."""

Ranking = dict[str, tuple[str, ...]]
"""The best passages a query, by the query's id."""


@pytest.fixture(scope="module")
def embedder() -> ShippedEmbedder:
    """The bundled model; the vectors of bundled passages are those that ship."""
    return ShippedEmbedder(shipped_path("corpus"))


@pytest.fixture(scope="module")
def bundled() -> list[Article]:
    """The bundled articles."""
    return [read.article for read in read_articles(article_files([shipped_path("corpus")]))]


@pytest.fixture(scope="module")
def usual(bundled: list[Article], embedder: ShippedEmbedder, tmp_path_factory: pytest.TempPathFactory) -> Ranking:
    """What is found in the bundled corpus."""
    return ranked([bundled], embedder, tmp_path_factory.mktemp("usual"))[0]


@pytest.fixture(scope="module")
def beside(
    bundled: list[Article], embedder: ShippedEmbedder, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Ranking, list[JudgedQuery]]:
    """What is found when an irrelevant article was taken in with the bundled ones."""
    return ranked([[*bundled, irrelevant()]], embedder, tmp_path_factory.mktemp("beside"))


def ranked(groups: list[list[Article]], embedder: ShippedEmbedder, folder: Path) -> tuple[Ranking, list[JudgedQuery]]:
    """The best passages of each golden query after the groups were taken in, one ingest a group."""
    with open_home(folder, embedder) as home:
        for group in groups:
            home.corpus.take(group)
        known = [passage for found in home.passages().values() for passage in found]
        queries = list(read_golden(GOLDEN, known))
        found = {
            query.id: tuple(hit.passage.id for hit in home.corpus.search([query.text], limit=TOP)) for query in queries
        }
    return found, queries


def recall(found: Ranking, queries: list[JudgedQuery]) -> float:
    """Mean recall of the golden passages among the best eight."""
    return statistics.fmean(len(query.relevant & set(found[query.id])) / len(query.relevant) for query in queries)


def irrelevant() -> Article:
    """An article about bread."""
    meta = ArticleMeta(
        title="Baking in the valley",
        publisher="A village museum",
        author=None,
        date="2025-10-01",
        url="https://museum.example/bread",
        tier=2,
        interested=False,
        retrieved="2026-01-02",
        text_kind=TextKind.FULL,
    )
    return make_article(meta, BREAD)


def test_an_irrelevant_article_hardly_changes_what_golden_queries_find(
    usual: Ranking, beside: tuple[Ranking, list[JudgedQuery]], record_property: Callable[[str, object], None]
) -> None:
    found, queries = beside
    kept = {query: len(set(found[query]) & set(best)) for query, best in usual.items()}
    mean = statistics.fmean(kept[query] / len(best) for query, best in usual.items())
    record_property("figures", f"best {TOP} of golden queries kept beside an irrelevant article: {mean:.4f}")
    assert {query: count for query, count in kept.items() if count < min(LEAST_KEPT, len(usual[query]))} == {}
    assert mean >= MEAN_KEPT
    assert abs(recall(found, queries) - recall(usual, queries)) <= RECALL_MOVED


def test_an_irrelevant_article_is_among_the_best_three_of_no_golden_query(
    beside: tuple[Ranking, list[JudgedQuery]],
) -> None:
    own = {passage.id for passage in passages_of(irrelevant())}
    assert own
    assert [query for query, best in beside[0].items() if own & set(best[:3])] == []


def test_the_order_of_ingest_does_not_matter(
    bundled: list[Article], embedder: ShippedEmbedder, usual: Ranking, tmp_path: Path
) -> None:
    mixed = sorted(bundled, key=lambda article: article.content_hash)
    found, _ = ranked([mixed[at::3] for at in range(3)], embedder, tmp_path)
    assert {query for query, best in found.items() if best != usual[query]} == set()


def test_the_golden_queries_are_those_of_the_file(usual: Ranking) -> None:
    assert len(usual) == len(json.loads(GOLDEN.read_text(encoding="utf-8"))["queries"]) >= 100
