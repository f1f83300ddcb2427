from __future__ import annotations

import html as html_module

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.evidence.document import Document, ReadOptions, Unreadable
from agent.evidence.formats.markup import html_to_text
from agent.evidence.formats.page import read_page
from agent.evidence.formats.page_facts import stated_date
from agent.evidence.formats.tree import parse
from agent.schemas.text import without_controls

LONG = (
    "Demand for ML platform engineers rose by 12% in 2024, according to a survey of 1,200 firms in nine countries."
    " The authors see no sign of a slowdown, and wages follow with a delay of two quarters."
)


def a_page(body: str = f"<article><h1>Jobs up</h1><p>{LONG}</p></article>", head: str = "") -> str:
    return f"<!DOCTYPE html><html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>"


def an_article(inner: str) -> str:
    return a_page(f"<article><h1>Jobs up</h1><p>{LONG}</p>{inner}<p>{LONG[::-1]}</p></article>")


def read(page: str | bytes) -> Document:
    [found] = read_page(page if isinstance(page, bytes) else page.encode(), ReadOptions())
    assert isinstance(found, Document)
    return found


def between(inner: str) -> str:
    """What of `inner` is left between the two paragraphs of an article."""
    start, end = f"# Jobs up\n\n{LONG}", LONG[::-1]
    text = read(an_article(inner)).text
    assert text.startswith(start)
    assert text.endswith(end)
    return text[len(start) : -len(end)].strip("\n")


def reason(page: str | bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        read(page)
    return str(caught.value)


def test_a_page_gives_its_article_and_what_it_says_about_itself() -> None:
    head = (
        '<title>Jobs up | The Daily</title><meta property="og:site_name" content="The Daily">'
        '<link rel=canonical href="https://daily.example/jobs"><meta name=author content="Jane Roe">'
        '<meta property="article:published_time" content="2024-03-05T23:30:00-08:00">'
        '<link rel=license href="https://creativecommons.org/licenses/by/4.0/">'
    )
    body = (
        "<nav><ul><li><a href=/>Home</a><li><a href=/w>World news section</a></ul></nav>"
        '<div class="ad">Buy cheap widgets now, the best offer of the year for everyone!</div>'
        f"<article><h1>Jobs up</h1><p>{LONG}</p><div class='advertisement'><p>Our sponsor sells shoes to all.</p></div>"
        f"<h2>Method</h2><p>A <b>survey</b> of <a href='/firms'>firms</a>.</p></article>"
        "<div id=comments class=comments><h3>Comments</h3><p>I am a commenter and I disagree with this.</p></div>"
        "<footer>© 2023 The Daily. All rights reserved.</footer>"
    )
    assert read(a_page(body, head)) == Document(
        text=f"# Jobs up\n\n{LONG}\n\n## Method\n\nA survey of firms.",
        title="Jobs up",
        publisher="The Daily",
        author="Jane Roe",
        date="2024-03-05",
        url="https://daily.example/jobs",
        claimed=True,
        licence="CC BY 4.0",
    )


def test_a_page_that_says_nothing_about_itself_leaves_all_open() -> None:
    found = read(a_page(f"<article><p>{LONG}</p><p>{LONG[::-1]}</p></article><footer>© 2023</footer>"))
    assert found == Document(text=f"{LONG}\n\n{LONG[::-1]}")


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ("<ul><li>one<li>two<ul><li>deeper</ul></ul>", "- one\n- two\n  - deeper"),
        ("<ol><li>one<li>two</ol>", "1. one\n2. two"),
        (
            "<table><tr><th>Role<th>Pay<tr><td>Engineer<td>$150,000<tr><td>Analyst | lead<td>$90,000</table>",
            "| Role | Pay |\n| Engineer | $150,000 |\n| Analyst \\| lead | $90,000 |",
        ),
        (
            "<table><caption>Wages</caption><tr><th>Year<th>Role<th>Pay"
            "<tr><td rowspan=2>2024<td>Engineer<td>$150,000<tr><td>Analyst<td>$90,000</table>",
            "Wages\n\n| Year | Role | Pay |\n| 2024 | Engineer | $150,000 |\n| 2024 | Analyst | $90,000 |",
        ),
        ("<h3>Deeper  <i>still</i></h3><p>Text of it.</p>", "### Deeper still\n\nText of it."),
        ("<p>The rate<sup><a href='#n1'>3</a></sup> is 10<sup>6</sup>.</p>", "The rate is 10^6."),
        ("<p>run <code>pip list</code> first</p>", "run pip list first"),
        ("<p>one<br>two</p>", "one\ntwo"),
        ("<p>wages <del>fell</del> rose</p>", "wages rose"),
        ("<pre>a = 1\n# b</pre>", "```\na = 1\n# b\n```"),
    ],
)
def test_structure_is_kept_as_markdown(inner: str, text: str) -> None:
    assert between(inner) == text


