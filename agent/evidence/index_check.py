"""Whether the index holds what the store says. A damaged folder can crash Chroma: another process reads it."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from agent.errors import AssessorError, Prerequisite, UpstreamFailed
from agent.evidence.index import SELF_QUERY_SAMPLE, SELF_QUERY_SHARE, open_index, self_query_share
from agent.evidence.places import Collection, FolderPlace, Place, in_words
from agent.evidence.read import Progress
from agent.store.corpus import CorpusStore
from agent.store.database import Database
from agent.store.segments import SegmentRow, SegmentStore

SAME = 1e-5
"""Largest difference of a stored number of a vector and the index's."""
CRASHED = "The search index cannot be read: reading it crashed."
_BATCH = 1000


@dataclass(frozen=True)
class IndexVerdict:
    """What is wrong with the index."""

    problems: tuple[str, ...]
    self_query: float | None
    """Share of sampled passages that their own vector finds; `None` when that could not be tried."""


def check_index(
    store: SegmentStore, place: Place, embedding: str, active: Sequence[str], progress: Progress
) -> IndexVerdict:
    """Compare every segment with the store. Nothing is changed. Raises UpstreamFailed when a Chroma server fails."""
    segments = store.ready(embedding)
    problems: list[str] = []
    share: float | None = None
    try:
        for number, row in enumerate(segments, start=1):
            progress("index", number, len(segments))
            problems += _of_segment(store, place, embedding, row)
        index = open_index(place, segments)
        if index is not None and active:
            step = max(1, len(active) // SELF_QUERY_SAMPLE)
            sample = [row for part in store.rows(embedding, active[::step]) for row in part]
            share = self_query_share(index, sample)
            if share < SELF_QUERY_SHARE:
                problems.append(f"The index finds {share:.1%} of sampled passages, expected {SELF_QUERY_SHARE:.0%}.")
    except UpstreamFailed:
        # A server that is down says nothing about the index, and no reindex brings it up.
        raise
    except AssessorError as error:
        problems.append(error.message)
    return IndexVerdict(tuple(problems), share)


def check_folder(database: Path, folder: Path, embedding: str, progress: Progress) -> IndexVerdict:
    """As `check_index` for the index in `folder`, in another process: one that crashes is a problem of the index.

    Raises Prerequisite when the process cannot be started.
    """
    # Started from nothing: a copy of this process would hold its database and its threads' locks.
    context = multiprocessing.get_context("spawn")
    answers, answering = context.Pipe(duplex=False)
    reader = context.Process(target=_read, args=(database, folder, embedding, answering), daemon=True)
    try:
        reader.start()
    except OSError as error:
        raise Prerequisite(
            f"The process that reads the index cannot be started: {error.strerror or error}.",
            hint="Free memory or processes and try again.",
        ) from error
    answering.close()
    try:
        while not isinstance(answer := answers.recv(), IndexVerdict):
            progress(*answer)
    except EOFError:
        return IndexVerdict((CRASHED,), None)
    finally:
        reader.terminate()
        reader.join()
        answers.close()
    return answer


def _read(database: Path, folder: Path, embedding: str, answers: Connection) -> None:
    """The other process: its progress as (step, done, total), and at the end the verdict."""
    # An interruption from the keyboard is for the one that waits.
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def progress(step: str, done: int, total: int) -> None:
        answers.send((step, done, total))

    try:
        db, place = Database.open(database), FolderPlace(folder)
        active = CorpusStore(db).active_passages()
        verdict = check_index(SegmentStore(db), place, embedding, active, progress)
    except AssessorError as error:
        verdict = IndexVerdict((error.message,), None)
    answers.send(verdict)


def _of_segment(store: SegmentStore, place: Place, embedding: str, row: SegmentRow) -> Iterator[str]:
    collection = place.open(row.name) if row.place == place.name else None
    if collection is None:
        yield f"The index segment {row.name} is not in {place.name}."
        return
    with in_words(place):
        count = collection.count()
    if count != row.passages:
        yield f"The index segment {row.name} holds {count} passages, expected {row.passages}."
    there = _vectors_in(place, collection, row.passages)
    held = store.held([row.name])
    missing = [passage for passage in held if passage not in there]
    if missing:
        yield f"The index segment {row.name} lacks {len(missing)} passages, the first is {missing[0]}."
    for batch in store.rows(embedding, [passage for passage in held if passage in there]):
        for stored in batch:
            found = np.asarray(there[stored.passage], np.float32)
            if not np.allclose(found, np.frombuffer(stored.vector, "<f4"), atol=SAME):
                yield f"The index segment {row.name} has another vector for {stored.passage} than the store."
                return


def _vectors_in(place: Place, collection: Collection, passages: int) -> dict[str, object]:
    there: dict[str, object] = {}
    for start in range(0, passages, _BATCH):
        with in_words(place):
            part = collection.get(limit=_BATCH, offset=start, include=["embeddings"])
        there.update(zip(map(str, part["ids"]), part["embeddings"], strict=True))
    return there
