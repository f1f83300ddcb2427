"""Every kind of control, and the controls themselves."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path

from agent.schemas.draft import Citation, Claim, ClaimKind, Stance
from evals.seeded.controls.control import Variation
from evals.seeded.controls.numbers import date_format, number_format
from evals.seeded.controls.typography import claim_typography, quote_typography
from evals.seeded.controls.wording import (
    another_quote,
    attributed,
    dated,
    quote_longer,
    reordered,
    shortened,
    synonyms,
)
from evals.seeded.mutants import SEED
from evals.seeded.sample import Sample, stands_in
from evals.seeded.sources import World, is_recorded

PARAPHRASES = Path(__file__).with_name("paraphrases.json")


def _untouched(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    del rng, world
    return sample


VARIATIONS: tuple[Variation, ...] = (
    Variation("untouched", _untouched, 320),
    Variation("quote typography", quote_typography, 130),
    Variation("claim typography", claim_typography, 60),
    Variation("number format", number_format, 130),
    Variation("date format", date_format, 80),
    Variation("synonyms", synonyms, 130),
    Variation("reordered", reordered, 60),
    Variation("attributed", attributed, 100),
    Variation("dated", dated, 60),
    Variation("shortened", shortened, 90),
    Variation("quote longer", quote_longer, 90),
    Variation("another quote", another_quote, 60),
)
PARAPHRASED = "paraphrased by hand"
KINDS = (*(variation.name for variation in VARIATIONS), PARAPHRASED)
"""In the order of the table."""


@dataclass(frozen=True)
class Paraphrase:
    """A sentence of an article in other words."""

    article: str
    """The end of the article's address."""
    quote: str
    text: str


def controls_of(kind: str, world: World, *, seed: int = SEED) -> list[Sample]:
    """All controls of one kind: those of recorded claims first, one of a source claim."""
    if kind == PARAPHRASED:
        return [_paraphrased(number, row, world) for number, row in enumerate(paraphrases())]
    variation = next(each for each in VARIATIONS if each.name == kind)
    order = list(world.samples)
    random.Random(f"{seed} {kind}").shuffle(order)
    order.sort(key=lambda sample: not is_recorded(sample))
    made: list[Sample] = []
    for sample in order:
        varied = variation.vary(sample, random.Random(f"{seed} {kind} {sample.source}"), world)
        if varied is not None and (varied.claim != sample.claim or kind == "untouched"):
            made.append(varied)
    return made[: variation.wanted]


def paraphrases() -> list[Paraphrase]:
    """The hand-written ones, in the order of the file."""
    rows = json.loads(PARAPHRASES.read_text(encoding="utf-8"))
    return [Paraphrase(article=row["article"], quote=row["quote"], text=row["text"]) for row in rows]


def _paraphrased(number: int, row: Paraphrase, world: World) -> Sample:
    """Raises LookupError when no passage of the article holds the quote."""
    for passage in world.passages.values():
        if row.article in passage.meta.url and stands_in(row.quote, passage.text):
            break
    else:
        raise LookupError(f"paraphrase {number}: no passage of {row.article} holds {row.quote!r}")
    like = world.samples[number % len(world.samples)]
    claim = Claim(
        text=row.text,
        kind=ClaimKind.SOURCED,
        stance=Stance.CONTEXT,
        citations=(Citation(passage=passage.id, quote=row.quote),),
    )
    pack = like.pack | {passage.id}
    return Sample(f"h-{passage.id}-{number}", claim, like.section, world.passages, pack, like.frame, like.as_of)
