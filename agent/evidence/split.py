"""An article's text cut into passages: whole paragraphs where their length allows, with offsets into the text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from agent.evidence.hostile import looks_like_instruction
from agent.schemas.article import Article, Passage
from agent.schemas.base import text_hash

SHORT = 200
"""Characters: a paragraph below it is joined to its neighbour under the same heading."""
LONG = 1200
"""Characters: a paragraph above it is cut at sentence ends; about what the embedding model reads."""

Span = tuple[int, int]

_LINE = re.compile(r"[^\n]*\n?")
_HEADING = re.compile(r"\s{0,3}#{1,6}(?:\s|$)")
_RULE = re.compile(r"\s{0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,}|={3,})$")
_CODE = re.compile(r"\s{0,3}(?:```|~~~)")
_SENTENCE_END = re.compile(
    r"[.!?…][\"'”’»)\]]*(\s+)(?=[\"'“‘«(\[]*[A-Z0-9\u00c0-\u024f])|(\n)(?=\s*(?:[-*+|]|\d+[.)])\s)"
)
_NO_END = re.compile(
    r"(?:\b(?:[A-Za-z]|[A-Z]\.[A-Z]|e\.g|i\.e|vs|cf|approx|ca|est|no|nos|fig|figs|eq|sec|ch|vol|pp?|ed|eds|al|etc|st|mr|mrs|ms"
    r"|dr|prof|inc|ltd|corp|co|dept|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|u\.s|u\.k))\.$",
    re.IGNORECASE,
)
_SPACE = re.compile(r"\s+")
_FIGURE_BEFORE = re.compile(r"[\d$€£¥%±+−–-]$|\b(?:USD|EUR|GBP|CHF|about|over|under|nearly)$")
_FIGURE_AFTER = re.compile(
    r"[\d%$€£¥]|(?:million|billion|trillion|thousand|percent|per cent|points?|times|years?|USD|EUR)\b"
)


def passages_of(article: Article) -> list[Passage]:
    """The article's passages in reading order; a text that stands in it twice gives one passage."""
    found: dict[str, Passage] = {}
    for start, end in split(article.text):
        text = article.text[start:end]
        passage = passage_id(article.id, text)
        if passage not in found:
            found[passage] = Passage(
                id=passage,
                article=article.id,
                meta=article.meta,
                text=text,
                start=start,
                end=end,
                text_hash=text_hash(text),
                suspicious=looks_like_instruction(text),
            )
    return list(found.values())


def passage_id(article: str, text: str) -> str:
    """`p-` and 12 hex digits over the article's id and the passage's text."""
    return "p-" + hashlib.sha256(f"{article}\0{text}".encode()).hexdigest()[:12]


def split(text: str) -> list[Span]:
    """Spans that cover every paragraph of `text` once, in order, without surrounding whitespace and headings."""
    spans: list[Span] = []
    for section in _sections(text):
        joined = _join_short(section)
        for span in joined:
            spans.extend(_cut_long(text, span))
    return spans


def _sections(text: str) -> Iterator[list[Span]]:
    """The paragraphs under each heading."""
    section: list[Span] = []
    start: int | None = None
    in_code = False
    for match in _LINE.finditer(text):
        line = match.group().rstrip("\n")
        is_code = _CODE.match(line) is not None
        in_code ^= is_code
        heading = not in_code and not is_code and (_HEADING.match(line) is not None or _RULE.match(line) is not None)
        if start is not None and (heading or (not line.strip() and not in_code) or match.start() == len(text)):
            section.append(_trimmed(text, start, match.start()))
            start = None
        if heading:
            yield section
            section = []
        elif start is None and line.strip():
            start = match.start()
    if start is not None:
        section.append(_trimmed(text, start, len(text)))
    yield section


def _trimmed(text: str, start: int, end: int) -> Span:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - (len(part) - len(part.rstrip()))


def _join_short(paragraphs: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in paragraphs:
        if joined and _is_short(joined[-1]) and end - joined[-1][0] <= LONG:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    if len(joined) > 1 and _is_short(joined[-1]) and joined[-1][1] - joined[-2][0] <= LONG:
        last = joined.pop()
        joined[-1] = (joined[-1][0], last[1])
    return joined


def _is_short(span: Span) -> bool:
    return span[1] - span[0] < SHORT


def _cut_long(text: str, span: Span) -> Iterator[Span]:
    """Pieces of about equal length, none above LONG while the text has a place to cut."""
    start, end = span
    while end - start > LONG:
        pieces = -(-(end - start) // LONG)
        wanted = start + (end - start) // pieces
        cut = _cut_near(text, start, wanted, min(start + LONG, end))
        yield _trimmed(text, start, cut)
        start = _trimmed(text, cut, end)[0]
    if start < end:
        yield (start, end)


def _cut_near(text: str, start: int, wanted: int, limit: int) -> int:
    """Where to cut: the sentence end nearest to `wanted`, else a space outside a figure, else before `limit`."""
    for places in (_sentence_ends(text, start, limit), _safe_spaces(text, start, limit)):
        if places:
            return min(places, key=lambda place: (abs(place - wanted), place))
    for cut in range(limit, start + LONG // 2, -1):
        if not (text[cut - 1].isdigit() or text[cut].isdigit()):
            return cut
    return limit


def _sentence_ends(text: str, start: int, limit: int) -> list[int]:
    ends = []
    for match in _SENTENCE_END.finditer(text, start + SHORT, limit):
        space = match.start(1) if match.group(1) else match.start(2)
        if match.group(2) or not _NO_END.search(text, max(start, space - 12), space):
            ends.append(space)
    return ends


def _safe_spaces(text: str, start: int, limit: int) -> list[int]:
    return [
        match.start()
        for match in _SPACE.finditer(text, start + SHORT, limit)
        if not _FIGURE_BEFORE.search(text, max(start, match.start() - 12), match.start())
        and not _FIGURE_AFTER.match(text, match.end())
    ]
