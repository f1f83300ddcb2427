"""The product's search and what it is compared with, over the same passages, vectors and judgements."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select

from agent.evidence.corpus import Corpus
from agent.evidence.embedding import Embedder, Vectors
from agent.evidence.fusion import word_match
from agent.schemas.article import Passage
from agent.store.database import Database
from agent.store.tables import vectors

DEPTH = 20
"""How many items a ranking has, as far as there are that many."""
FETCHED = 100
"""Passages fetched by the methods that cannot count articles."""

Search = Callable[[str], list[str]]
"""A query's ranking: ids of what is judged, best first, at most DEPTH."""


@dataclass(frozen=True)
class Bench:
    """One corpus with everything that a method needs."""

    corpus: Corpus
    embedder: Embedder
    passages: Mapping[str, Passage]
    """The searchable ones, by id."""
    vectors: Vectors
    """One row a passage, in the order of `passages`."""
    by_article: bool
    """Articles are judged, not passages."""

    @classmethod
    def of(cls, db: Database, corpus: Corpus, embedder: Embedder, *, by_article: bool) -> Bench:
        """The bench over what the corpus has now."""
        passages = {passage.id: passage for passage in corpus.passages(corpus.store.active_passages())}
        with db.read() as connection:
            rows = connection.execute(
                select(vectors.c.passage, vectors.c.vector).where(vectors.c.embedding == embedder.identity)
            )
            stored = {row.passage: np.frombuffer(row.vector, "<f4") for row in rows if row.passage in passages}
        matrix = np.stack([stored[passage] for passage in passages]).astype(np.float32)
        return cls(corpus, embedder, passages, matrix, by_article)

    def judged(self, ranking: Iterable[str]) -> list[str]:
        """A ranking of passages as one of what is judged: an article stands where its best passage does."""
        items = (self.passages[passage].article if self.by_article else passage for passage in ranking)
        return list(dict.fromkeys(items))[:DEPTH]


def product(bench: Bench, *, per_article: int | None) -> Search:
    """The product's own search. See `Corpus.search` for `per_article`."""
    return lambda query: bench.judged(
        found.passage.id for found in bench.corpus.search([query], limit=DEPTH, per_article=per_article)
    )


def bm25_alone(bench: Bench) -> Search:
    """BM25 with stemming and stop words (bm25s at its defaults) over title and text of what is judged."""
    import bm25s  # type: ignore[import-untyped]
    import Stemmer  # type: ignore[import-not-found]

    texts: dict[str, str] = {}
    for passage in bench.passages.values():
        item = passage.article if bench.by_article else passage.id
        texts[item] = f"{texts.get(item, passage.meta.title)}\n{passage.text}"
    stemmer = Stemmer.Stemmer("english")

    def tokens(several: Sequence[str]) -> list[list[str]]:
        found = bm25s.tokenize(several, stopwords="en", stemmer=stemmer, return_ids=False, show_progress=False)
        return [list(row) for row in found]

    model = bm25s.BM25()
    model.index(tokens(list(texts.values())), show_progress=False)
    items = list(texts)

    def search(query: str) -> list[str]:
        scores = np.asarray(model.get_scores(tokens([query])[0]))
        return [items[row] for row in np.argsort(-scores, kind="stable")[:DEPTH] if scores[row] > 0]

    return search


def words_alone(bench: Bench) -> Search:
    """The product's full-text half: SQLite FTS5 over the passages."""

    def search(query: str) -> list[str]:
        match = word_match(query)
        if match is None:
            return []
        with bench.corpus.store.view() as view:
            return bench.judged(passage for passage, _ in view.find_words(match, limit=FETCHED))

    return search


def dense_alone(bench: Bench) -> Search:
    """Exact cosine similarity of the same vectors."""
    ids = list(bench.passages)

    def search(query: str) -> list[str]:
        similar = bench.vectors @ bench.embedder.embed([query])[0]
        return bench.judged(ids[row] for row in np.argsort(-similar, kind="stable")[:FETCHED])

    return search


def plain_chroma(bench: Bench) -> Search:
    """What a Chroma collection with default settings gives for the same vectors."""
    import chromadb
    from chromadb.config import Settings

    client = chromadb.EphemeralClient(settings=Settings(anonymized_telemetry=False))
    collection = client.get_or_create_collection(
        f"plain-{len(bench.passages)}-{int(bench.by_article)}", embedding_function=None
    )
    ids = list(bench.passages)
    size = min(client.get_max_batch_size(), 1000)
    for start in range(0, len(ids), size):
        collection.upsert(ids=ids[start : start + size], embeddings=bench.vectors[start : start + size])

    def search(query: str) -> list[str]:
        found = collection.query(
            query_embeddings=bench.embedder.embed([query]), n_results=min(FETCHED, len(ids)), include=[]
        )
        return bench.judged(found["ids"][0])

    return search
