"""Names of organisations and products in a claim: capitalised words inside a sentence.

A name is known when each of its words stands in the texts the claim may draw on. The check is lexical: it finds a name
that came from nowhere, not a name in the wrong place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from functools import lru_cache

from agent.grounding.normalise import folded_words, normalise

_TOKEN = re.compile(r"[^\W_]+(?:['&.+/#-]+[^\W_]+)*[+#]*")
_SENTENCE_END = re.compile(r"[.!?:;(\"\u2022]\s*$")
_NUMBERED = re.compile(r"[^\W\d_]+[-/ ]?\d+(?:\.\d+)*[^\W_]*")
_ATTRIBUTION = re.compile(
    r" (?:says|said|reports|reported|finds|estimates|estimated|expects|expected|predicts|predicted|warns|warned"
    r"|announced|argues|counts|counted|measured|surveyed|hired|laid off)\b"
)
_COMMON_NAMES = """
I AI ML LLM GPU CPU IT US USA UK EU API SQL ETL HR CEO CTO CFO PhD BSc MSc CI CD QA UI UX SaaS R&D FTE KPI OK English
American European British Europe America United States Kingdom Union Asia Africa Australia Canada China France Germany
India Japan Western Eastern Northern Southern North South January February March April May June July August September
October November December Monday Tuesday Wednesday Thursday Friday Saturday Sunday Green Yellow Red Moderate Urgent
Stable Transforming Accelerated Imminent Junior Mid Senior Staff Principal Lead
"""
_COMMON = frozenset(folded_words(_COMMON_NAMES))
"""No names of organisations or products: abbreviations, large places, the calendar, the labels of the method."""


@lru_cache(maxsize=4096)
def name_words(text: str) -> frozenset[str]:
    """What a text makes known: its folded words, and its numbered names (GPT-4, "Claude 3.5") as one word each."""
    normal = normalise(text)
    numbered = [*_NUMBERED.findall(normal), *(word for word in _TOKEN.findall(normal) if _has_digit(word))]
    return frozenset(folded_words(normal)).union(_numbered(name) for name in numbered)


def unknown_names(text: str, known: Sequence[Set[str]]) -> tuple[str, ...]:
    """The names in `text` with a word that is in none of `known`, in order of appearance, each once.

    `known` are the `name_words` of everything the claim may draw on. The first word of a sentence counts as a name
    only when its spelling (GitHub, H100) or what follows it ("Gartner says", "Gartner's") shows that it is one.
    """
    normal = normalise(text)
    found: dict[str, None] = {}
    for match in _TOKEN.finditer(normal):
        word = match[0]
        first = _starts_sentence(normal, match.start())
        if _is_name(word, first=first, rest=normal[match.end() : match.end() + 12]) and not _is_known(word, known):
            found.setdefault(re.sub(r"'s$", "", word))
    return tuple(found)


def _is_known(name: str, known: Sequence[Set[str]]) -> bool:
    parts = (_numbered(name),) if _has_digit(name) else folded_words(name)
    return all(part in _COMMON or any(part in words for words in known) for part in parts)


def _numbered(name: str) -> str:
    return "".join(folded_words(re.sub(r"[-/ ]", "", name.removesuffix("'s"))))


def _has_digit(word: str) -> bool:
    return any(c.isdecimal() for c in word)


def _is_name(word: str, *, first: bool, rest: str) -> bool:
    letters = any(c.isalpha() for c in word) and not word[0].isdecimal()
    if letters and (any(c.isupper() for c in word[1:]) or (word[0].isupper() and _has_digit(word))):
        return True
    if not word[0].isupper():
        return False
    return not first or word.endswith("'s") or _ATTRIBUTION.match(rest) is not None


def _starts_sentence(text: str, start: int) -> bool:
    return start == 0 or _SENTENCE_END.search(text[max(0, start - 8) : start]) is not None
