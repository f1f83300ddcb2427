"""Vectors of queries that were embedded before: the same question is asked of every role and at every run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, func, insert, select

from agent.schemas.base import text_hash
from agent.store.chunks import chunks
from agent.store.database import Database
from agent.store.tables import query_vectors

KEPT = 20_000
"""Vectors: about 30 MB with the bundled model. The oldest go first."""


class QueryVectors:
    """Remembers vectors by embedding model and text. The text itself is not kept."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def known(self, embedding: str, texts: Sequence[str]) -> dict[str, bytes]:
        """Text to its vector, of those that are remembered."""
        by_hash = {text_hash(text): text for text in texts}
        found: dict[str, bytes] = {}
        with self._db.read() as connection:
            for chunk in chunks(by_hash):
                query = select(query_vectors.c.text_hash, query_vectors.c.vector).where(
                    query_vectors.c.embedding == embedding, query_vectors.c.text_hash.in_(chunk)
                )
                found.update({by_hash[row.text_hash]: row.vector for row in connection.execute(query)})
        return found

    def remember(self, embedding: str, vectors: Mapping[str, bytes]) -> None:
        """Keep vectors by text; one that is there stays."""
        have = self.known(embedding, list(vectors))
        rows = [
            {"embedding": embedding, "text_hash": text_hash(text), "vector": vector}
            for text, vector in vectors.items()
            if text not in have
        ]
        if not rows:
            return
        with self._db.write() as connection:
            # Another process may have been faster.
            hashes = [str(row["text_hash"]) for row in rows]
            known: set[str] = set()
            for chunk in chunks(hashes):
                query = select(query_vectors.c.text_hash).where(
                    query_vectors.c.embedding == embedding, query_vectors.c.text_hash.in_(chunk)
                )
                known.update(connection.execute(query).scalars())
            new = [row for row in rows if row["text_hash"] not in known]
            if new:
                connection.execute(insert(query_vectors), new)
            newest = connection.execute(select(func.max(query_vectors.c.serial))).scalar_one()
            connection.execute(delete(query_vectors).where(query_vectors.c.serial <= newest - KEPT))
