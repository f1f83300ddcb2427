"""The one place where the guard is asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from agent.evidence.read import make_article
from agent.evidence.split import passage_id
from agent.grounding.report import check_one, check_text
from agent.schemas.article import ArticleMeta, Passage, TextKind
from agent.schemas.base import text_hash
from agent.schemas.finding import Finding, Tier, Verdict
from agent.scoring.policy import POLICY
from evals.seeded.sample import Sample

PATH = "seeded.claims.0"


class Judged(NamedTuple):
    """What the guard says of one claim."""

    verdict: str
    block: tuple[str, ...]
    """Codes of BLOCK findings."""
    review: tuple[str, ...]
    """Codes of REVIEW findings."""


def judge(sample: Sample) -> Judged:
    """The guard's verdict and findings about a claim."""
    outcome = check_one(
        sample.claim,
        section=sample.section,
        path=PATH,
        passages=sample.passages,
        pack=sample.pack,
        frame=sample.frame,
        as_of=sample.as_of,
        policy=POLICY,
    )
    return _judged(outcome.verdict, outcome.findings)


def judge_text(summary: str, article: str) -> Judged:
    """The guard's verdict and findings about a text that rests on one article, without quotes."""
    found = check_text(summary, _as_passage(article), policy=POLICY)
    return _judged(Verdict.UNSUPPORTED if found else Verdict.VERIFIED, found)


def _as_passage(article: str) -> Passage:
    """A whole article as one passage of a source about which nothing is known."""
    meta = ArticleMeta(
        title="An article",
        publisher="unknown",
        author=None,
        date="unknown",
        url="local:article",
        tier=2,
        interested=False,
        retrieved="2020-01-01",
        text_kind=TextKind.FULL,
    )
    whole = make_article(meta, article)
    return Passage(
        id=passage_id(whole.id, article),
        article=whole.id,
        meta=meta,
        text=article,
        start=0,
        end=len(article),
        text_hash=text_hash(article),
    )


def _judged(verdict: str, findings: Iterable[Finding]) -> Judged:
    found = tuple(findings)
    return Judged(
        verdict=str(verdict),
        block=tuple(finding.code for finding in found if finding.tier is Tier.BLOCK),
        review=tuple(finding.code for finding in found if finding.tier is Tier.REVIEW),
    )