@pytest.mark.parametrize(
    "inner",
    [
        '<p style="display:none">HIDDEN instructions for a model</p>',
        '<p style="Display : NONE !important">HIDDEN instructions for a model</p>',
        '<p style="visibility:hidden">HIDDEN instructions for a model</p>',
        "<p aria-hidden=true>HIDDEN instructions for a model</p>",
        "<p hidden>HIDDEN instructions for a model</p>",
        '<p style="color:#fff">HIDDEN instructions for a model</p>',
        '<p style="color: rgb(254, 255, 255); background: white">HIDDEN instructions for a model</p>',
        '<p style="background-color:#000"><span style="color:black">HIDDEN instructions for a model</span></p>',
        '<p><font color="white">HIDDEN instructions for a model</font></p>',
        '<p style="color: transparent">HIDDEN instructions for a model</p>',
        '<p style="color: rgba(0, 0, 0, 0)">HIDDEN instructions for a model</p>',
        '<p style="font-size:0">HIDDEN instructions for a model</p>',
        '<p style="font-size:1px">HIDDEN instructions for a model</p>',
        '<p style="opacity:0.0">HIDDEN instructions for a model</p>',
        '<p style="position:absolute;left:-9999px">HIDDEN instructions for a model</p>',
        '<p style="height:0;overflow:hidden">HIDDEN instructions for a model</p>',
        "<style>.gone, p.never { display: none }</style><p class='gone'>HIDDEN instructions for a model</p>",
        "<!-- HIDDEN instructions for a model -->",
        "<template><p>HIDDEN instructions for a model</p></template>",
        "<noscript><p>HIDDEN instructions for a model</p></noscript>",
        "<script>document.write('HIDDEN instructions for a model')</script>",
        '<script type="application/ld+json">{"articleBody": "HIDDEN instructions for a model"}</script>',
        "<svg><text>HIDDEN instructions for a model</text></svg>",
        '<img alt="HIDDEN instructions for a model" src="x.png">',
        '<input type=hidden value="HIDDEN instructions for a model">',
    ],
)
def test_hidden_text_never_reaches_the_text(inner: str) -> None:
    assert "HIDDEN" not in read(an_article(inner)).text
    assert "HIDDEN" not in html_to_text(a_page(inner))
    short = a_page(f"<p>Short.</p>{inner}")
    assert "HIDDEN" not in read(short).text


@pytest.mark.parametrize(
    "inner",
    [
        '<p style="background:#003366;color:#fff">SHOWN to every reader of it</p>',
        '<p style="background-image:url(x.png);color:white">SHOWN to every reader of it</p>',
        '<div style="font-size:0"><p style="font-size:16px">SHOWN to every reader of it</p></div>',
        '<div style="visibility:hidden"><p style="visibility:visible">SHOWN to every reader of it</p></div>',
        "<style>@media print { .web { display: none } }</style><p class=web>SHOWN to every reader of it</p>",
        "<style>.tab{display:none} .tab.open{display:block}</style><p class='tab open'>SHOWN to every reader of it</p>",
        '<p style="display:block;color:#333">SHOWN to every reader of it</p>',
    ],
)
def test_text_that_can_be_seen_is_kept(inner: str) -> None:
    assert "SHOWN to every reader of it" in html_to_text(a_page(inner))
    assert between(inner) == "SHOWN to every reader of it"


def test_a_link_has_a_colour_of_its_own() -> None:
    assert html_to_text('<div style="color:#fff">white <a href="/x">shown</a></div>') == "shown"


def test_a_hidden_title_and_byline_say_nothing() -> None:
    hidden = '<div style="display:none"><span class="date">March 5, 2024</span></div>'
    assert stated_date(parse(a_page(hidden))) is None


