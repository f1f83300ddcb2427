"""Wrong figures: another value, another unit, two figures exchanged."""

from __future__ import annotations

import random
import re

from evals.seeded.figures import Figure, figures, replaced, values, written
from evals.seeded.operators.dates import YEAR
from evals.seeded.sample import Sample
from evals.seeded.sources import World

_CHANGE = re.compile(
    r"(?:by|of|up|down|fell|rose|grew|dropped|increased|declined|almost|about|another|nearly|roughly|around|"
    r"only|just)\s(?:\w+\s)?$"
)
_OTHER_WORDS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "fifteen", "twenty")
_OTHER_SHARES = ("half", "one third", "two-thirds", "one quarter", "three quarters", "one tenth", "four fifths")
_OTHER_TIMES = {
    "ed": ("doubled", "tripled", "quadrupled", "halved"),
    "ing": ("doubling", "tripling", "quadrupling"),
    "fold": ("twofold", "threefold", "fivefold", "tenfold"),
}
_SPANS = {"minute": "hour", "hour": "minute", "day": "week", "week": "day", "month": "year", "year": "month"}
_SPAN = re.compile(r"(?<=[\d\w])([ -])(minute|hour|day|week|month|year)(s?)\b")
_COUNTED = re.compile(r"(?:\d|" + "|".join(_OTHER_WORDS) + r")$")
_RATE = {"a year": "a month", "an hour": "a day", "a month": "a year"}


