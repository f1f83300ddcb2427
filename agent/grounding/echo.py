"""Words of the instructions that come back in an answer: they are no statement about a role."""

from __future__ import annotations

import re
from functools import lru_cache

RUN = 8
"""So many words in a row are no chance."""

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def echoes(text: str, told: str) -> str | None:
    """The first run of `RUN` words of `text` that stands in `told` too, case and punctuation aside; or `None`."""
    words = _words(text)
    runs = _runs(told)
    for at in range(len(words) - RUN + 1):
        if words[at : at + RUN] in runs:
            return " ".join(words[at : at + RUN])
    return None


def _words(text: str) -> tuple[str, ...]:
    return tuple(match[0].lower() for match in _WORD.finditer(text))


@lru_cache(maxsize=16)
def _runs(told: str) -> frozenset[tuple[str, ...]]:
    words = _words(told)
    return frozenset(words[at : at + RUN] for at in range(len(words) - RUN + 1))
