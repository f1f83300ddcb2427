"""The figures of a text: what is a figure, its value and its unit kind, independent of how it is written.

A figure is read as (kind, value): "89 %", "89 percent" and "89%" are one reading, "89" is another. Digits inside a name
(GPT-4, H100, EC2) and ordinals (2nd) are no figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from string import ascii_lowercase, ascii_uppercase
from typing import NamedTuple

from agent.grounding.normalise import normalise
from agent.grounding.numerals import NUMBER_DIGITS, NUMBER_WORDS, value_of

_SCALES = {
    "hundred": 2, "thousand": 3, "k": 3, "lakh": 5, "lakhs": 5, "million": 6, "mn": 6, "mio": 6, "mil": 6, "m": 6,
    "crore": 7, "crores": 7, "billion": 9, "bn": 9, "mrd": 9, "b": 9,
    "trillion": 12, "tn": 12, "trn": 12, "t": 12,
}  # fmt: skip
_CURRENCIES = {
    "$": "USD", "us$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD",
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR",
    "£": "GBP", "gbp": "GBP", "pound": "GBP", "pounds": "GBP",
    "¥": "JPY", "₹": "INR", "inr": "INR", "rs": "INR", "chf": "CHF",
    "c$": "CAD", "ca$": "CAD", "cad": "CAD", "a$": "AUD", "au$": "AUD", "aud": "AUD",
}  # fmt: skip
_TIMES = {
    "second": "second", "minute": "minute", "min": "minute", "hour": "hour", "hr": "hour", "day": "day", "week": "week",
    "month": "month", "year": "year", "yr": "year", "decade": "decade",
}  # fmt: skip
_TIME_PREFIXES = {"mid", "pre", "post", "early", "late", "since", "top", "sub", "under", "over", "non", "fy", "cy"}

# Only A to Z: Python's own lower case can change a text's length, and case-blind matching knows letters beyond them.
_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)

_SHARES = (
    r"(?P<points> ?[%٪] points?\b| ?-?percentage[ -]points?\b| ?pp\b)"
    r"|(?P<percent> ?[%٪]| ?-?per ?cent\b(?!age)| ?pct\b)"
    r"|(?P<permille> ?‰| per ?mille?\b)|(?P<bps> ?bps?\b| ?-?basis[ -]points?\b)"
)
_MONEY = r" (?:us )?dollars?\b| euros?\b| pounds?\b| (?:usd|eur|gbp|chf|inr)\b| ?[€£¥₹](?! ?\d)| ?\$(?! ?\d)"
_UNIT = rf"{_SHARES}|(?P<multiple> ?x\b| ?×| times\b| ?-?fold\b)|(?P<money>{_MONEY})|(?P<dozen> ?-?dozens?\b)"
_SCALE_WORD = r"thousand|million|billion|trillion|lakhs?|crores?"
_SCALE = (
    rf"(?P<hundred> ?-?hundred\b(?= (?:{_SCALE_WORD})\b))?"
    r"(?P<scale>(?(before) ?[kmbt]\b|[kmb]\b)| ?(?:mn|bn|tn|trn|mio|mrd|mil)\b"
    rf"| ?-?(?:hundred|{_SCALE_WORD})\b)"
)
_STRONG = r" ?[%٪‰]| ?-?per ?cent\b(?!age)| ?pct\b| ?-?percentage[ -]point| ?pp\b| ?bps\b| ?-?basis[ -]point"
_FIGURE = re.compile(
    r"(?P<before>(?<![^\W_])[a-z]{1,3}\$ ?|(?<![^\W\d_])(?:usd|eur|gbp|inr|chf|cad|aud|rs\.?) ?|[$€£¥₹] ?)?"
    rf"(?P<number>{NUMBER_DIGITS}|(?<![\d%])(?:\^\d)+(?={_STRONG}|{_MONEY}| (?:{_SCALE_WORD})\b)|{NUMBER_WORDS})"
    rf"(?P<ordinal>(?:st|nd|rd|th)\b)?(?:{_SCALE})?(?:{_UNIT})?"
)
_GLUED_UNIT = re.compile(rf"(?:{_STRONG}|{_MONEY}| ?-?(?:{_SCALE_WORD})\b)")
_GLUED_MULTIPLE = re.compile(r"x\b|×|-?fold\b")
_TIME = re.compile(rf"[ -]?(?P<time>{'|'.join(_TIMES)})s?\b")
_NAME_BEFORE = re.compile(r"(?P<word>[^\W\d_]+)(?:[-/.](?=$)|$)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_IDIOM = re.compile(r"24/7|\b[1-9][DG]\b|\b(?:is|are|was|were|be) (?:two|three)-?fold\b")
_LINK = re.compile(r" ?(?:-|to|and|or) ?")


class Reading(NamedTuple):
    """What a figure says."""

    kind: str
    """plain, percent, points, permille, bps, multiple, dozen, a currency, or sequence (dotted as in a version)."""
    value: str
    """Decimal digits without trailing zeros; a scale word or suffix is multiplied in."""


@dataclass(frozen=True)
class Figure:
    """One figure of a text."""

    written: str
    start: int
    end: int
    """Offsets into the normalised text."""
    readings: frozenset[Reading]
    """More than one where a range leaves it open, as in "$5 to $7 million"."""
    in_words: bool
    """A bare number word ("three"): counts as support for a figure, and needs none itself."""
    time: str | None = None
    """The unit of time that follows ("month"), which the span leaves out."""

    def supports(self, stated: Figure) -> bool:
        """Whether it says what `stated` says. Units of time must agree where both have one."""
        same_time = self.time is None or stated.time is None or self.time == stated.time
        return same_time and not self.readings.isdisjoint(stated.readings)


class _Parsed(NamedTuple):
    match: re.Match[str]
    kind: str
    scale: int
    time: str | None


def figures(text: str) -> tuple[Figure, ...]:
    """Every figure of `text` in order of appearance, with offsets into `normalise(text)`."""
    return figures_of_normal(normalise(text))


@lru_cache(maxsize=4096)
def figures_of_normal(text: str) -> tuple[Figure, ...]:
    """`figures` for a text that is normalised already."""
    idioms = {at for match in _IDIOM.finditer(text) for at in range(match.start(), match.end())}
    parsed = [found for found in _parse(text) if found.match.start("number") not in idioms]
    return tuple(
        _figure(text, found, parsed[at - 1] if at else None, parsed[at + 1] if at + 1 < len(parsed) else None)
        for at, found in enumerate(parsed)
    )


def is_year(figure: Figure) -> bool:
    """Whether the figure is written like a year, 1900 to 2099."""
    return _YEAR.fullmatch(figure.written) is not None


def _parse(text: str) -> Iterator[_Parsed]:
    lower = text.translate(_LOWER)
    for match in _FIGURE.finditer(lower):
        if match["ordinal"] or _inside_name(text, lower, match):
            continue
        scale = _SCALES[match["scale"].strip(" -")] if match["scale"] else 0
        time = _TIME.match(lower, match.end()) if not _YEAR.fullmatch(match["number"]) else None
        yield _Parsed(match, _kind(match), scale + 2 * bool(match["hundred"]), _TIMES[time["time"]] if time else None)


def _kind(match: re.Match[str]) -> str:
    if match["before"]:
        written = match["before"].strip(" .")
        return _CURRENCIES.get(written, written.upper())
    if match["money"]:
        return _CURRENCIES[match["money"].split()[-1]]
    kinds = ("percent", "points", "permille", "bps", "multiple", "dozen")
    return next((kind for kind in kinds if match[kind]), "plain")


def _inside_name(text: str, lower: str, match: re.Match[str]) -> bool:
    """Whether the digits are glued to letters before them (H100), or hang on a capitalised word by a hyphen (GPT-4).

    A share, an amount of money or a scale word after them tells a figure all the same ("Approx.90%").
    """
    if match["before"] or not match["number"][0].isdecimal():
        return False
    start, end = match.span("number")
    if start and text[start - 1] == "^":
        return True
    glued = start > 0 and (text[start - 1].isalpha() or text[start - 1] == "_")
    if _GLUED_UNIT.match(lower, end):
        return False
    if glued:
        return _GLUED_MULTIPLE.match(lower, end) is None
    before = _NAME_BEFORE.search(text[max(0, start - 40) : start])
    if before is None or text[start - 1] not in "-/.":
        return False
    word = before["word"]
    return word != word.lower() and word.lower() not in _TIME_PREFIXES


def _figure(text: str, found: _Parsed, previous: _Parsed | None, following: _Parsed | None) -> Figure:
    match = found.match
    number = match["number"]
    kinds, scales, time = {found.kind}, {found.scale}, found.time
    onward = following if following is not None and _leads_to(text, found, following) else None
    if found.kind == "plain" and not _YEAR.fullmatch(number):
        if onward is not None:
            kinds = {onward.kind}
            time = time or onward.time
        elif previous is not None and previous.kind.isupper() and _ranged(text, previous.match.end(), match.start()):
            kinds = {previous.kind}
    if not found.scale and onward is not None:
        scales.add(onward.scale)
    return Figure(
        written=text[match.start() : match.end()].strip(" -"),
        start=match.start(),
        end=match.end(),
        readings=frozenset(_reading(kind, number, scale) for kind in kinds for scale in scales),
        in_words=number[0].isalpha() and found.kind in {"plain", "dozen"} and not found.scale,
        time=time,
    )


def _leads_to(text: str, found: _Parsed, following: _Parsed) -> bool:
    """Whether a unit after the second figure is the first one's, too: "12 to 15%", not "from 100 to 20%"."""
    if not _ranged(text, found.match.end(), following.match.start()):
        return False
    if following.match["before"] and not found.match["before"]:
        return False
    return bool(found.match["before"]) or _rises(found.match["number"], following.match["number"])


def _rises(first: str, second: str) -> bool:
    low, high = (value_of(number, 0).partition(".") for number in (first, second))
    size = max(len(low[0]), len(high[0]))
    return (low[0].rjust(size, "0"), low[2]) <= (high[0].rjust(size, "0"), high[2])


def _ranged(text: str, end: int, start: int) -> bool:
    link = _LINK.fullmatch(text[end:start]) if 0 < start - end <= 5 else None
    return link is not None and (link[0].strip() in {"-", "to", "or"} or _after_between(text, end))


def _after_between(text: str, end: int) -> bool:
    return "between " in text[max(0, end - 40) : end].lower()


def _reading(kind: str, number: str, scale: int) -> Reading:
    value = value_of(number, scale)
    return Reading("sequence" if value.count(".") > 1 or "," in value else kind, value)
