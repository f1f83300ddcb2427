"""What did not pass, failures first, cases with the same words together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from evals.report import words
from evals.report.shape import Line
from evals.suites.verdict import Outcome


class Amiss(NamedTuple):
    """Cases of one suite that failed, or are stale, for the same reason."""

    outcome: Outcome
    suite: str
    message: str
    cases: tuple[str, ...]
    """Metric and case of each, in order."""

    @property
    def state(self) -> str:
        """The outcome in words."""
        return "stale, not run" if self.outcome is Outcome.STALE else "failed"

    def named(self, at_most: int) -> str:
        """The first cases, and how many more there are."""
        more = len(self.cases) - at_most
        return "; ".join(self.cases[:at_most]) + (f"; and {more} more" if more > 0 else "")


def amiss(verdicts: Sequence[Line]) -> tuple[Amiss, ...]:
    """Everything that did not pass, in the order of the verdicts."""
    grouped: dict[tuple[Outcome, str, str], list[str]] = {}
    for line in verdicts:
        if line.outcome is not Outcome.PASSED:
            planted = ", which was planted and not noticed" if line.control else ""
            name = f"{words.metric_name(line.metric)}, {line.case}{planted}"
            grouped.setdefault((line.outcome, line.suite, line.message), []).append(name)
    return tuple(Amiss(*key, tuple(names)) for key, names in grouped.items())
