"""What becomes of folders of files over several ingests, whatever happens to the files or to the program meanwhile."""

from __future__ import annotations

import hashlib
import os
import signal
from collections.abc import Mapping
from pathlib import Path

import pytest
from factories_evidence import PARAGRAPH, WordEmbedder, a_corpus, run_beside, write_article
from factories_formats import a_zip
from factories_kinds import NAMES, a_page, samples

from agent.evidence import ingest as ingest_module
from agent.evidence.check import check_corpus
from agent.evidence.corpus import Corpus
from agent.evidence.discover import files_of
from agent.evidence.document import Document, ReadOptions
from agent.evidence.formats.kinds import Kind
from agent.evidence.ingest import AddOptions, AddReport, Ingest, Left, Note
from agent.evidence.metadata import Stated
from agent.evidence.writer import IngestReport
from agent.schemas.article import ArticleMeta
from agent.store.database import Database
from agent.store.read_files import FileStore

TODAY = "2026-02-25"


class Folder:
    """A folder of clippings and the home of the corpus that they go into."""

    def __init__(self, place: Path, files: Path | None = None) -> None:
        self.home, self.files, self.embedder = place / "home", files or place / "in", WordEmbedder()
        self.files.mkdir(exist_ok=True)
        self.corpus: Corpus = a_corpus(self.home, self.embedder)
        self.db = Database.open(self.home / "store.db")

    def write(self, name: str, topic: str = "engineers", **front: object) -> Path:
        """A text with only so much front matter."""
        file = self.files / name
        file.parent.mkdir(exist_ok=True)
        lines = "".join(f"{key}: {value}\n" for key, value in front.items())
        file.write_text(f"---\n{lines}---\n" * bool(front) + PARAGRAPH.format(topic=topic))
        return file

    def ingest(self, options: AddOptions | None = None) -> Ingest:
        return Ingest(self.corpus, FileStore(self.db), options or AddOptions(), today=TODAY)

    def add(self, *paths: Path, options: AddOptions | None = None) -> AddReport:
        return self.ingest(options).add(files_of(paths or [self.files]))

    def urls(self) -> list[str]:
        return sorted(article.meta.url for article in self.corpus.articles())

    def metas(self) -> list[ArticleMeta]:
        return [article.meta for article in self.corpus.articles()]

    def topics(self) -> set[str]:
        return {
            topic for article in self.corpus.articles() for topic in ("engineers", "welders") if topic in article.text
        }

    def state(self) -> dict[str, str]:
        """What the home holds, without SQLite's working files."""
        return {
            str(file.relative_to(self.home)): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in sorted(self.home.rglob("*"))
            if file.is_file() and not file.name.endswith(("-wal", "-shm"))
        }


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def read_by(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that are read from now on."""
    names: list[str] = []
    original = ingest_module.extract

    def extract(files, options):  # type: ignore[no-untyped-def]
        names.extend(file.name for file in files)
        return original(files, options)

    monkeypatch.setattr(ingest_module, "extract", extract)
    return names


def same_address(folder: Folder, first: str = "a", second: str = "b") -> tuple[Path, Path]:
    one = write_article(folder.files, first, "engineers", url="https://example.org/same")
    return one, write_article(folder.files, second, "welders", url="https://example.org/same")


def test_a_folder_of_every_kind_comes_in_and_is_not_read_again(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, (kind, data) in enumerate(samples().items()):
        (folder.files / f"{number}-{NAMES[kind]}").write_bytes(data)
    first = folder.add()
    assert (first.files, first.skipped) == (len(Kind), ())
    # The web archive and the ZIP hold a page each, the ZIP a text as well, the JSON export two rows.
    assert len(first.articles.added) == len(Kind) + 2
    names = read_by(monkeypatch)
    assert folder.add() == AddReport(IngestReport(), files=len(Kind), unread=len(Kind))
    assert names == []
    assert check_corpus(folder.corpus).problems == ()


@pytest.mark.parametrize(
    "options",
    [
        AddOptions(read=ReadOptions(columns={"text": "body"})),
        AddOptions(read=ReadOptions(max_text=4_000_000)),
        AddOptions(stated=Stated(tags=("mine",))),
    ],
    ids=["columns", "limits", "statements"],
)
def test_files_are_read_again_when_other_things_are_said_of_them(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, options: AddOptions
) -> None:
    folder.write("a.md")
    folder.add()
    names = read_by(monkeypatch)
    assert folder.add(options=options).unread == 0
    assert folder.add(options=options).unread == 1
    assert names == ["a.md"]


def test_files_are_read_again_by_other_readers(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write("a.md")
    folder.add()
    monkeypatch.setattr(ingest_module, "READERS", "another")
    assert folder.add() == AddReport(IngestReport(unchanged=tuple(folder.corpus.store.content_hashes())), files=1)


def test_a_front_matter_may_have_any_part_and_the_rest_is_unknown(folder: Folder) -> None:
    folder.write("a.md", title="Head", date="2025-03", licence="CC BY", tags="[b, a]")
    folder.add()
    [article] = folder.corpus.articles()
    meta = article.meta
    assert (meta.title, meta.date, meta.licence, meta.tags) == ("Head", "2025-03", "CC BY", ("a", "b"))
    assert (meta.publisher, meta.author, meta.tier, meta.retrieved) == ("unknown", None, 4, TODAY)
    assert meta.assumed == ("publisher", "tier", "interested")


def test_a_front_matter_that_is_not_valid_is_named_key_by_key(folder: Folder) -> None:
    file = folder.write("a.md", tier="first", date="2025-02-30", interested="maybe")
    [left] = folder.add().skipped
    assert left.file == str(file)
    assert [key for key in ("tier", "date", "interested", "title") if f"`{key}`" in left.reason] == [
        "tier",
        "date",
        "interested",
    ]
    assert folder.corpus.articles() == []


def test_what_the_user_says_stands_above_what_the_files_say(folder: Folder) -> None:
    folder.write("a.md", publisher="One", tier="3", date="2020")
    folder.write("b.md", "welders")
    folder.add(options=AddOptions(stated=Stated(publisher="Ours", tier=1, date="2025-01-02")))
    assert {(meta.publisher, meta.tier, meta.date, meta.assumed) for meta in folder.metas()} == {
        ("Ours", 1, "2025-01-02", ("interested",))
    }


class Person:
    """Answers, and notes what was asked."""

    def __init__(self, **answers: str) -> None:
        self.answers = answers
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    def __call__(self, name: str, document: Document, missing: tuple[str, ...]) -> Mapping[str, str]:
        self.asked.append((name, missing))
        return {field: self.answers[field] for field in missing if field in self.answers}


def test_what_a_person_answered_is_not_asked_again_and_outlives_a_changed_file(folder: Folder) -> None:
    folder.write("a.md")
    person = Person(publisher="The Office", tier="1", date="2025-03")
    folder.add(options=AddOptions(ask=person))
    assert person.asked == [("a.md", ("publisher", "author", "date", "tier"))]
    folder.write("a.md", "welders")
    again = Person(author="A. Writer")
    assert len(folder.add(options=AddOptions(ask=again)).articles.updated) == 1
    assert again.asked == [("a.md", ("author",))]
    folder.write("a.md", "welders and engineers")
    assert len(folder.add().articles.updated) == 1
    [meta] = folder.metas()
    assert (meta.publisher, meta.tier, meta.date, meta.author) == ("The Office", 1, "2025-03", "A. Writer")
    assert meta.assumed == ("interested",)


def test_a_touched_file_whose_questions_were_answered_is_unchanged(folder: Folder) -> None:
    file = folder.write("a.md")
    folder.add(options=AddOptions(ask=Person(publisher="The Office", tier="2")))
    os.utime(file, ns=(1, 1))
    assert folder.add().articles == IngestReport(unchanged=tuple(folder.corpus.store.content_hashes()))
    assert folder.add().unread == 1


def test_an_answer_stands_beside_earlier_corrections(folder: Folder) -> None:
    folder.write("a.md", publisher="One", tier="2", author="X")
    folder.add()
    [article] = folder.corpus.articles()
    folder.corpus.edit(article.id, {"title": "Ours"})
    folder.write("a.md", "welders", publisher="One", tier="2", author="X")
    folder.add(options=AddOptions(ask=Person(date="2025")))
    assert folder.corpus.store.edits() == {article.id: {"title": "Ours", "date": "2025"}}
    assert [(meta.title, meta.date) for meta in folder.metas()] == [("Ours", "2025")]


def test_nobody_is_asked_about_files_that_are_not_read(folder: Folder) -> None:
    folder.write("a.md")
    folder.add()
    person = Person(publisher="The Office")
    assert folder.add(options=AddOptions(ask=person)).unread == 1
    assert person.asked == []


def test_a_correction_outlives_a_changed_file_and_an_ingest_with_statements(folder: Folder) -> None:
    folder.write("a.md", publisher="One")
    folder.add()
    [article] = folder.corpus.articles()
    folder.corpus.edit(article.id, {"publisher": "Right", "tier": 2})
    folder.write("a.md", "welders", publisher="Two")
    folder.add(options=AddOptions(stated=Stated(publisher="Generic")))
    assert [(meta.publisher, meta.tier) for meta in folder.metas()] == [("Right", 2)]
    assert folder.topics() == {"welders"}


def test_of_two_files_with_one_address_the_one_that_is_in_stays_in(folder: Folder) -> None:
    first, second = same_address(folder)
    for _ in range(3):
        report = folder.add()
        assert report.skipped == (Left(str(second), f"it has the same address as {first}: https://example.org/same"),)
        assert folder.topics() == {"engineers"}
        assert not report.articles.updated


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_of_two_files_with_one_address_the_newer_version_comes_in(folder: Folder, names: tuple[str, str]) -> None:
    url = "https://example.org/same"
    old = write_article(folder.files, names[0], "engineers", url=url, date="2025-05-01")
    new = write_article(folder.files, names[1], "welders", url=url, date="2026-05-01")
    report = folder.add()
    older_first = names == ("a", "b")
    reason = f"{new} is a newer version of it: {url}" if older_first else f"it has the same address as {new}: {url}"
    assert report.skipped == (Left(str(old), reason),)
    assert folder.topics() == {"welders"}
    for _ in range(2):
        assert not folder.add().articles.updated
        assert folder.topics() == {"welders"}


def test_an_older_version_from_another_file_does_not_replace_a_newer_one(folder: Folder) -> None:
    url = "https://example.org/same"
    new = write_article(folder.files, "b", "welders", url=url, date="2026-05-01")
    folder.add()
    kept = folder.corpus.articles()
    new.unlink()
    old = write_article(folder.files, "a", "engineers", url=url, date="2025-05")
    for _ in range(2):
        assert folder.add().skipped == (Left(str(old), f"the corpus has a newer version of it, of 2026-05-01: {url}"),)
        assert folder.corpus.articles() == kept


def test_the_file_that_an_article_came_from_may_correct_its_date_backwards(folder: Folder) -> None:
    url = "https://example.org/same"
    for date in ("2026-05-01", "2025-05-01"):
        write_article(folder.files, "a", "welders", url=url, date=date)
        folder.add()
    assert [meta.date for meta in folder.metas()] == ["2025-05-01"]


def test_a_later_file_with_the_address_of_an_unchanged_one_does_not_take_its_place(folder: Folder) -> None:
    first = write_article(folder.files, "b", "engineers", url="https://example.org/same")
    folder.add()
    before = folder.corpus.articles()
    second = write_article(folder.files, "a", "welders", url="https://example.org/same")
    for _ in range(3):
        report = folder.add()
        assert report.skipped == (Left(str(second), f"it has the same address as {first}: https://example.org/same"),)
        assert (folder.corpus.articles(), report.unread) == (before, 1)


def test_the_other_file_of_an_address_comes_in_when_the_first_is_gone(folder: Folder) -> None:
    first, _ = same_address(folder)
    folder.add()
    first.unlink()
    report = folder.add()
    assert (report.skipped, folder.topics(), len(report.articles.updated)) == ((), {"welders"}, 1)
    assert folder.add().unread == 1


def claiming(folder: Folder, name: str, url: str, *, words: str = "AI replaces all welders") -> Path:
    """A saved page that calls `url` its own address."""
    file = folder.files / name
    file.write_text(
        f'<html><head><title>{words}</title><link rel="canonical" href="{url}"></head><body><article><h1>{words}</h1>'
        f"<p>{words}. {PARAGRAPH.format(topic='welders')}</p></article></body></html>"
    )
    return file


def fetched_from(file: Path, address: str) -> AddOptions:
    return AddOptions(addresses={file: address})


@pytest.mark.parametrize("claim", ["https://www.site.example/b?id=1", "http://site.example/c"])
def test_a_fetched_page_may_name_another_address_of_its_own_site(folder: Folder, claim: str) -> None:
    page = claiming(folder, "page.html", claim)
    report = folder.add(page, options=fetched_from(page, "https://site.example/a"))
    assert (folder.urls(), report.notes) == ([claim], ())


def test_a_fetched_page_cannot_take_the_place_of_an_article_of_another_site(folder: Folder) -> None:
    url = "https://bureau.example/report"
    [kept] = folder.add(write_article(folder.files, "report", "engineers", url=url)).articles.added
    page = claiming(folder, "page.html", url)
    report = folder.add(page, options=fetched_from(page, "https://evil.example/x"))
    assert (report.articles.updated, folder.urls()) == ((), [url, "https://evil.example/x"])
    assert "engineers" in folder.corpus.store.article(kept).text
    assert {meta.publisher for meta in folder.metas() if "evil" in meta.url} == {"evil.example"}
    [note] = report.notes
    assert note == Note(
        "https://evil.example/x", f"it calls itself {url}, of another site: known by the address it was fetched from"
    )


def test_a_fetched_export_cannot_take_the_place_of_an_article_of_another_site(folder: Folder) -> None:
    url = "https://bureau.example/report"
    folder.add(write_article(folder.files, "report", "engineers", url=url))
    table = folder.files / "rows.csv"
    table.write_text(f"title,text,url\nOne,{PARAGRAPH.format(topic='welders').replace(',', ' ')},{url}\n")
    report = folder.add(table, options=fetched_from(table, "https://evil.example/rows.csv"))
    assert (report.articles.updated, len(report.articles.added), len(report.notes)) == ((), 1, 1)


def test_a_saved_page_cannot_take_the_place_of_an_article_that_came_from_elsewhere(folder: Folder) -> None:
    url = "https://bureau.example/report"
    [kept] = folder.add(write_article(folder.files, "report", "engineers", url=url)).articles.added
    page = claiming(folder, "page.html", url)
    for _ in range(2):
        report = folder.add(page)
        assert kept not in report.articles.updated
        page.write_text(page.read_text().replace("all welders", "each of the welders"))
    assert "engineers" in folder.corpus.store.article(kept).text
    [own] = [address for address in folder.urls() if address != url]
    assert own.startswith("local:") and own.endswith("/page.html")
    assert [note.words for note in report.notes] == [
        f"it calls itself {url}, which is another article of the corpus: known by its file"
    ]


def test_a_saved_page_keeps_the_address_that_it_came_in_with(folder: Folder) -> None:
    url = "https://weekly.example/welders"
    page = claiming(folder, "page.html", url)
    [article] = folder.add().articles.added
    folder.corpus.edit(article, {"tier": 2})
    claiming(folder, "page.html", url, words="AI replaces some welders")
    report = folder.add()
    assert (report.articles.updated, report.notes, folder.urls()) == ((article,), (), [url])
    [update] = report.articles.updates
    assert (update.before.title, update.after.title) == ("AI replaces all welders", "AI replaces some welders")
    assert page.exists()


def test_one_address_twice_in_one_export_is_named_with_its_row_and_settled(folder: Folder) -> None:
    file = folder.files / "a.csv"
    rows = [f'https://example.org/{url},"{PARAGRAPH.format(topic=topic)}"' for url, topic in (("x", "a"), ("x", "b"))]
    file.write_text("url,text\n" + "\n".join(rows) + "\n")
    reason = f"row 3: it has the same address as {file} row 2: https://example.org/x"
    assert folder.add().skipped == (Left(str(file), reason),)
    assert folder.add() == AddReport(IngestReport(), (Left(str(file), reason),), files=1, unread=1)


def test_a_partly_bad_archive_gives_what_is_good_and_names_the_rest_every_time(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = folder.files / "a.zip"
    good = PARAGRAPH.format(topic="engineers")
    entries = {
        "good.md": good,
        "bad.md": b"\x00\x01" * 500,
        "../out.md": good,
        "deep/wrong.md": f"---\ntier: 9\n---\n{good}",
    }
    file.write_bytes(a_zip({**entries, "empty.txt": "", "last.html": a_page()}))
    report = folder.add()
    assert (len(report.articles.added), len(report.skipped)) == (2, 4)
    named = [left.reason.partition(":")[0] for left in report.skipped]
    assert sorted(named) == ["../out.md", "bad.md", "deep/wrong.md", "empty.txt"]
    names = read_by(monkeypatch)
    assert folder.add() == AddReport(IngestReport(), report.skipped, files=1, unread=1)
    assert names == []


def test_a_file_that_gives_nothing_stays_named_without_being_read_again_until_it_changes(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = folder.write("a.md")
    file.write_bytes(b"\x89PNG\r\n\x1a\n\x00")
    reason = (Left(str(file), "it is a PNG image"),)
    assert folder.add().skipped == reason
    names = read_by(monkeypatch)
    assert (folder.add().skipped, names) == (reason, [])
    folder.write("a.md")
    assert (folder.add().skipped, names, folder.topics()) == ((), ["a.md"], {"engineers"})


def test_a_file_that_could_not_even_be_opened_is_tried_again(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write("a.md")
    found = files_of([folder.files])
    (folder.files / "a.md").rename(folder.files / "b.md")
    assert [left.reason for left in folder.ingest().add(found).skipped] == [
        "it cannot be read: No such file or directory"
    ]
    (folder.files / "b.md").rename(folder.files / "a.md")
    assert len(folder.ingest().add(found).articles.added) == 1


def test_names_that_are_no_text_and_parts_of_any_name_come_in(folder: Folder) -> None:
    odd = Path(os.fsdecode(os.fsencode(folder.files) + b"/caf\xe9.md"))
    odd.write_text(PARAGRAPH.format(topic="engineers"))
    bad = Path(os.fsdecode(os.fsencode(folder.files) + b"/na\xefve.md"))
    bad.write_text("")
    (folder.files / "a.zip").write_bytes(a_zip({"\u6587" * 300 + ".md": PARAGRAPH.format(topic="welders")}))
    report = folder.add()
    assert report.skipped == (Left(f"{folder.files}/na\\xefve.md", "it is empty"),)
    assert folder.topics() == {"engineers", "welders"}
    assert folder.add() == AddReport(IngestReport(), report.skipped, files=3, unread=3)


def test_a_page_with_an_address_that_is_none_comes_in_under_its_file(folder: Folder) -> None:
    page = a_page().replace(b"<title>", b'<link rel="canonical" href="http://[bad/x"><title>')
    (folder.files / "a.html").write_bytes(page)
    assert folder.add().skipped == ()
    assert [url.partition("/")[2] for url in folder.urls()] == ["a.html"]


def test_a_plan_leaves_every_byte_of_the_home_as_it_is(folder: Folder) -> None:
    folder.write("a.md")
    folder.add()
    folder.write("a.md", "welders")
    (folder.files / "b.html").write_bytes(a_page())
    folder.write("empty.md").write_text("")
    before = folder.state()
    plan = folder.ingest(AddOptions(stated=Stated(publisher="Ours"))).plan(files_of([folder.files]))
    assert (len(plan.articles.added), len(plan.articles.updated), len(plan.skipped)) == (1, 1, 1)
    assert (folder.state(), folder.topics()) == (before, {"engineers"})
    assert folder.embedder.embedded == [PARAGRAPH.format(topic="engineers")]


def test_articles_of_files_that_are_gone_or_give_less_stay(folder: Folder) -> None:
    file, other = folder.write("a.md"), folder.write("b.md", "welders")
    folder.add()
    other.unlink()
    file.write_text("")
    assert len(folder.add().skipped) == 1
    assert folder.topics() == {"engineers", "welders"}


def test_a_footer_that_hundreds_of_letters_share_keeps_none_of_them_out(folder: Folder) -> None:
    footer = "You receive this letter because you subscribed to it. " * 8
    for number in range(300):
        folder.write(f"{number}.md", f"topic{number}\n\n{footer}", url=f"https://example.org/{number}")
    assert len(folder.add().articles.added) == 300
    assert check_corpus(folder.corpus).problems == ()
    assert folder.corpus.search(["topic17"], limit=1)[0].passage.meta.url == "https://example.org/17"


KILLED = """
import os, signal, sys
from pathlib import Path
from factories_evidence import WordEmbedder, a_corpus
from agent.evidence.discover import files_of
from agent.evidence.ingest import AddOptions, Ingest
from agent.store.database import Database
from agent.store.read_files import FileStore

class Mortal(WordEmbedder):
    def embed(self, texts):
        if len(self.embedded) >= 128:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().embed(texts)

home, files = map(Path, sys.argv[1:])
corpus = a_corpus(home, Mortal())
Ingest(corpus, FileStore(Database.open(home / "store.db")), AddOptions(), today="2026-02-25").add(files_of([files]))
"""


def test_an_ingest_that_was_killed_goes_on_where_it_was_and_loses_nothing(folder: Folder, tmp_path: Path) -> None:
    for number in range(300):
        folder.write(f"{number:03}.md", f"topic{number}", url=f"https://example.org/{number}")
    process = run_beside(KILLED, str(folder.home), str(folder.files))
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (-signal.SIGKILL, "")
    assert folder.corpus.articles() == []
    assert folder.corpus.search(["topic7"], limit=1) == []
    report = folder.add()
    assert (len(report.articles.added), report.articles.passages, report.skipped) == (300, 300, ())
    assert len(folder.embedder.embedded) == report.articles.embedded
    assert 0 < report.articles.embedded <= 300 - 128
    untouched = Folder((tmp_path / "other"), files=folder.files)
    untouched.add()
    assert folder.corpus.articles() == untouched.corpus.articles()
    assert folder.corpus.digest == untouched.corpus.digest
    assert check_corpus(folder.corpus).problems == ()


def test_an_unchanged_folder_is_looked_at_without_reading_or_embedding(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(500):
        folder.write(f"{number % 10}/{number:03}.md", f"topic{number}")
    assert len(folder.add().articles.added) == 500
    names = read_by(monkeypatch)
    folder.embedder.embedded.clear()
    assert folder.add() == AddReport(IngestReport(), files=500, unread=500)
    assert (names, folder.embedder.embedded) == ([], [])
