"""An EPUB book: its chapters in reading order as one document."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from agent.evidence.document import Document, ReadOptions, Skipped, Unreadable
from agent.evidence.formats.dates import date_of
from agent.evidence.formats.encoding import declared_charset, decode
from agent.evidence.formats.faults import PARSER_FAULTS
from agent.evidence.formats.markup import html_to_text
from agent.evidence.formats.zipped import Budget, budget_of, open_zip, read_entry
from agent.schemas.text import one_line

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_FONT_METHODS = frozenset({"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"})
_DC = "{http://purl.org/dc/elements/1.1/}"
_EVENT = "{http://www.idpf.org/2007/opf}event"
_CHAPTER_TYPES = frozenset({"application/xhtml+xml", "text/html", "application/xml", "text/xml", ""})
_SELF_CLOSED = re.compile(
    r"<(?!(?:br|hr|img|input|link|meta|wbr|col|area|base)\b)([a-zA-Z][\w:-]{0,60})([^<>]{0,2000})/>"
)
_DECLARES_ENTITIES = re.compile(r"<!ENTITY\s", re.IGNORECASE)
_HTTP = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)


def read_epub(data: bytes, options: ReadOptions) -> Iterator[Document | Skipped]:
    """One document for the book, then what of it could not be read.

    All text of every chapter is kept; the navigation list is not. Raises Unreadable for a book under copy protection,
    one without chapters, and one that is damaged or unpacks to more than `max_bytes`.
    """
    container = open_zip(data)
    book = _Book({entry.filename: entry for entry in container.infolist()}, container, budget_of(options))
    if len(book.entries) > options.max_parts:
        raise Unreadable(
            f"it holds {len(book.entries):,} entries, more than the {options.max_parts:,} that are allowed"
        )
    package_path = _package_path(book)
    package = book.xml(package_path)
    chapters, skipped = _chapter_paths(package, package_path)
    protected = _protected(book)
    if not protected.isdisjoint(chapters):
        raise Unreadable("it is copy-protected (DRM): its chapters are encrypted")
    texts: list[str] = []
    for path in chapters:
        try:
            texts.append(_chapter(book.read(path)))
        except Unreadable as reason:
            skipped.append(Skipped(str(reason), path))
    text = "\n\n".join(filter(None, texts))
    if not any(char.isalnum() for char in text):
        why = f"none of its chapters can be read: {skipped[0].reason}" if skipped else "none of its chapters holds text"
        raise Unreadable(why if chapters or skipped else "it has no chapters")
    yield _document(package, text)
    yield from skipped


@dataclass(frozen=True)
class _Book:
    entries: Mapping[str, zipfile.ZipInfo]
    container: zipfile.ZipFile
    budget: Budget

    def read(self, path: str) -> bytes:
        """The entry's bytes, taken from the budget. Raises Unreadable."""
        entry = self.entries.get(path)
        if entry is None:
            raise Unreadable("the book names it and does not hold it")
        self.budget.spend(entry.file_size)
        return read_entry(self.container, entry)

    def xml(self, path: str) -> Element:
        """The entry parsed, without entities and outside references. Raises Unreadable."""
        from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

        try:
            root: Element = fromstring(self.read(path))
        except Unreadable as reason:
            raise Unreadable(f"it is no readable EPUB: {path}: {reason}") from reason
        except PARSER_FAULTS as error:
            raise Unreadable(f"it is no readable EPUB: its {path} is no safe and valid XML") from error
        return root


def _package_path(book: _Book) -> str:
    for node in book.xml(_CONTAINER).iter():
        if _local(node) == "rootfile" and (path := node.get("full-path")):
            return path
    raise Unreadable(f"it is no readable EPUB: its {_CONTAINER} names no package file")


def _chapter_paths(package: Element, package_path: str) -> tuple[list[str], list[Skipped]]:
    """Paths of the spine's documents in reading order, each once; and what in it is none."""
    items = {node.get("id", ""): node for node in package.iter() if _local(node) == "item"}
    paths: dict[str, None] = {}
    skipped: list[Skipped] = []
    for reference in (node.get("idref", "") for node in package.iter() if _local(node) == "itemref"):
        item = items.get(reference)
        if item is None:
            skipped.append(Skipped("the book names it and does not hold it", one_line(reference)))
            continue
        href = unquote(item.get("href", "")).split("#")[0]
        path = posixpath.normpath(posixpath.join(posixpath.dirname(package_path), href))
        if "nav" in item.get("properties", "").split() or item.get("media-type", "") not in _CHAPTER_TYPES:
            continue
        if path.startswith(("/", "..")):
            skipped.append(Skipped("its name points outside of the book", one_line(href)))
        else:
            paths[path] = None
    return list(paths), skipped


def _protected(book: _Book) -> set[str]:
    """Paths of encrypted entries. Scrambled fonts are no protection of the text."""
    if _ENCRYPTION not in book.entries:
        return set()
    found: set[str] = set()
    for block in book.xml(_ENCRYPTION).iter():
        if _local(block) != "EncryptedData":
            continue
        methods = {node.get("Algorithm") for node in block if _local(node) == "EncryptionMethod"}
        if methods.isdisjoint(_FONT_METHODS):
            found |= {unquote(node.get("URI", "")) for node in block.iter() if _local(node) == "CipherReference"}
    return found


def _chapter(data: bytes) -> str:
    text = decode(data, declared=declared_charset(data))
    if _DECLARES_ENTITIES.search(text):
        raise Unreadable("it declares entities of its own, which are never expanded")
    # An HTML parser takes `<title/>` of XHTML for an open element that swallows the chapter.
    source = _SELF_CLOSED.sub(r"<\1\2></\1>", text)
    return html_to_text(source)


def _document(package: Element, text: str) -> Document:
    def all_of(name: str) -> list[str]:
        return [line for node in package.iter(_DC + name) if (line := one_line(node.text or ""))]

    def first(name: str, most: int) -> str | None:
        return next((line[:most] for line in all_of(name)), None)

    addresses = (line for line in [*all_of("source"), *all_of("identifier")] if _HTTP.fullmatch(line))
    url = next(addresses, None)
    return Document(
        text=text,
        title=first("title", 500),
        publisher=first("publisher", 200),
        author="; ".join(all_of("creator"))[:500] or None,
        date=_date(package),
        url=url,
        claimed=url is not None,
        licence=first("rights", 500),
    )


def _date(package: Element) -> str | None:
    """The date of publication; one of creation or change of the file does not stand for it."""
    dates = [(node.get(_EVENT, ""), date_of(node.text or "")) for node in package.iter(_DC + "date")]
    usable = [(event, date) for event, date in dates if date and event in {"", "publication", "original-publication"}]
    return min(usable, key=lambda pair: pair[0] != "publication")[1] if usable else None


def _local(node: Element) -> str:
    return node.tag.rsplit("}", 1)[-1] if isinstance(node.tag, str) else ""
