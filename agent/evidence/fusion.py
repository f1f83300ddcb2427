"""Pure parts of the search: score fusion, diversity, and a full-text expression out of anybody's words."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

MAX_WORDS = 64
ARTICLE_SHARE = 0.2
"""How much of a passage's score is that of its article's best passage. Chosen on one half of the golden queries."""
FREE = 2
"""Passages of one article that count in full where there is no bound."""
REPEATED = 0.95
"""Factor on each further passage of an article, once more for each one before it."""
_WORD = re.compile(r"\w+")

STOP_WORDS = frozenset(
    _WORD.findall(
        "a an and are as at be but by for if in into is it no not of on or such that the their then there these they"
        " this to was will with"
    )
)
"""Lucene's English list (`EnglishAnalyzer`): so frequent that they decide no ranking and cost most of the time."""


def fuse_scores(words: Mapping[str, float], dense: Mapping[str, float]) -> list[tuple[str, float]]:
    """(id, score from 0 to 1) of the candidates of one query, best first, ties by id: half for words, half for meaning.

    `dense` has the similarity of every candidate, `words` the full-text score of those that contain a word of the
    query; a candidate found by one side only needs the other's score too, or it is fused with a guess. Word scores are
    divided by the best (no match is 0), similarities, which differ little, are stretched from the least to the best of
    the candidates: a convex combination, which uses how far apart two candidates are where ranks do not (Bruch, Gai and
    Ingber, TOIS 2023). Equal weights favour neither side. Raises ValueError for a word score below 0, or of none of the
    candidates.
    """
    if not words.keys() <= dense.keys():
        raise ValueError(f"no similarity for {sorted(words.keys() - dense.keys())[:3]}: expected one a candidate")
    if not dense:
        return []
    if min(words.values(), default=0.0) < 0:
        raise ValueError("a full-text score is below 0: expected higher to be better and no match to be 0")
    most = max(words.values(), default=0.0)
    least, best = min(dense.values()), max(dense.values())
    by_words = {item: score / most if most > 0 else 0.0 for item, score in words.items()}
    by_meaning = {item: (score - least) / (best - least) if best > least else 1.0 for item, score in dense.items()}
    fused = {item: (by_words.get(item, 0.0) + meaning) / 2 for item, meaning in by_meaning.items()}
    return sorted(fused.items(), key=lambda pair: (-pair[1], pair[0]))


def with_article(ranking: Sequence[tuple[str, float]], article_of: Mapping[str, str]) -> list[tuple[str, float]]:
    """(id, score), best first, ties by id: part of each score is that of the best passage of the same article.

    A passage often leaves out what the article as a whole is about ("The second reason …"), and what answers a question
    stands together (interpolation of passage and document, Callan, SIGIR 1994; the cluster hypothesis, van Rijsbergen,
    Information Retrieval 1979, chapter 3). An article's best passage keeps its score, so articles keep their order.
    """
    best: dict[str, float] = {}
    for item, score in ranking:
        article = article_of[item]
        best[article] = max(score, best.get(article, score))
    lifted = [(item, score + ARTICLE_SHARE * (best[article_of[item]] - score)) for item, score in ranking]
    return sorted(lifted, key=lambda pair: (-pair[1], pair[0]))


def spread(ranking: Sequence[tuple[str, float]], group_of: Mapping[str, str]) -> list[tuple[str, float]]:
    """(id, score), best first, ties by id, of a ranking best first: from the third item of a group on, each counts less
    than the one before, so that other groups are seen unless this one is clearly better."""
    taken: dict[str, int] = defaultdict(int)
    kept: list[tuple[str, float]] = []
    for item, score in ranking:
        before = taken[group_of[item]]
        taken[group_of[item]] = before + 1
        kept.append((item, score * REPEATED ** max(0, before - FREE + 1)))
    return sorted(kept, key=lambda pair: (-pair[1], pair[0]))


def best_of(fused: Iterable[Sequence[tuple[str, float]]]) -> list[tuple[str, float]]:
    """(id, its best score in any of several searches), best first, ties by id.

    A sum would let a passage that is mediocre for every query push out the best one for a single query.
    """
    best: dict[str, float] = {}
    for ranking in fused:
        for item, score in ranking:
            best[item] = max(score, best.get(item, 0.0))
    return sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))


def in_turn(rankings: Sequence[Sequence[str]]) -> list[str]:
    """Every item once: each ranking gives its best that is not taken yet, one after the other."""
    rest = [iter(ranking) for ranking in rankings]
    taken: dict[str, None] = {}
    while rest:
        for ranking in list(rest):
            item = next((item for item in ranking if item not in taken), None)
            if item is None:
                rest.remove(ranking)
            else:
                taken[item] = None
    return list(taken)


def diversify(ranked: Sequence[str], group_of: Mapping[str, str], *, per_group: int | None, limit: int) -> list[str]:
    """The first `limit` items, in order, with at most `per_group` of one group; `None` for any number."""
    taken: dict[str, int] = defaultdict(int)
    kept: list[str] = []
    for item in ranked:
        if len(kept) == limit:
            break
        if per_group is None or taken[group_of[item]] < per_group:
            taken[group_of[item]] += 1
            kept.append(item)
    return kept


def word_match(query: str) -> str | None:
    """An FTS5 expression that matches any word of `query`; `None` when it has no word. Stop words count only when there
    is no other word.

    Each word is quoted, so that operators, quotes and punctuation in `query` have no meaning.
    """
    words = _WORD.findall(unicodedata.normalize("NFKC", query).casefold())
    distinct = [word for word in dict.fromkeys(words) if word.strip("_")]
    telling = [word for word in distinct if word not in STOP_WORDS] or distinct
    return " OR ".join(f'"{word}"' for word in telling[:MAX_WORDS]) or None
