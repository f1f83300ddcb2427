"""A folder of clippings in the formats that people bring, about a trade that the bundled corpus does not speak of."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from email.message import EmailMessage
from pathlib import Path

NOTE = """---
title: "Payroll software in three councils"
publisher: "Example Institute"
author: null
date: 2026-05
url: https://institute.example/payroll
tier: 2
interested: false
retrieved: 2026-06-01
text_kind: full
---
Three councils of the Example Institute's sample introduced payroll software in 2025. Payroll clerks spent 11% less time
on corrections afterwards, and no council reduced its staff within the year.
"""
PLAIN = "Payroll clerks of the harbour\n\nThe harbour keeps 14 payroll clerks, as many as in 2019.\n"
PAGE = """<!doctype html><html lang="en"><head><title>A month with the payroll agent</title>
<meta property="og:site_name" content="Example Weekly"><meta name="author" content="Jo Verne">
<meta property="article:published_time" content="2026-04-09T08:00:00Z">
<link rel="canonical" href="https://weekly.example/payroll-agent"></head>
<body><nav><a href="/">Home</a> <a href="/subscribe">Subscribe now</a></nav>
<article><h1>A month with the payroll agent</h1>
<p>The agent settled 61% of the cases in the two firms that we visited in March 2026, and payroll clerks checked every
one of them before money was moved.</p>
<p>Nobody lost a job over it. The firms hired two payroll clerks more than in the year before, because overtime rules
had become harder to follow.</p></article><footer>Cookie settings</footer></body></html>
"""
TABLE = (
    "headline,body,link,published,source\n"
    '"Pay of payroll clerks","Pay of payroll clerks rose by 3.1% in 2025, more than the average of 2.4%.",'
    "https://figures.example/pay,2026-02-03,Example Statistics\n"
    '"A row without text",,https://figures.example/none,2026-02-03,Example Statistics\n'
)
ROWS = '[{"title": "Vacancies", "text": "Vacancies for payroll clerks fell by 9% in 2025.", "date": "2026-01-15"}]'
LINES = '{"title": "Unions", "text": "The union of payroll clerks signed an agreement on software in 2025."}\n'


def a_survey() -> bytes:
    """A PDF of two pages with a title and an author."""
    from reportlab.pdfgen.canvas import Canvas

    pages = (
        (
            "Payroll clerks reported in 2026 that corrections took 27 percent of a week.",
            "In 2024 it had been 34 percent. The survey covers 4,100 payroll clerks in 61 firms.",
        ),
        ("No firm of the sample reduced the number of its payroll clerks within the year.",),
    )
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    canvas.setTitle("Payroll survey 2026")
    canvas.setAuthor("Office for Example Statistics")
    for page in pages:
        for number, line in enumerate(page):
            canvas.drawString(60, 780 - 14 * number, line)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def a_scan() -> bytes:
    """A PDF that holds a picture of a page and no text."""
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    canvas.drawImage(ImageReader(Image.new("L", (300, 400), 200)), 40, 40, 500, 700)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def minutes() -> bytes:
    """A Word document with a heading and a table."""
    import docx

    document = docx.Document()
    document.core_properties.title = "Minutes of the wages board"
    document.core_properties.author = "Wages board"
    document.add_heading("Minutes of the wages board", 1)
    document.add_paragraph("The board expects demand for payroll clerks to fall by 6% until 2030.")
    table = document.add_table(2, 2)
    for row, cells in enumerate((("Year", "Posts"), ("2026", "1,240"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def a_letter() -> bytes:
    """A newsletter as an e-mail."""
    message = EmailMessage()
    message["Subject"] = "Payroll letter, June"
    message["From"] = "Payroll Letter <letter@payroll.example>"
    message["To"] = "somebody@home.example"
    message["Date"] = "Fri, 05 Jun 2026 07:00:00 +0000"
    message.set_content("Postings for payroll clerks rose by 4% in May 2026, and 18% of them name an AI assistant.\n")
    return bytes(message)


def a_book() -> bytes:
    """An EPUB of one chapter."""
    opf = """<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="i">x</dc:identifier>
<dc:title>The payroll office</dc:title><dc:creator>R. Amsel</dc:creator><dc:language>en</dc:language></metadata>
<manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest>
<spine><itemref idref="a"/></spine></package>"""
    chapter = (
        '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>One</title></head><body><h1>One</h1>'
        "<p>Payroll clerks have known every kind of machine since 1954.</p></body></html>"
    )
    container = (
        '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
        '<rootfiles><rootfile full-path="b.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    entries = {"mimetype": "application/epub+zip", "META-INF/container.xml": container, "b.opf": opf}
    return a_zip({**entries, "a.xhtml": chapter})


def a_capture() -> bytes:
    """A WARC file with one page."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=False)
    headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
    address = "https://weekly.example/payroll-captured"
    page = PAGE.replace("payroll-agent", "payroll-captured").replace("A month with", "A year with")
    writer.write_record(
        writer.create_warc_record(address, "response", payload=io.BytesIO(page.encode()), http_headers=headers)
    )
    return buffer.getvalue()


def a_zip(entries: Mapping[str, str]) -> bytes:
    """An archive with these entries."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as container:
        for name, content in entries.items():
            container.writestr(name, content)
    return buffer.getvalue()


def clippings() -> dict[str, bytes]:
    """One file of every format, by name."""
    return {
        "book.epub": a_book(),
        "capture.warc": a_capture(),
        "export.csv": TABLE.encode(),
        "harbour.txt": PLAIN.encode(),
        "letter.eml": a_letter(),
        "lines.jsonl": LINES.encode(),
        "minutes.docx": minutes(),
        "month.html": PAGE.encode(),
        "note.md": NOTE.encode(),
        "older.zip": a_zip({"old.txt": "In 1998 the ministry kept 212 payroll clerks in nine offices."}),
        "rows.json": ROWS.encode(),
        "survey.pdf": a_survey(),
    }


def write(folder: Path, files: Mapping[str, bytes | str]) -> Path:
    """Write files into a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder
