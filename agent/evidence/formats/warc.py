"""WARC files of a web archive (ISO 28500): every page that was answered with 200, read as a file of its own."""

from __future__ import annotations

import contextlib
import io
import itertools
import logging
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from agent.evidence.document import Document, ReadOptions, Skipped, Unreadable
from agent.evidence.formats.archive import within
from agent.evidence.formats.dates import day_of
from agent.evidence.formats.faults import PARSER_FAULTS
from agent.evidence.formats.zipped import Budget, NestedOptions, budget_of, nested
from agent.schemas.text import one_line

_ARTICLES = {
    "text/html": "page.html",
    "application/xhtml+xml": "page.html",
    "text/plain": "page.txt",
    "text/markdown": "page.md",
    "application/pdf": "page.pdf",
    "application/epub+zip": "page.epub",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "page.docx",
}
"""Media types that are read, and the file name that says the same."""
_TEXTS = frozenset({"page.html", "page.txt", "page.md"})
_ENCODINGS = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})
_CHARSET = re.compile(r"charset\s*=\s*\"?([\w.:-]+)", re.IGNORECASE)
_CHUNK = 1 << 16
_GZIP = b"\x1f\x8b"


class _Headers(Protocol):
    def get_header(self, name: str) -> str | None: ...

    def get_statuscode(self) -> str: ...


class _Stream(Protocol):
    def read(self, size: int) -> bytes: ...


class _Stored(Protocol):
    """What is used of warcio's record."""

    rec_type: str
    rec_headers: _Headers
    http_headers: _Headers | None
    raw_stream: _Stream


@dataclass(frozen=True)
class _Response:
    """A page as it was answered."""

    url: str
    retrieved: str | None
    name: str
    """Says what it is by its ending."""
    payload: bytes


def read_warc(data: bytes, options: ReadOptions) -> Iterator[Document | Skipped]:
    """The documents of all article responses, `part` and `url` being the address, `retrieved` the day of the record.

    A gzip file is unpacked whether its records are packed one by one or together. Other records are passed over, bad
    ones Skipped. Raises Unreadable when it is no WARC file or unpacks beyond `max_bytes`.
    """
    # The one dispatcher calls this reader for WARC files: importing it above would be a circle.
    from agent.evidence.formats.kinds import read_bytes

    budget = budget_of(options)
    inner = nested(options, budget)
    if data.startswith(_GZIP):
        data, whole = _unpacked(data, budget, 16 + zlib.MAX_WBITS)
        if not whole:
            yield Skipped("the rest of the file is damaged", part="end of the file")
    seen: set[str] = set()
    skipped = 0
    for found in _responses(data, inner):
        if isinstance(found, Skipped):
            skipped += 1
            yield found
            continue
        if found.url in seen:
            yield Skipped("its address stands in the file before: the first capture is read", found.url)
            continue
        seen.add(found.url)
        try:
            for document in read_bytes(found.name, found.payload, inner):
                yield _placed(within(found.url, document), found)
        except Unreadable as error:
            yield Skipped(str(error), found.url)
    if not seen and not skipped:
        raise Unreadable("it holds no page that was answered")


def _placed(found: Document | Skipped, response: _Response) -> Document | Skipped:
    if isinstance(found, Skipped):
        return found
    is_web = response.url.startswith(("http://", "https://"))
    found = replace(found, retrieved=response.retrieved)
    return replace(found, url=response.url, claimed=False) if is_web else found


def _responses(data: bytes, options: NestedOptions) -> Iterator[_Response | Skipped]:
    for count, record in enumerate(_records(data)):
        if isinstance(record, Skipped):
            yield record
            return
        if count == options.max_parts:
            yield Skipped(
                f"the file has more than the {options.max_parts:,} records that are allowed", f"record {count}"
            )
            return
        try:
            found = record.response(options.budget)
        except Unreadable as error:
            yield Skipped(str(error), part=record.url or f"record {count + 1}")
            continue
        if found is not None:
            yield found


