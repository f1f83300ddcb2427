"""Lines of printed pages brought back to headings, paragraphs, lists and tables. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

_BULLET = re.compile(r"[•‣◦▪▫■□●○\uf0a7\uf0b7\uf0d8]\s*(?=\S)")
_DASH = re.compile(r"[-*–·]\s+(?=\S)")
_NUMBER = re.compile(r"\d{1,2}[.)]\s+(?=\S)")
_SENTENCE_END = re.compile(r"[.!?…:。！？][\"'”’»)\]]*\d{0,2}$")
_CUT_WORD = re.compile(r"(\w+)[-\u2010]$")
_FIRST_WORD = re.compile(r"\w+")
_WORD = re.compile(r"[^\W\d_]+")
_COMPOUND = re.compile(r"(?=\b(\w+)[-\u2010](\w+))")
_WIDE = ("CJK", "HIRAGANA", "KATAKANA", "IDEOGRAPHIC", "FULLWIDTH")
_LONGEST_HEADING = 200


@dataclass(frozen=True)
class Line:
    """One printed line. Lengths are points on the page, from its lower left corner."""

    text: str
    page: int
    """From 1."""
    x: float
    y: float
    size: float
    """Of its first character."""
    is_row: bool = False
    """A table's row, its text already written with pipes."""


@dataclass(frozen=True)
class Joined:
    """The text of all pages, and (offset, page number) of each page that has text."""

    text: str
    pages: tuple[tuple[int, int], ...]
    title: str | None
    """The first heading on the first page that has text."""


def join(lines: Sequence[Line]) -> Joined:
    """The lines, in reading order and without running headers, as Markdown.

    Headings are told by size, paragraphs by gap, indentation or a short last line. A word cut at a line's end is made
    whole when the next line goes on in lower case, unless the text writes it with a hyphen elsewhere, or when it
    stands in the text without one. A page's offset is that of its first character, also within a paragraph or word
    that began on the page before.
    """
    shape = _Shape(lines)
    pieces: list[str] = []
    pages: list[tuple[int, int]] = []
    title: list[str] = []
    in_title = in_list = False
    length = 0
    before: Line | None = None
    for line in lines:
        if before is None or shape.starts_block(before, line):
            in_title = not title and line.page == lines[0].page and shape.level(line) > 0
            is_item = not shape.level(line) and _is_item(line.text)
            tight = (in_list and is_item) or (before is not None and before.is_row and line.is_row)
            glue, shown = "" if before is None else "\n" if tight else "\n\n", shape.opening(line)
            in_list = is_item
        else:
            cut, glue = shape.within_block(before, line)
            pieces[-1] = pieces[-1][: len(pieces[-1]) - cut]
            length -= cut
            shown = line.text
        if in_title:
            title.append(line.text)
        if before is None or line.page != before.page:
            pages.append((length + len(glue), line.page))
        pieces += (glue, shown)
        length += len(glue) + len(shown)
        before = line
    return Joined("".join(pieces), tuple(pages), " ".join(title) or None)


class _Shape:
    """The document's measures: body size, headings' sizes, each page's leading and width, words with a hyphen."""

    def __init__(self, lines: Sequence[Line]) -> None:
        letters: Counter[float] = Counter()
        by_page: defaultdict[int, list[Line]] = defaultdict(list)
        for line in lines:
            letters[_rounded(line.size)] += len(line.text)
            by_page[line.page].append(line)
        self._body = max(letters, key=lambda size: (letters[size], -size), default=0.0)
        self._levels = _levels(letters, self._body)
        self._leading = {page: self._leading_of(group) for page, group in by_page.items()}
        self._width = {page: _width_of(group) for page, group in by_page.items()}
        self._words = {word.lower() for line in lines for word in _WORD.findall(line.text)}
        self._compounds = {
            (match[1].lower(), match[2].lower()) for line in lines for match in _COMPOUND.finditer(line.text)
        }

    def level(self, line: Line) -> int:
        """The heading's level from 1, or 0 for text."""
        is_heading = len(line.text) <= _LONGEST_HEADING and not line.is_row and any(map(str.isalpha, line.text))
        return self._levels.get(_rounded(line.size), 0) if is_heading else 0

    def starts_block(self, before: Line, line: Line) -> bool:
        level = self.level(line)
        if level != self.level(before) or line.is_row or before.is_row or _BULLET.match(line.text):
            return True
        down = before.y - line.y
        goes_on = line.page == before.page and down >= -line.size / 2
        if level:
            return not goes_on or down > 2 * line.size
        ended = _SENTENCE_END.search(before.text) is not None
        short = self._is_short(before, 0.75)
        if not goes_on:
            # The next column or page: the paragraph goes on unless it came to an end.
            return ended or (short and not _goes_on_in_lower_case(line.text))
        if (ended or short) and (_DASH.match(line.text) or _NUMBER.match(line.text)):
            return True
        leading = self._leading[line.page]
        if leading is not None and down > 1.3 * leading:
            return True
        is_indented = line.x > before.x + 0.8 * line.size and not _is_item(before.text)
        return ended and (short or is_indented)

    def opening(self, line: Line) -> str:
        """The first line of a block with its Markdown marker."""
        if level := self.level(line):
            return "#" * level + " " + line.text
        marker = _BULLET.match(line.text) or _DASH.match(line.text)
        return "- " + line.text[marker.end() :] if marker else line.text

    def within_block(self, before: Line, line: Line) -> tuple[int, str]:
        """How many characters to take off the line before, and what to put between the two."""
        word, after = _CUT_WORD.search(before.text), _FIRST_WORD.match(line.text)
        if word and after:
            first, second = word[1].lower(), after[0].lower()
            is_cut = line.text[0].islower() and (first, second) not in self._compounds
            return (1 if is_cut or first + second in self._words else 0), ""
        if _is_wide(before.text[-1]) and _is_wide(line.text[0]):
            return 0, ""
        is_own_line = not self.level(line) and self._is_short(before, 0.6) and not _is_item(before.text)
        return 0, "\n" if is_own_line else " "

    def _is_short(self, line: Line, share: float) -> bool:
        return len(line.text) < share * self._width[line.page]

    def _leading_of(self, lines: Sequence[Line]) -> float | None:
        """The usual distance of two lines of body text; None on a page without two."""
        gaps = Counter(
            _rounded(first.y - second.y)
            for first, second in pairwise(lines)
            if _rounded(first.size) == self._body == _rounded(second.size) and 0.5 < first.y - second.y < 3 * first.size
        )
        return max(gaps, key=lambda gap: (gaps[gap], -gap), default=None)


def _levels(letters: Counter[float], body: float) -> dict[float, int]:
    """Sizes well above the body's, the largest first: four levels at most."""
    total = sum(letters.values())
    larger = (size for size, count in letters.items() if size > 1.15 * body > 0 and count < 0.3 * total)
    return {size: min(rank, 4) for rank, size in enumerate(sorted(larger, reverse=True), start=1)}


def _width_of(lines: Iterable[Line]) -> int:
    """Characters of a full line: nine of ten are no longer."""
    lengths = sorted(len(line.text) for line in lines)
    return lengths[(len(lengths) * 9 + 9) // 10 - 1]


def _goes_on_in_lower_case(text: str) -> bool:
    return text[0].islower() or _is_wide(text[0])


def _is_item(text: str) -> bool:
    return any(form.match(text) for form in (_BULLET, _DASH, _NUMBER))


def _is_wide(character: str) -> bool:
    return unicodedata.name(character, "").startswith(_WIDE)


def _rounded(points: float) -> float:
    return round(points * 2) / 2
