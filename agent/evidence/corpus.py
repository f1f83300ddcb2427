"""The corpus as a service: articles in, passages out, the index kept in step with the store."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from agent.errors import Conflict, InvalidInput, NotFound, Prerequisite, StorageFailed
from agent.evidence.bundled import BundledState, folder_digest, to_drop, to_take
from agent.evidence.embedding import Embedder
from agent.evidence.index import REINDEX, Index, IndexKey, IndexRow, build_index, day_number, drop_indexes, open_index
from agent.evidence.read import Progress, ReadArticle, article_files, no_progress, read_articles
from agent.evidence.search import Searcher
from agent.evidence.split import passages_of
from agent.evidence.vectors import ShippedVectors, read_vectors
from agent.schemas.article import Article, FoundPassage, Passage
from agent.store.corpus import DIGEST, EMBEDDING, CorpusChange, CorpusStore
from agent.store.database import Database
from agent.store.stamps import SystemStamps

LOCK_WAIT_S = 30
EMBED_STEP = 16
"""Texts between two reports of progress."""


@dataclass(frozen=True)
class IngestReport:
    """What an ingest did. Articles by id."""

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    passages: int = 0
    """Passages of the added and updated articles."""
    embedded: int = 0
    """Passages that had to be embedded now."""


class Corpus:
    """One home's corpus. Safe to share between threads; changes take a lock that holds between processes."""

    def __init__(self, db: Database, home: Path, embedder: Embedder, *, clock: Callable[[], str] | None = None) -> None:
        self.store = CorpusStore(db)
        self._home = home
        self._embedder = embedder
        self._clock = clock or SystemStamps().now
        self._opening = threading.Lock()
        self._open: tuple[IndexKey, Index] | None = None

    @property
    def embedding(self) -> str:
        """Identity of the embedding model in use."""
        return self._embedder.identity

    @property
    def digest(self) -> str:
        """Digest of what can be found now."""
        return self.store.facts().get(DIGEST) or self.store.digest()

    def articles(self) -> list[Article]:
        """The articles, by id."""
        return self.store.articles()

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """The passages with these ids, also those that have left the corpus. Raises NotFound."""
        return self.store.passages(ids)

    def add(self, paths: Sequence[Path], *, progress: Progress = no_progress) -> IngestReport:
        """Add or update the articles in files and folders: all of them, or on any problem none.

        Raises NotFound, InvalidInput naming every problem, Prerequisite when the corpus has other embeddings.
        """
        read = read_articles(article_files(paths), progress=progress)
        with self._changing():
            twins = self._twins(read)
            if twins:
                problems = [
                    f"{item.file} is a duplicate of the article {twins[item.article.id][0]} in the corpus"
                    f" ({twins[item.article.id][1]}): both have the same text."
                    for item in read
                    if item.article.id in twins
                ]
                raise InvalidInput(problems[0], problems=problems, hint="Remove one of the two.")
            return self._ingest(read, progress=progress)

    def ensure_bundled(self, folder: Path, *, progress: Progress = no_progress) -> IngestReport | None:
        """Take over the bundled articles in `folder` with the vectors that ship there.

        Does nothing and returns `None` when that was done before, or when the user chose to do without them. After an
        upgrade it follows the folder, but leaves alone what the user has removed or replaced.
        """
        digest = folder_digest(folder)
        if self._is_settled(digest):
            return None
        with self._changing():
            if self._is_settled(digest):
                return None
            state = BundledState.of(self.store.facts())
            offered = read_articles(article_files([folder]), progress=progress)
            stored = self.store.content_hashes()
            take = to_take(offered, stored, state)
            twins = self._twins(take)
            now = BundledState(digest, {item.article.id: item.article.content_hash for item in offered})
            return self._ingest(
                [item for item in take if item.article.id not in twins],
                removed=to_drop(offered, stored, state),
                shipped=read_vectors(folder),
                facts=now.fact(),
                progress=progress,
            )

    def leave_out_bundled(self) -> None:
        """Record that this corpus does without the bundled articles; those already taken over stay."""
        with self._changing():
            self.store.apply(CorpusChange(added_at=self._clock(), facts=BundledState.left_out_by_choice().fact()))

    def remove(self, article: str) -> None:
        """Take an article out of the search; its passages stay resolvable. Raises NotFound."""
        with self._changing():
            if article not in self.store.content_hashes():
                raise NotFound(
                    f"The corpus has no article {article!r}.", hint="`assess-role corpus list` shows the ids."
                )
            self.store.apply(CorpusChange(added_at=self._clock(), removed=[article]))
            if self.store.facts().get(EMBEDDING) == self.embedding:
                self._open = self._build()

    def reindex(self, *, progress: Progress = no_progress) -> int:
        """Embed what has no vector of the current model, build the indexes anew, return how many were embedded."""
        with self._changing():
            active = self.store.active_passages()
            have = self.store.embedded(self.embedding)
            missing = self.store.passages([passage for passage in active if passage not in have])
            vectors = self._embed({passage.id: passage.text for passage in missing}, progress)
            self.store.rebuild_words()
            self.store.apply(CorpusChange(added_at=self._clock(), embedding=self.embedding, vectors=vectors))
            drop_indexes(self._index_folder)
            self._open = self._build()
            return len(vectors)

    def search(
        self,
        queries: Sequence[str],
        *,
        limit: int,
        as_of: str | None = None,
        since: str | None = None,
        tiers: frozenset[int] | None = None,
        per_article: int = 2,
    ) -> list[FoundPassage]:
        """See `Searcher.search`. Raises Prerequisite when corpus, index and embedding model do not belong together."""
        searcher = self.searcher()
        if searcher is None:
            return []
        return searcher.search(queries, limit=limit, as_of=as_of, since=since, tiers=tiers, per_article=per_article)

    def searcher(self) -> Searcher | None:
        """A searcher over the corpus as it is now; `None` when it is empty. A lost index is built from the store."""
        facts = self.store.facts()
        if DIGEST not in facts or EMBEDDING not in facts:
            return None
        self._check_embedding(facts)
        key = IndexKey(facts[EMBEDDING], facts[DIGEST])
        with self._opening:
            current = self._open
            if current is None or current[0] != key:
                current = self._open = self._opened(key)
            return Searcher(self.store, self._embedder, current[1])

    def close(self) -> None:
        """Release the index's files."""
        with self._opening:
            if self._open is not None:
                self._open[1].close()
                self._open = None

    @property
    def _index_folder(self) -> Path:
        return self._home / "index"

    def _is_settled(self, digest: str) -> bool:
        state = BundledState.of(self.store.facts())
        return state.left_out or state.digest == digest

    def _check_embedding(self, facts: Mapping[str, str]) -> None:
        found = facts.get(EMBEDDING)
        if found is not None and found != self.embedding:
            raise Prerequisite(
                f"The corpus was embedded with {found}, but the embedding model in use is {self.embedding}.",
                hint=f"{REINDEX} Or choose the former embedding model again.",
            )

    def _twins(self, read: Sequence[ReadArticle]) -> dict[str, tuple[str, str]]:
        """Article id to (id, URL) of the stored article that has the same text under another URL."""
        same = self.store.same_texts([item.article.text for item in read])
        return {
            item.article.id: same[item.article.text]
            for item in read
            if item.article.text in same and same[item.article.text][0] != item.article.id
        }

    def _ingest(
        self,
        read: Sequence[ReadArticle],
        *,
        removed: Sequence[str] = (),
        shipped: ShippedVectors | None = None,
        facts: Mapping[str, str] | None = None,
        progress: Progress,
    ) -> IngestReport:
        known = self.store.facts()
        self._check_embedding(known)
        stored = self.store.content_hashes()
        changed = [item.article for item in read if stored.get(item.article.id) != item.article.content_hash]
        same = [item.article.id for item in read if stored.get(item.article.id) == item.article.content_hash]
        added = tuple(article.id for article in changed if article.id not in stored)
        updated = tuple(article.id for article in changed if article.id in stored)
        parts = [(article, passages_of(article)) for article in changed]
        vectors, embedded = self._vectors([part for _, own in parts for part in own], shipped, progress)
        if parts or removed or facts:
            self.store.apply(
                CorpusChange(
                    added_at=self._clock(),
                    articles=parts,
                    removed=removed,
                    embedding=self.embedding if parts else None,
                    vectors=vectors,
                    facts=facts or {},
                )
            )
        if parts or removed:
            progress("index", 0, 1)
            self._open = self._build()
            progress("index", 1, 1)
        return IngestReport(
            added=added,
            updated=updated,
            unchanged=tuple(same),
            removed=tuple(removed),
            passages=sum(len(own) for _, own in parts),
            embedded=embedded,
        )

    def _vectors(
        self, passages: Sequence[Passage], shipped: ShippedVectors | None, progress: Progress
    ) -> tuple[dict[str, bytes], int]:
        """Vectors that the store lacks, from what ships where that is of this model; and how many were embedded."""
        have = self.store.embedded(self.embedding) if passages else set()
        missing = {passage.id: passage.text for passage in passages if passage.id not in have}
        ready = shipped.by_passage if shipped is not None and shipped.embedding == self.embedding else {}
        vectors = {passage: ready[passage] for passage in missing if passage in ready}
        embedded = self._embed({key: text for key, text in missing.items() if key not in vectors}, progress)
        return {**vectors, **embedded}, len(embedded)

    def _embed(self, texts: Mapping[str, str], progress: Progress) -> dict[str, bytes]:
        vectors: dict[str, bytes] = {}
        ids = list(texts)
        for start in range(0, len(ids), EMBED_STEP):
            step = ids[start : start + EMBED_STEP]
            rows = self._embedder.embed([texts[passage] for passage in step])
            vectors.update({passage: np.asarray(row, "<f4").tobytes() for passage, row in zip(step, rows, strict=True)})
            progress("embed", len(vectors), len(ids))
        return vectors

    def _opened(self, key: IndexKey) -> tuple[IndexKey, Index]:
        if self.store.digest() != key.digest:
            raise Prerequisite("The corpus in the store is not the one that was recorded with it.", hint=REINDEX)
        index = open_index(self._index_folder, key)
        if index is not None:
            return key, index
        with self._changing():
            return self._build()

    def _build(self) -> tuple[IndexKey, Index]:
        """Open the index of the store's state, building it when there is none. The caller holds the lock."""
        facts = self.store.facts()
        key = IndexKey(facts[EMBEDDING], facts[DIGEST])
        index = open_index(self._index_folder, key)
        if index is None:
            rows = [
                IndexRow(row.passage, row.article, day_number(row.date), row.tier, row.vector)
                for row in self.store.vectors(key.embedding)
            ]
            wanted = len(self.store.active_passages())
            if len(rows) != wanted:
                raise Prerequisite(f"The store has vectors of {len(rows)} of its {wanted} passages.", hint=REINDEX)
            index = build_index(self._index_folder, key, rows)
        return key, index

    @contextmanager
    def _changing(self) -> Iterator[None]:
        lock = FileLock(self._home / "corpus.lock", timeout=LOCK_WAIT_S)
        try:
            self._home.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout as error:
            raise Conflict(
                f"Another process has been changing the corpus for more than {LOCK_WAIT_S} s.",
                hint="Wait until it is done, then try again.",
            ) from error
        except OSError as error:
            raise StorageFailed(
                f"The home folder {self._home} cannot be written: {error.strerror or error}.",
                hint="Make it writable, or choose another one with ASSESS_ROLE_HOME.",
            ) from error
        try:
            yield
        finally:
            lock.release()
