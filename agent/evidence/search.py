"""Hybrid search: full-text and dense rankings of every query fused, filtered by date and tier, diversified."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from agent.errors import InvalidInput
from agent.evidence.embedding import Embedder
from agent.evidence.fusion import best_of, diversify, fuse, word_match
from agent.evidence.index import Index, Where, day_number
from agent.schemas.article import FoundPassage
from agent.store.corpus import CorpusStore

DEPTH = 50
"""Least length of each ranking before fusion."""


class Searcher:
    """Searches one state of the corpus. Safe to share between threads."""

    def __init__(self, store: CorpusStore, embedder: Embedder, index: Index) -> None:
        self._store = store
        self._embedder = embedder
        self._index = index

    def search(
        self,
        queries: Sequence[str],
        *,
        limit: int,
        as_of: str | None = None,
        since: str | None = None,
        tiers: frozenset[int] | None = None,
        per_article: int = 2,
    ) -> list[FoundPassage]:
        """At most `limit` passages, best first, ties by id. Several queries are searched each on its own; a passage
        counts with its best rank in any of them.

        `as_of` and `since` are YYYY-MM-DD and inclusive. A partial date counts from its first day; an unknown one is
        never left out by `as_of` and always by `since`. Scores are comparable within one search only. Raises
        InvalidInput for a date that is none and for a `limit` or `per_article` below 1.
        """
        _check(limit, per_article, as_of, since)
        wanted = [query for query in dict.fromkeys(query.strip() for query in queries) if query]
        if not wanted or self._index.size == 0 or tiers == frozenset():
            return []
        depth = max(DEPTH, 4 * limit)
        dense = self._index.nearest(self._embedder.embed(wanted), limit=depth, where=_where(as_of, since, tiers))
        words = [self._words(query, depth, as_of, since, tiers) for query in wanted]
        scores = dict(best_of(fuse(pair) for pair in zip(words, dense, strict=True)))
        found = {passage.id: passage for passage in self._store.passages(list(scores))}
        articles = {passage.id: passage.article for passage in found.values()}
        kept = diversify(list(scores), articles, per_group=per_article, limit=limit)
        return [FoundPassage(passage=found[passage], score=scores[passage]) for passage in kept]

    def _words(
        self, query: str, depth: int, as_of: str | None, since: str | None, tiers: frozenset[int] | None
    ) -> list[str]:
        match = word_match(query)
        if match is None:
            return []
        return self._store.find_words(
            match, limit=depth, not_after=as_of, not_before=since, tiers=None if tiers is None else sorted(tiers)
        )


def _where(as_of: str | None, since: str | None, tiers: frozenset[int] | None) -> Where | None:
    conditions: list[Where] = []
    if as_of is not None:
        conditions.append({"date": {"$lte": day_number(as_of)}})
    if since is not None:
        conditions.append({"date": {"$gte": day_number(since)}})
    if tiers is not None:
        conditions.append({"tier": {"$in": sorted(tiers)}})
    if len(conditions) > 1:
        return {"$and": conditions}
    return conditions[0] if conditions else None


def _check(limit: int, per_article: int, as_of: str | None, since: str | None) -> None:
    problems = [
        f"`{name}` is {value}: expected at least 1."
        for name, value in (("limit", limit), ("per_article", per_article))
        if value < 1
    ]
    for name, date in (("as_of", as_of), ("since", since)):
        try:
            if date is not None and datetime.date.fromisoformat(date).isoformat() != date:
                raise ValueError
        except ValueError:
            problems.append(f"`{name}` is {date!r}: expected a day as YYYY-MM-DD.")
    if problems:
        raise InvalidInput(problems[0], problems=problems)
