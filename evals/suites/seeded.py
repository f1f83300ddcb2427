"""How many seeded errors the guard catches now, held to the goals of `evals/seeded` and to the committed counts."""

from __future__ import annotations

from collections.abc import Iterator

from evals.seeded.judging import judge_all
from evals.seeded.operators.operator import Goal
from evals.seeded.operators.registry import OPERATORS
from evals.seeded.report import ALL, FALSE_BLOCK, FALSE_REVIEW, Ratchet, breaches, ratchet_of, read_ratchet
from evals.suites.context import Context
from evals.suites.planted import control
from evals.suites.verdict import Outcome, Verdict

SUITE = "seeded"
CAUGHT, FALSE, NOT_WORSE = "caught", "false_alarms", "not_worse"
"""Share of mutants with the finding that their goal asks for; share of true claims with a finding; whether any count is
worse than the committed one."""


def run(context: Context) -> Iterator[Verdict]:
    """A verdict an operator and tier of false alarms, one on all counts, then the controls."""
    counted = ratchet_of(judge_all())
    yield from verdicts(counted)
    yield not_worse(counted, read_ratchet())
    yield from controls(counted)


def not_worse(counted: Ratchet, committed: Ratchet) -> Verdict:
    """Whether the guard catches less, or stops more that is true, than when the counts were committed."""
    worse = breaches(committed, counted)
    return Verdict(
        suite=SUITE,
        metric=NOT_WORSE,
        case="committed counts",
        outcome=Outcome.FAILED if worse else Outcome.PASSED,
        message=f"Worse: {'; '.join(worse)}." if worse else "No count is worse than the committed one.",
        score=float(len(worse)),
        threshold=0.0,
    )


def verdicts(counted: Ratchet) -> Iterator[Verdict]:
    """What the goals say of the counts. An operator that was never counted failed."""
    for operator in OPERATORS:
        yield _caught(operator.name, operator.goal, counted["mutants"].get(operator.name))
    counts = counted["controls"].get(ALL)
    alarms = (("BLOCK", "block", FALSE_BLOCK), ("either tier", "either", FALSE_REVIEW))
    for words, tier, bound in alarms:
        yield _false_alarms(words, tier, bound, counts)


def controls(counted: Ratchet) -> Iterator[Verdict]:
    """The counts with a tenth of the catches gone, and with as many false alarms as claims: both have to fail."""
    first = OPERATORS[0]
    counts = counted["mutants"][first.name]
    fewer = {**counts, tier_of(first.goal): round(0.9 * counts["cases"])}
    found = _caught(first.name, first.goal, fewer)
    noticed = found.outcome is Outcome.FAILED
    yield control(SUITE, CAUGHT, "a tenth of the catches gone", noticed=noticed, message=found.message)
    every = counted["controls"][ALL]
    found = _false_alarms("BLOCK", "block", FALSE_BLOCK, {**every, "block": every["cases"]})
    noticed = found.outcome is Outcome.FAILED
    yield control(SUITE, FALSE, "an alarm at every true claim", noticed=noticed, message=found.message)
    found = not_worse({**counted, "mutants": {**counted["mutants"], first.name: fewer}}, counted)
    noticed = found.outcome is Outcome.FAILED
    yield control(SUITE, NOT_WORSE, "a tenth of the catches gone", noticed=noticed, message=found.message)


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
    message = "There is no count of it."
    return Verdict(suite=SUITE, metric=metric, case=case, outcome=Outcome.FAILED, message=message)
