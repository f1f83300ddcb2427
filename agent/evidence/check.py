"""Whether store and index hold the same corpus: every passage where it should be, and found where it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.evidence.corpus import Corpus
from agent.evidence.index_check import IndexVerdict, check_folder, check_index
from agent.evidence.places import FolderPlace
from agent.evidence.read import Progress, no_progress
from agent.store.chunks import steps
from agent.store.corpus import DIGEST, EMBEDDING


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
    """Compare everything. Nothing is changed. Raises UpstreamFailed when a Chroma server fails."""
    active = corpus.store.active_passages()
    problems = [*_of_store(corpus, active, progress)]
    index = _of_index(corpus, active, progress)
    return Verdict(
        len(corpus.store.content_hashes()),
        len(active),
        len(corpus.segments.ready(corpus.embedding)),
        index.self_query,
        (*problems, *index.problems),
    )


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


def _of_index(corpus: Corpus, active: Sequence[str], progress: Progress) -> IndexVerdict:
    # A server that crashes takes nothing with it, and without segments there is nothing to crash on.
    if isinstance(corpus.place, FolderPlace) and corpus.segments.ready(corpus.embedding):
        return check_folder(corpus.database, corpus.home / "index", corpus.embedding, progress)
    return check_index(corpus.segments, corpus.place, corpus.embedding, active, progress)
