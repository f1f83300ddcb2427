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
_NUMBERED = re.compile(r"(?<![^\W\d_])[^\W\d_]{1,40}[-/ ]?\d+(?:\.\d+)*[^\W_]*")
_PERIOD = re.compile(r"(?:Q[1-4]|H[12]|FY\d{2,4})(?:'s)?")
_ATTRIBUTION = re.compile(
    r" (?:says|said|reports|reported|finds|estimates|estimated|expects|expected|predicts|predicted|warns|warned"
    r"|announced|argues|counts|counted|measured|surveyed|hired|laid off)\b"
)
_COMMON_NAMES = """
I AI ML LLM GPU CPU IT US USA UK EU API SQL ETL HR CEO CTO CFO PhD BSc MSc CI CD QA UI UX SaaS R&D FTE KPI OK English
American European British Europe America United States Kingdom Union Asia Africa Western Eastern Northern Southern
North South January February March April May June July August September October November December
Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec
Monday Tuesday Wednesday Thursday Friday Saturday Sunday
Green Yellow Red Moderate Urgent
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


def unknown_names(text: str, known: Sequence[Set[str]], named: Set[str] = frozenset()) -> tuple[str, ...]:
    """The names in `text` with a word that is in none of `known`, in order of appearance, each once.

    `known` are the `name_words` of everything the claim may draw on. The first word of a sentence counts as a name
    only when its spelling (GitHub, H100), what follows it ("Gartner says", "Gartner's") or `named`, words of names in
    lower case, shows that it is one.
    """
    normal = normalise(text)
    found: dict[str, None] = {}
    for match in _TOKEN.finditer(normal):
        word = match[0]
        first = _starts_sentence(normal, match.start())
        rest = normal[match.end() : match.end() + 12]
        is_name = _is_name(word, first=first, rest=rest) or (first and word[0].isupper() and word.lower() in named)
        if is_name and not is_known_name(word, known):
            found.setdefault(re.sub(r"'s$", "", word))
    return tuple(found)


@lru_cache(maxsize=4096)
def names_within(text: str) -> frozenset[str]:
    """The words of `text`, in lower case, that it writes as names inside its sentences."""
    normal = normalise(text)
    return frozenset(
        match[0].lower().removesuffix("'s")
        for match in _TOKEN.finditer(normal)
        if not _starts_sentence(normal, match.start()) and _is_name(match[0], first=False, rest="")
    )


def is_short_for(name: str, texts: Sequence[str]) -> bool:
    """Whether capitals stand for the initials of words next to each other in one of `texts`: "SRE"."""
    letters = re.sub(r"s$", "", name)
    if not (2 <= len(letters) <= 6 and letters.isalpha() and letters.isupper()):
        return False
    initials = r"[\s-]+(?:(?:of|and|the|for|in)\s+)?".join(rf"{letter}[\w']*" for letter in letters)
    return any(re.search(rf"\b{initials}", text, re.IGNORECASE) for text in texts)


def is_known_name(name: str, known: Sequence[Set[str]]) -> bool:
    """Whether every part of a name stands in one of `known` or names nobody."""
    if _PERIOD.fullmatch(name):
        return True
    parts = (_numbered(name),) if _has_digit(name) else folded_words(_capitalised(name))
    return all(part in _COMMON or any(part in words for words in known) for part in parts)


def _capitalised(name: str) -> str:
    """The parts of a hyphenated word that make it a name: of "AI-written" the first."""
    parts = name.split("-")
    return " ".join(part for part in parts if part != part.lower()) if len(parts) > 1 else name


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
