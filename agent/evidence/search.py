"""Hybrid search: full-text and dense rankings of every query fused, filtered by date and tier, diversified."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from agent.errors import InvalidInput
from agent.evidence.copies import copies_of, merged
from agent.evidence.embedding import Vector, Vectors
from agent.evidence.fusion import best_of, diversify, fuse_scores, in_turn, spread, with_article, word_match
from agent.evidence.index import Index, day_number
from agent.evidence.places import Where
from agent.evidence.policy import SearchPolicy
from agent.evidence.rerank import DEPTH as RERANKED
from agent.evidence.rerank import Reranker
from agent.schemas.article import FoundPassage
from agent.store.admission import Admission, Reach
from agent.store.corpus_view import Candidate, CorpusView

DEPTH = 50
"""Least length of each ranking before fusion."""

MOST = 3_200
"""A ranking is never made longer than that to find what stands below copies."""

FEW_ARTICLES = 300
"""When the filters admit no more than that, their passages are compared one by one instead of through the index."""

Ranking = list[tuple[str, float]]
"""(passage, score), best first."""


@dataclass(frozen=True)
class Filters:
    """What may be found."""

    as_of: str | None = None
    since: str | None = None
    tiers: frozenset[int] | None = None

    def admit(self, candidate: Candidate) -> bool:
        """As the full-text leg does: a partial date counts from its first day."""
        day = day_number(candidate.date)
        if self.as_of is not None and day > day_number(self.as_of):
            return False
        if self.since is not None and day < day_number(self.since):
            return False
        return self.tiers is None or candidate.tier in self.tiers

    @property
    def admission(self) -> Admission:
        """The same for the store."""
        return Admission(self.as_of, self.since, None if self.tiers is None else sorted(self.tiers))

    def where(self) -> Where | None:
        """The same for Chroma."""
        conditions: list[Where] = []
        if self.as_of is not None:
            conditions.append({"date": {"$lte": day_number(self.as_of)}})
        if self.since is not None:
            conditions.append({"date": {"$gte": day_number(self.since)}})
        if self.tiers is not None:
            conditions.append({"tier": {"$in": sorted(self.tiers)}})
        if len(conditions) > 1:
            return {"$and": conditions}
        return conditions[0] if conditions else None


class Searcher:
    """Searches one consistent state of the corpus."""

    def __init__(
        self, view: CorpusView, embedding: str, index: Index, *, reranker: Reranker | None, policy: SearchPolicy
    ) -> None:
        self._view = view
        self._embedding = embedding
        self._index = index
        self._reranker = reranker
        self._policy = policy

    def search(
        self,
        sides: Sequence[Sequence[str]],
        vectors: Mapping[str, Vector],
        *,
        limit: int,
        filters: Filters,
        per_article: int | None,
    ) -> list[FoundPassage]:
        """At most `limit` passages, ties by id. The queries of a side, which all have a vector, are searched each on
        its own; a passage counts with its best score for any of them. Several sides choose in turn, each its best
        first. Copies of one article count as one article, and what they say in the same words is one result. Without a
        bound an article may give any number, but each after its second counts less.
        """
        depth = max(DEPTH, 4 * limit)
        seen = 0
        while True:
            found, pool = self._found(sides, vectors, depth, limit=limit, filters=filters, per_article=per_article)
            # Copies may have filled the rankings: what stands below them is looked for too.
            if len(found) == limit or pool == seen or depth >= MOST or not any(hit.copies for hit in found):
                return found
            depth, seen = 4 * depth, pool

    def _found(
        self,
        sides: Sequence[Sequence[str]],
        vectors: Mapping[str, Vector],
        depth: int,
        *,
        limit: int,
        filters: Filters,
        per_article: int | None,
    ) -> tuple[list[FoundPassage], int]:
        """`search` over rankings of this length, and how many passages stood in them."""
        queries = list(dict.fromkeys(query for side in sides for query in side))
        reach = self._view.reach(filters.admission, few=FEW_ARTICLES)
        dense = self._dense(np.stack([vectors[query] for query in queries]), depth, filters, reach)
        words = [self._words(query, depth, filters, reach) for query in queries]
        pools = {query: {*_ids(one), *_ids(other)} for query, one, other in zip(queries, words, dense, strict=True)}
        known = self._view.candidates(list(set().union(*pools.values())), self._embedding)
        stored = self._view.vectors_of(list(known), self._embedding)
        fused = {
            query: self._fused(query, vectors[query], dict(found), {p: stored[p] for p in pools[query] if p in known})
            for query, found in zip(queries, words, strict=True)
        }
        articles = {passage: candidate.article for passage, candidate in known.items()}
        same = copies_of(known, self._texts)
        fused = {query: merged(with_article(ranking, articles), same) for query, ranking in fused.items()}
        if self._reranker is not None:
            fused = {query: self._ranked_again(query, ranking, self._reranker) for query, ranking in fused.items()}
        weights = {
            passage: self._policy.weight(tier=found.tier, date=found.date, as_of=filters.as_of)
            for passage, found in known.items()
        }
        works = {passage: candidate.work for passage, candidate in known.items()}
        rankings = [best_of(weighted(fused[query], weights) for query in side) for side in sides]
        if per_article is None:
            rankings = [spread(ranking, works) for ranking in rankings]
        scores: dict[str, float] = {}
        for ranking in rankings:
            for passage, score in ranking:
                scores[passage] = max(score, scores.get(passage, score))
        ranked = [passage for passage in in_turn([_ids(ranking) for ranking in rankings]) if passage in known]
        kept = diversify(ranked, works, per_group=per_article, limit=limit)
        passages = self._view.find_passages(kept)
        others = {passage: same[passage].others if passage in same else () for passage in kept}
        found = [FoundPassage(passage=passages[p], score=scores[p], copies=others[p]) for p in kept]
        return found, len(known)

    def _texts(self, passages: Sequence[str]) -> dict[str, str]:
        return {passage: found.text for passage, found in self._view.find_passages(passages).items()}

    def _fused(self, query: str, vector: Vector, words: dict[str, float], pool: Mapping[str, bytes]) -> Ranking:
        """The candidates of one query, each with the score of both sides, whichever found it."""
        match, missing = word_match(query), [passage for passage in pool if passage not in words]
        if match is not None and missing:
            words = words | self._view.score_words(match, missing)
        near = {passage: float(np.frombuffer(row, "<f4") @ vector) for passage, row in pool.items()}
        return fuse_scores({passage: score for passage, score in words.items() if passage in pool}, near)

    def _ranked_again(self, query: str, ranking: Ranking, reranker: Reranker) -> Ranking:
        """The best of a ranking in the order of the re-ranker; what it does not read is left out."""
        best = [passage for passage, _ in ranking[:RERANKED]]
        texts = self._view.find_passages(best)
        scores = reranker.scores(query, [texts[passage].text for passage in best])
        return sorted(zip(best, scores, strict=True), key=lambda pair: (-pair[1], pair[0]))

    def _dense(self, vectors: Vectors, depth: int, filters: Filters, reach: Reach) -> list[Ranking]:
        """The nearest admitted passages of each query; more are fetched until there are enough, or no more."""
        if reach.passages is not None:
            return self._nearest_of(reach.passages, vectors, depth)
        # As many more as the filters leave out. Chroma's own filter reads the metadata of all passages first.
        size, where = math.ceil(2 * depth / reach.share), None
        while True:
            found = self._index.nearest(vectors, limit=size, where=where)
            known = self._view.candidates(list({hit.passage for hits in found for hit in hits}), self._embedding)
            rankings = [
                [
                    (hit.passage, 1 - hit.distance)
                    for hit in hits
                    if (candidate := known.get(hit.passage)) is not None
                    and candidate.segment == hit.segment
                    and filters.admit(candidate)
                ][:depth]
                for hits in found
            ]
            if size >= self._index.size or all(len(ranking) == depth for ranking in rankings):
                return rankings
            size, where = 4 * size, filters.where()

    def _nearest_of(self, passages: Sequence[str], vectors: Vectors, depth: int) -> list[Ranking]:
        """The same among few passages, by their stored vectors."""
        stored = self._view.vectors_of(passages, self._embedding)
        if not stored:
            return [[] for _ in vectors]
        rows = np.stack([np.frombuffer(row, "<f4") for row in stored.values()])
        return [
            sorted(zip(stored, map(float, near), strict=True), key=lambda pair: (-pair[1], pair[0]))[:depth]
            for near in vectors @ rows.T
        ]

    def _words(self, query: str, depth: int, filters: Filters, reach: Reach) -> Ranking:
        match = word_match(query)
        if match is None:
            return []
        if reach.passages is not None:
            scores = self._view.score_words(match, reach.passages)
            return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:depth]
        return self._view.find_words(
            match,
            limit=depth,
            not_after=filters.as_of,
            not_before=filters.since,
            tiers=None if filters.tiers is None else sorted(filters.tiers),
            share=reach.share,
        )


def weighted(ranking: Ranking, weights: Mapping[str, float]) -> Ranking:
    """The ranking with each score multiplied, best first, ties by id."""
    scores = [(passage, score * weights[passage]) for passage, score in ranking]
    return sorted(scores, key=lambda pair: (-pair[1], pair[0]))


def _ids(ranking: Ranking) -> list[str]:
    return [passage for passage, _ in ranking]


def distinct(queries: Sequence[str]) -> list[str]:
    """The queries that say something, each once."""
    return [query for query in dict.fromkeys(query.strip() for query in queries) if query]


def check(limit: int, per_article: int | None, filters: Filters) -> None:
    """Refuse arguments that make no sense. Raises InvalidInput naming each."""
    problems = [
        f"`{name}` is {value}: expected at least 1."
        for name, value in (("limit", limit), ("per_article", per_article))
        if value is not None and value < 1
    ]
    for name, date in (("as_of", filters.as_of), ("since", filters.since)):
        try:
            if date is not None and datetime.date.fromisoformat(date).isoformat() != date:
                raise ValueError
        except ValueError:
            problems.append(f"`{name}` is {date!r}: expected a day as YYYY-MM-DD.")
    if problems:
        raise InvalidInput(problems[0], problems=problems)
