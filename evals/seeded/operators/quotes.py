"""Quotes that no source holds: made up, changed in one word, put together from two places."""

from __future__ import annotations

import random
import re

from evals.seeded.figures import figures, replaced, values
from evals.seeded.operators.numbers import other_value
from evals.seeded.operators.vocabulary import ANTONYM, DIRECTION, sites, turned
from evals.seeded.sample import Sample, stands_in
from evals.seeded.sentences import lower_first, sentences, without_stop
from evals.seeded.sources import World

_GAPS = (" ", " ", " … ", " ... ", " [...] ", "; ", ", ", " [and] ", "…", " (…) ")
_ENDINGS = (
    "and the trend is expected to continue.", "which the authors attribute to generative AI.",
    "with no sign of a recovery.", "and employers plan further cuts.", "a pattern seen in every region.",
    "although the effect was smaller for senior staff.", "and the gap keeps widening.",
    "as managers confirmed in interviews.",
    "which makes the role one of the safest.", "so that fewer people are needed for the same work.",
    "while wages kept pace with inflation.", "and most teams report higher output.", "the first such result on record.",
    "and human review remains essential.", "even where no AI tools were used.", "after years of steady investment.",
)  # fmt: skip
_MADE_UP = (
    "Demand for {role}s has held up better than for other technical occupations.",
    "{role}s report spending less time on routine work than two years ago.",
    "Employers increasingly expect a {role} to supervise AI agents rather than to write everything by hand.",
    "Our results suggest that the work of a {role} is being reshaped rather than replaced.",
    "Hiring managers named judgement and communication as the skills that AI cannot supply.",
    "Most of the surveyed companies said they would not replace a {role} with software alone.",
    "We find no evidence that automation has reduced the number of {role}s so far.",
    "Teams that adopted AI tools delivered faster but needed more review.",
    "Entry-level {role} positions have become markedly harder to find.",
)
_MODAL = {
    "may": "will", "could": "will", "can": "cannot", "all": "some", "some": "all", "only": "also", "almost": "exactly",
    "about": "exactly", "nearly": "more than", "must": "may", "every": "no", "no": "every", "not": "also",
    "and": "but not",
    "most": "all", "mainly": "never", "US": "UK", "junior": "senior", "senior": "junior", "young": "old",
}  # fmt: skip


def quote_fabricated(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    """A quote in the source's manner that the source does not hold: the claim itself, a new ending, or all made up."""
    del world
    number = rng.randrange(len(sample.claim.citations))
    citation = sample.claim.citations[number]
    invented = rng.choice((_as_claimed, _continued, _continued, _made_up))(sample, citation.quote, rng)
    passage = sample.passages[citation.passage]
    return (
        sample.recite(number, quote=invented)
        if invented and not stands_in(invented.rstrip(" .,;:"), passage.text)
        else None
    )


def quote_word_changed(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    """One word or number of a quote is another, so that it says something else; the claim stays true."""
    del world
    number = rng.randrange(len(sample.claim.citations))
    citation = sample.claim.citations[number]
    options = _word_changes(citation.quote, rng)
    options = [text for text in options if not stands_in(text, sample.passages[citation.passage].text)]
    return sample.recite(number, quote=rng.choice(options)) if options else None


def quotes_stitched(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    """Two spans joined to one quote that says something else; half of the claims then follow the quote."""
    number = rng.randrange(len(sample.claim.citations))
    citation = sample.claim.citations[number]
    passage = sample.passages[citation.passage]
    made = rng.choice((_two_sentences, _head_and_tail, _head_and_tail, _middle_left_out, _two_passages))
    joined = made(passage.text, citation.quote, rng, world)
    if not joined or stands_in(joined, passage.text) or len(joined) < 30:
        return None
    changed = sample.recite(number, quote=joined)
    if rng.random() < 0.5 and made is _head_and_tail:
        changed = changed.saying(re.sub(r" ?(?:…|\.\.\.|\[\.\.\.\]|\(…\)|\[and\]) ?", " ", joined))
    return changed


def _as_claimed(sample: Sample, quote: str, rng: random.Random) -> str | None:
    """The claim in the place of the quote, as a model writes that quotes from memory."""
    del quote
    text = without_stop(sample.text)
    return rng.choice((sample.text, f"We find that {lower_first(text)}.", f"The data show that {lower_first(text)}."))


def _continued(sample: Sample, quote: str, rng: random.Random) -> str | None:
    """The true beginning of the quote with an invented end."""
    del sample
    said = quote.split()
    if len(said) < 8:
        return None
    kept = " ".join(said[: rng.randint(5, max(6, len(said) * 2 // 3))]).rstrip(",;:.")
    return f"{kept}, {rng.choice(_ENDINGS)}"


def _made_up(sample: Sample, quote: str, rng: random.Random) -> str | None:
    del quote
    return rng.choice(_MADE_UP).format(role=sample.frame.title)


def _word_changes(quote: str, rng: random.Random) -> list[str]:
    options = [turned(quote, site, pairs, rng) for pairs in (DIRECTION, ANTONYM) for site in sites(quote, pairs)]
    for figure in figures(quote):
        new = other_value(figure, values(quote), rng) if figure.value > 0 else None
        if new:
            options.append(replaced(quote, figure, new))
    for word, other in _MODAL.items():
        options += [quote[: m.start()] + other + quote[m.end() :] for m in re.finditer(rf"\b{word}\b", quote)]
    return options


def _two_sentences(text: str, quote: str, rng: random.Random, world: World) -> str | None:
    """Two whole sentences that do not follow each other."""
    del world, quote
    found = sentences(text)
    if len(found) < 3:
        return None
    first, second = sorted(rng.sample(range(len(found)), 2))
    return f"{found[first]}{rng.choice(_GAPS[:5])}{found[second]}" if second - first > 1 else None


def _head_and_tail(text: str, quote: str, rng: random.Random, world: World) -> str | None:
    """The subject of one sentence with what another one says."""
    del world
    others = [s for s in sentences(text) if s not in quote and len(s.split()) > 8]
    said = quote.split()
    if not others or len(said) < 8:
        return None
    other = rng.choice(others).split()
    head = " ".join(said[: rng.randint(3, max(4, len(said) // 2))]).rstrip(",;:.")
    return head + rng.choice(_GAPS) + " ".join(other[rng.randint(2, len(other) // 2) :])


def _middle_left_out(text: str, quote: str, rng: random.Random, world: World) -> str | None:
    """A span with some words inside left out, marked or not."""
    del world, text
    said = quote.split()
    if len(said) < 12:
        return None
    start = rng.randint(3, len(said) - 7)
    stop = rng.randint(start + 2, len(said) - 3)
    return " ".join(said[:start]).rstrip(",;:") + rng.choice(_GAPS) + " ".join(said[stop:])


def _two_passages(text: str, quote: str, rng: random.Random, world: World) -> str | None:
    """The beginning of the quote with a sentence of another passage."""
    other = world.passages[rng.choice(sorted(world.passages))]
    tail = rng.choice(sentences(other.text))
    return None if tail in text else without_stop(quote) + rng.choice((". ", " … ", "; ", " ")) + tail
