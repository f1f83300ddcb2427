"""The structure of an article's text: headings, and under them paragraphs, lists, tables, code and quotes.

One pass over the lines, linear in the length of the text whatever it holds. Markdown as CommonMark and GitHub read it,
with what keeps text from being lost: a fence that is never closed, a heading longer than HEADING characters and a rule
under a finished sentence are ordinary text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

HEADING = 300
"""Characters: a line above it is no heading, whatever it starts with."""
_SETEXT = 120
_NESTED = 2

_LINE = re.compile(
    r"^(?:[^\S\n]{0,3}(?P<heading>#{1,6}(?=\s|\Z))|[^\S\n]*(?:(?P<blank>$)"
    r"|(?P<rule>(?:-[-\t ]*|\*[*\t ]*|_[_\t ]*|=[=\t ]*)$)|(?P<fence>`{3,}|~{3,})"
    r"|(?P<align>:?-+:?[\t ]*\|[-:|\t ]*$)|(?P<row>\|)|(?P<quote>>)"
    r"|(?P<item>(?:[-*+•‣◦▪●]|\d{1,3}[.)])(?=\s|\Z))|(?P<plain>\S)))[^\n]*\n?",
    re.MULTILINE,
)
_CLOSING_FENCE = re.compile(r"^[^\S\n]*(?P<fence>`{3,}|~{3,})[^\S\n]*$", re.MULTILINE)
_INTERRUPTS = re.compile(r"[^\d]|1[.)]")
_WORDS = frozenset({"plain", "heading", "rule", "align"})
"""Lines that are text when they are not what they look like."""
_CLOSING_MARKS = re.compile(r"(?:^|[^\S\n])#+[^\S\n]*$")


class Kind(StrEnum):
    """What a block is."""

    PARAGRAPH = "paragraph"
    LIST = "list"
    TABLE = "table"
    CODE = "code"
    QUOTE = "quote"


_KINDS = {"item": Kind.LIST, "row": Kind.TABLE, "quote": Kind.QUOTE}


class Block(NamedTuple):
    """A stretch of lines that belong together, without white space around it."""

    kind: Kind
    start: int
    end: int
    parts: tuple[int, ...]
    """Where its items, rows or lines begin, the first one left out; none for a paragraph."""
    inner: tuple[int, ...]
    """Where the nested items of a list begin."""
    tight: bool
    """No blank line parts it from the block before it."""


class Section(NamedTuple):
    """Blocks in reading order that no heading and no rule parts."""

    headings: tuple[str, ...]
    """The headings above it, outermost first."""
    blocks: tuple[Block, ...]


def sections(text: str) -> Iterator[Section]:
    """The sections of `text` that hold text, in reading order."""
    scan = _Scan(text, _closing_fences(text))
    for line in _LINE.finditer(text):
        done = scan.take(line)
        if done is not None and done.blocks:
            yield done
    last = scan.section_ended()
    if last.blocks:
        yield last


class _Fences(NamedTuple):
    """The lines that can close a block of code, and the longest fence of each kind from each of them on."""

    starts: list[int]
    longest: dict[str, list[int]]


def _closing_fences(text: str) -> _Fences:
    found = [] if "```" not in text and "~~~" not in text else list(_CLOSING_FENCE.finditer(text))
    longest: dict[str, list[int]] = {}
    for mark in "`~":
        sizes = [len(match["fence"]) if match["fence"][0] == mark else 0 for match in found] + [0]
        for at in range(len(sizes) - 2, -1, -1):
            sizes[at] = max(sizes[at], sizes[at + 1])
        longest[mark] = sizes
    return _Fences([match.start("fence") for match in found], longest)


@dataclass(slots=True)
class _Open:
    """The block that is being read."""

    kind: Kind
    start: int
    tight: bool
    indent: int = 0
    parts: list[int] = field(default_factory=list)
    inner: list[int] = field(default_factory=list)
    lines: int = 0
    last: re.Match[str] | None = None
    piped: bool = True
    """A table whose rows start with a bar."""


class _Scan:
    def __init__(self, text: str, fences: _Fences) -> None:
        self._text = text
        self._fences = fences
        self._headings: list[tuple[int, str]] = []
        self._blocks: list[Block] = []
        self._open: _Open | None = None
        self._fence: str | None = None
        self._blank = True
        """A blank line was the last one."""

    def take(self, line: re.Match[str]) -> Section | None:
        """Read one line; a section when the line ends it."""
        event = line.lastgroup or "blank"
        if self._fence is not None:
            self._code_line(line, event)
            return None
        if event == "heading" and line.end() - line.start() <= HEADING:
            return self._headed(line["heading"].count("#"), line.group().strip().lstrip("#"))
        if event == "rule" and line["rule"].count(line["rule"][0]) >= 3:
            return self._ruled(line["rule"][0])
        if event == "blank":
            if self._open is not None and self._open.kind is not Kind.LIST:
                self._close()
            self._blank = True
            return None
        if not self._continues(line, event):
            self._begin(line, event)
        self._blank = False
        return None

    def section_ended(self) -> Section:
        """The section up to here; the next one starts under the same headings."""
        self._close()
        section = Section(tuple(heading for _, heading in self._headings), tuple(self._blocks))
        self._blocks = []
        self._blank = True
        return section

    def _headed(self, level: int, title: str) -> Section:
        section = self.section_ended()
        while self._headings and self._headings[-1][0] >= level:
            self._headings.pop()
        words = " ".join(_CLOSING_MARKS.sub("", title).split()).strip("*_` ")
        if words:
            self._headings.append((level, words))
        return section

    def _ruled(self, mark: str) -> Section:
        """A rule ends the section; under a single line that could be a title, it makes it a heading."""
        block = self._open
        if mark in "=-" and block is not None and block.kind is Kind.PARAGRAPH and block.lines == 1 and block.last:
            title = block.last.group().strip()
            if len(title) <= _SETEXT and title[-1] not in ".!?:;,…。！？：；，":
                self._open = None
                return self._headed(1 if mark == "=" else 2, title)
        return self.section_ended()

    def _continues(self, line: re.Match[str], event: str) -> bool:
        """Whether the line belongs to the open block, and if so, add it."""
        block = self._open
        if block is None or not self._belongs(block, line, event):
            return False
        self._add(line)
        return True

    def _belongs(self, block: _Open, line: re.Match[str], event: str) -> bool:
        if block.kind is Kind.LIST:
            return self._belongs_to_list(block, line, event)
        if block.kind is Kind.TABLE:
            row = event == "row" if block.piped else "|" in line.group()
            block.parts += [line.start(event)] * row
            return row
        if block.kind is Kind.QUOTE:
            block.parts += [line.start(event)] * (event == "quote")
            return event == "quote" or event in _WORDS
        if event == "align" and block.last is not None and "|" in block.last.group():
            self._begin_table(block, block.last, line.start(event))
            return True
        if event == "item":
            return not _INTERRUPTS.match(line["item"])
        return event in _WORDS or (event == "fence" and not self._is_closed(line))

    def _belongs_to_list(self, block: _Open, line: re.Match[str], event: str) -> bool:
        nested = self._indent(line, event) >= block.indent + _NESTED
        if event == "item":
            (block.inner if nested else block.parts).append(line.start(event))
            return True
        if not nested:
            return event in _WORDS and not self._blank
        if event == "fence" and self._is_closed(line):
            self._fence = line["fence"]
        return True

    def _begin_table(self, block: _Open, header: re.Match[str], alignment: int) -> None:
        """The last line of the open paragraph turns out to be the first row of a table without bars at its sides."""
        start = header.start(header.lastgroup or 0)
        tight = block.tight
        if block.lines > 1:
            above = self._text.rindex("\n", block.start, start)
            line = max(block.start, self._text.rfind("\n", block.start, above) + 1)
            end = line + len(self._text[line:above].rstrip())
            self._blocks.append(Block(Kind.PARAGRAPH, block.start, end, (), (), tight))
            tight = True
        self._open = _Open(Kind.TABLE, start, tight, parts=[alignment], lines=1, last=header, piped=False)

    def _begin(self, line: re.Match[str], event: str) -> None:
        self._close()
        kind = _KINDS.get(event, Kind.PARAGRAPH)
        if event == "fence" and self._is_closed(line):
            self._fence = line["fence"]
            kind = Kind.CODE
        indent = self._indent(line, event) if kind is Kind.LIST else 0
        self._open = _Open(kind, line.start(event), not self._blank, indent)
        self._add(line)

    def _code_line(self, line: re.Match[str], event: str) -> None:
        fence, block = self._fence, self._open
        if fence is None or block is None:
            return
        if event != "blank":
            if block.kind is Kind.CODE:
                block.parts.append(line.start(event))
            self._add(line)
        found = line["fence"]
        if found and found[0] == fence[0] and len(found) >= len(fence) and line.group().strip() == found:
            self._fence = None
            self._blank = False
            if block.kind is Kind.CODE:
                self._close()

    def _add(self, line: re.Match[str]) -> None:
        if self._open is not None:
            self._open.last = line
            self._open.lines += 1

    def _close(self) -> None:
        block = self._open
        if block is not None and block.last is not None:
            last = block.last
            end = last.start() + len(last.group().rstrip())
            self._blocks.append(
                Block(block.kind, block.start, end, tuple(block.parts), tuple(block.inner), block.tight)
            )
        self._open = None

    def _is_closed(self, line: re.Match[str]) -> bool:
        fence = line["fence"]
        after = bisect_left(self._fences.starts, line.end())
        return self._fences.longest[fence[0]][after] >= len(fence)

    def _indent(self, line: re.Match[str], event: str) -> int:
        return len(self._text[line.start() : line.start(event)].expandtabs(4))
