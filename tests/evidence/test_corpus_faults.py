"""Kills, readers beside writers, two ingests at once, and a damaged index."""

from __future__ import annotations

import json
import os
import shutil
import threading
from pathlib import Path

import pytest
from factories_evidence import (
    WordEmbedder,
    a_corpus,
    an_article_about,
    an_own_article,
    articles_in,
    names_of,
    run_beside,
    segment_folders,
    write_article,
)

from agent.errors import Conflict, Prerequisite
from agent.evidence import changing as changing_module
from agent.evidence.check import check_corpus
from agent.evidence.corpus import Corpus
from agent.evidence.search import Searcher
from agent.schemas.article import Article
from agent.store.database import Database

QUERIES = ["engineers", "welders nurses"]

KILLED = """
import os, signal, sys
from pathlib import Path
from factories_evidence import a_corpus, take_files
from agent.evidence import index, writer
from agent.store import corpus as store, corpus_changes

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def then_die(act):
    def both(*arguments, **named):
        act(*arguments, **named)
        die()
    return both

writer.EMBED_STEP = 2
moment, corpus = sys.argv[3], a_corpus(Path(sys.argv[1]))
if moment == "staged": store.CorpusStore.stage = then_die(store.CorpusStore.stage)
if moment == "some vectors kept": store.CorpusStore.put_vectors = then_die(store.CorpusStore.put_vectors)
if moment == "segment begun": index._filters = die
if moment == "segment written": writer.build_segment = then_die(writer.build_segment)
if moment == "before the change": store.CorpusStore.apply = die
if moment == "within the change": corpus_changes.digest_of = die
if moment == "after the change": store.CorpusStore.apply = then_die(store.CorpusStore.apply)
take_files(corpus, Path(sys.argv[2]))
"""

READER = """
import sys, threading
from pathlib import Path
from factories_evidence import a_corpus, names_of
corpus, ended = a_corpus(Path(sys.argv[1])), threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
while not ended.is_set():
    found = corpus.search(["engineers"], limit=20, per_article=20)
    print(" ".join(sorted(hit.passage.text.split()[2] for hit in found)), flush=True)
"""

HOLDER = """
import sys
from pathlib import Path
from agent.evidence.changing import changing
with changing(Path(sys.argv[1]), since="2026-02-25T09:59:00Z", waits=print):
    print("holds", flush=True)
    sys.stdin.readline()
"""


def edition(number: int, articles: int = 3) -> list[Article]:
    """All articles in one edition; each passage names it."""
    return [
        an_article_about(f"n{article}", *(f"edition{number} engineers of kind {article}{part}" for part in range(2)))
        for article in range(articles)
    ]


def found_by(corpus: Corpus) -> list[object]:
    return [corpus.search([query], limit=9, per_article=9) for query in QUERIES]


@pytest.mark.parametrize(
    ("moment", "embedded_again"),
    [
        ("staged", 4),
        ("some vectors kept", 2),
        ("segment begun", 0),
        ("segment written", 0),
        ("before the change", 0),
        ("within the change", 0),
    ],
)
def test_a_killed_ingest_leaves_the_old_corpus_and_is_continued_by_the_next(
    tmp_path: Path, moment: str, embedded_again: int
) -> None:
    home, folder = tmp_path / "home", tmp_path / "in"
    corpus = a_corpus(home)
    corpus.take([an_article_about("one", "data engineers", "welders"), an_article_about("two", "nurses")])
    before, articles, digest = found_by(corpus), corpus.articles(), corpus.digest
    corpus.close()
    write_article(folder, "one", "cloud engineers", "plumbers")
    write_article(folder, "three", "site engineers", "drivers")
    run = run_beside(KILLED, str(home), str(folder), moment)
    assert (run.communicate()[1], run.returncode) == ("", -9)
    embedder = WordEmbedder()
    corpus = a_corpus(home, embedder)
    assert (found_by(corpus), corpus.articles(), corpus.digest) == (before, articles, digest)
    assert check_corpus(corpus).problems == ()
    embedder.embedded.clear()
    report = corpus.take(articles_in(folder))
    assert (len(report.added), len(report.updated), report.passages, report.embedded) == (1, 1, 4, embedded_again)
    assert len(embedder.embedded) == embedded_again
    assert set(names_of(corpus.search(QUERIES, limit=9, per_article=9))) == {"one", "two", "three"}
    assert check_corpus(corpus).problems == ()
    corpus.remove(report.added[0])
    assert segment_folders(home) <= {*corpus.segments.ready_names(), *(row.name for row in corpus.segments.leftovers())}


