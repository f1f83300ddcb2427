"""What a reader gets out of a file, before anything is decided about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class Document:
    """One text with what its own file says about it. `None` means that the file does not say it.

    `text` is plain text with Markdown's structure: ATX headings, blank lines between paragraphs, `- ` or `1. ` list
    items, tables as pipe rows. Offsets count characters of it.
    """

    text: str
    part: str = ""
    """Where in the file it stands: `entry.html` of an archive, `row 7` of an export; empty for the file itself."""
    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    date: str | None = None
    """`YYYY`, `YYYY-MM` or `YYYY-MM-DD` of publication, as precise as the file is."""
    url: str | None = None
    """http or https address of the source."""
    claimed: bool = False
    """`url` is what the text says of itself and nobody else does: anybody can write it into a page."""
    licence: str | None = None
    tags: tuple[str, ...] = ()
    tier: int | None = None
    """1 to 4, see METHODOLOGY.md."""
    interested: bool | None = None
    text_kind: str | None = None
    """`full`, `excerpt` or `digest`."""
    retrieved: str | None = None
    """`YYYY-MM-DD`."""
    pages: tuple[tuple[int, int], ...] = ()
    """(offset of its first character, page number) of each page, ascending; empty for a text without pages."""
    note: str = ""
    """What the reader had to assume, as half a sentence for the user; empty for nothing."""


@dataclass(frozen=True)
class Skipped:
    """A file, or a part of it, that gave no text."""

    reason: str
    """Half a sentence for the user: "it is encrypted"."""
    part: str = ""


class Unreadable(Exception):
    """The file cannot be read as what it is; the message is the reason, as half a sentence."""


@dataclass(frozen=True)
class ReadOptions:
    """What the user said about the files."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """For JSON, JSONL and CSV exports: field of `Document` (`text`, `title`, `url`, …) to the column that holds it."""
    max_bytes: int = 50_000_000
    """Largest file, and largest total of what an archive unpacks to."""
    max_text: int = 5_000_000
    """Most characters of one document."""
    max_parts: int = 20_000
    """Most entries of an archive, rows of an export, or records of a WARC file."""
    max_pages: int = 2_000
    """Most pages of a PDF."""
    depth: int = 0
    """How many archives this one lies in."""


class Reader(Protocol):
    """Turns the bytes of one kind of file into documents. Raises Unreadable; yields Skipped for a bad part."""

    def __call__(self, data: bytes, options: ReadOptions) -> Iterator[Document | Skipped]: ...
