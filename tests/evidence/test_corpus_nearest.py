"""The passages nearest to a text among some that are named, and what came into a corpus since a moment."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from factories_evidence import WordEmbedder, a_corpus, an_article, an_own_article, names_of

from agent.errors import Prerequisite
from agent.evidence.corpus import Corpus
from agent.schemas.article import Article
from agent.store.chunks import chunks
from agent.store.database import Database

FIRST, SECOND, THIRD = "2026-02-25T10:00:00Z", "2026-02-25T10:00:01Z", "2026-03-01T00:00:00Z"


@pytest.fixture(scope="module")
def trades(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """One passage a trade. Never changed: a test that changes it makes its own."""
    corpus = a_corpus(tmp_path_factory.mktemp("trades"))
    corpus.take(an_own_article(name, f"{name} of the town") for name in ("bakers", "coopers", "millers", "weavers"))
    return corpus


def nearest(corpus: Corpus, *texts: str, least: float = -1.0, limit: int = 9) -> list[list[str]]:
    """The addresses of what is found among all passages."""
    found = corpus.nearest(texts, corpus.store.active_passages(), least=least, limit=limit)
    return [[p.meta.url.rpartition("/")[2] for p in corpus.passages(names)] for names in found]


def test_each_text_gets_the_passages_that_are_nearest_to_it_best_first(trades: Corpus) -> None:
    (bakers, weavers) = nearest(trades, "bakers", "weavers", limit=1)
    assert (bakers, weavers) == (["bakers"], ["weavers"])
    (everything,) = nearest(trades, "a report about bakers of the town")
    assert everything[0] == "bakers" and sorted(everything) == ["bakers", "coopers", "millers", "weavers"]


def test_the_order_is_that_of_the_exact_cosines_with_ties_by_id(trades: Corpus) -> None:
    names = trades.store.active_passages()
    for text in ("bakers and millers", "a word that stands nowhere", "town"):
        (found,) = trades.nearest([text], names, least=-1.0, limit=9)
        asked = WordEmbedder().embed([text])[0]
        rows = dict(zip(names, WordEmbedder().embed([p.text for p in trades.passages(names)]), strict=True))
        cosines = {name: float(np.float32(asked @ row)) for name, row in rows.items()}
        assert [cosines[name] for name in found] == pytest.approx(sorted(cosines.values(), reverse=True))
    # An article twice in the same words: nothing but the id tells the passages apart.
    twin = [an_article(url=f"https://example.org/{n}", publisher=f"P{n}") for n in range(4)]
    own = a_corpus(trades.home / "twins")
    own.take(twin)
    (found,) = own.nearest(["data engineers"], own.store.active_passages(), least=-1.0, limit=9)
    assert len(found) == 4 and found == sorted(found)


def test_what_is_less_alike_than_asked_for_is_left_out(trades: Corpus) -> None:
    names = trades.store.active_passages()
    (passage,) = (p for p in trades.passages(names) if "bakers" in p.text)
    assert trades.nearest([passage.text], names, least=0.999, limit=9)[0] == [passage.id]
    assert trades.nearest(["bakers"], names, least=1.01, limit=9) == [[]]


def test_only_what_is_named_is_found_in_whatever_order_it_is_named(trades: Corpus) -> None:
    names = trades.store.active_passages()
    assert trades.nearest(["bakers"], names[:2], least=-1.0, limit=9)[0] == sorted(
        names[:2], key=trades.nearest(["bakers"], names, least=-1.0, limit=9)[0].index
    )
    assert trades.nearest(["bakers"], names[::-1], least=-1.0, limit=9) == trades.nearest(
        ["bakers"], names, least=-1.0, limit=9
    )
    assert trades.nearest(["bakers"], ["p-000000000000"], least=-1.0, limit=9) == [[]]


@pytest.mark.parametrize(("texts", "expected"), [([], []), (["one"], [[]]), (["one", "two"], [[], []])])
def test_among_nothing_there_is_nothing_and_no_model_is_needed(
    tmp_path: Path, texts: list[str], expected: list[list[str]]
) -> None:
    corpus = a_corpus(tmp_path)
    assert corpus.nearest(texts, [], least=0.0, limit=3) == expected
    corpus.take([an_own_article("bakers", "bakers")])
    assert corpus.nearest([], corpus.store.active_passages(), least=0.0, limit=3) == []


def test_more_passages_than_one_statement_takes_are_all_compared(tmp_path: Path) -> None:
    corpus = a_corpus(tmp_path)
    crowd = (f"kind{n} house{n // 12}" for n in range(1100))
    corpus.take([an_own_article("crowd", *crowd, "needle in town")])
    names = corpus.store.active_passages()
    assert len(list(chunks(names))) > 1
    (needle,) = (passage for passage in corpus.passages(names) if "needle in town" in passage.text)
    for order in (names, names[::-1]):
        (found,) = corpus.nearest([needle.text], order, least=-1.0, limit=3)
        assert found[0] == needle.id and len(found) == 3
    # Many are equally near: their order does not depend on the statement that brought them.
    asked = {"least": -1.0, "limit": 200}
    assert corpus.nearest(["kind3 house0"], names, **asked) == corpus.nearest(["kind3 house0"], names[::-1], **asked)  # type: ignore[arg-type]


def test_a_passage_that_left_can_be_compared_as_long_as_it_is_named(tmp_path: Path) -> None:
    corpus = a_corpus(tmp_path)
    corpus.take([an_own_article("bakers", "bakers"), an_own_article("coopers", "coopers")])
    names = corpus.store.active_passages()
    (article,) = (a.id for a in corpus.articles() if a.meta.url.endswith("bakers"))
    corpus.remove(article)
    assert sorted(corpus.nearest(["bakers"], names, least=-1.0, limit=9)[0]) == names


def test_another_embedding_model_is_refused_until_the_corpus_is_embedded_anew(tmp_path: Path) -> None:
    corpus = a_corpus(tmp_path)
    corpus.take([an_own_article("bakers", "bakers"), an_own_article("coopers", "coopers")])
    names = corpus.store.active_passages()
    other = a_corpus(tmp_path, WordEmbedder("words-2"))
    with pytest.raises(Prerequisite, match="words-1"):
        other.nearest(["bakers"], names, least=-1.0, limit=9)
    other.reindex()
    assert sorted(other.nearest(["bakers"], names, least=-1.0, limit=9)[0]) == names


def test_a_text_is_embedded_once_however_often_it_is_asked_for(tmp_path: Path) -> None:
    embedder = WordEmbedder()
    corpus = a_corpus(tmp_path, embedder)
    corpus.take([an_own_article("bakers", "bakers")])
    for _ in range(2):
        corpus.nearest(["bakers at work", "bakers at work"], corpus.store.active_passages(), least=-1.0, limit=1)
    assert embedder.embedded.count("bakers at work") == 1


# what came since


def taken(home: Path, at: str, *articles: Article) -> Corpus:
    """The corpus of a home after it took these in at a moment."""
    corpus = Corpus(Database.open(home / "store.db"), home, WordEmbedder(), clock=lambda: at)
    corpus.take(articles)
    return corpus


def since(corpus: Corpus, moment: str) -> tuple[list[str], int]:
    """The addresses of the articles since a moment, and how many passages."""
    articles, passages = corpus.store.articles_since(moment), corpus.store.passages_since(moment)
    assert list(articles) == sorted(articles) and passages == sorted(passages)
    assert {p.article for p in corpus.passages(passages)} <= set(articles)
    assert all(corpus.store.article(name).meta == meta for name, meta in articles.items())
    return sorted(meta.url.rpartition("/")[2] for meta in articles.values()), len(passages)


def test_an_empty_corpus_has_nothing_since_any_moment(tmp_path: Path) -> None:
    assert since(a_corpus(tmp_path), "") == ([], 0)


def test_what_came_after_a_moment_is_since_it_and_what_came_at_it_is_not(tmp_path: Path) -> None:
    taken(tmp_path, FIRST, an_own_article("bakers", "bakers"))
    corpus = taken(tmp_path, SECOND, an_own_article("coopers", "coopers", "coopers of barrels"))
    assert since(corpus, "2026-02-25T09:59:59Z") == (["bakers", "coopers"], 3)
    assert since(corpus, FIRST) == (["coopers"], 2)
    assert since(corpus, SECOND) == ([], 0)


def test_what_left_is_not_since(tmp_path: Path) -> None:
    corpus = taken(tmp_path, SECOND, an_own_article("coopers", "coopers"))
    corpus.remove(corpus.articles()[0].id)
    assert since(corpus, FIRST) == ([], 0)


def test_of_a_newer_version_only_the_passages_that_it_adds_are_since(tmp_path: Path) -> None:
    taken(tmp_path, FIRST, an_own_article("coopers", "coopers", "barrels"))
    corpus = taken(tmp_path, THIRD, an_own_article("coopers", "coopers", "casks", "tubs"))
    assert since(corpus, SECOND) == since(corpus, FIRST) == (["coopers"], 2)
    new = " ".join(p.text for p in corpus.passages(corpus.store.passages_since(SECOND)))
    assert "casks" in new and "tubs" in new and "barrels" not in new
    assert since(corpus, "2026-01-01T00:00:00Z") == (["coopers"], 3)


def test_what_people_correct_of_an_article_makes_none_of_its_passages_new(tmp_path: Path) -> None:
    taken(tmp_path, FIRST, an_own_article("coopers", "coopers", "barrels"))
    corpus = taken(tmp_path, THIRD)
    corpus.edit(corpus.articles()[0].id, {"tier": 1, "title": "Another title"})
    assert since(corpus, SECOND) == (["coopers"], 0)


def test_an_article_that_came_back_is_no_news(tmp_path: Path) -> None:
    article = an_own_article("coopers", "coopers")
    corpus = taken(tmp_path, FIRST, article)
    corpus.remove(article.id)
    back = taken(tmp_path, THIRD, article)
    assert names_of(back.search(["coopers"], limit=3)) == ["coopers"]
    assert since(back, SECOND)[1] == 0
