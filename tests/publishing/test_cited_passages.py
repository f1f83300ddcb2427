"""Each cited passage stands once, under its source; claims lead to their words in it, and the source leads back."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from factories_publishing import (
    CRITIC,
    SOURCES,
    SURVEY,
    a_commentary,
    a_published_lens,
    an_assessment,
    an_override,
    sourced,
)
from test_published_page import Page, bare, html_of

from agent.schemas.assessment import Assessment
from agent.schemas.base import text_hash
from agent.schemas.draft import Citation, Claim
from agent.schemas.places import placed_claims

WHOLE = an_assessment(lens=a_published_lens(), override=an_override())


class Cited(HTMLParser):
    """The quoted stretches of a page by id, the links to them by claim, and the links of each source back."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.stretches: dict[str, str] = {}
        self.claims: dict[str, list[str]] = {}
        """The stretches that a claim links to, by the words before its tags."""
        self.places: list[tuple[str, str]] = []
        """Every link to a stretch: the last id before it, and the stretch."""
        self.back: dict[str, list[str]] = {}
        self._inside: list[str] = []
        self._claim: str | None = None
        self._id = self._source = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "mark":
            self._inside.append(found["id"])
            self.stretches[found["id"]] = ""
        elif "id" in found:
            self._id = found["id"]
            self._source = self._id if self._id.startswith("source-") else ""
        if tag in ("li", "p"):
            self._claim = ""
        href = found.get("href", "")
        if href.startswith("#q"):
            self.claims.setdefault((self._claim or "").strip(), []).append(href[1:])
            self.places.append((self._id, href[1:]))
        elif self._source and href.startswith("#"):
            self.back.setdefault(self._source, []).append(href[1:])

    def handle_endtag(self, tag: str) -> None:
        if tag == "mark":
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        for name in self._inside:
            self.stretches[name] += data
        if self._claim is not None and not self._inside and self.lasttag in ("li", "p"):
            self._claim += data


def claims_of(assessment: Assessment) -> list[Claim]:
    return [placed.claim for placed in placed_claims(assessment.inputs, assessment.commentary, assessment.lens)]


def with_summary(*claims: Claim) -> str:
    return html_of(an_assessment(commentary=a_commentary().model_copy(update={"summary": claims})))


def cites(text: str, *quotes: tuple[str, str], drafted: str | None = None) -> Claim:
    citations = tuple(Citation(passage=passage, quote=quote, as_drafted=drafted) for passage, quote in quotes)
    return sourced(text, "p-critic", "x").model_copy(update={"citations": citations})


def test_every_claim_leads_to_the_exact_words_that_it_quotes() -> None:
    page = Cited(html_of(WHOLE))
    wanted = {claim.text: [citation.quote for citation in claim.citations] for claim in claims_of(WHOLE)}
    assert len(wanted) > 20
    for text, quotes in wanted.items():
        shown = [page.stretches[name].strip("“”") for name in page.claims.get(text, [])]
        assert set(shown) == set(quotes), text


def test_an_override_leads_to_its_quotes() -> None:
    page = Cited(html_of(WHOLE))
    (linked,) = [name for text, names in page.claims.items() if "by the formula" in text for name in names]
    assert page.stretches[linked] == "Only 7% deploy models daily"


def test_a_cited_passage_stands_once_however_many_claims_cite_it() -> None:
    text = html_of(WHOLE)
    cited = {citation.passage for claim in claims_of(WHOLE) for citation in claim.citations}
    assert text.count("<blockquote>") == len(cited) == len(SOURCES)
    assert Page(text).text.count("It relies on compensation data of Ravio for 2026") == 1
    assert sum("p-meta" in {c.passage for c in claim.citations} for claim in claims_of(WHOLE)) >= 4


