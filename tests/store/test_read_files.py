from __future__ import annotations

from pathlib import Path

import pytest
from factories_corpus import NOW, a_passage, a_store, an_article
from sqlalchemy.exc import IntegrityError

from agent.store.corpus import CorpusStore
from agent.store.corpus_changes import CorpusChange
from agent.store.database import Database
from agent.store.read_files import FileRow, FileStore


def a_row(path: str = "/in/one.md", **changes: object) -> FileRow:
    row = FileRow(path, 3_000_000_000, 1_700_000_000_123_456_789, "ab" * 32, "1-x", (("a-1", "h1"),), ("no",), NOW)
    return row._replace(**changes)


def test_a_file_comes_out_as_it_was_noted(tmp_path: Path) -> None:
    files = FileStore(Database.open(tmp_path / "store.db"))
    one, two = a_row(), a_row("/in/two.md", articles=(), skipped=("empty", "row 7: no text"))
    files.put([one, two])
    assert files.known(["/in/two.md", "/in/none.md", "/in/one.md"]) == {"/in/one.md": one, "/in/two.md": two}


def test_the_last_note_of_a_path_counts(tmp_path: Path) -> None:
    files = FileStore(Database.open(tmp_path / "store.db"))
    files.put([a_row()])
    files.put([a_row(size=1), a_row(size=2)])
    assert files.known(["/in/one.md"]) == {"/in/one.md": a_row(size=2)}


def test_files_are_noted_in_the_transaction_that_makes_their_articles_visible(tmp_path: Path) -> None:
    db = Database.open(tmp_path / "store.db")
    store, article = CorpusStore(db), an_article(1)
    broken = a_passage(article, 1).model_copy(update={"article": "a-none"})
    with pytest.raises(IntegrityError):
        store.apply(CorpusChange(NOW, articles=[(article, [broken])], files=[a_row()]))
    assert FileStore(db).known(["/in/one.md"]) == {}
    store.apply(CorpusChange(NOW, articles=[(article, [a_passage(article, 1)])], files=[a_row()]))
    assert FileStore(db).known(["/in/one.md"]) == {"/in/one.md": a_row()}


def test_an_edit_moves_the_content_hash_that_a_file_is_settled_by(tmp_path: Path) -> None:
    store, before = a_store(tmp_path), an_article(1)
    files = FileStore(Database.open(tmp_path / "store.db"))
    settled = a_row(articles=((before.id, before.content_hash), ("a-other", "h2")))
    store.apply(CorpusChange(NOW, articles=[(before, [])], files=[settled, a_row("/in/two.md")]))
    after = an_article(1, tier=4)
    store.apply(CorpusChange(NOW, articles=[(after, [])], edits={after.id: {"tier": 4}}))
    moved = settled._replace(articles=((after.id, after.content_hash), ("a-other", "h2")))
    assert files.known(["/in/one.md", "/in/two.md"]) == {"/in/one.md": moved, "/in/two.md": a_row("/in/two.md")}
    assert store.edits() == {after.id: {"tier": 4}}


def test_many_files_are_known_at_once(tmp_path: Path) -> None:
    files = FileStore(Database.open(tmp_path / "store.db"))
    rows = {f"/in/{number}.md": a_row(f"/in/{number}.md") for number in range(1200)}
    files.put(list(rows.values()))
    assert files.known(list(rows)) == rows
