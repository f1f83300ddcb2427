"""Agreement between drafts on the page, in Markdown, in the terminal and in JSON."""

from __future__ import annotations

import contextlib
import io

import pytest
from factories_publishing import a_record, an_assessment, an_override

from agent.cli.reading import review_view
from agent.publishing import render_html, render_markdown
from agent.publishing.drafts import CHANGED, ONE_DRAFT, document, drafts_view
from agent.schemas.agreement import IndependentDraft
from agent.schemas.assessment import Assessment
from agent.schemas.scored import ScoreInputs
from agent.schemas.vocabulary import BarrierName, Bucket, EvidenceName
from agent.scoring import agreement, independent_draft, scored_draft

PLAIN = an_assessment()
SCORED = PLAIN.inputs.scored()


def other(**changes: object) -> ScoreInputs:
    """The numbers of the draft under review but for some of them."""
    return SCORED.model_copy(update=changes)


def with_wages(score: int | None) -> ScoreInputs:
    return other(evidence={**SCORED.evidence, EvidenceName.WAGES: score})


def with_drafts(*inputs: ScoreInputs, more: tuple[IndependentDraft, ...] = (), base: Assessment = PLAIN) -> Assessment:
    drafts = [scored_draft(at, one, model="desk") for at, one in enumerate(inputs)]
    return base.model_copy(update={"agreement": agreement([*drafts, *more])})


def shown(assessment: Assessment) -> str:
    """What a terminal prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        review_view(assessment)
    return " ".join(out.getvalue().split())


def html(assessment: Assessment) -> str:
    return render_html(assessment, a_record(assessment))


def markdown(assessment: Assessment) -> str:
    return render_markdown(assessment, a_record(assessment)).replace("\\", "")


THREE = with_drafts(SCORED, with_wages(-1), with_wages(None))


def test_with_one_draft_every_view_says_that_no_interval_is_known() -> None:
    assert drafts_view(PLAIN).sentences == (ONE_DRAFT,)
    assert document(PLAIN) is None
    assert html(PLAIN).count(ONE_DRAFT) == 2
    assert ONE_DRAFT in markdown(PLAIN)
    assert ONE_DRAFT in shown(PLAIN)


def test_the_interval_and_the_share_of_drafts_in_each_zone_stand_in_every_view() -> None:
    found = THREE.agreement
    assert found is not None
    sentence = f"3 independent drafts score {found.low:.1f} to {found.high:.1f}: 3 Yellow."
    for text in (html(THREE), markdown(THREE), shown(THREE)):
        assert sentence in text
        assert "would lie outside of it in up to 2 of 4 cases" in text
        assert ONE_DRAFT not in text
    assert "Yellow: 3 of 3 drafts, 100%" in html(THREE)
    assert "Drafts in each zone: Yellow 3 (100%) of 3." in markdown(THREE)
    assert 'class="reach"' in html(THREE).partition('id="drafts"')[2].partition("</section>")[0]


def test_an_input_on_which_drafts_differ_stands_with_what_each_says() -> None:
    rows = {row.input: row for row in drafts_view(THREE).spreads}
    assert list(rows) == ["score", "evidence", "evidence.wages"]
    assert (rows["evidence.wages"].name, rows["evidence.wages"].values) == ("Wages", ("+1", "−1", "unknown"))
    assert (rows["evidence.wages"].span, rows["evidence.wages"].mark) == ("−1 to +1", "further apart than agreed")
    assert rows["evidence"].mark == ""
    assert drafts_view(THREE).agreed == len(THREE.agreement.spreads) - 3  # type: ignore[union-attr]
    for text in (html(THREE), markdown(THREE), shown(THREE)):
        assert "+1, −1, unknown" in text
        assert "further apart than agreed" in text


def test_drafts_that_say_the_same_have_no_table_of_differences() -> None:
    made = with_drafts(SCORED, SCORED)
    figures = len(made.agreement.spreads)  # type: ignore[union-attr]
    for text in (html(made), markdown(made)):
        assert f"Of {figures} figures all drafts say the same." in text
        assert "Span" not in text.partition("Agreement between drafts")[2].partition("What would change")[0]


def test_shares_and_barriers_are_printed_in_their_own_units() -> None:
    first, *rest = SCORED.tasks
    tasks = (first.model_copy(update={"bucket": Bucket.NOT_INVOLVED}), *rest)
    barriers = {**SCORED.barriers, BarrierName.UNION: 2}
    rows = {row.input: row for row in drafts_view(with_drafts(SCORED, other(tasks=tasks, barriers=barriers))).spreads}
    assert rows["tasks.not_involved"].span.endswith("%")
    assert rows["tasks.not_involved"].name == "Time in not involved"
    assert rows["barriers.union"].span == "0 to 2"
    shares = [task.share for task in SCORED.tasks]
    moved = tuple(t.model_copy(update={"share": s}) for t, s in zip(SCORED.tasks, reversed(shares), strict=True))
    names = {row.name for row in drafts_view(with_drafts(SCORED, other(tasks=moved))).spreads}
    assert f"{SCORED.tasks[0].name}, share of time" in names


@pytest.mark.parametrize("scored", [1, 2])
def test_a_draft_without_a_score_is_named_with_its_reason(scored: int) -> None:
    blocked = independent_draft(
        scored, SCORED, model="desk", blocked=["G-CLAIM-EMPTY@growth.claims.0"], speaking_sources=9
    )
    thin = independent_draft(scored + 1, SCORED, model="desk", blocked=[], speaking_sources=1)
    made = with_drafts(*[SCORED] * scored, more=(blocked, thin))
    for text in (html(made), markdown(made), shown(made)):
        assert f"Drafts {scored + 1} and {scored + 2} have no score and are part of no interval." in text
        assert "cannot be approved: G-CLAIM-EMPTY@growth.claims.0" in text
        assert "too little evidence: 1 independent source speaks" in text
    start = "2 of 4 independent drafts score 47.5: 2 Yellow." if scored == 2 else "No interval is known: fewer than two"
    assert drafts_view(made).sentences[0].startswith(start)
    assert (drafts_view(made).low is None) == (scored == 1)


def test_what_was_edited_or_overridden_after_drafting_is_said_not_to_be_what_the_interval_is_of() -> None:
    edited = with_drafts(other(growth=0), SCORED)
    moved = with_drafts(SCORED, SCORED, base=an_assessment(override=an_override()))
    for made in (edited, moved):
        assert CHANGED in html(made)
        assert CHANGED in markdown(made)
        assert CHANGED in shown(made)
        assert document(made)["changed"] is True  # type: ignore[index]
    assert CHANGED not in html(THREE)


def test_the_json_document_has_every_spread_and_the_share_of_drafts_in_each_zone() -> None:
    red = other(growth=-2, evidence=dict.fromkeys(EvidenceName, -2))
    made = with_drafts(SCORED, SCORED, red)
    found = document(made)
    assert found is not None
    assert found["zones"] == {"YELLOW": {"drafts": 2, "share": 0.6667}, "RED": {"drafts": 1, "share": 0.3333}}
    assert [(one["sample"], one["state"], one["zone"]) for one in found["drafts"]] == [  # type: ignore[attr-defined]
        (0, "scored", "YELLOW"),
        (1, "scored", "YELLOW"),
        (2, "scored", "RED"),
    ]
    assert (found["high"], found["changed"]) == (47.5, False)
    assert len(found["spreads"]) == len(made.agreement.spreads)  # type: ignore[arg-type,union-attr]
