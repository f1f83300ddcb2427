"""What a file is, by its content first and its name second, and the reader for it."""

from __future__ import annotations

import codecs
import gzip
import re
import zipfile
import zlib
from collections.abc import Iterator
from enum import StrEnum
from io import BytesIO
from pathlib import PurePath

from agent.evidence.document import Document, Reader, ReadOptions, Skipped, Unreadable
from agent.evidence.formats.faults import PARSER_FAULTS
from agent.evidence.formats.signatures import HEAD, is_binary, unreadable_kind, unreadable_text
from agent.evidence.formats.zipped import Budget, budget_of, nested


class Kind(StrEnum):
    """A kind of file that can be read."""

    PLAIN = "text"
    PAGE = "html"
    PDF = "pdf"
    WORD = "docx"
    EPUB = "epub"
    MAIL = "e-mail"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    ZIP = "zip"
    WARC = "warc"
    GZIP = "gzip"


SUFFIXES: dict[str, Kind] = {
    **dict.fromkeys((".md", ".markdown", ".txt", ".text"), Kind.PLAIN),
    **dict.fromkeys((".html", ".htm", ".xhtml", ".shtml"), Kind.PAGE),
    **dict.fromkeys((".docx", ".docm"), Kind.WORD),
    **dict.fromkeys((".eml", ".mht", ".mhtml"), Kind.MAIL),
    **dict.fromkeys((".csv", ".tsv"), Kind.CSV),
    **dict.fromkeys((".jsonl", ".ndjson"), Kind.JSONL),
    ".pdf": Kind.PDF,
    ".epub": Kind.EPUB,
    ".json": Kind.JSON,
    ".zip": Kind.ZIP,
    ".warc": Kind.WARC,
    ".gz": Kind.GZIP,
}
"""What a name says."""
_REFUSED_SUFFIXES = frozenset({
    ".doc", ".rtf", ".odt", ".pages", ".xls", ".xlsx", ".ods", ".ppt", ".pptx", ".odp", ".msg", ".mbox", ".mobi",
    ".azw3", ".djvu", ".ps", ".tar", ".tgz", ".bz2", ".xz", ".7z", ".rar",
})  # fmt: skip
"""They hold articles too: a user has to hear that they are not read, and what to do about it."""

_TEXTS = frozenset({Kind.PLAIN, Kind.PAGE, Kind.MAIL, Kind.JSON, Kind.JSONL, Kind.CSV})
_PDF = b"%PDF-"
_PDF_WITHIN = 1024
"""Bytes that may stand before the header (PDF 1.7, appendix H.3.4.1, note 13)."""
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HTML = re.compile(
    r"(?:<\?xml[^>]{0,200}>\s*|<!--(?:(?!-->).){0,2000}-->\s*)*<(?:!doctype\s+html|html\b|head\b|body\b)",
    re.IGNORECASE | re.DOTALL,
)
_JSON = re.compile(r'\{\s*"(?:[^"\\\n]|\\.){0,200}"\s*:|\[\s*\{\s*["}]')
_JSON_LINES = re.compile(rb"\s*\{[^\n]*\}[ \t\r]*\n\s*\{")
_ENVELOPE = re.compile(r"From \S{1,200} [^\n]{0,120}\n")
_NEXT_ENVELOPE = re.compile(rb"\n\r?\nFrom \S{1,200} ")
_HEADER = re.compile(r"([!-9;-~]{1,60}):[^\n]*\n(?:[ \t][^\n]*\n)*")
_SENT = frozenset({"message-id", "mime-version", "received", "return-path", "delivered-to", "dkim-signature"})
_ZIP_FAULTS: tuple[type[Exception], ...] = (zipfile.BadZipFile, *PARSER_FAULTS)


def named_kind(name: str) -> Kind | None:
    """What the name alone says; `None` for a name that says nothing."""
    return SUFFIXES.get(PurePath(name).suffix.lower())


def may_hold_an_article(name: str) -> bool:
    """True for a file of a folder that has to be read, or named with the reason why it is not."""
    return named_kind(name) is not None or PurePath(name).suffix.lower() in _REFUSED_SUFFIXES


def kind_of(name: str, data: bytes) -> Kind:
    """What the file is; `data` is all of it. Raises Unreadable for what no reader reads, naming what it looks like."""
    packed = _packed_kind(name, data)
    if packed is not None:
        return packed
    if found := unreadable_kind(data):
        raise Unreadable(f"it is {found}")
    return _kind_of_text(name, data)


def read_bytes(name: str, data: bytes, options: ReadOptions) -> Iterator[Document | Skipped]:
    """Every document in the file, by the reader for its kind. Raises Unreadable when it gives none at all."""
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise Unreadable("it is empty")
    kind = kind_of(name, data)
    if kind is Kind.GZIP:
        budget = budget_of(options)
        inner = nested(options, budget)
        yield from read_bytes(PurePath(name).stem, _gunzipped(data, budget), inner)
        return
    found = False
    for item in reader_for(kind)(data, options):
        found = True
        yield _bounded(item, options) if isinstance(item, Document) else item
    if not found:
        raise Unreadable("it holds no text")