def test_an_ingest_killed_after_its_change_is_done(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "in"
    write_article(folder, "one", "data engineers")
    run = run_beside(KILLED, str(home), str(folder), "after the change")
    assert (run.communicate()[1], run.returncode) == ("", -9)
    corpus = a_corpus(home)
    assert names_of(corpus.search(["engineers"], limit=3)) == ["one"]
    assert corpus.take(articles_in(folder)).unchanged == (corpus.articles()[0].id,)


def test_another_process_reads_the_old_or_the_new_corpus_and_never_a_mix(tmp_path: Path) -> None:
    corpus = a_corpus(tmp_path)
    corpus.take(edition(0))
    reader = run_beside(READER, str(tmp_path))
    assert reader.stdout is not None and reader.stdin is not None
    seen = [reader.stdout.readline().split()]
    for number in range(1, 6):
        corpus.take(edition(number))
        seen.append(reader.stdout.readline().split())
    while seen[-1] != ["edition5"] * 6 and seen[-1]:
        seen.append(reader.stdout.readline().split())
    reader.stdin.close()
    rest, errors = reader.stdout.read(), reader.stderr.read() if reader.stderr else ""
    assert (errors, reader.wait()) == ("", 0)
    every = [*seen, *(line.split() for line in rest.splitlines())]
    assert all(line == [line[0]] * 6 for line in every)
    assert [line[0] for line in every] == sorted(line[0] for line in every)
    assert every[0] == ["edition0"] * 6


def test_a_thread_reads_the_old_or_the_new_corpus_and_never_a_mix(tmp_path: Path) -> None:
    corpus, ended = a_corpus(tmp_path), threading.Event()
    corpus.take(edition(0))
    results: list[list[str]] = []
    failures: list[Exception] = []

    def read() -> None:
        while not ended.is_set():
            try:
                found = corpus.search(["engineers"], limit=20, per_article=20)
            except Exception as error:  # noqa: BLE001 - whatever it is, the test names it
                failures.append(error)
                return
            results.append(sorted(hit.passage.text.split()[2] for hit in found))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(1, 5):
        corpus.take(edition(number))
    corpus.reindex()
    ended.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert results and all(line == [line[0]] * 6 for line in results)


@pytest.mark.parametrize("other_object", [False, True])
def test_a_search_whose_index_was_cleared_away_meanwhile_begins_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other_object: bool
) -> None:
    corpus = a_corpus(tmp_path)
    corpus.take(edition(0))
    writer = a_corpus(tmp_path) if other_object else corpus
    original, changes = Searcher.search, [1, 2]

    def overtaken(self: Searcher, *arguments, **named):  # type: ignore[no-untyped-def]
        while changes:
            writer.take(edition(changes.pop(0)))
        return original(self, *arguments, **named)

    monkeypatch.setattr(Searcher, "search", overtaken)
    found = corpus.search(["engineers"], limit=20, per_article=20)
    editions = {hit.passage.text.split()[2] for hit in found}
    assert (len(found), editions) in [(6, {"edition0"}), (6, {"edition2"})]


def test_what_no_search_needs_any_more_is_not_held_open(tmp_path: Path) -> None:
    reader, writer = a_corpus(tmp_path), a_corpus(tmp_path)
    for number in range(4):
        writer.take(edition(number))
        assert len(reader.search(["engineers"], limit=20, per_article=20)) == 6
    open_here = reader.place._clients  # type: ignore[attr-defined]
    assert set(open_here) == set(reader.segments.ready_names())


def test_a_second_ingest_waits_for_the_first(tmp_path: Path) -> None:
    holder = run_beside(HOLDER, str(tmp_path))
    assert holder.stdout is not None and holder.stdin is not None
    assert holder.stdout.readline() == "holds\n"
    corpus, reports = a_corpus(tmp_path), []
    second = threading.Thread(target=lambda: reports.append(corpus.take([an_article_about("one", "engineers")])))
    second.start()
    second.join(0.3)
    assert (second.is_alive(), corpus.articles()) == (True, [])
    holder.communicate("done\n")
    second.join()
    assert [len(report.added) for report in reports] == [1]


def test_who_waits_too_long_is_told_who_is_at_work_and_since_when(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changing_module, "LOCK_WAIT_S", 0)
    holder = run_beside(HOLDER, str(tmp_path))
    assert holder.stdout is not None
    assert holder.stdout.readline() == "holds\n"
    corpus = a_corpus(tmp_path)
    for change in (lambda: corpus.take([an_article_about("one", "engineers")]), corpus.reindex):
        with pytest.raises(Conflict) as caught:
            change()
        assert caught.value.message == (
            f"Another process ({holder.pid}, since 2026-02-25T09:59:00Z) is changing the corpus; waited 0 s for it."
        )
        assert caught.value.hint == "Wait until it is done, then try again."
    holder.kill()
    holder.communicate()
    assert len(corpus.take([an_article_about("one", "engineers")]).added) == 1


def test_a_note_that_cannot_be_read_does_not_hide_the_conflict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changing_module, "LOCK_WAIT_S", 0)
    corpus = a_corpus(tmp_path)
    for note in ("", "[]", json.dumps({"process": os.getpid()})):
        with changing_module.changing(tmp_path, since="x", waits=print):
            (tmp_path / "corpus.holder").write_text(note)
            with pytest.raises(Conflict, match="Another process is changing the corpus"):
                corpus.remove("a-1")


