"""Articles, passages and vectors as stored. A passage is never deleted: one that was cited must stay resolvable."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from sqlalchemy import Connection, Row, Table, bindparam, delete, insert, select, update

from agent.errors import NotFound
from agent.schemas.article import Article, ArticleMeta, Passage
from agent.store import sqlite
from agent.store.database import Database
from agent.store.tables import articles, corpus_facts, passages, vectors

EMBEDDING = "embedding"
DIGEST = "digest"
CHUNK = 500
"""Ids a statement: below the smallest limit on bound values of any supported database."""

_META = tuple(ArticleMeta.model_fields)


@dataclass(frozen=True)
class CorpusChange:
    """Everything one ingest writes, in one transaction."""

    added_at: str
    """ISO 8601 UTC with seconds: when the articles came in."""
    articles: Sequence[tuple[Article, Sequence[Passage]]] = ()
    """New or changed articles with all their passages; passages they no longer have become inactive."""
    removed: Sequence[str] = ()
    """Ids of articles that leave the corpus."""
    embedding: str | None = None
    """Identity of the model behind `vectors`; becomes the corpus's embedding."""
    vectors: Mapping[str, bytes] = field(default_factory=dict)
    """Passage id to its vector: little-endian 32-bit floats, unit length."""
    facts: Mapping[str, str] = field(default_factory=dict)


class StoredVector(NamedTuple):
    """A passage's vector with what the search filters by."""

    passage: str
    article: str
    date: str
    tier: int
    vector: bytes
    """Little-endian 32-bit floats, unit length."""


class CorpusStore:
    """The corpus's tables."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def articles(self) -> list[Article]:
        """The active articles, by id."""
        with self._db.read() as connection:
            rows = connection.execute(select(articles).where(articles.c.active).order_by(articles.c.id)).all()
        return [_article(row) for row in rows]

    def content_hashes(self) -> dict[str, str]:
        """Content hash of each active article, by id."""
        with self._db.read() as connection:
            rows = connection.execute(
                select(articles.c.id, articles.c.content_hash).where(articles.c.active).order_by(articles.c.id)
            )
            return {row.id: row.content_hash for row in rows}

    def same_texts(self, texts: Sequence[str]) -> dict[str, tuple[str, str]]:
        """Those of `texts` that an active article has, with its id and URL."""
        found: dict[str, tuple[str, str]] = {}
        with self._db.read() as connection:
            for chunk in _chunks(texts):
                query = select(articles.c.text, articles.c.id, articles.c.url).where(
                    articles.c.active, articles.c.text.in_(chunk)
                )
                found.update({row.text: (row.id, row.url) for row in connection.execute(query)})
        return found

    def find_passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """Those of these ids that the store has, inactive ones included, in the order asked for."""
        found: dict[str, Passage] = {}
        metas: dict[str, ArticleMeta] = {}
        with self._db.read() as connection:
            for chunk in _chunks(ids):
                query = (
                    select(passages, *(articles.c[name].label(f"meta_{name}") for name in _META))
                    .join(articles, articles.c.id == passages.c.article)
                    .where(passages.c.id.in_(chunk))
                )
                for row in connection.execute(query):
                    found[row.id] = _passage(row, metas)
        return {passage: found[passage] for passage in dict.fromkeys(ids) if passage in found}

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
                raise NotFound(f"The corpus has no article {article}.", hint="`assess-role corpus list` shows the ids.")
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

    def vectors(self, embedding: str) -> list[StoredVector]:
        """Every active passage that has a vector of this model, by id."""
        query = (
            select(vectors.c.passage, passages.c.article, articles.c.date, articles.c.tier, vectors.c.vector)
            .join(passages, passages.c.id == vectors.c.passage)
            .join(articles, articles.c.id == passages.c.article)
            .where(vectors.c.embedding == embedding, passages.c.active)
            .order_by(vectors.c.passage)
        )
        with self._db.read() as connection:
            return [StoredVector(*row) for row in connection.execute(query)]

    def embedded(self, embedding: str) -> set[str]:
        """Ids of the passages, active or not, that have a vector of this model."""
        with self._db.read() as connection:
            rows = connection.execute(select(vectors.c.passage).where(vectors.c.embedding == embedding))
            return set(rows.scalars())

    def facts(self) -> dict[str, str]:
        """What is recorded of the corpus as a whole: `embedding`, `digest` and what the ingest keeps there."""
        with self._db.read() as connection:
            return {row.name: row.value for row in connection.execute(select(corpus_facts))}

    def digest(self) -> str:
        """The corpus's digest, computed from its rows."""
        with self._db.read() as connection:
            return corpus_digest(connection)

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
        with self._db.read() as connection:
            return sqlite.find_words(
                connection, match, limit=limit, not_after=not_after, not_before=not_before, tiers=tiers
            )

    def rebuild_words(self) -> None:
        """Fill the full-text index anew from the active passages."""
        query = (
            select(passages.c.id, passages.c.text, articles.c.title)
            .join(articles, articles.c.id == passages.c.article)
            .where(passages.c.active)
        )
        with self._db.write() as connection:
            sqlite.clear_words(connection)
            sqlite.index_words(connection, [(row.id, row.text, row.title) for row in connection.execute(query)])

    def apply(self, change: CorpusChange) -> str:
        """Write one change in one transaction and return the corpus's new digest."""
        with self._db.write() as connection:
            for article, parts in change.articles:
                _put_article(connection, article, change.added_at)
                _put_passages(connection, article, parts)
            for article_id in change.removed:
                _retire(connection, article_id)
            if change.embedding is not None:
                _put_vectors(connection, change.embedding, change.vectors)
                _put_fact(connection, EMBEDDING, change.embedding)
            for name, value in change.facts.items():
                _put_fact(connection, name, value)
            digest = corpus_digest(connection)
            _put_fact(connection, DIGEST, digest)
        return digest


