"""An article's metadata, put together from what its file says, what the user says, and what nobody knows."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote, urlsplit

from pydantic import ValidationError

from agent.evidence.document import Document, Unreadable
from agent.evidence.front_matter import EXPECTED
from agent.schemas.article import ArticleMeta, TextKind
from agent.schemas.text import one_line, without_controls

ASKED = ("publisher", "author", "date", "tier")
"""What a person at a terminal is asked for when neither file nor command line say it."""
LEAST_TRUSTED = 4
UNKNOWN = "unknown"
_LONGEST_PART = 100
"""Characters of a part's name that an address still holds in full, however they are written in it."""

Ask = Callable[[str, Document, tuple[str, ...]], Mapping[str, str]]
"""Called with the file's name, the document and the names of missing fields; returns those that a person gave."""


@dataclass(frozen=True)
class Stated:
    """What the user says of every file of one command; it stands above what a file says of itself."""

    publisher: str | None = None
    author: str | None = None
    date: str | None = None
    tier: int | None = None
    interested: bool | None = None
    licence: str | None = None
    tags: tuple[str, ...] = ()
    text_kind: str | None = None


def nobody(name: str, document: Document, missing: tuple[str, ...]) -> Mapping[str, str]:
    """Ask no one."""
    return {}


def local_url(file: Path, part: str = "") -> str:
    """A stable address of a file without a public one: its name, and a digest of its folder so that two folders with
    files of one name stay apart. It tells nothing of where the file lies."""
    folder = hashlib.sha256(str(file.absolute().parent).encode("utf-8", "surrogateescape")).hexdigest()[:8]
    name = quote(file.name.encode("utf-8", "surrogateescape"))
    if len(part) > _LONGEST_PART:
        part = hashlib.sha256(part.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"local:{folder}/{name}" + (f"#{quote(part, errors='surrogatepass')}" if part else "")


def address_of(document: Document, file: Path) -> str:
    """What the document is known by: its public address, or else where it stands."""
    return _public(document.url) or local_url(file, document.part)


def same_site(one: str, other: str) -> bool:
    """Whether two addresses have one host, whatever the scheme and a leading `www.`."""
    return _host(one) == _host(other) != ""


def without_claim(document: Document, url: str | None) -> Document:
    """The document under `url`, without a publisher that was only the host of the address it gave itself."""
    claimed = _host(document.url or "")
    publisher = None if claimed and (document.publisher or "").casefold() == claimed else document.publisher
    return replace(document, url=url, claimed=False, publisher=publisher)


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def complete(document: Document, file: Path, *, stated: Stated, ask: Ask, today: str) -> ArticleMeta:
    """The metadata of one document. Raises Unreadable naming everything that is not valid.

    What nobody knows is marked: an unknown date never counts as fresh, an unknown tier is the least trusted one.
    """
    found = {**_of_file(document), **_of_user(stated)}
    missing = tuple(name for name in ASKED if found.get(name) is None)
    given = ask(f"{file.name} {document.part}".strip(), document, missing) if missing else {}
    found |= {name: _typed(name, value) for name, value in given.items() if value.strip()}
    url = address_of(document, file)
    defaults: dict[str, object] = {
        "title": one_line(f"{file.stem} {document.part}")[:500] or "untitled",
        "publisher": (urlsplit(url).hostname or UNKNOWN).removeprefix("www.")[:200] or UNKNOWN,
        "date": UNKNOWN,
        "tier": LEAST_TRUSTED,
        "interested": False,
        "retrieved": today,
        "text_kind": TextKind.FULL.value,
    }
    assumed = tuple(name for name in ("publisher", "tier", "interested") if found.get(name) is None)
    values = {name: found.get(name) if found.get(name) is not None else defaults.get(name) for name in EXPECTED}
    tags = {one_line(tag).casefold() for tag in (*document.tags, *stated.tags)}
    if values["date"] != UNKNOWN and not is_day_or_part(str(values["date"])):
        raise Unreadable(f"`date` is {values['date']!r}: expected {EXPECTED['date']}")
    try:
        return ArticleMeta.model_validate(
            {**values, "url": url, "licence": found.get("licence"), "tags": sorted(tags - {""}), "assumed": assumed}
        )
    except ValidationError as error:
        names = dict.fromkeys(str(item["loc"][0]) for item in error.errors())
        problems = [
            f"`{name}` is {values.get(name)!r}: expected {EXPECTED.get(name, 'another value')}" for name in names
        ]
        raise Unreadable("; ".join(problems)) from error


def is_day_or_part(value: str) -> bool:
    """`YYYY`, `YYYY-MM` or `YYYY-MM-DD`, a day that exists."""
    try:
        return (
            len(value) in (4, 7, 10)
            and datetime.date.fromisoformat((value + "-01-01")[:10]).isoformat()[: len(value)] == value
        )
    except ValueError:
        return False


def is_later(date: str, other: str) -> bool:
    """Whether both dates are known and `date` is after `other`, as far as both go: 2026-05 is not after 2026."""
    size = min(len(date), len(other))
    return UNKNOWN not in (date, other) and date[:size] > other[:size]


def _of_file(document: Document) -> dict[str, object]:
    date = document.date if document.date is not None and is_day_or_part(document.date) else None
    return {
        "title": _line(document.title, 500),
        "publisher": _line(document.publisher, 200),
        "author": _line(document.author, 500),
        "date": date,
        "tier": document.tier,
        "interested": document.interested,
        "licence": _line(document.licence, 500),
        "text_kind": document.text_kind,
        "retrieved": document.retrieved,
    }


def _of_user(stated: Stated) -> dict[str, object]:
    names = ("publisher", "author", "date", "tier", "interested", "licence", "text_kind")
    return {name: value for name in names if (value := getattr(stated, name)) is not None}


def _line(value: str | None, most: int) -> str | None:
    text = one_line(value or "")
    return text[:most].strip() or None


def _public(url: str | None) -> str | None:
    text = "".join(without_controls(url or "").split())
    try:
        host = urlsplit(text).hostname
    except ValueError:
        return None
    return text if host and text.startswith(("http://", "https://")) and len(text) <= 2000 else None


def _typed(name: str, value: str) -> object:
    if name == "tier":
        return int(value) if value.strip() in {"1", "2", "3", "4"} else None
    return one_line(value)
