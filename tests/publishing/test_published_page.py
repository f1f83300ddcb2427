from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from html import unescape
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
from agent.publishing import render_html, render_json, render_markdown
from agent.publishing.excerpts import CONTEXT_CHARACTERS
from agent.publishing.html import script
from agent.publishing.personal import policy_numbers, week_view
from agent.publishing.words import COMMENTARY, TIERS
from agent.schemas.article import TextKind
from agent.schemas.assessment import Assessment
from agent.schemas.draft import Citation, Claim, Commentary, Stance
from agent.schemas.record import NamedRole, NamedVersion, PublishedAssessment
from agent.schemas.vocabulary import BarrierName, Bucket, EvidenceName, PrincipleName

VOID = {"meta", "link", "br", "input"}
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
        return " ".join(text for tag, _, text in self.texts if tag not in {"style", "script"})


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
        inputs=some_inputs(title=HOSTILE).model_copy(update={"gaps": (HOSTILE,)}),
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


def test_everything_of_the_page_but_its_skip_link_stands_in_a_landmark() -> None:
    text = html_of(an_assessment())
    body = re.sub(
        r"\n<script>.*?</script>|</div>\n(?=</body>)", "", text[text.index('<div class="frame">') :], flags=re.DOTALL
    )
    landmarks = r"<(header|nav|main|footer)\b.*?</\1>|<section class=\"[^\"]*\" aria-label=\"[^\"]+\">.*?</section>"
    assert bare(re.sub(landmarks, "", body, flags=re.DOTALL)).strip() == ""


@pytest.mark.parametrize("assessment", [an_assessment(), a_hostile_assessment()], ids=["plain", "hostile"])
def test_the_page_asks_for_nothing_from_outside(assessment: Assessment) -> None:
    text = html_of(assessment)
    page = Page(text)
    tags = {tag for tag, _ in page.tags}
    assert tags.isdisjoint({"img", "iframe", "object", "embed", "form", "video", "audio", "base"})
    assert page.values("src") == page.values("srcset") == page.values("style") == []
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]
    outside = [(tag, attrs) for tag, attrs in page.tags if (attrs.get("href") or "#")[0] != "#"]
    assert all(tag == "a" and (attrs["href"] or "").startswith(("https://", "http://")) for tag, attrs in outside[1:])
    assert all(attrs["rel"] == "nofollow" for tag, attrs in outside if tag == "a")
    assert ("meta", {"name": "referrer", "content": "no-referrer"}) in page.tags
    assert page.values("target") == []
    assert outside[0] == ("link", {"rel": "icon", "href": "data:,"})
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    assert "url(" not in style
    assert "@import" not in style
    assert "default-src 'none'" in text


