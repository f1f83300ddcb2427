from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO

import pytest

from agent.evidence.document import Document, ReadOptions, Skipped, Unreadable
from agent.evidence.formats.epub import read_epub

CONTAINER = (
    '<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
    '<rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
FACTS = (
    "<dc:title>Work and  machines</dc:title><dc:creator>Jane Roe</dc:creator><dc:creator>John Doe</dc:creator>"
    "<dc:publisher>A Press</dc:publisher><dc:rights>CC BY 4.0</dc:rights><dc:identifier>urn:isbn:1</dc:identifier>"
    '<dc:source>https://press.example/book</dc:source><dc:date opf:event="modification">2025-01-01</dc:date>'
    '<dc:date opf:event="publication">2021-03</dc:date>'
)


def chapter(body: str, head: str = "<title/>") -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml">'
        f"<head>{head}</head><body>{body}</body></html>"
    )


def package(chapters: Mapping[str, str | bytes], facts: str = FACTS, items: str = "", spine: str = "") -> str:
    manifest = "".join(
        f'<item id="c{number}" href="{name}" media-type="application/xhtml+xml"/>'
        for number, name in enumerate(chapters)
    )
    order = "".join(f'<itemref idref="c{number}"/>' for number in range(len(chapters)))
    return (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:opf="http://www.idpf.org/2007/opf"'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>{facts}</metadata>'
        f"<manifest>{items}{manifest}</manifest><spine>{order}{spine}</spine></package>"
    )


def a_book(
    chapters: Mapping[str, str | bytes] | None = None, others: Mapping[str, str | bytes] | None = None, **opf: str
) -> bytes:
    held = {"one.xhtml": chapter("<h1>One</h1><p>First text.</p>")} if chapters is None else chapters
    entries: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/content.opf": package(held, **opf),
        **{f"OEBPS/{name}": content for name, content in held.items()},
        **(others or {}),
    }
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in entries.items():
            book.writestr(name, content)
    return buffer.getvalue()


def read(data: bytes, options: ReadOptions | None = None) -> list[Document | Skipped]:
    return list(read_epub(data, options or ReadOptions()))


def reason(data: bytes, options: ReadOptions | None = None) -> str:
    with pytest.raises(Unreadable) as caught:
        read(data, options)
    return str(caught.value)


def test_a_book_is_one_document_in_reading_order() -> None:
    chapters = {
        "z.xhtml": chapter('<h1>One</h1><p>First <a id="x"/>text.</p><ul><li>item</li></ul>'),
        "a%20b.xhtml": chapter("unused"),
        "a b.xhtml": chapter(
            "<h1>Two</h1><table><tr><th>Role</th><th>Pay</th></tr><tr><td>A</td><td>1</td></tr></table>"
        ),
    }
    opf = package(dict.fromkeys(("z.xhtml", "a%20b.xhtml"), ""))
    found = read(a_book(chapters, {"OEBPS/content.opf": opf}))
    assert found == [
        Document(
            text="# One\n\nFirst text.\n\n- item\n\n# Two\n\n| Role | Pay |\n| A | 1 |",
            title="Work and machines",
            publisher="A Press",
            author="Jane Roe; John Doe",
            date="2021-03",
            url="https://press.example/book",
            claimed=True,
            licence="CC BY 4.0",
        )
    ]


def test_a_book_that_says_nothing_about_itself_leaves_all_open() -> None:
    assert read(a_book(facts="")) == [Document(text="# One\n\nFirst text.")]


@pytest.mark.parametrize(
    ("dates", "date"),
    [
        ("<dc:date>2020-05-06T00:00:00Z</dc:date>", "2020-05-06"),
        ('<dc:date opf:event="modification">2020</dc:date>', None),
        ('<dc:date opf:event="creation">2020</dc:date><dc:date>2019</dc:date>', "2019"),
        ("<dc:date>some day</dc:date>", None),
    ],
)
def test_only_a_date_of_publication_counts(dates: str, date: str | None) -> None:
    [found] = read(a_book(facts=dates))
    assert isinstance(found, Document)
    assert found.date == date


def test_every_paragraph_of_a_chapter_is_kept_and_hidden_text_is_not() -> None:
    body = "<nav><p>Short.</p></nav><aside>Aside.</aside><p style='display:none'>HIDDEN</p><footer>Foot.</footer>"
    [found] = read(a_book({"one.xhtml": chapter(body)}))
    assert isinstance(found, Document)
    assert found.text == "Short.\n\nAside.\n\nFoot."


def test_the_navigation_list_and_pictures_in_the_spine_are_no_text() -> None:
    items = (
        '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
        '<item id="cover" href="cover.svg" media-type="image/svg+xml"/>'
    )
    spine = '<itemref idref="nav"/><itemref idref="cover"/>'
    others = {"OEBPS/nav.xhtml": chapter("<p>Contents</p>"), "OEBPS/cover.svg": "<svg/>"}
    assert read(a_book(None, others, facts="", items=items, spine=spine)) == [Document(text="# One\n\nFirst text.")]


