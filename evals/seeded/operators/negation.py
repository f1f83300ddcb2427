"""Negations lost or put in, in the claim or by where the quote is cut."""

from __future__ import annotations

import random
import re

from evals.seeded.sample import Sample, reworked, stands_in
from evals.seeded.sentences import lower_first, sentences, without_stop
from evals.seeded.sources import World

_DROPS: tuple[tuple[str, str], ...] = (
    (r"\bdoes not\b", "does"), (r"\bdo not\b", "do"), (r"\bdid not\b", "did"), (r"\bis not\b", "is"),
    (r"\bare not\b", "are"),
    (r"\bwas not\b", "was"), (r"\bwere not\b", "were"), (r"\bhas not\b", "has"), (r"\bhave not\b", "have"),
    (r"\bhad not\b", "had"), (r"\bcannot\b", "can"), (r"\bcould not\b", "could"), (r"\bwill not\b", "will"),
    (r"\bmay not\b", "may"), (r"\bwithout\b", "with"), (r"\bno longer\b", "still"), (r"\bnever\b", "always"),
    (r"\bnone of\b", "all of"), (r"\bneither\b", "both"), (r"\bnor that\b", "and that"), (r"\bfinds no\b", "finds a"),
    (r"\bno (?=[a-z])", "a "), (r"\bshow no\b", "show a"), (r"\band not\b", "and"), (r"\brather than\b", "as well as"),
    (r"\binstead of\b", "along with"), (r"\brejects\b", "shares"), (r"\bunlike\b", "like"),
    (r"\bnot because\b", "because"),
    (r", not\b", ", and"), (r"(?<!, )\bnot\b ", ""), (r"\bNo (?=[a-z])", "A "), (r"\bNone of\b", "All of"),
    (r"\bhardly any\b", "plenty of"),
)  # fmt: skip
_DENIALS = 14
"""How many of these, from the first, deny a verb."""
_ADDS: tuple[tuple[str, str], ...] = (
    (r"\bis\b(?! not)", "is not"), (r"\bare\b(?! not)", "are not"), (r"\bwas\b(?! not)", "was not"),
    (r"\bwere\b(?! not)", "were not"), (r"\bhas\b(?= (?:\w+ed|\w+en|been|had|begun)\b)", "has not"),
    (r"\bhave\b(?= (?:\w+ed|been|had|begun)\b)", "have not"),
    (r"\bhad\b(?= (?:\w+ed|\w+en|been|had|begun)\b)", "had not"), (r"\bcan\b(?! not)", "cannot"),
    (r"\bcould\b(?! not)", "could not"),
    (r"\bwill\b(?! not)", "will not"), (r"\bmust\b(?! not)", "must not"), (r"\bmay\b(?! not)", "may not"),
    (r"\brose\b", "did not rise"), (r"\bfell\b", "did not fall"), (r"\bgrew\b", "did not grow"),
    (r"\bfound that\b", "found no evidence that"), (r"\bsays that\b", "does not say that"), (r"\bsay\b", "do not say"),
    (r"\breports? that\b", "denies that"), (r"\breported that\b", "did not report that"),
    (r"\bexpects\b", "does not expect"), (r"\bexpect\b", "do not expect"),
    (r"\bcompleted\b", "did not complete"), (r"\bused\b(?= AI| Kub)", "did not use"), (r"\breached\b", "did not reach"),
    (r"(?<!had )(?<!was )\bscored\b", "did not score"), (r"\bshows?\b(?= that)", "does not show"),
    (r"\bnames?\b(?= [a-z])", "does not name"),
    (r"\bcovers\b", "does not cover"), (r"\bgives\b", "does not give"), (r"\brequires\b", "does not require"),
    (r"\btook\b", "did not take"), (r"\bsaw\b", "did not see"), (r"\bsee\b", "do not see"),
    (r"\bbuilt\b", "did not build"),
    (r"\bconcludes that\b", "does not conclude that"), (r"\bargues that\b", "does not argue that"),

)  # fmt: skip
_BEFORE = (
    "There is no evidence that {s}.", "It is not true that {s}.", "The authors do not claim that {s}.",
    "Nobody has shown that {s}.", "It would be wrong to conclude that {s}.", "The study failed to find that {s}.",
    "The data do not support the view that {s}.", "The authors reject the idea that {s}.", "It is a myth that {s}.",
    "Critics doubt that {s}.", "Earlier reports wrongly stated that {s}.", "The company denied that {s}.",
    "It is far from certain that {s}.", "No survey has confirmed that {s}.",
    "The results contradict the claim that {s}.",
    "We were unable to verify that {s}.", "It remains unproven that {s}.",
    "Contrary to what is often heard, it is not the case that {s}.",
)  # fmt: skip
_AFTER = (
    "{S}, a claim that later proved false.", "{S}, or so the vendor asserted before it withdrew the figure.",
    "{S}, but the authors have since retracted this.", "{S}, which an independent audit could not confirm.",
    "{S} only in a simulation, not in practice.", "{S}, a parody account had posted.",
    "{S}, if one believes an anonymous post that was refuted within days.",
    "{S}: that would be a misreading of the table.",
)  # fmt: skip


