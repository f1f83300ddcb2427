from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from factories_evidence import PARAGRAPH, WordEmbedder, a_corpus, write_article
from filelock import FileLock

from agent.errors import Conflict, InvalidInput, NotFound, Prerequisite, StorageFailed
from agent.evidence import corpus as corpus_module
from agent.evidence.corpus import IngestReport
from agent.store.database import Database

CHECKOUT = Path(__file__).resolve().parents[2]

KILLED = """
import os, signal, sys
from pathlib import Path
import agent.evidence.corpus as service, agent.store.corpus as store
from factories_evidence import a_corpus
corpus = a_corpus(Path(sys.argv[1]))
die = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[3] == "writing": store.corpus_digest = die
if sys.argv[3] == "indexing": service.build_index = die
corpus.add([Path(sys.argv[2])])
"""


def test_an_ingest_reports_what_it_did(tmp_path: Path) -> None:
    file = write_article(tmp_path / "in", "one", "data engineers", "welders")
    corpus = a_corpus(tmp_path / "home")
    article = corpus_module.read_articles([file])[0].article
    assert corpus.add([file]) == IngestReport(added=(article.id,), passages=2, embedded=2)
    assert corpus.articles() == [article]


def test_the_same_ingest_again_writes_and_embeds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "in"
    write_article(folder, "one", "data engineers")
    embedder = WordEmbedder()
    corpus = a_corpus(tmp_path / "home", embedder)
    first, digest = corpus.add([folder]), corpus.digest
    embedder.embedded.clear()
    monkeypatch.setattr(corpus.store, "apply", lambda change: pytest.fail("it was written"))
    monkeypatch.setattr(corpus_module, "build_index", lambda *_: pytest.fail("it was indexed"))
    assert corpus.add([folder]) == IngestReport(unchanged=first.added)
    assert embedder.embedded == []
    assert corpus.digest == digest


