"""Named examples for the evidence tests."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from agent.evidence.corpus import Corpus
from agent.evidence.embedding import Embedder, Vectors
from agent.evidence.places import Place
from agent.evidence.read import article_files, make_article, read_articles
from agent.evidence.writer import IngestReport
from agent.schemas.article import Article, ArticleMeta, FoundPassage
from agent.store.database import Database

PARAGRAPH = " ".join(
    3
    * [
        "Postings for {topic} rose by 12% in 2025 compared with the year before, according to the survey that was read"
        " for this digest. Employers named {topic} in every third advertisement, and the survey counted 4,300 of them"
        " in total over the whole of the year. It was read in January of 2026, and in January only."
    ]
)
"""Long enough to stand alone as a passage, short enough to be one."""


class WordEmbedder:
    """A deterministic stand-in for a model: each word of a text points in a direction of its own."""

    dimensions = 32

    def __init__(self, identity: str = "words-1") -> None:
        self.identity = identity
        self.embedded: list[str] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.embedded.extend(texts)
        rows = np.array([self._row(text) for text in texts], np.float32).reshape(len(texts), self.dimensions)
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

    def _row(self, text: str) -> np.ndarray:
        row = np.full(self.dimensions, 0.01)
        for word in text.lower().split():
            row[int(hashlib.sha256(word.strip(".,%").encode()).hexdigest(), 16) % self.dimensions] += 1
        return row


def some_meta(**changes: object) -> ArticleMeta:
    values: dict[str, object] = {
        "title": "A survey",
        "publisher": "An institute",
        "author": None,
        "date": "2025-07-10",
        "url": "https://example.org/a",
        "tier": 2,
        "interested": False,
        "retrieved": "2026-01-02",
        "text_kind": "digest",
    }
    return ArticleMeta.model_validate({**values, **changes})


def an_article(text: str = PARAGRAPH.format(topic="data engineers"), **changes: object) -> Article:
    return make_article(some_meta(**changes), text)


def article_text(body: str = PARAGRAPH.format(topic="data engineers"), **changes: object) -> str:
    """The text of an article file. A change to `None` that is not `author` leaves the key out."""
    values: dict[str, object] = {
        "title": '"A survey"',
        "publisher": "An institute",
        "author": "null",
        "date": "2025-07-10",
        "url": "https://example.org/a",
        "tier": "2",
        "interested": "false",
        "retrieved": "2026-01-02",
        "text_kind": "digest",
        **changes,
    }
    lines = [f"{key}: {value}" for key, value in values.items() if value is not None]
    return "---\n" + "\n".join(lines) + "\n---\n" + body + "\n"


def write_article(folder: Path, name: str, *topics: str, **changes: object) -> Path:
    """A file with one paragraph a topic; its URL follows its name unless told."""
    folder.mkdir(parents=True, exist_ok=True)
    body = "\n\n".join(PARAGRAPH.format(topic=topic) for topic in topics)
    changes.setdefault("url", f"https://example.org/{name}")
    file = folder / f"{name}.md"
    file.write_text(article_text(body, **changes), encoding="utf-8")
    return file


@cache
def an_empty_store() -> bytes:
    """The file of a store with every migration behind it, made once a process."""
    with TemporaryDirectory() as folder:
        database = Database.open(Path(folder) / "store.db")
        database.close()
        return database.path.read_bytes()


def a_corpus(home: Path, embedder: Embedder | None = None, *, place: Place | None = None) -> Corpus:
    """The corpus of a home, empty where the home has none."""
    if not (home / "store.db").exists():
        home.mkdir(parents=True, exist_ok=True)
        (home / "store.db").write_bytes(an_empty_store())
    return Corpus(
        Database.open(home / "store.db"),
        home,
        embedder or WordEmbedder(),
        clock=lambda: "2026-02-25T10:00:00Z",
        place=place,
    )


def articles_in(*paths: Path) -> list[Article]:
    """The articles of Markdown files and folders."""
    return [read.article for read in read_articles(article_files(paths))]


def take_files(corpus: Corpus, *paths: Path) -> IngestReport:
    return corpus.take(articles_in(*paths))


def an_article_about(name: str, *topics: str, **changes: object) -> Article:
    """An article at an address of its own, with one passage a topic."""
    changes.setdefault("url", f"https://example.org/{name}")
    return an_article("\n\n".join(PARAGRAPH.format(topic=topic) for topic in topics), **changes)


def an_own_article(name: str, *topics: str, **changes: object) -> Article:
    """As `an_article_about`, with so many words of its own that it is no copy of any other."""
    changes.setdefault("url", f"https://example.org/{name}")
    parts = (f"A report about {topic}: " + " ".join(f"{name}{n:x<70}" for n in range(12)) + "." for topic in topics)
    return an_article("\n\n".join(parts), **changes)


def names_of(found: Sequence[FoundPassage]) -> list[str]:
    """Of each hit the last part of its article's address."""
    return [hit.passage.meta.url.removeprefix("https://example.org/") for hit in found]


def segment_folders(home: Path) -> set[str]:
    return {folder.name for folder in (home / "index").glob("passages-*")}


def run_beside(code: str, *arguments: str) -> subprocess.Popen[str]:
    """Another process with this checkout and these factories."""
    here = Path(__file__).resolve()
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(here.parents[2]), str(here.parent)])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
