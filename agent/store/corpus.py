"""Articles and passages as stored. Nothing is ever deleted: what was cited must stay resolvable."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, select

from agent.errors import NotFound
from agent.schemas.article import Article, ArticleMeta, Passage
from agent.store import sqlite, words
from agent.store.chunks import chunks
from agent.store.corpus_changes import CorpusChange, apply, digest_of, stage
from agent.store.corpus_view import CorpusView, article_of, meta_of
from agent.store.database import Database
from agent.store.tables import article_versions, articles, passages, vectors

EMBEDDING = "embedding"
DIGEST = "digest"


class Signed(NamedTuple):
    """An article with what tells copies apart."""

    article: str
    work: str
    date: str
    signature: bytes | None


class CorpusStore:
    """The corpus's tables."""

    def __init__(self, db: Database) -> None:
        self._db = db

    @contextmanager
    def view(self) -> Iterator[CorpusView]:
        """One consistent state of the corpus."""
        with self._db.read() as connection:
            yield CorpusView(connection)

    def articles(self) -> list[Article]:
        """The active articles, by id."""
        with self._db.read() as connection:
            rows = connection.execute(_whole_articles().where(articles.c.active).order_by(articles.c.id)).all()
        return [article_of(row) for row in rows]

    def article(self, article: str) -> Article:
        """One article as it is now, also one that has left the corpus. Raises NotFound."""
        with self._db.read() as connection:
            row = connection.execute(_whole_articles().where(articles.c.id == article)).first()
        if row is None:
            raise _no_article(article)
        return article_of(row)

    def content_hashes(self) -> dict[str, str]:
        """Content hash of each active article, by id."""
        with self._db.read() as connection:
            query = select(articles.c.id, articles.c.content_hash).where(articles.c.active).order_by(articles.c.id)
            return {row[0]: row[1] for row in connection.execute(query).all()}

    def copies(self, article: str) -> list[str]:
        """The other active articles that count as one source with this one, sorted. Raises NotFound."""
        with self._db.read() as connection:
            work = connection.execute(select(articles.c.work).where(articles.c.id == article)).scalar_one_or_none()
            if work is None:
                raise _no_article(article)
            work = work or article
            query = select(articles.c.id).where(
                (articles.c.work == work) | (articles.c.id == work), articles.c.active, articles.c.id != article
            )
            return sorted(connection.execute(query).scalars())

    def edits(self) -> dict[str, dict[str, object]]:
        """What people corrected in the metadata of articles: article to field to value."""
        with self._db.read() as connection:
            rows = connection.execute(select(articles.c.id, articles.c.edited).where(articles.c.edited != "{}"))
            return {row.id: json.loads(row.edited) for row in rows}

    def versions(self, article: str) -> list[tuple[str, str]]:
        """(content hash, when it came in) of every version of an article, oldest first. Raises NotFound."""
        with self._db.read() as connection:
            query = (
                select(article_versions.c.content_hash, article_versions.c.added_at)
                .where(article_versions.c.article == article)
                .order_by(article_versions.c.added_at, article_versions.c.content_hash)
            )
            found = [(row.content_hash, row.added_at) for row in connection.execute(query)]
        if not found:
            raise _no_article(article)
        return found

    def text_around(self, passage: str) -> tuple[str, int, int]:
        """The text of the version that a passage was cut from, and the passage's offsets in it. Raises NotFound."""
        query = (
            select(article_versions.c.text, passages.c.start, passages.c.end)
            .join(
                article_versions,
                (article_versions.c.article == passages.c.article)
                & (article_versions.c.content_hash == passages.c.version),
            )
            .where(passages.c.id == passage)
        )
        with self._db.read() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise NotFound(f"The store has no passage {passage}.")
        return row.text, row.start, row.end

    def signed(self) -> list[Signed]:
        """Every active article with its signature, by id."""
        query = (
            select(
                articles.c.id,
                articles.c.work,
                articles.c.date,
                articles.c.signature,
            )
            .where(articles.c.active)
            .order_by(articles.c.id)
        )
        with self._db.read() as connection:
            return [Signed(*row) for row in connection.execute(query).all()]

    def find_passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """See `CorpusView.find_passages`."""
        with self.view() as view:
            return view.find_passages(ids)

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """The passages with these ids, in the order asked for, inactive ones included. Raises NotFound."""
        found = self.find_passages(ids)
        missing = [passage for passage in ids if passage not in found]
        if missing:
            raise NotFound(f"The store has no passage {', '.join(missing[:5])}.")
        return [found[passage] for passage in ids]

    def passages_of(self, article: str) -> list[Passage]:
        """The active passages of one article in reading order. Raises NotFound when there is no such article."""
        with self._db.read() as connection:
            if connection.execute(select(articles.c.id).where(articles.c.id == article)).first() is None:
                raise _no_article(article)
            ids = connection.execute(
                select(passages.c.id).where(passages.c.article == article, passages.c.active).order_by(passages.c.start)
            )
            wanted = list(ids.scalars())
        return self.passages(wanted)

    def active_passages(self) -> list[str]:
        """Ids of every passage that can be searched, sorted."""
        with self._db.read() as connection:
            return list(
                connection.execute(select(passages.c.id).where(passages.c.active).order_by(passages.c.id)).scalars()
            )

    def articles_since(self, moment: str) -> dict[str, ArticleMeta]:
        """The active articles whose present version came in after `moment` (ISO 8601, UTC), by id."""
        query = select(articles).where(articles.c.active, articles.c.added_at > moment).order_by(articles.c.id)
        with self._db.read() as connection:
            return {row.id: meta_of(row) for row in connection.execute(query)}

    def passages_since(self, moment: str) -> list[str]:
        """Ids of the active passages of those articles that stood in no version from before, sorted."""
        newer = (passages.c.active, articles.c.active, articles.c.added_at > moment)
        query = (
            select(passages.c.id, passages.c.article)
            .join(articles, articles.c.id == passages.c.article)
            .where(*newer)
            .order_by(passages.c.id)
        )
        former = (
            select(passages.c.id, passages.c.text, article_versions.c.text.label("before"))
            .join(articles, articles.c.id == passages.c.article)
            .join(article_versions, article_versions.c.article == articles.c.id)
            .where(*newer, article_versions.c.added_at <= moment)
        )
        with self._db.read() as connection:
            known = {row.id for row in connection.execute(former) if row.text in row.before}
            return [row.id for row in connection.execute(query) if row.id not in known]

    def texts(self, ids: Sequence[str]) -> dict[str, str]:
        """Text of each of these passages."""
        found: dict[str, str] = {}
        with self._db.read() as connection:
            for chunk in chunks(ids):
                query = select(passages.c.id, passages.c.text).where(passages.c.id.in_(chunk))
                found.update({row.id: row.text for row in connection.execute(query)})
        return found

    def embedded(self, embedding: str, ids: Sequence[str]) -> set[str]:
        """Those of these passages, active or not, that have a vector of this model."""
        found: set[str] = set()
        with self._db.read() as connection:
            for chunk in chunks(ids):
                query = select(vectors.c.passage).where(vectors.c.embedding == embedding, vectors.c.passage.in_(chunk))
                found.update(connection.execute(query).scalars())
        return found

    def placed(self, embedding: str, ids: Sequence[str], metas: Mapping[str, ArticleMeta]) -> set[str]:
        """Those of these passages that the index holds, filterable by the date and tier that `metas` will give them."""
        found: set[str] = set()
        with self._db.read() as connection:
            for chunk in chunks(ids):
                query = (
                    select(passages.c.id, articles.c.id.label("article"), articles.c.date, articles.c.tier)
                    .join(articles, articles.c.id == passages.c.article)
                    .join(vectors, (vectors.c.passage == passages.c.id) & (vectors.c.embedding == embedding))
                    .where(passages.c.id.in_(chunk), vectors.c.segment.is_not(None))
                )
                for row in connection.execute(query):
                    meta = metas.get(row.article)
                    if meta is None or (meta.date, meta.tier) == (row.date, row.tier):
                        found.add(row.id)
        return found

    def facts(self) -> dict[str, str]:
        """See `CorpusView.facts`."""
        with self.view() as view:
            return view.facts()

    def digest(self) -> str:
        """The corpus's digest, computed from its rows."""
        with self._db.read() as connection:
            return digest_of(connection)

    def find_words(
        self,
        match: str,
        *,
        limit: int,
        not_after: str | None = None,
        not_before: str | None = None,
        tiers: Sequence[int] | None = None,
    ) -> list[str]:
        """Ids of the passages that match a full-text expression, best first. See `sqlite.find_words`."""
        with self.view() as view:
            found = view.find_words(match, limit=limit, not_after=not_after, not_before=not_before, tiers=tiers)
        return [passage for passage, _ in found]

    def words(self) -> set[str]:
        """Ids of the passages that the full-text index holds."""
        with self._db.read() as connection:
            return sqlite.indexed_words(connection)

    def torn(self, ids: Sequence[str]) -> list[str]:
        """Those of these passages whose text is not what stands at their offsets in the version they were cut from."""
        query = (
            select(passages.c.id, passages.c.text, passages.c.start, passages.c.end, article_versions.c.text)
            .outerjoin(
                article_versions,
                (article_versions.c.article == passages.c.article)
                & (article_versions.c.content_hash == passages.c.version),
            )
            .where(passages.c.id.in_(list(ids)))
            .order_by(passages.c.id)
        )
        with self._db.read() as connection:
            rows = connection.execute(query).all()
        return [passage for passage, text, start, end, whole in rows if whole is None or whole[start:end] != text]

    def rebuild_words(self) -> None:
        """Fill the full-text index anew from the active passages. The caller holds the corpus lock."""
        words.rebuild_words(self._db)

    def prepare_words(self, changed: Sequence[tuple[Article, Sequence[Passage]]], removed: Sequence[str]) -> None:
        """Write the full-text index for a change that is `prepared`. See `words.prepare_words`."""
        words.prepare_words(self._db, changed, removed)

    def clear_words(self) -> None:
        """Delete full-text indexes that no search uses. The caller holds the corpus lock."""
        words.clear_words(self._db)

    def stage(self, added_at: str, parts: Sequence[tuple[Article, Sequence[Passage]]]) -> None:
        """Keep versions and passages that no search finds yet; `apply` of the same articles makes them visible."""
        with self._db.write() as connection:
            stage(connection, added_at, parts)

    def put_vectors(self, embedding: str, values: Mapping[str, bytes]) -> None:
        """Keep vectors of passages that have none of this model; those that have one keep it.

        A vector is little-endian 32-bit floats of unit length.
        """
        with self._db.write() as connection:
            apply(connection, CorpusChange(added_at="", vectors=values, vectors_of=embedding))

    def apply(self, change: CorpusChange) -> str:
        """Write one change in one transaction and return the corpus's new digest."""
        with self._db.write() as connection:
            return apply(connection, change)


def _whole_articles() -> Select[tuple[object, ...]]:
    return select(articles, article_versions.c.text, article_versions.c.pages).join(article_versions, _current())


def _current() -> ColumnElement[bool]:
    return (article_versions.c.article == articles.c.id) & (article_versions.c.content_hash == articles.c.content_hash)


def _no_article(article: str) -> NotFound:
    return NotFound(f"The corpus has no article {article}.", hint="`assess-role corpus list` shows the ids.")
