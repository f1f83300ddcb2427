"""Arbitrary scored inputs as they are published: any fitting bucket, long names of tasks, overrides."""

from __future__ import annotations

from hypothesis import strategies as st

from agent.schemas.scored import Override, ScoredTask, ScoreInputs, ScoreResult
from agent.schemas.vocabulary import BarrierName, Bucket, EvidenceName, PrincipleName
from agent.scoring import POLICY, score

NAMES = st.sampled_from(("Serving", "Design of the platform", "Writing down 3 of 7 rules, again and again, " * 3))
"""Their number is put before each, since the names of an assessment differ."""


@st.composite
def scored_inputs(draw: st.DrawFn) -> ScoreInputs:
    """Any inputs that `score` accepts."""
    count = draw(st.integers(POLICY.task_count.low, POLICY.task_count.high))
    cuts = sorted(draw(st.lists(st.integers(1, 99), min_size=count - 1, max_size=count - 1, unique=True)))
    shares = [high - low for low, high in zip([0, *cuts], [*cuts, 100], strict=True)]
    if draw(st.booleans()):
        # Most of them the same: several are the largest.
        shares = [100 - 100 // count * (count - 1), *[100 // count] * (count - 1)]
    scores = draw(
        st.lists(st.integers(1, 5), min_size=count, max_size=count) | st.integers(1, 5).map(lambda same: [same] * count)
    )
    tasks = []
    for at, (share, points) in enumerate(zip(shares, scores, strict=True)):
        fitting = [bucket for bucket in Bucket if points in POLICY.bucket_scores(bucket)]
        bucket = draw(st.sampled_from(fitting))
        tasks.append(ScoredTask(name=f"{at}. {draw(NAMES)}", share=share, score=points, bucket=bucket))
    dimension = st.none() | st.integers(-2, 2)
    return ScoreInputs(
        tasks=tuple(tasks),
        evidence={name: draw(dimension) for name in EvidenceName},
        barriers={name: draw(st.integers(0, 2)) for name in BarrierName},
        growth=draw(st.integers(-2, 2)),
        principles={name: draw(st.integers(0, 3)) for name in PrincipleName},
    )


@st.composite
def results(draw: st.DrawFn) -> tuple[ScoreInputs, ScoreResult]:
    """Any inputs with their result, some of them overridden."""
    inputs = draw(scored_inputs())
    found = score(inputs)
    if draw(st.booleans()):
        return inputs, found
    tenths = round(10 * found.formula_score)
    moved = draw(st.integers(max(0, tenths - 50), min(1000, tenths + 50)))
    return inputs, score(inputs, override=Override(score=moved / 10, reason="A reviewer knew more."))
