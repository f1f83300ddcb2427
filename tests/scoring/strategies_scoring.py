"""Arbitrary inputs that keep the rules."""

from __future__ import annotations

from factories_scoring import a_task, some_inputs
from hypothesis import strategies as st

from agent.schemas.scored import ScoredTask, ScoreInputs


@st.composite
def task_lists(draw: st.DrawFn) -> list[ScoredTask]:
    """5 to 12 tasks with shares that sum to 100."""
    count = draw(st.integers(5, 12))
    cuts = sorted(draw(st.lists(st.integers(1, 99), min_size=count - 1, max_size=count - 1, unique=True)))
    shares = [high - low for low, high in zip([0, *cuts], [*cuts, 100], strict=True)]
    scores = draw(st.lists(st.integers(1, 5), min_size=count, max_size=count))
    return [a_task(f"Task {i}", share, value) for i, (share, value) in enumerate(zip(shares, scores, strict=True))]


def inputs_that_keep_the_rules() -> st.SearchStrategy[ScoreInputs]:
    """Any inputs that `score` accepts, unknown evidence among them."""
    dimension = st.none() | st.integers(-2, 2)
    return st.builds(
        some_inputs,
        tasks=task_lists(),
        evidence=st.lists(dimension, min_size=5, max_size=5),
        barriers=st.lists(st.integers(0, 2), min_size=5, max_size=5),
        growth=st.integers(-2, 2),
        principles=st.lists(st.integers(0, 3), min_size=3, max_size=3),
    )