def number_changed(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    """Another value in the claim; the quotes stay."""
    del world
    change = _change(sample, rng)
    return sample.saying(replaced(sample.text, *change)) if change else None


def number_changed_in_claim_and_quote(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    """The same wrong value in the claim and in its quote."""
    del world
    change = _change(sample, rng)
    if change is None:
        return None
    figure, new = change
    changed, hit = sample.saying(replaced(sample.text, figure, new)), False
    for number, citation in enumerate(sample.claim.citations):
        same = next((f for f in figures(citation.quote) if (f.value, f.unit) == (figure.value, figure.unit)), None)
        if same is not None:
            changed, hit = changed.recite(number, quote=replaced(citation.quote, same, new)), True
    return changed if hit else None


def unit_changed(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    """The same number with another unit."""
    del world
    options = [text for figure in _supported(sample) for text in _units(sample.text, figure, rng)]
    options += _spans(sample, rng)
    options = [text for text in options if text != sample.text]
    return sample.saying(rng.choice(options)) if options else None


def numbers_exchanged(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    """Two figures or years in each other's place: every value stands in the source, but about something else."""
    del world
    found = [(f.start, f.end, (f.unit, f.currency)) for f in _supported(sample) if not f.in_words]
    found += [(m.start(), m.end(), ("year", "")) for m in YEAR.finditer(sample.text) if m.group() in sample.quotes]
    text = sample.text
    pairs = [
        (a, b) for a in found for b in found
        if a[0] < b[0] and a[2] == b[2] and text[a[0] : a[1]] != text[b[0] : b[1]]
        and text[a[1] : b[0]] not in (" of ", " of the ", "-to-", " to ", " and ", " or ")
    ]  # fmt: skip
    if not pairs:
        return None
    (start, end, _), (start_2, end_2, _) = rng.choice(pairs)
    middle = text[end:start_2]
    return sample.saying(text[:start] + text[start_2:end_2] + middle + text[start:end] + text[end_2:])


def other_value(figure: Figure, known: set[float], rng: random.Random) -> str | None:
    """A wrong value a model might write, in the figure's style; `None` when chance finds none that is new."""
    if figure.in_words:
        return rng.choice([word for word in _spoken(figure) if word != figure.digits])
    for _ in range(12):
        value = rng.choice((_slipped, _near, _scaled, _turned, _far))(figure, rng)
        text = written(figure, value)
        reread = figures(text)
        if not reread or value <= 0 or (figure.unit.strip() == "%" and figure.value <= 100 < value):
            continue
        got = reread[0].value
        if abs(got - figure.value) >= 0.015 * figure.value and got not in known and round(got) not in known:
            return text
    return None


def _spoken(figure: Figure) -> tuple[str, ...]:
    """The words that can stand in the figure's place."""
    for ending, words in _OTHER_TIMES.items():
        if figure.digits.endswith(ending):
            return words
    return _OTHER_WORDS if figure.value >= 2 else _OTHER_SHARES


def _supported(sample: Sample) -> list[Figure]:
    """The claim's figures that its quotes hold."""
    held = values(sample.quotes)
    return [figure for figure in figures(sample.text) if figure.value in held and figure.value > 0]


def _change(sample: Sample, rng: random.Random) -> tuple[Figure, str] | None:
    """A figure of the claim and what is written in its place."""
    picked = _supported(sample)
    if not picked:
        return None
    figure, known = rng.choice(picked), values(f"{sample.text}\n{sample.quotes}")
    for _ in range(6):
        new = other_value(figure, known, rng)
        if new and not (figure.in_words and re.search(rf"\b{re.escape(new)}\b", sample.known)):
            return figure, new
    return None


def _units(text: str, figure: Figure, rng: random.Random) -> list[str]:
    unit, number = figure.unit.strip(), text[figure.start : figure.end - len(figure.unit)]
    if figure.currency:
        options = [c + figure.digits + figure.unit for c in "$€£" if c != figure.currency]
    elif unit in ("%", "percent", "per cent"):
        options = _for_percent(text, figure, number)
    elif unit in ("million", "billion"):
        options = [f"{number} {'billion' if unit == 'million' else 'million'}", number]
    else:
        options = [f"{number}%"] if unit else _for_bare(text, figure)
    return [replaced(text, figure, option) for option in rng.sample(options, min(2, len(options)))]


def _for_percent(text: str, figure: Figure, number: str) -> list[str]:
    if _CHANGE.search(text[: figure.start]):
        return [
            f"{number} percentage points",
            f"{number} percentage points",
            f"{number} times",
            f"{number} basis points",
        ]
    if re.match(r" of\b", text[figure.end :]):
        return [number, f"{number} per mille", f"{number} million"]
    return [f"{number} per mille", f"{number} basis points", f"{number} points"]


def _for_bare(text: str, figure: Figure) -> list[str]:
    """A count told in millions, or as a share."""
    if (
        figure.in_words
        or "." in figure.digits
        or re.match(r"[- ](?:of|to|minute|hour|day|week|month|year|or)", text[figure.end :])
    ):
        return []
    if figure.value >= 1000:
        return [f"{figure.value / 1000:g} million", f"{figure.value / 1000:g} billion"]
    return [f"{figure.digits}% of"] if re.match(r" [a-z]+s\b", text[figure.end :]) else []


def _spans(sample: Sample, rng: random.Random) -> list[str]:
    """Minutes for hours and the like, where a number stands before them."""
    options = []
    for found in _SPAN.finditer(sample.text):
        if found[2] in sample.quotes and _COUNTED.search(sample.text[: found.start()]):
            other = f"{found[1]}{_SPANS[found[2]]}{found[3]}"
            options.append(sample.text[: found.start()] + other + sample.text[found.end() :])
    for old, new in _RATE.items():
        if re.search(rf"\d[^.;]{{0,40}} {old}\b", sample.text) and old in sample.quotes:
            options.append(sample.text.replace(old, new, 1))
    rng.shuffle(options)
    return options


def _slipped(figure: Figure, rng: random.Random) -> float:
    """One digit off."""
    step = 10.0 ** -len(figure.digits.partition(".")[2])
    scale = figure.value / float(figure.digits.replace(",", ""))
    return figure.value + scale * step * rng.choice((-3, -2, -1, 1, 2, 3, 4, 5))


def _near(figure: Figure, rng: random.Random) -> float:
    return figure.value * rng.choice((0.8, 0.85, 0.9, 1.1, 1.15, 1.2, 1.25))


def _far(figure: Figure, rng: random.Random) -> float:
    return figure.value * rng.choice((0.3, 0.5, 0.6, 1.5, 2.0, 2.5, 3.0))


def _scaled(figure: Figure, rng: random.Random) -> float:
    return figure.value * rng.choice((0.1, 10.0))


def _turned(figure: Figure, rng: random.Random) -> float:
    """Two neighbouring digits exchanged."""
    digits = figure.digits.replace(",", "")
    places = [i for i in range(len(digits) - 1) if digits[i].isdigit() and digits[i + 1].isdigit()]
    if not places:
        return figure.value * 2
    at = rng.choice(places)
    turned = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
    return float(turned) * (figure.value / float(digits))
