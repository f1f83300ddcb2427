"""An article's text cut into passages along its structure, with offsets into the text."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from agent.evidence.blocks import Block, Kind, Section, sections
from agent.evidence.cuts import cut_near, sentence_ends
from agent.grounding.hostile import looks_like_instruction
from agent.schemas.article import Article, Passage
from agent.schemas.base import text_hash
from agent.schemas.pages import page_at, several

SPLIT = "2"
"""Raise it when the same text is cut otherwise: articles then count as changed."""
SHORT = 800
"""Characters: what is below it is joined to its neighbour under the same heading. A passage should fill what the
embedding model reads, and hold enough to be understood alone: of 200, 400, 600 and 800 this finds most (evals)."""
LEAST = 200
"""Characters: no piece of a text that has to be cut is shorter while there is another place to cut."""
LONG = 1200
"""Characters: no passage is longer; about what the embedding model reads."""
HEADING = 200
"""Characters of a passage's heading at most."""

Span = tuple[int, int]

_TEXT = re.compile(r"\S")
_ALIGNMENT = frozenset("|:- \t\n")


class Piece(NamedTuple):
    """A span of a text and the headings it stands under."""

    start: int
    end: int
    heading: str
    """Outermost first; for a later piece of a cut list its lead-in, of a cut table its header row, come last."""


class _Unit(NamedTuple):
    """What is kept together while its length allows: a block, with the paragraph that leads into it."""

    lead: Block | None
    body: Block

    @property
    def start(self) -> int:
        return self.body.start if self.lead is None else self.lead.start

    @property
    def end(self) -> int:
        return self.body.end


def passages_of(article: Article) -> list[Passage]:
    """The article's passages in reading order; a text that stands in it twice gives one passage."""
    found: dict[str, Passage] = {}
    hostile: dict[str, bool] = {}
    titled = looks_like_instruction(article.meta.title)
    for piece in pieces(article.text):
        text = article.text[piece.start : piece.end]
        passage = passage_id(article.id, text)
        if passage in found:
            continue
        if piece.heading not in hostile:
            hostile[piece.heading] = looks_like_instruction(piece.heading)
        found[passage] = Passage(
            id=passage,
            article=article.id,
            meta=article.meta,
            text=text,
            start=piece.start,
            end=piece.end,
            text_hash=text_hash(text),
            suspicious=titled or hostile[piece.heading] or looks_like_instruction(text),
            heading=piece.heading,
            page=page_at(article.pages, piece.start),
            pages=several(article.pages, piece.start, piece.end),
        )
    return list(found.values())


def passage_id(article: str, text: str) -> str:
    """`p-` and 12 hex digits over the article's id and the passage's text."""
    return "p-" + hashlib.sha256(f"{article}\0{text}".encode()).hexdigest()[:12]


def split(text: str) -> list[Span]:
    """Spans that cover every block of `text` once, in order, without surrounding whitespace and headings."""
    return [(piece.start, piece.end) for piece in pieces(text)]


def pieces(text: str) -> Iterator[Piece]:
    """`split`, each span with its headings."""
    for section in sections(text):
        heading = _context(section.headings)
        for start, end, unit in _join_short(_units(text, section)):
            if end - start <= LONG or unit is None:
                yield Piece(start, end, heading)
            else:
                yield from _cut_unit(text, unit, section.headings)


def _context(parts: Sequence[str]) -> str:
    """The parts that fit, joined: the outermost go first, and the innermost is cut between words."""
    kept = list(parts)
    while len(kept) > 1 and len(" > ".join(kept)) > HEADING:
        del kept[0]
    joined = " > ".join(kept)
    if len(joined) <= HEADING:
        return joined
    whole = joined[: HEADING - 1]
    return (whole.rsplit(" ", 1)[0] or whole) + "…"


def _units(text: str, section: Section) -> list[_Unit]:
    units: list[_Unit] = []
    for block in section.blocks:
        before = units[-1] if units else None
        if before is not None and before.lead is None and _leads(text, before.body, block):
            units[-1] = _Unit(before.body, block)
        else:
            units.append(_Unit(None, block))
    return units


def _leads(text: str, paragraph: Block, block: Block) -> bool:
    """Whether the paragraph introduces the block: it ends in a colon, or no blank line parts them."""
    if paragraph.kind is not Kind.PARAGRAPH or block.kind is Kind.PARAGRAPH:
        return False
    return _is_introduction(text, paragraph) or (block.tight and block.kind in {Kind.LIST, Kind.TABLE})


def _is_introduction(text: str, paragraph: Block) -> bool:
    return text[max(paragraph.start, paragraph.end - 8) : paragraph.end].rstrip("*_ ").endswith((":", "："))


