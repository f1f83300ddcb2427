"""Passages of copies that say the same, as one result."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from agent.store.corpus_view import Candidate

SAME = 0.9
"""Least share of a passage's runs of words that stand in a copy's passage which says the same."""
RUN = 3
_WORD = re.compile(r"\w+")


class Wording(NamedTuple):
    """What tells whether two passages of copies say the same."""

    runs: frozenset[str]
    """The different runs of three words; all words as one run where there are fewer."""
    figures: frozenset[str]
    """The words that hold a digit."""


def wording(text: str) -> Wording:
    """Case and punctuation have no part in it."""
    words = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    runs = (" ".join(words[at : at + RUN]) for at in range(max(1, len(words) - RUN + 1)))
    return Wording(frozenset(runs), frozenset(word for word in words if any(map(str.isdigit, word))))


def says_the_same(one: Wording, other: Wording) -> bool:
    """Whether the shorter of two passages stands in the longer one as good as whole, with every figure: two letters
    from one template say different things."""
    shorter, longer = sorted((one, other), key=lambda said: len(said.runs))
    return shorter.figures <= longer.figures and len(shorter.runs & longer.runs) >= SAME * len(shorter.runs)


class OneOfCopies(NamedTuple):
    """The passage that stands for all that say the same."""

    passage: str
    others: tuple[str, ...]
    """The articles of the others, sorted; its own is not among them."""


def copies_of(
    candidates: Mapping[str, Candidate], texts: Callable[[Sequence[str]], Mapping[str, str]]
) -> dict[str, OneOfCopies]:
    """For each passage that says the same as one of a copy of its article: which of them is shown, that of the earliest
    article, ties by id. Passages of one article are never taken together. `texts` gives the text of passages."""
    works: dict[str, list[str]] = {}
    for passage, candidate in candidates.items():
        works.setdefault(candidate.work, []).append(passage)
    copied = [own for own in works.values() if len({candidates[passage].article for passage in own}) > 1]
    said = {passage: wording(text) for passage, text in texts([p for own in copied for p in own]).items()}
    found: dict[str, OneOfCopies] = {}
    for own in copied:
        # A letter stands after every digit: `unknown` is later than any date.
        own.sort(key=lambda passage: (candidates[passage].date, candidates[passage].article, passage))
        groups: list[list[str]] = []
        for passage in own:
            for group in groups:
                articles = {candidates[member].article for member in group}
                if candidates[passage].article not in articles and says_the_same(said[group[0]], said[passage]):
                    group.append(passage)
                    break
            else:
                groups.append([passage])
        for group in groups:
            if len(group) > 1:
                shown = OneOfCopies(group[0], tuple(sorted(candidates[other].article for other in group[1:])))
                found |= dict.fromkeys(group, shown)
    return found


def merged(ranking: Sequence[tuple[str, float]], same: Mapping[str, OneOfCopies]) -> list[tuple[str, float]]:
    """The ranking with each group of passages that say the same once, in its best place, as the one that is shown."""
    best: dict[str, float] = {}
    for passage, score in ranking:
        shown = same[passage].passage if passage in same else passage
        best[shown] = max(score, best.get(shown, score))
    return sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))
