from __future__ import annotations

import gzip
import time

import pytest
from factories_formats import SENTENCE, a_pdf, a_zip
from factories_kinds import NAMES, PARAGRAPH, a_page, a_web_archive, read_file, reason_of, samples

from agent.evidence.document import Document, Skipped, Unreadable
from agent.evidence.formats.kinds import SUFFIXES, Kind, kind_of, named_kind, reader_for

SAMPLES = samples()
CONTAINED = (Kind.PAGE, Kind.PDF, Kind.WORD, Kind.EPUB, Kind.ZIP, Kind.WARC, Kind.GZIP)
"""Kinds that their bytes alone tell."""
SPOKEN = (Kind.PLAIN, Kind.MAIL, Kind.JSON, Kind.JSONL, Kind.CSV)
"""Texts: what they are is in their name."""
SPENT_S = 10.0


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_under_its_own_name_gives_its_text(kind: Kind) -> None:
    assert kind_of(NAMES[kind], SAMPLES[kind]) is kind
    documents = [item for item in read_file(NAMES[kind], SAMPLES[kind]) if isinstance(item, Document)]
    assert documents
    assert all(SENTENCE in flat(document.text) for document in documents)


@pytest.mark.parametrize("kind", CONTAINED)
@pytest.mark.parametrize("name", ["a", "a.md", "a.pdf", "a.docx", "a.csv", "a.unknown", "a.png"])
def test_what_a_file_holds_counts_more_than_its_name(kind: Kind, name: str) -> None:
    assert kind_of(name, SAMPLES[kind]) is kind


@pytest.mark.parametrize("kind", SPOKEN)
def test_a_text_is_what_its_name_says(kind: Kind) -> None:
    assert {name: kind_of(name, b"words: and more\n") for name in (NAMES[kind], NAMES[kind].upper())} == {
        NAMES[kind]: kind,
        NAMES[kind].upper(): kind,
    }


@pytest.mark.parametrize("name", ["a", "a.pdf", "a.docx", "a.epub", "a.zip", "a.warc", "a.gz"])
def test_a_text_under_the_name_of_no_text_is_read_as_text(name: str) -> None:
    [document] = read_file(name, SENTENCE.encode())
    assert isinstance(document, Document)
    assert document.text == SENTENCE


@pytest.mark.parametrize("name", ["a", "letter.mail", "a.pdf"])
def test_mail_without_its_name_is_known_by_its_headers(name: str) -> None:
    assert kind_of(name, SAMPLES[Kind.MAIL]) is Kind.MAIL


def test_colons_alone_make_no_mail() -> None:
    assert kind_of("notes", b"Monday: wages\nTuesday: hours\nand the rest\n") is Kind.PLAIN


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b"\n\n ", b"<?xml version='1.0'?>\n", b"<!-- saved -->\n"])
def test_a_page_may_begin_with_what_browsers_and_tools_put_before_it(start: bytes) -> None:
    assert kind_of("a.txt", start + SAMPLES[Kind.PAGE]) is Kind.PAGE