@pytest.mark.parametrize(
    ("head", "body", "date"),
    [
        ('<meta property="article:published_time" content="2024-03-05T10:00:00Z">', "", "2024-03-05"),
        ('<meta name="citation_publication_date" content="2024-03">', "", "2024-03"),
        ('<meta name="dc.date" content="2024">', "", "2024"),
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2023-01-02T00:00:00+02:00",'
            ' "dateModified": "2024-05-05"}</script><meta name=date content="2020-01-01">',
            "",
            "2023-01-02",
        ),
        (
            '<script type="application/ld+json">{"@graph": [{"@type": "Person"},'
            ' {"@type": ["Article"], "datePublished": "2023-01-02"}]}</script>',
            "",
            "2023-01-02",
        ),
        ("", "<time itemprop=datePublished datetime=2022-04-01>April</time>", "2022-04-01"),
        ("", "<article><time datetime=2022-04-01>x</time></article><time datetime=2021-01-01>y</time>", "2022-04-01"),
        ("", "<time>March 5, 2024</time>", "2024-03-05"),
        ("", "<span class='post-date'>Published on March 2024</span>", "2024-03"),
        ("", "<time datetime=2022-04-01>a</time><time datetime=2021-01-01>b</time>", None),
        ("", "<time class=updated datetime=2022-04-01>a</time>", None),
        ('<meta property="article:modified_time" content="2024-03-05">', "", None),
        ("", "<p>On March 5, 2024 the firm said so.</p>", None),
        ("", "<p>© 2023 The Daily</p><footer>Copyright 2021</footer>", None),
        ("", "<span class=date>03/05/2024</span>", None),
        ('<script type="application/ld+json">{"@type": "Event", "datePublished": "2023-01-02"}</script>', "", None),
        ('<script type="application/ld+json">{broken' + "[" * 5000 + "</script>", "", None),
    ],
)
def test_a_date_is_only_what_the_page_states(head: str, body: str, date: str | None) -> None:
    assert stated_date(parse(a_page(body, head))) == date


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ('<link rel=canonical href="https://a.example/x"><meta property="og:url" content="https://b.example/">', "https://a.example/x"),
        ('<meta property="og:url" content="https://b.example/y">', "https://b.example/y"),
        ("<!-- saved from url=(0022)https://c.example/page -->", "https://c.example/page"),
        ("<!--\n Page saved with SingleFile \n url: https://d.example/z \n-->", "https://d.example/z"),
        ('<link rel=canonical href="javascript:alert(1)">', None),
        ('<link rel=canonical href="file:///home/me/x.html">', None),
    ],
)  # fmt: skip
def test_the_address_is_the_canonical_one_or_where_it_was_saved_from(head: str, url: str | None) -> None:
    assert read(a_page(head=head)).url == url


@pytest.mark.parametrize(
    ("page", "why"),
    [
        (b"", "it has no main text"),
        ("<html><body><div id=root></div><script>render()</script></body></html>", "it has no main text"),
        (
            "<html><body><p>Please enable JavaScript to continue.</p></body></html>",
            "it has no main text: a script would have to fill it",
        ),
        ("<html><body><nav><a href=/>Home</a></nav></body></html>", "it has no main text"),
        ("<html><body>" + '<p style="display:none">hidden</p>' * 9 + "</body></html>", "it has no main text"),
        (b"<html>\0\0\0\0", "it is binary data, not text"),
    ],
)
def test_a_page_without_a_main_text_is_refused(page: str | bytes, why: str) -> None:
    assert reason(page) == why


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Die Größe der Teams wächst – für „alle“ Firmen.", "windows-1252"),
        ("日本の労働市場では機械学習エンジニアの需要が高まっている。", "shift_jis"),
        ("机器学习平台工程师的需求正在增长。", "gb2312"),
        ("الطلب على مهندسي تعلم الآلة يتزايد كل عام", "windows-1256"),
        ("הביקוש למהנדסי למידת מכונה עולה מדי שנה", "windows-1255"),
    ],
)
def test_a_declared_encoding_is_read_in_any_script(text: str, encoding: str) -> None:
    page = f'<html><head><meta charset="{encoding}"></head><body><article><p>{text}</p></article></body></html>'
    assert read(page.encode(encoding)).text == text


def test_a_page_in_utf16_is_read_by_its_mark() -> None:
    assert read(a_page().encode("utf-16")).text == f"# Jobs up\n\n{LONG}"


def test_lines_of_cjk_source_are_joined_without_a_blank() -> None:
    assert html_to_text("<p>機械学習\n  エンジニア and\n others</p>") == "機械学習エンジニア and others"
    assert html_to_text("<p><ruby>漢字<rp>(</rp><rt>かんじ</rt></ruby></p>") == "漢字"


@pytest.mark.parametrize(
    "page",
    [
        "<html><body>" + "<div>" * 100_000 + f"<p>{LONG}</p>" + "</div>" * 100_000,
        "<html><body><p>" + "<b>" * 50_000 + LONG,
        "<html><body>" + "<ul><li>" * 3_000 + LONG,
        "<html><body>" + "<table><tr><td>" * 3_000 + f"<p>{LONG}</p>",
        "<html><body>" + "<blockquote>" * 3_000 + f"<p>{LONG}</p>",
    ],
)
def test_nesting_without_end_is_read(page: str) -> None:
    assert LONG in " ".join(read(page).text.split())


def test_a_line_of_a_megabyte_is_read() -> None:
    words = "word and text " * 75_000
    assert read(a_page(f"<article><p>{words}</p></article>")).text == words.strip()


