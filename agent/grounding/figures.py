"""The figures of a text: what is a figure, its value and its unit kind, independent of how it is written.

A figure is read as (kind, value): "89 %", "89 percent" and "89%" are one reading, "89" is another. Digits inside a name
(GPT-4, H100, EC2) and ordinals (2nd) are no figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from string import ascii_lowercase, ascii_uppercase
from typing import NamedTuple

from agent.grounding.normalise import normalise

_SCALES = {"thousand": 3, "k": 3, "million": 6, "mn": 6, "m": 6, "billion": 9, "bn": 9, "b": 9, "trillion": 12}
_CURRENCIES = {
    "$": "USD", "us$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD",
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR",
    "£": "GBP", "gbp": "GBP", "pound": "GBP", "pounds": "GBP",
    "¥": "JPY", "₹": "INR", "inr": "INR", "rs": "INR", "chf": "CHF",
    "c$": "CAD", "cad": "CAD", "a$": "AUD", "aud": "AUD",
}  # fmt: skip
_WORDS = {
    word: str(value)
    for value, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    )
} | {
    word: str(10 * tens)
    for tens, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
_TIME_PREFIXES = {"mid", "pre", "post", "early", "late", "since", "top", "sub", "under", "over", "non", "fy", "cy"}

# Only A to Z: Python's own lower case can change a text's length, and case-blind matching knows letters beyond them.
_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)

_DIGITS = r"\d{1,3}(?: \d{3}){2,}(?![\d.,]*\d)|\d+(?:[.,]\d+)*"
_WORD = "|".join(_WORDS)
_UNIT = (
    r"(?P<percent> ?%| ?-?per ?cent\b(?!age)| ?pct\b)|(?P<points> ?-?percentage[ -]points?\b| ?pp\b)"
    r"|(?P<multiple> ?x\b| ?×| times\b| ?-?fold\b)"
    r"|(?P<money> (?:us )?dollars?\b| euros?\b| pounds?\b| (?:usd|eur|gbp)\b)"
)
_SCALE = r"(?P<scale>[kmb]\b|mn\b|bn\b| ?-?(?:thousand|million|billion|trillion)\b| (?:mn|bn)\b)"
_FIGURE = re.compile(
    r"(?P<before>us\$|[ac]\$|(?<![^\W\d_])(?:usd|eur|gbp|inr|chf|cad|aud|rs\.?) ?|[$€£¥₹] ?)?"
    rf"(?P<number>{_DIGITS}|\b(?:{_WORD})\b)(?P<ordinal>(?:st|nd|rd|th)\b)?(?:{_SCALE})?(?:{_UNIT})?"
)
_NAME_BEFORE = re.compile(r"(?P<word>[^\W\d_]+)(?:[-/.](?=$)|$)")
_IDIOM = re.compile(r"24/7|\b[1-9][DG]\b")
_LINK = re.compile(r" ?(?:-|to|and|or) ?")
_SPACED = re.compile(r"(?<![\d.,])\d{1,3} \d{3}(?![\d.,]| \d{3})")


class Reading(NamedTuple):
    """What a figure says."""

    kind: str
    """plain, percent, points, multiple, a currency code, or sequence (dotted numbers such as a version)."""
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


class _Parsed(NamedTuple):
    match: re.Match[str]
    kind: str
    scale: int


def figures(text: str) -> tuple[Figure, ...]:
    """Every figure of `text` in order of appearance, with offsets into `normalise(text)`."""
    return figures_of_normal(normalise(text))


def figures_of_normal(text: str) -> tuple[Figure, ...]:
    """`figures` for a text that is normalised already."""
    idioms = {at for match in _IDIOM.finditer(text) for at in range(match.start(), match.end())}
    parsed = [found for found in _parse(text) if found.match.start("number") not in idioms]
    return tuple(
        _figure(text, found, parsed[at - 1] if at else None, parsed[at + 1] if at + 1 < len(parsed) else None)
        for at, found in enumerate(parsed)
    )


def spaced_thousands(text: str) -> tuple[Figure, ...]:
    """Figures written like "42 051" in a normalised text. Only support: two figures may stand side by side, too."""
    return tuple(
        Figure(match[0], match.start(), match.end(), frozenset({Reading("plain", _value(match[0], 0))}), False)
        for match in _SPACED.finditer(text)
    )


def is_year(figure: Figure) -> bool:
    """Whether the figure is written like a year, 1900 to 2099."""
    return re.fullmatch(r"(?:19|20)\d\d", figure.written) is not None


def _parse(text: str) -> Iterator[_Parsed]:
    for match in _FIGURE.finditer(text.translate(_LOWER)):
        if match["ordinal"] or _inside_name(text, match):
            continue
        scale = _SCALES[match["scale"].strip(" -")] if match["scale"] else 0
        yield _Parsed(match, _kind(match), scale)


def _kind(match: re.Match[str]) -> str:
    if match["before"]:
        return _CURRENCIES[match["before"].strip(" .")]
    if match["money"]:
        return _CURRENCIES[match["money"].split()[-1]]
    return next((kind for kind in ("percent", "points", "multiple") if match[kind]), "plain")


def _inside_name(text: str, match: re.Match[str]) -> bool:
    """Whether the digits are glued to letters before them (H100), or hang on a capitalised word by a hyphen (GPT-4)."""
    if match["before"] or not match["number"][0].isdecimal():
        return False
    start = match.start("number")
    glued = start > 0 and (text[start - 1].isalpha() or text[start - 1] in "_^")
    if glued:
        return True
    before = _NAME_BEFORE.search(text[max(0, start - 40) : start])
    if before is None or text[start - 1] not in "-/.":
        return False
    word = before["word"]
    return word != word.lower() and word.lower() not in _TIME_PREFIXES


def _figure(text: str, found: _Parsed, previous: _Parsed | None, following: _Parsed | None) -> Figure:
    match = found.match
    number = match["number"]
    word = not number[0].isdecimal()
    kinds, scales = {found.kind}, {found.scale}
    if found.kind == "plain" and not re.fullmatch(r"(?:19|20)\d\d", number):
        if following is not None and _ranged(text, match.end(), following.match.start()):
            kinds = {following.kind}
        elif previous is not None and previous.kind.isupper() and _ranged(text, previous.match.end(), match.start()):
            kinds = {previous.kind}
    if not found.scale and following is not None and _ranged(text, match.end(), following.match.start()):
        scales.add(following.scale)
    digits = _WORDS[number] if word else number
    return Figure(
        written=text[match.start() : match.end()].strip(" -"),
        start=match.start(),
        end=match.end(),
        readings=frozenset(_reading(kind, digits, scale) for kind in kinds for scale in scales),
        in_words=word and found.kind == "plain" and not found.scale,
    )


def _ranged(text: str, end: int, start: int) -> bool:
    link = _LINK.fullmatch(text[end:start]) if 0 < start - end <= 5 else None
    return link is not None and (link[0].strip() in {"-", "to", "or"} or _after_between(text, end))


def _after_between(text: str, end: int) -> bool:
    return "between " in text[max(0, end - 40) : end].lower()


def _reading(kind: str, digits: str, scale: int) -> Reading:
    value = _value(digits, scale)
    return Reading("sequence" if value.count(".") > 1 or "," in value else kind, value)


def _value(written: str, scale: int) -> str:
    """Canonical decimal digits. Works on the characters: a passage may hold a number of any length."""
    written = written.replace(" ", "")
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", written):
        written = written.replace(",", "")
    elif re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?", written):
        written = written.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"\d+,(?:\d{1,2}|\d{4,})", written):
        written = written.replace(",", ".")
    if not re.fullmatch(r"\d+(?:\.\d+)?", written):
        return written if scale == 0 else f"{written}e{scale}"
    whole, _, fraction = written.partition(".")
    fraction = fraction.ljust(scale, "0")
    whole, fraction = (whole + fraction[:scale]).lstrip("0") or "0", fraction[scale:].rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole
