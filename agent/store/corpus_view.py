"""One consistent state of the corpus, and what a row of it means."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, Row, select

from agent.schemas.article import Article, ArticleMeta, Passage
from agent.schemas.pages import Pages, several
from agent.store import sqlite
from agent.store.admission import Admission, Reach, reach
from agent.store.chunks import chunks
from agent.store.segments import SegmentRow, ready_segments
from agent.store.tables import article_versions, articles, corpus_facts, passages, vectors

_LISTS = ("tags", "assumed")
_META = tuple(ArticleMeta.model_fields)


class Candidate(NamedTuple):
    """What decides whether a passage may be found, and beside which others."""

    article: str
    work: str
    """The article that this one is a copy of, or the article itself."""
    date: str
    tier: int
    segment: str | None
    """The index segment that holds the passage's vector now."""


class Standing(NamedTuple):
    """Whether a stored passage can still be found, and what its article has said of its own date."""

    active: bool
    """It stands in the present version of its article, and the article in the corpus."""
    article_active: bool
    """Its article is in the corpus."""
    since: str
    """When the present version of its article came in: ISO 8601 UTC."""
    dates: frozenset[str]
    """The dates of publication that the versions of its article have had."""


class CorpusView:
    """The corpus in one consistent state: everything that is read through one view belongs together."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def facts(self) -> dict[str, str]:
        """What is recorded of the corpus as a whole: `embedding`, `digest` and what the ingest keeps there."""
        return {row.name: row.value for row in self._connection.execute(select(corpus_facts))}

    def segments(self, embedding: str) -> list[SegmentRow]:
        """The index segments in force for an embedding model."""
        return ready_segments(self._connection, embedding)

    def is_placed(self, embedding: str) -> bool:
        """Every active passage that has a vector of this model has it in a segment, and the first has one."""
        unplaced = (
            select(passages.c.id)
            .join(vectors, (vectors.c.passage == passages.c.id) & (vectors.c.embedding == embedding))
            .where(passages.c.active, vectors.c.segment.is_(None))
            .limit(1)
        )
        first = select(passages.c.id).where(passages.c.active).limit(1)
        placed = select(vectors.c.passage).where(
            vectors.c.embedding == embedding, vectors.c.passage == first.scalar_subquery()
        )
        if self._connection.execute(unplaced).first() is not None:
            return False
        return self._connection.execute(first).first() is None or self._connection.execute(placed).first() is not None

    def candidates(self, ids: Sequence[str], embedding: str) -> dict[str, Candidate]:
        """Those of these passages that are active and have a vector of this model."""
        found: dict[str, Candidate] = {}
        for chunk in chunks(ids):
            query = (
                select(
                    passages.c.id, articles.c.id, articles.c.work, articles.c.date, articles.c.tier, vectors.c.segment
                )
                .join(articles, articles.c.id == passages.c.article)
                .join(vectors, (vectors.c.passage == passages.c.id) & (vectors.c.embedding == embedding))
                .where(passages.c.id.in_(chunk), passages.c.active)
            )
            for passage, article, work, date, tier, segment in self._connection.execute(query):
                found[passage] = Candidate(article, work or article, date, tier, segment)
        return found

    def find_words(
        self,
        match: str,
        *,
        limit: int,
        not_after: str | None = None,
        not_before: str | None = None,
        tiers: Sequence[int] | None = None,
        share: float = 1.0,
    ) -> list[tuple[str, float]]:
        """(passage, bm25 score) of what matches a full-text expression, best first. See `sqlite.find_words`."""
        return sqlite.find_words(
            self._connection,
            match,
            limit=limit,
            not_after=not_after,
            not_before=not_before,
            tiers=tiers,
            share=share,
        )

    def reach(self, admission: Admission, *, few: int) -> Reach:
        """See `admission.reach`."""
        return reach(self._connection, admission, few=few)

    def score_words(self, match: str, ids: Sequence[str]) -> dict[str, float]:
        """See `sqlite.score_words`."""
        return sqlite.score_words(self._connection, match, ids)

    def vectors_of(self, ids: Sequence[str], embedding: str) -> dict[str, bytes]:
        """Vectors of this model of those of these passages that have one."""
        found: dict[str, bytes] = {}
        for chunk in chunks(ids):
            query = select(vectors.c.passage, vectors.c.vector).where(
                vectors.c.passage.in_(chunk), vectors.c.embedding == embedding
            )
            found.update({row.passage: row.vector for row in self._connection.execute(query)})
        return found

    def find_passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """Those of these ids that the store has, inactive ones included, in the order asked for. One that was cut from
        a former version of its article has what that version said of title, publisher, date and the rest."""
        found: dict[str, Passage] = {}
        metas: dict[tuple[str, str], ArticleMeta] = {}
        pages: dict[tuple[str, str], list[tuple[int, int]]] = {}
        for chunk in chunks(ids):
            query = (
                select(
                    passages,
                    articles.c.work,
                    article_versions.c.pages.label("version_pages"),
                    article_versions.c.meta.label("version_meta"),
                    *(articles.c[name].label(f"meta_{name}") for name in _META),
                )
                .join(articles, articles.c.id == passages.c.article)
                .outerjoin(
                    article_versions,
                    (article_versions.c.article == passages.c.article)
                    & (article_versions.c.content_hash == passages.c.version),
                )
                .where(passages.c.id.in_(chunk))
            )
            for row in self._connection.execute(query):
                version = (row.article, row.version)
                if version not in pages:
                    pages[version] = json.loads(row.version_pages or "[]")
                    metas[version] = _meta_of_passage(row)
                found[row.id] = _passage(row, metas[version], several(pages[version], row.start, row.end))
        return {passage: found[passage] for passage in dict.fromkeys(ids) if passage in found}

    def standings(self, ids: Sequence[str]) -> dict[str, Standing]:
        """How those of these passages that the store has stand in the corpus now."""
        found: dict[str, Standing] = {}
        dates: dict[str, set[str]] = {}
        for chunk in chunks(ids):
            query = (
                select(
                    passages.c.id,
                    passages.c.article,
                    passages.c.active,
                    articles.c.active.label("article_active"),
                    articles.c.added_at,
                    articles.c.date,
                    article_versions.c.meta,
                )
                .join(articles, articles.c.id == passages.c.article)
                .outerjoin(article_versions, article_versions.c.article == articles.c.id)
                .where(passages.c.id.in_(chunk))
            )
            for row in self._connection.execute(query):
                known = dates.setdefault(row.article, {row.date})
                known |= {ArticleMeta.model_validate_json(row.meta).date} if row.meta is not None else set()
                found[row.id] = Standing(row.active, row.article_active, row.added_at, frozenset(known))
        return found


def _meta(values: Mapping[str, object]) -> ArticleMeta:
    lists = {name: tuple(json.loads(str(values[name]))) for name in _LISTS}
    return ArticleMeta.model_validate({**values, **lists})


def meta_of(row: Row[tuple[object, ...]]) -> ArticleMeta:
    """The metadata of a row of an article."""
    return _meta({name: row._mapping[name] for name in _META})


def article_of(row: Row[tuple[object, ...]]) -> Article:
    """The article of a row that has its current version's text and pages."""
    values = row._mapping
    return Article(
        id=values["id"],
        meta=meta_of(row),
        text=values["text"],
        content_hash=values["content_hash"],
        pages=tuple((start, page) for start, page in json.loads(values["pages"])),
    )


def _meta_of_passage(row: Row[tuple[object, ...]]) -> ArticleMeta:
    """What the version said that a passage was cut from; what its article says now where that version is not kept."""
    values = row._mapping
    if values["version_meta"] is not None:
        return ArticleMeta.model_validate_json(str(values["version_meta"]))
    return _meta({name: values[f"meta_{name}"] for name in _META})


def _passage(row: Row[tuple[object, ...]], meta: ArticleMeta, pages: Pages) -> Passage:
    values = row._mapping
    article = str(values["article"])
    kept = ("id", "article", "text", "start", "end", "text_hash", "suspicious", "page", "heading")
    work = values["work"]
    return Passage(
        meta=meta,
        work="" if work == article else work,
        pages=pages,
        **{name: values[name] for name in kept},
    )
