"""The smallest change that carries the score over a zone line, as a signal to watch (METHODOLOGY section 8)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, groupby
from math import prod

from agent.schemas.scored import Crossing, Step
from agent.schemas.vocabulary import Zone
from agent.scoring.levers import BARRIERS, EVIDENCE, GROWTH, Lever, Levers
from agent.scoring.zones import WORD

NEIGHBOURS = {Zone.GREEN: (Zone.YELLOW,), Zone.YELLOW: (Zone.GREEN, Zone.RED), Zone.RED: (Zone.YELLOW,)}
"""The zones on the other side of a line, best first."""

COUNT = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
TOTAL = {EVIDENCE: "the evidence total", BARRIERS: "the barrier total", GROWTH: "growth"}


def crossings(levers: Levers, here: Zone, flips: Sequence[Step]) -> tuple[Crossing, ...]:
    """For each line next to the zone `here`, the change of fewest unit steps that crosses it.

    A unit step moves one input by one; several may fall on one input. Among changes of equally few steps the first in
    formula order is taken: as many as possible on tasks, then on evidence, barriers and growth; on tasks the largest
    share first, equal shares in task order. `flips` are the single steps that change the zone; a signal that is a
    single step says how many others would do.
    """
    return tuple(_crossing(levers, here, there, flips) for there in NEIGHBOURS[here])


def _crossing(levers: Levers, here: Zone, there: Zone, flips: Sequence[Step]) -> Crossing:
    policy = levers.policy
    line = policy.green_line if Zone.GREEN in (here, there) else policy.yellow_line
    sign = 1 if there is Zone.GREEN or here is Zone.RED else -1
    found = _fewest(levers, 10 * line, sign)
    changes = tuple(_steps(levers, found, sign)) if found else ()
    others = sum(step.zone is there for step in flips) - 1 if len(changes) == 1 else 0
    return Crossing(
        line=float(line),
        direction="up" if sign > 0 else "down",
        changes=changes,
        signal=_signal(changes, there, sign, others),
    )


def _fewest(levers: Levers, line: int, sign: int) -> list[int] | None:
    """How many steps on tasks, evidence, barriers and growth are the smallest change to the other side of `line`.

    `line` is in tenths; `None` when no change reaches it. The score rises with a product of positive factors, one for
    each of the four, so the best product of n steps follows from the best ones of fewer factors.
    """
    factors = _factors(levers, sign)
    best = max if sign > 0 else min
    tails: list[list[int]] = [[prod(row[0] for row in factors[i:])] for i in range(len(factors) + 1)]

    def crosses(product: int) -> bool:
        tenths = levers.shifted(levers.formula.of_product(product))
        return tenths >= line if sign > 0 else tenths < line

    for total in range(1, sum(len(row) - 1 for row in factors) + 1):
        for row, tail, rest in zip(reversed(factors), reversed(tails[:-1]), reversed(tails[1:]), strict=True):
            products = [row[n] * rest[total - n] for n in range(min(total + 1, len(row))) if total - n < len(rest)]
            if products:
                tail.append(best(products))
        if crosses(tails[0][total]):
            return _first(factors, tails, total, crosses)
    return None


def _first(
    factors: Sequence[Sequence[int]], tails: Sequence[Sequence[int]], total: int, crosses: Callable[[int], bool]
) -> list[int]:
    """The first way in formula order to take `total` steps so that the product crosses."""
    counts: list[int] = []
    taken = 1
    for row, rest in zip(factors, tails[1:], strict=True):
        left = total - sum(counts)
        count = next(
            n
            for n in range(min(left, len(row) - 1), -1, -1)
            if left - n < len(rest) and crosses(taken * row[n] * rest[left - n])
        )
        counts.append(count)
        taken *= row[count]
    return counts


def _factors(levers: Levers, sign: int) -> list[list[int]]:
    """The formula's four factors after 0, 1, 2 … steps on each; the task steps in the order they are taken."""
    size = levers.policy.robustness_step
    gains = [sign * size * levers.formula.per_share * lever.share for lever in _task_steps(levers, sign)]
    rows = [list(accumulate(gains, initial=levers.start.resistance))]
    for i, lever in enumerate((lever for lever in levers.all if not lever.share), start=1):
        points = (levers.moved(levers.start, lever, sign * size * n) for n in range(lever.room(sign, size) + 1))
        rows.append([levers.formula.factors(point)[i] for point in points])
    return rows


def _task_steps(levers: Levers, sign: int) -> list[Lever]:
    """The task of each unit step in the order in which they are taken: the largest share first."""
    size = levers.policy.robustness_step
    tasks = sorted((lever for lever in levers.all if lever.share), key=lambda lever: -lever.share)
    return [lever for lever in tasks for _ in range(lever.room(sign * lever.favourable, size))]


def _steps(levers: Levers, counts: Sequence[int], sign: int) -> Iterator[Step]:
    size = levers.policy.robustness_step
    totals = [lever for lever in levers.all if not lever.share]
    order = _task_steps(levers, sign)[: counts[0]]
    order += [lever for lever, count in zip(totals, counts[1:], strict=True) for _ in range(count)]
    point = levers.start
    for lever, group in groupby(order):
        value = lever.value
        for _ in group:
            by = sign * lever.favourable * size
            point = levers.moved(point, lever, by)
            yield levers.step(lever, value, value + by, point)
            value += by


def _signal(changes: Sequence[Step], there: Zone, sign: int, others: int) -> str:
    if not changes:
        return f"no change of the inputs inside their ranges reaches {WORD[there]}"
    runs = [list(run) for _, run in groupby(changes, key=lambda step: step.input)]
    parts = [_run(run) for run in runs]
    verb = ("lifts" if sign > 0 else "lowers") if len(changes) == 1 else ("lift" if sign > 0 else "lower")
    together = " together" if len(parts) > 1 else ""
    what = " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]
    result = f"{what}{together} {verb} the score to {changes[-1].score:.1f}, {WORD[changes[-1].zone]}"
    if others < 1:
        return result
    return f"{result}; {others} other single {'step does' if others == 1 else 'steps do'} the same"


def _run(run: Sequence[Step]) -> str:
    """A run of steps on one input, for example "one step more on the evidence total (5 → 6)"."""
    first, last = run[0], run[-1]
    name = TOTAL.get(first.input) or f"the task “{first.input.removeprefix('task: ')}”"
    count = COUNT[len(run)] if len(run) < len(COUNT) else str(len(run))
    return (
        f"{count} {'step' if len(run) == 1 else 'steps'} {'more' if last.to > first.from_ else 'less'} on {name} "
        f"({first.from_} → {last.to})"
    )