def _join_short(units: Sequence[_Unit]) -> list[tuple[int, int, _Unit | None]]:
    joined: list[tuple[int, int, _Unit | None]] = []
    for unit in units:
        if joined and _is_short(joined[-1]) and unit.end - joined[-1][0] <= LONG:
            joined[-1] = (joined[-1][0], unit.end, None)
        else:
            joined.append((unit.start, unit.end, unit))
    if len(joined) > 1 and _is_short(joined[-1]) and joined[-1][1] - joined[-2][0] <= LONG:
        last = joined.pop()
        joined[-1] = (joined[-1][0], last[1], None)
    return joined


def _is_short(span: tuple[int, int, _Unit | None]) -> bool:
    return span[1] - span[0] < SHORT


def _cut_unit(text: str, unit: _Unit, headings: tuple[str, ...]) -> Iterator[Piece]:
    spans = _whole_body(text, unit) or _cut_long(text, unit.start, unit.end, _tiers(text, unit))
    lead, body = unit
    introduced = [_last_sentence(text, lead)] if lead is not None and _is_introduction(text, lead) else []
    header = _header(text, body) if body.kind is Kind.TABLE else []
    first = _context(headings)
    body_first = _context([*headings, *introduced])
    later = _context([*headings, *introduced, *header])
    for start, end in spans:
        yield Piece(start, end, later if start > body.start else body_first if start == body.start else first)


def _whole_body(text: str, unit: _Unit) -> list[Span]:
    """The lead-in cut so that the body stays whole with the end of it; empty when that cannot be."""
    lead, body = unit
    if lead is None or body.end - body.start > LONG:
        return []
    middle = (unit.start + unit.end) // 2
    ends = [end for end in sentence_ends(text, lead.start, lead.end - 1) if unit.end - _next(text, end) <= LONG]
    if ends:
        cut = min(ends, key=lambda end: (abs(end - middle), end))
        return [*_cut_long(text, lead.start, _stop(text, lead.start, cut), ()), (_next(text, cut), unit.end)]
    if body.kind is Kind.LIST:
        return []
    return [*_cut_long(text, lead.start, lead.end, ()), (body.start, body.end)]


def _tiers(text: str, unit: _Unit) -> list[Sequence[int]]:
    """Where the unit is best cut, best first: between its parts, then before its first part, then inside a part."""
    lead, body = unit
    if body.kind is Kind.PARAGRAPH:
        return []
    tiers: list[Sequence[int]] = [body.parts[_header_rows(text, body) :]]
    if lead is not None:
        tiers += [tuple(sentence_ends(text, lead.start, lead.end - 1)), (body.start,)]
    return [*tiers, body.inner]


def _cut_long(text: str, start: int, end: int, tiers: Sequence[Sequence[int]]) -> Iterator[Span]:
    """Pieces of about equal length, none above LONG."""
    while end - start > LONG:
        count = -(-(end - start) // LONG)
        wanted = start + (end - start) // count
        limit = start + LONG
        cut = next((place for places in tiers if (place := _nearest(places, start, wanted, limit))), None)
        if cut is None:
            cut = cut_near(text, start + LEAST, wanted, limit)
        yield start, _stop(text, start, cut)
        start = _next(text, cut)
    yield start, end


def _nearest(places: Sequence[int], start: int, wanted: int, limit: int) -> int | None:
    low, high = bisect_right(places, start), bisect_right(places, limit)
    at = bisect_left(places, wanted, low, high)
    near = places[max(low, at - 1) : min(high, at + 1)]
    return min(near, key=lambda place: (abs(place - wanted), place), default=None)


def _next(text: str, cut: int) -> int:
    found = _TEXT.search(text, cut)
    return found.start() if found else len(text)


def _stop(text: str, start: int, cut: int) -> int:
    return start + len(text[start:cut].rstrip())


def _header_rows(text: str, body: Block) -> int:
    """How many of the body's parts stay with its first line: the row under a table's header, and the first of data."""
    if body.kind is not Kind.TABLE or not body.parts:
        return 0
    return 2 if _is_alignment(text, body) else 1 if _header(text, body) else 0


def _is_alignment(text: str, table: Block) -> bool:
    end = table.parts[1] if len(table.parts) > 1 else table.end
    return _ALIGNMENT.issuperset(text[table.parts[0] : end])


def _header(text: str, table: Block) -> list[str]:
    """The table's first row when it names its columns: a rule stands under it, or it holds no digit."""
    if not table.parts:
        return []
    row = text[table.start : table.parts[0]]
    if not _is_alignment(text, table) and any(character.isdigit() for character in row):
        return []
    return [" | ".join(" ".join(cell.split()) for cell in row.split("|") if cell.strip())]


def _last_sentence(text: str, lead: Block) -> str:
    starts = [lead.start, *sentence_ends(text, lead.start, lead.end - 1)]
    return " ".join(text[starts[-1] : lead.end].split())
