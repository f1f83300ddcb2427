"""What an ingest writes: staged in small steps that no search sees, then made visible in one transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Table, bindparam, func, insert, select, update

from agent.schemas.article import Article, Passage
from agent.store import sqlite
from agent.store.chunks import chunks
from agent.store.read_files import FileRow, put_files, rehash_files
from agent.store.segments import SegmentRow, put_segments, retire_segments
from agent.store.tables import article_versions, articles, corpus_facts, passages, vectors

_EMBEDDING = "embedding"
_DIGEST = "digest"
_LISTS = ("tags", "assumed")


@dataclass(frozen=True)
class CorpusChange:
    """Everything one ingest makes visible, in one transaction."""

    added_at: str
    """ISO 8601 UTC with seconds: when the articles came in."""
    articles: Sequence[tuple[Article, Sequence[Passage]]] = ()
    """New or changed articles with all their passages; passages they no longer have become inactive."""
    removed: Sequence[str] = ()
    """Ids of articles that leave the corpus."""
    embedding: str | None = None
    """Identity of the model that the corpus is searched with from now on; `None` leaves it as it is."""
    vectors: Mapping[str, bytes] = field(default_factory=dict)
    """Passage id to its vector: little-endian 32-bit floats, unit length."""
    vectors_of: str | None = None
    """Identity of the model behind `vectors` where it is not `embedding`."""
    facts: Mapping[str, str] = field(default_factory=dict)
    signatures: Mapping[str, bytes] = field(default_factory=dict)
    """Article id to what tells near-duplicates apart."""
    works: Mapping[str, str] = field(default_factory=dict)
    """Article id to the article that it is a copy of, or to itself."""
    segments: Sequence[tuple[SegmentRow, Sequence[str]]] = ()
    """New segments of the index, each with the passages that are found through it from now on."""
    retired: Sequence[str] = ()
    """Names of segments that are no longer searched."""
    edits: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """Article id to everything that people corrected in its metadata."""
    files: Sequence[FileRow] = ()
    """What was read, so that it need not be read again."""


def stage(connection: Connection, added_at: str, parts: Sequence[tuple[Article, Sequence[Passage]]]) -> None:
    """Insert the versions and passages that are not there, inactive; what is there stays as it is."""
    _put_versions(connection, [article for article, _ in parts], added_at)
    heads = [{**_head(article, added_at), "active": False} for article, _ in parts]
    _insert_missing(connection, articles, "id", heads)
    rows = [{**_row(article, part), "active": False} for article, own in parts for part in own]
    _insert_missing(connection, passages, "id", rows)


def apply(connection: Connection, change: CorpusChange) -> str:
    """Write one change and return the corpus's new digest."""
    stage(connection, change.added_at, change.articles)
    for article, parts in change.articles:
        _put_article(connection, article, change.added_at)
        _put_passages(connection, article, parts)
    for article_id in change.removed:
        _retire(connection, article_id)
    model = change.vectors_of or change.embedding
    if model is not None:
        _put_vectors(connection, model, change.vectors)
    if change.embedding is not None:
        _put_fact(connection, _EMBEDDING, change.embedding)
    for name, value in change.facts.items():
        _put_fact(connection, name, value)
    _set_each(connection, "signature", change.signatures)
    _set_each(connection, "work", change.works)
    _set_each(connection, "edited", {article: json.dumps(edits) for article, edits in change.edits.items()})
    rehash_files(
        connection, {article.id: article.content_hash for article, _ in change.articles if article.id in change.edits}
    )
    put_segments(connection, change.segments)
    retire_segments(connection, change.retired)
    put_files(connection, change.files)
    if not (change.articles or change.removed or change.works or change.embedding or change.facts):
        return ""
    digest = digest_of(connection)
    _put_fact(connection, _DIGEST, digest)
    return digest


def digest_of(connection: Connection) -> str:
    """`sha256:` and 64 hex digits over everything that decides what a search can find.

    That is each active article's id, content hash, copy group and number of active passages: a new date or tier changes
    what the filters let through.
    """
    count = (
        select(passages.c.article, func.count().label("parts"))
        .where(passages.c.active)
        .group_by(passages.c.article)
        .subquery()
    )
    rows = connection.execute(
        select(articles.c.id, articles.c.content_hash, articles.c.work, func.coalesce(count.c.parts, 0))
        .outerjoin(count, count.c.article == articles.c.id)
        .where(articles.c.active)
        .order_by(articles.c.id)
    )
    digest = hashlib.sha256()
    for article, content, work, parts in rows:
        digest.update(f"{article} {content} {work or article} {parts}\n".encode())
    return "sha256:" + digest.hexdigest()


