"""Drafts and passages for the guard's tests: everything in order unless a test breaks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agent.grounding.report import check
from agent.schemas.article import ArticleMeta, Passage, TextKind
from agent.schemas.base import text_hash
from agent.schemas.draft import (
    BarrierDraft,
    Citation,
    Claim,
    ClaimKind,
    Commentary,
    EvidenceDraft,
    GrowthDraft,
    Inputs,
    PrincipleDraft,
    RoleFrame,
    Stance,
    TaskDraft,
)
from agent.schemas.finding import GuardReport
from agent.schemas.vocabulary import BarrierName, Bucket, EvidenceName, PrincipleName, Section
from agent.scoring.policy import POLICY

TEXT = (
    "Veritone counted 42,051 openings for ML platform engineers in the third quarter of 2025, 14.2% more than in the "
    "quarter before. The median salary rose to $187,500. Teams that fine-tune on H100 cards hire 9.8x as often."
)
QUOTE = "Veritone counted 42,051 openings for ML platform engineers"


def a_passage(
    name: str = "p-1", text: str = TEXT, *, publisher: str = "Veritone", tier: int = 2, title: str = "Labor market",
    suspicious: bool = False,
) -> Passage:  # fmt: skip
    meta = ArticleMeta(
        title=title,
        publisher=publisher,
        author=None,
        date="2025-10",
        url="https://example.org/report",
        tier=tier,
        interested=False,
        retrieved="2026-01-02",
        text_kind=TextKind.DIGEST,
    )
    return Passage(
        id=name,
        article=f"a-{name}",
        meta=meta,
        text=text,
        start=0,
        end=len(text),
        text_hash=text_hash(text),
        suspicious=suspicious,
    )


def by_id(*passages: Passage) -> dict[str, Passage]:
    return {passage.id: passage for passage in passages}


def a_citation(quote: str = QUOTE, passage: str = "p-1") -> Citation:
    return Citation(passage=passage, quote=quote)


def a_sourced_claim(
    text: str = "There were 42,051 openings for the role.", *citations: Citation, stance: Stance = Stance.FOR,
    proxy: str | None = None, horizon: str | None = None,
) -> Claim:  # fmt: skip
    return Claim(
        text=text,
        kind=ClaimKind.SOURCED,
        stance=stance,
        proxy=proxy,
        horizon=horizon,
        citations=citations or (a_citation(),),
    )


def a_judgement(text: str = "A person has to answer for the design.", *citations: Citation) -> Claim:
    return Claim(text=text, kind=ClaimKind.JUDGEMENT, stance=Stance.CONTEXT, citations=citations)


def a_frame(**changes: object) -> RoleFrame:
    frame = RoleFrame(
        title="ML Platform Engineer",
        seniority="Mid-Senior",
        function="Builds the platform that models are trained and served on.",
        aliases=("ML Infrastructure Engineer",),
        proxies=("machine learning engineer",),
        is_not=(),
        experience="Several years.",
        seniority_note="Juniors run what others designed.",
        tags=(),
    )
    return frame.model_copy(update=changes)


def a_task(name: str, share: int, *claims: Claim, at: int = 1) -> TaskDraft:
    return TaskDraft(
        name=name, share=share, score=3, bucket=Bucket.AUGMENTATION, id=f"t{at}", claims=claims or (a_judgement(),)
    )


def some_inputs(
    *,
    wages: EvidenceDraft | None = None,
    tasks: Sequence[TaskDraft] | None = None,
    reinstatement: Sequence[Claim] = (),
    barrier_claims: Sequence[Claim] | None = None,
    growth_claims: Sequence[Claim] | None = None,
    principle_claims: Sequence[Claim] | None = None,
) -> Inputs:
    reason = (a_judgement(),)
    evidence = {name: EvidenceDraft(score=None, claims=()) for name in EvidenceName}
    if wages is not None:
        evidence[EvidenceName.WAGES] = wages
    return Inputs(
        tasks=tuple(tasks) if tasks is not None else tuple(a_task(f"task {n}", 20, at=n) for n in range(1, 6)),
        reinstatement=tuple(reinstatement),
        evidence=evidence,
        barriers={
            name: BarrierDraft(score=0, claims=reason if barrier_claims is None else tuple(barrier_claims))
            for name in BarrierName
        },
        principles={
            name: PrincipleDraft(score=0, claims=reason if principle_claims is None else tuple(principle_claims))
            for name in PrincipleName
        },
        growth=GrowthDraft(score=0, claims=reason if growth_claims is None else tuple(growth_claims)),
    )


def a_commentary(*outlook: Claim) -> Commentary:
    return Commentary(
        summary=(),
        score_against_reality=(),
        not_captured=(),
        who_should_worry=(),
        who_should_not=(),
        separator=(),
        outlook=outlook,
        survival_strategy=(),
        timeline=(),
    )


def guard(
    *,
    inputs: Inputs | None = None,
    commentary: Commentary | None = None,
    passages: Mapping[str, Passage] | None = None,
    packs: Mapping[Section, frozenset[str]] | None = None,
    frame: RoleFrame | None = None,
) -> GuardReport:
    return check(
        inputs=inputs,
        commentary=commentary,
        passages=by_id(a_passage()) if passages is None else passages,
        packs=packs or {},
        frame=frame or a_frame(),
        policy=POLICY,
    )


def on_claim(claim: Claim, **given: object) -> GuardReport:
    """The report on one claim, standing at `commentary.outlook.0`."""
    return guard(commentary=a_commentary(claim), **given)  # type: ignore[arg-type]


def found(report: GuardReport) -> list[tuple[str, str, str]]:
    """Code, tier and path of every finding."""
    return [(finding.code, finding.tier.value, finding.path) for finding in report.findings]
