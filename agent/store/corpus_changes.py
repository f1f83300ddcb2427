"""What an ingest writes: staged in small steps that no search sees, then made visible in one transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Row, Table, bindparam, func, insert, select, update

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
    prepared: bool = False
    """The articles were staged, and the full-text index with them is prepared to take the place of the present one."""
    files: Sequence[FileRow] = ()
    """What was read, so that it need not be read again."""


def stage(connection: Connection, added_at: str, parts: Sequence[tuple[Article, Sequence[Passage]]]) -> None:
    """Insert the versions and passages that are not there, inactive; what is there stays as it is."""
    _put_versions(connection, [article for article, _ in parts], added_at)
    known = _known(connection, articles, "id", [article.id for article, _ in parts])
    heads = {article.id: article for article, _ in parts if article.id not in known}
    if heads:
        connection.execute(
            insert(articles), [{**_head(article, added_at), "active": False} for article in heads.values()]
        )
    known = _known(connection, passages, "id", [part.id for _, own in parts for part in own])
    rows = {part.id: (article, part) for article, own in parts for part in own if part.id not in known}
    if rows:
        connection.execute(insert(passages), [{**_row(*row), "active": False} for row in rows.values()])


def apply(connection: Connection, change: CorpusChange) -> str:
    """Write one change and return the corpus's new digest."""
    if not change.prepared:
        stage(connection, change.added_at, change.articles)
    _put_articles(connection, [article for article, _ in change.articles], change.added_at)
    gone = _put_passages(connection, change.articles)
    gone += _retire(connection, change.removed)
    if change.prepared:
        sqlite.swap_words(connection)
    else:
        sqlite.unindex_words(connection, gone)
        sqlite.index_words(
            connection,
            [(part.id, part.text, article.meta.title) for article, parts in change.articles for part in parts],
        )
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
    for article, content, work, parts in rows.all():
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
    kept = part.model_dump(mode="json", exclude={"meta", "work", "pages"})
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


def _update(connection: Connection, table: Table, key: str, rows: Sequence[Mapping[str, object]]) -> None:
    if rows:
        changed: dict[str, object] = {name: bindparam(name) for name in rows[0] if name != key}
        old = [{**row, "wanted": row[key]} for row in rows]
        connection.execute(update(table).where(table.c[key] == bindparam("wanted")).values(changed), old)


def _put_articles(connection: Connection, changed: Sequence[Article], added_at: str) -> None:
    metas = {article.id: article.meta for article in changed}
    moved: list[str] = []
    for chunk in chunks(metas):
        before = connection.execute(
            select(articles.c.id, articles.c.date, articles.c.tier).where(articles.c.id.in_(chunk))
        )
        moved.extend(row.id for row in before if (row.date, row.tier) != (metas[row.id].date, metas[row.id].tier))
    _update(connection, articles, "id", [_head(article, added_at) for article in changed])
    for chunk in chunks(moved):
        # The index filters by date and tier: what it holds of these articles is no longer to be trusted.
        own = select(passages.c.id).where(passages.c.article.in_(chunk))
        connection.execute(update(vectors).where(vectors.c.passage.in_(own)).values(segment=None))


def _put_passages(connection: Connection, changed: Sequence[tuple[Article, Sequence[Passage]]]) -> list[str]:
    """Make these the articles' active passages, and return those that no longer are."""
    wanted = {part.id: (article, part) for article, parts in changed for part in parts}
    hidden: list[str] = []
    others: list[dict[str, object]] = []
    gone: list[str] = []
    for chunk in chunks([article.id for article, _ in changed]):
        query = select(*(column for column in passages.c if column is not passages.c.text))
        for row in connection.execute(query.where(passages.c.article.in_(chunk))):
            if row.id not in wanted:
                gone.extend([row.id] if row.active else [])
            elif _is_as_stored(row, *wanted[row.id]):
                hidden.extend([] if row.active else [row.id])
            else:
                others.append(_row(*wanted[row.id]))
    _set_active(connection, hidden, True)
    _set_active(connection, gone, False)
    _update(connection, passages, "id", others)
    return gone


def _is_as_stored(row: Row[tuple[object, ...]], article: Article, part: Passage) -> bool:
    """Whether a passage was staged as it now comes in: then it only has to be shown."""
    now = (article.content_hash, part.start, part.end, part.text_hash, part.suspicious, part.page, part.heading)
    return now == (row.version, row.start, row.end, row.text_hash, row.suspicious, row.page, row.heading)


def _retire(connection: Connection, removed: Sequence[str]) -> list[str]:
    """Take articles out, and return their passages that were active."""
    gone: list[str] = []
    for chunk in chunks(removed):
        connection.execute(update(articles).where(articles.c.id.in_(chunk)).values(active=False))
        own = select(passages.c.id).where(passages.c.article.in_(chunk), passages.c.active)
        gone.extend(connection.execute(own).scalars())
    _set_active(connection, gone, False)
    return gone


def _set_active(connection: Connection, ids: Sequence[str], active: bool) -> None:
    for chunk in chunks(ids):
        connection.execute(update(passages).where(passages.c.id.in_(chunk)).values(active=active))


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
