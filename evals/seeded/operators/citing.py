"""Citations of the wrong place: another passage, one that does not exist, a true quote that is about something else."""

from __future__ import annotations

import random
from functools import cache

from agent.schemas.article import Passage
from agent.schemas.draft import Citation
from evals.seeded.figures import values
from evals.seeded.operators.names import ORGANISATIONS
from evals.seeded.sample import Sample, stands_in
from evals.seeded.sentences import lower_first, sentences, without_stop, words
from evals.seeded.sources import World

_NEAR = 12


def source_swapped(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    """The id of one citation is that of another stored passage, most often one of the pack."""
    number = rng.randrange(len(sample.claim.citations))
    quote = sample.claim.citations[number].quote
    pool = sorted(sample.pack) if rng.random() < 0.7 else sorted(world.passages)
    cited = {citation.passage for citation in sample.claim.citations}
    others = [key for key in pool if key not in cited and not stands_in(quote, world.passages[key].text)]
    return sample.recite(number, passage=rng.choice(others)) if others else None


def source_unknown(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    """The id of one citation belongs to no passage: a slip, another kind of id, or made up."""
    number = rng.randrange(len(sample.claim.citations))
    passage = world.passages[sample.claim.citations[number].passage]
    at = rng.randrange(2, len(passage.id))
    invented = rng.choice(
        (
            "p-" + "".join(rng.choice("0123456789abcdef") for _ in range(12)),
            passage.id[:at] + rng.choice([d for d in "0123456789abcdef" if d != passage.id[at]]) + passage.id[at + 1 :],
            passage.id[:-1],
            passage.id + rng.choice("0123456789abcdef"),
            passage.article,
            passage.id.removeprefix("p-"),
            f"p-{rng.randint(1, 40)}",
            f"[{rng.randint(1, 29)}]",
            passage.meta.url[:64],
            f"passage {rng.randint(1, 29)}",
        )
    )
    return sample.recite(number, passage=invented) if invented not in world.passages else None


def misattributed(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    """The quote is given as that of a passage about the same matter; half of the claims then name its publisher too."""
    number = rng.randrange(len(sample.claim.citations))
    citation = sample.claim.citations[number]
    near = _nearest(world.passages[citation.passage], world)
    others = [
        p
        for p in near
        if not stands_in(citation.quote, p.text) and p.id not in {c.passage for c in sample.claim.citations}
    ]
    if not others:
        return None
    other = rng.choice(others)
    changed = sample.recite(number, passage=other.id)
    if rng.random() < 0.5 and other.meta.publisher not in sample.known and not _names_a_source(sample.text):
        publisher = other.meta.publisher.split(" (")[0].split(",")[0]
        changed = changed.saying(f"According to {publisher}, {lower_first(without_stop(sample.text))}.")
    return changed


def quote_of_another_passage(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    """Every quote is a true one of a passage about the same matter, under its own id, and bears out something else."""
    near = _nearest(world.passages[sample.claim.citations[0].passage], world)
    cited = {citation.passage for citation in sample.claim.citations}
    said, figures = words(sample.text), values(sample.text)
    found = [
        Citation(passage=passage.id, quote=sentence)
        for passage in near if passage.id not in cited
        for sentence in sentences(passage.text)
        if len(sentence) >= 50 and len(words(sentence) & said) <= max(2, len(said) // 3)
        and (not _bare(figures) or not _bare(figures) <= values(sentence))
    ]  # fmt: skip
    return sample.citing(rng.choice(found)) if found else None


def _bare(figures: set[float]) -> set[float]:
    """The numbers that are no year."""
    return {figure for figure in figures if not 1990 <= figure <= 2040}


def _names_a_source(text: str) -> bool:
    return any(name in text for name in ORGANISATIONS) or "ccording to" in text


@cache
def _words(text: str) -> frozenset[str]:
    return words(text)


_FOUND: dict[str, tuple[Passage, ...]] = {}


def _nearest(passage: Passage, world: World) -> tuple[Passage, ...]:
    """The passages that share most words with this one, the nearest first; those of its own article are among them."""
    if passage.id not in _FOUND:
        own = _words(passage.text)
        ranked = sorted(world.passages.values(), key=lambda p: (-len(own & _words(p.text)), p.id))
        _FOUND[passage.id] = tuple(p for p in ranked if p.id != passage.id)[:_NEAR]
    return _FOUND[passage.id]
