"""A PDF's text as paragraphs, each page with its place in it; what cannot be read says why."""

from __future__ import annotations

import io
import time
import zlib
from collections.abc import Sequence

import pytest
from factories_formats import SENTENCE, PrintedLine, a_pdf, read, the_document
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, StreamObject

from agent.evidence.document import Document, ReadOptions, Skipped, Unreadable
from agent.evidence.formats.pdf import read_pdf
from agent.evidence.formats.pdf_lines import Line, join
from agent.evidence.formats.pdf_pages import without_running_lines

FULL = "This line is as long as the column and goes on in the next one without"
LEADING = 12
PORT = [
    f"In {year} the port employed {posts} crane drivers."
    for year, posts in zip(range(2020, 2024), (400, 380, 310, 295), strict=True)
]
BODIES = [
    "Cranes are driven by hand here",
    "Boxes are counted at the gate",
    "Ships wait for the tide",
    "Trains leave at noon",
]


def column(*texts: str, top: float = 700, x: float = 72) -> list[PrintedLine]:
    """Lines below each other."""
    return [(x, top - LEADING * number, text) for number, text in enumerate(texts)]


def lines(*rows: tuple[float, float, str], size: float = 10, page: int = 1) -> list[Line]:
    return [Line(text, page, x, y, size) for x, y, text in rows]


