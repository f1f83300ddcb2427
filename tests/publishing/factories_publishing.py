"""A published assessment: the worked example of the methodology with sources, commentary and a review record."""

from __future__ import annotations

from factories_lens import a_lens

from agent.schemas.article import ArticleMeta, TextKind
from agent.schemas.assessment import Assessment, CitedOverride, Provenance, Source
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
    NotThisRole,
    PrincipleDraft,
    RoleFrame,
    Stance,
    TaskDraft,
)
from agent.schemas.finding import Acceptance, Finding, GuardReport, Tier
from agent.schemas.lens import IMPACTS, EvidenceDelta, Lens, LensGrowth
from agent.schemas.record import DecisionRecord, ModelUsage, ReviewRecord
from agent.schemas.scored import Override
from agent.schemas.vocabulary import BarrierName, Bucket, EvidenceName, Gate, PrincipleName, Section
from agent.scoring import lens_score, score

VERITONE = (
    "Veritone, an AI company with a hiring business, analysed US vacancies for AI roles in the third quarter of "
    "2025. It counted 42,051 openings for AI-related roles in the United States in that quarter. That was an "
    "increase of 14.2% over the second quarter of 2025. The category covers all AI roles, of which ML platform "
    "engineers are a small part."
)
META = (
    "During a period of 54 days the training run suffered 419 unexpected interruptions. On the cluster of 16,384 "
    "Nvidia H100 GPUs that amounts to one failure about every three hours. People had to step in substantially only"
    " three times during the 54 days, with software dealing with the other interruptions."
)
RAVIO = (
    "It relies on compensation data of Ravio for 2026, by which AI and machine learning roles at the level of "
    "individual professionals earn a premium of about 12% over comparable roles without AI. For managers it falls "
    "to roughly 3%."
)
VENDOR = (
    "SageMaker HyperPod replaces faulty nodes and resumes training from the last checkpoint without manual "
    "intervention. Customers report that clusters of thousands of accelerators run for weeks."
)
CRITIC = (
    "Most teams I talk to no longer hire for the platform. They buy it, and the two engineers who are left write "
    "the glue. I would not start a career in pipelines today."
)
SURVEY = (
    "Of the organisations surveyed, 66% that host generative AI models use Kubernetes for some or all of their "
    "inference. Only 7% deploy models daily, and 44% do not yet run AI workloads on Kubernetes at all."
)


def a_source(
    passage: str, text: str, *, publisher: str, title: str, tier: int = 2, date: str = "2025-10",
    interested: bool = False, kind: TextKind = TextKind.DIGEST, url: str = "", author: str | None = None,
    suspicious: bool = False,
) -> Source:  # fmt: skip
    meta = ArticleMeta(
        title=title,
        publisher=publisher,
        author=author,
        date=date,
        url=url or f"https://example.org/{passage}",
        tier=tier,
        interested=interested,
        retrieved="2026-11-20",
        text_kind=kind,
    )
    return Source(
        passage=passage, article=f"a-{passage}", text=text, text_hash=text_hash(text), meta=meta, suspicious=suspicious
    )


SOURCES = (
    a_source("p-critic", CRITIC, publisher="DEV Community", title="Who still hires for ML platforms?", tier=4,
             date="2026-03", author="A. Writer", kind=TextKind.FULL),
    a_source("p-meta", META, publisher="Data Center Dynamics", date="unknown",
             title="Meta report details hundreds of GPU and HBM3-related interruptions to Llama 3 training run"),
    a_source("p-ravio", RAVIO, publisher="Rework", title="AI Engineer Pay Split Into Two Markets", tier=3, date="2026"),
    a_source("p-survey", SURVEY, publisher="CNCF", title="Cloud Native Survey: AI", tier=2, date="2026-01"),
    a_source("p-vendor", VENDOR, publisher="Amazon Web Services", title="SageMaker HyperPod resiliency", tier=3,
             date="2026-06", interested=True, kind=TextKind.EXCERPT),
    a_source("p-veritone", VERITONE, publisher="Veritone", title="Q3 2025 Labor Market Analysis", interested=True),
)  # fmt: skip


