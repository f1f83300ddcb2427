"""All mutants of an operator, the same ones whenever they are made from the same seed."""

from __future__ import annotations

import hashlib
import random
from typing import Literal

from evals.seeded.operators.operator import Operator
from evals.seeded.sample import Sample
from evals.seeded.sources import World, is_recorded

SEED = 20261127
WANTED = 250
"""Mutants an operator at most."""
_ROUNDS = 20
"""Mutants of one source claim at most, where few claims give any."""

Half = Literal["dev", "held-out"]


def half_of(source: str) -> Half:
    """Which half a source claim belongs to: mutants of the development half may be looked at."""
    return "dev" if int(hashlib.sha256(f"half {source}".encode()).hexdigest(), 16) % 2 else "held-out"


def mutants_of(operator: Operator, world: World, *, seed: int = SEED, wanted: int = WANTED) -> list[Sample]:
    """Up to `wanted` different mutants: one of every source claim first, claims from recordings before the others."""
    order = list(world.samples)
    random.Random(f"{seed} {operator.name}").shuffle(order)
    order.sort(key=lambda sample: not is_recorded(sample))
    made: dict[tuple[object, ...], Sample] = {}
    for attempt in range(_ROUNDS):
        for sample in order:
            if len(made) == wanted:
                return list(made.values())
            mutant = operator.apply(sample, random.Random(f"{seed} {operator.name} {sample.source} {attempt}"), world)
            if mutant is not None and mutant.claim != sample.claim:
                made.setdefault(_identity(mutant), mutant)
    return list(made.values())


def _identity(mutant: Sample) -> tuple[object, ...]:
    """What the guard is asked: the claim and the passages it cites."""
    return mutant.claim, tuple(passage.text_hash for passage in mutant.cited)
