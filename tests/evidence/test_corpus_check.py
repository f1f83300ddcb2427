"""The check of a damaged index ends with a verdict, whatever Chroma does when it reads what is left."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from factories_evidence import a_corpus, an_article

from agent.evidence.check import check_corpus
from agent.evidence.corpus import Corpus
from agent.schemas.article import Article

PERSISTED = 1_100
"""Passages of a segment whose graph Chroma writes out and reads again: more than 1,000."""
REPLAYED = 50
"""Passages of a segment that Chroma builds from its database at every opening, whatever its .bin files hold."""
CRASHED = "The search index cannot be read: reading it crashed."

Damage = Callable[[Path], None]


def an_article_of_its_own(number: int) -> Article:
    words = " ".join(sha256(f"{number} {part}".encode()).hexdigest() for part in range(6))
    return an_article(f"A report with the number {number}: {words}.", url=f"https://example.org/{number}")


def filled(home: Path, passages: int) -> Path:
    corpus = a_corpus(home)
    corpus.take([an_article_of_its_own(number) for number in range(passages)])
    assert len(corpus.store.active_passages()) == passages
    corpus.close()
    return home


@pytest.fixture(scope="module")
def large_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Not to be changed: tests copy it."""
    return filled(tmp_path_factory.mktemp("large") / "home", PERSISTED)


@pytest.fixture
def damaged(large_home: Path, tmp_path: Path) -> Callable[[Damage, str], Corpus]:
    def make(damage: Damage, files: str) -> Corpus:
        shutil.copytree(large_home, tmp_path / "home")
        hit = [file for file in sorted((tmp_path / "home" / "index").glob(f"*/*/{files}")) if file.stat().st_size]
        assert hit
        for file in hit:
            damage(file)
        return a_corpus(tmp_path / "home")

    return make


def random_bytes(file: Path) -> None:
    file.write_bytes(random.Random(1).randbytes(file.stat().st_size))


def nothing(file: Path) -> None:
    file.write_bytes(b"")


def test_a_large_index_agrees_with_its_store_and_every_step_is_told(large_home: Path) -> None:
    corpus, told = a_corpus(large_home), set[tuple[str, int, int]]()
    verdict = check_corpus(corpus, progress=lambda *step: told.add(step))
    assert (verdict.articles, verdict.passages, verdict.segments) == (PERSISTED, PERSISTED, 1)
    assert (verdict.self_query, verdict.problems) == (1.0, ())
    assert {("check", PERSISTED, PERSISTED), ("index", 1, 1)} <= told


def test_an_index_whose_reading_crashes_is_a_problem_and_reindexing_mends_it(
    damaged: Callable[[Damage, str], Corpus],
) -> None:
    corpus = damaged(random_bytes, "data_level0.bin")
    verdict = check_corpus(corpus)
    assert (verdict.passages, verdict.self_query, verdict.problems) == (PERSISTED, None, (CRASHED,))
    assert corpus.reindex() == 0
    mended = check_corpus(corpus)
    assert (mended.self_query, mended.problems) == (1.0, ())


@pytest.mark.parametrize("damage", [random_bytes, nothing])
@pytest.mark.parametrize("files", ["*.bin", "header.bin", "link_lists.bin", "length.bin", "*.pickle"])
def test_no_damage_of_a_file_ends_the_check_without_a_verdict(
    damaged: Callable[[Damage, str], Corpus], damage: Damage, files: str
) -> None:
    check_corpus(damaged(damage, files))


def test_files_cut_to_nothing_are_a_problem_in_words(damaged: Callable[[Damage, str], Corpus]) -> None:
    corpus = damaged(nothing, "*.bin")
    [problem] = check_corpus(corpus).problems
    assert problem.startswith(f"The search index in {corpus.home / 'index'} is damaged: ")
    assert corpus.reindex() == 0
    assert check_corpus(corpus).problems == ()


def test_what_a_small_segment_has_in_its_files_is_not_read_and_finds_the_same(tmp_path: Path) -> None:
    home = filled(tmp_path / "home", REPLAYED)
    query = an_article_of_its_own(7).text[:200]
    whole = a_corpus(home)
    before = whole.search([query], limit=9)
    whole.close()
    for file in (home / "index").glob("*/*/*.bin"):
        random_bytes(file)
    corpus = a_corpus(home)
    assert check_corpus(corpus).problems == ()
    assert corpus.search([query], limit=9) == before
