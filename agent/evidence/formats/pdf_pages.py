"""The lines of printed pages: table rows put together, running headers, footers and page numbers taken out. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from unicodedata import east_asian_width

from agent.evidence.formats.pdf_lines import Line

EDGE = 2
"""How many lines at the top and at the bottom of a page can be a running header or footer."""
REPEATED = 0.4
"""Share of the pages, and at least 3, that carry a running line: books have one for left and one for right pages."""
SENTENCE_REPEATED = 0.6
"""The same share for a sentence, which must be equal on each of these pages."""
_LONGEST_CELL = 40
"""Characters, on average: longer ones side by side are columns of text."""

_FEW_WORDS = 4
"""A sentence of more words is text: a running line ends with a full stop only in the likes of `All rights reserved.`"""

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_SENTENCE_END = re.compile(r"[.!?…。！？｡．؟।][\"'”’»)\]」』）]*\d{0,2}$")
_PAGE_NUMBER = re.compile(r"(?:page|p\.)?\s*[-–—|]?\s*(\d{1,5})\s*[-–—|]?(?:\s*(?:of|/)\s*\d{1,5})?", re.IGNORECASE)


def without_running_lines(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages without the lines that stand at the edge of most of them, and without their page numbers.

    In a running line only a figure that follows the pages' order may differ from page to page. A bare number, too,
    counts as the page's only when it follows that order, so that a figure at the end of a page stays. A page that
    would lose every line keeps them, without its number if there is anything else.
    """
    edges = [_edges(page) for page in pages]
    count = sum(1 for page in pages if page)
    numbers = _page_numbers(edges)
    running = _running(edges, count) | numbers
    return [
        [line for line in page if line not in running] or [line for line in page if line not in numbers] or list(page)
        for page in pages
    ]


def with_rows(lines: Sequence[Line]) -> list[Line]:
    """One page's lines with those beside each other made one: a pipe row in a table, else joined by a blank."""
    groups = list(_side_by_side(lines))
    result: list[Line] = []
    for count, run in groupby(groups, key=len):
        rows = list(run)
        cells = [line.text for row in rows for line in row]
        is_table = count > 1 and len(rows) > 1 and sum(map(len, cells)) <= _LONGEST_CELL * len(cells)
        for row in rows:
            texts = [line.text.replace("|", r"\|") if is_table else line.text for line in row]
            text = "| " + " | ".join(texts) + " |" if is_table else " ".join(texts)
            result.append(replace(row[0], text=text, is_row=is_table))
    return result


def _side_by_side(lines: Sequence[Line]) -> Iterator[list[Line]]:
    row: list[Line] = []
    for line in lines:
        if row and (abs(line.y - row[-1].y) > 0.3 * line.size or line.x <= row[-1].x):
            yield row
            row = []
        row.append(line)
    if row:
        yield row


def _edges(page: Sequence[Line]) -> set[Line]:
    heights = sorted({line.y for line in page})
    outer = {*heights[:EDGE], *heights[-EDGE:]}
    return {line for line in page if line.y in outer and not line.is_row}


def _page_numbers(edges: Sequence[set[Line]]) -> set[Line]:
    """The lines with nothing but a number that is their page's."""
    numbers = {line: int(match[1]) for edge in edges for line in edge if (match := _PAGE_NUMBER.fullmatch(line.text))}
    shifts = Counter(number - line.page for line, number in numbers.items())
    shift, times = shifts.most_common(1)[0] if shifts else (0, 0)
    shift = shift if times > 1 else 0
    return {line for line, number in numbers.items() if number == line.page + shift}


def _running(edges: Sequence[set[Line]], count: int) -> set[Line]:
    """The lines that stand on enough of the `count` pages with text."""
    lines = [line for edge in edges for line in edge if _has_letter(line.text)]
    keys = _keys(lines)
    alike = Counter(key for key, _ in {(keys[line], line.page) for line in lines})
    equal = Counter(text for text, _ in {(line.text, line.page) for line in lines})
    least, least_equal = max(3.0, REPEATED * count), max(3.0, SENTENCE_REPEATED * count)
    return {
        line
        for line in lines
        if (equal[line.text] >= least_equal if _is_sentence(line.text) else alike[keys[line]] >= least)
    }


def _keys(lines: Sequence[Line]) -> dict[Line, tuple[str, ...]]:
    """What two lines share when they differ in nothing but page numbers: their words, then their figures.

    A figure that can be a page number stands as its distance from the page's index where more lines share that than
    the figure itself.
    """
    words = {line: _FIGURE.sub("0", " ".join(line.text.casefold().split())) for line in lines}
    figures = {line: _FIGURE.findall(line.text) for line in lines}
    distances = {line: [_distance(figure, line.page) for figure in figures[line]] for line in lines}
    places = [(line, place) for line in lines for place in range(len(figures[line]))]
    equal = Counter((words[line], place, figures[line][place]) for line, place in places)
    apart = Counter((words[line], place, distances[line][place]) for line, place in places)
    most: defaultdict[tuple[str, int], int] = defaultdict(int)
    for (text, place, _), times in equal.items():
        most[text, place] = max(most[text, place], times)
    numbered = {
        (text, place)
        for (text, place, distance), times in apart.items()
        if distance is not None and times > most[text, place]
    }
    keys = {line: [words[line], *figures[line]] for line in lines}
    for line, place in places:
        distance = distances[line][place]
        if distance is not None and (words[line], place) in numbered:
            keys[line][place + 1] = f"{distance:+}"
    return {line: tuple(key) for line, key in keys.items()}


def _distance(figure: str, page: int) -> int | None:
    """How far a figure that can be a page number is from the page's index."""
    return int(figure) - page if figure.isdecimal() and len(figure) <= 5 else None


def _is_sentence(text: str) -> bool:
    wide = sum(1 for character in text if east_asian_width(character) in "WF")
    return _SENTENCE_END.search(text) is not None and max(len(text.split()), wide // 2) > _FEW_WORDS


def _has_letter(text: str) -> bool:
    return any(map(str.isalpha, text))