def sourced(
    text: str,
    passage: str,
    quote: str,
    stance: Stance = Stance.FOR,
    proxy: str | None = None,
    horizon: str | None = None,
) -> Claim:
    cited = (Citation(passage=passage, quote=quote),)
    return Claim(text=text, kind=ClaimKind.SOURCED, stance=stance, proxy=proxy, horizon=horizon, citations=cited)


def judged(text: str, stance: Stance = Stance.CONTEXT, horizon: str | None = None) -> Claim:
    return Claim(text=text, kind=ClaimKind.JUDGEMENT, stance=stance, horizon=horizon)


INTERRUPTIONS = sourced(
    "A training run on 16,384 GPUs failed about every three hours, so the design has to expect failure.",
    "p-meta",
    "On the cluster of 16,384 Nvidia H100 GPUs that amounts to one failure about every three hours.",
)
HYPERPOD = sourced(
    "Managed clusters replace faulty nodes and resume training without an engineer.",
    "p-vendor",
    "replaces faulty nodes and resumes training from the last checkpoint without manual intervention",
    Stance.AGAINST,
)
OPENINGS = sourced(
    "There were 42,051 openings for AI roles in the United States in one quarter, 14.2% more than the quarter before.",
    "p-veritone",
    "It counted 42,051 openings for AI-related roles in the United States in that quarter. That was an increase of "
    "14.2% over the second quarter of 2025.",
    proxy="AI roles",
)
KUBERNETES = sourced(
    "Of the organisations that host generative models, 66% use Kubernetes for some or all inference.",
    "p-survey",
    "66% that host generative AI models use Kubernetes for some or all of their inference",
)
BUYING = sourced(
    "One practitioner sees teams buy the platform instead of hiring for it.",
    "p-critic",
    "Most teams I talk to no longer hire for the platform.",
    Stance.AGAINST,
)
PREMIUM = sourced(
    "Individual AI and machine learning professionals earn about 12% more than comparable roles.",
    "p-ravio",
    "earn a premium of about 12% over comparable roles without AI",
    proxy="machine learning professionals",
)


def a_frame(title: str = "ML Platform Engineer") -> RoleFrame:
    return RoleFrame(
        title=title,
        seniority="Mid-Senior",
        function="Builds and runs the platform on which others train, deploy and monitor models: feature stores, model "
        "registries, serving, and the clusters underneath.",
        aliases=("ML Infrastructure Engineer", "AI Platform Engineer"),
        proxies=("MLOps engineer", "machine learning engineer"),
        is_not=(
            NotThisRole(title="MLOps Engineer", difference="runs pipelines and workflows rather than the platform."),
            NotThisRole(title="Data Engineer", difference="moves and models data without the machine learning focus."),
        ),
        experience="4 to 8 years in software or infrastructure, with machine learning in production.",
        seniority_note="Juniors run what others designed and would score lower; principals would score higher.",
        tags=("infrastructure",),
    )


def some_tasks() -> tuple[TaskDraft, ...]:
    rows = (
        ("Training infrastructure design and architecture", 20, 2, Bucket.AUGMENTATION, (INTERRUPTIONS,)),
        ("Model serving and inference infrastructure", 20, 3, Bucket.AUGMENTATION, (KUBERNETES,)),
        ("Feature store and registry", 15, 3, Bucket.AUGMENTATION,
         (judged("Standard feature stores are bought; hybrid ones are still designed by people."),)),
        ("GPU management and cost", 15, 2, Bucket.AUGMENTATION,
         (judged("Scheduling is automated, the trade between cost and speed is not.", horizon="2 to 4 years"),)),
        ("Pipeline orchestration", 10, 4, Bucket.DISPLACEMENT, (HYPERPOD,)),
        ("Monitoring and drift", 10, 3, Bucket.AUGMENTATION, (judged("Alerts are automatic, causes are not."),)),
        ("Cross-functional collaboration", 10, 2, Bucket.NOT_INVOLVED, (judged("Priorities are settled by people."),)),
    )  # fmt: skip
    return tuple(
        TaskDraft(id=f"t{at}", name=name, share=share, score=points, bucket=bucket, claims=claims)
        for at, (name, share, points, bucket, claims) in enumerate(rows, 1)
    )


