"""The report as a document: what `python -m evals --json FILE` writes, and what the page shows.

{"format", "ok", "mode", "at", "seconds", "compared_with",
 "counts": {"passed", "failed", "stale"}, "controls": the same,
 "suites": [{"name", "passed", "failed", "stale", "noticed", "controls", "seconds"}],
 "roles": [{"role", "family", "expected", "metrics": [comparison]}], "others": [comparison],
 "verdicts": [{"suite", "metric", "case", "role", "control", "outcome", "message", "score", "found", "threshold"}]}

comparison: {"suite", "metric", "case", "before": figure | null, "after": figure | null, "changed", "said"}
figure: {"passed", "failed", "stale", "low", "high", "found"}
"""

from __future__ import annotations

import math
from typing import Literal

from pydantic import Field

from agent.schemas.base import Value
from evals.suites.verdict import Outcome, Verdict

FORMAT: Literal["assess-role/evals/1"] = "assess-role/evals/1"
BASELINE: Literal["assess-role/evals-baseline/1"] = "assess-role/evals-baseline/1"


class Counts(Value):
    """How verdicts ended."""

    passed: int = 0
    failed: int = 0
    stale: int = 0


class Line(Value):
    """One verdict. See `evals.suites.verdict.Verdict`."""

    suite: str
    metric: str
    case: str
    role: str | None
    control: bool = False
    outcome: Outcome
    message: str
    score: float | None = Field(default=None, allow_inf_nan=False)
    found: str | None = None
    threshold: float | None = None

    @classmethod
    def of(cls, verdict: Verdict) -> Line:
        """The same as a line; a score that is no number is none."""
        return cls(
            suite=verdict.suite,
            metric=verdict.metric,
            case=verdict.case,
            role=verdict.role,
            control=verdict.control,
            outcome=verdict.outcome,
            message=verdict.message,
            score=verdict.score if verdict.score is not None and math.isfinite(verdict.score) else None,
            found=verdict.found,
            threshold=verdict.threshold,
        )


class Figure(Counts):
    """What one metric says of one role over all its cases, or of one case that belongs to no role."""

    low: float | None
    """The lowest score; `None` where nothing was measured in numbers."""
    high: float | None
    found: str | None
    """What was found where it is a word: of several cases each one, in order."""


class Comparison(Value):
    """One metric before and now."""

    suite: str
    metric: str
    case: str | None
    """`None` for a metric of a role, which is over all its cases."""
    before: Figure | None
    """In the baseline; `None` where it has none."""
    after: Figure | None
    """Now; `None` where it was not measured this time."""
    changed: bool
    """What was before and what is now differ, or one of them is missing."""
    said: str
    """What the suite says of it now, where it is one verdict; empty otherwise."""


class SuiteLine(Counts):
    """One suite."""

    name: str
    noticed: int
    """Controls that were noticed."""
    controls: int
    seconds: float


class Expectation(Value):
    """The frozen interval of a role's score."""

    low: float
    high: float


class RoleLine(Value):
    """One golden role before and now."""

    role: str
    family: str
    expected: Expectation | None
    metrics: tuple[Comparison, ...]

    def metric(self, name: str) -> Comparison | None:
        """A metric of the suite of roles; `None` where neither side has it."""
        return next((one for one in self.metrics if (one.suite, one.metric) == ("roles", name)), None)


class Report(Value):
    """Everything that one run of the evals found."""

    format: Literal["assess-role/evals/1"] = FORMAT
    ok: bool
    """Every suite that was asked for ran, and nothing failed and nothing is stale."""
    mode: str
    """`replay` or `live`."""
    at: str
    """When it began, in UTC."""
    seconds: float
    compared_with: str | None
    """The day of the baseline; `None` without one."""
    counts: Counts
    """Without controls."""
    controls: Counts
    """Passed are those that were noticed."""
    suites: tuple[SuiteLine, ...]
    roles: tuple[RoleLine, ...]
    others: tuple[Comparison, ...]
    """Of what belongs to no role."""
    verdicts: tuple[Line, ...]
    """All of them, failures first, then what is stale."""


class Former(Value):
    """One verdict of a baseline."""

    suite: str
    role: str | None = None
    metric: str
    case: str
    outcome: Outcome
    score: float | None = Field(default=None, allow_inf_nan=False)
    found: str | None = None


class Baseline(Value):
    """What a later run is compared with: the verdicts of one run, without controls and without their words."""

    format: Literal["assess-role/evals-baseline/1"] = BASELINE
    at: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    """The day of the run."""
    verdicts: tuple[Former, ...]
