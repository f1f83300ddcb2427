"""Made-up articles in any number, and a cheap stand-in for the embedding model, for scale.py.

Words are the 21,745 whole English words of the bundled tokenizer, in its order, which is about that of their frequency,
and as many numbers as bring them to 30,000. They are drawn by Zipf's law; a third of an article's words come from the
40 words of its topic, so that passages lie in clusters. Everything is drawn from fixed seeds.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

import agent.evidence.embedding
from agent.evidence.embedding import MiniLM, Vectors

WORDS = 30_000
TOPICS = 1_000
TOPIC_WORDS = 40
TOPIC_SHARE = 0.33
PASSAGES = 10
"""Paragraphs an article, each of them one passage."""
PASSAGE_WORDS = (130, 170)
PUBLISHERS = 200
TOKENIZER = Path(agent.evidence.embedding.__file__).parent / "minilm" / "tokenizer.json"


def vocabulary() -> list[str]:
    """The words, the most frequent first."""
    numbers = json.loads(TOKENIZER.read_text(encoding="utf-8"))["model"]["vocab"]
    words = [word for word in sorted(numbers, key=lambda word: int(numbers[word])) if re.fullmatch("[a-z]{2,}", word)]
    return words + [str(number) for number in range(1000, 1000 + WORDS - len(words))]


class Writer:
    """Writes articles and questions."""

    def __init__(self) -> None:
        self._words = np.array(vocabulary())
        weights = 1 / (np.arange(WORDS) + 2.7)
        self._weights = np.cumsum(weights / weights.sum())
        self._topics = np.random.default_rng(1).integers(200, WORDS, (TOPICS, TOPIC_WORDS))

    def article(self, number: int) -> str:
        """The Markdown file of an article: the same for the same number."""
        draw = np.random.default_rng((2, number))
        paragraphs = (
            self._sentences(draw, number % TOPICS, int(draw.integers(*PASSAGE_WORDS))) for _ in range(PASSAGES)
        )
        year, month, day = draw.integers(2019, 2027), draw.integers(1, 13), draw.integers(1, 29)
        title = " ".join(self._draw(draw, number % TOPICS, 8))
        return (
            f'---\ntitle: "{title} {number}"\npublisher: "Publisher {number % PUBLISHERS}"\nauthor: null\n'
            f"date: {year}-{month:02}-{day:02}\nurl: https://example.org/{number}\ntier: {draw.integers(1, 5)}\n"
            "interested: false\nretrieved: 2026-01-02\ntext_kind: full\n---\n" + "\n\n".join(paragraphs) + "\n"
        )

    def page(self, number: int) -> str:
        """The same as a saved web page, with navigation and a footer around it."""
        head, _, body = self.article(number).partition("\n---\n")
        title = head.partition('"')[2].partition('"')[0]
        links = "".join(f'<li><a href="/{other}">{word}</a></li>' for other, word in enumerate(self._words[300:340]))
        paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in body.strip().split("\n\n"))
        return (
            f'<!doctype html><html><head><title>{title}</title><meta name="author" content="A. Writer">'
            f'<link rel="canonical" href="https://example.org/{number}"></head><body><nav><ul>{links}</ul></nav>'
            f"<main><article><h1>{title}</h1>{paragraphs}</article></main><footer>{links}</footer></body></html>"
        )

    def question(self, number: int) -> str:
        """A question of 5 to 12 words, frequent ones among them: the same for the same number."""
        draw = np.random.default_rng((3, number))
        return " ".join(self._draw(draw, int(draw.integers(TOPICS)), int(draw.integers(5, 13)))) + "?"

    def _draw(self, draw: np.random.Generator, topic: int, count: int) -> Sequence[str]:
        usual = np.searchsorted(self._weights, draw.random(count))
        own = self._topics[topic][draw.integers(TOPIC_WORDS, size=count)]
        chosen = np.where(draw.random(count) < TOPIC_SHARE, own, np.minimum(usual, WORDS - 1))
        return [str(word) for word in self._words[chosen]]

    def _sentences(self, draw: np.random.Generator, topic: int, count: int) -> str:
        words = self._draw(draw, topic, count)
        starts = [0]
        while starts[-1] < count:
            starts.append(starts[-1] + int(draw.integers(8, 25)))
        parts = [" ".join(words[start:end]) for start, end in itertools.pairwise(starts)]
        return " ".join(part.capitalize() + "." for part in parts if part)


def write_articles(folder: Path, numbers: Iterator[int] | range, *, pages: bool = False) -> None:
    """One file an article, a thousand in a folder."""
    writer = Writer()
    for number in numbers:
        file = folder / f"{number // 1000:03}" / f"{number:06}.{'html' if pages else 'md'}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(writer.page(number) if pages else writer.article(number), encoding="utf-8")


class CheapEmbedder:
    """Sums a random direction of each of a text's words, rare ones weighted more: no model, but texts with the same
    words lie near each other. Goes by the bundled model's name, so that the installed command searches its store.
    """

    identity = MiniLM.identity
    dimensions = MiniLM.dimensions

    def __init__(self) -> None:
        words = vocabulary()
        self._at = {word: at for at, word in enumerate(words)}
        self._directions = np.random.default_rng(4).standard_normal((len(words), self.dimensions), np.float32)
        self._directions *= np.log(np.arange(len(words), dtype=np.float32) + 2)[:, None]

    def embed(self, texts: Sequence[str]) -> Vectors:
        """See `agent.evidence.embedding.Embedder.embed`."""
        rows = np.empty((len(texts), self.dimensions), np.float32)
        for row, text in enumerate(texts):
            known = [self._at[word] for word in re.findall(r"[a-z0-9]+", text.lower()) if word in self._at]
            # A direction of its own, so that no two texts have one vector.
            own = np.random.default_rng(int(hashlib.sha256(text.encode()).hexdigest()[:16], 16))
            vector = self._directions[known].sum(axis=0) + own.standard_normal(self.dimensions)
            rows[row] = vector / np.linalg.norm(vector)
        return rows


class TimedEmbedder(CheapEmbedder):
    """Gives the cheap vectors, but takes the time of the bundled model as well."""

    def __init__(self) -> None:
        super().__init__()
        self._model = MiniLM()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """See `agent.evidence.embedding.Embedder.embed`."""
        self._model.embed(texts)
        return super().embed(texts)
