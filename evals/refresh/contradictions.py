"""How often a passage is said to contradict a claim: one that does, one that agrees, one about something else.

    python -m evals.refresh.contradictions

Opposite are the mutants of `evals/seeded` that turn a claim of a recording around, beside the passage that the claim
cites; agreeing are the claims as recorded and rewritten by hand, beside the same passages; about something else, for
the most part, are the nearest passages of other articles of the bundled corpus, which `assess-role refresh` would ask.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence

from agent.grounding.against import speaks_against
from agent.schemas.article import Passage
from agent.schemas.draft import Claim
from agent.settings import read_settings
from agent.workflow.corpora import home_corpus
from agent.workflow.freshness import LEAST_COSINE, NEAREST
from evals.seeded.intervals import Rate, rate
from evals.seeded.judging import samples_of
from evals.seeded.sample import Sample

OPPOSITE = ("direction_flipped", "antonym", "negation_added", "negation_dropped")
AGREEING = ("untouched", "synonyms", "attributed", "shortened", "paraphrased by hand")
Beside = Callable[[Sample], Sequence[Passage]]


def flagged(samples: Iterable[Sample], beside: Beside) -> Rate:
    """The share of samples that at least one of the passages beside it is found to speak against."""
    asked = [(sample.claim, beside(sample), sample.source) for sample in samples]
    asked = [(claim, passages, source) for claim, passages, source in asked if passages]
    return rate([_speaks(claim, passages) for claim, passages, _ in asked], [source for *_, source in asked])


def _speaks(claim: Claim, passages: Sequence[Passage]) -> bool:
    return any(speaks_against(claim, passage) is not None for passage in passages)


def cited(sample: Sample) -> Sequence[Passage]:
    """The passages that the sample cites."""
    return sample.cited


def nearest_of_others(samples: Sequence[Sample]) -> Beside:
    """Gives the passages of other articles that a refresh would ask, were all of them new."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["ASSESS_ROLE_HOME"] = home
        with home_corpus(read_settings(), lambda words: None) as opened:
            corpus = opened.corpus
            texts = list(dict.fromkeys(sample.claim.text for sample in samples))
            near = corpus.nearest(texts, corpus.store.active_passages(), least=LEAST_COSINE, limit=NEAREST)
            known = corpus.store.find_passages([name for names in near for name in names])
    found = {text: [known[name] for name in names] for text, names in zip(texts, near, strict=True)}

    def others(sample: Sample) -> Sequence[Passage]:
        own = {passage.article for passage in sample.cited}
        return [passage for passage in found[sample.claim.text] if passage.article not in own]

    return others


def main() -> None:
    """Print the table."""
    sys.stdout.write("| claim | beside | n | seen as opposite, % |\n|---|---|---|---|\n")
    for name in (*OPPOSITE, *AGREEING):
        _row(name, "the cited passage", flagged(samples_of(name), cited))
    untouched = samples_of("untouched")
    _row("untouched", f"up to {NEAREST} nearest of other articles", flagged(untouched, nearest_of_others(untouched)))


def _row(name: str, beside: str, found: Rate) -> None:
    sys.stdout.write(f"| {name} | {beside} | {found.cases} | {found} |\n")


if __name__ == "__main__":
    main()
