from __future__ import annotations

from unittest.mock import patch

from factories_grounding import (
    QUOTE,
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
    some_inputs,
)

from agent.grounding import sources as sources_module
from agent.grounding.role_mentions import speaks_of_role
from agent.schemas.draft import EvidenceDraft, RoleFrame
from agent.schemas.finding import GuardReport, Opposed, Verdict
from agent.schemas.vocabulary import EvidenceName, Section

BROKEN = a_sourced_claim("Demand rose.", a_citation("demand rose beyond all bounds"))
NOT_FOUND = "G-QUOTE-FABRICATED"


def test_nothing_drafted_is_nothing_found() -> None:
    assert guard() == GuardReport(findings=(), verified=0, judgement=0, speaking_sources=(), admissible={})


def test_a_draft_in_order_has_no_finding_and_every_claim_is_counted() -> None:
    inputs = some_inputs(wages=EvidenceDraft(score=1, claims=(a_sourced_claim(),)), reinstatement=[a_judgement()])
    report = guard(inputs=inputs, commentary=a_commentary(a_judgement(), a_sourced_claim()))
    assert report == GuardReport(
        findings=(),
        verified=2,
        judgement=5 + 1 + 5 + 3 + 1 + 1,
        speaking_sources=("Veritone",),
        admissible={name.value: int(name is EvidenceName.WAGES) for name in EvidenceName},
        verdicts=report.verdicts,
        counts={
            Section.TASKS: {Verdict.JUDGEMENT: 6},
            Section.EVIDENCE: {Verdict.VERIFIED: 1},
            Section.BARRIERS: {Verdict.JUDGEMENT: 5},
            Section.GROWTH: {Verdict.JUDGEMENT: 4},
            Section.COMMENTARY: {Verdict.VERIFIED: 1, Verdict.JUDGEMENT: 1},
        },
        opposed={EvidenceName.WAGES: Opposed(for_="evidence.wages.claims.0", against=None)},
    )
    assert len(report.verdicts) == report.verified + report.judgement
    assert report.verdicts["evidence.wages.claims.0"] is Verdict.VERIFIED


def test_every_claim_of_every_section_is_checked_at_its_path_in_printed_order() -> None:
    tasks = [a_task(f"task {n}", 20, BROKEN, at=n) for n in range(1, 6)]
    inputs = some_inputs(
        tasks=tasks,
        reinstatement=[BROKEN],
        wages=EvidenceDraft(score=None, claims=(a_judgement(), BROKEN)),
        barrier_claims=[BROKEN],
        principle_claims=[BROKEN],
        growth_claims=[BROKEN],
    )
    report = guard(inputs=inputs, commentary=a_commentary(a_judgement(), BROKEN))
    places = [
        (Section.TASKS, [*(f"tasks.{n}.claims.0" for n in range(5)), "reinstatement.0"]),
        (Section.EVIDENCE, ["evidence.wages.claims.1"]),
        (Section.BARRIERS, [f"barriers.{name}.claims.0" for name in inputs.barriers]),
        (Section.GROWTH, [*(f"principles.{name}.claims.0" for name in inputs.principles), "growth.claims.0"]),
        (Section.COMMENTARY, ["commentary.outlook.1"]),
    ]
    expected = [(section, f"{NOT_FOUND}@{path}.citations.0") for section, paths in places for path in paths]
    assert [(finding.section, finding.id) for finding in report.findings] == expected


def test_a_score_needs_a_rationale() -> None:
    tasks = [a_task(f"task {n}", 20, at=n).model_copy(update={"claims": ()}) for n in range(1, 6)]
    report = guard(inputs=some_inputs(tasks=tasks, barrier_claims=[], principle_claims=[], growth_claims=[]))
    assert found(report) == [
        ("G-RATIONALE-MISSING", "BLOCK", path)
        for path in (
            *(f"tasks.{n}" for n in range(5)),
            *(f"barriers.{name}" for name in ("regulatory", "physical", "union", "liability", "cultural")),
            *(f"principles.{name}" for name in ("physicality", "interpersonal", "judgment")),
            "growth",
        )
    ]