def test_a_changed_article_touches_only_its_own_changed_passages(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    changing = write_article(folder, "one", "data engineers", "welders")
    write_article(folder, "two", "nurses")
    embedder = WordEmbedder()
    corpus = a_corpus(tmp_path / "home", embedder)
    before = corpus.add([folder])
    embedder.embedded.clear()
    write_article(folder, "one", "data engineers", "plumbers")
    after = corpus.add([folder])
    article = corpus_module.read_articles([changing])[0].article
    assert after == IngestReport(
        updated=(article.id,),
        unchanged=tuple(known for known in before.added if known != article.id),
        passages=2,
        embedded=1,
    )
    assert embedder.embedded == [PARAGRAPH.format(topic="plumbers")]


def test_a_cited_passage_stays_resolvable_when_its_article_changes_or_goes(tmp_path: Path) -> None:
    file = write_article(tmp_path / "in", "one", "data engineers")
    corpus = a_corpus(tmp_path / "home")
    corpus.add([file])
    cited = corpus.search(["data engineers"], limit=1)[0].passage
    write_article(tmp_path / "in", "one", "welders")
    report = corpus.add([file])
    assert [found.passage.id for found in corpus.search(["data engineers"], limit=5)] != [cited.id]
    corpus.remove(report.updated[0])
    assert corpus.search(["data engineers"], limit=5) == []
    assert corpus.passages([cited.id]) == [cited]


def test_a_change_of_metadata_alone_embeds_nothing_and_moves_the_filters(tmp_path: Path) -> None:
    file = write_article(tmp_path / "in", "one", "data engineers", date="2024-01-01")
    corpus = a_corpus(tmp_path / "home")
    corpus.add([file])
    assert len(corpus.search(["data engineers"], limit=5, as_of="2024-06-01")) == 1
    write_article(tmp_path / "in", "one", "data engineers", date="2025-01-01")
    report = corpus.add([file])
    assert (len(report.updated), report.embedded) == (1, 0)
    assert corpus.search(["data engineers"], limit=5, as_of="2024-06-01") == []


def test_an_article_that_was_removed_can_come_back_without_embedding(tmp_path: Path) -> None:
    file = write_article(tmp_path / "in", "one", "data engineers")
    corpus = a_corpus(tmp_path / "home")
    report, digest = corpus.add([file]), corpus.digest
    corpus.remove(report.added[0])
    assert corpus.add([file]) == IngestReport(added=report.added, passages=1, embedded=0)
    assert corpus.digest == digest


def test_removing_what_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no article 'a-none'"):
        a_corpus(tmp_path).remove("a-none")


def test_one_bad_file_keeps_everything_out(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    write_article(folder, "good", "data engineers")
    write_article(folder, "undated", "welders", date=None)
    corpus = a_corpus(tmp_path / "home")
    with pytest.raises(InvalidInput, match="`date` is missing"):
        corpus.add([folder])
    assert (corpus.articles(), corpus.store.facts()) == ([], {})


def test_the_text_of_a_stored_article_under_another_url_is_refused(tmp_path: Path) -> None:
    one = write_article(tmp_path / "in", "one", "data engineers")
    two = write_article(tmp_path / "in", "two", "data engineers")
    corpus = a_corpus(tmp_path / "home")
    known = corpus.add([one]).added[0]
    with pytest.raises(InvalidInput) as caught:
        corpus.add([two])
    assert caught.value.message == (
        f"{two} is a duplicate of the article {known} in the corpus (https://example.org/one): both have the same text."
    )
    assert len(corpus.articles()) == 1


@pytest.mark.parametrize(("moment", "stored"), [("writing", 0), ("indexing", 1)])
def test_a_killed_ingest_leaves_all_or_nothing_and_a_corpus_that_works(
    tmp_path: Path, moment: str, stored: int
) -> None:
    file, home = write_article(tmp_path / "in", "one", "data engineers"), tmp_path / "home"
    paths = os.pathsep.join([str(CHECKOUT), str(Path(__file__).parent)])
    run = subprocess.run(
        [sys.executable, "-c", KILLED, str(home), str(file), moment],
        env={**os.environ, "PYTHONPATH": paths},
        check=False,
        capture_output=True,
    )
    assert run.returncode == -9
    embedder = WordEmbedder()
    corpus = a_corpus(home, embedder)
    assert len(corpus.articles()) == stored
    assert len(corpus.search(["data engineers"], limit=5)) == stored
    assert embedder.embedded == ["data engineers"] * stored
    corpus.add([file])
    assert len(corpus.search(["data engineers"], limit=5)) == 1


def test_a_deleted_index_is_built_again_without_embedding(tmp_path: Path) -> None:
    home = tmp_path / "home"
    corpus = a_corpus(home)
    corpus.add([write_article(tmp_path / "in", "one", "data engineers", "welders")])
    before = corpus.search(["welders"], limit=5)
    shutil.rmtree(home / "index")
    embedder = WordEmbedder()
    assert a_corpus(home, embedder).search(["welders"], limit=5) == before
    assert embedder.embedded == ["welders"]


def test_another_embedding_model_is_an_error_until_the_corpus_is_reindexed(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "in"
    write_article(folder, "one", "data engineers", "welders")
    a_corpus(home).add([folder])
    other = a_corpus(home, WordEmbedder("words-2"))
    for use in (lambda: other.search(["welders"], limit=5), lambda: other.add([write_article(folder, "two", "x")])):
        with pytest.raises(Prerequisite, match="embedded with words-1, but the embedding model in use is words-2") as e:
            use()
        assert e.value.hint is not None and "assess-role corpus reindex" in e.value.hint
    assert other.reindex() == 2
    assert other.search(["welders"], limit=1)[0].passage.text == PARAGRAPH.format(topic="welders")
    with pytest.raises(Prerequisite, match="embedded with words-2"):
        a_corpus(home).search(["welders"], limit=5)


def test_going_back_to_a_former_model_embeds_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    a_corpus(home).add([write_article(tmp_path / "in", "one", "data engineers")])
    a_corpus(home, WordEmbedder("words-2")).reindex()
    assert a_corpus(home).reindex() == 0
    assert len(a_corpus(home).search(["data engineers"], limit=5)) == 1


def test_rows_changed_behind_our_back_are_noticed_and_reindexing_settles_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    corpus = a_corpus(home)
    corpus.add([write_article(tmp_path / "in", "one", "data engineers", "welders")])
    with Database.open(home / "store.db").write() as connection:
        connection.exec_driver_sql("UPDATE passages SET active = 0 WHERE text LIKE '%welders%'")
    fresh = a_corpus(home)
    with pytest.raises(Prerequisite, match="not the one that was recorded") as caught:
        fresh.search(["welders"], limit=5)
    assert caught.value.hint == "Run `assess-role corpus reindex`."
    assert fresh.reindex() == 0
    assert len(fresh.search(["data welders"], limit=5)) == 1


def test_a_searching_process_sees_what_another_one_adds(tmp_path: Path) -> None:
    home = tmp_path / "home"
    reader, writer = a_corpus(home), a_corpus(home)
    writer.add([write_article(tmp_path / "in", "one", "data engineers")])
    assert len(reader.search(["welders"], limit=5)) == 1
    writer.add([write_article(tmp_path / "in", "two", "welders")])
    assert reader.search(["welders"], limit=5)[0].passage.meta.url == "https://example.org/two"


def test_an_empty_corpus_finds_nothing(tmp_path: Path) -> None:
    embedder = WordEmbedder()
    corpus = a_corpus(tmp_path, embedder)
    assert corpus.search(["data engineers"], limit=5, as_of="2026-01-01") == []
    assert embedder.embedded == []


def test_two_ingests_do_not_run_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus_module, "LOCK_WAIT_S", 0)
    corpus = a_corpus(tmp_path / "home")
    file = write_article(tmp_path / "in", "one", "data engineers")
    with FileLock(tmp_path / "home" / "corpus.lock"), pytest.raises(Conflict, match="Another process"):
        corpus.add([file])
    assert len(corpus.add([file]).added) == 1


def test_an_index_folder_that_cannot_be_written_is_a_storage_failure_and_keeps_the_articles(tmp_path: Path) -> None:
    home = tmp_path / "home"
    corpus = a_corpus(home)
    (home / "index").write_text("in the way")
    with pytest.raises(StorageFailed, match="cannot be written"):
        corpus.add([write_article(tmp_path / "in", "one", "data engineers")])
    (home / "index").unlink()
    assert len(corpus.search(["data engineers"], limit=5)) == 1


def test_progress_tells_every_step(tmp_path: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    file = write_article(tmp_path / "in", "one", "data engineers")
    a_corpus(tmp_path / "home").add([file], progress=lambda *step: steps.append(step))
    assert steps == [("read", 1, 1), ("embed", 1, 1), ("index", 0, 1), ("index", 1, 1)]
