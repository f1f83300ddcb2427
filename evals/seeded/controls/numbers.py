"""The same figures and dates written in another way in the claim."""

from __future__ import annotations

import random
import re

from evals.seeded.figures import MONTH, MONTHS, Figure, figures, replaced
from evals.seeded.sample import Sample
from evals.seeded.sources import World

_WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_SHARES = {"half": ("50%", "50 percent"), "one third": ("a third", "33%"), "two-thirds": ("two thirds", "about 67%")}
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}}) ({MONTH}) ((?:19|20)\d{{2}})\b")
_MONTH_FIRST = re.compile(rf"\b({MONTH}) (\d{{1,2}}), ((?:19|20)\d{{2}})\b")
_MONTH_ONLY = re.compile(rf"(?<!\d )\b({MONTH}) ((?:19|20)\d{{2}})\b")
_NO_WORDS = re.compile(
    r"^(?:[- ](?:fold|hour|percentage|out of|of the \d|of \d|to \d|or \d|minutes? |%)|\s?(?:million|billion))"
)


def number_format(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    """One figure of the claim in another notation."""
    del world
    options = [replaced(sample.text, f, new) for f in figures(sample.text) for new in _notations(sample.text, f)]
    return sample.saying(rng.choice(options)) if options else None


def date_format(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    """One date of the claim in another notation."""
    del world
    options = [
        sample.text[: m.start()] + new + sample.text[m.end() :]
        for pattern, forms in ((_DAY_FIRST, _days), (_MONTH_FIRST, _days), (_MONTH_ONLY, _months))
        for m in pattern.finditer(sample.text)
        for new in forms(m)
        if new != m.group()
    ]
    return sample.saying(rng.choice(options)) if options else None


def _notations(text: str, figure: Figure) -> list[str]:
    """Other ways to write the figure, none where it has only one."""
    digits, unit, currency = figure.digits, figure.unit.strip(), figure.currency
    if figure.in_words:
        return list(_SHARES.get(digits, ())) or ([f"{figure.value:g}"] if digits in _WORDS else [])
    if unit == "%":
        return [digits + written for written in (" percent", " per cent", " %", "\u00a0%")]
    if unit in ("million", "billion"):
        short = unit[0].upper() if currency else f" {unit[0]}n"
        return [f"{currency}{figure.value:,.0f}", f"{currency}{digits}{short}"]
    return [] if unit else _of_plain(text, figure)


def _of_plain(text: str, figure: Figure) -> list[str]:
    number, digits = figure.value, figure.digits
    if figure.currency:
        thousands = f"{figure.currency}{number / 1000:g}"
        return [f"{thousands}K", f"{thousands}k", f"{thousands} thousand"] if number >= 1000 else []
    if "," in digits:
        large = [f"{number / 1e6:g} million"] if number >= 1e6 else [f"{number / 1000:g} thousand"]
        return [digits.replace(",", ""), digits.replace(",", "\u202f"), *large]
    if number <= 12 and digits.isdigit() and figure.start and not _NO_WORDS.match(text[figure.end :]):
        return [_WORDS[int(number)]]
    return []


def _days(found: re.Match[str]) -> list[str]:
    month = next(name for name in found.groups() if name in MONTHS)
    day, year = next(int(n) for n in found.groups() if n.isdigit() and len(n) < 3), found[3]
    return [
        f"{month} {day}, {year}",
        f"{day} {month} {year}",
        f"{year}-{MONTHS.index(month) + 1:02d}-{day:02d}",
        f"{day} {month[:3]} {year}",
    ]


def _months(found: re.Match[str]) -> list[str]:
    month, year = found[1], found[2]
    return [f"{month} of {year}", f"{month[:3]} {year}" if len(month) > 4 else f"{month} {year}", f"{month}, {year}"]
