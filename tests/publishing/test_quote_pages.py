"""A citation names the page on which its quote stands, not the one on which its passage begins."""

from __future__ import annotations

import io
import json
import re

import pytest
from factories_publishing import SOURCES, a_record, an_assessment, some_inputs, sourced
from hypothesis import given
from hypothesis import strategies as st

from agent.evidence.document import Document, ReadOptions
from agent.evidence.formats.pdf import read_pdf
from agent.evidence.read import make_article
from agent.evidence.split import passages_of
from agent.publishing import render_html, render_json, render_markdown
from agent.publishing.citations import Bibliography, Place
from agent.review.revision import source_of
from agent.schemas.article import ArticleMeta, Passage, TextKind
from agent.schemas.draft import Citation
from agent.schemas.pages import page_at, page_words, pages_within

PAGES = range(1, 9)


def sentence(page: int) -> str:
    return f"Payroll office {page} of the sample kept {page * 11} clerks in 2026 and lost none of them."


def a_report() -> bytes:
    """A PDF of eight pages with a sentence on each."""
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    for page in PAGES:
        canvas.drawString(60, 780, sentence(page))
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def the_passages() -> list[Passage]:
    [document] = read_pdf(a_report(), ReadOptions())
    assert isinstance(document, Document)
    meta = ArticleMeta(
        title="Payroll offices",
        publisher="Office",
        author=None,
        date="2026",
        url="https://office.example/report",
        tier=1,
        interested=False,
        retrieved="2026-11-20",
        text_kind=TextKind.FULL,
    )
    return passages_of(make_article(meta, document.text, document.pages))


def printed(passage: Passage, *quotes: str) -> str:
    citations = [Citation(passage=passage.id, quote=quote) for quote in quotes]
    books = Bibliography([source_of(passage, ())], cited=[citations])
    [view] = books.citations(citations, at=Place("wages", "Wages"))
    return view.pages


def test_each_quote_of_a_report_has_the_page_that_it_stands_on() -> None:
    passages = the_passages()
    assert len(passages) < len(PAGES)
    for page in PAGES:
        [passage] = [found for found in passages if sentence(page) in found.text]
        assert printed(passage, sentence(page)) == f"p. {page}"


def test_a_quote_over_a_page_break_has_both_pages_and_several_quotes_have_all() -> None:
    [passage] = [found for found in the_passages() if sentence(3) in found.text and sentence(4) in found.text]
    over = passage.text[passage.text.index(sentence(3)) : passage.text.index(sentence(4)) + len(sentence(4))]
    assert printed(passage, over) == "pp. 3-4"
    assert printed(passage, sentence(1), sentence(4)) == "pp. 1, 4"


def test_the_page_of_a_quote_is_printed_and_published() -> None:
    [passage] = [found for found in the_passages() if sentence(3) in found.text]
    claim = sourced("Offices kept their clerks.", passage.id, sentence(3))
    inputs = some_inputs()
    growth = inputs.growth.model_copy(update={"claims": (claim,)})
    source = source_of(passage, ())
    assessment = an_assessment(inputs=inputs.model_copy(update={"growth": growth}), sources=(*SOURCES, source))
    record = a_record(assessment)
    assert f"Office, p. 3: “{sentence(3)}”" in render_markdown(assessment, record).replace("\\", "")
    html = render_html(assessment, record)
    assert re.search(r'<a href="#q(\d+)-1">Office, 2026, p\. 3 \[\1\.1\]</a>', html)
    assert "<p>p. 3</p>" in html
    [published] = [s for s in json.loads(render_json(assessment, record))["assessment"]["sources"] if s["pages"]]
    assert published["pages"] == [list(page) for page in source.pages]


def test_pages_are_counted_in_what_is_left_without_personal_data() -> None:
    first, second = "Write to jo.verne@example.org about it. ", "No office lost a clerk in 2026."
    text = first + second
    passage = the_passages()[0].model_copy(update={"text": text, "page": 3, "pages": ((0, 3), (len(first), 4))})
    source = source_of(passage, ())
    assert "jo.verne" not in source.text
    assert [source.text[at:] for at, page in source.pages if page == 4] == [second]


@pytest.mark.parametrize(
    ("pages", "words"),
    [((), ""), ((3,), "p. 3"), ((4, 3), "pp. 3-4"), ((3, 4, 5, 9), "pp. 3-5, 9"), ((1, 3), "pp. 1, 3")],
)
def test_pages_are_printed_in_runs(pages: tuple[int, ...], words: str) -> None:
    assert page_words(pages) == words


@given(st.lists(st.integers(0, 40), min_size=1, max_size=6), st.integers(0, 45), st.integers(1, 20))
def test_the_pages_of_a_stretch_are_those_of_its_characters(firsts: list[int], start: int, length: int) -> None:
    pages = tuple((first, number) for number, first in enumerate(sorted(firsts), start=1))
    within = pages_within(pages, start, start + length)
    each = [page_at(pages, at) for at in range(start, start + length)]
    assert [page for _, page in within] == list(dict.fromkeys(page for page in each if page is not None))
    assert all(page_at(within, at) == page for at, page in enumerate(each))
