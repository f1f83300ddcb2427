"""Arbitrary AI-driven lenses that keep the rules."""

from __future__ import annotations

from factories_lens import a_base, a_lens
from hypothesis import strategies as st

from agent.schemas.draft import Inputs
from agent.schemas.lens import BarrierDelta, EvidenceDelta, Lens, LensGrowth, LensTask
from agent.schemas.vocabulary import BarrierName, LensBucket
from agent.scoring import POLICY


@st.composite
def lenses(draw: st.DrawFn) -> tuple[Lens, Inputs]:
    """A lens that keeps the rules, and its base."""
    base = a_base(
        evidence=draw(st.lists(st.none() | st.integers(-2, 2), min_size=5, max_size=5)),
        barriers=draw(st.lists(st.integers(0, 2), min_size=5, max_size=5)),
        growth=draw(st.integers(-2, 2)),
    )
    shares = [task.share for task in base.tasks]
    for _ in range(draw(st.integers(0, 8))):
        source, target = draw(st.tuples(st.integers(0, 6), st.integers(0, 6)))
        by = draw(st.integers(1, 5))
        moved = [*shares]
        moved[source] -= by
        moved[target] += by
        if all(now >= 1 and abs(now - task.share) <= 10 for now, task in zip(moved, base.tasks, strict=True)):
            shares = moved
    tasks = []
    for task, share in zip(base.tasks, shares, strict=True):
        bucket = draw(st.sampled_from(LensBucket)) if task.score <= 3 else LensBucket.DISPLACED
        allowed = POLICY.lens_bucket_scores(bucket)
        unchanged = bucket is LensBucket.UNCHANGED
        score = task.score if unchanged else draw(st.integers(allowed.low, allowed.high))
        tasks.append(LensTask(id=task.id, share=share, score=score, bucket=bucket))
    evidence = []
    for name, dimension in base.evidence.items():
        now = draw(st.none() | st.integers(-2, 2))
        if now is not None:
            evidence.append(EvidenceDelta(name=name, delta=now - (dimension.score or 0), claims=()))
    name = draw(st.sampled_from(BarrierName))
    now = draw(st.integers(0, min(2, base.barriers[name].score + 1)))
    barriers = (BarrierDelta(name=name, delta=now - base.barriers[name].score, claims=()),)
    growth = draw(st.none() | st.integers(-2, 2))
    changed = None if growth is None else LensGrowth(score=growth, exists_because_of_ai=growth == 2, claims=())
    return a_lens(tasks=tuple(tasks), evidence=tuple(evidence), barriers=barriers, growth=changed), base
