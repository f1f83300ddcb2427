"""Which of the bundled articles belong into a corpus that its user may have changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agent.evidence.read import ReadArticle, article_files

FACT = "bundled"
"""Name of the corpus fact that holds the state."""

_LEFT_OUT = "left out"


@dataclass(frozen=True)
class BundledState:
    """What the corpus last took over from the bundled folder."""

    digest: str | None = None
    """Digest of the folder's articles; `None` when none were taken over yet."""
    articles: Mapping[str, str] = field(default_factory=dict)
    """Article id to content hash, of all that the folder offered."""

    @property
    def left_out(self) -> bool:
        """The user chose to start without the bundled corpus."""
        return self.digest == _LEFT_OUT

    @classmethod
    def left_out_by_choice(cls) -> BundledState:
        """The state of a corpus that does without the bundled articles."""
        return cls(digest=_LEFT_OUT)

    @classmethod
    def of(cls, facts: Mapping[str, str]) -> BundledState:
        """The recorded state."""
        if FACT not in facts:
            return cls()
        document = json.loads(facts[FACT])
        return cls(digest=document["digest"], articles=document["articles"])

    def fact(self) -> dict[str, str]:
        """The state as a fact to record."""
        return {FACT: json.dumps({"digest": self.digest, "articles": dict(self.articles)}, sort_keys=True)}


def folder_digest(folder: Path) -> str:
    """sha256 over names and bytes of the articles in `folder`."""
    digest = hashlib.sha256()
    for file in article_files([folder]):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def to_take(offered: Sequence[ReadArticle], stored: Mapping[str, str], state: BundledState) -> list[ReadArticle]:
    """The offered articles that are new, or that the user has neither removed nor replaced by a text of their own."""
    return [read for read in offered if stored.get(read.article.id) == state.articles.get(read.article.id)]


def to_drop(offered: Sequence[ReadArticle], stored: Mapping[str, str], state: BundledState) -> list[str]:
    """Ids of articles that are no longer offered and that the user has left as they came."""
    still = {read.article.id for read in offered}
    return [
        article
        for article, content in state.articles.items()
        if article not in still and stored.get(article) == content
    ]
