"""The AI-driven lens of the worked example, and lenses near it, on a base with the tasks `t1` to `t7`."""

from __future__ import annotations

from collections.abc import Sequence

from agent.schemas.draft import (
    BarrierDraft,
    Claim,
    ClaimKind,
    EvidenceDraft,
    GrowthDraft,
    Inputs,
    PrincipleDraft,
    Stance,
    TaskDraft,
)
from agent.schemas.lens import IMPACTS, BarrierDelta, Concept, Lens, LensTask
from agent.schemas.vocabulary import BarrierName, Bucket, EvidenceName, LensBucket, LensOutcome, PrincipleName

REASON = Claim(text="People answer for what agents build.", kind=ClaimKind.JUDGEMENT, stance=Stance.CONTEXT)
BASE_TASKS = (
    ("Training infrastructure design", 20, 2, Bucket.AUGMENTATION),
    ("Model serving", 20, 3, Bucket.AUGMENTATION),
    ("Feature store and registry", 15, 3, Bucket.AUGMENTATION),
    ("GPU management and cost", 15, 2, Bucket.AUGMENTATION),
    ("Pipeline orchestration", 10, 4, Bucket.DISPLACEMENT),
    ("Monitoring and drift", 10, 3, Bucket.AUGMENTATION),
    ("Cross-functional collaboration", 10, 2, Bucket.NOT_INVOLVED),
)
LENS_TASKS = (
    (22, 2, LensBucket.ENHANCED),
    (25, 2, LensBucket.ENHANCED),
    (7, 4, LensBucket.DISPLACED),
    (18, 2, LensBucket.ENHANCED),
    (10, 4, LensBucket.DISPLACED),
    (8, 3, LensBucket.ENHANCED),
    (10, 2, LensBucket.UNCHANGED),
)


def a_base(
    *,
    evidence: Sequence[int | None] = (1, 2, 1, 0, 1),
    barriers: Sequence[int] = (0, 0, 0, 1, 0),
    growth: int = 1,
    claim: Claim = REASON,
) -> Inputs:
    """The base of the worked example with the named parts replaced; every rationale is `claim`."""
    return Inputs(
        tasks=tuple(
            TaskDraft(id=f"t{at}", name=name, share=share, score=score, bucket=bucket, claims=(claim,))
            for at, (name, share, score, bucket) in enumerate(BASE_TASKS, start=1)
        ),
        reinstatement=(),
        evidence={
            name: EvidenceDraft(score=score, claims=() if score is None else (claim,))
            for name, score in zip(EvidenceName, evidence, strict=True)
        },
        barriers={
            name: BarrierDraft(score=score, claims=(claim,)) for name, score in zip(BarrierName, barriers, strict=True)
        },
        principles={name: PrincipleDraft(score=1, claims=(claim,)) for name in PrincipleName},
        growth=GrowthDraft(score=growth, claims=(claim,)),
    )


def lens_tasks(*claims: Claim, tools: tuple[str, ...] = ()) -> tuple[LensTask, ...]:
    """The tasks of the worked example; `claims` and `tools` stand where a share or a score differs from the base."""
    made = []
    for at, ((share, score, bucket), (_, base_share, base_score, _)) in enumerate(
        zip(LENS_TASKS, BASE_TASKS, strict=True), start=1
    ):
        moved, rescored = share != base_share, score != base_score
        made.append(
            LensTask(
                id=f"t{at}",
                share=share,
                score=score,
                bucket=bucket,
                tools=tools if moved or rescored else (),
                share_claims=claims if moved else (),
                score_claims=claims if rescored else (),
            )
        )
    return tuple(made)


def a_lens(*, claim: Claim = REASON, against: Claim = REASON, tools: tuple[str, ...] = (), **changes: object) -> Lens:
    """The lens of the worked example with the named parts replaced. `claim` is every claim but the counter-evidence,
    which is `against`."""
    lens = Lens(
        outcome=LensOutcome.TRANSFORMS,
        concept=Concept(**dict.fromkeys(Concept.model_fields, (claim,))),
        tasks=lens_tasks(claim, tools=tools),
        postings_signal=(claim,),
        durability_signal=(claim,),
        counter_evidence=(against,),
        evidence=(),
        barriers=(BarrierDelta(name=BarrierName.LIABILITY, delta=1, claims=(claim,)),),
        growth=None,
        **dict.fromkeys(IMPACTS, (claim,)),
    )
    return lens.model_copy(update=changes)


def with_task(lens: Lens, at: int, **changes: object) -> Lens:
    """The lens with one of its tasks changed."""
    tasks = list(lens.tasks)
    tasks[at] = tasks[at].model_copy(update=changes)
    return lens.model_copy(update={"tasks": tuple(tasks)})


def an_unscored_lens(outcome: LensOutcome = LensOutcome.ALREADY_AI_DRIVEN, *, claim: Claim = REASON) -> Lens:
    """A lens without a composite."""
    return a_lens(claim=claim, outcome=outcome, tasks=(), barriers=())
