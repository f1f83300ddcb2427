"""Parts and multiples in words: "a third", "one in five", "doubled". They are figures too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from agent.grounding.figures import Figure

TOLERANCE = Fraction(3, 2)
"""Percentage points by which a part in words may differ from a percentage: a third is about 33 %."""

_UNITS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}  # fmt: skip  # noqa: E501
_PARTS = {
    "half": 2,
    "third": 3,
    "quarter": 4,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "tenth": 10,
}
_NUMBER = "|".join(_UNITS)
_PART = re.compile(
    rf"\b(?P<count>one|two|three|four|five|seven|nine)[- ](?P<many>(?:third|quarter|fifth|sixth|seventh|eighth"
    rf"|tenth)s?)\b"
    r"(?! (?:of (?:19|20)\d\d|articles?|quarters?))"
    r"|\b(?:an?|by an?) (?P<one>third|quarter|fifth|tenth)\b(?= of (?!(?:19|20)\d\d)|[.,;:)]|$| (?:more|less|fewer"
    r"|higher|lower))"
    r"|(?<!first )(?<!second )(?<!last )\b(?P<half>half)\b(?!-| ?year| (?:hour|day|decade|million|billion))"
    rf"|\b(?P<in>{_NUMBER}|\d+) (?:in|out of)(?: every)? (?P<all>{_NUMBER}|\d+)\b(?! (?:years?|months?|weeks?"
    rf"|days?)| ?%|[.,]\d)",
)
_TIMES = re.compile(
    r"\b(?:(?P<two>doubl(?:e[sd]?|ing)|twice|twofold|two-fold)|(?P<three>trebl(?:e[sd]?|ing)|tripl(?:e[sd]?|ing)"
    r"|thrice|threefold)"
    r"|(?P<four>quadrupl(?:e[sd]?|ing)|fourfold)|(?P<part>halv(?:e[sd]?|ing)))\b"
)
_TIMES_VALUES: Mapping[str, Fraction] = {
    "two": Fraction(2), "three": Fraction(3), "four": Fraction(4), "part": Fraction(1, 2),
}  # fmt: skip


class Share(NamedTuple):
    """A part or a multiple in words."""

    written: str
    times: bool
    """It multiplies something, as opposed to being a part of it."""
    value: Fraction
    start: int
    end: int
    """Offsets into the normalised text."""


def shares(plain: str) -> tuple[Share, ...]:
    """The parts and multiples in words of a normalised text."""
    lower = plain.lower() if len(plain.lower()) == len(plain) else plain
    found = [share for match in _PART.finditer(lower) if (share := _part(match)) is not None]
    for match in _TIMES.finditer(lower):
        name = next(group for group in _TIMES_VALUES if match[group])
        found.append(Share(match[0], True, _TIMES_VALUES[name], *match.span()))
    return tuple(found)


def is_stated(share: Share, quoted: Iterable[Share], figures: Iterable[Figure]) -> bool:
    """Whether quoted parts, multiples, percentages or pairs of figures say the same."""
    if any(other.times == share.times and other.value == share.value for other in quoted):
        return True
    read = [reading for figure in figures for reading in figure.readings]
    if not share.times:
        percents = [_fraction(reading.value) for reading in read if reading.kind == "percent"]
        return any(value is not None and abs(value - share.value * 100) <= TOLERANCE for value in percents)
    multiples = [_fraction(reading.value) for reading in read if reading.kind == "multiple"]
    if share.value in multiples or (share.value == 2 and any(r.kind == "percent" and r.value == "100" for r in read)):
        return True
    values = [value for reading in read if (value := _fraction(reading.value))]
    return any(abs(high / low - share.value) <= share.value / 20 for low in values for high in values if low != high)


def percent_of(share: Share) -> Fraction | None:
    """The percentage that a part in words stands for; `None` for a multiple."""
    return None if share.times else share.value * 100


def _part(match: re.Match[str]) -> Share | None:
    if match["half"]:
        value = Fraction(1, 2)
    elif match["in"]:
        above, below = _count(match["in"]), _count(match["all"])
        if not 0 < above < below <= 1000:
            return None
        value = Fraction(above, below)
    else:
        value = Fraction(_UNITS[match["count"] or "a"], _PARTS[(match["many"] or match["one"]).rstrip("s")])
    return Share(match[0].strip(), False, value, *match.span())


def _count(written: str) -> int:
    return _UNITS.get(written) or (int(written) if len(written) <= 4 else 0)


def _fraction(value: str) -> Fraction | None:
    return Fraction(value) if re.fullmatch(r"\d{1,15}(?:\.\d{1,6})?", value) else None