def negation_dropped(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    """What the source denies the claim affirms: the claim lost its negation, or only the source has one."""
    del world
    options = [text for text in _substituted(sample.text, _DROPS) if _sound(text)]
    if options and rng.random() < 0.85:
        return sample.saying(rng.choice(options))
    return _denied_by_source(sample, rng)


def negation_added(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    """What the source affirms the claim denies."""
    del world
    options = _denied(sample.text, _ADDS)
    return sample.saying(rng.choice(options)) if options else None


def quote_cut_flips(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    """A verbatim quote that leaves out the denial right before or after it; the claim follows the quote."""
    del world
    as_it_stands = _cut_as_it_stands(sample, rng) if rng.random() < 0.7 else None
    return as_it_stands or _cut_from_a_denial(sample, rng)


def _substituted(text: str, pairs: tuple[tuple[str, str], ...]) -> list[str]:
    """The text with one place changed, for every place that matches."""
    return [text[: found.start()] + new + text[found.end() :] for old, new in pairs for found in re.finditer(old, text)]


def _denied(text: str, pairs: tuple[tuple[str, str], ...]) -> list[str]:
    """`_substituted`, but for places near another negation, where one more would cancel it."""
    made = []
    for old, new in pairs:
        for found in re.finditer(old, text):
            near = text[max(0, found.start() - 40) : found.end() + 15]
            if not re.search(r"\b(?:not|no|none|nor|never|cannot|without|if)\b", near):
                made.append(text[: found.start()] + new + text[found.end() :])
    return made


def _sound(text: str) -> bool:
    return not re.search(
        r"\b(?:a|an) (?:such|more|other|less|AI in|longer|outside|other)\b|\ba [a-z]+s\b(?! (?:of|in))", text
    )


def _denied_by_source(sample: Sample, rng: random.Random) -> Sample | None:
    """A copy of the passage whose sentence denies what the claim says; the quote is the denial, word for word."""
    if len(sample.claim.citations) != 1:
        return None
    citation = sample.claim.citations[0]
    passage = sample.passages[citation.passage]
    options = [text for text in _denied(citation.quote, _ADDS[:19]) if text != citation.quote]
    if not options or citation.quote not in passage.text:
        return None
    denial = rng.choice(options)
    copy = reworked(passage, passage.text.replace(citation.quote, denial))
    return sample.storing(passage.id, copy).recite(0, quote=denial)


def _cut_as_it_stands(sample: Sample, rng: random.Random) -> Sample | None:
    """Out of a sentence that denies something, only what follows the denial; the claim affirms it."""
    number = rng.randrange(len(sample.claim.citations))
    quote = sample.claim.citations[number].quote
    options = []
    for old, new in _DROPS[:_DENIALS]:
        for found in re.finditer(old, quote):
            rest = quote[found.end() :].strip()
            if len(rest.split()) >= 5 and stands_in(rest, sample.passages[sample.claim.citations[number].passage].text):
                options.append((quote[: found.start()] + new + quote[found.end() :], rest))
    if not options:
        return None
    affirmed, rest = rng.choice(options)
    return sample.citing(sample.claim.citations[number].model_copy(update={"quote": rest})).saying(affirmed)


def _cut_from_a_denial(sample: Sample, rng: random.Random) -> Sample | None:
    """A copy of the passage in which the quoted sentence stands inside a denial; claim and quote stay as they were."""
    if len(sample.claim.citations) != 1:
        return None
    citation = sample.claim.citations[0]
    passage = sample.passages[citation.passage]
    said = without_stop(citation.quote)
    if (
        citation.quote not in passage.text
        or len(sentences(citation.quote)) > 1
        or citation.quote not in sentences(passage.text)
    ):
        return None
    if rng.random() < 0.7:
        said = lower_first(said)
        denial = rng.choice(_BEFORE).format(s=said)
    else:
        denial = rng.choice(_AFTER).format(S=said)
    copy = reworked(passage, passage.text.replace(citation.quote, denial))
    return sample.storing(passage.id, copy).recite(0, quote=said)
