"""The section of a page about the role done by somebody who builds and directs agents."""

from __future__ import annotations

import json
import re

import pytest
from factories_lens import an_unscored_lens
from factories_publishing import a_published_lens, a_record, an_assessment, an_override, judged, sourced
from jsonschema import Draft202012Validator
from test_published_page import HOSTILE, Page, html_of, markdown_of

from agent.publishing import json_schema, publish_files, render_json
from agent.publishing.html import script
from agent.publishing.words import LENS, LENS_BUCKETS, LENS_CONCEPT, LENS_IMPACTS, LENS_SIGNALS
from agent.schemas.assessment import Assessment
from agent.schemas.lens import IMPACTS, SIGNALS, Concept
from agent.schemas.vocabulary import LensBucket, LensOutcome


def with_lens(**changes: object) -> Assessment:
    return an_assessment(lens=a_published_lens(**changes))


def plain(text: str) -> str:
    return " ".join(re.sub(r"\\(.)", r"\1", text).split())


RENDERS = pytest.mark.parametrize("render", [lambda a: Page(html_of(a)).text, markdown_of], ids=["html", "markdown"])


@RENDERS
def test_everything_of_the_lens_and_of_its_result_stands_on_the_page(render: object) -> None:
    assessment = with_lens()
    result = assessment.lens_result
    assert result is not None and assessment.lens is not None
    shown = plain(render(assessment))  # type: ignore[operator]
    wanted = [LENS, result.verdict, result.fragility, f"{result.score:.1f} is {result.distance}."]
    wanted += [claim.text for _, claims in assessment.lens.groups() for claim in claims]
    wanted += [line.value for line in result.derivation]
    wanted += [f"{reread.score:.1f}" for reread in result.rereads]
    wanted += [tool for task in assessment.lens.tasks for tool in task.tools]
    wanted += ["20% → 22%", "15% → 7%", "3 → 4", "TR 3.41, E +5, B 2, G +1"]
    wanted += ["Evidence, barriers and growth together", "All four together"]
    wanted += [*LENS_CONCEPT.values(), *LENS_SIGNALS.values(), *LENS_IMPACTS.values()]
    assert [text for text in wanted if plain(text) not in shown] == []


def test_the_split_counts_enhanced_unchanged_and_displaced_time_apart() -> None:
    page = Page(html_of(with_lens())).text
    assert "Enhanced 73% Unchanged 10% Displaced 17%" in page
    assert "Of the working time 73% enhanced, 10% unchanged, 17% displaced." in markdown_of(with_lens())


def test_the_section_is_in_the_contents_and_its_links_have_targets() -> None:
    page = Page(html_of(with_lens()))
    ids = page.values("id")
    assert "lens" in ids and len(ids) == len(set(ids))
    inner = {href[1:] for href in page.values("href") if href.startswith("#")}
    assert "lens" in inner and inner <= set(ids)


@RENDERS
def test_a_page_without_a_lens_has_no_section_for_it(render: object) -> None:
    assert LENS not in render(an_assessment())  # type: ignore[operator]


@RENDERS
@pytest.mark.parametrize("outcome", [outcome for outcome in LensOutcome if not outcome.has_composite])
def test_an_outcome_without_a_composite_says_so_and_shows_no_number(render: object, outcome: LensOutcome) -> None:
    assessment = an_assessment(lens=an_unscored_lens(outcome, claim=judged("So it stands.")))
    shown = plain(render(assessment))  # type: ignore[operator]
    assert {
        LensOutcome.ALREADY_AI_DRIVEN: "Already AI-driven: the role is the end state itself",
        LensOutcome.NO_AI_DRIVEN_VERSION: "No AI-driven version: nobody does this work by directing agents",
    }[outcome] in shown
    assert "The score under the lens" not in shown and "Read more conservatively" not in shown


def test_an_overridden_base_does_not_move_the_lens() -> None:
    lens = a_published_lens()
    overridden = an_assessment(lens=lens, override=an_override(49.5))
    assert overridden.lens_result == an_assessment(lens=lens).lens_result
    assert "4.8 points above the formula score of the role as it is, 47.5, Yellow." in Page(html_of(overridden)).text


def test_outside_text_in_a_lens_is_shown_as_text() -> None:
    claim = sourced(HOSTILE, "p-vendor", "replaces faulty nodes", proxy=HOSTILE)
    text = html_of(with_lens(leverage=(claim,), headcount=(judged(HOSTILE),)))
    assert HOSTILE not in text and text.count("<script") == 1
    assert f"<script>{script()}</script>" in text
    words = markdown_of(with_lens(leverage=(claim,)))
    assert "<script>" not in words and r"\<script\>alert\(1\)" in words


def test_the_lens_is_published_with_its_citations_checked(tmp_path: object) -> None:
    assessment = with_lens()
    folder = publish_files(assessment, a_record(assessment), f"{tmp_path}/role/v1")
    document = json.loads((folder / "assessment.json").read_text(encoding="utf-8"))
    assert document["assessment"]["lens_result"]["score"] == 52.3
    Draft202012Validator(json.loads(json_schema())).validate(document)
    without = json.loads(render_json(an_assessment(), a_record(an_assessment())))
    Draft202012Validator(json.loads(json_schema())).validate(without)


def test_every_part_of_a_lens_has_its_words() -> None:
    assert set(LENS_CONCEPT) == set(Concept.model_fields)
    assert (tuple(LENS_SIGNALS), tuple(LENS_IMPACTS)) == (SIGNALS, IMPACTS)
    assert set(LENS_BUCKETS) == set(LensBucket)
