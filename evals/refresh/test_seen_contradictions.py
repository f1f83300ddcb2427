"""What is seen as a contradiction does not fall, and what agrees is not called one more often."""

from __future__ import annotations

import pytest

from evals.refresh.contradictions import cited, flagged
from evals.seeded.judging import samples_of


@pytest.mark.parametrize(("mutant", "least"), [("direction_flipped", 0.85), ("negation_added", 0.9), ("antonym", 0.65)])
def test_a_claim_turned_around_is_seen_beside_the_passage_that_it_cites(mutant: str, least: float) -> None:
    found = flagged(samples_of(mutant), cited)
    assert found.cases >= 200
    assert found.value >= least


@pytest.mark.parametrize(("kind", "most"), [("untouched", 0.04), ("paraphrased by hand", 0.08)])
def test_a_claim_that_its_passage_supports_is_seldom_called_contradicted(kind: str, most: float) -> None:
    found = flagged(samples_of(kind), cited)
    assert found.cases >= 190
    assert found.value <= most
