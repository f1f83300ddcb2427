"""The Chroma index: derived from the store, made of segments that never change once they are complete.

A change of the corpus writes one new segment with the passages that have none yet, together with smaller segments, so
that their number stays small; which segments count is decided by one transaction of the store. So a reader never sees a
half-written segment, a killed build is cleared away by the next change, and an added article costs no rebuild.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from agent.errors import Prerequisite, StorageFailed
from agent.evidence.embedding import Vectors
from agent.evidence.places import REINDEX, Collection, Place, Where, in_words
from agent.schemas.article import ArticleMeta
from agent.store.segments import IndexRow, SegmentRow, SegmentStore

UNKNOWN_DATE = 0
SELF_QUERY_SHARE = 0.99
"""Share of sampled passages that their own vector must find."""
SELF_QUERY_SAMPLE = 500
GROWTH = 4
"""A new segment takes in every one that is at most this many times its size: there are never more than a few."""
BUILDS = 3
"""How often a segment is written at most: Chroma's graph is laid out in another order each time, and many passages of
the same words, as the footer of every newsletter, sometimes end up where no search reaches them."""
WASTE = 0.5
"""Share of a segment's passages that may have left before it is written anew."""
_SELF_QUERY_NEAREST = 10
_SAME_DISTANCE = 1e-5

Progress = Callable[[str, int, int], None]


class Hit(NamedTuple):
    """A passage near a query."""

    passage: str
    segment: str
    distance: float
    """Cosine distance, 0 to 2."""


class Index:
    """Open segments. Safe to share between threads."""

    def __init__(self, place: Place, segments: Sequence[SegmentRow], collections: Sequence[Collection]) -> None:
        self.names = tuple(row.name for row in segments)
        self.size = sum(row.passages for row in segments)
        """How many vectors it holds, those of passages that have left included."""
        self._place = place
        self._parts = tuple(zip(segments, collections, strict=True))

    def nearest(self, vectors: Vectors, *, limit: int, where: Where | None = None) -> list[list[Hit]]:
        """For each row of `vectors` the nearest, at most `limit` of each segment, nearest first, ties by id."""
        hits: list[list[Hit]] = [[] for _ in range(len(vectors))]
        if len(vectors) == 0 or limit < 1:
            return hits
        for row, collection in self._parts:
            with in_words(self._place):
                found = collection.query(
                    query_embeddings=vectors, n_results=min(limit, row.passages), where=where, include=["distances"]
                )
            for own, ids, distances in zip(hits, found["ids"], found["distances"], strict=True):
                own.extend(Hit(passage, row.name, float(far)) for passage, far in zip(ids, distances, strict=True))
        return [sorted(own, key=lambda hit: (hit.distance, hit.passage)) for own in hits]


def day_number(date: str) -> int:
    """A partial date's first day as yyyymmdd; UNKNOWN_DATE for `unknown`."""
    return UNKNOWN_DATE if date == "unknown" else int((date + "-01-01")[:10].replace("-", ""))


def open_index(place: Place, segments: Sequence[SegmentRow]) -> Index | None:
    """The index of these segments; `None` when one of them is not there or lies elsewhere.

    Raises Prerequisite when one is not what the store says.
    """
    collections = []
    for row in segments:
        collection = place.open(row.name) if row.place == place.name else None
        if collection is None:
            return None
        with in_words(place):
            count = collection.count()
        if count != row.passages:
            raise Prerequisite(
                f"The search index is damaged: the segment {row.name} holds {count} passages, expected {row.passages}.",
                hint=REINDEX,
            )
        collections.append(collection)
    return Index(place, segments, collections)


class Plan(NamedTuple):
    """What one change does to the index."""

    build: tuple[str, ...]
    """Passages of the new segment."""
    retire: tuple[str, ...]
    """Segments it replaces."""


def plan(store: SegmentStore, embedding: str, *, place: Place, new: Sequence[str] = (), anew: bool = False) -> Plan:
    """How to bring the index in step: `new` are passages about to become active. `anew` writes all of it again."""
    ready = store.ready(embedding)
    # Smallest first: whatever is not much larger than what is written anyway is taken along.
    unplaced = store.unplaced(embedding)
    waiting = list(dict.fromkeys([*unplaced, *new]))
    size = len(waiting)
    retire: list[str] = []
    left = sum(row.passages for row in ready) + len(unplaced) - store.active()
    for row in sorted(ready, key=lambda row: (row.passages, row.name)):
        wanted = anew or row.place != place.name or (size > 0 and row.passages <= size * GROWTH)
        # Counting a segment's passages reads all of them: only where enough may have left.
        wasted = not wanted and left > row.passages * WASTE and store.live(row.name) < row.passages * (1 - WASTE)
        if wanted or wasted:
            retire.append(row.name)
            size += store.live(row.name)
    return Plan(tuple(dict.fromkeys([*store.held(retire), *waiting])), tuple(retire))


