"""What the check on the search's choices computes."""

from __future__ import annotations

import pytest

from agent.evidence.fusion import fuse_scores
from evals.retrieval.choices import BOUNDS, SPLITS, as_they_are, carried_over, from_zero


def test_a_configuration_that_is_best_everywhere_is_always_chosen_and_carries_over_whole() -> None:
    mean, chosen = carried_over({(1.0, "a"): (0.5, 0.5, 1.0, 1.0), (2.0, "a"): (0.25, 0.25, 0.5, 0.5)})
    assert (mean, chosen) == (pytest.approx(0.75), {(1.0, "a"): 2 * SPLITS})


def test_what_fits_the_half_it_was_chosen_on_only_is_measured_on_the_other() -> None:
    mean, _ = carried_over({(1.0, "a"): (1.0, 0.0), (2.0, "a"): (0.0, 1.0)})
    assert mean == 0.0


def test_the_bounds_stretch_the_similarities_as_they_are_called() -> None:
    words, dense = {"a": 2.0}, {"a": 0.2, "b": 0.4}
    assert dict(fuse_scores(words, dense)) == {"a": 0.5, "b": 0.5}
    assert dict(from_zero(words, dense)) == {"a": 0.75, "b": 0.5, "": 0.0}
    assert dict(as_they_are(words, dense)) == {"a": pytest.approx(0.6), "b": 0.2, "": 0.0, " ": 0.5}
    assert len(BOUNDS) == 3
