"""Likeness of two texts by their words, for RAGAS's context metrics without a model. Import it in `quiet()`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ragas.metrics.base import SingleTurnMetric

WORD = re.compile(r"\w+")


@dataclass
class WordOverlap(SingleTurnMetric):  # type: ignore[misc]
    """The share of the response's different words that the reference has, 0 to 1; NaN without a word."""

    name: str = "word_overlap"

    def init(self, run_config: Any) -> None:
        """Nothing to prepare."""

    async def _single_turn_ascore(self, sample: Any, callbacks: Any) -> float:
        return word_overlap(sample.response, sample.reference)

    async def _ascore(self, row: dict[str, Any], callbacks: Any) -> float:
        return word_overlap(row["response"], row["reference"])


def word_overlap(words: str, text: str) -> float:
    """The share of different words in `words` that `text` has, whatever their case; NaN without a word."""
    wanted = set(WORD.findall(words.casefold()))
    return len(wanted & set(WORD.findall(text.casefold()))) / len(wanted) if wanted else float("nan")