def _records(data: bytes) -> Iterator[_Record | Skipped]:
    """Every record; a Skipped ends them. Raises Unreadable when not even the first can be read."""
    from warcio.archiveiterator import WARCIterator  # type: ignore[import-untyped]
    from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped]
    from warcio.statusandheaders import StatusAndHeadersParserException  # type: ignore[import-untyped]

    logging.getLogger("warcio").setLevel(logging.CRITICAL)
    records = WARCIterator(io.BytesIO(data))
    for count in itertools.count(1):
        try:
            # It prints what it thinks of a file.
            with contextlib.redirect_stderr(io.StringIO()):
                record = next(records, None)
        except (ArchiveLoadFailed, StatusAndHeadersParserException, *PARSER_FAULTS) as error:
            if count == 1:
                raise Unreadable("it is no WARC file, or a damaged one") from error
            yield Skipped("it is damaged, and what comes after it is lost", part=f"record {count}")
            return
        if record is None:
            return
        yield _Record(record)


class _Record:
    """One record of the file, read before the next is asked for."""

    def __init__(self, record: _Stored) -> None:
        self._record = record
        self.url = one_line(self._of_record("WARC-Target-URI"))

    def response(self, budget: Budget) -> _Response | None:
        """The page; None for a record that holds none. Raises Unreadable for one that is damaged."""
        record = self._record
        if record.rec_type != "response" or not self.url or record.http_headers is None:
            return None
        media_type, _, parameters = self._of_page("Content-Type").partition(";")
        name = _ARTICLES.get(media_type.strip().lower())
        if name is None or record.http_headers.get_statuscode() != "200":
            return None
        payload = _decompressed(self._body(), self._of_page("Content-Encoding").strip().lower(), budget)
        charset = _CHARSET.search(parameters)
        if charset and name in _TEXTS:
            payload = _as_utf8(payload, charset.group(1))
        return _Response(self.url, day_of(self._of_record("WARC-Date")), name, payload)

    def _body(self) -> bytes:
        """As it was sent, without the transfer's chunks."""
        from warcio.bufferedreaders import ChunkedDataReader  # type: ignore[import-untyped]

        raw = self._record.raw_stream
        chunked = self._of_page("Transfer-Encoding").strip().lower() == "chunked"
        stream = ChunkedDataReader(raw) if chunked else raw
        body = bytearray()
        try:
            while piece := stream.read(_CHUNK):
                body += piece
        except PARSER_FAULTS as error:
            raise Unreadable("it is damaged") from error
        if not chunked and getattr(raw, "limit", 0) > 0:
            raise Unreadable("it is cut off")
        return bytes(body)

    def _of_record(self, name: str) -> str:
        return str(self._record.rec_headers.get_header(name) or "")

    def _of_page(self, name: str) -> str:
        headers = self._record.http_headers
        return str(headers.get_header(name) or "") if headers is not None else ""


def _decompressed(body: bytes, encoding: str, budget: Budget) -> bytes:
    if encoding not in _ENCODINGS:
        raise Unreadable(f"its encoding `{one_line(encoding)[:20]}` is not known")
    if encoding in {"gzip", "x-gzip"} and body.startswith(_GZIP):
        return _unpacked(body, budget, 16 + zlib.MAX_WBITS)[0]
    if encoding == "deflate":
        # Servers send both what the standard means and the bare stream.
        has_header = len(body) > 1 and body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
        return _unpacked(body, budget, zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)[0]
    # Archives often keep the header of a body that they stored unpacked.
    return body


def _unpacked(packed: bytes, budget: Budget, window: int) -> tuple[bytes, bool]:
    """Every member of a compressed stream, and whether it came to its end. Raises Unreadable past the budget."""
    unpacked = bytearray()
    whole = True
    while packed:
        member = zlib.decompressobj(window)
        try:
            unpacked += member.decompress(packed, budget.left - len(unpacked) + 1)
        except zlib.error as error:
            if not unpacked:
                raise Unreadable("its packed data is damaged") from error
            whole = False
        if len(unpacked) > budget.left:
            budget.spend(len(unpacked))
        if not member.eof:
            whole = False
            break
        packed = member.unused_data
    budget.spend(len(unpacked))
    return bytes(unpacked), whole


def _as_utf8(payload: bytes, charset: str) -> bytes:
    """The server's word on the encoding goes before the page's own: a byte order mark goes before both."""
    if payload.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return payload
    try:
        return payload.decode(charset).encode("utf-8-sig")
    except (LookupError, ValueError):
        return payload