def some_evidence(unknown: tuple[EvidenceName, ...] = ()) -> dict[EvidenceName, EvidenceDraft]:
    drafts = {
        EvidenceName.JOB_POSTINGS: EvidenceDraft(score=1, claims=(OPENINGS, BUYING)),
        EvidenceName.COMPANY_ACTIONS: EvidenceDraft(score=2, claims=(KUBERNETES, INTERRUPTIONS)),
        EvidenceName.WAGES: EvidenceDraft(score=1, claims=(PREMIUM,), gap="No pay data for the title itself."),
        EvidenceName.TOOL_MATURITY: EvidenceDraft(score=0, claims=(HYPERPOD, INTERRUPTIONS)),
        EvidenceName.EXPERT_CONSENSUS: EvidenceDraft(score=1, claims=(KUBERNETES, BUYING)),
    }
    blank = EvidenceDraft(score=None, claims=(), gap="The corpus is silent on it.")
    return {name: blank if name in unknown else draft for name, draft in drafts.items()}


def some_inputs(*, title: str = "", unknown: tuple[EvidenceName, ...] = ()) -> Inputs:
    tasks = some_tasks()
    if title:
        tasks = (tasks[0].model_copy(update={"name": title}), *tasks[1:])
    reasons = {
        BarrierName.REGULATORY: "No licence is needed; rules on high-risk systems create work for others.",
        BarrierName.PHYSICAL: "The work is done remotely.",
        BarrierName.UNION: "Few of these engineers are organised.",
        BarrierName.LIABILITY: "Somebody answers for outages and for money spent on clusters.",
        BarrierName.CULTURAL: "Companies want this work automated.",
    }
    principles = {
        PrincipleName.PHYSICALITY: (0, "All of it happens at a desk."),
        PrincipleName.INTERPERSONAL: (1, "Needs of researchers are translated into infrastructure."),
        PrincipleName.JUDGMENT: (1, "Architecture decides what a company can train and at what cost."),
    }
    return Inputs(
        tasks=tasks,
        reinstatement=(judged("Serving of large models and the economics of accelerators are new tasks.", Stance.FOR),),
        evidence=some_evidence(unknown),
        barriers={
            name: BarrierDraft(score=int(name is BarrierName.LIABILITY), claims=(judged(reason),))
            for name, reason in reasons.items()
        },
        principles={
            name: PrincipleDraft(score=points, claims=(judged(reason),))
            for name, (points, reason) in principles.items()
        },
        growth=GrowthDraft(score=1, claims=(OPENINGS, judged("Each deployment needs less manual work than the last."))),
    )


def a_commentary() -> Commentary:
    return Commentary(
        summary=(
            judged("The design of the platform holds, its operation is being bought."),
            sourced(
                "At scale failure is routine and mostly handled by software: people stepped in three times in 54 days.",
                "p-meta",
                "People had to step in substantially only three times during the 54 days",
                Stance.AGAINST,
            ),
        ),
        score_against_reality=(judged("The score sits where operations end and architecture begins."),),
        not_captured=(judged("The title is not settled, so vacancies are counted under several names."),),
        who_should_worry=(judged("Whoever configures managed platforms and keeps existing pipelines alive."),),
        who_should_not=(judged("Whoever designs clusters and serving for models nobody has run before."),),
        separator=(judged("Whether one designs the platform or operates it."),),
        outlook=(judged("Fewer people, closer to architecture, with agents for the routine.", horizon="2 to 3 years"),),
        survival_strategy=(
            judged("Learn the serving of large models: managed platforms do it least well."),
            judged("Own the bill: the economics of accelerators joins engineering and finance."),
        ),
        timeline=(judged("The standard part goes first.", horizon="2 to 4 years"),),
    )


