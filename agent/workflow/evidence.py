"""The corpus as the workflow uses it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from agent.schemas.article import FoundPassage


class Evidence(Protocol):
    """Where evidence is searched."""

    @property
    def embedding(self) -> str:
        """Identity of the embedding model."""
        ...

    @property
    def digest(self) -> str:
        """Digest of the corpus as it is now."""
        ...

    def search(self, queries: Sequence[str], *, opposed: Sequence[str], limit: int, as_of: str) -> list[FoundPassage]:
        """The best passages for all queries together; both sides choose in turn."""
        ...
