"""An old figure told as that of today."""

from __future__ import annotations

import random
import re

from evals.seeded.figures import MONTH, MONTHS, figures
from evals.seeded.operators.dates import YEAR
from evals.seeded.sample import Sample, reworked
from evals.seeded.sentences import lower_first, without_stop
from evals.seeded.sources import World

_MONTHS_OLD = 24
_WHEN = re.compile(
    r"(?:,? (?:up to|in|of|by|since|from|as of|on|at the end of|during|for|to|until) )?(?:the )?"
    r"(?:class of |(?:early|mid|late|spring|fall|Winter)[- ]?(?:of )?)?(?:(?:first|second|third|fourth) quarter of )?"
    rf"(?:\d{{1,2}} )?(?:(?:{MONTH})(?:/June)? )?(?:\d{{1,2}}, )?"
    r"(?<![\w/.$-])(?:19|20)\d{2}(?:-(?:\d\d)(?:-\d\d)?)?(?![\w/%]|[.,]\d)(?:'s)?,?"
)
_BROKEN = re.compile(
    r"\b(?:between|from|to|than|and|the|a|in|of|against|for|with|by)(?:[,.]| (?:and|in|fell|were|was|brought|"
    r"the same)\b)|"
    r"\bthat brought|data of\b|behind headline|note dbt|\bmid-\d|in postings for senior|worldwide growing"
)
"""What is left of a sentence that needed its date."""
_NOW = (
    "Currently, {s}.", "Today, {s}.", "As of {month} {year}, {s}.", "Right now, {s}.", "At present, {s}.",
    "This year, {s}.",
    "{S}, as of {month} {year}.", "{S} today.", "The latest figures show that {s}.", "In {month} {year}, {s}.",
    "According to the most recent data, {s}.", "{S}, as current data show.", "These days, {s}.", "{S} at the moment.",
    "Now {s}.", "In {year}, {s}.", "Nowadays {s}.", "This month, {s}.",
)  # fmt: skip


def stale_as_current(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    """The cited passages speak of years ago, and the claim gives their figure as that of now.

    Where the source is recent, a copy of it is dated back, with every year in its text and title.
    """
    del world
    if all(figure.in_words for figure in figures(sample.text)):
        return None
    years = rng.randint(3, 7)
    aged = _aged(sample, years, dated=rng.random() < 0.8)
    if aged is None:
        return None
    opening = _WHEN.match(aged.text)
    if opening and not opening.group().endswith(","):
        return None
    text = _WHEN.sub("", aged.text)
    text = re.sub(r"\s+([,.;])", r"\1", re.sub(r"\s{2,}", " ", text)).strip(" ,")
    if YEAR.search(text) or len(text.split()) < 7 or _BROKEN.search(text):
        return None
    if not {figure.value for figure in figures(aged.text)} & {figure.value for figure in figures(text)}:
        return None
    said = without_stop(text[0].upper() + text[1:])
    now = {"month": MONTHS[int(sample.as_of[5:7]) - 1], "year": sample.as_of[:4]}
    return aged.saying(rng.choice(_NOW).format(S=said, s=lower_first(said), **now))


def _aged(sample: Sample, years: int, *, dated: bool) -> Sample | None:
    """The sample with its cited passages `years` back; `None` when one of them would not be old enough."""
    aged = sample
    for passage in sample.cited:
        date = passage.meta.date
        if date == "unknown":
            stated = [int(year) for year in YEAR.findall(passage.text) if int(year) <= int(sample.as_of[:4])]
            if not stated:
                return None
            date = f"{max(stated)}-06"
        old = _back(date, years)
        if _months(sample.as_of) - _months(old) <= _MONTHS_OLD:
            return None
        keeps_none = passage.meta.date == "unknown" and not dated
        title = YEAR.sub(lambda m: str(int(m.group()) - years), passage.meta.title)
        meta = passage.meta.model_copy(update={"date": "unknown" if keeps_none else old, "title": title})
        aged = aged.storing(passage.id, reworked(passage, _shifted(passage.text, years), meta=meta))
    for number, citation in enumerate(aged.claim.citations):
        aged = aged.recite(number, quote=_shifted(citation.quote, years))
    return aged.about(sample.claim.proxy and _shifted(sample.claim.proxy, years), horizon=sample.claim.horizon)


def _back(date: str, years: int) -> str:
    return f"{int(date[:4]) - years}{date[4:]}"


def _shifted(text: str, years: int) -> str:
    return YEAR.sub(lambda found: str(int(found.group()) - years), text)


def _months(date: str) -> int:
    """Months since year 0; a bare year counts as its end."""
    return int(date[:4]) * 12 + (int(date[5:7]) if len(date) >= 7 else 12)