def a_published_lens(**changes: object) -> Lens:
    """The lens of the example with claims of every kind."""
    lens = a_lens(claim=HYPERPOD, against=BUYING, tools=("SageMaker HyperPod",))
    growth = LensGrowth(score=1, exists_because_of_ai=False, claims=(judged("Growth stays what it is."),))
    impacts = {name: (judged(f"So it stands with {name.replace('_', ' ')}."),) for name in IMPACTS}
    wages = EvidenceDelta(name=EvidenceName.TOOL_MATURITY, delta=0, claims=(judged("Tools moved the base already."),))
    return lens.model_copy(update={"growth": growth, "evidence": (wages,), **impacts, **changes})


WEAK = Finding(
    code="G-PASSAGE-SUSPICIOUS",
    tier=Tier.REVIEW,
    section=Section.EVIDENCE,
    path="evidence.job_postings.claims.1.citations.0",
    message="Passage p-critic holds text that addresses a model; check that the claim is not its doing.",
)


def an_assessment(
    *,
    frame: RoleFrame | None = None,
    inputs: Inputs | None = None,
    commentary: Commentary | None = None,
    lens: Lens | None = None,
    override: CitedOverride | None = None,
    sources: tuple[Source, ...] = SOURCES,
    model: str = "desk-model-1",
) -> Assessment:
    inputs = inputs or some_inputs()
    plain = Override(score=override.score, reason=override.reason) if override else None
    return Assessment(
        gate=Gate.PUBLICATION,
        as_of="2026-11-20",
        role=frame or a_frame(),
        inputs=inputs,
        result=score(inputs.scored(), override=plain),
        guard=GuardReport(findings=(WEAK,), verified=17, judgement=21, speaking_sources=("Veritone",), admissible={}),
        accepted=(
            Acceptance(finding=WEAK.id, reason="Read in full: the passage gives advice to readers, not models."),
        ),
        override=override,
        commentary=commentary or a_commentary(),
        lens=lens,
        lens_result=None if lens is None else lens_score(lens, inputs),
        sources=sources,
        provenance=Provenance(
            model=model,
            recorded=True,
            prompts={"frame": "1", Section.TASKS: "1", Section.EVIDENCE: "2", Section.COMMENTARY: "1"},
            policy="aijri-1.2.0",
            corpus="sha256:5d41402abc4b2a76",
            embedding="minilm-int8",
        ),
    )


def an_override(score_: float = 49.5) -> CitedOverride:
    return CitedOverride(
        score=score_,
        reason="The survey postdates the postings and shows the work moving in-house.",
        citations=(Citation(passage="p-survey", quote="Only 7% deploy models daily"),),
    )


def a_record(assessment: Assessment, *, reviewer: str = "Dana Reviewer", reason: str | None = None) -> ReviewRecord:
    first = "sha256:" + "1" * 64
    result = assessment.result
    return ReviewRecord(
        assessment="as-0001",
        revision=assessment.revision(),
        slug="ml-platform-engineer-mid-senior",
        version=1,
        requested_at="2026-11-20T09:00:00Z",
        published_at="2026-11-20T10:30:00Z",
        decisions=(
            DecisionRecord(gate=Gate.INPUTS, revision=first, action="edit", reviewer=reviewer, auth="local-unverified",
                           channel="terminal", decided_at="2026-11-20T09:40:00Z", reason=reason),
            DecisionRecord(gate=Gate.PUBLICATION, revision=assessment.revision(), action="approve", reviewer=reviewer,
                           auth="local-unverified", channel="terminal", decided_at="2026-11-20T10:30:00Z", reason=None),
        ),
        usage=ModelUsage(calls=7, input_tokens=48_210, output_tokens=9_114),
        draft_score=46.1,
        final_score=result.score if result else 0.0,
        edits=("task Model serving: score 4 to 3", "rationale: 2 claims new or changed, 1 removed or replaced"),
    )  # fmt: skip
