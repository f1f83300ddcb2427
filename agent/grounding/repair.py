"""Slips in copying a quote: found, and replaced by the exact text of the source.

A slip is one of case, punctuation, an article left out, or a misspelt word that no source knows. Whatever the quote
becomes is the source's own unbroken text, and the claim is checked against that. Anything else is no slip: least of all
dots, which may leave out what turns a sentence round.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from difflib import SequenceMatcher

from agent.grounding.language import is_known
from agent.grounding.normalise import NormalText, normalise
from agent.grounding.quotes import QuoteFault
from agent.grounding.sources import PassageText, Sources
from agent.schemas.draft import Citation, Claim

MAX_QUOTE = 2000
WORDS_A_SLIP = 6
"""A quote may have one misspelt word or lost article for this many words."""
MAX_PLACES = 8
"""Places of a passage at which a quote with a misspelt word is tried."""
ALIKE = 0.8
"""How alike a misspelt word is to the source's at least (0 to 1)."""

_WORD = re.compile(r"[^\W_]+(?:[.,'][^\W_]+)*")
_ARTICLES = frozenset({"a", "an", "the"})


def repaired(citation: Citation, sources: Sources) -> Citation:
    """`citation` with the exact text of its passage where its quote has a slip; otherwise as it is."""
    source = sources.get(citation.passage)
    if source is None or not isinstance(sources.find(citation.quote, source), QuoteFault):
        return citation
    span = _span(normalise(citation.quote), source, sources)
    if span is None:
        return citation
    exact = source.passage.text[span[0] : span[1]]
    if len(exact) > MAX_QUOTE or isinstance(sources.find(exact, source), QuoteFault):
        return citation
    return citation.model_copy(update={"quote": exact, "as_drafted": citation.as_drafted or citation.quote})


def repaired_claim(claim: Claim, sources: Sources) -> Claim:
    """`claim` with every slip in its quotes repaired."""
    citations = tuple(repaired(citation, sources) for citation in claim.citations)
    return claim if citations == claim.citations else claim.model_copy(update={"citations": citations})


def _span(wanted: str, source: PassageText, sources: Sources) -> tuple[int, int] | None:
    if "..." in wanted:
        return None
    words = _Words(source.normal)
    found = words.find([match[0].lower() for match in _WORD.finditer(wanted)], sources)
    return None if found is None else words.characters(*found)


class _Words:
    """The words of a passage by place."""

    def __init__(self, normal: NormalText) -> None:
        self._normal = normal
        self._matches = list(_WORD.finditer(normal.text))
        self._words = [match[0].lower() for match in self._matches]
        self._places: dict[str, list[int]] = {}
        for at, word in enumerate(self._words):
            self._places.setdefault(word, []).append(at)

    def characters(self, start: int, end: int) -> tuple[int, int]:
        """The characters of the stored text that words `start` to `end` take up."""
        return self._normal.original(self._matches[start].start(), self._matches[end - 1].end())

    def find(self, wanted: Sequence[str], sources: Sources) -> tuple[int, int] | None:
        """Where `wanted` stands but for slips; the first of the best places."""
        if len(wanted) < 2:
            return None
        rare = min(range(len(wanted)), key=lambda at: len(self._places.get(wanted[at], ())) or 10**6)
        starts = [place - rare for place in self._places.get(wanted[rare], ())]
        budget = len(wanted) // WORDS_A_SLIP
        for start in starts:
            if start >= 0 and self._words[start : start + len(wanted)] == list(wanted):
                return start, start + len(wanted)
        for start in starts[:MAX_PLACES] if budget else ():
            found = self._aligned(wanted, max(0, start - budget), budget, sources.vocabulary)
            if found is not None:
                return found
        return None

    def _aligned(self, wanted: Sequence[str], start: int, budget: int, vocabulary: Set[str]) -> tuple[int, int] | None:
        window = self._words[start : start + len(wanted) + 2 * budget]
        blocks = SequenceMatcher(None, window, wanted, autojunk=False).get_opcodes()
        slips, first, last = 0, None, 0
        for kind, left, right, begin, end in blocks:
            if kind == "equal":
                first = left if first is None else first
                last = right
                continue
            lost, given = window[left:right], wanted[begin:end]
            if not given and (first is None or right == len(window)):
                continue
            size = _slips(lost, given, vocabulary)
            if size is None:
                return None
            slips += size
            first = left if first is None else first
            last = right if given or first is not None else last
        if first is None or slips > budget or (slips == 0 and last - first != len(wanted)):
            return None
        return start + first, start + last


def _slips(lost: Sequence[str], given: Sequence[str], vocabulary: Set[str]) -> int | None:
    """How many slips turn the source's words into the drafted ones; `None` where it takes more than slips."""
    if not given or not lost:
        return len(lost) + len(given) if {*lost, *given} <= _ARTICLES else None
    if len(lost) != len(given):
        return None
    pairs = zip(lost, given, strict=True)
    return len(lost) if all(_is_misspelt(source, drafted, vocabulary) for source, drafted in pairs) else None


def _is_misspelt(source: str, drafted: str, vocabulary: Set[str]) -> bool:
    """Whether a drafted word is the source's with a slip of the keys: alike, and no word of its own."""
    if any(c.isdecimal() for c in source + drafted) or len(drafted) < 4 or drafted[0] != source[0]:
        return False
    if drafted in vocabulary or is_known(drafted):
        return False
    return SequenceMatcher(None, source, drafted).ratio() >= ALIKE
