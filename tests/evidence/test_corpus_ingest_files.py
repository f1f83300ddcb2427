"""Files into a corpus: what is settled is not read again, what cannot be read is named, what was corrected stays."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from factories_evidence import PARAGRAPH, WordEmbedder, a_corpus, articles_in, names_of, write_article

from agent.errors import NotFound
from agent.evidence import ingest as ingest_module
from agent.evidence.corpus import Corpus
from agent.evidence.discover import files_of
from agent.evidence.document import Document
from agent.evidence.ingest import AddOptions, AddReport, Ingest, Left
from agent.evidence.metadata import Stated, local_url
from agent.evidence.writer import IngestReport
from agent.store.database import Database
from agent.store.read_files import FileStore


class Adding:
    """A corpus in a home, and the files that are added to it."""

    def __init__(self, folder: Path) -> None:
        self.home, self.files, self.embedder = folder / "home", folder / "in", WordEmbedder()
        self.corpus: Corpus = a_corpus(self.home, self.embedder)

    def ingest(self, options: AddOptions | None = None) -> Ingest:
        store = FileStore(Database.open(self.home / "store.db"))
        return Ingest(self.corpus, store, options or AddOptions(), today="2026-02-25")

    def add(self, *paths: Path, options: AddOptions | None = None) -> AddReport:
        return self.ingest(options).add(files_of(paths or [self.files]))

    def only(self) -> str:
        [article] = self.corpus.articles()
        return article.id


@pytest.fixture
def adding(tmp_path: Path) -> Adding:
    return Adding(tmp_path)


def read_by(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that are read from now on."""
    names: list[str] = []
    original = ingest_module.extract

    def extract(files, options):  # type: ignore[no-untyped-def]
        names.extend(file.name for file in files)
        return original(files, options)

    monkeypatch.setattr(ingest_module, "extract", extract)
    return names


