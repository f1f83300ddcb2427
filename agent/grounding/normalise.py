"""One spelling for texts that differ in typography only, with the way back to the original characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from agent.schemas.text import without_controls

_SINGLE = "\u2018\u2019\u201a\u201b\u2032\u02bc\u00b4`\u2039\u203a"
_DOUBLE = "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_SUPERSCRIPTS = {"\u2070": "^0", "\u00b9": "^1", "\u00b2": "^2", "\u00b3": "^3"} | {
    chr(0x2074 + step): f"^{4 + step}" for step in range(6)
}
_TYPOGRAPHY = str.maketrans(
    dict.fromkeys(_SINGLE, "'") | dict.fromkeys(_DOUBLE, '"') | dict.fromkeys(_DASHES, "-") | _SUPERSCRIPTS
)
_ONE_FOR_ONE = str.maketrans(
    dict.fromkeys("\t\n\r\u00a0\u2009\u202f", " ")
    | dict.fromkeys(_SINGLE, "'")
    | dict.fromkeys(_DOUBLE, '"')
    | dict.fromkeys(_DASHES, "-")
)
_SIMPLE = re.compile(r"[ -~\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff\u20ac\u00a3]*")
"""Characters that stand for themselves and are followed by no mark: most texts have no others."""
_RUN = re.compile(r"[^ ]+(?: [^ ]+)*")
_DELETED = frozenset(
    chr(code)
    for codes in (range(0xA0), range(0x2060, 0x2070), range(0xE0000, 0xE01F0))
    for code in codes
    if not without_controls(chr(code))
)
"""What is stripped before a text is shown: it must not part what the reader then sees as one."""
_POSSESSIVE = re.compile(r"(?<=\w)'s\b")
_TOKEN = re.compile(r"[^\W_]+[+#]*")


@dataclass(frozen=True)
class NormalText:
    """A normalised text whose every character knows where it came from."""

    text: str
    starts: tuple[int, ...] | range
    """For each character, the offset in the original at which its source begins."""
    ends: tuple[int, ...] | range
    """For each character, the offset in the original at which its source ends."""

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that the non-empty span `start..end` of the normalised text stands for."""
        return self.starts[start], self.ends[end - 1]


def normalise(text: str) -> str:
    """NFKC, one kind of quotation mark, apostrophe and dash, no invisible characters, one space between words.

    Case is kept. Decimal digits of every script become ASCII digits; a superscript digit is written `^1`, because NFKC
    would glue a footnote mark to the figure before it.
    """
    return normal_text(text).text


@lru_cache(maxsize=8192)
def normal_text(text: str) -> NormalText:
    """`normalise`, with offsets."""
    plain = text.translate(_ONE_FOR_ONE)
    if _SIMPLE.fullmatch(plain):
        return _joined(plain)
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for piece, start, end in _pieces(text):
        for character in piece:
            blank = character.isspace()
            if blank and (not characters or characters[-1] == " "):
                continue
            characters.append(" " if blank else character)
            starts.append(start)
            ends.append(end)
    if characters and characters[-1] == " ":
        characters.pop()
    size = len(characters)
    return NormalText("".join(characters), tuple(starts[:size]), tuple(ends[:size]))


def _joined(plain: str) -> NormalText:
    """A text of simple characters with every run of blanks as one."""
    if "  " not in plain and plain == plain.strip():
        return NormalText(plain, range(len(plain)), range(1, len(plain) + 1))
    runs: list[str] = []
    places: list[int] = []
    for match in _RUN.finditer(plain):
        if runs:
            places.append(places[-1] + 1)
        runs.append(match[0])
        places.extend(range(*match.span()))
    return NormalText(" ".join(runs), tuple(places), tuple(place + 1 for place in places))


@lru_cache(maxsize=1024)
def folded_words(text: str) -> tuple[str, ...]:
    """The words of `text` for comparison without regard to case, plural and punctuation."""
    return tuple(_singular(word) for word in _TOKEN.findall(_POSSESSIVE.sub("", normalise(text).casefold())))


def mentions(words: tuple[str, ...], phrase: str) -> bool:
    """Whether the words of `phrase` stand next to each other in `words` (both folded). An empty phrase never does."""
    wanted = folded_words(phrase)
    if not wanted:
        return False
    size = len(wanted)
    return any(words[at] == wanted[0] and words[at : at + size] == wanted for at in range(len(words) - size + 1))


def _pieces(text: str) -> Iterator[tuple[str, int, int]]:
    """Each base character with the marks that follow it, normalised, and where it stands in `text`."""
    cluster, start, end = "", 0, 0
    for at, character in enumerate(text):
        if _invisible(character):
            continue
        if cluster and _continues(character):
            cluster, end = cluster + character, at + 1
            continue
        if cluster:
            yield _spelling(cluster), start, end
        cluster, start, end = character, at, at + 1
    if cluster:
        yield _spelling(cluster), start, end


def _spelling(cluster: str) -> str:
    if cluster.isascii():
        return cluster.translate(_TYPOGRAPHY)
    if unicodedata.category(cluster[0]) == "No" and cluster[0] not in _SUPERSCRIPTS:
        return _number_sign(cluster)
    composed = unicodedata.normalize("NFKC", cluster.translate(_TYPOGRAPHY)).translate(_TYPOGRAPHY)
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in composed)


def _number_sign(cluster: str) -> str:
    """A vulgar fraction apart from the digits before it; any other sign of digits like a superscript."""
    composed = unicodedata.normalize("NFKC", cluster)
    if "\u2044" in composed:
        return f" {composed}"
    return f"^{composed}" if composed[0].isdecimal() else composed


def _invisible(character: str) -> bool:
    if character in _DELETED:
        return True
    if character.isspace():
        return False
    return (
        unicodedata.category(character) in {"Cf", "Cc", "Me"}
        or "\ufe00" <= character <= "\ufe0f"
        or character == "\u034f"
    )


def _continues(character: str) -> bool:
    return unicodedata.category(character).startswith("M") or "\u1160" <= character <= "\u11ff"


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ses", "xes", "zes", "ches", "shes")):
        return word[:-2]
    if len(word) > 3 and word.endswith(("se", "xe", "ze", "che", "she")):
        # "nurses" may be of "nurs" or of "nurse": both end up as the same.
        return word[:-1]
    if len(word) > 2 and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word