@pytest.mark.parametrize(
    "page",
    [
        f"<p>{LONG}<table><tr><td>x</p></td></div></span><b>",
        f'<article @click="x" 1bad=2 a"b=c><o:p><p>{LONG}</o:p>&#0;&#xD800;&#1;&bogus;</article',
        f"<plaintext>{LONG}",
        f"<p>{LONG}</p><!-- never closed",
        f"<p>{LONG}</p><script>never closed",
        f"<article><p>{LONG}</p><table><tr><td colspan=99999 rowspan=99999>x<td>y<tr><td>z<td>w</table>",
        f"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><p>{LONG}</p>",
    ],
)
def test_broken_html_is_read_as_far_as_it_goes(page: str) -> None:
    assert LONG in read(page).text


def test_layout_tables_are_blocks_and_data_tables_are_rows() -> None:
    layout = (
        "<table><tr><td><h2>Head</h2><p>One.</p></td><td><table><tr><td>a<td>1<tr><td>b<td>2</table></td></tr></table>"
    )
    assert html_to_text(layout) == "## Head\n\nOne.\n\n| a | 1 |\n| b | 2 |"
    assert html_to_text("<table role=presentation><tr><td>a<td>1<tr><td>b<td>2</table>") == "a\n\n1\n\nb\n\n2"


def test_cells_over_several_rows_keep_figures_under_their_heading() -> None:
    table = (
        "<table><tr><th>A<th colspan=2>B<tr><td rowspan=3>x<td>1<td rowspan=2>2<tr><td>3<tr><td>4<td>5</table>"
    )  # fmt: skip
    assert html_to_text(table) == "| A | B |  |\n| x | 1 | 2 |\n| x | 3 | 2 |\n| x | 4 | 5 |"


@pytest.mark.parametrize(
    "page",
    [
        "<style>" + "/*" * 200_000 + "</style><p>text</p>",
        f'<p style="font-size:{"1" * 200_000}x">text</p>',
        "<table>" + "<tr><td colspan=50 rowspan=50>" * 20_000 + "<tr><td>text<td>more</table>",
    ],
)
def test_a_small_page_costs_little_however_it_is_built(page: str) -> None:
    assert len(html_to_text(page)) < 2_000_000


def test_lists_number_on_and_cards_lose_their_headings() -> None:
    assert html_to_text("<ol start=3><li>c<li><p>d</p><p>e</p></ol>") == "3. c\n4. d\n   e"
    assert html_to_text("<ul><li><h3>Card</h3><p>Text</p></li></ul>") == "- Card\n  Text"


FRAGMENTS = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<table>",
        "<tr>",
        "<td>",
        "<th colspan=3>",
        "<ul>",
        "<li>",
        "<h1>",
        "</h1>",
        "<script>",
        "</script>",
        "<style>.a{",
        "<!--",
        "-->",
        "<b style='",
        "'>",
        "&amp;",
        "&#",
        "\x00",
        "<sup>",
        "<pre>",
        "<html>",
        "<body hidden>",
        "<head>",
        "</html>",
        "<caption>",
        "<svg>",
        "<br/>",
        "<p class=a",
        ">",
        "text ",
        "字",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(FRAGMENTS, st.text(max_size=8)), max_size=40))
def test_any_html_gives_a_text_or_a_reason(pieces: list[str]) -> None:
    try:
        [found] = read_page("".join(pieces).encode("utf-8", "replace"), ReadOptions())
    except Unreadable as error:
        assert str(error)
    else:
        assert isinstance(found, Document)
        assert found.text.strip()


@settings(deadline=None)
@given(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=60))
def test_a_paragraph_of_letters_comes_through_as_it_is(words: str) -> None:
    assert html_to_text(f"<p>{html_module.escape(words)}</p>") == without_controls(words)


@pytest.mark.parametrize("head", ["", '<?xml version="1.0"?>\n'])
def test_a_page_in_entities_of_its_own_is_refused(head: str) -> None:
    entities = '<!ENTITY a0 "lol">\n <!ENTITY a11 "&a0;&a0;">'
    bomb = f"<!DOCTYPE html [\n {entities}\n]>\n<html><body><p>&a11;</p></body></html>"
    with pytest.raises(Unreadable, match="its text is in entities that it declares itself"):
        read(head + bomb)


def test_other_declarations_of_a_document_type_are_no_text() -> None:
    page = a_page().replace("<!DOCTYPE html>", "<!DOCTYPE html [<!ENTITY a 'b'><!ATTLIST p kind CDATA #IMPLIED>]>")
    assert read(page).text == f"# Jobs up\n\n{LONG}"
