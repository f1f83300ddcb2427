"""Where the index's segments lie: each in a Chroma folder of its own, or as collections of one Chroma server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, cast
from urllib.parse import urlsplit

from agent.errors import AssessorError, Prerequisite, StorageFailed, UpstreamFailed
from agent.evidence.embedding import Vectors

REINDEX = "Run `assess-role corpus reindex`."

_HNSW = {"hnsw": {"space": "cosine", "max_neighbors": 24, "ef_construction": 100, "ef_search": 400}}
"""Found to build in little more than half the time of 32 neighbours and construction 200, and to miss less: a wider
search makes up for a thinner graph (evals/benchmarks.md)."""

Where = Mapping[str, object]


class Collection(Protocol):
    """What is used of a Chroma collection."""

    def count(self) -> int: ...

    def upsert(self, *, ids: Sequence[str], embeddings: Vectors, metadatas: Sequence[Mapping[str, object]]) -> None: ...

    def query(
        self, *, query_embeddings: Vectors, n_results: int, where: Where | None, include: Sequence[str]
    ) -> Mapping[str, list[list[str]]]: ...

    def get(self, *, limit: int, offset: int, include: Sequence[str]) -> Mapping[str, Sequence[object]]: ...


class _Client(Protocol):
    def get_max_batch_size(self) -> int: ...

    def create_collection(
        self, name: str, *, embedding_function: None, configuration: Mapping[str, object]
    ) -> Collection: ...

    def get_collection(self, name: str, *, embedding_function: None) -> Collection: ...

    def delete_collection(self, name: str) -> None: ...

    def close(self) -> None: ...


class Place(Protocol):
    """Creates, opens and drops segments by name."""

    @property
    def name(self) -> str:
        """What the store notes of a segment: where it lies."""
        ...

    def create(self, segment: str) -> Collection:
        """An empty collection. Raises StorageFailed, Prerequisite."""
        ...

    def open(self, segment: str) -> Collection | None:
        """The collection; `None` when there is none. Raises Prerequisite when it cannot be used."""
        ...

    def has(self, segment: str) -> bool:
        """Whether there is such a collection, as far as can be told without reading it."""
        ...

    def drop(self, segment: str) -> None:
        """Delete it; one that is not there is no error."""
        ...

    def release(self, segments: Set[str]) -> None:
        """Free what is held open for searching these segments. Nobody searches them now."""
        ...

    def strays(self, known: Set[str]) -> list[str]:
        """Segments that are there, are ours for certain, and are not `known` to the store."""
        ...

    def batch_size(self) -> int:
        """Most rows of one write."""
        ...

    def failure(self, error: Exception, *, writing: bool) -> AssessorError:
        """What a Chroma error means for a user."""
        ...

    def close(self) -> None:
        """Release files and connections."""
        ...


class FolderPlace:
    """Embedded Chroma. A folder is written by one process, once, and only read after that."""

    name = "folder"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._clients: dict[str, _Client] = {}

    def create(self, segment: str) -> Collection:
        """See `Place.create`."""
        home = self._folder / segment
        try:
            home.mkdir(parents=True)
        except OSError as error:
            raise self.failure(error, writing=True) from error
        with in_words(self, writing=True):
            return self._client(segment).create_collection(segment, embedding_function=None, configuration=_HNSW)

    def open(self, segment: str) -> Collection | None:
        """See `Place.open`."""
        if not (self._folder / segment).is_dir():
            return None
        with in_words(self):
            return self._client(segment).get_collection(segment, embedding_function=None)

    def has(self, segment: str) -> bool:
        """See `Place.has`."""
        return (self._folder / segment / "chroma.sqlite3").is_file()

    def drop(self, segment: str) -> None:
        """See `Place.drop`. Another process that has it open goes on reading."""
        self.release({segment})
        shutil.rmtree(self._folder / segment, ignore_errors=True)

    def release(self, segments: Set[str]) -> None:
        """See `Place.release`."""
        for segment in segments:
            client = self._clients.pop(segment, None)
            if client is not None:
                client.close()

    def strays(self, known: Set[str]) -> list[str]:
        """See `Place.strays`."""
        return sorted(home.name for home in self._folder.glob("passages-*") if home.name not in known)

    def batch_size(self) -> int:
        """See `Place.batch_size`."""
        return min([1000, *(client.get_max_batch_size() for client in list(self._clients.values())[:1])])

    def failure(self, error: Exception, *, writing: bool) -> AssessorError:
        """See `Place.failure`."""
        found = getattr(error, "strerror", None) or str(error) or type(error).__name__
        if writing:
            return StorageFailed(
                f"The search index in {self._folder} cannot be written: {found}.",
                hint="Check the folder's permissions and the disk's free space.",
            )
        return Prerequisite(f"The search index in {self._folder} is damaged: {found}.", hint=REINDEX)

    def close(self) -> None:
        """See `Place.close`."""
        self.release(set(self._clients))

    def _client(self, segment: str) -> _Client:
        import chromadb
        from chromadb.config import Settings

        if segment not in self._clients:
            settings = Settings(anonymized_telemetry=False, chroma_otel_granularity="none")
            client = chromadb.PersistentClient(str(self._folder / segment), settings=settings)
            self._clients[segment] = cast(_Client, client)
        return self._clients[segment]


class ServerPlace:
    """A Chroma server (`chroma run`), for several machines or processes at once. Segments carry unique names."""

    def __init__(self, url: str) -> None:
        self.name = url
        self._client_or_none: _Client | None = None

    def create(self, segment: str) -> Collection:
        """See `Place.create`."""
        with in_words(self, writing=True):
            return self._client().create_collection(segment, embedding_function=None, configuration=_HNSW)

    def open(self, segment: str) -> Collection | None:
        """See `Place.open`."""
        from chromadb.errors import NotFoundError

        with in_words(self):
            try:
                return self._client().get_collection(segment, embedding_function=None)
            except NotFoundError:
                return None

    def has(self, segment: str) -> bool:
        """See `Place.has`."""
        return self.open(segment) is not None

    def drop(self, segment: str) -> None:
        """See `Place.drop`."""
        from chromadb.errors import NotFoundError

        with in_words(self, writing=True):
            try:
                self._client().delete_collection(segment)
            except NotFoundError:
                return

    def release(self, segments: Set[str]) -> None:
        """See `Place.release`. All segments share one connection."""

    def strays(self, known: Set[str]) -> list[str]:
        """None: other homes may keep their segments on the same server."""
        return []

    def batch_size(self) -> int:
        """See `Place.batch_size`."""
        with in_words(self, writing=True):
            return min(1000, self._client().get_max_batch_size())

    def failure(self, error: Exception, *, writing: bool) -> AssessorError:
        """See `Place.failure`."""
        done = "written to" if writing else "searched"
        return UpstreamFailed(
            f"The Chroma server {self.name} cannot be {done}: {str(error) or type(error).__name__}.",
            hint="Check that `chroma run` is up at ASSESS_ROLE_CHROMA_URL, or unset it to use the embedded index.",
        )

    def close(self) -> None:
        """See `Place.close`."""
        if self._client_or_none is not None:
            self._client_or_none.close()
            self._client_or_none = None

    def _client(self) -> _Client:
        import chromadb
        from chromadb.config import Settings

        if self._client_or_none is None:
            parts = urlsplit(self.name)
            secure = parts.scheme == "https"
            self._client_or_none = cast(
                _Client,
                chromadb.HttpClient(
                    host=parts.hostname or "",
                    port=parts.port or (443 if secure else 8000),
                    ssl=secure,
                    settings=Settings(anonymized_telemetry=False, chroma_otel_granularity="none"),
                ),
            )
        return self._client_or_none


@contextmanager
def in_words(place: Place, *, writing: bool = False) -> Iterator[None]:
    """Chroma's failures as what they mean for a user."""
    import httpx
    from chromadb.errors import ChromaError

    try:
        yield
    except (ChromaError, ValueError, OSError, httpx.HTTPError) as error:
        raise place.failure(error, writing=writing) from error
    except (AttributeError, RuntimeError) as error:
        if not _is_closed(error):
            raise
        raise place.failure(error, writing=writing) from error


def _is_closed(error: AttributeError | RuntimeError) -> bool:
    """Whether it is what a client raises that was closed by another thread, or that could not be opened before."""
    return "attribute 'bindings'" in str(error) or "client has been closed" in str(error)
