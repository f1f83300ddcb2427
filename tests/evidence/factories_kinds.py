"""One valid file of every kind that can be read, made in memory, each with SENTENCE in it."""

from __future__ import annotations

import gzip
import io
import json
from email.message import EmailMessage

from factories_formats import SENTENCE, a_pdf, a_zip

from agent.evidence.document import Document, ReadOptions, Skipped, Unreadable
from agent.evidence.formats.kinds import Kind, read_bytes

PARAGRAPH = " ".join([SENTENCE] * 3)


def a_page(body: str = PARAGRAPH) -> bytes:
    head = "<head><meta charset=utf-8><title>Jobs down</title></head>"
    return f"<!DOCTYPE html><html>{head}<body><article><h1>Jobs down</h1><p>{body}</p></article></body></html>".encode()


def a_word_file() -> bytes:
    import docx

    file = docx.Document()
    file.add_heading("Jobs down", 1)
    file.add_paragraph(PARAGRAPH)
    buffer = io.BytesIO()
    file.save(buffer)
    return buffer.getvalue()


def a_book() -> bytes:
    chapter = (
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head>'
        f"<body><h1>One</h1><p>{PARAGRAPH}</p></body></html>"
    )
    container = (
        '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
        "<dc:title>Jobs down</dc:title></metadata><manifest>"
        '<item id="c" href="one.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="c"/></spine></package>'
    )
    entries = {"META-INF/container.xml": container, "content.opf": package, "one.xhtml": chapter}
    return a_zip({"mimetype": "application/epub+zip", **entries})


def a_mail() -> bytes:
    message = EmailMessage()
    message["From"] = "News <news@example.org>"
    message["Subject"] = "Jobs down"
    message["Date"] = "Fri, 10 Jan 2025 10:00:00 +0000"
    message.set_content(PARAGRAPH)
    return message.as_bytes()


def a_web_archive(*, packed: bool = False) -> bytes:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=packed)
    headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
    writer.write_record(
        writer.create_warc_record(
            "https://example.org/a",
            "response",
            payload=io.BytesIO(a_page()),
            http_headers=headers,
            warc_headers_dict={"WARC-Date": "2025-01-02T00:00:00Z", "WARC-Record-ID": f"<urn:uuid:{0:032}>"},
        )
    )
    return buffer.getvalue()


def samples() -> dict[Kind, bytes]:
    """A valid file of each kind."""
    row = {"title": "Jobs down", "text": PARAGRAPH}
    return {
        Kind.PLAIN: f"# Jobs down\n\n{PARAGRAPH}\n".encode(),
        Kind.PAGE: a_page(),
        Kind.PDF: a_pdf([[(72, 700, SENTENCE[:60]), (72, 688, SENTENCE[60:])]]),
        Kind.WORD: a_word_file(),
        Kind.EPUB: a_book(),
        Kind.MAIL: a_mail(),
        Kind.JSON: json.dumps([row, row | {"title": "Again"}]).encode(),
        Kind.JSONL: (json.dumps(row) + "\n").encode(),
        Kind.CSV: f'title,text\nJobs down,"{PARAGRAPH}"\n'.encode(),
        Kind.ZIP: a_zip({"a.md": PARAGRAPH, "deep/b.html": a_page()}),
        Kind.WARC: a_web_archive(),
        Kind.GZIP: gzip.compress(PARAGRAPH.encode(), mtime=0),
    }


NAMES = {
    Kind.PLAIN: "a.md",
    Kind.PAGE: "a.html",
    Kind.PDF: "a.pdf",
    Kind.WORD: "a.docx",
    Kind.EPUB: "a.epub",
    Kind.MAIL: "a.eml",
    Kind.JSON: "a.json",
    Kind.JSONL: "a.jsonl",
    Kind.CSV: "a.csv",
    Kind.ZIP: "a.zip",
    Kind.WARC: "a.warc",
    Kind.GZIP: "a.txt.gz",
}
"""The right name for each kind."""


def read_file(name: str, data: bytes, **options: object) -> list[Document | Skipped]:
    """Everything in a file."""
    return list(read_bytes(name, data, ReadOptions(**options)))  # type: ignore[arg-type]


def reason_of(name: str, data: bytes, **options: object) -> str:
    """Why a file as a whole cannot be read."""
    try:
        found = read_file(name, data, **options)
    except Unreadable as error:
        return str(error)
    raise AssertionError(f"it was read: {found}")
