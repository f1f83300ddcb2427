"""A ZIP file of articles: every entry is read as a file of its own, in memory."""

from __future__ import annotations

import re
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import replace

from agent.evidence.document import Document, ReadOptions, Skipped, Unreadable
from agent.evidence.formats.zipped import NestedOptions, budget_of, check_total, nested, open_zip, read_entry
from agent.schemas.text import one_line

_SEPARATOR = re.compile(r"[/\\]")
_ABSOLUTE = re.compile(r"[/\\]|[A-Za-z]:[/\\]")


def read_zip(data: bytes, options: ReadOptions) -> Iterator[Document | Skipped]:
    """The documents of all entries in the archive's order, `part` naming the entry (`folder/page.html`).

    Archives in it are read up to two deep, on one budget of `max_bytes` for all of them together. Folders, hidden
    entries and `__MACOSX` are passed over. Raises Unreadable for a damaged or oversized archive.
    """
    budget = budget_of(options)
    inner = nested(options, budget)
    container = open_zip(data)
    entries = [entry for entry in container.infolist() if not _is_passed_over(entry)]
    if len(entries) > options.max_parts:
        raise Unreadable(f"it holds {len(entries):,} entries, more than the {options.max_parts:,} that are allowed")
    check_total(entries, budget)
    seen: set[str] = set()
    for entry in entries:
        yield from _read(container, entry, inner, seen)


def within(part: str, inside: Document | Skipped) -> Document | Skipped:
    """What a file in a container gave, with the container's `part` before its own: `inner.zip/page.html`."""
    return replace(inside, part=f"{part}/{inside.part}" if inside.part else part)


def _read(
    container: zipfile.ZipFile, entry: zipfile.ZipInfo, options: NestedOptions, seen: set[str]
) -> Iterator[Document | Skipped]:
    # The one dispatcher calls this reader for archives: importing it above would be a circle.
    from agent.evidence.formats.kinds import read_bytes

    part = one_line(entry.filename)
    try:
        _check_name(entry, part, seen)
        for found in read_bytes(entry.filename, read_entry(container, entry), options):
            yield within(part, found)
    except Unreadable as error:
        yield Skipped(str(error), part)


def _check_name(entry: zipfile.ZipInfo, part: str, seen: set[str]) -> None:
    if _ABSOLUTE.match(part) or ".." in _SEPARATOR.split(part):
        raise Unreadable("its name points outside of the archive")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Unreadable("it is a symbolic link")
    if part in seen:
        raise Unreadable("its name stands twice in the archive")
    seen.add(part)


def _is_passed_over(entry: zipfile.ZipInfo) -> bool:
    parts = _SEPARATOR.split(entry.filename)
    return parts[-1] == "" or any(part == "__MACOSX" or re.match(r"\.[^.]", part) is not None for part in parts)