def test_chapters_in_any_script_and_encoding_are_read() -> None:
    texts = ["الطلب على مهندسي تعلم الآلة يتزايد", "הביקוש למהנדסים עולה", "機械学習の需要が高まっている。"]
    chapters: dict[str, str | bytes] = {
        "ar.xhtml": chapter(f"<p dir='rtl'>{texts[0]}</p>"),
        "he.xhtml": chapter(f"<p>{texts[1]}</p>").replace("utf-8", "windows-1255").encode("cp1255"),
        "ja.xhtml": chapter(f"<p>{texts[2]}</p>").replace("utf-8", "Shift_JIS").encode("shift_jis"),
    }
    assert read(a_book(chapters, facts="")) == [Document(text="\n\n".join(texts))]


def test_a_chapter_that_cannot_be_read_is_named_and_the_others_stay() -> None:
    items = (
        '<item id="gone" href="gone.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="out" href="../../etc/passwd" media-type="application/xhtml+xml"/>'
        '<item id="bad" href="bad.xhtml" media-type="application/xhtml+xml"/>'
    )
    spine = '<itemref idref="gone"/><itemref idref="out"/><itemref idref="bad"/><itemref idref="unknown"/>'
    others = {"OEBPS/bad.xhtml": bytes(range(256)), "etc/passwd": "secret"}
    assert read(a_book(None, others, facts="", items=items, spine=spine)) == [
        Document(text="# One\n\nFirst text."),
        Skipped("its name points outside of the book", "../../etc/passwd"),
        Skipped("the book names it and does not hold it", "unknown"),
        Skipped("the book names it and does not hold it", "OEBPS/gone.xhtml"),
        Skipped("it is binary data, not text", "OEBPS/bad.xhtml"),
    ]


def an_encryption(uri: str, method: str) -> dict[str, str | bytes]:
    return {
        "META-INF/encryption.xml": '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"'
        ' xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:EncryptedData>'
        f'<e:EncryptionMethod Algorithm="{method}"/><e:CipherData><e:CipherReference URI="{uri}"/></e:CipherData>'
        "</e:EncryptedData></encryption>"
    }


def test_a_book_under_copy_protection_is_refused() -> None:
    protection = an_encryption("OEBPS/one.xhtml", "http://www.w3.org/2001/04/xmlenc#aes256-cbc")
    assert reason(a_book(None, protection)) == "it is copy-protected (DRM): its chapters are encrypted"


def test_scrambled_fonts_are_no_copy_protection() -> None:
    fonts = an_encryption("OEBPS/font.otf", "http://www.idpf.org/2008/embedding")
    assert len(read(a_book(None, fonts))) == 1


def test_a_chapter_that_declares_entities_is_left_out_with_its_reason() -> None:
    laughs = '<!DOCTYPE p [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><html><body><p>&b; words</p></body></html>'
    assert reason(a_book({"one.xhtml": laughs})) == (
        "none of its chapters can be read: it declares entities of its own, which are never expanded"
    )


def test_entities_in_the_package_are_refused_unexpanded() -> None:
    laughs = '<!DOCTYPE p [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + package({}, facts="&b;")
    data = a_book(None, {"OEBPS/content.opf": laughs})
    assert reason(data) == "it is no readable EPUB: its OEBPS/content.opf is no safe and valid XML"


def test_what_unpacks_to_more_than_allowed_is_not_unpacked() -> None:
    data = a_book({"one.xhtml": chapter("<p>" + "word " * 100_000 + "</p>")})
    assert len(data) < 10_000
    assert reason(data, ReadOptions(max_bytes=100_000)) == (
        "none of its chapters can be read: it unpacks to 0.5 MB, more than the 0.1 MB that are allowed"
    )
    assert len(read(data)) == 1


def test_more_entries_than_allowed_are_refused() -> None:
    expected = "it holds 4 entries, more than the 3 that are allowed"
    assert reason(a_book(), ReadOptions(max_parts=3)) == expected


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"PK\x03\x04 cut", "it is a damaged ZIP file"),
        (a_book({}), "it has no chapters"),
        (a_book({"one.xhtml": chapter("<p> </p>")}), "none of its chapters holds text"),
        (
            a_book(None, {"META-INF/container.xml": "<container/>"}),
            "it is no readable EPUB: its META-INF/container.xml names no package file",
        ),
        (
            a_book(None, {"META-INF/container.xml": CONTAINER.replace("content.opf", "none.opf")}),
            "it is no readable EPUB: OEBPS/none.opf: the book names it and does not hold it",
        ),
        (
            a_book(None, {"META-INF/container.xml": "<open"}),
            "it is no readable EPUB: its META-INF/container.xml is no safe and valid XML",
        ),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_what_is_no_book_is_refused_with_its_reason(data: bytes, why: str) -> None:
    assert reason(data) == why
