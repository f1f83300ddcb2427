"""The index's segments as rows: which of them a search uses, and which passages are found through each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, update

from agent.store.chunks import chunks
from agent.store.database import Database
from agent.store.tables import articles, passages, segments, vectors

BUILDING, READY, RETIRED = "building", "ready", "retired"
BATCH = 1000


class SegmentRow(NamedTuple):
    """One immutable part of the index."""

    name: str
    embedding: str
    place: str
    """Where it lies: a folder's name, or a server's address."""
    passages: int
    """How many it was built with; some may since have left the corpus or moved to another segment."""
    built_at: str


class IndexRow(NamedTuple):
    """One passage as it goes into the index."""

    passage: str
    article: str
    date: str
    tier: int
    vector: bytes
    """Little-endian 32-bit floats, unit length."""


class SegmentStore:
    """What a writer of the index needs to know; the caller holds the corpus lock."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def ready(self, embedding: str) -> list[SegmentRow]:
        """The segments in force, largest first."""
        with self._db.read() as connection:
            return ready_segments(connection, embedding)

    def ready_names(self) -> list[str]:
        """Names of the segments in force, of any embedding model."""
        with self._db.read() as connection:
            return list(connection.execute(select(segments.c.name).where(segments.c.state == READY)).scalars())

    def begin(self, row: SegmentRow) -> None:
        """Note a segment before it is written, so that a killed build can be cleared away."""
        with self._db.write() as connection:
            connection.execute(insert(segments).values(**row._asdict(), state=BUILDING))

    def leftovers(self) -> list[SegmentRow]:
        """Segments that no search uses: cut off while they were built, or retired."""
        with self._db.read() as connection:
            query = select(*(segments.c[name] for name in SegmentRow._fields)).where(segments.c.state != READY)
            return [SegmentRow(*row) for row in connection.execute(query.order_by(segments.c.name))]

    def forget(self, names: Sequence[str]) -> None:
        """Drop the rows of segments whose files are gone."""
        with self._db.write() as connection:
            connection.execute(delete(segments).where(segments.c.name.in_(list(names)), segments.c.state != READY))

    def live(self, name: str) -> int:
        """How many active passages are found through a segment."""
        query = (
            select(func.count())
            .select_from(vectors)
            .join(passages, passages.c.id == vectors.c.passage)
            .where(vectors.c.segment == name, passages.c.active)
        )
        with self._db.read() as connection:
            return int(connection.execute(query).scalar_one())

    def active(self) -> int:
        """How many passages can be searched."""
        with self._db.read() as connection:
            query = select(func.count()).select_from(passages).where(passages.c.active)
            return int(connection.execute(query).scalar_one())

    def unplaced(self, embedding: str) -> list[str]:
        """Active passages that have a vector of this model and are in no segment of it, by id."""
        query = (
            select(passages.c.id)
            .join(vectors, (vectors.c.passage == passages.c.id) & (vectors.c.embedding == embedding))
            .where(passages.c.active, vectors.c.segment.is_(None))
            .order_by(passages.c.id)
        )
        with self._db.read() as connection:
            return list(connection.execute(query).scalars())

    def held(self, names: Sequence[str]) -> list[str]:
        """Active passages that are found through these segments, by id."""
        query = (
            select(passages.c.id)
            .join(vectors, vectors.c.passage == passages.c.id)
            .where(passages.c.active, vectors.c.segment.in_(list(names)))
            .order_by(passages.c.id)
        )
        with self._db.read() as connection:
            return list(connection.execute(query).scalars())

    def rows(self, embedding: str, ids: Sequence[str]) -> Iterator[list[IndexRow]]:
        """These passages with their vectors, in batches; those without a vector of this model are left out."""
        for chunk in chunks(ids):
            query = (
                select(vectors.c.passage, passages.c.article, articles.c.date, articles.c.tier, vectors.c.vector)
                .join(passages, passages.c.id == vectors.c.passage)
                .join(articles, articles.c.id == passages.c.article)
                .where(vectors.c.embedding == embedding, vectors.c.passage.in_(chunk))
                .order_by(vectors.c.passage)
            )
            with self._db.read() as connection:
                batch = [IndexRow(*row) for row in connection.execute(query)]
            yield batch


def ready_segments(connection: Connection, embedding: str) -> list[SegmentRow]:
    """The segments that a search uses, largest first, ties by name."""
    query = (
        select(*(segments.c[name] for name in SegmentRow._fields))
        .where(segments.c.embedding == embedding, segments.c.state == READY)
        .order_by(segments.c.passages.desc(), segments.c.name)
    )
    return [SegmentRow(*row) for row in connection.execute(query)]


def put_segments(connection: Connection, added: Sequence[tuple[SegmentRow, Sequence[str]]]) -> None:
    """Put finished segments into force."""
    for row, ids in added:
        connection.execute(delete(segments).where(segments.c.name == row.name))
        connection.execute(insert(segments).values(**row._asdict(), state=READY))
        for chunk in chunks(ids):
            connection.execute(
                update(vectors)
                .where(vectors.c.embedding == row.embedding, vectors.c.passage.in_(chunk))
                .values(segment=row.name)
            )


def retire_segments(connection: Connection, names: Sequence[str]) -> None:
    """Take segments out of force; passages that are found through no other one become unplaced."""
    if names:
        connection.execute(update(segments).where(segments.c.name.in_(list(names))).values(state=RETIRED))
        connection.execute(update(vectors).where(vectors.c.segment.in_(list(names))).values(segment=None))
