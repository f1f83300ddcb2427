"""Pure parts of the search: rank fusion, diversity, and a full-text expression out of anybody's words."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

RRF_K = 60
"""Reciprocal rank fusion's constant (Cormack, Clarke and Büttcher, SIGIR 2009)."""
MAX_WORDS = 64

_WORD = re.compile(r"\w+")


def fuse(rankings: Iterable[Sequence[str]], *, k: int = RRF_K) -> list[tuple[str, float]]:
    """(id, sum over the rankings of 1 / (k + rank)), best first, ties by id. Ranks count from 1."""
    parts: dict[str, list[float]] = defaultdict(list)
    for ranking in rankings:
        for rank, item in enumerate(ranking, start=1):
            parts[item].append(1 / (k + rank))
    return sorted(((item, math.fsum(shares)) for item, shares in parts.items()), key=lambda pair: (-pair[1], pair[0]))


def best_of(fused: Iterable[Sequence[tuple[str, float]]]) -> list[tuple[str, float]]:
    """(id, its best score in any of several searches), best first, ties by id.

    A sum would let a passage that is mediocre for every query push out the best one for a single query.
    """
    best: dict[str, float] = {}
    for ranking in fused:
        for item, score in ranking:
            best[item] = max(score, best.get(item, 0.0))
    return sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))


def diversify(ranked: Sequence[str], group_of: Mapping[str, str], *, per_group: int, limit: int) -> list[str]:
    """The first `limit` items, in order, with at most `per_group` of one group."""
    taken: dict[str, int] = defaultdict(int)
    kept: list[str] = []
    for item in ranked:
        if len(kept) == limit:
            break
        if taken[group_of[item]] < per_group:
            taken[group_of[item]] += 1
            kept.append(item)
    return kept


def word_match(query: str) -> str | None:
    """An FTS5 expression that matches any word of `query`; `None` when it has no word.

    Each word is quoted, so that operators, quotes and punctuation in `query` have no meaning.
    """
    words = _WORD.findall(unicodedata.normalize("NFKC", query).casefold())
    distinct = [word for word in dict.fromkeys(words) if word.strip("_")]
    return " OR ".join(f'"{word}"' for word in distinct[:MAX_WORDS]) or None
