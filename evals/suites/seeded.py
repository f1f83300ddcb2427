"""How many seeded errors the guard catches, as committed: held to the goals of `evals/seeded` without judging anew.

`pytest evals/seeded` measures these counts, takes a minute for it, and fails where one differs for the worse from the
committed file that is read here.
"""

from __future__ import annotations

from collections.abc import Iterator

from evals.seeded.operators.operator import Goal
from evals.seeded.operators.registry import OPERATORS
from evals.seeded.report import ALL, FALSE_BLOCK, FALSE_REVIEW, RATCHET, Ratchet, read_ratchet
from evals.suites.context import Context
from evals.suites.planted import control
from evals.suites.verdict import Outcome, Verdict

SUITE = "seeded"
CAUGHT, FALSE = "caught", "false_alarms"
"""Share of mutants with the finding that their goal asks for; share of true claims with a finding."""


def run(context: Context) -> Iterator[Verdict]:
    """A verdict an operator and tier of false alarms, then the controls."""
    committed = read_ratchet()
    yield from verdicts(committed)
    yield from controls(committed)


def verdicts(committed: Ratchet) -> Iterator[Verdict]:
    """What the goals say of the counts. An operator that was never counted failed."""
    for operator in OPERATORS:
        yield _caught(operator.name, operator.goal, committed["mutants"].get(operator.name))
    counts = committed["controls"].get(ALL)
    alarms = (("BLOCK", "block", FALSE_BLOCK), ("either tier", "either", FALSE_REVIEW))
    for words, tier, bound in alarms:
        yield _false_alarms(words, tier, bound, counts)


def controls(committed: Ratchet) -> Iterator[Verdict]:
    """The counts with a tenth of the catches gone, and with as many false alarms as claims: both have to fail."""
    first = OPERATORS[0]
    counts = committed["mutants"][first.name]
    fewer = {**counts, tier_of(first.goal): round(0.9 * counts["cases"])}
    found = _caught(first.name, first.goal, fewer)
    noticed = found.outcome is Outcome.FAILED
    yield control(SUITE, CAUGHT, "a tenth of the catches gone", noticed=noticed, message=found.message)
    every = committed["controls"][ALL]
    found = _false_alarms("BLOCK", "block", FALSE_BLOCK, {**every, "block": every["cases"]})
    noticed = found.outcome is Outcome.FAILED
    yield control(SUITE, FALSE, "an alarm at every true claim", noticed=noticed, message=found.message)


def tier_of(goal: Goal) -> str:
    """The count that the goal is about."""
    return "block" if goal.expected == "BLOCK" else "either"


def _caught(name: str, goal: Goal, counts: dict[str, int] | None) -> Verdict:
    if not counts or not counts["cases"]:
        return _uncounted(CAUGHT, name)
    hits, cases = counts[tier_of(goal)], counts["cases"]
    met = goal.rate is None or hits >= goal.rate * cases
    wanted = "no goal is set" if goal.rate is None else f"expected at least {100 * goal.rate:.0f} %"
    by = "with BLOCK" if goal.expected == "BLOCK" else "in either tier"
    return Verdict(
        suite=SUITE,
        metric=CAUGHT,
        case=name,
        outcome=Outcome.PASSED if met else Outcome.FAILED,
        message=f"{hits} of {cases} caught {by}, {wanted}.",
        score=hits / cases,
        threshold=goal.rate,
    )


def _false_alarms(words: str, tier: str, bound: float, counts: dict[str, int] | None) -> Verdict:
    if not counts or not counts["cases"]:
        return _uncounted(FALSE, words)
    share = counts[tier] / counts["cases"]
    return Verdict(
        suite=SUITE,
        metric=FALSE,
        case=words,
        outcome=Outcome.PASSED if share <= bound else Outcome.FAILED,
        message=f"{counts[tier]} of {counts['cases']} true claims, expected at most {100 * bound:.1f} %.",
        score=share,
        threshold=bound,
    )


def _uncounted(metric: str, case: str) -> Verdict:
    message = f"{RATCHET.name} has no count of it: python evals/seeded/measure.py --write."
    return Verdict(suite=SUITE, metric=metric, case=case, outcome=Outcome.FAILED, message=message)
