"""Whatever the bytes are: documents, parts that are left out, or one reason. Anything else is a fault of a reader."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence

import pytest
from factories_formats import a_zip
from factories_kinds import NAMES, samples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.evidence.document import Document, ReadOptions, Skipped, Unreadable
from agent.evidence.formats.kinds import Kind, kind_of, read_bytes

SAMPLES = samples()
OPTIONS = ReadOptions(max_bytes=2_000_000, max_text=500_000, max_parts=500, max_pages=50)
SPENT_S = 10.0
STRANGE = [
    b"", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1b$B", b"\xed\xa0\x80", b"\xe2\x80\xae\xef\xb7\xba",
    b"<!--", b"<![CDATA[", b"]]>", b"&a;", b"&#xD800;", b"<div>" * 400, b"A" * 3_000, b"[" * 2_000, b'{"a":' * 500,
    b"%PDF-", b"PK\x03\x04", b"\x1f\x8b", b"\r\n\r\n", b"---\n", b"{", b"[", b'"', b"\\u0000", b"\\ud800",
    b"1e999", b"-1", b"4294967295", b"obj", b"endobj", b"stream", b"Content-Length: -5\r\n", b"charset=utf-7",
    b"Content-Type: multipart/mixed; boundary=x\r\n", b"charset=x", b"a\xcc\x81" * 40,
]  # fmt: skip


def outcome(name: str, data: bytes) -> list[Document | Skipped] | str:
    """What reading gives; a reason when it gives nothing. Any other exception is the failure."""
    try:
        found = list(read_bytes(name, data, OPTIONS))
    except Unreadable as error:
        assert str(error).strip()
        return str(error)
    assert found
    for item in found:
        if isinstance(item, Document):
            check(item)
        else:
            assert item.reason.strip()
    return found


def check(document: Document) -> None:
    """What every document must be, so that it can be stored, split and cited."""
    assert document.text.strip()
    assert len(document.text) <= OPTIONS.max_text
    document.text.encode("utf-8")
    assert "\x00" not in document.text and "\r" not in document.text
    offsets = [offset for offset, _ in document.pages]
    assert offsets == sorted(offsets)
    assert all(0 <= offset <= len(document.text) for offset in offsets)
    assert document.url is None or document.url.startswith(("http://", "https://"))
    for line in (document.title, document.publisher, document.author):
        assert line is None or (line.strip() and "\n" not in line)


@st.composite
def damaged(draw: st.DrawFn, data: bytes) -> bytes:
    """A file with bytes changed, cut out, doubled, moved, or replaced by what parsers trip over."""
    damage = bytearray(data)
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, max(len(damage) - 1, 0)))
        end = min(len(damage), at + draw(st.sampled_from([0, 1, 4, 30, 400])))
        match draw(st.sampled_from(["set", "cut", "double", "put", "put"])):
            case "set" if damage:
                damage[at] = draw(st.integers(0, 255))
            case "cut":
                del damage[at:end]
            case "double":
                damage[at:at] = damage[at:end]
            case "put":
                damage[at:end] = draw(st.sampled_from(STRANGE))
    return bytes(damage[: draw(st.integers(len(damage) // 2, len(damage)))] if draw(st.booleans()) else damage)


@pytest.mark.parametrize("kind", Kind)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(draw=st.data())
def test_a_damaged_file_of_any_kind_gives_documents_or_reasons(kind: Kind, draw: st.DataObject) -> None:
    outcome(NAMES[kind], draw.draw(damaged(SAMPLES[kind])))


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from([*NAMES.values(), "a", "a.bin", "a.pdf.gz"]), data=st.binary(max_size=600))
def test_any_bytes_under_any_name_give_documents_or_reasons(name: str, data: bytes) -> None:
    outcome(name, data)


@settings(max_examples=60, deadline=None)
@given(
    name=st.sampled_from([*NAMES.values(), "a"]),
    text=st.text(max_size=400),
    encoding=st.sampled_from(["utf-8", "utf-16", "utf-32", "cp1252", "gb18030"]),
)
def test_any_text_under_any_name_gives_documents_or_reasons(name: str, text: str, encoding: str) -> None:
    outcome(name, text.encode(encoding, "replace"))


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("other", Kind)
def test_any_kind_under_the_name_of_any_other_gives_documents_or_reasons(kind: Kind, other: Kind) -> None:
    outcome(NAMES[other], SAMPLES[kind])


@pytest.mark.parametrize("kind", Kind)
def test_a_file_cut_anywhere_gives_documents_or_reasons(kind: Kind) -> None:
    data = SAMPLES[kind]
    for end in random.Random(3).sample(range(1, len(data)), min(15, len(data) - 1)):
        outcome(NAMES[kind], data[:end])


@pytest.mark.parametrize("kind", Kind)
def test_two_files_in_one_give_documents_or_reasons(kind: Kind) -> None:
    for other in Kind:
        outcome(NAMES[kind], SAMPLES[kind] + SAMPLES[other])


def laughs() -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a0 "ha">{entities}]><html><body>&a9;</body></html>'.encode()


def outside() -> bytes:
    return b'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body><p>&x;</p></body></html>'


LOOP = (
    b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R]/Count 9>>endobj\n"
    b"trailer<</Root 1 0 R>>"
)
HOSTILE: Sequence[tuple[str, bytes]] = [
    ("laughs.html", laughs()),
    ("laughs.xhtml", laughs()),
    ("laughs.docx", a_zip({"[Content_Types].xml": "<Types/>", "word/document.xml": laughs()})),
    ("laughs.epub", a_zip({"META-INF/container.xml": laughs()})),
    ("outside.html", outside()),
    ("outside.docx", a_zip({"[Content_Types].xml": "<Types/>", "word/document.xml": outside()})),
    ("deep.html", b"<html><body>" + b"<div>" * 100_000 + b"words"),
    ("deep.json", b"[" * 100_000),
    ("deep.jsonl", b'{"text": ' * 50_000 + b"\n"),
    ("deep.eml", b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(400))),
    ("deep.md", b"---\na: " + b"[" * 100_000 + b"\n---\nwords"),
    ("line.md", b"word " * 200_000),
    ("line.html", b"<html><body><p>" + b"word " * 200_000),
    ("line.csv", b"title,text\n" + b"a," + b"word " * 90_000),
    ("quotes.csv", b'title,text\n"' + b"word\n" * 90_000),
    ("tags.html", b"<html><body>" + b"<" * 200_000),
    ("comments.html", b"<!-- " * 40_000),
    ("table.html", b'<table><tr><td colspan="99999999" rowspan="99999999">1</td></tr></table>' * 40),
    ("marks.txt", b"a" + b"\xcc\x81" * 200_000),
    ("headers.eml", b"From: a@example.org\r\n" + b"X: y\r\n" * 40_000),
    ("boundaries.eml", b"From: a@b.c\nContent-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\n" * 20_000),
    ("cells.csv", b"text" + b"," * 100_000 + b"\n" + b"," * 100_000),
    ("objects.pdf", b"%PDF-1.7\n" + b"1 0 obj\n<< /Length 99999999999 >>\nstream\n" * 3_000),
    ("loop.pdf", LOOP),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data"), HOSTILE, ids=[name for name, _ in HOSTILE])
def test_a_file_built_to_harm_is_read_or_refused_in_a_few_seconds(name: str, data: bytes) -> None:
    begun = time.process_time()
    found = outcome(name, data)
    assert time.process_time() - begun < SPENT_S
    assert "root:" not in str(found)
    assert "hahaha" not in str(found)


@pytest.mark.parametrize(
    "text",
    [
        "السلام عليكم، انخفضت الوظائف بنسبة ١٢٪ هذا العام.",
        "שלום לכולם, שיעור האבטלה עלה ב־5% השנה.",
        "今年，程序员的招聘职位减少了百分之十二。",
        "今年のプログラマーの求人は12％減少した。",
        "올해 프로그래머 채용 공고가 12% 줄었다.",
        "Việc làm cho lập trình viên giảm 12% trong năm nay.",
    ],
)
@pytest.mark.parametrize("name", ["a.md", "a.html", "a.eml", "a.csv", "a.json", "a.jsonl"])
def test_a_text_in_any_script_comes_out_as_it_went_in(name: str, text: str) -> None:
    written = {
        "a.md": text,
        "a.html": f"<html><body><article><h1>T</h1><p>{text}</p><p>{text}</p></article></body></html>",
        "a.eml": f"From: a@example.org\nSubject: x\nContent-Type: text/plain; charset=utf-8\n\n{text}\n",
        "a.csv": f'title,text\nA,"{text}"\n',
        "a.json": '[{"title": "A", "text": "' + text + '"}]',
        "a.jsonl": '{"title": "A", "text": "' + text + '"}\n',
    }[name]
    found = outcome(name, written.encode())
    assert not isinstance(found, str)
    [document] = [item for item in found if isinstance(item, Document)]
    assert text in document.text


def test_every_sample_is_what_the_fuzzing_says_it_is() -> None:
    assert {kind: kind_of(NAMES[kind], data) for kind, data in SAMPLES.items()} == {kind: kind for kind in Kind}
