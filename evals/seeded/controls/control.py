"""What a control is: a claim that is true and fairly cited, and must pass."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from evals.seeded.sample import Sample
from evals.seeded.sources import World

Vary = Callable[[Sample, random.Random, World], Sample | None]
"""The same claim said in another fair way, or `None` where the variation does not apply."""


@dataclass(frozen=True)
class Variation:
    """One kind of control."""

    name: str
    vary: Vary
    wanted: int
    """Controls of this kind at most."""