def test_a_file_comes_in_and_an_unchanged_one_is_not_read_again(
    adding: Adding, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_article(adding.files, "one", "data engineers")
    first = adding.add()
    assert first == AddReport(IngestReport(added=(adding.only(),), passages=1, embedded=1), files=1)
    assert adding.corpus.articles() == articles_in(adding.files)
    names = read_by(monkeypatch)
    assert adding.add() == AddReport(IngestReport(), files=1, unread=1)
    write_article(adding.files, "two", "welders")
    assert adding.add().unread == 1
    assert names == ["two.md"]


def test_a_file_that_was_touched_but_not_changed_is_read_and_changes_nothing(adding: Adding) -> None:
    file = write_article(adding.files, "one", "data engineers")
    adding.add()
    os.utime(file, ns=(1, 1))
    assert adding.add() == AddReport(IngestReport(unchanged=(adding.only(),)), files=1)
    assert adding.add().unread == 1


def test_a_changed_file_updates_its_article(adding: Adding) -> None:
    write_article(adding.files, "one", "data engineers")
    adding.add()
    write_article(adding.files, "one", "data engineers", "nurses")
    report = adding.add()
    assert replace(report.articles, updates=()) == IngestReport(updated=(adding.only(),), passages=2, embedded=1)


def test_bad_files_are_named_with_their_reason_and_keep_nothing_else_out(adding: Adding) -> None:
    write_article(adding.files, "good", "data engineers")
    empty, wrong = adding.files / "empty.md", write_article(adding.files, "wrong", "welders", tier="7")
    empty.write_text("")
    report = adding.add()
    assert names_of(adding.corpus.search(["engineers"], limit=5)) == ["good"]
    assert sorted(left.file for left in report.skipped) == sorted([str(empty), str(wrong)])
    assert all(left.reason for left in report.skipped)
    again = adding.add()
    assert (again.skipped, again.unread) == (report.skipped, 3)


def test_what_is_said_of_the_files_is_part_of_what_settles_them(adding: Adding) -> None:
    file = adding.files / "note.txt"
    adding.files.mkdir()
    file.write_text(PARAGRAPH.format(topic="data engineers"))
    adding.add()
    assert adding.corpus.articles()[0].meta.assumed == ("publisher", "tier", "interested")
    said = AddOptions(stated=Stated(publisher="An institute", tier=1, interested=False, date="2025-03"))
    report = adding.add(options=said)
    assert (len(report.articles.updated), report.articles.embedded, report.unread) == (1, 0, 0)
    [article] = adding.corpus.articles()
    assert (article.meta.publisher, article.meta.tier, article.meta.date) == ("An institute", 1, "2025-03")
    assert article.meta.assumed == ()
    assert article.meta.url == local_url(file)
    assert adding.add(options=said).unread == 1


def test_a_person_is_asked_for_what_is_missing_and_an_unknown_date_is_never_fresh(adding: Adding) -> None:
    adding.files.mkdir()
    (adding.files / "note.txt").write_text(PARAGRAPH.format(topic="data engineers"))
    asked: list[tuple[str, tuple[str, ...]]] = []

    def ask(name: str, document: Document, missing: tuple[str, ...]) -> dict[str, str]:
        asked.append((name, missing))
        return {"publisher": " An  institute ", "tier": "2", "date": ""}

    adding.add(options=AddOptions(ask=ask))
    assert asked == [("note.txt", ("publisher", "author", "date", "tier"))]
    [article] = adding.corpus.articles()
    assert (article.meta.publisher, article.meta.tier, article.meta.date) == ("An institute", 2, "unknown")
    assert article.meta.assumed == ("interested",)
    assert adding.corpus.search(["engineers"], limit=3, since="1990-01-01") == []


def test_an_edit_survives_its_file_read_again_and_changed(adding: Adding, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write_article(adding.files, "one", "data engineers", date="2024-01-01", tier="3")
    adding.add()
    adding.corpus.edit(adding.only(), {"date": "2025-05-05", "tags": ["wages"]})
    names = read_by(monkeypatch)
    assert adding.add() == AddReport(IngestReport(), files=1, unread=1)
    assert names == []
    os.utime(file, ns=(1, 1))
    assert adding.add().articles == IngestReport(unchanged=(adding.only(),))
    write_article(adding.files, "one", "nurses", date="2023-01-01", tier="4")
    assert len(adding.add().articles.updated) == 1
    [article] = adding.corpus.articles()
    assert (article.meta.date, article.meta.tags, article.meta.tier) == ("2025-05-05", ("wages",), 4)
    assert "nurses" in article.text


def test_a_file_whose_article_was_removed_comes_back_when_it_is_added_again(adding: Adding) -> None:
    write_article(adding.files, "one", "data engineers")
    adding.add()
    removed = adding.only()
    adding.corpus.remove(removed)
    assert adding.add().articles == IngestReport(added=(removed,), passages=1, embedded=0)


def test_two_files_with_one_address_give_one_article_and_the_other_is_named(adding: Adding) -> None:
    first = write_article(adding.files, "one", "data engineers", url="https://example.org/same")
    second = write_article(adding.files, "two", "welders", url="https://example.org/same")
    report = adding.add()
    assert len(report.articles.added) == 1
    assert report.skipped == (Left(str(second), f"it has the same address as {first}: https://example.org/same"),)


def test_a_fetched_page_is_known_by_its_address_and_not_by_its_file(adding: Adding) -> None:
    adding.files.mkdir()
    file = adding.files / "page.txt"
    file.write_text(PARAGRAPH.format(topic="data engineers"))
    options = AddOptions(addresses={file: "https://news.example.org/story"})
    adding.add(options=options)
    [article] = adding.corpus.articles()
    assert (article.meta.url, article.meta.publisher) == ("https://news.example.org/story", "news.example.org")
    again = adding.add(options=options)
    assert (again.articles.unchanged, again.unread) == ((article.id,), 0)


def test_a_plan_says_what_would_be_done_and_does_nothing(adding: Adding) -> None:
    write_article(adding.files, "same", "data engineers")
    write_article(adding.files, "changed", "welders")
    adding.add()
    write_article(adding.files, "changed", "welders", "plumbers")
    write_article(adding.files, "new", "nurses")
    (adding.files / "empty.md").write_text("")
    adding.embedder.embedded.clear()
    before = adding.corpus.articles()
    plan = adding.ingest().plan(files_of([adding.files]))
    assert (adding.corpus.articles(), adding.embedder.embedded) == (before, [])
    done = adding.add()
    assert plan == replace(done, articles=replace(done.articles, embedded=0))
    assert (len(done.articles.added), len(done.articles.updated), done.articles.passages, done.unread) == (1, 1, 3, 1)


def test_a_path_that_does_not_exist_is_an_error(adding: Adding) -> None:
    with pytest.raises(NotFound, match="no file or folder"):
        adding.add(adding.files / "none.md")
