"""Whether a quote stands verbatim in a passage, and where."""

from __future__ import annotations

import re
from enum import StrEnum

from agent.grounding.normalise import NormalText, normal_text, normalise

MIN_LETTERS = 6
"""Letters and digits a quote must hold: a row of punctuation proves nothing."""

PIECE_WORDS = 3
"""Words that a piece of a stitched quote has at least."""
MAX_PIECES = 5

_GAP = re.compile(r"[\[(]? ?\.{3} ?[\])]?")
_NUMBER_START = re.compile(r"\d{3}(?!\d)|\d+\u2044")
_NUMBER_END = re.compile(r"(?<![^\W_])(?:\d{1,3}|\d{1,3}(?: \d{3})+)$")


class QuoteFault(StrEnum):
    """Why a quote is not a verbatim span of a passage."""

    TOO_SHORT = "too_short"
    STITCHED = "stitched"
    """Its pieces stand there, the whole does not: it skips words or joins places."""
    CUT_WORD = "cut_word"
    """It stands there only inside a longer word or number: `likely` out of `unlikely`, `89%` out of `189%`."""
    NOT_FOUND = "not_found"


def locate(quote: str, text: str) -> tuple[int, int] | None:
    """The characters of `text` that `quote` copies, or `None`. For showing a quote in its context."""
    found = find_quote(quote, text, normal_text(text), minimum=1)
    return None if isinstance(found, QuoteFault) else found


def find_quote(quote: str, text: str, normal: NormalText, *, minimum: int) -> tuple[int, int] | QuoteFault:
    """The first span of `text` that `quote` copies word for word, as offsets into `text`; or why there is none.

    `normal` is `normal_text(text)`, passed in because one passage is asked many times; `minimum` is the shortest
    admissible quote in characters after normalisation.
    """
    wanted = normalise(quote)
    if len(wanted) < minimum or sum(map(str.isalnum, wanted)) < MIN_LETTERS:
        return QuoteFault.TOO_SHORT
    cut = False
    at = normal.text.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        if not _cuts(normal.text, at) and not _cuts(normal.text, end):
            return normal.original(at, end)
        cut = True
        at = normal.text.find(wanted, at + 1)
    if cut:
        return QuoteFault.CUT_WORD
    return QuoteFault.STITCHED if _is_stitched(wanted, normal.text) else QuoteFault.NOT_FOUND


def _is_stitched(wanted: str, text: str) -> bool:
    """Whether the quote consists of a few runs of words that each stand in the text."""
    pieces = [piece.strip() for piece in _GAP.split(wanted) if piece.strip()]
    if len(pieces) > 1 or (pieces and _GAP.search(wanted)):
        return all(piece in text for piece in pieces)
    words = wanted.split()
    at = runs = 0
    while at < len(words) and runs < MAX_PIECES:
        size = _longest_run(words[at:], text)
        if size < PIECE_WORDS and at + size < len(words):
            return False
        at, runs = at + max(size, 1), runs + 1
    return at >= len(words) and runs > 1


def _longest_run(words: list[str], text: str) -> int:
    """How many of the first words stand in the text next to each other."""
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        if " ".join(words[:middle]) in text:
            low = middle
        else:
            high = middle - 1
    return low


def _cuts(text: str, at: int) -> bool:
    """Whether the place before character `at` of a normalised text lies inside a word or number."""
    if not 0 < at < len(text):
        return False
    left, right = text[at - 1], text[at]
    if _in_word(left) and _in_word(right):
        return True
    if _in_word(right):
        return _links(text, at - 1)
    return _in_word(left) and _links(text, at)


def _links(text: str, at: int) -> bool:
    """Whether character `at` makes one word or number of its neighbours: `non-essential`, `can't`, `1 200`, `.5`."""
    link, left, right = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    if link == "." and right.isdecimal() and not (left and (left == "." or _in_word(left))):
        return True
    if not left or not right or not _in_word(left) or not _in_word(right):
        return False
    if link in "-'/\u2044":
        return True
    if not left.isdecimal() or not right.isdecimal():
        return False
    if link == "^":
        return re.search(r"(?<![\d.,])10$", text[max(0, at - 4) : at]) is not None
    blank = link == " " and _NUMBER_START.match(text, at + 1) and _NUMBER_END.search(text[max(0, at - 20) : at])
    return link in ".," or bool(blank)


def _in_word(character: str) -> bool:
    """Letters of cased scripts and digits: scripts without case are often written without spaces between words."""
    return character.isdecimal() or character.lower() != character.upper()
