"""Whether one article is a later edition of another: the same publisher's report of another year or month."""

from __future__ import annotations

import re

from agent.grounding.normalise import folded_words
from agent.schemas.article import ArticleMeta

_NAMES = "january february march april may june july august september october november december"
MONTHS = frozenset((*_NAMES.split(), *(name[:3] for name in _NAMES.split()), "sept"))
LEAST_WORDS = 2
"""Words of a title that are left without its time, at least: fewer tell no series ("Blog, May 2026")."""
_TIME = re.compile(r"(?:19|20)\d\d|q[1-4]|h[12]|\d{1,2}(?:st|nd|rd|th)?|(?:fy)(?:19|20)?\d\d")


def is_later_edition(later: ArticleMeta, earlier: ArticleMeta) -> bool:
    """Same publisher, another address, the same title but for years, quarters, months and numbers, and a later
    date."""
    if later.publisher.casefold() != earlier.publisher.casefold() or later.url == earlier.url:
        return False
    if "unknown" in (later.date, earlier.date) or not _is_after(later.date, earlier.date):
        return False
    title = _timeless(later.title)
    return len(title) >= LEAST_WORDS and title == _timeless(earlier.title)


def _is_after(later: str, earlier: str) -> bool:
    """As far as both dates are known: 2026 is not after 2026-05."""
    known = min(len(later), len(earlier))
    return later[:known] > earlier[:known]


def _timeless(title: str) -> tuple[str, ...]:
    return tuple(word for word in folded_words(title) if word not in MONTHS and not _TIME.fullmatch(word))