@pytest.mark.parametrize("assessment", [an_assessment(), a_hostile_assessment()], ids=["plain", "hostile"])
def test_the_one_script_of_the_page_is_ours_and_no_other_may_run(assessment: Assessment) -> None:
    text = html_of(assessment)
    page = Page(text)
    assert [attrs for tag, attrs in page.tags if tag == "script"] == [{}]
    (code,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    assert code == script()
    (policy,) = [attrs["content"] for _, attrs in page.tags if attrs.get("http-equiv") == "Content-Security-Policy"]
    allowed = b64encode(hashlib.sha256(code.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{allowed}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    for way_out in ("fetch", "XMLHttpRequest", "sendBeacon", "WebSocket", "EventSource", "import(", "import ", "http"):
        assert way_out not in code
    for storage in ("localStorage", "sessionStorage", "cookie", "indexedDB", "innerHTML", "eval(", "Function("):
        assert storage not in code


def own_week(text: str) -> str:
    (section,) = re.findall(r'<section id="own".*?</section>', text, re.DOTALL)
    return str(section)


def test_without_the_script_the_own_week_is_not_there() -> None:
    page = Page(html_of(an_assessment()))
    hidden = {(tag, attrs.get("id")) for tag, attrs in page.tags if "data-own" in attrs and "hidden" in attrs}
    assert hidden == {("section", "own"), ("li", None)}
    assert [tag for tag, attrs in page.tags if attrs.get("href") == "#own"] == ["a"]
    inside = {tag for tag, _ in Page(own_week(html_of(an_assessment()))).tags}
    assert {"input", "button"} <= inside
    outside = html_of(an_assessment()).replace(own_week(html_of(an_assessment())), "")
    assert {tag for tag, _ in Page(outside).tags if tag in {"input", "button"}} == set()


def test_every_control_of_the_own_week_has_a_name_and_is_reached_by_the_keyboard() -> None:
    page = Page(own_week(html_of(an_assessment())))
    ids = set(page.values("id"))
    inputs = [attrs for tag, attrs in page.tags if tag == "input"]
    # One row, which the script repeats for each task and names by it.
    assert [attrs["type"] for attrs in inputs] == ["checkbox", "number"]
    assert [attrs["aria-labelledby"] for attrs in inputs] == ["own-done", "own-share"]
    for attrs in inputs:
        assert (attrs["aria-labelledby"] or "") in ids
        assert "name" not in attrs
    buttons = [attrs for tag, attrs in page.tags if tag == "button"]
    assert [attrs["type"] for attrs in buttons] == ["button"] * 3
    assert not any("tabindex" in attrs for attrs in (*inputs, *buttons))
    assert [attrs["role"] for _, attrs in page.tags if "role" in attrs] == ["status"]


def test_the_own_week_finds_its_tasks_in_the_table_of_tasks() -> None:
    text = html_of(an_assessment())
    (tasks,) = re.findall(r'<section id="tasks">.*?</section>', text, re.DOTALL)
    names = re.findall(r"<th[^>]*>([^<]*)</th>", tasks[tasks.index("<tbody") :])
    assert names == [task.name for task in an_assessment().inputs.tasks]


def test_the_own_week_is_handed_the_numbers_of_this_page_and_no_words() -> None:
    assessment = a_hostile_assessment()
    (section,) = [attrs for tag, attrs in Page(html_of(assessment)).tags if attrs.get("id") == "own"]
    week = json.loads(section["data-week"] or "")
    assert week["policy"] == json.loads(json.dumps(policy_numbers()))
    assert week["published"] == [task.share for task in assessment.inputs.tasks]
    assert week["scores"] == [task.score for task in assessment.inputs.tasks]
    assert week["ids"] == [task.id for task in assessment.inputs.tasks]
    assert (week["score"], week["formula"], week["revision"]) == (475, 475, assessment.revision())
    assert (week["evidence"], week["barriers"], week["growth"]) == ([1, 2, 1, 0, 1], [0, 0, 0, 1, 0], 1)
    unknown = an_assessment(inputs=some_inputs(unknown=(EvidenceName.WAGES,)))
    assert json.loads(week_view(unknown, unknown.result).data)["evidence"] == [1, 2, None, 0, 1]  # type: ignore[arg-type]


def test_an_override_is_said_not_to_carry_over_to_the_own_week() -> None:
    words = "An override does not carry over to your view"
    overridden = an_assessment(override=an_override(49.5))
    assert words in Page(html_of(overridden)).text
    assert words not in Page(html_of(an_assessment())).text
    assert (week := json.loads(week_view(overridden, overridden.result).data))["score"] == 495  # type: ignore[arg-type]
    assert week["formula"] == 475


def test_outside_text_is_shown_as_text_wherever_it_stands() -> None:
    text = html_of(a_hostile_assessment(), reviewer=HOSTILE, reason=HOSTILE)
    shown = HOSTILE.replace("\x1b", "").replace("\u202e", "")
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert text.count("<script") == text.count("<script>") == 1
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
    bars = [(float(x), float(w)) for x, w in re.findall(r'x="([\d.]+)%" width="([\d.]+)%"', mix)]
    assert sum(width for _, width in bars) == 100
    assert [x for x, _ in bars] == [sum(width for _, width in bars[:at]) for at in range(len(bars))]


def entries(text: str) -> list[str]:
    """The list of sources, an entry each."""
    return re.findall(r'<li id="source-\d+">.*?</li>', text, re.DOTALL)


def bare(markup: str) -> str:
    return unescape(re.sub("<[^>]*>", "", markup))


def test_a_digest_is_shown_as_ours_and_never_in_quotation_marks() -> None:
    text = html_of(an_assessment())
    (digest,) = [entry for entry in entries(text) if "AI Engineer Pay Split Into Two Markets" in entry]
    assert re.search(r"<p>Rework, 2026 · tier 3 · our digest, read [\d-]+</p>\n<blockquote>", digest)
    assert re.search(r">earn a premium of about 12% over comparable roles without AI</mark>", digest)
    assert not re.search("[“”]", re.sub(r"<p>.*?</p>", "", digest))
    (full,) = [entry for entry in entries(text) if "Who still hires for ML platforms?" in entry]
    assert re.search(r"<p>DEV Community, A. Writer, 2026-03 · tier 4 · full text, read [\d-]+</p>\n<blockquote>", full)
    assert re.search(r"<mark [^>]*>“Most teams I talk to no longer hire for the platform.”</mark>", full)
    words = markdown_of(an_assessment())
    assert "our digest of Rework, AI Engineer Pay Split Into Two Markets: earn a premium of about 12%" in words
    assert "DEV Community: “Most teams I talk to no longer hire for the platform.”" in words


def test_a_quote_is_marked_in_its_context() -> None:
    text = html_of(an_assessment())
    quote = "Most teams I talk to no longer hire for the platform."
    (block,) = re.findall(r'<blockquote><mark id="q\d+-1">“Most teams.*?</blockquote>', text)
    assert bare(block) == f"“{quote}”{CRITIC.removeprefix(quote)}"


def test_long_passages_are_cut_around_the_quote_at_a_word() -> None:
    passage = f"{'before ' * 200}here stands what was quoted{' after' * 200}"
    source = a_source("p-long", passage, publisher="P", title="T", kind=TextKind.FULL)
    words = a_commentary().model_copy(update={"summary": (sourced("So.", "p-long", "here stands what was quoted"),)})
    text = html_of(an_assessment(commentary=words, sources=(*an_assessment().sources, source)))
    (block,) = re.findall(r"<blockquote>(… before .*? after …)</blockquote>", text)
    assert 2 * CONTEXT_CHARACTERS < len(bare(block)) < 2 * CONTEXT_CHARACTERS + 40
    assert re.search("<mark [^>]*>“here stands what was quoted”</mark>", block)


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
    assert text.count("has an interest in what it praises") == 2
    assert markdown_of(an_assessment()).count("; has an interest in what it praises") == 2


def test_a_firm_zone_without_commentary_and_edits_leaves_no_empty_part() -> None:
    tasks = tuple(task.model_copy(update={"score": 1, "bucket": Bucket.NOT_INVOLVED}) for task in some_inputs().tasks)
    inputs = some_inputs().model_copy(update={"tasks": tasks, "reinstatement": ()})
    assessment = an_assessment(inputs=inputs).model_copy(update={"commentary": None, "accepted": ()})
    record = a_record(assessment).model_copy(update={"edits": (), "draft_score": None})
    page, words = Page(render_html(assessment, record)), render_markdown(assessment, record)
    assert not {"summary", "commentary"} & set(page.values("id"))
    assert "No single step of 13 changes the zone." in page.text
    assert "Single steps that change the zone" not in page.text
    assert "What the drafts could not find" not in page.text + words
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
        "aijri-1.2.0",
        "desk-model-1",
        "minilm-int8",
        "replayed from recordings",
        "G-PASSAGE-SUSPICIOUS",
    ]
    wanted += ["Dana Reviewer", "local-unverified", "task Model serving: score 4 to 3", "46.1", assessment.revision()]
    assert [text for text in wanted if " ".join(text.split()) not in " ".join(shown.split())] == []


def test_sources_are_numbered_in_the_order_in_which_the_page_cites_them() -> None:
    numbers = [int(n) for n in re.findall(r'href="#q(\d+)-\d+"', html_of(an_assessment()))]
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


def cited_at(*quotes: tuple[str, str]) -> Claim:
    citations = tuple(Citation(passage=passage, quote=quote) for passage, quote in quotes)
    return sourced("So it is said.", "p-critic", "x").model_copy(update={"citations": citations})


def test_several_quotes_from_one_passage_stand_in_one_excerpt_and_each_has_its_link() -> None:
    claim = cited_at(
        ("p-critic", "I would not start a career in pipelines today."),
        ("p-ravio", "For managers it falls to roughly 3%."),
        ("p-critic", "Most teams I talk to no longer hire for the platform."),
    )
    assessment = an_assessment(commentary=a_commentary().model_copy(update={"summary": (claim,)}))
    text = html_of(assessment)
    summary = text[text.index('<section id="summary"') : text.index('<section id="role"')]
    assert re.findall(r'<a href="(.*?)">(.*?)</a>', summary) == [
        ("#q1-1", "DEV Community, 2026-03 [1.1]"),
        ("#q1-2", "[1.2]"),
        ("#q2-2", "Rework, 2026 [2.2]"),
    ]
    assert (
        '<blockquote><mark id="q1-1">“Most teams I talk to no longer hire for the platform.”</mark> They buy it, and '
        'the two engineers who are left write the glue. <mark id="q1-2">“I would not start a career in pipelines '
        "today.”</mark></blockquote>"
    ) in text
    words = markdown_of(assessment)
    assert (
        "  - \\[1\\] DEV Community: “Most teams I talk to no longer hire for the platform.” \\[…\\] “I would not start "
        "a career in pipelines today.”\n"
        "  - \\[2\\] our digest of Rework, AI Engineer Pay Split Into Two Markets: For managers it falls to roughly "
        "3%.\n"
    ) in words


def test_a_quote_that_was_not_found_is_named_beside_one_that_was() -> None:
    claim = cited_at(("p-critic", "They buy it, and the two engineers"), ("p-critic", "it was never said like this"))
    assessment = an_assessment(commentary=a_commentary().model_copy(update={"summary": (claim,)}))
    assert html_of(assessment).count("These words were not found in the stored passage.") == 1
    assert (
        "DEV Community: “They buy it, and the two engineers”; “it was never said like this” (not found in the stored "
        "passage)\n"
    ) in markdown_of(assessment)


def test_every_claim_outside_the_evidence_table_carries_its_stance_but_context() -> None:
    inputs = some_inputs()
    stances = {
        stance: judged(f"This one is {stance.value}.", stance)
        for stance in (Stance.FOR, Stance.AGAINST, Stance.CONTEXT)
    }
    three = tuple(stances.values())
    barrier = inputs.barriers[BarrierName.UNION].model_copy(update={"claims": three})
    principle = inputs.principles[PrincipleName.JUDGMENT].model_copy(update={"claims": three})
    task = inputs.tasks[0].model_copy(update={"claims": three})
    dimension = inputs.evidence[EvidenceName.WAGES].model_copy(update={"claims": three})
    marked = inputs.model_copy(
        update={
            "tasks": (task, *inputs.tasks[1:]),
            "reinstatement": (),
            "barriers": {**inputs.barriers, BarrierName.UNION: barrier},
            "principles": {**inputs.principles, PrincipleName.JUDGMENT: principle},
            "growth": inputs.growth.model_copy(update={"claims": three}),
            "evidence": {**inputs.evidence, EvidenceName.WAGES: dimension},
        }
    )
    assessment = an_assessment(inputs=marked, commentary=a_commentary().model_copy(update={"outlook": three}))
    text = html_of(assessment)
    for stance in ("for", "against"):
        assert text.count(f'This one is {stance}. <i class="{stance}">{stance}</i> <i>judgement</i></li>') == 5
    assert '<i class="context"' not in text
    words = markdown_of(assessment)
    assert words.count("- This one is for. *(for; judgement)*\n") == 5
    assert words.count("- This one is against. *(against; judgement)*\n") == 5
    assert words.count("- This one is context. *(judgement)*\n") == 6
    assert words.count("- This one is for. *(judgement)*\n") == 1


def test_a_claim_that_is_context_stands_below_those_for_and_against() -> None:
    inputs = some_inputs()
    dimension = inputs.evidence[EvidenceName.JOB_POSTINGS]
    sided = dimension.model_copy(update={"claims": (judged("It is context."), *dimension.claims)})
    evidence = {**inputs.evidence, EvidenceName.JOB_POSTINGS: sided}
    text = html_of(an_assessment(inputs=inputs.model_copy(update={"evidence": evidence})))
    row = text[text.index('<div class="sides">') : text.index("Company actions</th>")]
    assert re.findall(r'<div class="(for|against|context)">', row) == ["for", "against", "context"]


def test_a_source_that_supports_several_inputs_says_which() -> None:
    text = Page(html_of(an_assessment())).text.replace(" ,", ",")
    assert (
        "used for 3 inputs task “Training infrastructure design and architecture”, Company actions, AI tool maturity"
        in text
    )
    assert "used for 2 inputs Job postings, Growth" in text
    assert text.count("used for ") == 5
    words = markdown_of(an_assessment())
    assert " Used for 2 inputs: Job postings, Growth.\n" in words
    assert words.count(" Used for ") == 5


@pytest.mark.parametrize("render", [lambda a: Page(html_of(a)).text, markdown_of], ids=["html", "markdown"])
def test_the_limits_of_the_draft_stand_on_the_page(render: object) -> None:
    gap = "No passage gives time shares."
    assessment = an_assessment(inputs=some_inputs().model_copy(update={"gaps": (gap,)}))
    shown = " ".join(re.sub(r"\\(.)", r"\1", render(assessment)).split())  # type: ignore[operator]
    for words in (
        "What the drafts could not find",
        gap,
        "no source gives them. 4 of 7 tasks, 50% of the time, have no sourced claim.",
        "approved by Dana Reviewer (name not verified).",
        "0 at risk, 100 protected.",
        "points are rounded by largest remainder so that they add up",
        "35.435057",
        "whether the sentence follows from its quote is what the reviewers judged.",
        "Values set by this project (not part of the published method)",
        "A single step moves one task score",
        "A bucket says what AI does to a task",
        "was published by",
        "This page is made by other software and is not theirs.",
    ):
        assert words in shown
    assert shown.count("6 sources (articles): 3 of tier 2") == 2
    assert "a cited source" not in shown
    assert "verified without" not in shown
    assert "claims verified" not in shown
    assert "very input" not in shown


@pytest.mark.parametrize("render", [lambda a: Page(html_of(a)).text, markdown_of], ids=["html", "markdown"])
def test_a_page_that_cites_the_publisher_of_the_method_says_so(render: object) -> None:
    theirs = [
        source.model_copy(update={"meta": source.meta.model_copy(update={"url": "https://jobzonerisk.com/roles/x"})})
        if source.passage == "p-meta"
        else source
        for source in an_assessment().sources
    ]
    shown = re.sub(r"\\(.)", r"\1", render(an_assessment(sources=tuple(theirs))))  # type: ignore[operator]
    assert "The publisher of the method is also a cited source, [1]" in shown


def a_version(role: str = "Data Engineer", seniority: str = "Mid-level", version: int = 2) -> NamedVersion:
    return NamedVersion(
        role=role,
        seniority=seniority,
        slug="data-engineer-mid-level",
        version=version,
        revision="sha256:" + "2" * 64,
        score=38.2,
        label="YELLOW (Urgent)",
    )


def test_a_role_that_this_one_is_not_stands_with_what_the_registry_held_of_it() -> None:
    made = an_assessment()
    both = (a_version(), a_version(seniority="Senior", version=1))
    named = (NamedRole(title="MLOps Engineer", published=()), NamedRole(title="Data Engineer", published=both))
    record = a_record(made).model_copy(update={"named_roles": named})
    held = (
        "published here: Data Engineer (Mid-level), version 2, score 38.2, YELLOW (Urgent); "
        "Data Engineer (Senior), version 1, score 38.2, YELLOW (Urgent)"
    )
    none = "no assessment of it is published here (as of publication)"
    page = Page(render_html(made, record)).text
    for title, said in (("MLOps Engineer", none), ("Data Engineer", held)):
        [other] = [other for other in made.role.is_not if other.title == title]
        assert f"Not {title} {other.difference} {said}" in page
    lines = render_markdown(made, record).replace("\\", "").splitlines()
    assert "- Not MLOps Engineer: runs pipelines and workflows rather than the platform. *(" + none + ")*" in lines
    assert "- Not Data Engineer: moves and models data without the machine learning focus. *(" + held + ")*" in lines


def test_proxies_stand_with_what_the_registry_held_of_them_and_those_that_are_not_published_together() -> None:
    drafted = an_assessment()
    first, second, *rest = titles = (*drafted.role.proxies, "site reliability engineer")
    made = drafted.model_copy(update={"role": drafted.role.model_copy(update={"proxies": titles})})
    named = (NamedRole(title=second, published=(a_version(role="Second"),)),)
    named += tuple(NamedRole(title=title, published=()) for title in (first, *rest))
    record = a_record(made).model_copy(update={"named_roles": named})
    held = "published here: Second (Mid-level), version 2, score 38.2, YELLOW (Urgent)"
    none = "no assessment of these is published here (as of publication)"
    others = ", ".join((first, *rest))
    assert f"Named proxies {second} {held} ; {others} {none}" in Page(render_html(made, record)).text
    lines = render_markdown(made, record).replace("\\", "").splitlines()
    assert f"- Named proxies: {second} *({held})*; {others} *({none})*" in lines
    one = made.model_copy(update={"role": made.role.model_copy(update={"proxies": (first,)})})
    alone = a_record(one).model_copy(update={"named_roles": named})
    assert f"Named proxies {first} no assessment of it is published here" in Page(render_html(one, alone)).text
    none_at_all = made.model_copy(update={"role": made.role.model_copy(update={"proxies": ()})})
    assert "Named proxies none" in Page(render_html(none_at_all, a_record(none_at_all))).text


def test_what_the_registry_held_is_printed_as_text() -> None:
    made = an_assessment()
    hostile = (NamedRole(title="Data Engineer", published=(a_version(role=HOSTILE),)),)
    record = a_record(made).model_copy(update={"named_roles": hostile})
    assert "alert(1)</script>" not in render_html(made, record)
    assert Page(render_html(made, record)).values("onerror") == []
    assert "<script>" not in render_markdown(made, record)


def test_a_page_from_before_other_roles_were_looked_up_is_read_and_made_as_it_was() -> None:
    made = an_assessment()
    written = render_json(made, a_record(made))
    assert b"named_roles" not in written
    old = PublishedAssessment.model_validate_json(written)
    assert old.record.named_roles is None
    assert render_json(old.assessment, old.record) == written
    assert "published here" not in html_of(made) + render_markdown(made, a_record(made))


def test_other_roles_are_no_part_of_the_hashed_content() -> None:
    made = an_assessment()
    record = a_record(made).model_copy(update={"named_roles": (NamedRole(title="Data Engineer", published=()),)})
    written = PublishedAssessment.model_validate_json(render_json(made, record))
    assert written.record.named_roles == record.named_roles
    assert written.revision == made.revision()
