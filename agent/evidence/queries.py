"""Query vectors, embedded once: what was asked before needs no model."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

import numpy as np

from agent.errors import StorageFailed
from agent.evidence.embedding import Embedder, Vectors
from agent.store.query_vectors import QueryVectors


class QueryEmbedder:
    """Embeds queries and remembers them. Safe to share between threads."""

    def __init__(self, embedder: Embedder, remembered: QueryVectors) -> None:
        self._embedder = embedder
        self._remembered = remembered

    @property
    def identity(self) -> str:
        """See `Embedder.identity`."""
        return self._embedder.identity

    def embed(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.embed`."""
        identity = self._embedder.identity
        known = self._remembered.known(identity, texts)
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            rows = self._embedder.embed(new)
            fresh = {text: np.asarray(row, "<f4").tobytes() for text, row in zip(new, rows, strict=True)}
            with contextlib.suppress(StorageFailed):
                # A search needs to write nothing: where that fails, it is asked again next time.
                self._remembered.remember(identity, fresh)
            known.update(fresh)
        vectors = [np.frombuffer(known[text], "<f4") for text in texts]
        return np.stack(vectors).astype(np.float32) if vectors else np.empty((0, self._embedder.dimensions), np.float32)
