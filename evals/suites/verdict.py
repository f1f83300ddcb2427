"""What a suite says of one case by one metric: the only value that suites hand to the report."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How it ended. Nothing measured is a failure, never a pass."""

    PASSED = "passed"
    FAILED = "failed"
    """A threshold was missed, or nothing could be measured: no statement, NaN, a judge that erred, no recording."""
    STALE = "stale"
    """Not run: what the judge was recorded on has changed since. Neither a pass nor a failure of the product."""


@dataclass(frozen=True)
class Verdict:
    """One metric on one case."""

    suite: str
    """For example `deepeval` or `retrieval`."""
    metric: str
    """As the file of thresholds names it."""
    case: str
    """What was measured, for people: a role's section, a query, a pair."""
    outcome: Outcome
    message: str
    """Why, in one sentence; never empty where it did not pass."""
    score: float | None = None
    """On the metric's own scale; `None` where nothing was measured."""
    threshold: float | None = None
    role: str | None = None
    """The golden role it belongs to; `None` where it belongs to none."""
    control: bool = False
    """A planted bad sample: it passed when the metric failed the sample."""
    found: str | None = None
    """What was measured where it is a word and no number, for example a zone."""
