"""Dates and rates in a claim beside the years that are figures: months, quarters, "late", "a month", and "now"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from agent.grounding import lexicon

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_SHORT = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12}  # fmt: skip  # noqa: E501
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}

_MONTH = re.compile(
    r"\b(?P<long>January|February|March|April|June|July|August|September|October|November|December)\b"
    r"|\b(?P<may>May)\b(?=,? (?:\d|of (?:19|20))|/[A-Z])|(?<=\d )(?P<may2>May)\b"
    r"|\b(?:[Ii]n|[Oo]f|[Bb]y|[Ss]ince|[Uu]ntil|[Ff]rom|[Tt]o|[Ee]arly|[Ll]ate|[Mm]id|[Ll]ast|[Tt]his|[Bb]etween"
    r"|and) (?P<may3>May)\b"
    r"|\b(?P<short>Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?(?= ?\d)"
)
_QUARTER = re.compile(
    r"\bQ(?P<number>[1-4])\b|\b(?P<word>first|second|third|fourth|1st|2nd|3rd|4th) quarter\b"
    r"|\bH(?P<half>[12])\b|\b(?P<half_word>first|second) half(?: of (?:the year|(?:19|20)\d\d))",
    re.IGNORECASE,
)
_ISO = re.compile(r"\b((?:19|20)\d\d)-(\d\d)(?:-(\d\d))?\b")
_RATE = re.compile(
    r"(?<!in )(?<!within )(?<!over )(?<!for )(?:\b(?:an?|per|each|every|over|on)|/) ?(?P<unit>second|minute|hour"
    r"|day|week|month|quarter|year)\b(?! (?:ago|earlier|later|before"
    r"|after|on|or|old))|\b(?P<adverb>hourly|daily|weekly|monthly|quarterly|yearly|annual(?:ly)?)\b",
    re.IGNORECASE,
)
_UNITS = ("second", "minute", "hour", "day", "week", "month", "quarter", "year")
_ADVERBS = {"hour": 2, "dail": 3, "week": 4, "mont": 5, "quar": 6, "year": 7, "annu": 7}
_PART = re.compile(
    r"\b(?P<part>early|mid|late)[- ](?=(?:in )?(?:(?:19|20)\d\d|[A-Z][a-z]+ (?:19|20)\d\d))", re.IGNORECASE
)
_PARTS = ("early", "mid", "late")
_CURRENT = re.compile(lexicon.CURRENT, re.IGNORECASE)


class DatePart(NamedTuple):
    """A part of a date smaller than a year."""

    kind: str
    """month, quarter, half, part (of a year or month: early, mid, late) or rate (a unit of time: "a month")."""
    value: int
    """Its place in the order of its kind."""
    start: int
    end: int
    """Offsets into the normalised text."""

    @property
    def key(self) -> tuple[str, int]:
        """What it says, wherever it stands."""
        return self.kind, self.value


@lru_cache(maxsize=4096)
def date_parts(plain: str) -> tuple[DatePart, ...]:
    """The months, quarters and halves of a year that a normalised text names."""
    return tuple(_date_parts(plain))


def _date_parts(plain: str) -> Iterator[DatePart]:
    for match in _MONTH.finditer(plain):
        name = next(group for group in ("long", "may", "may2", "may3", "short") if match[group])
        word = match[name].lower()
        value = MONTHS.index(word) + 1 if word in MONTHS else _SHORT[word]
        yield DatePart("month", value, *match.span(name))
    for match in _QUARTER.finditer(plain):
        half = match["half"] or match["half_word"]
        written = (match["number"] or match["word"] or half).lower()
        number = _ORDINALS[written] if written in _ORDINALS else int(written)
        yield DatePart("half" if half else "quarter", number, *match.span())
    for match in _ISO.finditer(plain):
        if 1 <= int(match[2]) <= 12:
            yield DatePart("month", int(match[2]), *match.span(2))
    for match in _RATE.finditer(plain):
        unit = _UNITS.index(match["unit"].lower()) if match["unit"] else _ADVERBS[match["adverb"].lower()[:4]]
        yield DatePart("rate", unit, *match.span())
    for match in _PART.finditer(plain):
        yield DatePart("part", _PARTS.index(match["part"].lower()), *match.span())


def iso_spans(plain: str) -> tuple[tuple[int, int], ...]:
    """Where a normalised text has dates like 2026-04-30."""
    return tuple(match.span() for match in _ISO.finditer(plain))


def parts_of_date(date: str) -> tuple[frozenset[str], frozenset[tuple[str, int]]]:
    """The digits that may stand for a source's own partial date, and its month and quarter; empty when unknown."""
    if date == "unknown":
        return frozenset(), frozenset()
    year, *rest = date.split("-")
    digits = {year}
    parts: set[tuple[str, int]] = set()
    if rest:
        month = int(rest[0])
        parts |= {("month", month), ("quarter", (month + 2) // 3), ("half", (month + 5) // 6)}
    if len(rest) > 1:
        digits.add(str(int(rest[1])))
    return frozenset(digits), frozenset(parts)


def current_words(plain: str) -> tuple[tuple[str, int, int], ...]:
    """The words of a normalised text that present something as of today, with their offsets."""
    return tuple((match[0].lower(), *match.span()) for match in _CURRENT.finditer(plain))


def months_before(date: str, day: str) -> int | None:
    """Whole months from a partial date to a day (YYYY-MM-DD); a date without a month counts from the year's first.
    `None` for an unknown date."""
    if date == "unknown":
        return None
    return _months(day) - _months(date)


def is_stale(date: str, day: str, *, months: int) -> bool:
    """Whether a partial date lies more than `months` before a day. An unknown date is no stale one, nor a fresh one."""
    age = months_before(date, day)
    return age is not None and age > months


def stale_from(date: str, *, months: int) -> str:
    """The first day (YYYY-MM-DD) on which a known partial date is stale."""
    month = _months(date) + months
    return f"{month // 12:04d}-{month % 12 + 1:02d}-01"


def _months(date: str) -> int:
    year, month = f"{date}-01".split("-")[:2]
    return int(year) * 12 + int(month)