def reader_for(kind: Kind) -> Reader:
    """The reader of a kind; its parser is loaded now."""
    match kind:
        case Kind.PLAIN:
            from agent.evidence.formats.plain import read_plain as reader
        case Kind.PAGE:
            from agent.evidence.formats.page import read_page as reader
        case Kind.PDF:
            from agent.evidence.formats.pdf import read_pdf as reader
        case Kind.WORD:
            from agent.evidence.formats.word import read_docx as reader
        case Kind.EPUB:
            from agent.evidence.formats.epub import read_epub as reader
        case Kind.MAIL:
            from agent.evidence.formats.mail import read_mail as reader
        case Kind.JSON:
            from agent.evidence.formats.table import read_json as reader
        case Kind.JSONL:
            from agent.evidence.formats.table import read_jsonl as reader
        case Kind.CSV:
            from agent.evidence.formats.table import read_csv as reader
        case Kind.WARC:
            from agent.evidence.formats.warc import read_warc as reader
        case Kind.ZIP | Kind.GZIP:
            from agent.evidence.formats.archive import read_zip as reader
    return reader


def _bounded(document: Document, options: ReadOptions) -> Document | Skipped:
    size = len(document.text)
    if size > options.max_text:
        most = f"more than the {options.max_text:,} that are allowed"
        return Skipped(f"its text has {size:,} characters, {most}", document.part)
    return document if document.text.strip() else Skipped("it holds no text", document.part)


def _packed_kind(name: str, data: bytes) -> Kind | None:
    """A kind that is no text, by the marks of its format; None when there are none."""
    head = data[:HEAD]
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_zip(data)
    if head.startswith(b"WARC/"):
        return Kind.WARC
    if head.startswith(b"\x1f\x8b"):
        return Kind.WARC if _first_unpacked(head).startswith(b"WARC/") else Kind.GZIP
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_PDF):
        return Kind.PDF
    # A text may speak of the mark; a file that has other bytes before it is a PDF by name or because it is no text.
    is_pdf = _PDF in head[:_PDF_WITHIN] and (named_kind(name) is Kind.PDF or is_binary(data))
    return Kind.PDF if is_pdf else None


def _kind_of_text(name: str, data: bytes) -> Kind:
    start, said = _start(data), named_kind(name)
    if _HTML.match(start):
        return Kind.PAGE
    found = None if said is Kind.PAGE else unreadable_text(start)
    if found is not None:
        raise Unreadable(f"it is {found}")
    if _JSON.match(start):
        return Kind.JSONL if said is Kind.JSONL or _JSON_LINES.match(data) else Kind.JSON
    if _is_mail(start):
        if _ENVELOPE.match(start) and _NEXT_ENVELOPE.search(data):
            raise Unreadable("it is a mailbox of many messages: save each as .eml")
        return Kind.MAIL
    if said in _TEXTS:
        return said
    if said is not None and is_binary(data) and not data.startswith(tuple(mark for mark, _ in _BOMS)):
        raise Unreadable(f"it is no {said} file, or a damaged one")
    return Kind.PLAIN


def _start(data: bytes) -> str:
    """The first characters, good enough to tell what they begin; without white space before them."""
    head = data[:HEAD]
    encoding = next((name for mark, name in _BOMS if head.startswith(mark)), None)
    if encoding is None:
        encoding = (
            "utf-16-le" if head[1:8:2] == b"\0\0\0\0" else "utf-16-be" if head[:8:2] == b"\0\0\0\0" else "latin-1"
        )
    return head.decode(encoding, "replace").lstrip("\ufeff \t\r\n").replace("\r\n", "\n")


def _is_mail(start: str) -> bool:
    """True for headers (RFC 5322) as no article's front matter has them."""
    envelope = _ENVELOPE.match(start)
    at = envelope.end() if envelope else 0
    names: set[str] = set()
    while header := _HEADER.match(start, at):
        names.add(header.group(1).lower())
        at = header.end()
    return "from" in names and (not names.isdisjoint(_SENT) or {"subject", "date"} <= names)


def _kind_of_zip(data: bytes) -> Kind:
    """DOCX and EPUB are ZIP archives with certain members."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as container:
            names = set(container.namelist())
    except _ZIP_FAULTS:
        return Kind.ZIP
    if "[Content_Types].xml" in names and any(name.startswith("word/") for name in names):
        return Kind.WORD
    if "META-INF/container.xml" in names:
        return Kind.EPUB
    if "xl/workbook.xml" in names:
        raise Unreadable("it is an Excel file: save it as CSV")
    if "ppt/presentation.xml" in names:
        raise Unreadable("it is a PowerPoint file: save it as PDF")
    if "mimetype" in names and "content.xml" in names:
        raise Unreadable("it is an OpenDocument file: save it as .docx")
    if any(name.endswith(".iwa") for name in names):
        raise Unreadable("it is an Apple iWork file: export it as PDF")
    return Kind.ZIP


def _first_unpacked(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(head, 16)
    except zlib.error:
        return b""


def _gunzipped(data: bytes, budget: Budget) -> bytes:
    try:
        with gzip.GzipFile(fileobj=BytesIO(data)) as stream:
            unpacked = stream.read(budget.left + 1)
    except (EOFError, OSError, zlib.error) as error:
        raise Unreadable("its packed data is damaged or cut off") from error
    if len(unpacked) > budget.left:
        raise Unreadable(f"it unpacks to more than the {budget.left / 1e6:.1f} MB that are allowed")
    budget.spend(len(unpacked))
    return unpacked
