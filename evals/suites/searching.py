"""What the product's own search finds for the golden queries."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from agent.evidence.bundled import folder_digest
from agent.evidence.corpus import Corpus
from agent.evidence.embedding import MiniLM
from agent.schemas.article import Passage
from agent.shipped import shipped_path
from agent.store.database import Database
from evals.retrieval.judged import JudgedQuery, read_golden
from evals.suites.context import EVALS, bundled_passages

GOLDEN = EVALS / "golden" / "passages.json"
DEPTH = 8
"""How many passages are looked at."""


@lru_cache(maxsize=1)
def golden() -> Golden:
    """The golden queries of the bundled corpus, searched once a process."""
    return Golden(bundled_passages())


@dataclass(frozen=True)
class Golden:
    """The golden queries, what answers them, and what is found. Each is read or computed on first use."""

    passages: Mapping[str, Passage]

    @cached_property
    def queries(self) -> tuple[JudgedQuery, ...]:
        """Raises InvalidInput, naming each quote, when file and corpus do not belong together."""
        return read_golden(GOLDEN, list(self.passages.values()))

    @cached_property
    def articles(self) -> str:
        """The digest of the articles that are searched."""
        return folder_digest(shipped_path("corpus"))

    @cached_property
    def quotes(self) -> Mapping[str, tuple[str, ...]]:
        """Query id to the quotes that were judged to answer it."""
        rows = json.loads(GOLDEN.read_text(encoding="utf-8"))["queries"]
        return {row["id"]: tuple(place["quote"] for place in row["relevant"]) for row in rows}

    @cached_property
    def found(self) -> Mapping[str, tuple[str, ...]]:
        """Query id to the ids of the best DEPTH passages, as `corpus search` gives them."""
        with tempfile.TemporaryDirectory(prefix="evals-") as folder:
            home = Path(folder)
            corpus = Corpus(Database.open(home / "store.sqlite"), home, MiniLM())
            try:
                corpus.ensure_bundled(shipped_path("corpus"))
                return {query.id: self._search(corpus, query.text) for query in self.queries}
            finally:
                corpus.close()

    @staticmethod
    def _search(corpus: Corpus, text: str) -> tuple[str, ...]:
        return tuple(found.passage.id for found in corpus.search([text], limit=DEPTH, per_article=None))