def with_xmp(data: bytes, properties: str) -> bytes:
    """The file with an XMP packet that says this."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    packet = StreamObject()
    packet.set_data(
        (
            '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF'
            ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"'
            ' xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">'
            f"<rdf:Description>{properties}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
        ).encode()
    )
    writer.root_object[NameObject("/Metadata")] = writer._add_object(packet)
    return written(writer)


def written(writer: PdfWriter) -> bytes:
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def a_pdf_of(objects: Sequence[str]) -> bytes:
    """A file of these objects, the first being the catalogue."""
    body = b"%PDF-1.4\n"
    offsets = []
    for number, text in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    start = len(body)
    size = len(objects) + 1
    tail = (
        f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF"
    )
    return body + tail.encode()


def an_empty_pdf(pages: int, *, declared: int | None = None) -> bytes:
    kids = " ".join(f"{number} 0 R" for number in range(3, pages + 3))
    tree = f"<</Type/Pages/Count {pages if declared is None else declared}/Kids[{kids}]>>"
    return a_pdf_of(["<</Type/Catalog/Pages 2 0 R>>", tree, *["<</Type/Page/Parent 2 0 R>>"] * pages])


def a_pdf_with_letters(meanings: Sequence[str], *, image: bool = False) -> bytes:
    """One line whose codes 1, 2, 3 … mean these characters, as a file with embedded fonts has it."""
    codes = "".join(f"<{n:02x}> <{m.encode('utf-16-be').hex()}>\n" for n, m in enumerate(meanings, start=1))
    mapping = f"begincmap\n1 begincodespacerange\n<00> <ff>\nendcodespacerange\n{len(meanings)} beginbfchar\n{codes}"
    mapping += "endbfchar\nendcmap"
    shown = "".join(f"{number:02x}" for number in range(1, len(meanings) + 1))
    drawn = f"BT /F 10 Tf 72 700 Td <{shown}> Tj ET" if meanings else "/I Do"
    picture = "/XObject<</I 7 0 R>>" if image else ""
    return a_pdf_of(
        [
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Count 1/Kids[3 0 R]>>",
            f"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F 5 0 R>>{picture}>>>>",
            f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream",
            "<</Type/Font/Subtype/Type1/BaseFont/X/ToUnicode 6 0 R>>",
            f"<</Length {len(mapping)}>>stream\n{mapping}\nendstream",
            "<</Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/Length 1>>"
            "stream\n0\nendstream",
        ]
    )


def test_lines_become_paragraphs_by_gap_and_short_last_line() -> None:
    page = [
        *column(FULL, FULL, "an end.", "A new paragraph after a short line starts here and goes on quite far", FULL),
        *column("After a gap there is another one that is long enough to look like it", "too.", top=600),
    ]
    assert the_document(read(read_pdf, a_pdf([page]))).text == (
        f"{FULL} {FULL} an end.\n\nA new paragraph after a short line starts here and goes on quite far {FULL}\n\n"
        "After a gap there is another one that is long enough to look like it too."
    )


def test_an_indented_line_after_a_full_stop_starts_a_paragraph() -> None:
    page = lines((72, 700, f"{FULL} a stop."), (86, 688, f"Indented {FULL}"), (72, 676, f"{FULL} or so."))
    assert join(page).text == f"{FULL} a stop.\n\nIndented {FULL} {FULL} or so."


@pytest.mark.parametrize(
    ("first", "second", "text"),
    [
        ("the rise of automa-", "tion in offices", "the rise of automation in offices"),
        ("the virus COVID-", "19 is a noun", "the virus COVID-19 is a noun"),
        ("the German-", "American trade", "the German-American trade"),
        ("it is OPTIONAL, and OP-", "TIONAL it stays", "it is OPTIONAL, and OPTIONAL it stays"),
        (
            "long-term plans and short-",
            "term plans, short-term ones",
            "long-term plans and short-term plans, short-term ones",
        ),
        ("a range of 10 -", "see below", "a range of 10 - see below"),
        ("人工智能正在改变", "程序员的工作", "人工智能正在改变程序员的工作"),
    ],
)
def test_a_cut_word_is_made_whole_and_a_hyphenated_one_keeps_its_hyphen(first: str, second: str, text: str) -> None:
    assert join(lines((72, 700, first), (72, 688, second))).text == text


def test_headings_are_told_by_their_size_and_the_first_is_the_title() -> None:
    found = join(
        [
            Line("A report", 1, 72, 740, 20),
            Line("on jobs", 1, 72, 718, 20),
            Line("Findings", 1, 72, 690, 14),
            *lines((72, 670, f"{FULL} and"), (72, 658, FULL), (72, 646, FULL)),
        ]
    )
    assert (found.title, found.text) == (
        "A report on jobs",
        f"# A report on jobs\n\n## Findings\n\n{FULL} and {FULL} {FULL}",
    )


def test_list_items_stand_under_each_other() -> None:
    found = join(
        lines(
            (72, 700, "• First item"),
            (72, 688, "\uf0b7 Second item that goes on"),
            (80, 676, "in a second line"),
            (72, 664, "• Third"),
        )
    )
    assert found.text == "- First item\n- Second item that goes on in a second line\n- Third"


def test_cells_beside_each_other_become_pipe_rows() -> None:
    page = [
        (72, 700, "Year"),
        (200, 700, "Posts"),
        (72, 688, "2023"),
        (200, 688, "100"),
        (72, 676, "2024"),
        (200, 676, "80"),
    ]
    assert the_document(read(read_pdf, a_pdf([page]))).text == "| Year | Posts |\n| 2023 | 100 |\n| 2024 | 80 |"


def test_running_headers_footers_and_page_numbers_are_dropped_and_figures_at_the_edge_stay() -> None:
    words = ["", "one", "two", "three", "four", "five"]
    pages = [
        [
            (72, 800, f"Annual report 2024, part {n}"),
            *column(f"The text of page {words[n]} is here.", "In all", str(900 + 7 * n)),
            (290, 30, str(n + 4)),
        ]
        for n in range(1, 6)
    ]
    document = the_document(read(read_pdf, a_pdf(pages)))
    assert document.text == "\n\n".join(
        f"The text of page {words[n]} is here. In all\n{900 + 7 * n}" for n in range(1, 6)
    )


def text_of(*pages: Sequence[PrintedLine]) -> str:
    return the_document(read(read_pdf, a_pdf(pages))).text


def kept(*pages: Sequence[str]) -> list[list[str]]:
    """What is left of pages with these lines below each other."""
    printed = [
        lines(*((72, 700 - LEADING * row, text) for row, text in enumerate(page)), page=number)
        for number, page in enumerate(pages, start=1)
    ]
    return [[line.text for line in page] for page in without_running_lines(printed)]


def body(number: int) -> list[str]:
    """Four lines that stand on no other page."""
    return [f"{'x' * number} {word}" for word in ("first", "second", "third", "fourth")]


@pytest.mark.parametrize("place", [800, 30])
def test_sentences_that_differ_in_their_figures_stay_at_the_edge_of_their_pages(place: float) -> None:
    text = text_of(*([(72, place, PORT[n]), *column(*([BODIES[n]] * 5))] for n in range(4)))
    assert [sentence for sentence in PORT if sentence not in text] == []


@pytest.mark.parametrize("sentences", [PORT, [PORT[0]] * 4], ids=["other figures", "all the same"])
def test_a_file_with_one_sentence_a_page_keeps_them_all(sentences: list[str]) -> None:
    assert text_of(*([(72, 700, sentence)] for sentence in sentences)) == "\n\n".join(sentences)


@pytest.mark.parametrize(
    ("form", "is_running"),
    [
        ("Port report 2024 | {page}", True),
        ("{page} Port report, volume 3", True),
        ("Port report {far}, page {page} of 12", True),
        ("Crane drivers in the port: {other}", False),
        ("Table {page}: {other} posts", False),
        ("Posts per driver 0.{page}", False),
        ("Posts per year 1,20{page}", False),
    ],
)
def test_only_a_figure_that_follows_the_pages_may_differ_in_a_running_line(form: str, is_running: bool) -> None:
    headers = [form.format(page=n, far=n + 1200, other=400 + n * n) for n in range(1, 6)]
    bodies = [body(n) for n in range(1, 6)]
    pages = [[header, *rest] for header, rest in zip(headers, bodies, strict=True)]
    assert kept(*pages) == (bodies if is_running else pages)


def test_figures_that_cannot_be_page_numbers_are_compared_also_beside_page_numbers() -> None:
    bodies = [body(n) for n in range(1, 9)]
    figures = ["1", "2", "3", "4", "1,310", "1,290", "1,700", "1,240"]
    pages = [[f"Posts {figure}", *rest] for figure, rest in zip(figures, bodies, strict=True)]
    assert kept(*pages) == bodies[:4] + pages[4:]


@pytest.mark.parametrize(
    "sentence",
    ["The port employs all of its drivers.", "(Is the port closed for good?)", "港口的起重机司机人数正在逐年减少。"],
)
@pytest.mark.parametrize(("times", "is_running"), [(5, False), (6, True)])
def test_a_sentence_runs_only_when_six_of_ten_pages_have_it(sentence: str, times: int, is_running: bool) -> None:
    bodies = [body(n) for n in range(10)]
    pages = [[sentence, *rest] if n < times else rest for n, rest in enumerate(bodies)]
    assert kept(*pages) == (bodies if is_running else pages)


def test_a_sentence_with_the_pages_number_in_it_stays() -> None:
    pages = [[f"The port has lost {n} of its cranes.", *body(n)] for n in range(1, 5)]
    assert kept(*pages) == pages


def test_a_few_words_with_a_full_stop_run_on_four_of_ten_pages() -> None:
    bodies = [body(n) for n in range(10)]
    assert kept(*(["All rights reserved.", *rest] if n < 4 else rest for n, rest in enumerate(bodies))) == bodies


@pytest.mark.parametrize("form", ["{}", "Page {} of 12", "- {} -", "{}/12"])
def test_page_numbers_that_follow_the_pages_are_dropped(form: str) -> None:
    bodies = [body(n) for n in range(1, 4)]
    assert kept(*([*rest, form.format(n + 2)] for n, rest in enumerate(bodies))) == bodies


def test_a_page_with_nothing_but_running_lines_keeps_them_and_loses_its_number() -> None:
    pages = [["Port report", *body(n), str(n)] for n in range(1, 5)]
    assert kept(*pages, ["Port report", "5"], ["6"]) == [*map(body, range(1, 5)), ["Port report"], ["6"]]


def test_each_page_starts_at_its_offset_also_within_a_word() -> None:
    document = the_document(read(read_pdf, a_pdf([column(f"{FULL} automa-"), [], column(f"tion {FULL}")])))
    assert document.text == f"{FULL} automation {FULL}"
    assert document.pages == ((0, 1), (len(FULL) + 7, 3))
    assert document.text[document.pages[1][0] :].startswith("tion ")


def test_cjk_and_right_to_left_text_is_read() -> None:
    assert the_document(read(read_pdf, a_pdf_with_letters("编程职位减少了"))).text == "编程职位减少了"
    assert sorted(the_document(read(read_pdf, a_pdf_with_letters("שלום"))).text) == sorted("שלום")


def test_ligatures_become_letters_and_soft_hyphens_join() -> None:
    assert the_document(read(read_pdf, a_pdf_with_letters(["ﬁ", "l", "e", "ﬀ"]))).text == "fileff"


def test_title_and_author_are_read_and_the_creation_day_is_no_date() -> None:
    data = a_pdf([column(SENTENCE)], title="Jobs report", author="A. Writer")
    assert read(read_pdf, data) == [Document(SENTENCE, title="Jobs report", author="A. Writer", pages=((0, 1),))]


def test_what_software_puts_into_the_properties_is_not_stated() -> None:
    data = a_pdf([column(SENTENCE)], title="Microsoft Word - final.docx", author="(anonymous)")
    assert read(read_pdf, data) == [Document(SENTENCE, pages=((0, 1),))]


def test_the_packet_states_publication_publisher_address_and_licence() -> None:
    data = with_xmp(
        a_pdf([column(SENTENCE)], title="Old"),
        "<dc:title><rdf:Alt><rdf:li>Jobs in 2024</rdf:li></rdf:Alt></dc:title>"
        "<dc:creator><rdf:Seq><rdf:li>A. Writer</rdf:li><rdf:li>B. Writer</rdf:li></rdf:Seq></dc:creator>"
        "<dc:publisher><rdf:Bag><rdf:li>The Office</rdf:li></rdf:Bag></dc:publisher>"
        "<dc:rights>CC BY 4.0</dc:rights><prism:publicationDate>2024-03</prism:publicationDate>"
        "<prism:doi>10.1234/jobs.5</prism:doi><xmp:CreateDate>2025-01-01T10:00:00Z</xmp:CreateDate>",
    )
    assert read(read_pdf, data) == [
        Document(
            SENTENCE,
            title="Jobs in 2024",
            author="A. Writer, B. Writer",
            publisher="The Office",
            licence="CC BY 4.0",
            date="2024-03",
            url="https://doi.org/10.1234/jobs.5",
            claimed=True,
            pages=((0, 1),),
        )
    ]


@pytest.mark.parametrize(
    ("stamp", "date"), [("2025-01-01T10:00:00Z", None), ("2024-12-30T08:00:00Z", "2024-12-30"), ("2024", "2024")]
)
def test_a_date_that_is_the_creation_stamp_is_no_publication(stamp: str, date: str | None) -> None:
    packet = f"<xmp:CreateDate>2025-01-01T10:00:00Z</xmp:CreateDate><dc:date>{stamp}</dc:date>"
    assert the_document(read(read_pdf, with_xmp(a_pdf([column(SENTENCE)]), packet))).date == date


def test_entities_in_the_packet_cost_the_packet_only() -> None:
    data = with_xmp(a_pdf([column(SENTENCE)], title="Jobs"), "<dc:title>&lol;</dc:title>")
    assert the_document(read(read_pdf, data)).title == "Jobs"


def test_a_scan_is_refused_with_what_to_do() -> None:
    with pytest.raises(Unreadable, match=r"^it is a scan without text: run OCR first$"):
        read(read_pdf, a_pdf_with_letters("", image=True))


def test_a_file_without_text_is_refused() -> None:
    with pytest.raises(Unreadable, match=r"^it has no text$"):
        read(read_pdf, an_empty_pdf(2))


def test_fonts_without_meaning_are_refused() -> None:
    with pytest.raises(Unreadable, match="its fonts do not say which letters they draw"):
        read(read_pdf, a_pdf_with_letters("\ue001\ue002\ue003"))


def test_a_file_that_opens_without_a_password_is_read_and_one_that_needs_it_is_refused() -> None:
    def locked(password: str) -> bytes:
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(a_pdf([column(SENTENCE)]))))
        writer.encrypt(password, "owner", algorithm="RC4-128")
        return written(writer)

    assert the_document(read(read_pdf, locked(""))).text == SENTENCE
    with pytest.raises(Unreadable, match=r"^it is encrypted with a password$"):
        read(read_pdf, locked("secret"))


@pytest.mark.parametrize("declared", [10_000, 1])
def test_ten_thousand_pages_are_refused_within_seconds(declared: int) -> None:
    start = time.monotonic()
    with pytest.raises(Unreadable, match=r"it has 10,000 pages, more than the 2,000 that are allowed"):
        read(read_pdf, an_empty_pdf(10_000, declared=declared))
    assert time.monotonic() - start < 10


def test_a_page_tree_that_bites_its_tail_is_refused() -> None:
    tree = "<</Type/Pages/Count 5/Kids[2 0 R 2 0 R]>>"
    with pytest.raises(Unreadable):
        read(read_pdf, a_pdf_of(["<</Type/Catalog/Pages 2 0 R>>", tree]))


def test_a_page_that_unpacks_without_end_costs_the_page_only() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(a_pdf([column(SENTENCE), column("Second page.")]))))
    bomb = StreamObject()
    bomb._data = zlib.compress(b" " * 80_000_000, 9)
    bomb.update({NameObject("/Filter"): NameObject("/FlateDecode")})
    writer.pages[1][NameObject("/Contents")] = writer._add_object(bomb)
    assert read(read_pdf, written(writer)) == [
        Document(SENTENCE, pages=((0, 1),)),
        Skipped("this page is damaged", part="page 2"),
    ]


def test_a_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(Unreadable, match="more than the 100 characters that are allowed"):
        read(read_pdf, a_pdf([column(SENTENCE), column(SENTENCE)]), max_text=100)


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.4\n%%EOF", a_pdf([[]])[:300], b"\0" * 100])
def test_a_damaged_file_is_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable):
        read(read_pdf, data)


def test_a_file_whose_only_page_is_damaged_does_not_count_as_empty() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(a_pdf([column(SENTENCE)]))))
    bomb = StreamObject()
    bomb._data = b"no packed data"
    bomb.update({NameObject("/Filter"): NameObject("/Unheard")})
    writer.pages[0][NameObject("/Contents")] = writer._add_object(bomb)
    with pytest.raises(Unreadable, match=r"^its pages are damaged$"):
        read(read_pdf, written(writer))


def test_a_page_reference_to_nothing_is_no_crash() -> None:
    data = a_pdf_of(["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[9 0 R]>>"])
    with pytest.raises(Unreadable):
        read(read_pdf, data)


SAMPLE = a_pdf([column(SENTENCE, FULL), column("Second page.")], title="Jobs")


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_damaged_pdf_never_raises_anything_else(data: st.DataObject) -> None:
    sample = bytearray(SAMPLE)
    for _ in range(data.draw(st.integers(1, 8))):
        sample[data.draw(st.integers(0, len(sample) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = list(read_pdf(bytes(sample), ReadOptions()))
    except Unreadable:
        return
    for item in found:
        assert isinstance(item, Skipped) or all(0 <= at < len(item.text) for at, _ in item.pages)


WORDS = st.text(alphabet="ab-•. 1中", min_size=1, max_size=30).map(str.strip).filter(bool)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(WORDS, st.integers(1, 3), st.sampled_from([72.0, 90.0]), st.sampled_from([10.0, 14.0])), max_size=12
    )
)
def test_joining_loses_no_letter_and_pages_ascend(rows: list[tuple[str, int, float, float]]) -> None:
    ordered = sorted(rows, key=lambda row: row[1])
    found = join([Line(text, page, x, 700 - 12 * n, size) for n, (text, page, x, size) in enumerate(ordered)])

    def letters(text: str) -> str:
        return "".join(character for character in text if character.isalnum())

    assert letters(found.text) == letters("".join(row[0] for row in ordered))
    assert list(found.pages) == sorted(found.pages)
    assert [page for _, page in found.pages] == sorted({row[1] for row in rows})
