"""The strongest claim on each side of a dimension is named, so that a contradiction is seen."""

from __future__ import annotations

import pytest
from factories_grounding import a_citation, a_frame, a_judgement, a_passage, a_sourced_claim, by_id, guard, some_inputs

from agent.evidence.read import article_files, read_articles
from agent.evidence.split import passages_of
from agent.grounding.report import check
from agent.schemas.article import Passage
from agent.schemas.draft import Claim, EvidenceDraft, Stance
from agent.schemas.finding import Opposed, Verdict
from agent.schemas.vocabulary import EvidenceName
from agent.scoring.policy import POLICY
from agent.shipped import shipped_path

TOLD = "Firms paid engineers of the platform more in spring."
FOR, AGAINST = Stance.FOR, Stance.AGAINST


def a_source(name: str, *, tier: int = 2, date: str = "2025-10", interested: bool = False) -> Passage:
    passage = a_passage(name, TOLD, publisher=f"Publisher {name}", tier=tier)
    meta = passage.meta.model_copy(update={"date": date, "interested": interested})
    return passage.model_copy(update={"meta": meta})


SOURCES = by_id(
    a_source("plain"),
    a_source("better", tier=1),
    a_source("newer", date="2026"),
    a_source("undated", date="unknown"),
    a_source("seller", interested=True),
)


def paid(*names: str, stance: Stance = FOR, proxy: str | None = None, text: str = TOLD) -> Claim:
    return a_sourced_claim(text, *(a_citation(TOLD, name) for name in names), stance=stance, proxy=proxy)


def sides(*claims: Claim) -> dict[EvidenceName, Opposed]:
    draft = EvidenceDraft(score=None, claims=claims)
    return guard(inputs=some_inputs(wages=draft), passages=SOURCES).opposed


WEAK = "Firms always paid engineers of the platform more in spring."
BROKEN = paid("plain").model_copy(update={"citations": (a_citation("Firms paid nobody at all", "plain"),)})


@pytest.mark.parametrize(
    ("weaker", "stronger"),
    [
        (paid("better", text=WEAK), paid("plain")),
        (paid("better", proxy="engineers of the platform"), paid("plain")),
        (paid("plain"), paid("better")),
        (paid("newer"), paid("better")),
        (paid("seller"), paid("plain")),
        (paid("seller"), paid("seller", "plain")),
        (paid("plain"), paid("newer")),
        (paid("undated"), paid("plain")),
        (BROKEN, paid("undated", text=WEAK)),
    ],
)
def test_the_strongest_claim_of_a_side_is_named_wherever_it_stands(weaker: Claim, stronger: Claim) -> None:
    expected = [Opposed(for_=f"evidence.wages.claims.{at}", against=None) for at in (0, 1)]
    assert sides(stronger, weaker) == {EvidenceName.WAGES: expected[0]}
    assert sides(weaker, stronger) == {EvidenceName.WAGES: expected[1]}


def test_of_equal_claims_the_first_is_named_on_either_side() -> None:
    assert sides(paid("plain"), paid("plain"), paid("plain", stance=AGAINST), paid("plain", stance=AGAINST)) == {
        EvidenceName.WAGES: Opposed(for_="evidence.wages.claims.0", against="evidence.wages.claims.2")
    }


def test_a_dimension_without_a_verified_claim_on_a_side_is_not_opposed() -> None:
    assert sides(BROKEN, a_judgement(), paid("plain", stance=Stance.CONTEXT)) == {}


def test_two_bundled_articles_disagree_on_the_demand_for_ml_engineers() -> None:
    articles = read_articles(article_files([shipped_path("corpus")]))
    passages = by_id(*(passage for read in articles for passage in passages_of(read.article)))

    def told(publisher: str, quote: str, text: str, stance: Stance) -> Claim:
        (home,) = [p.id for p in passages.values() if p.meta.publisher.startswith(publisher) and quote in p.text]
        return a_sourced_claim(text, a_citation(quote, home), stance=stance, proxy="machine learning engineers")

    demand = (
        told(
            "AI Haberleri",
            "claims that machine learning engineers are losing demand in 2026",
            "AI Haberleri claims that machine learning engineers are losing demand in 2026.",
            AGAINST,
        ),
        told(
            "OCDevel",
            "says demand for machine learning engineers was strong",
            "OCDevel says that demand for machine learning engineers was strong.",
            FOR,
        ),
    )
    inputs = some_inputs()
    inputs.evidence[EvidenceName.JOB_POSTINGS] = EvidenceDraft(score=0, claims=demand)
    report = check(
        inputs=inputs, commentary=None, passages=passages, packs={}, frame=a_frame(), policy=POLICY, as_of="2026-11-20"
    )
    assert report.opposed == {
        EvidenceName.JOB_POSTINGS: Opposed(
            for_="evidence.job_postings.claims.1", against="evidence.job_postings.claims.0"
        )
    }
    assert report.findings == ()
    assert {report.verdicts[f"evidence.job_postings.claims.{at}"] for at in (0, 1)} == {Verdict.VERIFIED}
