"""The Chroma index: derived from the store, rebuilt without embedding, never changed once it is complete.

Each build has a folder of its own. It counts when its marker file is there, which is written last and says what it was
built from. So a reader never sees another process's half-written batch, a killed build is simply built again, and the
disk space that Chroma does not give back goes with the folder.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol, cast

import numpy as np

from agent.errors import Prerequisite, StorageFailed
from agent.evidence.embedding import Vectors

REINDEX = "Run `assess-role corpus reindex`."
UNKNOWN_DATE = 0
SELF_QUERY_SHARE = 0.99
"""Share of sampled passages that their own vector must find."""
SELF_QUERY_SAMPLE = 500
KEPT_OLD = 1
"""A process that is still searching may have the index of the state before open."""

_MARKER = "complete.json"
_HNSW = {"hnsw": {"space": "cosine", "max_neighbors": 32, "ef_construction": 200, "ef_search": 200}}

Where = Mapping[str, object]


@dataclass(frozen=True)
class IndexKey:
    """What an index was built from."""

    embedding: str
    digest: str

    @property
    def name(self) -> str:
        """The collection's name, and the beginning of the folder's."""
        return "passages-" + hashlib.sha256(f"{self.embedding}\0{self.digest}".encode()).hexdigest()[:16]


@dataclass(frozen=True)
class IndexRow:
    """One passage as it goes into the index."""

    passage: str
    article: str
    date: int
    """First possible day as yyyymmdd, or UNKNOWN_DATE."""
    tier: int
    vector: bytes
    """Little-endian 32-bit floats."""


class _Collection(Protocol):
    def count(self) -> int: ...

    def upsert(self, *, ids: Sequence[str], embeddings: Vectors, metadatas: Sequence[Mapping[str, object]]) -> None: ...

    def query(
        self, *, query_embeddings: Vectors, n_results: int, where: Where | None, include: Sequence[str]
    ) -> Mapping[str, list[list[str]]]: ...


class _Client(Protocol):
    def get_max_batch_size(self) -> int: ...

    def create_collection(
        self, name: str, *, embedding_function: None, configuration: Mapping[str, object]
    ) -> _Collection: ...

    def get_collection(self, name: str, *, embedding_function: None) -> _Collection: ...

    def close(self) -> None: ...


def day_number(date: str) -> int:
    """A partial date's first day as yyyymmdd; UNKNOWN_DATE for `unknown`."""
    return UNKNOWN_DATE if date == "unknown" else int((date + "-01-01")[:10].replace("-", ""))


class Index:
    """An open, complete index. Safe to share between threads."""

    def __init__(self, home: Path, client: _Client, collection: _Collection, size: int) -> None:
        self._home = home
        self._client = client
        self._collection = collection
        self.size = size
        """How many passages it holds."""

    def nearest(self, vectors: Vectors, *, limit: int, where: Where | None = None) -> list[list[str]]:
        """For each row of `vectors` the passage ids nearest to it, nearest first, ties by id."""
        limit = min(limit, self.size)
        if len(vectors) == 0 or limit == 0:
            return [[] for _ in range(len(vectors))]
        with _damage_in_words(self._home):
            found = self._collection.query(
                query_embeddings=vectors, n_results=limit, where=where, include=["distances"]
            )
        rankings = []
        for ids, distances in zip(found["ids"], found["distances"], strict=True):
            pairs = sorted((float(distance), passage) for passage, distance in zip(ids, distances, strict=True))
            rankings.append([passage for _, passage in pairs])
        return rankings

    def close(self) -> None:
        """Release its files."""
        self._client.close()


def open_index(folder: Path, key: IndexKey) -> Index | None:
    """The index under `folder` that was built from `key`; `None` when there is none.

    Raises Prerequisite when its content is not what its marker says.
    """
    for home in sorted(folder.glob(f"{key.name}-*")):
        marker = _marker(home)
        if marker is None:
            continue
        size = marker.get("passages")
        with _damage_in_words(home):
            client = _client(home)
            collection = client.get_collection(key.name, embedding_function=None)
            count = collection.count()
        if count != size:
            client.close()
            raise _damaged(home, f"it holds {count} passages, expected {size}")
        return Index(home, client, collection, count)
    return None


