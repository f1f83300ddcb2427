"""What a mutation operator is, what its mutants are counted for, and the goals."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from evals.seeded.sample import Sample
from evals.seeded.sources import World

Apply = Callable[[Sample, random.Random, World], Sample | None]
"""A mutant that is wrong, or `None` where the operator cannot make one of this sample."""
Expected = Literal["BLOCK", "either"]


class Goal(NamedTuple):
    """The least share of mutants that has to be caught."""

    rate: float | None
    """0 to 1, as a point estimate; `None`: no goal, what is caught is told all the same."""
    expected: Expected
    """Whether only BLOCK findings count."""


GOALS: dict[str, Goal] = {
    "fabricated": Goal(1.0, "BLOCK"),
    "swapped id": Goal(1.0, "BLOCK"),
    "stitched": Goal(1.0, "BLOCK"),
    "personal data": Goal(1.0, "BLOCK"),
    "number": Goal(0.98, "BLOCK"),
    "unit": Goal(0.98, "BLOCK"),
    "date": Goal(0.98, "BLOCK"),
    "name": Goal(0.98, "BLOCK"),
    "misattributed": Goal(0.98, "BLOCK"),
    "quote elsewhere": Goal(0.98, "either"),
    "stale as current": Goal(0.95, "BLOCK"),
    "direction": Goal(0.90, "either"),
    "negation": Goal(0.90, "either"),
    "antonym": Goal(0.75, "either"),
    "beyond support": Goal(0.70, "either"),
    "strengthened": Goal(0.60, "either"),
    "injection": Goal(None, "either"),
    "judge only": Goal(None, "either"),
}
"""By family. A rate of 1 means no miss at all. In the last family only a reader can tell right from wrong reliably."""


@dataclass(frozen=True)
class Operator:
    """One way in which a drafted claim goes wrong."""

    name: str
    family: str
    """Key of `GOALS`."""
    apply: Apply

    @property
    def goal(self) -> Goal:
        """What its mutants are held to."""
        return GOALS[self.family]
