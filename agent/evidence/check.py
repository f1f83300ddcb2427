"""Whether store and index hold the same corpus: every passage where it should be, and found where it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from agent.errors import AssessorError
from agent.evidence.corpus import Corpus
from agent.evidence.index import SELF_QUERY_SAMPLE, SELF_QUERY_SHARE, open_index, self_query_share
from agent.evidence.places import Collection
from agent.evidence.read import Progress, no_progress
from agent.store.chunks import steps
from agent.store.corpus import DIGEST, EMBEDDING
from agent.store.segments import SegmentRow

SAME = 1e-5
"""Largest difference of a stored number of a vector and the index's."""


@dataclass(frozen=True)
class Verdict:
    """What was compared, and what is wrong."""

    articles: int
    passages: int
    segments: int
    self_query: float | None
    """Share of sampled passages that their own vector finds; `None` when that could not be tried."""
    problems: tuple[str, ...]


def check_corpus(corpus: Corpus, *, progress: Progress = no_progress) -> Verdict:
    """Compare everything. Nothing is changed."""
    active = corpus.store.active_passages()
    segments = corpus.segments.ready(corpus.embedding)
    problems = [*_of_store(corpus, active, progress)]
    share: float | None = None
    try:
        problems += _of_index(corpus, segments, progress)
        index = open_index(corpus.place, segments)
        if index is not None and active:
            step = max(1, len(active) // SELF_QUERY_SAMPLE)
            sample = [row for part in corpus.segments.rows(corpus.embedding, active[::step]) for row in part]
            share = self_query_share(index, sample)
            if share < SELF_QUERY_SHARE:
                problems.append(f"The index finds {share:.1%} of sampled passages, expected {SELF_QUERY_SHARE:.0%}.")
    except AssessorError as error:
        problems.append(error.message)
    return Verdict(len(corpus.store.content_hashes()), len(active), len(segments), share, tuple(problems))


def _of_store(corpus: Corpus, active: Sequence[str], progress: Progress) -> Iterator[str]:
    facts = corpus.store.facts()
    if DIGEST in facts and corpus.store.digest() != facts[DIGEST]:
        yield "The articles in the store are not the ones that were recorded with it."
    if facts.get(EMBEDDING, corpus.embedding) != corpus.embedding:
        yield f"The corpus was embedded with {facts[EMBEDDING]}, the model in use is {corpus.embedding}."
    have = corpus.store.embedded(corpus.embedding, active)
    if len(have) != len(active):
        yield f"{len(active) - len(have)} of {len(active)} passages have no vector of {corpus.embedding}."
    unplaced = corpus.segments.unplaced(corpus.embedding)
    if unplaced:
        yield f"{len(unplaced)} passages are in no index segment, the first is {unplaced[0]}."
    words = corpus.store.words()
    if len(words) != len(active) or words != set(active):
        yield f"The word index holds {len(words)} passages, {len(words & set(active))} of {len(active)} active ones."
    done = 0
    for part in steps(active, 500):
        wrong = corpus.store.torn(part)
        if wrong:
            yield f"{len(wrong)} passages are not what stands at their place in their article, the first is {wrong[0]}."
        done += len(part)
        progress("check", done, len(active))


def _of_index(corpus: Corpus, segments: Sequence[SegmentRow], progress: Progress) -> Iterator[str]:
    for number, row in enumerate(segments, start=1):
        progress("index", number, len(segments))
        collection = corpus.place.open(row.name) if row.place == corpus.place.name else None
        if collection is None:
            yield f"The index segment {row.name} is not in {corpus.place.name}."
            continue
        if collection.count() != row.passages:
            yield f"The index segment {row.name} holds {collection.count()} passages, expected {row.passages}."
        yield from _vectors_of(corpus, row, collection)


def _vectors_of(corpus: Corpus, row: SegmentRow, collection: Collection) -> Iterator[str]:
    held = corpus.segments.held([row.name])
    there: dict[str, object] = {}
    for start in range(0, row.passages, 1000):
        part = collection.get(limit=1000, offset=start, include=["embeddings"])
        there.update(zip(map(str, part["ids"]), part["embeddings"], strict=True))
    missing = [passage for passage in held if passage not in there]
    if missing:
        yield f"The index segment {row.name} lacks {len(missing)} passages, the first is {missing[0]}."
    for batch in corpus.segments.rows(corpus.embedding, [passage for passage in held if passage in there]):
        for stored in batch:
            found = np.asarray(there[stored.passage], np.float32)
            if not np.allclose(found, np.frombuffer(stored.vector, "<f4"), atol=SAME):
                yield f"The index segment {row.name} has another vector for {stored.passage} than the store."
                return
