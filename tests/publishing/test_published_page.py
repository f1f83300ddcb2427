from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from factories_publishing import (
    CRITIC,
    a_commentary,
    a_frame,
    a_record,
    a_source,
    an_assessment,
    an_override,
    judged,
    some_inputs,
    sourced,
)

from agent.errors import NotPublishable
from agent.publishing import render_html, render_markdown
from agent.publishing.words import COMMENTARY, TIERS
from agent.schemas.article import TextKind
from agent.schemas.assessment import Assessment
from agent.schemas.draft import Commentary
from agent.schemas.vocabulary import Bucket, EvidenceName

VOID = {"meta", "link", "br"}
SVG_LEAVES = {"rect", "line"}
HOSTILE = '<script>alert(1)</script>\x1b[31m[/nope] *b* `c` \u202eevil & "q" {{ 7*7 }} <img src=x onerror=y>'


class Page(HTMLParser):
    """Reads a page strictly: every element closed in order, ids unique; collects attributes and the text by element."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, dict[str, str | None], str]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
            if tag in {"div", "ul", "ol", "table", "details", "blockquote", "section", "figure"}:
                assert "p" not in self.open, f"{tag} inside a paragraph"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in SVG_LEAVES
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and data.strip():
            attrs = next(attrs for tag, attrs in reversed(self.tags) if tag not in VOID | SVG_LEAVES)
            self.texts.append((self.open[-1], attrs, data.strip()))

    def values(self, attribute: str) -> list[str]:
        return [attrs[attribute] or "" for _, attrs in self.tags if attribute in attrs]

    @property
    def text(self) -> str:
        return " ".join(text for tag, _, text in self.texts if tag != "style")


def html_of(assessment: Assessment, **given: str) -> str:
    return render_html(assessment, a_record(assessment, **given))  # type: ignore[arg-type]


def markdown_of(assessment: Assessment, **given: str) -> str:
    return render_markdown(assessment, a_record(assessment, **given))  # type: ignore[arg-type]


def a_hostile_assessment() -> Assessment:
    """Outside text that tries to be markup, wherever outside text is printed."""
    passage = f"The author writes {HOSTILE} and means it, as far as one can tell."
    source = a_source("p-evil", passage, publisher=HOSTILE, title=HOSTILE, author=HOSTILE, kind=TextKind.FULL,
                      url='https://example.org/"onmouseover="alert(1)<script>')  # fmt: skip
    claim = sourced(HOSTILE, "p-evil", passage, proxy=HOSTILE, horizon="2 years")
    words = a_commentary().model_copy(update={"summary": (claim, judged(HOSTILE))})
    frame = a_frame(HOSTILE).model_copy(update={"function": HOSTILE, "aliases": (HOSTILE,)})
    return an_assessment(
        frame=frame,
        inputs=some_inputs(title=HOSTILE),
        commentary=words,
        sources=(*an_assessment().sources, source),
        model=HOSTILE,
    )


@pytest.mark.parametrize(
    "assessment",
    [an_assessment(), an_assessment(override=an_override()), a_hostile_assessment()],
    ids=["plain", "overridden", "hostile"],
)
def test_the_page_is_well_formed_and_every_link_inside_it_has_its_target(assessment: Assessment) -> None:
    page = Page(html_of(assessment))
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    inner = [href[1:] for href in page.values("href") if href.startswith("#")]
    described = [name for names in page.values("aria-labelledby") for name in names.split()]
    assert set(inner + described) <= set(ids)
    assert page.tags[0] == ("html", {"lang": "en"})


@pytest.mark.parametrize("assessment", [an_assessment(), a_hostile_assessment()], ids=["plain", "hostile"])
def test_the_page_asks_for_nothing_from_outside(assessment: Assessment) -> None:
    text = html_of(assessment)
    page = Page(text)
    tags = {tag for tag, _ in page.tags}
    assert tags.isdisjoint({"script", "img", "iframe", "object", "embed", "form", "input", "video", "audio", "base"})
    assert page.values("src") == page.values("srcset") == page.values("style") == []
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]
    outside = [(tag, attrs) for tag, attrs in page.tags if (attrs.get("href") or "#")[0] != "#"]
    assert all(tag == "a" and (attrs["href"] or "").startswith(("https://", "http://")) for tag, attrs in outside[1:])
    assert all(attrs["rel"] == "noopener noreferrer nofollow" for tag, attrs in outside if tag == "a")
    assert outside[0] == ("link", {"rel": "icon", "href": "data:,"})
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    assert "url(" not in style
    assert "@import" not in style
    assert "default-src 'none'" in text


def test_outside_text_is_shown_as_text_wherever_it_stands() -> None:
    text = html_of(a_hostile_assessment(), reviewer=HOSTILE, reason=HOSTILE)
    shown = HOSTILE.replace("\x1b", "").replace("\u202e", "")
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "<script" not in text
    assert "<img" not in text
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;[31m[/nope]") >= 12
    assert shown in Page(text).text


def test_outside_text_in_markdown_is_escaped_wherever_it_stands() -> None:
    text = markdown_of(a_hostile_assessment(), reviewer=HOSTILE, reason=HOSTILE)
    assert "\x1b" not in text
    assert not re.search(r"(?<!\\)<(?!https?://)", text)
    assert not re.search(r"(?<!\\)`c", text)
    assert "\\[/nope\\]" in text
    assert "\n\n\n" not in text


def test_the_top_of_the_page_says_score_label_verdict_and_distance() -> None:
    page = Page(html_of(an_assessment()))
    text = page.text
    first = text[: text.index("Contents")]
    for words in (
        "ML Platform Engineer",
        "Mid-Senior",
        "47.5",
        "YELLOW (Urgent)",
        "10 of 20 single steps change the zone",
        "47.5 is 0.5 points below Green.",
        "27.6",
        "71.0",
    ):
        assert words in first


def chart_values(page: Page, name: str) -> list[str]:
    inside = False
    found = []
    for tag, attrs, text in page.texts:
        inside = attrs.get("id") == f"{name}-title" or (inside and attrs.get("id") != "sensitivity-title")
        if inside and tag == "text" and (attrs.get("class") or "").startswith("value"):
            found.append(text)
    return found


@pytest.mark.parametrize(
    ("assessment", "expected"),
    [
        (an_assessment(), ["+35.4", "+8.5", "+1.0", "+2.6", "47.5"]),
        (an_assessment(override=an_override(45.0)), ["+35.4", "+8.5", "+1.0", "+2.6", "−2.5", "45.0"]),
    ],
    ids=["formula", "override"],
)
def test_the_printed_contributions_add_up_to_the_printed_score(assessment: Assessment, expected: list[str]) -> None:
    values = chart_values(Page(html_of(assessment)), "contributions")
    assert values == expected
    *terms, total = [round(10 * float(value.replace("−", "-"))) for value in values]
    assert sum(terms) == total


def test_the_task_bar_is_the_whole_of_the_working_time() -> None:
    text = html_of(an_assessment())
    mix = text[text.index('class="mix"') : text.index("</svg>", text.index('class="mix"'))]
    bars = [(float(x), float(w)) for x, w in re.findall(r'x="([\d.]+)%" y="0" width="([\d.]+)%"', mix)]
    assert sum(width for _, width in bars) == 100
    assert [x for x, _ in bars] == [sum(width for _, width in bars[:at]) for at in range(len(bars))]


def test_a_digest_is_shown_as_ours_and_never_in_quotation_marks() -> None:
    text = html_of(an_assessment())
    digest = "From our digest of Rework, AI Engineer Pay Split Into Two Markets:"
    assert digest in Page(text).text
    assert "<mark>earn a premium of about 12% over comparable roles without AI</mark>" in text
    assert "<mark>“Most teams I talk to no longer hire for the platform.”</mark>" in text
    words = markdown_of(an_assessment())
    assert "our digest of Rework, AI Engineer Pay Split Into Two Markets: earn a premium of about 12%" in words
    assert "DEV Community: “Most teams I talk to no longer hire for the platform.”" in words


def test_a_quote_is_marked_in_its_context() -> None:
    text = html_of(an_assessment())
    quote = "Most teams I talk to no longer hire for the platform."
    assert f"<blockquote><mark>“{quote}”</mark>{CRITIC.removeprefix(quote)}</blockquote>" in text


def test_long_passages_are_cut_around_the_quote_at_a_word() -> None:
    passage = f"{'before ' * 200}here stands what was quoted{' after' * 200}"
    source = a_source("p-long", passage, publisher="P", title="T", kind=TextKind.FULL)
    words = a_commentary().model_copy(update={"summary": (sourced("So.", "p-long", "here stands what was quoted"),)})
    text = html_of(an_assessment(commentary=words, sources=(*an_assessment().sources, source)))
    (block,) = re.findall(r"<blockquote>(… before .*? after …)</blockquote>", text)
    assert len(block) < 700
    assert "<mark>“here stands what was quoted”</mark>" in block


def test_a_quote_that_does_not_stand_in_its_passage_is_named_as_such() -> None:
    words = a_commentary().model_copy(update={"summary": (sourced("So.", "p-critic", "it was never said like this"),)})
    assert "These words were not found in the stored passage." in html_of(an_assessment(commentary=words))
    assert "were not found" not in html_of(an_assessment())


def test_unknown_evidence_is_shown_as_unknown_with_its_span() -> None:
    page = Page(html_of(an_assessment(inputs=some_inputs(unknown=(EvidenceName.WAGES,)))))
    assert ("span", {"class": "unknown"}, "unknown") in page.texts
    assert "1 of 5 evidence dimensions is unknown: with them at −1 to +1 the score spans 43.9 to 47.5." in page.text
    assert "The corpus is silent on it." in page.text
    words = markdown_of(an_assessment(inputs=some_inputs(unknown=(EvidenceName.WAGES,))))
    assert (
        "### Wages: unknown\n\nNo admissible claim was found; it enters as 0.\n\nGap: The corpus is silent on it."
        in words
    )
    assert "With the unknown evidence at −1 to +1 the score spans 43.9 to 47.5." in words


def test_a_passage_that_addresses_a_model_and_a_seller_are_marked() -> None:
    sources = tuple(source.model_copy(update={"suspicious": True}) for source in an_assessment().sources)
    text = Page(html_of(an_assessment(sources=sources))).text
    assert "The passage holds text that addresses a model; a reviewer has seen it." in text
    assert "addresses a model; a reviewer" not in Page(html_of(an_assessment())).text
    assert text.count("· sells what it praises") == 4 + 2
    assert markdown_of(an_assessment()).count("the publisher sells what it praises") == 2


def test_a_firm_zone_without_commentary_and_edits_leaves_no_empty_part() -> None:
    tasks = tuple(task.model_copy(update={"score": 1, "bucket": Bucket.NOT_INVOLVED}) for task in some_inputs().tasks)
    inputs = some_inputs().model_copy(update={"tasks": tasks, "reinstatement": ()})
    assessment = an_assessment(inputs=inputs).model_copy(update={"commentary": None, "accepted": ()})
    record = a_record(assessment).model_copy(update={"edits": (), "draft_score": None})
    page, words = Page(render_html(assessment, record)), render_markdown(assessment, record)
    assert not {"summary", "commentary"} & set(page.values("id"))
    assert "Single steps that change the zone None." in page.text
    assert "New tasks that AI creates None found." in page.text
    assert "Weak points accepted by a reviewer None." in page.text
    assert "First draft without a score, published" in page.text
    assert "## Commentary" not in words
    assert "First draft none, published" in words


def test_an_override_stands_beside_the_formula_score() -> None:
    overridden = Page(html_of(an_assessment(override=an_override(49.5)))).text
    assert "The formula score is 47.5; a reviewer moved it by +2.0 points." in overridden
    assert "47.5 by the formula, 49.5 by the reviewer (+2.0)." in overridden
    assert "None: the formula score 47.5 is the score of record." in Page(html_of(an_assessment())).text
    words = markdown_of(an_assessment(override=an_override(49.5)))
    assert "The formula score is 47.5; a reviewer moved it by +2.0." in words
    assert "Override: 47.5 by the formula, 49.5 by the reviewer (+2.0). The survey postdates" in words
    assert "CNCF, Cloud Native Survey: AI: Only 7% deploy models daily" in words
    assert "Override: none." in markdown_of(an_assessment())


@pytest.mark.parametrize("render", [lambda a: Page(html_of(a)).text, markdown_of], ids=["html", "markdown"])
def test_nothing_that_was_approved_is_left_out(render: object) -> None:
    assessment = an_assessment()
    result = assessment.result
    assert result is not None
    shown = re.sub(r"\\(.)", r"\1", render(assessment))  # type: ignore[operator]
    wanted = [task.name for task in assessment.inputs.tasks]
    wanted += [claim.text for task in assessment.inputs.tasks for claim in task.claims]
    groups = (assessment.inputs.evidence, assessment.inputs.barriers, assessment.inputs.principles)
    wanted += [claim.text for group in groups for draft in group.values() for claim in draft.claims]
    assert assessment.commentary is not None
    wanted += [claim.text for part in Commentary.model_fields for claim in getattr(assessment.commentary, part)]
    wanted += [line.value for line in result.derivation] + [line.name for line in result.defaults]
    wanted += [source.meta.title for source in assessment.sources]
    wanted += [acceptance.reason for acceptance in assessment.accepted]
    wanted += [
        result.label_reason,
        "aijri-1.0.0",
        "desk-model-1",
        "minilm-int8",
        "replayed from recordings",
        "G-PASSAGE-SUSPICIOUS",
    ]
    wanted += ["Dana Reviewer", "local-unverified", "task Model serving: score 4 to 3", "46.1", assessment.revision()]
    assert [text for text in wanted if " ".join(text.split()) not in " ".join(shown.split())] == []


def test_sources_are_numbered_in_the_order_in_which_the_page_cites_them() -> None:
    numbers = [int(n) for n in re.findall(r'href="#source-(\d+)"', html_of(an_assessment()))]
    assert list(dict.fromkeys(numbers)) == [1, 2, 3, 4, 5, 6]


def test_only_web_addresses_become_links() -> None:
    text = html_of(a_hostile_assessment())
    assert "onmouseover=&#34;" in text
    assert 'onmouseover="' not in text


def test_the_same_content_gives_the_same_bytes() -> None:
    assert html_of(an_assessment()) == html_of(an_assessment())
    assert markdown_of(an_assessment()) == markdown_of(an_assessment())


def test_a_typical_page_is_small() -> None:
    assert len(html_of(an_assessment()).encode()) < 100_000


def test_a_page_needs_a_score() -> None:
    assessment = an_assessment()
    record = a_record(assessment)
    with pytest.raises(NotPublishable, match="has no score"):
        render_html(assessment.model_copy(update={"result": None}), record)


def test_every_part_of_a_commentary_and_every_tier_has_its_words() -> None:
    assert {"summary", *COMMENTARY} == set(Commentary.model_fields)
    assert set(TIERS) == {1, 2, 3, 4}