def test_a_search_does_not_wait_for_an_ingest(tmp_path: Path) -> None:
    corpus = a_corpus(tmp_path)
    corpus.take(edition(0))
    with changing_module.changing(tmp_path, since="x", waits=print):
        assert len(a_corpus(tmp_path).search(["engineers"], limit=3)) == 3


@pytest.mark.parametrize("lost", ["folder", "segment"])
def test_what_is_lost_of_the_index_is_built_from_the_store_by_the_next_search(tmp_path: Path, lost: str) -> None:
    corpus = a_corpus(tmp_path)
    corpus.take([an_article_about("one", *(f"welders of kind{n}" for n in range(9)))])
    corpus.take([an_article_about("two", "welders")])
    assert len(corpus.segments.ready_names()) == 2
    before = corpus.search(["welders"], limit=9, per_article=9)
    corpus.close()
    gone = tmp_path / "index" if lost == "folder" else tmp_path / "index" / corpus.segments.ready_names()[0]
    shutil.rmtree(gone)
    embedder = WordEmbedder()
    fresh = a_corpus(tmp_path, embedder)
    assert fresh.search(["welders"], limit=9, per_article=9) == before
    assert embedder.embedded == []
    assert check_corpus(fresh).problems == ()


def test_garbage_in_a_segment_is_named_and_reindexing_repairs_it(tmp_path: Path) -> None:
    corpus = a_corpus(tmp_path)
    corpus.take([an_article_about("one", "welders", "nurses")])
    before = corpus.search(["welders"], limit=9)
    corpus.close()
    [segment] = segment_folders(tmp_path)
    (tmp_path / "index" / segment / "chroma.sqlite3").write_bytes(b"garbage" * 1000)
    embedder = WordEmbedder()
    fresh = a_corpus(tmp_path, embedder)
    with pytest.raises(Prerequisite, match="is damaged") as caught:
        fresh.search(["welders"], limit=9)
    assert caught.value.hint == "Run `assess-role corpus reindex`."
    with pytest.raises(Prerequisite, match="is damaged"):
        fresh.search(["welders"], limit=9)
    assert check_corpus(fresh).problems != ()
    assert fresh.reindex() == 0
    assert fresh.search(["welders"], limit=9) == before
    assert embedder.embedded == []  # the query's vector is remembered too
    assert segment not in segment_folders(tmp_path)
    assert check_corpus(fresh).problems == ()


def test_vectors_files_that_are_garbage_are_named_and_reindexing_repairs_them(tmp_path: Path) -> None:
    corpus = a_corpus(tmp_path)
    corpus.take([an_article_about("one", *(f"welders of kind{n}" for n in range(9)))])
    before = corpus.search(["welders"], limit=9)
    corpus.close()
    for file in (tmp_path / "index").rglob("*.bin"):
        file.write_bytes(b"\x07" * file.stat().st_size)
    fresh = a_corpus(tmp_path)
    try:
        assert fresh.search(["welders"], limit=9) == before
    except Prerequisite as error:
        assert error.hint == "Run `assess-role corpus reindex`."
    assert fresh.reindex() == 0
    assert fresh.search(["welders"], limit=9) == before


def test_rows_changed_behind_our_back_are_noticed_by_the_check_and_reindexing_settles_words(tmp_path: Path) -> None:
    corpus = a_corpus(tmp_path)
    corpus.take([an_article_about("one", "data engineers", "welders")])
    with Database.open(tmp_path / "store.db").write() as connection:
        connection.exec_driver_sql("DELETE FROM passage_words")
    fresh = a_corpus(tmp_path)
    assert any("word index" in problem for problem in check_corpus(fresh).problems)
    assert fresh.reindex() == 0
    assert check_corpus(fresh).problems == ()
    assert fresh.store.find_words('"welders"', limit=5) != []


def test_an_ingest_over_a_lost_index_writes_all_of_it_again(tmp_path: Path) -> None:
    corpus = a_corpus(tmp_path)
    corpus.take([an_own_article("one", "engineers"), an_own_article("two", "welders")])
    corpus.close()
    shutil.rmtree(tmp_path / "index")
    corpus.take([an_own_article("three", "nurses")])
    assert check_corpus(corpus).problems == ()
    assert {"one", "two", "three"} <= set(names_of(corpus.search(["engineers welders nurses"], limit=9)))


def test_who_waits_for_the_corpus_is_told_for_whom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.evidence.changing.SILENT_S", 0.05)
    monkeypatch.setattr("agent.evidence.changing.LOCK_WAIT_S", 0.2)
    said: list[str] = []
    with (
        changing_module.changing(tmp_path, since="2026-02-25T10:00:00Z", waits=said.append),
        pytest.raises(Conflict, match=str(os.getpid())),
        changing_module.changing(tmp_path, since="2026-02-25T10:00:01Z", waits=said.append),
    ):
        raise AssertionError
    assert said == [
        f"Waiting for another process ({os.getpid()}, since 2026-02-25T10:00:00Z) that is changing the corpus."
    ]
