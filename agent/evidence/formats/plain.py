"""Plain text and Markdown, with or without front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from agent.evidence.document import Document, ReadOptions, Skipped, Unreadable
from agent.evidence.formats.encoding import decoded
from agent.evidence.front_matter import read_stated

_ATX = re.compile(r" {0,3}#{1,6}[ \t]+(.+?)(?:[ \t]+#+)?[ \t]*")
_FENCE = re.compile(r" {0,3}(```|~~~)")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*")
_NO_TITLE = re.compile(r"\s*(?:[-*+>|]|\d+[.)]\s|```|~~~|https?://)|.*[.!?:;,…。！？]\s*$")
_LONGEST = 120


def read_plain(data: bytes, options: ReadOptions) -> Iterator[Document | Skipped]:
    """One document; its text is kept as it is written, without the front matter.

    Of a front matter what is there and valid is taken and what is missing stays None; keys that no article has are
    ignored. Without a title the first heading is taken, or a first line that looks like one. Raises Unreadable with
    every key whose value is not valid, and for a file without text.
    """
    text, note = decoded(data)
    stated = replace(read_stated(text), note=note)
    if not any(char.isalnum() for char in stated.text):
        raise Unreadable("it holds no text")
    yield stated if stated.title else replace(stated, title=title_of(stated.text))


def title_of(text: str) -> str | None:
    """The first ATX heading outside of code; else a first line that stands alone, is short and ends no sentence."""
    fenced = False
    lines = text.split("\n")
    for line in lines:
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced and (heading := _ATX.fullmatch(line)):
            return heading.group(1).strip()[:500]
    start = next((number for number, line in enumerate(lines) if line.strip()), None)
    if start is None:
        return None
    first, after = lines[start].strip(), lines[start + 1] if start + 1 < len(lines) else ""
    stands_alone = not after.strip() or _UNDERLINE.fullmatch(after) is not None
    has_more = any(line.strip() for line in lines[start + 1 :])
    is_title = stands_alone and has_more and len(first) <= _LONGEST and not _NO_TITLE.match(first)
    return first if is_title else None
