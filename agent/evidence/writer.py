"""How a change gets into the corpus: staged and embedded where no search finds it, then made visible at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from agent.errors import Prerequisite
from agent.evidence.duplicates import Copy, is_current, signature, updated_works
from agent.evidence.embedding import Embedder
from agent.evidence.index import build_segment, clear_leftovers, plan
from agent.evidence.places import REINDEX, Place
from agent.evidence.read import Progress, no_progress
from agent.evidence.split import passages_of
from agent.evidence.vectors import ShippedVectors
from agent.schemas.article import Article, ArticleMeta, Passage
from agent.store.chunks import steps
from agent.store.corpus import EMBEDDING, CorpusStore, Signed
from agent.store.corpus_changes import CorpusChange
from agent.store.read_files import FileRow
from agent.store.segments import SegmentRow, SegmentStore

EMBED_STEP = 64
"""Texts between two steps that are kept; sorted by length, so that the threads finish together."""
STAGE_STEP = 100
"""Articles a step."""
WORDS_AT_ONCE = 5_000
"""Passages that come into the full-text index in the transaction that shows them; for more it is written anew beside
the old one, so that nobody else waits for the store: at least a millisecond a passage."""


class Update(NamedTuple):
    """An article that was replaced by another version of it."""

    article: str
    before: ArticleMeta
    after: ArticleMeta


@dataclass(frozen=True)
class IngestReport:
    """What an ingest did. Articles by id."""

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    updates: tuple[Update, ...] = ()
    """For each updated article what it said of itself before and says now."""
    copies: Mapping[str, str] = field(default_factory=dict)
    """Added or updated articles that are a copy of another one."""
    passages: int = 0
    """Passages of the added and updated articles."""
    embedded: int = 0
    """Passages that had to be embedded now."""


@dataclass(frozen=True)
class Offer:
    """What one change brings."""

    articles: Iterable[Article]
    """Read once, in order, no further ahead than a step."""
    removed: Sequence[str] = ()
    shipped: ShippedVectors | None = None
    """Vectors that need not be computed."""
    facts: Mapping[str, str] = field(default_factory=dict)
    edits: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """Article id to everything that people corrected in its metadata."""
    files: Callable[[], Sequence[FileRow]] = tuple
    """Asked at the end what was read."""


class CorpusWriter:
    """Writes changes. The caller holds the corpus lock."""

    def __init__(
        self,
        store: CorpusStore,
        segments: SegmentStore,
        place: Place,
        embedder: Embedder,
        *,
        clock: Callable[[], str],
    ) -> None:
        self.store = store
        self.segments = segments
        self.place = place
        self._embedder = embedder
        self._clock = clock

    def clear(self) -> None:
        """Delete index segments that no search uses any more."""
        clear_leftovers(self.segments, self.place)
        self.store.clear_words()

    def reindex(self, progress: Progress) -> int:
        """Embed what has no vector of the current model, write index and words anew; how many were embedded."""
        active = self.store.active_passages()
        have = self.store.embedded(self._embedder.identity, active)
        embedded = self._embed([passage for passage in active if passage not in have], progress)
        self.store.rebuild_words()
        self.rebuild(progress, embedding=self._embedder.identity)
        return embedded

    def rebuild(self, progress: Progress = no_progress, *, embedding: str | None = None) -> None:
        """Write the index anew from stored vectors."""
        row, retired = self._segment((), {}, progress, anew=True)
        if embedding is not None:
            # Vectors of a former model stay, its index goes: it can be written again without embedding.
            retired = [*retired, *(name for name in self.segments.ready_names() if name not in retired)]
        self.store.apply(CorpusChange(added_at=self._clock(), embedding=embedding, segments=row, retired=retired))

    def take(self, offer: Offer, progress: Progress = no_progress) -> IngestReport:
        """See `Corpus.take`."""
        check_embedding(self.store.facts(), self._embedder.identity)
        self.clear()
        stored = self.store.content_hashes()
        parts: dict[str, tuple[Article, list[Passage]]] = {}
        unchanged: dict[str, None] = {}
        embedded = 0
        for step in steps(offer.articles, STAGE_STEP):
            changed = {}
            for article in step:
                if stored.get(article.id) == article.content_hash:
                    unchanged[article.id] = None
                else:
                    changed[article.id] = (article, passages_of(article))
            embedded += self._stage(list(changed.values()), offer.shipped, progress)
            parts |= changed
        if not (parts or offer.removed or offer.facts):
            self.store.apply(CorpusChange(added_at=self._clock(), edits=offer.edits, files=offer.files()))
            return IngestReport(unchanged=tuple(unchanged))
        metas = {article.id: article.meta for article, _ in parts.values()}
        signed = self.store.signed()
        signatures = self._unsigned(signed) | {article.id: signature(article.text) for article, _ in parts.values()}
        works, moved = _works(signed, metas, offer.removed, signatures)
        ids = [passage.id for _, own in parts.values() for passage in own]
        updates = self._updates(metas, stored)
        row, retired = self._segment(ids, metas, progress)
        prepared = len(ids) > WORDS_AT_ONCE
        if prepared:
            self.store.prepare_words(list(parts.values()), offer.removed)
        self.store.apply(
            CorpusChange(
                added_at=self._clock(),
                articles=list(parts.values()),
                prepared=prepared,
                removed=offer.removed,
                embedding=self._embedder.identity if parts else None,
                facts=offer.facts,
                signatures=signatures,
                works=moved,
                edits=offer.edits,
                segments=row,
                retired=retired,
                files=offer.files(),
            )
        )
        self.store.clear_words()
        return IngestReport(
            added=tuple(article for article in parts if article not in stored),
            updated=tuple(update.article for update in updates),
            updates=updates,
            unchanged=tuple(article for article in unchanged if article not in parts),
            removed=tuple(offer.removed),
            copies={article: works[article] for article in parts if works[article] != article},
            passages=len(ids),
            embedded=embedded,
        )

    def _updates(self, metas: Mapping[str, ArticleMeta], stored: Mapping[str, str]) -> tuple[Update, ...]:
        return tuple(
            Update(article, before=self.store.article(article).meta, after=after)
            for article, after in metas.items()
            if article in stored
        )

    def _stage(
        self,
        parts: Sequence[tuple[Article, Sequence[Passage]]],
        shipped: ShippedVectors | None,
        progress: Progress,
    ) -> int:
        """Keep what is new where no search finds it, embed it, and return how many passages had to be embedded."""
        if not parts:
            return 0
        self.store.stage(self._clock(), parts)
        ids = [passage.id for _, own in parts for passage in own]
        have = self.store.embedded(self._embedder.identity, ids)
        missing = [passage for passage in ids if passage not in have]
        if shipped is not None and shipped.embedding == self._embedder.identity:
            ready = {passage: shipped.by_passage[passage] for passage in missing if passage in shipped.by_passage}
            self.store.put_vectors(self._embedder.identity, ready)
            missing = [passage for passage in missing if passage not in ready]
        return self._embed(missing, progress)

    def _embed(self, ids: Sequence[str], progress: Progress) -> int:
        texts = self.store.texts(ids)
        longest_first = sorted(texts, key=lambda passage: (-len(texts[passage]), passage))
        done = 0
        for step in steps(longest_first, EMBED_STEP):
            rows = self._embedder.embed([texts[passage] for passage in step])
            self.store.put_vectors(
                self._embedder.identity,
                {passage: np.asarray(row, "<f4").tobytes() for passage, row in zip(step, rows, strict=True)},
            )
            done += len(step)
            progress("embed", done, len(texts))
        return done

    def _unsigned(self, signed: Sequence[Signed]) -> dict[str, bytes]:
        """Signatures of the articles that have none that can be compared."""
        return {
            row.article: signature(self.store.article(row.article).text)
            for row in signed
            if row.signature is None or not is_current(row.signature)
        }

    def _segment(
        self, new: Sequence[str], metas: Mapping[str, ArticleMeta], progress: Progress, *, anew: bool = False
    ) -> tuple[list[tuple[SegmentRow, list[str]]], list[str]]:
        """Write what the index lacks; `new` are the passages that are about to become active."""
        placed = self.store.placed(self._embedder.identity, new, metas)
        # A change must not build on an index that is gone: what is lost is written again from the store.
        anew = anew or any(
            row.place == self.place.name and not self.place.has(row.name)
            for row in self.segments.ready(self._embedder.identity)
        )
        todo = plan(
            self.segments,
            self._embedder.identity,
            place=self.place,
            new=[passage for passage in new if passage not in placed],
            anew=anew,
        )
        if anew and not new and len(todo.build) != (wanted := self.segments.active()):
            raise Prerequisite(f"The store has vectors of {len(todo.build)} of its {wanted} passages.", hint=REINDEX)
        if not todo.build:
            return [], list(todo.retire)
        row, held = build_segment(
            self.segments,
            self.place,
            self._embedder.identity,
            todo.build,
            built_at=self._clock(),
            changed=metas,
            progress=progress,
        )
        return [(row, held)], list(todo.retire)


def _works(
    signed: Sequence[Signed],
    metas: Mapping[str, ArticleMeta],
    removed: Sequence[str],
    signatures: Mapping[str, bytes],
) -> tuple[dict[str, str], dict[str, str]]:
    """The work of every article, and of those whose work changes."""
    dates = {row.article: row.date for row in signed if row.article not in removed}
    dates |= {article: meta.date for article, meta in metas.items()}
    known = {row.article: row.signature or b"" for row in signed} | dict(signatures)
    before = {row.article: row.work for row in signed}
    copies = [Copy(article, date, known[article]) for article, date in dates.items()]
    now = updated_works(copies, before=before, changed=signatures.keys())
    return now, {article: work for article, work in now.items() if (before.get(article) or article) != work}


def check_embedding(facts: Mapping[str, str], embedding: str) -> None:
    """Raises Prerequisite when the corpus was embedded with another model."""
    found = facts.get(EMBEDDING)
    if found is not None and found != embedding:
        raise Prerequisite(
            f"The corpus was embedded with {found}, but the embedding model in use is {embedding}.",
            hint=f"{REINDEX} Or choose the former embedding model again.",
        )
