from __future__ import annotations

from pathlib import Path

import pytest
from factories_evidence import a_corpus, an_own_article
from sqlalchemy import text

from agent.evidence import search, writer
from agent.evidence.corpus import Corpus
from agent.schemas.article import Article
from agent.store.corpus import CorpusStore
from agent.store.corpus_changes import CorpusChange

NAMES = ("one", "two", "three", "four")


class Killed(Exception):
    """Stands for the end of the process."""


def the_articles(title: str = "A survey") -> list[Article]:
    return [an_own_article(name, f"engineers of {name}", "bakers", title=title, tier=1 + at % 4, date=f"202{at}-05")
            for at, name in enumerate(NAMES)]  # fmt: skip


def word_scores(corpus: Corpus, match: str) -> list[tuple[str, float]]:
    with corpus.store.view() as view:
        return view.find_words(match, limit=20)


def word_tables(corpus: Corpus) -> set[str]:
    with corpus.store._db.read() as connection:
        names = set(connection.execute(text("SELECT name FROM sqlite_master WHERE sql LIKE '%USING fts5%'")).scalars())
    return {str(name) for name in names}


def changed_twice(home: Path) -> Corpus:
    """A corpus that took articles in, then replaced one, retitled another and lost a third."""
    corpus = a_corpus(home)
    corpus.take(the_articles())
    changed = [an_own_article("one", "painters"), *the_articles("A new title")[1:2]]
    corpus.take(changed)
    corpus.remove(the_articles()[2].id)
    return corpus


@pytest.mark.parametrize("match", ['"engineers"', '"bakers"', '"painters"', '"new" OR "title"'])
def test_a_change_gives_the_same_words_in_one_transaction_and_prepared_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, match: str
) -> None:
    direct = changed_twice(tmp_path / "direct")
    monkeypatch.setattr(writer, "WORDS_AT_ONCE", -1)
    prepared = changed_twice(tmp_path / "prepared")
    assert word_scores(prepared, match) == word_scores(direct, match)
    assert prepared.digest == direct.digest
    assert word_tables(prepared) == {"passage_words"}


def test_a_change_killed_before_it_shows_leaves_the_former_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = a_corpus(tmp_path)
    corpus.take(the_articles()[:2])
    before = word_scores(corpus, '"engineers"')
    monkeypatch.setattr(writer, "WORDS_AT_ONCE", -1)

    def kill(store: CorpusStore, change: CorpusChange) -> str:
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(CorpusStore, "apply", kill)
        corpus.take(the_articles())
    assert word_scores(corpus, '"engineers"') == before
    corpus.take(the_articles())
    assert {passage for passage, _ in word_scores(corpus, '"engineers"')} > {passage for passage, _ in before}
    assert word_tables(corpus) == {"passage_words"}


def test_words_left_by_a_killed_change_are_dropped_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = a_corpus(tmp_path)
    articles = the_articles()
    corpus.take(articles[:1])
    corpus.store.prepare_words((), ())
    assert word_tables(corpus) == {"passage_words", "passage_words_next"}
    corpus.take(articles[1:2])
    assert word_tables(corpus) == {"passage_words"}


@pytest.mark.parametrize(
    "filters",
    [{}, {"as_of": "2021-12-31"}, {"since": "2022-01-01"}, {"tiers": frozenset({2, 3})}, {"as_of": "2000-01-01"}],
)
def test_a_search_finds_the_same_whether_few_or_many_articles_are_admitted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, filters: dict[str, object]
) -> None:
    corpus = a_corpus(tmp_path)
    corpus.take(the_articles())

    def found() -> list[tuple[str, float]]:
        hits = corpus.search(["engineers", "bakers"], limit=20, **filters)  # type: ignore[arg-type]
        return [(hit.passage.id, pytest.approx(hit.score, abs=1e-6)) for hit in hits]

    one_by_one = found()
    monkeypatch.setattr(search, "FEW_ARTICLES", 0)
    assert one_by_one == found()


def test_words_are_found_behind_any_number_of_better_matches_that_are_not_admitted(tmp_path: Path) -> None:
    corpus = a_corpus(tmp_path)
    corpus.take(the_articles())
    with corpus.store.view() as view:
        every = view.find_words('"engineers"', limit=20)
        last = every[-1][0]
        tier = corpus.passages([last])[0].meta.tier
        assert view.find_words('"engineers"', limit=1, tiers=[tier]) == every[-1:]