def build_segment(
    store: SegmentStore,
    place: Place,
    embedding: str,
    ids: Sequence[str],
    *,
    built_at: str,
    changed: Mapping[str, ArticleMeta],
    progress: Progress,
) -> tuple[SegmentRow, list[str]]:
    """Write one segment from stored vectors and check that it finds its own passages. Nothing uses it yet.

    One that does not is written again, at most BUILDS times. `changed` are the metadata of articles that are about to
    change. Returns the segment with the passages it holds. The caller holds the corpus lock. Raises StorageFailed.
    """
    for _ in range(BUILDS):
        row, held, share = _written(store, place, embedding, ids, built_at=built_at, changed=changed, progress=progress)
        if share >= SELF_QUERY_SHARE:
            return row, held
    raise StorageFailed(
        f"The new index segment {row.name} finds {share:.1%} of its own passages, expected {SELF_QUERY_SHARE:.0%}.",
        hint=REINDEX,
    )


def _written(
    store: SegmentStore,
    place: Place,
    embedding: str,
    ids: Sequence[str],
    *,
    built_at: str,
    changed: Mapping[str, ArticleMeta],
    progress: Progress,
) -> tuple[SegmentRow, list[str], float]:
    """A new segment, the passages it holds and the share of sampled ones that it finds."""
    name = f"passages-{hashlib.sha256(embedding.encode()).hexdigest()[:8]}-{uuid.uuid4().hex[:16]}"
    store.begin(SegmentRow(name, embedding, place.name, len(ids), built_at))
    collection = place.create(name)
    held: list[str] = []
    sample: list[IndexRow] = []
    step = max(1, len(ids) // SELF_QUERY_SAMPLE)
    for batch in _batches(store.rows(embedding, ids), place.batch_size()):
        with in_words(place, writing=True):
            collection.upsert(
                ids=[row.passage for row in batch],
                embeddings=_vectors(batch),
                metadatas=[_filters(row, changed.get(row.article)) for row in batch],
            )
        sample.extend(row for number, row in enumerate(batch, start=len(held)) if number % step == 0)
        held.extend(row.passage for row in batch)
        progress("index", len(held), len(ids))
    row = SegmentRow(name, embedding, place.name, len(held), built_at)
    return row, held, self_query_share(Index(place, [row], [collection]), sample)


def clear_leftovers(store: SegmentStore, place: Place, *, keep: Sequence[str] = ()) -> None:
    """Delete what no search uses, but for `keep`: segments that a process may still be searching."""
    leftovers = [row for row in store.leftovers() if row.name not in keep]
    gone = []
    for row in leftovers:
        if row.place == place.name:
            place.drop(row.name)
            gone.append(row.name)
    store.forget(gone)
    known = {row.name for row in store.leftovers()} | set(store.ready_names())
    for name in place.strays(known):
        place.drop(name)


def self_query_share(index: Index, sample: Sequence[IndexRow]) -> float:
    """Share of `sample` whose own vector finds them among the nearest; 1 when there are none.

    Where so many passages have one and the same vector that not all of them can be among the nearest, as the same
    footer of every newsletter has, any of them will do.
    """
    if not sample:
        return 1.0
    found = 0
    for row, hits in zip(sample, index.nearest(_vectors(sample), limit=_SELF_QUERY_NEAREST), strict=True):
        same = sum(hit.distance <= _SAME_DISTANCE for hit in hits)
        found += same >= _SELF_QUERY_NEAREST or any(hit.passage == row.passage for hit in hits)
    return found / len(sample)


def _batches(parts: Iterator[list[IndexRow]], size: int) -> Iterator[list[IndexRow]]:
    rest: list[IndexRow] = []
    for part in parts:
        rest.extend(part)
        while len(rest) >= size:
            yield rest[:size]
            rest = rest[size:]
    if rest:
        yield rest


def _filters(row: IndexRow, meta: ArticleMeta | None) -> Mapping[str, object]:
    date, tier = (row.date, row.tier) if meta is None else (meta.date, meta.tier)
    return {"article": row.article, "date": day_number(date), "tier": tier}


def _vectors(rows: Sequence[IndexRow]) -> Vectors:
    return np.stack([np.frombuffer(row.vector, "<f4") for row in rows]).astype(np.float32)
