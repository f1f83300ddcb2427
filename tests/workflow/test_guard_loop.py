"""Findings go back to the model, too little evidence ends without a score, and a budget is a bound."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from factories_workflow import ANNA, Desk, make_home, open_desk
from scripts_workflow import Document, WidgetScript, invented_quote, judged, no_role, unknown_dimensions, user_text

from agent.errors import NotFound, NotPublishable
from agent.llm.port import Prompt
from agent.schemas.finding import Tier
from agent.schemas.vocabulary import Status
from agent.workflow.summary import exit_code, summary

Open = Callable[..., Desk]
GROWTH = ("growth", "claims")


def test_findings_are_named_in_the_redraft_and_a_mended_section_waits_without_them(open_at: Open) -> None:
    desk = open_at(WidgetScript().but("growth", invented_quote(GROWTH, until_redraft=True)))
    assessment = desk.start().id
    assert [desk.calls()[5:], desk.waiting(assessment).block] == [["growth"], 0]
    first, again = desk.prompts("growth")
    found = again.partition("<findings>")[2].partition("</findings>")[0]
    assert "growth.claims.0.citations.0" in found and "(G-QUOTE-FABRICATED)" in found
    assert "words that stand in no passage at all" in again.partition("<draft>")[2]
    assert again.startswith(first)
    assert "- none" not in again and again.partition("<reasons>")[2].strip().startswith("none")


def test_a_section_is_drafted_again_at_most_twice_and_then_a_person_sees_its_findings(open_at: Open) -> None:
    broken = invented_quote(GROWTH, until_redraft=False)

    def never_the_same(document: Document, prompt: Prompt) -> Document:
        longer = ["more"] * (1 + user_text(prompt).partition("<draft>")[2].count("more"))
        return {**broken(document, prompt), "judgment": {"score": 1, "claims": [judged(" ".join(longer))]}}

    desk = open_at(WidgetScript().but("growth", never_the_same))
    assessment = desk.start().id
    assert desk.calls()[5:] == ["growth", "growth"]
    review = desk.waiting(assessment)
    assert review.block == 1
    with pytest.raises(NotPublishable, match="G-QUOTE-FABRICATED"):
        desk.stores.review.approve(assessment, review.revision, ANNA)


def test_a_commentary_with_findings_is_drafted_again_before_gate_2(open_at: Open) -> None:
    desk = open_at(WidgetScript().but("commentary", invented_quote(("summary",), until_redraft=True)))
    assessment = desk.start().id
    desk.approve(assessment)
    assert sorted(desk.calls()[5:]) == ["commentary", "commentary", "lens"]
    assert desk.waiting(assessment).block == 0


def test_three_unknown_dimensions_end_without_a_score(open_at: Open) -> None:
    desk = open_at(WidgetScript().but("evidence", unknown_dimensions(3)))
    row = desk.start()
    assert_abstained(desk, row.id, "3 of 5 evidence dimensions are unknown")


def test_two_unknown_dimensions_are_scored(open_at: Open) -> None:
    desk = open_at(WidgetScript().but("evidence", unknown_dimensions(2)))
    row = desk.start()
    assert row.status is Status.WAITING
    assert desk.content(row.id).guard.count(Tier.BLOCK) == 0


def test_a_title_that_is_no_role_ends_after_one_call(open_at: Open) -> None:
    desk = open_at(WidgetScript().but("frame", no_role))
    row = desk.start()
    assert desk.calls() == ["frame"]
    assert_abstained(desk, row.id, "names no role: it is a joke")


def test_a_corpus_that_does_not_know_the_role_ends_before_any_section_is_drafted(tmp_path: Path) -> None:
    with open_desk(make_home(tmp_path / "home", about="Lighthouse keepers")) as desk:
        row = desk.start()
        assert desk.calls() == ["frame"]
        assert_abstained(desk, row.id, "0 independent sources")


def test_an_empty_corpus_ends_before_any_section_is_drafted(tmp_path: Path) -> None:
    with open_desk(make_home(tmp_path / "home", about=None)) as desk:
        row = desk.start()
        assert desk.calls() == ["frame"]
        assert_abstained(desk, row.id, "The corpus has no passage for tasks, evidence, barriers, growth")


def assert_abstained(desk: Desk, assessment: str, reason: str) -> None:
    """No score, no error, nothing that could be approved."""
    document = summary(desk.stores, assessment)
    assert (document["status"], document["ok"], exit_code(desk.stores, assessment)) == ("abstained", True, 0)
    assert [document[key] for key in ("gate", "revision", "score", "zone", "label", "published")] == [None] * 6
    assert reason in str(document["reason"])
    assert "error" not in document
    assert desk.stores.reviews.waiting() == ()
    with pytest.raises(NotFound):
        desk.stores.review.revision(assessment, "sha256:" + "0" * 64)
    assert desk.runner.advance(assessment).status is Status.ABSTAINED


def test_a_spent_budget_fails_with_its_kind_and_a_larger_one_goes_on_without_repeating(open_at: Open) -> None:
    desk = open_at()
    row = desk.start(max_tokens=3000)
    assert row.status is Status.FAILED
    assert row.outcome is not None
    assert (row.outcome["kind"], row.outcome["exit_code"]) == ("budget", 5)
    assert "--max-tokens" in str(row.outcome["hint"])
    kept = {key for key, _ in desk.stores.assessments.calls(row.id)}
    assert 1 <= len(kept) < 5
    usage = desk.stores.assessments.usage(row.id)
    assert usage["input_tokens"] + usage["output_tokens"] <= 3000

    desk.stores.assessments.change_request(row.id, {"max_tokens": 100_000})
    assert desk.runner.advance(row.id).status is Status.WAITING
    assert kept < {key for key, _ in desk.stores.assessments.calls(row.id)}
    answered = [call.prompt for _, call in desk.stores.assessments.calls(row.id)]
    assert sorted(label.partition("@")[0] for label in answered) == ["barriers", "evidence", "frame", "growth", "tasks"]


def test_what_was_spent_before_counts_against_the_budget_after_a_restart(home: Path) -> None:
    with open_desk(home) as desk:
        row = desk.start(max_tokens=3000)
        assert row.status is Status.FAILED
        spent = desk.stores.assessments.usage(row.id)
    with open_desk(home) as desk:
        again = desk.runner.advance(row.id)
        assert again.outcome is not None and again.outcome["kind"] == "budget"
        assert "of 3000 are spent" in str(again.outcome["message"])
        assert f"{spent['input_tokens'] + spent['output_tokens']} of 3000" in str(again.outcome["message"])