def test_what_scoring_would_refuse_is_a_finding_a_place() -> None:
    tasks = [a_task("same", 20, at=1), a_task("Same", 30, at=2).model_copy(update={"score": 5})]
    inputs = some_inputs(tasks=tasks)
    del inputs.evidence[EvidenceName.WAGES]
    report = guard(inputs=inputs)
    assert found(report) == [
        ("G-TASK-RULES", "BLOCK", "tasks"),
        ("G-TASK-RULES", "BLOCK", "tasks.1.name"),
        ("G-TASK-RULES", "BLOCK", "tasks.1.bucket"),
        ("G-DIMENSION-MISSING", "BLOCK", "evidence.wages"),
    ]
    assert "2" in report.findings[0].message
    assert "50" in report.findings[0].message


def test_sources_speak_of_the_role_by_title_alias_proxy_or_the_claims_own_proxy() -> None:
    passages = by_id(
        a_passage("p-1", f"{QUOTE} of ML platform engineers.", publisher="Zeta"),
        a_passage("p-2", "What they are paid is not known.", publisher="alpha", title="The ML infrastructure engineer"),
        a_passage("p-3", "Machine-learning engineers are in demand here.", publisher="Beta"),
        a_passage("p-4", "Site reliability engineers are in demand.", publisher="Gamma"),
        a_passage("p-5", "Bakers are in demand everywhere.", publisher="Bakery"),
        a_passage("p-6", "ML platform engineers are in demand.", publisher="Uncited"),
        a_passage("p-7", "ML platform engineers are in demand.", publisher="Broken"),
        a_passage("p-8", "ML platform engineers are wanted now.", publisher="ALPHA"),
    )
    report = guard(
        passages=passages,
        commentary=a_commentary(
            a_sourced_claim("They are in demand.", a_citation(QUOTE, "p-1"), a_citation("they are paid is", "p-2")),
            a_sourced_claim("They are in demand.", a_citation("engineers are in demand", "p-3")),
            a_sourced_claim(
                "So are SRE.", a_citation("engineers are in demand", "p-4"), proxy="Site Reliability Engineer"
            ),
            a_sourced_claim("Bakers are in demand.", a_citation("Bakers are in demand", "p-5")),
            a_sourced_claim("They are in demand.", a_citation("engineers are not in demand", "p-7")),
            a_sourced_claim("They are wanted.", a_citation("engineers are wanted now", "p-8")),
        ),
    )
    assert report.speaking_sources == ("ALPHA", "Beta", "Gamma", "Zeta")


def test_a_text_speaks_of_a_role_in_any_case_and_number() -> None:
    frame = a_frame(aliases=("Companies' MLE",), proxies=())
    assert speaks_of_role("what ML Platform ENGINEERS do", frame)
    assert speaks_of_role("a company MLE", frame)
    assert not speaks_of_role("a platform for ML engineers", frame)
    assert not speaks_of_role("", frame)


def test_an_empty_alias_makes_nothing_speak() -> None:
    frame: RoleFrame = a_frame(aliases=("", "—"), proxies=())
    assert not speaks_of_role("anything — at all", frame)


def test_each_passage_is_read_once_however_often_it_is_cited() -> None:
    long = ("The number of openings rose by 14.2% in the quarter, as before. " * 160)[:10_000]
    passages = by_id(*(a_passage(f"p-{n}", f"{long} end of passage {n}.") for n in range(20)))
    claims = tuple(
        a_sourced_claim(
            "It rose by 14.2%.",
            a_citation(f"openings rose by 14.2% in the quarter{'' if n % 2 else '!'}", f"p-{n % 20}"),
        )
        for n in range(200)
    )
    with patch.object(sources_module, "normal_text", wraps=sources_module.normal_text) as normal_text, patch.object(
        sources_module, "find_quote", wraps=sources_module.find_quote
    ) as find_quote:  # fmt: skip
        report = guard(passages=passages, commentary=a_commentary(*claims))
    assert (report.verified, len(report.findings)) == (100, 200)
    assert normal_text.call_count == 20
    assert find_quote.call_count <= 2 * 20