@pytest.mark.parametrize(
    ("start", "found"),
    [
        (b"\x89PNG\r\n\x1a\n", "a PNG image"),
        (b"\xff\xd8\xff\xe0", "a JPEG image"),
        (b"GIF89a\x01\x00", "a GIF image"),
        (b"II*\x00", "a TIFF image"),
        (b"RIFF\x10\x00\x00\x00WEBP", "a sound, video or WebP file"),
        (b"ID3\x03\x00", "a sound file"),
        (b"\x00\x00\x00\x18ftypmp42", "a video or image file"),
        (b"\x7fELF\x02\x01", "a program"),
        (b"MZ\x90\x00\x03\x00", "a program"),
        (b"SQLite format 3\x00", "a database"),
        (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive: pack it as ZIP"),
        (b"Rar!\x1a\x07\x00", "a RAR archive: pack it as ZIP"),
        (b"BZh91AY&SY", "a bzip2 file: unpack it"),
        (b"\xfd7zXZ\x00", "an xz file: unpack it"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file"),
        (b"{\\rtf1\\ansi Wages.}", "an RTF file: save it as .docx"),
    ],
)
@pytest.mark.parametrize("name", ["a", "a.md", "a.pdf", "a.html"])
def test_what_is_no_text_is_named(start: bytes, found: str, name: str) -> None:
    assert reason_of(name, start + b"\x00\x01" * 50) == f"it is {found}"


@pytest.mark.parametrize(
    "text",
    ["MZ Wallace hires.", "ID3 tags explained", "RIFFs on work", "BZh is a suburb", "GIF8 or GIF9", "Rar! he said"],
)
def test_a_text_that_begins_like_another_format_is_still_a_text(text: str) -> None:
    assert read_file("a.md", text.encode()) == [Document(text)]


def test_an_article_that_speaks_of_the_pdf_format_is_no_pdf() -> None:
    text = "Every such file starts with %PDF-1.7 and nothing else."
    assert [kind_of(name, text.encode()) for name in ("a.md", "a.html", "a.csv")] == [Kind.PLAIN, Kind.PAGE, Kind.CSV]


@pytest.mark.parametrize("name", ["a.pdf", "a", "a.bin"])
def test_a_pdf_may_begin_with_a_few_other_bytes(name: str) -> None:
    assert kind_of(name, b"HTTP junk\r\n\x00" + SAMPLES[Kind.PDF]) is Kind.PDF


def test_an_archive_that_stores_a_pdf_unpacked_is_an_archive() -> None:
    pdf = a_pdf([[(72, 700, SENTENCE[:60])]])
    data = a_zip({"a.pdf": pdf}, stored=True)
    assert kind_of("a.zip", data) is Kind.ZIP
    [document] = read_file("a.zip", data)
    assert (document.part, isinstance(document, Document)) == ("a.pdf", True)


def test_a_spreadsheet_is_named_with_the_way_out() -> None:
    sheet = a_zip({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"})
    assert reason_of("a.xlsx", sheet) == "it is an Excel file: save it as CSV"


@pytest.mark.parametrize("data", [b"", b" \n\t\r\n", b"\xef\xbb\xbf", b"\x00" * 5000, b"\xef\xbb\xbf \n"])
@pytest.mark.parametrize("name", ["a", "a.md", "a.pdf", "a.zip", "a.eml"])
def test_an_empty_file_is_named(name: str, data: bytes) -> None:
    assert reason_of(name, data) == "it is empty"


def test_a_packed_file_is_what_was_packed() -> None:
    for kind in (Kind.PLAIN, Kind.PAGE, Kind.PDF, Kind.CSV, Kind.ZIP):
        assert read_file(NAMES[kind] + ".gz", gzip.compress(SAMPLES[kind])) == read_file(NAMES[kind], SAMPLES[kind])


def test_a_packed_web_archive_is_read_record_by_record() -> None:
    packed = a_web_archive(packed=True)
    assert kind_of("a.warc.gz", packed) is Kind.WARC
    assert read_file("a.warc.gz", packed) == read_file("a.warc", SAMPLES[Kind.WARC])


def test_a_packed_file_of_several_members_is_read_whole() -> None:
    data = gzip.compress(b"First half. ") + gzip.compress(b"Second half.") + b"\x00" * 512
    assert read_file("a.md.gz", data) == [Document("First half. Second half.")]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (gzip.compress(b"words " * 1000)[:-12], "its packed data is damaged or cut off"),
        (b"\x1f\x8b\x08\x00" + b"\xff" * 40, "its packed data is damaged or cut off"),
        (gzip.compress(b"words") + b"and something else", "its packed data is damaged or cut off"),
        (gzip.compress(b"0" * 2_000_000), "it unpacks to more than the 1.0 MB that are allowed"),
        (gzip.compress(b"0" * 900_000) * 2, "it unpacks to more than the 1.0 MB that are allowed"),
        (gzip.compress(b""), "it is empty"),
    ],
    ids=["cut", "damaged", "more behind it", "too large", "too large together", "empty"],
)
def test_a_packed_file_that_cannot_be_unpacked_is_named(data: bytes, reason: str) -> None:
    assert reason_of("a.md.gz", data, max_bytes=1_000_000) == reason


def test_packed_in_packed_comes_to_an_end() -> None:
    data = b"words"
    for _ in range(200):
        data = gzip.compress(data)
    assert reason_of("a.md.gz", data) == "it lies more than 2 archives deep"


def test_what_is_packed_in_an_archive_counts_against_the_archive() -> None:
    inner = {f"{number}.md.gz": gzip.compress(f"{number}".encode() + b"0" * 400_000) for number in range(4)}
    found = read_file("a.zip", a_zip(inner), max_bytes=1_000_000)
    assert [type(item) for item in found] == [Document, Document, Skipped, Skipped]


def test_a_text_over_the_limit_is_left_out_with_its_size() -> None:
    data = b"word " * 400_000
    assert read_file("a.md", data, max_text=1_500_000) == [
        Skipped("its text has 2,000,000 characters, more than the 1,500,000 that are allowed")
    ]


def test_a_part_over_the_limit_costs_only_itself() -> None:
    found = read_file("a.zip", a_zip({"big.md": "word " * 400, "small.md": SENTENCE}), max_text=1_000)
    assert [(item.part, type(item)) for item in found] == [("big.md", Skipped), ("small.md", Document)]


@pytest.mark.parametrize("data", [b"\x00\x01\x02\x03" * 500, bytes(range(256)) * 20, b"\x80\x00" * 900])
def test_binary_data_is_no_text_whatever_it_is_called(data: bytes) -> None:
    with pytest.raises(Unreadable):
        read_file("a.md", data)


@pytest.mark.parametrize(
    "head",
    [
        b"<!---->" * 580 + b"x",
        b"<?xml?>" * 580,
        b"<!DOCTYPE a>" * 340,
        b"<!-- a " * 580,
        b"<?xml " * 680,
        b"a:\n" * 1300,
        b"a: b\n \n" * 580,
        b" \n" * 2000 + b"x",
    ],
)
def test_telling_a_kind_takes_no_time_on_a_head_built_to_take_it(head: bytes) -> None:
    begun = time.process_time()
    kind_of("a", head)
    assert time.process_time() - begun < SPENT_S


def test_a_name_says_its_kind_in_any_case_and_nothing_without_one() -> None:
    assert {named_kind(name) for name in ("a.PDF", "b.Pdf", "c.d.pdf")} == {Kind.PDF}
    assert [named_kind(name) for name in ("pdf", ".pdf", "a.pdf.bak", "", "a.")] == [None] * 5
    assert set(SUFFIXES.values()) == set(Kind)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_reader(kind: Kind) -> None:
    assert callable(reader_for(kind))


def test_a_page_called_text_loses_its_markup() -> None:
    [document] = read_file("a.txt", a_page())
    assert isinstance(document, Document)
    assert document.text == f"# Jobs down\n\n{PARAGRAPH}"
