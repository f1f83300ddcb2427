from __future__ import annotations

import pytest
from factories_grounding import (
    a_citation,
    a_commentary,
    a_frame,
    a_judgement,
    a_passage,
    a_sourced_claim,
    a_task,
    by_id,
    found,
    guard,
    on_claim,
    some_inputs,
)

from agent.grounding.report import check, check_citations
from agent.schemas.draft import EvidenceDraft, NotThisRole, RoleFrame
from agent.schemas.vocabulary import Section
from agent.scoring.policy import POLICY


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"function": "Builds widgets; 89% of them were laid off."}, "frame.function"),
        ({"seniority": "mid-level, 89% gone by then"}, "frame.seniority"),
        ({"seniority_note": "Juniors earn $310,000."}, "frame.seniority_note"),
        ({"experience": "At Google, ninety-five percent fewer are hired."}, "frame.experience"),
        ({"experience": "4 to 8 years, 95% of them here."}, "frame.experience"),
        ({"aliases": ("developer", "W (92% replaced)")}, "frame.aliases.1"),
        ({"proxies": ("engineers (73% cut at Meta)",)}, "frame.proxies.0"),
        ({"tags": ("ai", "cut by 41%")}, "frame.tags.1"),
        ({"is_not": (NotThisRole(title="seller (41% cut)", difference="Sells."),)}, "frame.is_not.0.title"),
        ({"is_not": (NotThisRole(title="seller", difference="66% gone"),)}, "frame.is_not.0.difference"),
    ],
)
def test_no_text_of_the_frame_states_a_figure(changes: dict[str, object], path: str) -> None:
    report = guard(frame=a_frame(**changes))
    assert found(report) == [("G-FRAME-FIGURE", "BLOCK", path)]
    assert report.findings[0].section is Section.FRAME


@pytest.mark.parametrize("text", ["4-8 years.", "4 to 8 years of work.", "At least 5 years"])
def test_years_of_experience_are_for_the_reviewer_to_accept(text: str) -> None:
    assert found(guard(frame=a_frame(experience=text))) == [("G-FRAME-FIGURE", "REVIEW", "frame.experience")]


def test_a_plain_number_of_the_seniority_is_for_the_reviewer_to_accept() -> None:
    report = guard(frame=a_frame(seniority="Senior, 5 years and up"))
    assert found(report) == [("G-FRAME-FIGURE", "REVIEW", "frame.seniority")]


@pytest.mark.parametrize(
    "frame",
    [
        a_frame(function="One of two people who run level 2 support 24/7 on H100 cards."),
        a_frame(experience="Several years, five years at best."),
        a_frame(title="Level 34 Web3 Engineer", aliases=("Engineer 34",)),
    ],
)
def test_words_names_ranks_and_the_requested_title_are_no_figures_of_a_frame(frame: RoleFrame) -> None:
    assert found(guard(frame=frame)) == []


def test_a_task_name_states_no_figure() -> None:
    names = ["Design (97% automated)", "Two of three reviews", "Tier 1 support", "On-call 24/7", "Cut $5 million"]
    report = guard(inputs=some_inputs(tasks=[a_task(name, 20, at=at) for at, name in enumerate(names, 1)]))
    assert found(report) == [
        ("G-TASK-NAME-FIGURE", "BLOCK", "tasks.0.name"),
        ("G-TASK-NAME-FIGURE", "BLOCK", "tasks.4.name"),
    ]


def test_every_stated_gap_is_told_in_words() -> None:
    wages = EvidenceDraft(score=None, claims=(), gap="Nothing but that nineteen percent fell.")
    inputs = some_inputs(wages=wages).model_copy(update={"gaps": ("No tier 1 source for 2026.", "77% vanished.")})
    assert found(guard(inputs=inputs)) == [
        ("G-GAP-FIGURE", "REVIEW", "gaps.1"),
        ("G-GAP-FIGURE", "REVIEW", "evidence.wages.gap"),
    ]


def test_a_proxy_states_no_figure_but_one_of_the_claims_quotes() -> None:
    text = "Among developers aged 22 to 25 in the sample employment fell by a lot."
    claim = a_sourced_claim(
        "Employment of developers aged 22 to 25 fell.",
        a_citation("developers aged 22 to 25 in the sample"),
        proxy="developers aged 22 to 25",
    )
    assert found(on_claim(claim, passages=by_id(a_passage(text=text)))) == []
    made_up = a_judgement("Nurses lose work.").model_copy(update={"proxy": "89% of nurses"})
    assert ("G-PROXY-FIGURE", "REVIEW", "commentary.outlook.0") in found(on_claim(made_up))


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2025-09-30", [("G-PASSAGE-LATE", "BLOCK", "commentary.outlook.0.citations.0")]),
        ("2025-10-01", []),
        (None, []),
    ],
)
def test_no_passage_from_after_the_day_of_the_evidence_is_cited(
    as_of: str | None, expected: list[tuple[str, str, str]]
) -> None:
    report = check(
        inputs=None,
        commentary=a_commentary(a_sourced_claim()),
        passages=by_id(a_passage()),
        packs={},
        frame=a_frame(),
        policy=POLICY,
        as_of=as_of,
    )
    assert found(report) == expected
    override = check_citations(
        [a_citation()],
        section=Section.EVIDENCE,
        path="override",
        passages=by_id(a_passage()),
        policy=POLICY,
        as_of=as_of,
    )
    assert [finding.code for finding in override] == [code for code, _, _ in expected]
