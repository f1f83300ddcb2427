"""The corpus as a service: articles in, passages out, the index kept in step with the store."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from pydantic import ValidationError

from agent.errors import Conflict, InvalidInput, NotFound, Prerequisite, UpstreamFailed
from agent.evidence.bundled import BundledState, folder_digest, to_drop, to_take
from agent.evidence.changing import changing
from agent.evidence.embedding import Embedder
from agent.evidence.index import Index, open_index
from agent.evidence.metadata import UNKNOWN, is_day_or_part
from agent.evidence.places import REINDEX, FolderPlace, Place
from agent.evidence.policy import POLICY, SearchPolicy
from agent.evidence.queries import QueryEmbedder
from agent.evidence.read import Progress, article_files, edited, no_progress, read_articles
from agent.evidence.rerank import Reranker
from agent.evidence.search import Filters, Searcher, check, distinct
from agent.evidence.vectors import read_vectors
from agent.evidence.writer import CorpusWriter, IngestReport, Offer, check_embedding
from agent.schemas.article import Article, FoundPassage, Passage
from agent.store.chunks import chunks
from agent.store.corpus import DIGEST, EMBEDDING, CorpusStore
from agent.store.corpus_changes import CorpusChange
from agent.store.corpus_view import CorpusView
from agent.store.database import Database
from agent.store.query_vectors import QueryVectors
from agent.store.read_files import FileRow
from agent.store.segments import SegmentStore
from agent.store.stamps import SystemStamps

TRIES = 5
"""Searches that are begun anew because a change came between."""


def _say_nothing(words: str) -> None:
    """Wait in silence."""


class Corpus:
    """One home's corpus. Safe to share between threads; changes take a lock that holds between processes."""

    def __init__(
        self,
        db: Database,
        home: Path,
        embedder: Embedder,
        *,
        clock: Callable[[], str] | None = None,
        place: Place | None = None,
        reranker: Reranker | None = None,
        policy: SearchPolicy = POLICY,
        waits: Callable[[str], None] = _say_nothing,
    ) -> None:
        self.store = CorpusStore(db)
        self.segments = SegmentStore(db)
        self.place = place or FolderPlace(home / "index")
        self.home = home
        self.database = db.path
        self._embedder = embedder
        self._reranker = reranker
        self._policy = policy
        self._waits = waits
        self._queries = QueryEmbedder(embedder, QueryVectors(db))
        self._clock = clock or SystemStamps().now
        self._writer = CorpusWriter(self.store, self.segments, self.place, embedder, clock=self._clock)
        self._opening = threading.Lock()
        self._open: Index | None = None
        self._searches = 0
        self._outdated: set[str] = set()

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

    def take(
        self,
        articles: Iterable[Article],
        *,
        files: Callable[[], Sequence[FileRow]] = tuple,
        edits: Mapping[str, Mapping[str, object]] | None = None,
        progress: Progress = no_progress,
    ) -> IngestReport:
        """Add or update articles, all made visible at once at the end.

        `files` is asked at the end what was read; `edits` is what people said of articles, by id and field. An
        interruption keeps the vectors that were computed, and changes nothing that a search can find. Raises Conflict,
        StorageFailed, Prerequisite when the corpus has other embeddings.
        """
        with self._changing():
            return self._writer.take(Offer(articles, files=files, edits=edits or {}), progress)

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
            now = BundledState(digest, {item.article.id: item.article.content_hash for item in offered})
            offer = Offer(
                [item.article for item in to_take(offered, stored, state)],
                removed=to_drop(offered, stored, state),
                shipped=read_vectors(folder),
                facts=now.fact(),
            )
            return self._writer.take(offer, progress)

    @property
    def bundled(self) -> BundledState:
        """What was taken over of the bundled articles, or that they are left out."""
        return BundledState.of(self.store.facts())

    def settle_bundled(self, state: BundledState) -> None:
        """Record what the user chose about the bundled articles; those already taken over stay."""
        if self.bundled != state:
            with self._changing():
                self.store.apply(CorpusChange(added_at=self._clock(), facts=state.fact()))

    def remove(self, article: str) -> None:
        """Take an article out of the search; its passages stay resolvable. Raises NotFound."""
        with self._changing():
            if article not in self.store.content_hashes():
                raise NotFound(
                    f"The corpus has no article {article!r}.", hint="`assess-role corpus list` shows the ids."
                )
            self._writer.take(Offer((), removed=(article,)))

    def edit(self, article: str, changes: Mapping[str, object]) -> Article:
        """Correct an article's metadata; a later ingest of its file keeps the correction.

        Raises NotFound, InvalidInput.
        """
        with self._changing():
            before = self.store.article(article)
            if article not in self.store.content_hashes():
                raise NotFound(f"The article {article!r} has left the corpus.", hint="Add its file again first.")
            date = str(changes.get("date", UNKNOWN))
            if date != UNKNOWN and not is_day_or_part(date):
                raise InvalidInput(
                    f"{article} cannot be edited: `date` is {date!r}: expected YYYY, YYYY-MM or YYYY-MM-DD."
                )
            try:
                after = edited(before, changes)
            except ValidationError as error:
                raise InvalidInput(
                    f"{article} cannot be edited: "
                    + "; ".join(f"`{item['loc'][0]}`: {item['msg']}" for item in error.errors())
                ) from error
            if after.id != article:
                raise InvalidInput(
                    f"{article} cannot be edited: its `url` is what it is known by.",
                    hint="Add it again with the other address, and remove this one.",
                )
            edits = {**self.store.edits().get(article, {}), **changes}
            self._writer.take(Offer([after], edits={article: edits}))
            return after

    def reindex(self, *, progress: Progress = no_progress) -> int:
        """Embed what has no vector of the current model, write the index anew, return how many were embedded."""
        with self._changing():
            embedded = self._writer.reindex(progress)
            self._forget()
            self._writer.clear()
            return embedded

    def search(
        self,
        queries: Sequence[str],
        *,
        limit: int,
        opposed: Sequence[str] = (),
        as_of: str | None = None,
        since: str | None = None,
        tiers: frozenset[int] | None = None,
        per_article: int | None = 2,
    ) -> list[FoundPassage]:
        """At most `limit` passages for all queries together, best first, at most `per_article` of one article;
        with `None` an article may give any number, but each after its second counts less.

        With `opposed`, queries for the other side of a question, both sides choose in turn. `as_of` and `since` are
        YYYY-MM-DD and inclusive. A partial date counts from its first day; an unknown one is never left out by `as_of`
        and always by `since`. Scores are comparable within one search only. Raises InvalidInput for a date that is none
        and for a `limit` or `per_article` below 1, Prerequisite when corpus, index and embedding model do not belong
        together, UpstreamFailed when a Chroma server fails, Conflict when the corpus keeps changing meanwhile.
        """
        filters = Filters(as_of, since, tiers)
        check(limit, per_article, filters)
        sides = [side for side in (distinct(queries), distinct(opposed)) if side]
        facts = self.store.facts()
        if DIGEST not in facts or EMBEDDING not in facts:
            return []
        check_embedding(facts, self.embedding)
        if not sides or tiers == frozenset():
            return []
        wanted = distinct([query for side in sides for query in side])
        vectors = dict(zip(wanted, self._queries.embed(wanted), strict=True))
        for _ in range(TRIES):
            before = self._segment_names()
            try:
                with self._searcher() as searcher:
                    return searcher.search(sides, vectors, limit=limit, filters=filters, per_article=per_article)
            except (Prerequisite, UpstreamFailed):
                # Changes that came between may have cleared away what this search had begun to read.
                if self._segment_names() == before:
                    raise
        raise Conflict(
            f"The corpus changed {TRIES} times while it was searched.", hint="Search again when the ingest is done."
        )

    def nearest(self, texts: Sequence[str], among: Sequence[str], *, least: float, limit: int) -> list[list[str]]:
        """For each text the passages of `among` whose cosine with it is at least `least`, at most `limit`, best first,
        ties by id. Passages without a vector of the embedding model in use are left out. Raises as `search` does.
        """
        found: list[list[tuple[float, str]]] = [[] for _ in texts]
        if not texts or not among:
            return [[] for _ in texts]
        check_embedding(self.store.facts(), self.embedding)
        asked = self._queries.embed(texts)
        for chunk in chunks(among):
            with self.store.view() as view:
                stored = view.vectors_of(chunk, self.embedding)
            if not stored:
                continue
            names = sorted(stored)
            cosines = asked @ np.stack([np.frombuffer(stored[name], "<f4") for name in names]).T
            for row, best in zip(cosines, found, strict=True):
                best += [(float(value), name) for value, name in zip(row, names, strict=True) if value >= least]
        return [[name for _, name in sorted(best, key=lambda hit: (-hit[0], hit[1]))[:limit]] for best in found]

    def close(self) -> None:
        """Release the index's files."""
        self._forget()

    def _segment_names(self) -> list[str]:
        return [row.name for row in self.segments.ready(self.embedding)]

    @contextmanager
    def _searcher(self) -> Iterator[Searcher]:
        """See `_current`; what no search needs any more is released when the last one is done."""
        with self._opening:
            self._searches += 1
        try:
            with self._current() as searcher:
                yield searcher
        finally:
            with self._opening:
                self._searches -= 1
                if self._searches == 0:
                    self.place.release(self._outdated)
                    self._outdated = set()

    @contextmanager
    def _current(self) -> Iterator[Searcher]:
        """A searcher over the corpus as it is now. A lost index is built from the store."""
        with self.store.view() as view:
            index = self._opened(view)
            if index is not None:
                yield self._over(view, index)
                return
        with self._changing():
            # Another process may have moved on to other segments, or have built what was lost.
            with self.store.view() as view:
                lost = self._opened(view) is None
            if lost:
                self._writer.rebuild()
        with self.store.view() as view:
            index = self._opened(view)
            if index is None:
                raise Prerequisite("The search index cannot be built from the store.", hint=REINDEX)
            yield self._over(view, index)

    def _over(self, view: CorpusView, index: Index) -> Searcher:
        return Searcher(view, self.embedding, index, reranker=self._reranker, policy=self._policy)

    def _opened(self, view: CorpusView) -> Index | None:
        """The index of the state that is viewed; `None` when it is not there, or does not have every passage."""
        segments = view.segments(self.embedding)
        with self._opening:
            if self._open is None or self._open.names != tuple(row.name for row in segments):
                if not view.is_placed(self.embedding):
                    return None
                former = set() if self._open is None else set(self._open.names)
                self._open = open_index(self.place, segments)
                self._outdated = (self._outdated | former) - {row.name for row in segments}
            return self._open

    def _forget(self) -> None:
        with self._opening:
            self._open = None
            self.place.close()

    @contextmanager
    def _changing(self) -> Iterator[None]:
        with changing(self.home, since=self._clock(), waits=self._waits):
            yield

    def _is_settled(self, digest: str) -> bool:
        state = BundledState.of(self.store.facts())
        return state.left_out or state.digest == digest
