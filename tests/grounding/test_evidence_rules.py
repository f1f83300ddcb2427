from __future__ import annotations

import pytest
from factories_grounding import (
    QUOTE,
    TEXT,
    a_citation,
    a_judgement,
    a_passage,
    a_sourced_claim,
    by_id,
    found,
    guard,
    some_inputs,
)

from agent.schemas.draft import Claim, EvidenceDraft, Stance

DEMAND = "There were 42,051 openings for the role."
OWN_QUOTE = "There were 42,051 openings for ML platform engineers"
"""A text that names no publisher: one that names another's repeats it."""
PASSAGES = by_id(
    a_passage("p-1", publisher="Veritone", tier=2),
    a_passage("p-2", publisher="veritone", tier=2),
    a_passage("p-3", OWN_QUOTE, publisher="Indeed", tier=3),
    a_passage("p-4", OWN_QUOTE, publisher="A blog", tier=4),
    a_passage("p-5", OWN_QUOTE, publisher="Vendor", tier=3),
    a_passage("p-6", OWN_QUOTE, publisher="Other blog", tier=4),
    a_passage("p-7", TEXT, publisher="Echo", tier=2),
)
BROKEN = a_sourced_claim(DEMAND, a_citation("42,051 openings for nobody"))


def citing(*names: str, stance: Stance = Stance.FOR) -> Claim:
    return a_sourced_claim(
        DEMAND,
        *(a_citation(QUOTE if PASSAGES[name].text == TEXT else OWN_QUOTE, name) for name in names),
        stance=stance,
    )


def codes(score: int | None, *claims: Claim) -> list[str]:
    """The findings on the dimension itself, not on its claims."""
    report = guard(inputs=some_inputs(wages=EvidenceDraft(score=score, claims=claims)), passages=PASSAGES)
    return [code for code, tier, path in found(report) if path == "evidence.wages" and tier == "BLOCK"]


AGAINST, CONTEXT = Stance.AGAINST, Stance.CONTEXT


@pytest.mark.parametrize(
    ("score", "claims", "expected"),
    [
        (1, [citing("p-1")], []),
        (-1, [citing("p-1", stance=AGAINST)], []),
        (1, [citing("p-1", stance=CONTEXT)], []),
        (1, [citing("p-3"), citing("p-4", stance=AGAINST)], []),
        (1, [], ["G-EVIDENCE-NO-SOURCE"]),
        (1, [a_judgement()], ["G-EVIDENCE-NO-SOURCE"]),
        (1, [BROKEN], ["G-EVIDENCE-NO-SOURCE"]),
        (0, [], ["G-EVIDENCE-NOT-UNKNOWN"]),
        (0, [BROKEN], ["G-EVIDENCE-NOT-UNKNOWN"]),
        (0, [citing("p-4")], []),
        (None, [], []),
        (None, [citing("p-1")], []),
        (1, [citing("p-1", stance=AGAINST)], ["G-EVIDENCE-STANCE"]),
        (-1, [citing("p-1")], ["G-EVIDENCE-STANCE"]),
        (-1, [citing("p-1"), BROKEN.model_copy(update={"stance": AGAINST})], ["G-EVIDENCE-STANCE"]),
        (1, [citing("p-4"), citing("p-6")], ["G-EVIDENCE-TIER"]),
        (1, [citing("p-4"), citing("p-1", stance=AGAINST)], ["G-EVIDENCE-TIER"]),
        (2, [citing("p-1", "p-3")], []),
        (2, [citing("p-1"), citing("p-4")], []),
        (-2, [citing("p-1", stance=AGAINST), citing("p-3", stance=CONTEXT)], []),
        (2, [citing("p-1"), citing("p-2")], ["G-EVIDENCE-ONE-SOURCE"]),
        (2, [citing("p-1"), citing("p-7")], ["G-EVIDENCE-ONE-SOURCE"]),
        (2, [citing("p-1"), citing("p-3", stance=AGAINST)], ["G-EVIDENCE-ONE-SOURCE"]),
        (2, [citing("p-3"), citing("p-5")], ["G-EVIDENCE-WEAK-SOURCES"]),
        (-2, [citing("p-3", stance=AGAINST)], ["G-EVIDENCE-ONE-SOURCE", "G-EVIDENCE-WEAK-SOURCES"]),
        (2, [citing("p-4"), citing("p-6")], ["G-EVIDENCE-TIER"]),
    ],
)
def test_a_dimension_moves_only_as_far_as_its_verified_sources_carry_it(
    score: int | None, claims: list[Claim], expected: list[str]
) -> None:
    assert codes(score, *claims) == expected


def test_admissible_counts_sourced_claims_that_nothing_blocks() -> None:
    suspicious = by_id(a_passage("p-1", suspicious=True))
    draft = EvidenceDraft(score=1, claims=(citing("p-1"), BROKEN, a_judgement()))
    report = guard(inputs=some_inputs(wages=draft), passages=suspicious)
    assert report.admissible == {
        "job_postings": 0,
        "company_actions": 0,
        "wages": 1,
        "tool_maturity": 0,
        "expert_consensus": 0,
    }


def test_a_gap_is_told_in_words() -> None:
    draft = EvidenceDraft(score=None, claims=(), gap="No wage data for 2026; some say 12% less.")
    (finding,) = guard(inputs=some_inputs(wages=draft)).findings
    assert (finding.id, finding.tier.value) == ("G-GAP-FIGURE@evidence.wages.gap", "REVIEW")
    assert finding.message.startswith("The gap states 12% without a source")
    unfigured = EvidenceDraft(score=None, claims=(), gap="No wage data for 2026.")
    assert guard(inputs=some_inputs(wages=unfigured)).findings == ()


def test_a_gap_may_name_source_tiers() -> None:
    tiers = EvidenceDraft(score=None, claims=(), gap="Only tier 4 pages and one of Tiers 3 and 4 speak of wages.")
    assert guard(inputs=some_inputs(wages=tiers)).findings == ()
