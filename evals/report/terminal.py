"""The report in a terminal: failures first, then each suite and each role, before and now."""

from __future__ import annotations

from collections.abc import Iterator

from agent.schemas.text import without_controls
from evals.report import words
from evals.report.amiss import Amiss, amiss
from evals.report.shape import Comparison, Report, RoleLine
from evals.suites.verdict import Outcome

TOLD = ("score", "zone", "citations", "tokens")
"""Of the suite of roles, what the line of a role tells."""

NAMED = 3
"""Cases with the same words that are named; the page has all."""


def lines(report: Report) -> Iterator[str]:
    """One line after another, without control characters."""
    for text in _lines(report):
        yield without_controls(text)


def _lines(report: Report) -> Iterator[str]:
    yield words.headline(report)
    for one in amiss(report.verdicts):
        state = "STALE, not run" if one.outcome is Outcome.STALE else "FAILED"
        yield f"{state}  {one.suite}: {_told(one)}"
    for suite in report.suites:
        controls = f"controls {suite.noticed} of {suite.controls}"
        yield f"{suite.name:<12} {words.counts(suite)}; {controls}; {suite.seconds:.1f} s"
    yield words.compared(report)
    yield from (_role(role) for role in report.roles)
    changed = [one for one in report.others if one.changed and report.compared_with is not None]
    yield from (f"changed: {one.suite} {words.comparison_name(one)}: {_change(one)}" for one in changed)


def _told(one: Amiss) -> str:
    if len(one.cases) == 1:
        return f"{one.cases[0]}: {one.message}"
    return f"{len(one.cases)} cases: {one.message} ({one.named(NAMED)})"


def _role(role: RoleLine) -> str:
    parts = [f"{name} {_change(one)}" for name in TOLD if (one := role.metric(name)) is not None]
    was, now = words.judged(role.metrics, before=True), words.judged(role.metrics, before=False)
    if (was, now) != (words.NOTHING, words.NOTHING):
        parts.append(f"judged {now if was in (now, words.NOTHING) else f'{was} -> {now}'}")
    return f"{role.role}: {'; '.join(parts) or 'nothing was measured'}"


def _change(one: Comparison) -> str:
    before, after = words.figure(one.metric, one.before), words.figure(one.metric, one.after)
    return after if before == after or one.before is None else f"{before} -> {after}"
