"""A web archive: every page that was answered, with its address and day."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Mapping

import pytest
from factories_formats import SENTENCE, a_pdf, a_zip, read
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from agent.evidence.document import Document, Skipped, Unreadable
from agent.evidence.formats.archive import read_zip
from agent.evidence.formats.warc import read_warc

ADDRESS = "https://example.org/jobs"
PAGE = f"<html><head><title>Fewer posts</title></head><body><article><h1>Fewer posts</h1><p>{SENTENCE}</p>" + (
    "<p>Nobody knows yet how many of them will come back, and when.</p></article></body></html>"
)


class Archive:
    """A WARC file under construction; records are dated 2024-03-05."""

    def __init__(self, *, packed: bool = True) -> None:
        self._buffer = io.BytesIO()
        self._writer = WARCWriter(self._buffer, gzip=packed)

    def add(
        self,
        body: bytes | str = PAGE,
        *,
        url: str = ADDRESS,
        status: str = "200 OK",
        kind: str = "response",
        media: str = "text/html; charset=utf-8",
        headers: Mapping[str, str] | None = None,
    ) -> Archive:
        payload = body.encode() if isinstance(body, str) else body
        http = StatusAndHeaders(status, [("Content-Type", media), *(headers or {}).items()], protocol="HTTP/1.1")
        self._writer.write_record(
            self._writer.create_warc_record(
                url,
                kind,
                payload=io.BytesIO(payload),
                http_headers=http if kind in {"response", "request"} else None,
                warc_headers_dict={"WARC-Date": "2024-03-05T23:59:00Z"},
            )
        )
        return self

    def bytes(self) -> bytes:
        return self._buffer.getvalue()


def chunked(*pieces: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (*pieces, b""))


def documents(found: list[Document | Skipped]) -> list[Document]:
    return [item for item in found if isinstance(item, Document)]


@pytest.mark.parametrize("packed", [True, False])
def test_a_page_has_its_address_and_the_day_it_was_read(packed: bool) -> None:
    [document] = documents(read(read_warc, Archive(packed=packed).add().bytes()))
    assert (document.part, document.url, document.retrieved, document.title) == (
        ADDRESS,
        ADDRESS,
        "2024-03-05",
        "Fewer posts",
    )
    assert SENTENCE in document.text


def test_an_archive_packed_as_a_whole_is_read() -> None:
    data = gzip.compress(Archive(packed=False).add().add(url=ADDRESS + "/2").bytes())
    assert [item.part for item in documents(read(read_warc, data))] == [ADDRESS, ADDRESS + "/2"]


def test_other_records_answers_and_media_are_passed_over() -> None:
    archive = (
        Archive()
        .add(kind="request", url=ADDRESS + "/request")
        .add(kind="metadata", url=ADDRESS + "/metadata")
        .add(status="404 Not Found", url=ADDRESS + "/gone")
        .add(status="301 Moved", url=ADDRESS + "/moved")
        .add(b"\x89PNG", media="image/png", url=ADDRESS + "/logo.png")
        .add()
    )
    assert [item.part for item in read(read_warc, archive.bytes())] == [ADDRESS]


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (chunked(PAGE[:50].encode(), PAGE[50:].encode()), {"Transfer-Encoding": "chunked"}),
        (gzip.compress(PAGE.encode()), {"Content-Encoding": "gzip"}),
        (zlib.compress(PAGE.encode()), {"Content-Encoding": "deflate"}),
        (zlib.compress(PAGE.encode(), wbits=-15), {"Content-Encoding": "deflate"}),
        (chunked(gzip.compress(PAGE.encode())), {"Transfer-Encoding": "chunked", "Content-Encoding": "gzip"}),
        (PAGE.encode(), {"Transfer-Encoding": "chunked", "Content-Encoding": "gzip"}),
    ],
)
def test_transfer_and_content_encodings_are_undone(body: bytes, headers: Mapping[str, str]) -> None:
    [document] = documents(read(read_warc, Archive().add(body, headers=headers).bytes()))
    assert SENTENCE in document.text


def test_an_unknown_encoding_is_named() -> None:
    found = read(
        read_warc, Archive().add(b"\x8b\x01", headers={"Content-Encoding": "br"}).add(url=ADDRESS + "/2").bytes()
    )
    assert found[0] == Skipped("its encoding `br` is not known", ADDRESS)
    assert [item.part for item in documents(found)] == [ADDRESS + "/2"]


@pytest.mark.parametrize(
    ("charset", "text"), [("shift_jis", "求人が百件減りました。"), ("windows-1255", "מספר המשרות ירד.")]
)
def test_the_encoding_that_the_server_names_is_used(charset: str, text: str) -> None:
    body = f"<html><body><article><p>{text * 8}</p></article></body></html>".encode(charset)
    [document] = documents(read(read_warc, Archive().add(body, media=f"text/html; charset={charset}").bytes()))
    assert text in document.text


def test_texts_and_pdf_files_are_read_as_what_they_are() -> None:
    archive = (
        Archive()
        .add(SENTENCE, media="text/plain", url=ADDRESS + "/a.txt")
        .add(a_pdf([[(72, 700, SENTENCE)]]), media="application/pdf", url=ADDRESS + "/b")
    )
    assert [(item.part, item.text, item.pages) for item in documents(read(read_warc, archive.bytes()))] == [
        (ADDRESS + "/a.txt", SENTENCE, ()),
        (ADDRESS + "/b", SENTENCE, ((0, 1),)),
    ]


def test_the_first_capture_of_an_address_is_read() -> None:
    found = read(read_warc, Archive().add().add().bytes())
    assert len(documents(found)) == 1
    assert found[1] == Skipped("its address stands in the file before: the first capture is read", ADDRESS)


def test_a_page_without_text_is_named_by_its_address() -> None:
    found = read(read_warc, Archive().add("<html><body></body></html>").bytes())
    assert [(type(item), item.part) for item in found] == [(Skipped, ADDRESS)]


def test_a_bomb_in_an_answer_costs_the_answer() -> None:
    bomb = gzip.compress(b"<p>" + b"0" * 3_000_000)
    data = Archive().add(bomb, headers={"Content-Encoding": "gzip"}).add(url=ADDRESS + "/2").bytes()
    found = read(read_warc, data, max_bytes=2_000_000)
    assert isinstance(found[0], Skipped)
    assert found[0].part == ADDRESS
    assert "that are allowed" in found[0].reason
    assert [item.part for item in documents(found)] == [ADDRESS + "/2"]


def test_a_file_that_unpacks_beyond_the_limit_is_refused() -> None:
    with pytest.raises(Unreadable, match=r"more than the 2\.0 MB that are allowed"):
        read(read_warc, Archive().add("0" * 3_000_000).bytes(), max_bytes=2_000_000)


def test_a_file_that_is_cut_off_keeps_what_came_before() -> None:
    data = Archive(packed=False).add().add(url=ADDRESS + "/2").bytes()
    found = read(read_warc, data[:-60])
    assert [item.part for item in documents(found)] == [ADDRESS]
    assert found[-1] == Skipped("it is cut off", ADDRESS + "/2")


def test_a_packed_file_that_is_cut_off_says_so() -> None:
    data = Archive().add().add(url=ADDRESS + "/2").bytes()
    found = read(read_warc, data[:-40])
    assert Skipped("the rest of the file is damaged", "end of the file") in found
    assert [item.part for item in documents(found)] == [ADDRESS]


def test_records_beyond_the_limit_are_named_once() -> None:
    archive = Archive().add().add(url=ADDRESS + "/2").add(url=ADDRESS + "/3")
    found = read(read_warc, archive.bytes(), max_parts=1)
    assert found[1:] == [Skipped("the file has more than the 1 records that are allowed", "record 1")]


def test_a_web_archive_in_an_archive_shares_its_limits() -> None:
    [document] = documents(read(read_zip, a_zip({"crawl.warc": Archive(packed=False).add().bytes()})))
    assert (document.part, document.url) == (f"crawl.warc/{ADDRESS}", ADDRESS)


@pytest.mark.parametrize(
    "data", [b"WARC/1.0\r\nnothing", b"\x1f\x8b\x08broken", b"no archive at all\n", b"", Archive().bytes()]
)
def test_what_is_no_web_archive_is_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable):
        read(read_warc, data)


SAMPLE = Archive(packed=False).add(headers={"Content-Encoding": "gzip"}).add(url=ADDRESS + "/2").bytes()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_web_archive_never_raises_anything_else(data: st.DataObject) -> None:
    sample = bytearray(SAMPLE)
    for _ in range(data.draw(st.integers(1, 8))):
        sample[data.draw(st.integers(0, len(sample) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = read(read_warc, bytes(sample))
    except Unreadable:
        return
    assert all(isinstance(item, (Document, Skipped)) for item in found)
