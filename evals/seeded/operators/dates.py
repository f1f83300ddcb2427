"""Wrong dates: another year, month, day or quarter than the source has."""

from __future__ import annotations

import random
import re

from evals.seeded.figures import MONTH, MONTHS
from evals.seeded.sample import Sample
from evals.seeded.sources import World

YEAR = re.compile(r"(?:(?<![\w/.$€£,-])|(?<=[a-z]-))(?:19|20)\d{2}(?![\w/%]|[.,]\d)")
"""A year, also after a hyphen as in "mid-2026", but no part of a number or an address."""
_MONTH = re.compile(rf"\b({MONTH})\b(?= (?:\d{{1,2}},? )?(?:19|20)\d{{2}})")
_DAY = re.compile(rf"\b(\d{{1,2}}) (?=(?:{MONTH})\b)|(?<=[a-z] )(\d{{1,2}})(?=, (?:19|20)\d{{2}})")
_QUARTERS = ("first", "second", "third", "fourth")
_QUARTER = re.compile(r"\b(first|second|third|fourth)(?= quarter)")
_SEASONS = ("spring", "summer", "fall", "autumn", "winter")
_PART = re.compile(r"\b(early|mid|late)(?=[- ](?:19|20)\d{2})")


def date_changed(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    """A year, month, day, quarter or part of a year in the claim is another one."""
    del world
    makers = (_year, _year, _month, _day, _quarter, _part)
    options = [made for maker in rng.sample(makers, len(makers)) if (made := maker(sample, rng))]
    return sample.saying(options[0]) if options else None


def _year(sample: Sample, rng: random.Random) -> str | None:
    found = list(YEAR.finditer(sample.text))
    if not found:
        return None
    match = rng.choice(found)
    steps = (-5, -4, -3, -2, -1, 1, 2, 3, 4, -10, 10)
    new = [str(int(match.group()) + step) for step in steps]
    new = [year for year in new if year not in sample.known and f"’{year[2:]}" not in sample.known]
    return _put(sample.text, match, rng.choice(new)) if new else None


def _month(sample: Sample, rng: random.Random) -> str | None:
    found = list(_MONTH.finditer(sample.text))
    if not found:
        return None
    match = rng.choice(found)
    new = [month for month in MONTHS if month not in sample.known and not _dated(sample, month)]
    return _put(sample.text, match, rng.choice(new)) if new else None


def _dated(sample: Sample, month: str) -> bool:
    """Whether a cited article is dated in that month."""
    number = f"-{MONTHS.index(month) + 1:02d}"
    return any(number in passage.meta.date[4:7] for passage in sample.cited)


def _day(sample: Sample, rng: random.Random) -> str | None:
    found = list(_DAY.finditer(sample.text))
    if not found:
        return None
    match = rng.choice(found)
    old = (match[1] or match[2]).strip()
    new = [str(day) for day in range(1, 29) if str(day) != old and not re.search(rf"\b0?{day}\b", sample.known)]
    return _put(sample.text, match, rng.choice(new) + (" " if match[1] else "")) if new else None


def _quarter(sample: Sample, rng: random.Random) -> str | None:
    found = list(_QUARTER.finditer(sample.text))
    if not found:
        return None
    match = rng.choice(found)
    new = [quarter for quarter in _QUARTERS if f"{quarter} quarter" not in sample.known]
    return _put(sample.text, match, rng.choice(new)) if new else None


def _part(sample: Sample, rng: random.Random) -> str | None:
    found = list(_PART.finditer(sample.text))
    if not found:
        return None
    match = rng.choice(found)
    year = sample.text[match.end() + 1 :][:4]
    new = [part for part in ("early", "late") if not re.search(f"{part}[- ]{year}", sample.known)]
    return _put(sample.text, match, rng.choice(new)) if new and match.group() in ("early", "late") else None


def _put(text: str, match: re.Match[str], new: str) -> str:
    return text[: match.start()] + new + text[match.end() :]
