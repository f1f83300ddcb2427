"""A home of the first schema, with articles, passages and vectors in it, and what becomes of it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from alembic import command
from alembic.config import Config
from factories_evidence import WordEmbedder, a_corpus, an_article_about, articles_in, segment_folders, write_article
from sqlalchemy import Connection, text

from agent.evidence.bundled import BundledState, folder_digest
from agent.evidence.check import check_corpus
from agent.evidence.split import passages_of
from agent.evidence.vectors import build_vectors
from agent.schemas.article import Article, Passage
from agent.store.database import Database
from agent.store.sqlite import sqlite_engine, use_write_ahead_log

ARTICLE = """INSERT INTO articles VALUES
 (:id, :content_hash, :title, :publisher, :author, :date, :url, :tier, :interested, :retrieved, :text_kind, :text,
  :active, '2026-01-05T00:00:00Z')"""
PASSAGE = "INSERT INTO passages VALUES (:id, :article, :text, :text_hash, :start, :end, 0, :active)"
VECTOR = "INSERT INTO vectors VALUES (:passage, 'words-1', :vector)"


class FirstHome:
    """A home of schema 0001: two articles, a removed one, one with a former passage, and two bundled ones."""

    def __init__(self, folder: Path) -> None:
        self.home, self.bundle = folder / "home", folder / "bundle"
        for name in ("first", "second"):
            write_article(self.bundle, name, f"{name} pilots")
        build_vectors(self.bundle, WordEmbedder())
        self.bundled = articles_in(self.bundle)
        self.kept = an_article_about("kept", "data engineers", "welders", date="2024-01-01")
        self.changed = an_article_about("changed", "nurses")
        self.removed = an_article_about("removed", "plumbers")
        self.former = passages_of(an_article_about("changed", "former nurses"))
        self.active: dict[str, Passage] = {}
        self.left: dict[str, Passage] = {}
        engine = self._engine()
        with engine.begin() as connection:
            for article in (self.kept, self.changed, *self.bundled):
                self._insert(connection, article, passages_of(article), self.active)
            self._insert(connection, self.removed, passages_of(self.removed), self.left, active=False)
            self._insert_passages(connection, self.former, self.left, active=False)
            offered = {article.id: article.content_hash for article in self.bundled}
            facts = {"embedding": "words-1", "digest": "sha256:" + "0" * 64}
            facts |= BundledState(folder_digest(self.bundle), offered).fact()
            for name, value in facts.items():
                connection.execute(text("INSERT INTO corpus_facts VALUES (:n, :v)"), {"n": name, "v": value})
        engine.dispose()

    def _engine(self):  # type: ignore[no-untyped-def]
        self.home.mkdir()
        engine = sqlite_engine(self.home / "store.db")
        use_write_ahead_log(engine)
        with engine.begin() as connection:
            config = Config(attributes={"connection": connection})
            config.set_main_option("script_location", "agent.store:migrations")
            command.upgrade(config, "0001")
        return engine

    def _insert(
        self,
        connection: Connection,
        article: Article,
        parts: list[Passage],
        into: dict[str, Passage],
        *,
        active: int = 1,
    ) -> None:
        values = article.meta.model_dump(mode="json")
        row = {**values, "id": article.id, "content_hash": article.content_hash, "text": article.text, "active": active}
        connection.execute(text(ARTICLE), row)
        self._insert_passages(connection, parts, into, active=active)

    def _insert_passages(
        self, connection: Connection, parts: list[Passage], into: dict[str, Passage], *, active: int
    ) -> None:
        for part in parts:
            into[part.id] = part
            connection.execute(text(PASSAGE), {**part.model_dump(mode="json"), "active": active})
            vector = np.asarray(WordEmbedder().embed([part.text])[0], "<f4").tobytes()
            connection.execute(text(VECTOR), {"passage": part.id, "vector": vector})
            if active:
                words = {"row": int(part.id[2:], 16), "text": part.text, "title": part.meta.title}
                connection.execute(
                    text("INSERT INTO passage_words(rowid, text, title) VALUES (:row, :text, :title)"), words
                )


@pytest.fixture
def old(tmp_path: Path) -> FirstHome:
    return FirstHome(tmp_path)


def test_every_passage_of_the_first_schema_stays_resolvable(old: FirstHome) -> None:
    everything = old.active | old.left
    found = {passage.id: passage for passage in a_corpus(old.home).passages(list(everything))}
    assert found == everything


def test_every_article_keeps_its_text_and_metadata(old: FirstHome) -> None:
    corpus = a_corpus(old.home)
    expected = sorted((old.kept, old.changed, *old.bundled), key=lambda article: article.id)
    assert corpus.articles() == expected
    assert corpus.store.article(old.removed.id) == old.removed
    assert corpus.store.versions(old.kept.id) == [(old.kept.content_hash, "2026-01-05T00:00:00Z")]


def test_every_passage_that_stands_in_its_articles_text_is_shown_in_it(old: FirstHome) -> None:
    corpus = a_corpus(old.home)
    articles = {article.id: article for article in (old.kept, old.changed, old.removed, *old.bundled)}
    standing = [*old.active.values(), *passages_of(old.removed)]
    found = [corpus.store.text_around(passage.id) for passage in standing]
    assert found == [(articles[passage.article].text, passage.start, passage.end) for passage in standing]


def test_the_index_is_built_from_the_stored_vectors_and_nothing_is_embedded_again(old: FirstHome) -> None:
    embedder = WordEmbedder()
    corpus = a_corpus(old.home, embedder)
    found = corpus.search(["welders"], limit=3, as_of="2024-06-01")
    assert [hit.passage.article for hit in found] == [old.kept.id, old.kept.id]
    assert "welders" in found[0].passage.text
    assert embedder.embedded == ["welders"]
    every = corpus.search(["engineers pilots nurses"], limit=9)
    assert {hit.passage.id for hit in every} == set(old.active)


def test_the_recorded_digest_is_the_one_that_its_rows_have(old: FirstHome) -> None:
    corpus = a_corpus(old.home)
    corpus.search(["welders"], limit=1)
    assert corpus.digest == corpus.store.digest()
    assert check_corpus(corpus).problems == ()


def test_a_bundle_that_was_taken_over_is_not_taken_again_and_a_new_one_embeds_nothing(old: FirstHome) -> None:
    embedder = WordEmbedder()
    corpus = a_corpus(old.home, embedder)
    assert corpus.ensure_bundled(old.bundle) is None
    write_article(old.bundle, "second", "second pilots", tier=1)
    write_article(old.bundle, "third", "third pilots")
    build_vectors(old.bundle, WordEmbedder())
    report = corpus.ensure_bundled(old.bundle)
    assert report is not None
    assert (len(report.added), len(report.updated), len(report.unchanged), report.embedded) == (1, 1, 1, 0)
    assert embedder.embedded == []
    tiers = [hit.passage.meta.tier for hit in corpus.search(["second pilots"], limit=1)]
    assert (tiers, check_corpus(corpus).problems) == ([1], ())


def test_the_first_change_signs_the_old_articles_once(old: FirstHome) -> None:
    corpus = a_corpus(old.home)
    copy = an_article_about("copy", "data engineers", "welders", date="2026-01-01")
    report = corpus.take([copy])
    assert report.copies == {copy.id: old.kept.id}
    assert [row.article for row in corpus.store.signed() if row.signature is None] == []


def test_the_former_index_goes_with_the_first_change(old: FirstHome) -> None:
    former = old.home / "index" / "passages-0123abcd-former"
    former.mkdir(parents=True)
    (former / "complete.json").write_text(json.dumps({"passages": 5}))
    corpus = a_corpus(old.home)
    assert corpus.search(["welders"], limit=1)
    corpus.take([an_article_about("new", "drivers")])
    assert former.name not in segment_folders(old.home)


def test_an_empty_home_of_the_first_schema_becomes_an_empty_corpus(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    engine = sqlite_engine(home / "store.db")
    use_write_ahead_log(engine)
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", "agent.store:migrations")
        command.upgrade(config, "0001")
    engine.dispose()
    corpus = a_corpus(home)
    assert (corpus.articles(), corpus.search(["welders"], limit=3)) == ([], [])
    Database.open(home / "store.db").close()
