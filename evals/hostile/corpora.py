"""Corpora in temporary homes, filled through the product's own ingest, with cheap and steady embeddings."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from agent.evidence.corpus import Corpus
from agent.evidence.discover import files_of
from agent.evidence.embedding import Embedder, MiniLM, Vectors
from agent.evidence.ingest import AddOptions, AddReport, Ingest
from agent.evidence.read import article_files, read_articles
from agent.evidence.split import passages_of
from agent.evidence.vectors import read_vectors
from agent.schemas.article import Passage
from agent.store.database import Database
from agent.store.read_files import FileStore

NOW = "2026-02-25T10:00:00Z"
AS_OF = NOW[:10]


class WordEmbedder:
    """Each word of a text points in a direction of its own."""

    identity = "words-of-the-evaluation"
    dimensions = 48

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text, of length 1."""
        rows = np.full((len(texts), self.dimensions), 0.01, np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().split():
                row[int(hashlib.sha256(word.strip(".,").encode()).hexdigest(), 16) % self.dimensions] += 1
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows / lengths, dtype=np.float32)


class ShippedEmbedder:
    """The bundled model, asked only for texts whose vector does not ship and was not asked for before."""

    def __init__(self, folder: Path) -> None:
        self._model = MiniLM()
        self.identity = self._model.identity
        self.dimensions = self._model.dimensions
        self._known: dict[str, bytes] = {}
        shipped = read_vectors(folder)
        if shipped is None or shipped.embedding != self.identity:
            return
        for read in read_articles(article_files([folder])):
            for passage in passages_of(read.article):
                if passage.id in shipped.by_passage:
                    self._known[passage.text] = shipped.by_passage[passage.id]

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text, of length 1."""
        for text in dict.fromkeys(texts):
            if text not in self._known:
                self._known[text] = self._model.embed([text])[0].astype("<f4").tobytes()
        return np.stack([np.frombuffer(self._known[text], "<f4") for text in texts]).astype(np.float32)


@dataclass(frozen=True)
class Home:
    """A home folder with its corpus open."""

    db: Database
    corpus: Corpus

    def add(self, *paths: Path) -> AddReport:
        """Take files in as `corpus add` does."""
        return Ingest(self.corpus, FileStore(self.db), AddOptions(), today=AS_OF).add(files_of(list(paths)))

    def passages(self) -> dict[str, tuple[Passage, ...]]:
        """The passages of every article by its address, in reading order."""
        store = self.corpus.store
        return {article.meta.url: tuple(store.passages_of(article.id)) for article in self.corpus.articles()}


@contextmanager
def open_home(folder: Path, embedder: Embedder | None = None) -> Iterator[Home]:
    """A home, closed at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    db = Database.open(folder / "store.sqlite")
    corpus = Corpus(db, folder, embedder or WordEmbedder(), clock=lambda: NOW)
    try:
        yield Home(db, corpus)
    finally:
        corpus.close()
        db.close()
