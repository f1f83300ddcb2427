"""The worked example of the methodology, and inputs near it."""

from __future__ import annotations

from collections.abc import Sequence

from agent.schemas.scored import ScoredTask, ScoreInputs
from agent.schemas.vocabulary import BarrierName, Bucket, EvidenceName, PrincipleName

EXAMPLE_TASKS = (
    ("Training infrastructure design", 20, 2, Bucket.AUGMENTATION),
    ("Model serving", 20, 3, Bucket.AUGMENTATION),
    ("Feature store and registry", 15, 3, Bucket.AUGMENTATION),
    ("GPU management and cost", 15, 2, Bucket.AUGMENTATION),
    ("Pipeline orchestration", 10, 4, Bucket.DISPLACEMENT),
    ("Monitoring and drift", 10, 3, Bucket.AUGMENTATION),
    ("Cross-functional collaboration", 10, 2, Bucket.NOT_INVOLVED),
)
EXAMPLE_EVIDENCE = (1, 2, 1, 0, 1)


def a_task(name: str, share: int, score: int, bucket: Bucket | None = None) -> ScoredTask:
    """A task; without a bucket, one that agrees with its score."""
    fitting = Bucket.NOT_INVOLVED if score == 1 else Bucket.DISPLACEMENT if score == 5 else Bucket.AUGMENTATION
    return ScoredTask(name=name, share=share, score=score, bucket=bucket or fitting)


def some_inputs(
    *,
    tasks: Sequence[ScoredTask] | None = None,
    evidence: Sequence[int | None] = EXAMPLE_EVIDENCE,
    barriers: Sequence[int] = (0, 0, 0, 1, 0),
    growth: int = 1,
    principles: Sequence[int] = (0, 1, 1),
) -> ScoreInputs:
    """The worked example with the named parts replaced; sequences are in printed order."""
    return ScoreInputs(
        tasks=tuple(a_task(*row) for row in EXAMPLE_TASKS) if tasks is None else tuple(tasks),
        evidence=dict(zip(EvidenceName, evidence, strict=True)),
        barriers=dict(zip(BarrierName, barriers, strict=True)),
        growth=growth,
        principles=dict(zip(PrincipleName, principles, strict=True)),
    )


def even_tasks(*scores: int) -> list[ScoredTask]:
    """Tasks of equal share with these scores; their number must divide 100."""
    return [a_task(f"Task {i}", 100 // len(scores), value) for i, value in enumerate(scores)]
