"""How the index grows and shrinks with the corpus."""

from __future__ import annotations

from pathlib import Path

import pytest
from factories_evidence import WordEmbedder, a_corpus, an_article_about, an_own_article, names_of, segment_folders

from agent.evidence.check import check_corpus
from agent.evidence.corpus import Corpus

MOST = 6


def sizes(corpus: Corpus) -> list[int]:
    return [row.passages for row in corpus.segments.ready(corpus.embedding)]


def test_sixty_single_articles_never_leave_more_than_a_few_segments(tmp_path: Path) -> None:
    corpus, written = a_corpus(tmp_path), 0
    for number in range(60):
        names = set(corpus.segments.ready_names())
        corpus.take([an_article_about(f"n{number}", f"engineers of kind{number}")])
        now = corpus.segments.ready(corpus.embedding)
        assert len(now) <= MOST
        assert sum(row.passages for row in now) >= corpus.segments.active() == number + 1
        written += sum(row.passages for row in now if row.name not in names)
    # Every passage is written about as often as the logarithm of their number, not each time.
    assert written < 60 * MOST
    assert len(corpus.search(["engineers"], limit=60, per_article=60)) == 60
    assert check_corpus(corpus).problems == ()


def test_retired_segments_stay_for_readers_until_the_next_change(tmp_path: Path) -> None:
    corpus = a_corpus(tmp_path)
    corpus.take([an_article_about("one", "engineers")])
    [first] = corpus.segments.ready_names()
    corpus.take([an_article_about("two", "welders")])
    [second] = corpus.segments.ready_names()
    assert segment_folders(tmp_path) == {first, second}
    corpus.take([an_article_about("three", "nurses")])
    assert segment_folders(tmp_path) == {second, *corpus.segments.ready_names()}


def test_a_large_segment_is_left_alone_by_a_small_addition(tmp_path: Path) -> None:
    corpus = a_corpus(tmp_path)
    corpus.take([an_article_about("large", *(f"engineers of kind{n}" for n in range(20)))])
    [large] = corpus.segments.ready_names()
    corpus.take([an_article_about("small", "welders")])
    assert sizes(corpus) == [20, 1]
    assert large in corpus.segments.ready_names()


def test_a_segment_most_of_which_has_left_is_written_anew(tmp_path: Path) -> None:
    corpus = a_corpus(tmp_path)
    articles = [an_article_about(f"n{n}", *(f"engineers {n} of kind{k}" for k in range(4))) for n in range(5)]
    corpus.take(articles)
    for article in articles[:3]:
        corpus.remove(article.id)
    assert (sizes(corpus), corpus.segments.active()) == ([20], 8)
    embedder = WordEmbedder()
    later = a_corpus(tmp_path, embedder)
    later.remove(articles[3].id)
    assert sizes(later) == [8]
    assert len(later.search(["engineers"], limit=20, per_article=20)) == 4
    assert embedder.embedded == ["engineers"]


def test_a_corpus_that_is_emptied_keeps_no_segment(tmp_path: Path) -> None:
    corpus, article = a_corpus(tmp_path), an_article_about("one", "engineers")
    corpus.take([article])
    corpus.remove(article.id)
    assert corpus.search(["engineers"], limit=3) == []
    other = an_article_about("two", "welders")
    corpus.take([other])
    assert names_of(corpus.search(["engineers"], limit=3)) == ["two"]
    assert sizes(corpus) == [1]
    assert check_corpus(corpus).problems == ()


def test_articles_that_come_and_go_never_make_an_index_that_outgrows_them(tmp_path: Path) -> None:
    corpus = a_corpus(tmp_path)
    kept = an_article_about("kept", "welders", "nurses")
    corpus.take([kept])
    for number in range(12):
        corpus.take([an_article_about("changing", *(f"engineers {number} of kind{k}" for k in range(3)))])
        assert len(sizes(corpus)) <= MOST
        assert sum(sizes(corpus)) <= 4 * corpus.segments.active()
        assert len(corpus.search(["engineers"], limit=9, per_article=9)) == 5
    assert check_corpus(corpus).problems == ()


@pytest.mark.parametrize("times", [1, 3])
def test_reindexing_leaves_one_segment_and_the_same_answers(tmp_path: Path, times: int) -> None:
    corpus = a_corpus(tmp_path)
    for number in range(3):
        corpus.take([an_article_about(f"n{number}", *(f"engineers {number} of kind{k}" for k in range(5**number)))])
    before = corpus.search(["engineers of kind3"], limit=9, per_article=9)
    for _ in range(times):
        assert corpus.reindex() == 0
    assert sizes(corpus) == [31]
    assert segment_folders(tmp_path) == set(corpus.segments.ready_names())
    assert corpus.search(["engineers of kind3"], limit=9, per_article=9) == before


def test_a_passage_that_moved_to_another_segment_counts_once(tmp_path: Path) -> None:
    corpus = a_corpus(tmp_path)
    moved = an_own_article("moved", "engineers", date="2024")
    corpus.take([an_own_article("large", *(f"engineers of kind{n}" for n in range(20))), moved])
    corpus.edit(moved.id, {"date": "2025", "tier": 1})
    assert sizes(corpus) == [21, 1]
    before = corpus.search(["engineers"], limit=9, per_article=9)
    assert corpus.reindex() == 0
    assert corpus.search(["engineers"], limit=9, per_article=9) == before