def test_each_source_leads_back_to_every_place_that_cites_it() -> None:
    page = Cited(html_of(WHOLE))
    assert {place for place, _ in page.places} >= {
        "summary",
        "t1",
        "job_postings",
        "growth",
        "override",
        "lens-counter_evidence",
    }
    for place, stretch in page.places:
        assert place in page.back[f"source-{stretch[1:].partition('-')[0]}"]
    for source, places in page.back.items():
        number = source.removeprefix("source-")
        assert set(places) == {place for place, name in page.places if name.startswith(f"q{number}-")}


def test_stretches_are_numbered_in_the_order_in_which_a_reader_meets_them() -> None:
    """The style sheet counts them to print the numbers, which claims name."""
    text = html_of(WHOLE)
    found = [(int(source), int(at)) for source, at in re.findall(r'<mark id="q(\d+)-(\d+)">', text)]
    assert found == [(n, at) for n in range(1, 7) for at in range(1, sum(s == n for s, _ in found) + 1)]
    assert [int(n) for n in re.findall(r'<li id="source-(\d+)">', text)] == list(range(1, 7))
    for name, label in re.findall(r'<a href="#q([\d-]+)">[^<]*\[([\d.]+)\]</a>', text):
        assert label == name.replace("-", ".")


def test_a_quote_within_another_claims_quote_has_a_mark_of_its_own() -> None:
    text = with_summary(
        cites("All of it.", ("p-critic", "They buy it, and the two engineers who are left write the glue.")),
        cites("A part of it.", ("p-critic", "the two engineers who are left")),
    )
    assert (
        '<mark id="q1-2">“They buy it, and <mark id="q1-3">the two engineers who are left</mark> write the glue.”'
        "</mark>" in text
    )
    page = Cited(text)
    assert (page.claims["All of it."], page.claims["A part of it."]) == (["q1-2"], ["q1-3"])


def test_two_passages_of_one_source_are_numbered_through_and_named_once_in_a_claim() -> None:
    more = "A second passage of the same text says that glue holds."
    critic = SOURCES[0]
    second = critic.model_copy(update={"passage": "p-critic-2", "text": more, "text_hash": text_hash(more)})
    claim = cites("So.", ("p-critic-2", "glue holds"), ("p-critic", "I would not start a career in pipelines today."))
    words = a_commentary().model_copy(update={"summary": (claim,)})
    text = html_of(an_assessment(commentary=words, sources=(*SOURCES, second)))
    assert (
        'So. <i class="for">for</i> <a href="#q1-3">DEV Community, 2026-03 [1.3]</a> <a href="#q1-2">[1.2]</a></li>'
    ) in text
    (entry,) = re.findall(r'<li id="source-1">.*?</li>', text, re.DOTALL)
    assert re.findall(r'<mark id="(.*?)">', entry) == ["q1-1", "q1-2", "q1-3"]
    assert entry.count("<blockquote>") == 2


def test_a_claim_with_a_quote_that_is_not_there_shows_it_and_leads_to_the_source() -> None:
    text = with_summary(cites("So.", ("p-critic", "it was never said like this")))
    assert (
        '<a href="#source-1">DEV Community, 2026-03</a> <em>“it was never said like this”</em> '
        '<span class="warn">These words were not found in the stored passage.</span></li>'
    ) in text
    assert "So." not in Cited(text).claims
    digest = with_summary(cites("So.", ("p-ravio", "it was never said like this")))
    assert "<em>it was never said like this</em>" in digest


def test_a_quote_that_was_repaired_is_shown_as_drafted_beside_its_stretch() -> None:
    text = with_summary(cites("So.", ("p-survey", "Only 7% deploy models daily"), drafted="Just 7% deploy daily"))
    assert "<p>1.2 was drafted as “Just 7% deploy daily”; a slip in copying was replaced by the" in text
    assert Cited(text).stretches["q1-2"] == "Only 7% deploy models daily"


@pytest.mark.parametrize("passage", [CRITIC, SURVEY], ids=["full text", "digest"])
def test_a_passage_is_shown_with_what_stands_around_its_quotes(passage: str) -> None:
    blocks = re.findall(r"<blockquote>.*?</blockquote>", html_of(WHOLE))
    assert passage in [re.sub("[“”]", "", bare(block)) for block in blocks]
