"""Whether a quote stands verbatim in a passage, and where."""

from __future__ import annotations

from enum import StrEnum

from agent.grounding.normalise import NormalText, normal_text, normalise

MIN_LETTERS = 6
"""Letters and digits a quote must hold: a row of punctuation proves nothing."""

_HYPHENS = "-\u2010\u2011"


class QuoteFault(StrEnum):
    """Why a quote is not a verbatim span of a passage."""

    TOO_SHORT = "too_short"
    ELLIPSIS = "ellipsis"
    """It skips words: the pieces may stand there, the quote does not."""
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
    if len(wanted) < minimum or sum(c.isalnum() for c in wanted) < MIN_LETTERS:
        return QuoteFault.TOO_SHORT
    cut = False
    at = normal.text.find(wanted)
    while at >= 0:
        start, end = normal.original(at, at + len(wanted))
        if not _cuts_before(text, start) and not _cuts_after(text, end):
            return start, end
        cut = True
        at = normal.text.find(wanted, at + 1)
    if cut:
        return QuoteFault.CUT_WORD
    return QuoteFault.ELLIPSIS if "..." in wanted else QuoteFault.NOT_FOUND


def _cuts_before(text: str, start: int) -> bool:
    if start == 0 or not _in_word(text[start]):
        return False
    before = text[start - 1]
    return _in_word(before) or (
        start > 1 and _in_word(text[start - 2]) and _joins(before, text[start - 2], text[start])
    )


def _cuts_after(text: str, end: int) -> bool:
    if end >= len(text) or not _in_word(text[end - 1]):
        return False
    after = text[end]
    return _in_word(after) or (end + 1 < len(text) and _joins(after, text[end - 1], text[end + 1]))


def _joins(link: str, left: str, right: str) -> bool:
    """Whether `link` makes one word or number of its two neighbours, as in `non-essential`, `1,200` and `3.5`."""
    if link in _HYPHENS:
        return _in_word(left) and _in_word(right)
    return link in ".," and left.isdecimal() and right.isdecimal()


def _in_word(character: str) -> bool:
    """Letters of cased scripts and digits: scripts without case are often written without spaces between words."""
    return character.isdecimal() or character.lower() != character.upper()
