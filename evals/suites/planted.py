"""What a suite says of a bad sample that was planted: it passed when the metric failed the sample."""

from __future__ import annotations

from evals.suites.verdict import Outcome, Verdict


def control(suite: str, metric: str, what: str, *, noticed: bool, message: str) -> Verdict:
    """`what` was planted, in words; `noticed` is whether the metric failed it; `message` is what the metric said."""
    return Verdict(
        suite=suite,
        metric=metric,
        case=f"planted: {what}",
        outcome=Outcome.PASSED if noticed else Outcome.FAILED,
        message=message,
        control=True,
    )