def corpus_digest(connection: Connection) -> str:
    """`sha256:` and 64 hex digits over everything that decides what a search can find.

    That is each active passage's id and text hash, and its article's content hash: a new date or tier changes what the
    filters let through.
    """
    rows = connection.execute(
        select(passages.c.id, passages.c.text_hash, articles.c.content_hash)
        .join(articles, articles.c.id == passages.c.article)
        .where(passages.c.active)
        .order_by(passages.c.id)
    )
    digest = hashlib.sha256()
    for row in rows:
        digest.update(f"{row.id} {row.text_hash} {row.content_hash}\n".encode())
    return "sha256:" + digest.hexdigest()


def _chunks(ids: Sequence[str]) -> Iterator[list[str]]:
    rest = iter(dict.fromkeys(ids))
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def _meta(values: Mapping[str, object]) -> ArticleMeta:
    return ArticleMeta.model_validate(dict(values))


def _article(row: Row[tuple[object, ...]]) -> Article:
    values = row._mapping
    return Article(
        id=values["id"],
        meta=_meta({name: values[name] for name in _META}),
        text=values["text"],
        content_hash=values["content_hash"],
    )


def _passage(row: Row[tuple[object, ...]], metas: dict[str, ArticleMeta]) -> Passage:
    values = row._mapping
    article = str(values["article"])
    if article not in metas:
        metas[article] = _meta({name: values[f"meta_{name}"] for name in _META})
    kept = ("id", "article", "text", "start", "end", "text_hash", "suspicious")
    return Passage(meta=metas[article], **{name: values[name] for name in kept})


def _put(connection: Connection, table: Table, key: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows, or update those whose key is there, without an upsert that only some databases have."""
    known: set[object] = set()
    for chunk in _chunks([str(row[key]) for row in rows]):
        known.update(connection.execute(select(table.c[key]).where(table.c[key].in_(chunk))).scalars())
    old = [{**row, "wanted": row[key]} for row in rows if row[key] in known]
    new = [dict(row) for row in rows if row[key] not in known]
    if old:
        changed: dict[str, object] = {name: bindparam(name) for name in rows[0] if name != key}
        connection.execute(update(table).where(table.c[key] == bindparam("wanted")).values(changed), old)
    if new:
        connection.execute(insert(table), new)


def _put_article(connection: Connection, article: Article, added_at: str) -> None:
    row = {
        **article.meta.model_dump(mode="json"),
        "id": article.id,
        "content_hash": article.content_hash,
        "text": article.text,
        "active": True,
        "added_at": added_at,
    }
    _put(connection, articles, "id", [row])


def _put_passages(connection: Connection, article: Article, parts: Sequence[Passage]) -> None:
    kept = {part.id for part in parts}
    before = connection.execute(select(passages.c.id).where(passages.c.article == article.id, passages.c.active))
    gone = [passage for passage in before.scalars() if passage not in kept]
    _deactivate(connection, gone)
    _put(
        connection,
        passages,
        "id",
        [{**part.model_dump(mode="json", exclude={"meta"}), "active": True} for part in parts],
    )
    sqlite.index_words(connection, [(part.id, part.text, article.meta.title) for part in parts])


def _retire(connection: Connection, article: str) -> None:
    connection.execute(update(articles).where(articles.c.id == article).values(active=False))
    gone = connection.execute(select(passages.c.id).where(passages.c.article == article, passages.c.active))
    _deactivate(connection, list(gone.scalars()))


def _deactivate(connection: Connection, ids: Sequence[str]) -> None:
    for chunk in _chunks(ids):
        connection.execute(update(passages).where(passages.c.id.in_(chunk)).values(active=False))
    sqlite.unindex_words(connection, ids)


def _put_vectors(connection: Connection, embedding: str, values: Mapping[str, bytes]) -> None:
    for chunk in _chunks(list(values)):
        connection.execute(delete(vectors).where(vectors.c.embedding == embedding, vectors.c.passage.in_(chunk)))
        connection.execute(
            insert(vectors),
            [{"passage": passage, "embedding": embedding, "vector": values[passage]} for passage in chunk],
        )


def _put_fact(connection: Connection, name: str, value: str) -> None:
    _put(connection, corpus_facts, "name", [{"name": name, "value": value}])