def build_index(folder: Path, key: IndexKey, rows: Sequence[IndexRow]) -> Index:
    """Build the index for `key` from stored vectors, then drop older ones. The caller holds the corpus lock.

    Raises StorageFailed when the folder cannot be written or the new index does not find its own passages.
    """
    home = folder / f"{key.name}-{uuid.uuid4().hex[:8]}"
    try:
        home.mkdir(parents=True)
        with _failures_in_words(home):
            client = _client(home)
            collection = _filled(client, key.name, rows)
        index = Index(home, client, collection, len(rows))
        share = self_query_share(index, rows)
        if share < SELF_QUERY_SHARE:
            raise StorageFailed(
                f"The new index in {home} finds {share:.1%} of its own passages, expected {SELF_QUERY_SHARE:.0%}.",
                hint=REINDEX,
            )
        _write_marker(home, {**asdict(key), "passages": len(rows)})
        _drop_old(folder, home)
    except OSError as error:
        raise _not_written(home, error.strerror or str(error)) from error
    return index


def drop_indexes(folder: Path) -> None:
    """Delete every index under `folder`, finished or not. The caller holds the corpus lock."""
    for home in folder.glob("passages-*"):
        shutil.rmtree(home, ignore_errors=True)


def self_query_share(index: Index, rows: Sequence[IndexRow]) -> float:
    """Share of an even sample of `rows` whose own vector finds them among the nearest; 1 when there are none."""
    sample = rows[:: max(1, len(rows) // SELF_QUERY_SAMPLE)]
    if not sample:
        return 1.0
    found = index.nearest(_vectors(sample), limit=10)
    return sum(row.passage in ids for row, ids in zip(sample, found, strict=True)) / len(sample)


def _filled(client: _Client, name: str, rows: Sequence[IndexRow]) -> _Collection:
    collection = client.create_collection(name, embedding_function=None, configuration=_HNSW)
    size = min(client.get_max_batch_size(), 1000)
    for start in range(0, len(rows), size):
        batch = rows[start : start + size]
        collection.upsert(
            ids=[row.passage for row in batch],
            embeddings=_vectors(batch),
            metadatas=[{"article": row.article, "date": row.date, "tier": row.tier} for row in batch],
        )
    return collection


def _vectors(rows: Sequence[IndexRow]) -> Vectors:
    return np.stack([np.frombuffer(row.vector, "<f4") for row in rows]).astype(np.float32)


def _client(home: Path) -> _Client:
    import chromadb
    from chromadb.config import Settings

    return cast(_Client, chromadb.PersistentClient(str(home), settings=Settings(anonymized_telemetry=False)))


def _marker(home: Path) -> Mapping[str, object] | None:
    try:
        marker = json.loads((home / _MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return marker if isinstance(marker, dict) else None


def _write_marker(home: Path, marker: Mapping[str, object]) -> None:
    draft = home / (_MARKER + ".new")
    draft.write_text(json.dumps(marker), encoding="utf-8")
    draft.replace(home / _MARKER)


def _drop_old(folder: Path, current: Path) -> None:
    others = [home for home in folder.glob("passages-*") if home != current]
    finished = sorted(
        (home for home in others if _marker(home) is not None and home.name[:-9] != current.name[:-9]),
        key=lambda home: (home / _MARKER).stat().st_mtime_ns,
        reverse=True,
    )
    for home in others:
        if home not in finished[:KEPT_OLD]:
            shutil.rmtree(home, ignore_errors=True)


def _damaged(home: Path, found: str) -> Prerequisite:
    return Prerequisite(f"The search index in {home} is damaged: {found}.", hint=REINDEX)


@contextmanager
def _damage_in_words(home: Path) -> Iterator[None]:
    from chromadb.errors import ChromaError

    try:
        yield
    except (ChromaError, ValueError) as error:
        raise _damaged(home, str(error) or type(error).__name__) from error


def _not_written(home: Path, found: str) -> StorageFailed:
    return StorageFailed(
        f"The search index in {home} cannot be written: {found}.",
        hint="Check the folder's permissions and the disk's free space.",
    )


@contextmanager
def _failures_in_words(home: Path) -> Iterator[None]:
    from chromadb.errors import ChromaError

    try:
        yield
    except ChromaError as error:
        raise _not_written(home, str(error) or type(error).__name__) from error
