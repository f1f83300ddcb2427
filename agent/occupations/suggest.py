"""Which occupations a role title may belong to: suggestions with a reason, for a person to confirm or not."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from agent.grounding.normalise import folded_words
from agent.schemas.occupation import NameKind, OfficialName

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
"""Texts to unit-length rows in their order, as `Embedder.embed`."""

LIMIT = 8
LEAST_SHARED = 0.3
"""Of the weight of all words of title and name together, what they share at least. A rare word weighs more."""
LEAST_SIMILAR = 0.5
"""Cosine of title and occupation title from which on their meaning is called close."""
NOT_THE_TITLE = 0.99
"""The most that the same words in another order get."""
BY_MEANING = 5
"""Occupations that are suggested for their meaning at most."""


class Suggestion(NamedTuple):
    """One occupation, and why."""

    code: str
    score: float
    """0 to 1, two decimals: 1 for the very title, else the weighted share of words, or the cosine."""
    reason: str


def suggest(
    title: str, names: Sequence[OfficialName], *, embed: Embed | None = None, limit: int = LIMIT
) -> list[Suggestion]:
    """At most `limit` occupations, best first, ties by code; often several, sometimes none.

    In this order: those that have this very title (case and plural aside), then as an alternate or short one, then
    those with a name that shares words with it; with `embed`, then those whose title is close in meaning.
    """
    wanted = folded_words(title)
    found: dict[str, tuple[tuple[int, float], Suggestion]] = {}
    for rank, score, name in _by_words(wanted, names):
        key = (rank, -score)
        if name.occupation not in found or key < found[name.occupation][0]:
            found[name.occupation] = (key, Suggestion(name.occupation, score, _reason(wanted, rank, name)))
    best = [suggestion for _, suggestion in sorted(found.values(), key=lambda item: (item[0], item[1].code))][:limit]
    if embed is None:
        return best
    known = {suggestion.code for suggestion in best}
    close = [suggestion for suggestion in _by_meaning(title, names, embed) if suggestion.code not in known]
    return [*best[: max(limit - len(close), 0)], *close][:limit]


_SAME = {NameKind.TITLE: 0, NameKind.ALTERNATE: 1, NameKind.SHORT: 1}
_SHARED = 2


def _by_words(wanted: Sequence[str], names: Sequence[OfficialName]) -> list[tuple[int, float, OfficialName]]:
    """(rank, score, name) of every name that is the title or shares enough words with it."""
    split = [frozenset(name.words.split()) for name in names]
    common = Counter(word for words in split for word in words)
    weight = {word: math.log(1 + len(names) / (1 + count)) for word, count in common.items()}
    unknown = math.log(1 + len(names))
    title, exact = frozenset(wanted), " ".join(wanted)
    found = []
    for name, words in zip(names, split, strict=True):
        if exact and name.words == exact:
            found.append((_SAME[name.kind], 1.0, name))
        elif shared := title & words:
            together = math.fsum(weight.get(word, unknown) for word in sorted(title | words))
            score = min(round(math.fsum(weight[word] for word in sorted(shared)) / together, 2), NOT_THE_TITLE)
            if score >= LEAST_SHARED:
                found.append((_SHARED, score, name))
    return found


def _reason(wanted: Sequence[str], rank: int, name: OfficialName) -> str:
    if rank == _SAME[NameKind.TITLE]:
        return "its title"
    if rank < _SHARED:
        return f"{name.kind}: {name.text}"
    shared = ", ".join(dict.fromkeys(word for word in wanted if word in name.words.split()))
    if name.kind is NameKind.TITLE:
        return f"its title has {shared}"
    return f"{name.kind} with {shared}: {name.text}"


def _by_meaning(title: str, names: Sequence[OfficialName], embed: Embed) -> list[Suggestion]:
    titles = [name for name in names if name.kind is NameKind.TITLE]
    rows = embed([title, *(name.text for name in titles)])
    cosines = [round(float(value), 2) for value in rows[1:] @ rows[0]]
    close = sorted(
        (-cosine, name.occupation) for cosine, name in zip(cosines, titles, strict=True) if cosine >= LEAST_SIMILAR
    )
    return [Suggestion(code, -less, "its title is close in meaning") for less, code in close[:BY_MEANING]]
