"""Pages of a source: on which of them a stretch of its text stands, and how that is printed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

Pages = tuple[tuple[int, int], ...]
"""(offset of its first character, page number) of each page, ascending."""


def page_at(pages: Sequence[tuple[int, int]], offset: int) -> int | None:
    """The page on which the character at `offset` stands; `None` for a text without pages, or before the first."""
    at = bisect_right(pages, offset, key=lambda page: page[0])
    return pages[at - 1][1] if at else None


def pages_within(pages: Sequence[tuple[int, int]], start: int, end: int) -> Pages:
    """The pages of the characters from `start` to before `end`, their offsets counted from `start`; pages without a
    character are none."""
    begin = max(bisect_right(pages, start, key=lambda page: page[0]) - 1, 0)
    stop = bisect_left(pages, end, lo=begin, key=lambda page: page[0])
    cut = pages[begin:stop]
    ends = [*(first for first, _ in cut[1:]), end][: len(cut)]
    return tuple(
        (max(first - start, 0), page) for (first, page), last in zip(cut, ends, strict=True) if max(first, start) < last
    )


def several(pages: Sequence[tuple[int, int]], start: int, end: int) -> Pages:
    """`pages_within` where that is more than one page; otherwise nothing, as the first page says it all."""
    found = pages_within(pages, start, end)
    return found if len(found) > 1 else ()


def pages_of(page: int | None, pages: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, ...]:
    """The pages of a stretch of a passage that begins on `page` and stands on `pages` when these are several."""
    several = pages_within(pages, start, end)
    return tuple(number for _, number in several) or (() if page is None else (page,))


def page_words(pages: Iterable[int]) -> str:
    """`p. 3`, `pp. 3-4`, `pp. 3-5, 9`; empty without pages."""
    runs: list[list[int]] = []
    for page in sorted(set(pages)):
        if runs and page == runs[-1][1] + 1:
            runs[-1][1] = page
        else:
            runs.append([page, page])
    named = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)
    return f"{'p.' if named.isdecimal() else 'pp.'} {named}" if named else ""