def _head(article: Article, added_at: str) -> dict[str, object]:
    meta = article.meta.model_dump(mode="json")
    return {
        **{name: json.dumps(value) if name in _LISTS else value for name, value in meta.items()},
        "id": article.id,
        "content_hash": article.content_hash,
        "active": True,
        "added_at": added_at,
    }


def _row(article: Article, part: Passage) -> dict[str, object]:
    kept = part.model_dump(mode="json", exclude={"meta", "work"})
    return {**kept, "version": article.content_hash, "active": True}


def _put_versions(connection: Connection, added: Sequence[Article], added_at: str) -> None:
    wanted = {(article.id, article.content_hash): article for article in added}
    for chunk in chunks([article.id for article in added]):
        known = connection.execute(
            select(article_versions.c.article, article_versions.c.content_hash).where(
                article_versions.c.article.in_(chunk)
            )
        )
        for row in known:
            wanted.pop((row.article, row.content_hash), None)
    if wanted:
        connection.execute(
            insert(article_versions),
            [
                {
                    "article": article.id,
                    "content_hash": article.content_hash,
                    "meta": article.meta.model_dump_json(),
                    "text": article.text,
                    "pages": json.dumps(article.pages),
                    "added_at": added_at,
                }
                for article in wanted.values()
            ],
        )


def _known(connection: Connection, table: Table, key: str, ids: Sequence[str]) -> set[object]:
    known: set[object] = set()
    for chunk in chunks(ids):
        known.update(connection.execute(select(table.c[key]).where(table.c[key].in_(chunk))).scalars())
    return known


def _insert_missing(connection: Connection, table: Table, key: str, rows: Sequence[Mapping[str, object]]) -> None:
    known = _known(connection, table, key, [str(row[key]) for row in rows])
    new = {row[key]: dict(row) for row in rows if row[key] not in known}
    if new:
        connection.execute(insert(table), list(new.values()))


def _update(connection: Connection, table: Table, key: str, rows: Sequence[Mapping[str, object]]) -> None:
    if rows:
        changed: dict[str, object] = {name: bindparam(name) for name in rows[0] if name != key}
        old = [{**row, "wanted": row[key]} for row in rows]
        connection.execute(update(table).where(table.c[key] == bindparam("wanted")).values(changed), old)


def _put_article(connection: Connection, article: Article, added_at: str) -> None:
    before = connection.execute(select(articles.c.date, articles.c.tier).where(articles.c.id == article.id)).one()
    _update(connection, articles, "id", [_head(article, added_at)])
    if (before.date, before.tier) != (article.meta.date, article.meta.tier):
        # The index filters by date and tier: what it holds of this article is no longer to be trusted.
        own = select(passages.c.id).where(passages.c.article == article.id)
        connection.execute(update(vectors).where(vectors.c.passage.in_(own)).values(segment=None))


def _put_passages(connection: Connection, article: Article, parts: Sequence[Passage]) -> None:
    kept = {part.id for part in parts}
    before = connection.execute(select(passages.c.id).where(passages.c.article == article.id, passages.c.active))
    _deactivate(connection, [passage for passage in before.scalars() if passage not in kept])
    _update(connection, passages, "id", [_row(article, part) for part in parts])
    sqlite.index_words(connection, [(part.id, part.text, article.meta.title) for part in parts])


def _retire(connection: Connection, article: str) -> None:
    connection.execute(update(articles).where(articles.c.id == article).values(active=False))
    gone = connection.execute(select(passages.c.id).where(passages.c.article == article, passages.c.active))
    _deactivate(connection, list(gone.scalars()))


def _deactivate(connection: Connection, ids: Sequence[str]) -> None:
    for chunk in chunks(ids):
        connection.execute(update(passages).where(passages.c.id.in_(chunk)).values(active=False))
    sqlite.unindex_words(connection, ids)


def _put_vectors(connection: Connection, embedding: str, values: Mapping[str, bytes]) -> None:
    for chunk in chunks(values):
        have = set(
            connection.execute(
                select(vectors.c.passage).where(vectors.c.embedding == embedding, vectors.c.passage.in_(chunk))
            ).scalars()
        )
        rows = [
            {"passage": passage, "embedding": embedding, "vector": values[passage]}
            for passage in chunk
            if passage not in have
        ]
        if rows:
            connection.execute(insert(vectors), rows)


def _set_each(connection: Connection, column: str, values: Mapping[str, object]) -> None:
    _update(connection, articles, "id", [{"id": article, column: value} for article, value in values.items()])


def _put_fact(connection: Connection, name: str, value: str) -> None:
    row = {"name": name, "value": value}
    if _known(connection, corpus_facts, "name", [name]):
        _update(connection, corpus_facts, "name", [row])
    else:
        connection.execute(insert(corpus_facts), [row])
