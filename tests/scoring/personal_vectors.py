"""The table of test vectors of a personal view, which Python and the page's script both have to give.

python tests/scoring/personal_vectors.py > tests/scoring/personal_vectors.json
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise, product
from math import gcd, prod
from typing import Any

from factories_scoring import a_task, some_inputs

from agent.errors import InvalidInput
from agent.schemas.scored import ScoreInputs, ScoreResult
from agent.scoring import POLICY, Policy, composite, score_of_record
from agent.scoring.arithmetic import Point, formula, task_resistance
from agent.scoring.personal import personal_score, scaled_shares
from agent.scoring.personal_file import fragment_of, parse_fragment

SEED = 20261127
POLICIES: dict[str, Policy] = {
    "in force": POLICY,
    # Under the policy in force no score falls on an exact half, and no composite below 0.
    "halves": replace(POLICY, version="halves", raw_floor=Fraction("0.60"), raw_span=Fraction(8)),
}
REVISION = "sha256:" + "0123456789abcdef" * 4
CEILING = ((2, 2, 2, 2, 2), (2, 2, 2, 2, 2), 2)
FLOOR = ((-2, -2, -2, -2, -2), (0, 0, 0, 0, 0), -2)
MIDDLE = ((1, 2, 1, 0, 1), (0, 0, 0, 1, 0), 1)


@dataclass(frozen=True)
class Case:
    """Published inputs, and the shares of a person in task order or the tasks that are not done."""

    scores: tuple[int, ...]
    published: tuple[int, ...]
    evidence: tuple[int | None, ...]
    barriers: tuple[int, ...]
    growth: int
    shares: tuple[int, ...] = ()
    without: tuple[int, ...] | None = None
    policy: str = "in force"

    @property
    def inputs(self) -> ScoreInputs:
        tasks = [a_task(f"Task {i}", *row) for i, row in enumerate(zip(self.published, self.scores, strict=True), 1)]
        return some_inputs(tasks=tasks, evidence=self.evidence, barriers=self.barriers, growth=self.growth)

    @property
    def own(self) -> dict[str, int]:
        known = {f"t{i}": share for i, share in enumerate(self.published, 1)}
        if self.without is None:
            return dict(zip(known, self.shares, strict=True))
        return scaled_shares(known, [f"t{i + 1}" for i in self.without])

    @property
    def exact(self) -> Fraction:
        """The composite, without going through `personal_score`."""
        policy = POLICIES[self.policy]
        done = [a_task("T", share, score) for share, score in zip(self.own.values(), self.scores, strict=True) if share]
        evidence = sum(value or 0 for value in self.evidence)
        return composite(task_resistance(done, policy), evidence, sum(self.barriers), self.growth, policy)


class Chance:
    """The same numbers for the same seed in every version of Python."""

    def __init__(self) -> None:
        self._next = random.Random(SEED).random

    def below(self, count: int) -> int:
        return int(self._next() * count)

    def between(self, low: int, high: int) -> int:
        return low + self.below(high - low + 1)

    def parts(self, count: int, total: int = 100) -> tuple[int, ...]:
        """Whole numbers from 1 that sum to `total`."""
        cuts: set[int] = set()
        while len(cuts) < count - 1:
            cuts.add(self.between(1, total - 1))
        ends = [0, *sorted(cuts), total]
        return tuple(high - low for low, high in pairwise(ends))

    def case(self, *, unknown: int = 0, policy: str = "in force") -> Case:
        count = self.between(5, 12)
        left = self.between(1, count)
        own = [*self.parts(left), *([0] * (count - left))]
        for at in range(count - 1, 0, -1):
            other = self.below(at + 1)
            own[at], own[other] = own[other], own[at]
        evidence: list[int | None] = [self.between(-2, 2) for _ in range(5)]
        while evidence.count(None) < unknown:
            evidence[self.below(5)] = None
        return Case(
            scores=tuple(self.between(1, 5) for _ in range(count)),
            published=self.parts(count),
            evidence=tuple(evidence),
            barriers=tuple(self.between(0, 2) for _ in range(5)),
            growth=self.between(-2, 2),
            shares=tuple(own),
            policy=policy,
        )

    def ticks(self) -> Case:
        case = self.case()
        count = len(case.scores)
        gone = {self.below(count) for _ in range(self.below(count))}
        return replace(case, shares=(), without=tuple(sorted(gone))[: count - 1])


def cases() -> Iterator[Case]:
    """Edges first, then what chance gives."""
    chance = Chance()
    yield from _edges()
    yield from _cuts()
    yield from _rounding()
    for unknown in (1, 2, 3, 5):
        yield from (chance.case(unknown=unknown) for _ in range(8))
    for tenths in (249, 250, 251, 479, 480, 481):
        yield from _at(chance, tenths)
    yield from (chance.ticks() for _ in range(70))
    yield from (chance.case(policy="halves") for _ in range(10))
    yield from (chance.case() for _ in range(70))


def _edges() -> Iterator[Case]:
    for points in range(1, 6):
        for evidence, barriers, growth in (FLOOR, MIDDLE, CEILING):
            yield Case((points, 3, 3, 3, 3), (20,) * 5, evidence, barriers, growth, shares=(100, 0, 0, 0, 0))
    for points in (1, 5):
        for evidence in (FLOOR[0], CEILING[0]):
            for barriers, growth in (FLOOR[1:], CEILING[1:]):
                yield Case((points,) * 5, (20,) * 5, evidence, barriers, growth, shares=(60, 10, 10, 10, 10))


def _cuts() -> Iterator[Case]:
    """Exposed time around 20 and 40 percent in Green and Yellow, and task resistance around 1.80 in Red."""
    for exposed in (19, 20, 39, 40, 41):
        for evidence, barriers, growth in (MIDDLE, CEILING, ((0,) * 5, (0,) * 5, 0), ((1,) * 5, (1,) * 5, 1)):
            yield Case((2, 3, 4, 1, 2), (20,) * 5, evidence, barriers, growth, shares=(100 - exposed, exposed, 0, 0, 0))
    for weighted in (419, 420, 421):
        for evidence in ((-1, -1, -1, -1, -2), (-1, -1, -1, -1, -1)):
            for barriers in ((2, 0, 0, 0, 0), (2, 1, 0, 0, 0)):
                yield replace(_weighing(weighted), evidence=evidence, barriers=barriers, growth=-1)


def _weighing(weighted: int, policy: str = "in force") -> Case:
    """A case of two tasks whose weighted task score is `weighted` hundredths."""
    low = min(weighted // 100, 4)
    upper = weighted - 100 * low
    return Case((low, low + 1, 1, 2, 5), (20,) * 5, *MIDDLE, shares=(100 - upper, upper, 0, 0, 0), policy=policy)


def _rounding() -> Iterator[Case]:
    """Where rounding half up decides: exact halves of a tenth, and under the policy in force what is nearest to one."""
    found: dict[str, list[Case]] = {name: [] for name in POLICIES}
    # How far from a half at most, in the smallest steps that the score can take.
    reach = {"in force": 9, "halves": 0}
    for name, policy in POLICIES.items():
        whole = formula(policy)
        units = whole.divisor // gcd(whole.divisor, whole.gain, whole.offset)
        for evidence, barriers, growth in product(range(-10, 11), range(11), range(-2, 3)):
            for weighted in range(100, 501, 3):
                at = Point(whole.top - whole.per_share * weighted, evidence, barriers, growth)
                value = whole.gain * prod(whole.factors(at)) - whole.offset
                if abs(2 * value % (2 * whole.divisor) - whole.divisor) * units <= reach[name] * whole.divisor:
                    case = _weighing(weighted, name)
                    spread = tuple(_spread(evidence, 5, -2, 2))
                    more = tuple(_spread(barriers, 5, 0, 2))
                    found[name].append(replace(case, evidence=spread, barriers=more, growth=growth))
    yield from found["in force"]
    yield from found["halves"][:: len(found["halves"]) // 40]
    yield replace(_weighing(500, "halves"), evidence=FLOOR[0], barriers=FLOOR[1], growth=FLOOR[2])


def _spread(total: int, count: int, low: int, high: int) -> Iterator[int]:
    """Whole numbers inside a range that sum to `total`, the first ones as far from 0 as may be."""
    for _ in range(count):
        part = min(max(total, low), high)
        total -= part
        yield part


def _at(chance: Chance, tenths: int) -> Iterator[Case]:
    found = 0
    while found < 6:
        case = chance.case(unknown=chance.below(2))
        if round(score_of_record(case.exact) * 10) == tenths:
            found += 1
            yield case


def expected(result: ScoreResult) -> dict[str, object]:
    """What both sides say of one view."""
    robust = result.robustness
    unknown = None if result.unknown_low is None else [f"{result.unknown_low:.1f}", f"{result.unknown_high:.1f}"]
    return {
        "score": f"{result.score:.1f}",
        "unrounded": result.unrounded,
        "task_resistance": result.task_resistance,
        "zone": result.zone.value,
        "label": result.label,
        "steps": robust.steps,
        "flips": len(robust.flips),
        "verdict": robust.verdict,
        "joint": [f"{robust.joint_low:.1f}", f"{robust.joint_high:.1f}"],
        "joint_zones": [robust.joint_low_zone.value, robust.joint_high_zone.value],
        "unknown": unknown,
    }


def vector(case: Case) -> dict[str, object]:
    """A case with its result."""
    return {
        "policy": case.policy,
        "scores": case.scores,
        "published": case.published,
        "evidence": case.evidence,
        "barriers": case.barriers,
        "growth": case.growth,
        "without": case.without,
        "shares": list(case.own.values()),
        "expected": expected(personal_score(case.inputs, case.own, POLICIES[case.policy])),
    }


LINK_TASKS = {"t1": 30, "t2": 30, "t3": 40}
LINKS = (
    fragment_of({"t1": 20, "t2": 0, "t3": 80}, REVISION),
    "#t=t3:80,t1:20&v=1&r=0123456789ab",
    "#r=0123456789ab&v=1&t=t1:100",
    "https://example.org/p/index.html#t=t1:100,t2:0,t3:0&v=1&r=0123456789ab",
    "#t=t1:20,t2:0,t3:79&v=1&r=0123456789ab",
    "#t=t1:20,t2:1,t3:80&v=1&r=0123456789ab",
    "#t=t1:0,t2:0,t3:0&v=1&r=0123456789ab",
    "#t=t1:20.5,t2:0,t3:79.5&v=1&r=0123456789ab",
    "#t=t1:-20,t2:40,t3:80&v=1&r=0123456789ab",
    "#t=t1:020,t2:0,t3:80&v=1&r=0123456789ab",
    "#t=t1:1e2&v=1&r=0123456789ab",
    "#t=t1:200&v=1&r=0123456789ab",
    "#t=t1:20,t1:20,t3:60&v=1&r=0123456789ab",
    "#t=t1:20,t4:80&v=1&r=0123456789ab",
    "#t=t1:20,t3&v=1&r=0123456789ab",
    "#t=&v=1&r=0123456789ab",
    "#t=t1:100&v=2&r=0123456789ab",
    "#t=t1:100&v=1&r=ffffffffffff",
    "#t=t1:100&v=1&r=0123456789ab0",
    "#t=t1:100&v=1",
    "#t=t1:100&v=1&r=0123456789ab&x=1",
    "#t=t1:100&t=t2:100&v=1&r=0123456789ab",
    "#sources",
    "",
)


def link(text: str) -> dict[str, object]:
    """A fragment, and the shares that it says; `None` where it is refused."""
    try:
        return {"text": text, "shares": list(parse_fragment(text, LINK_TASKS, REVISION).values())}
    except InvalidInput:
        return {"text": text, "shares": None}


def document() -> dict[str, Any]:
    """The whole table."""
    return {
        "seed": SEED,
        "policy": POLICY.version,
        "revision": REVISION,
        "link_tasks": list(LINK_TASKS),
        "links": [link(text) for text in LINKS],
        "vectors": [vector(case) for case in cases()],
    }


def text() -> str:
    """The table as it stands in its file: one line an entry."""
    parts = document()
    lines = []
    for key, value in parts.items():
        listed = isinstance(value, Sequence) and value and isinstance(value[0], dict)
        entries = ",\n".join(json.dumps(entry) for entry in value) if listed else ""
        lines.append(f"{json.dumps(key)}: " + (f"[\n{entries}\n]" if listed else json.dumps(value)))
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    print(text(), end="")  # noqa: T201
