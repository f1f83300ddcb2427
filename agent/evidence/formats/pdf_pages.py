"""The lines of printed pages: table rows put together, running headers, footers and page numbers taken out. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from agent.evidence.formats.pdf_lines import Line

EDGE = 2
"""How many lines at the top and at the bottom of a page can be a running header or footer."""
REPEATED = 0.4
"""Share of the pages, and at least 3, that carry a running line: books have one for left and one for right pages."""
_LONGEST_CELL = 40
"""Characters, on average: longer ones side by side are columns of text."""

_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"(?:page|p\.)?\s*[-–—|]?\s*(\d{1,5})\s*[-–—|]?(?:\s*(?:of|/)\s*\d{1,5})?", re.IGNORECASE)


def without_running_lines(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages without the lines that stand at the edge of most of them, and without their page numbers.

    Figures in a running line may differ from page to page. A bare number counts as the page's only when it follows
    the pages' order, so that a figure at the end of a page stays.
    """
    edges = [_edges(page) for page in pages]
    repeated = Counter(key for edge in edges for key in {_key(line.text) for line in edge})
    least = max(3.0, REPEATED * sum(1 for page in pages if page))
    numbers = {line: int(match[1]) for edge in edges for line in edge if (match := _PAGE_NUMBER.fullmatch(line.text))}
    shifts = Counter(number - line.page for line, number in numbers.items())
    shift, times = shifts.most_common(1)[0] if shifts else (0, 0)
    shift = shift if times > 1 else 0
    dropped = {line for edge in edges for line in edge if repeated[_key(line.text)] >= least and _has_letter(line.text)}
    dropped |= {line for line, number in numbers.items() if number == line.page + shift}
    return [[line for line in page if line not in dropped] for page in pages]


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


def _key(text: str) -> str:
    return _DIGITS.sub("0", " ".join(text.casefold().split()))


def _has_letter(text: str) -> bool:
    return any(map(str.isalpha, text))
