"""All mutants and controls judged, in two processes."""

from __future__ import annotations

import hashlib
import multiprocessing
from collections.abc import Callable, Sequence
from typing import NamedTuple

from evals.seeded.controls.registry import KINDS, controls_of
from evals.seeded.guarding import Judged, judge
from evals.seeded.mutants import Half, half_of, mutants_of
from evals.seeded.operators.registry import BY_NAME, OPERATORS
from evals.seeded.sample import Sample
from evals.seeded.sources import world

WORKERS = 2


class Case(NamedTuple):
    """One judged mutant or control."""

    source: str
    half: Half
    digest: str
    """Of everything that the guard was asked about."""
    judged: Judged

    @property
    def blocked(self) -> bool:
        """At least one BLOCK finding."""
        return bool(self.judged.block)

    @property
    def flagged(self) -> bool:
        """At least one finding of either tier."""
        return bool(self.judged.block or self.judged.review)


class Cases(NamedTuple):
    """Every case, by the name of its operator or kind of control, in the order of the tables."""

    mutants: dict[str, list[Case]]
    controls: dict[str, list[Case]]


def samples_of(name: str) -> list[Sample]:
    """The mutants of an operator or the controls of a kind, always the same."""
    return mutants_of(BY_NAME[name], world()) if name in BY_NAME else controls_of(name, world())


def digest(sample: Sample) -> str:
    """Of the claim, the section and the cited passages."""
    cited = "".join(passage.text_hash + passage.meta.date for passage in sample.cited)
    return hashlib.sha256(f"{sample.claim.model_dump_json()}{sample.section}{cited}".encode()).hexdigest()[:16]


def cases_of(name: str, ask: Callable[[Sample], Judged] = judge) -> list[Case]:
    """The judged mutants of an operator, or controls of a kind."""
    return [Case(s.source, half_of(s.source), digest(s), ask(s)) for s in samples_of(name)]


def judge_all(names: Sequence[str] = ()) -> Cases:
    """Every operator and kind of control, or those named."""
    operators = [operator.name for operator in OPERATORS if not names or operator.name in names]
    kinds = [kind for kind in KINDS if not names or kind in names]
    wanted = [*operators, *kinds]
    if len(wanted) == 1:
        found = [cases_of(wanted[0])]
    else:
        with multiprocessing.get_context("spawn").Pool(WORKERS) as pool:
            found = pool.map(cases_of, wanted, chunksize=1)
    by_name = dict(zip(wanted, found, strict=True))
    return Cases({name: by_name[name] for name in operators}, {kind: by_name[kind] for kind in kinds})
