"""Sentences of a text, and the plain words in them."""

from __future__ import annotations

import re

_END = re.compile(r"(?<=[.?!])[\"”']?\s+(?=[A-Z\"“])")
_NOT_AN_END = re.compile(r"\b(?:U\.S|U\.K|Inc|Ltd|vs|Mr|Mrs|Dr|St|No|e\.g|i\.e|approx)\.$")
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]+")
_COMMON = frozenset({
    "the", "and", "for", "that", "with", "from", "this", "than", "into", "over", "are", "was", "were", "has",
    "had", "have", "been", "its", "their", "his", "her", "not", "but", "who", "which", "when", "where", "while",
    "more", "most", "also", "only", "about", "between", "they", "them", "such", "these", "those", "does", "did",
    "can", "may", "will", "would", "could", "one", "two", "per", "all", "any", "each", "other", "same",
})  # fmt: skip
_OPENERS = frozenset({
    "The", "A", "An", "In", "On", "At", "By", "For", "Of", "Among", "After", "Before", "Across", "According",
    "About", "Under", "With", "From", "As", "Total", "Overall",
})  # fmt: skip
_NAMES = frozenset({
    "Amazon", "Andrew", "Anthropic", "Article", "Articles", "Brudaru", "Business", "Chris", "Claude", "Cursor",
    "Dario", "Demis", "Fable", "Federal", "Fivetran", "Gartner", "Gemini", "Google", "Indeed", "January",
    "Klarna", "Kubernetes", "Laura", "Meta", "Metosys", "Microsoft", "Mondaq", "Organisation", "Postlark",
    "Python", "Ravio", "Rework", "Salesforce", "Snowflake", "Spotify", "Stanford", "Techzine", "Texas",
    "Veracode", "Veritone", "Vijay", "Wang", "Yann", "Ullrich", "Regulation", "I",
})  # fmt: skip


def sentences(text: str) -> list[str]:
    """The sentences in order, as they stand."""
    found: list[str] = []
    start = 0
    for end in _END.finditer(text):
        if _NOT_AN_END.search(text[start : end.start()]):
            continue
        found.append(text[start : end.start()].strip())
        start = end.end()
    found.append(text[start:].strip())
    return [sentence for sentence in found if sentence]


def words(text: str) -> frozenset[str]:
    """The words of three letters or more that carry meaning, in lower case."""
    return frozenset(w for w in (m.group().lower() for m in _WORD.finditer(text)) if len(w) > 2 and w not in _COMMON)


def lower_first(sentence: str) -> str:
    """The sentence as it would go on inside another one: names and acronyms keep their capitals."""
    first, _, rest = sentence.partition(" ")
    word = first.strip(",")
    if (
        not word.isalpha()
        or (not word[1:].islower() and len(word) > 1)
        or word in _NAMES
        or (rest[:1].isupper() and word not in _OPENERS)
    ):
        return sentence
    return sentence[0].lower() + sentence[1:]


def without_stop(sentence: str) -> str:
    """The sentence without its final stop."""
    return sentence.rstrip(" .")
