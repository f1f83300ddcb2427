"""How figures and counts are printed, on the page and in the terminal."""

from __future__ import annotations

from evals.report.shape import Comparison, Counts, Figure, Report

COUNTS = frozenset({"block_findings", "citations", "tokens", "queries", "judgements"})
POINTS = frozenset({"score", "score_discrepancy"})
SHARES = frozenset({"caught", "false_alarms", "citation_coverage"})
NOTHING = "–"


def number(metric: str, value: float) -> str:
    """A score in the unit of its metric: a count, points, percent, or a number on the metric's own scale."""
    if metric in COUNTS:
        return f"{value:,.0f}"
    if metric in POINTS:
        return f"{value:.1f}"
    return f"{100 * value:.1f} %" if metric in SHARES else f"{value:.3f}"


def figure(metric: str, shown: Figure | None) -> str:
    """What a metric says of one case, or how many of several passed and within which bounds."""
    if shown is None:
        return NOTHING
    cases = shown.passed + shown.failed + shown.stale
    if cases == 1:
        return _single(metric, shown)
    parts = [f"{shown.passed} of {cases}"]
    if shown.low is not None and shown.high is not None:
        low, high = number(metric, shown.low), number(metric, shown.high)
        parts.append(low if low == high else f"{low} to {high}")
    return ", ".join(parts)


def _single(metric: str, shown: Figure) -> str:
    if shown.found is not None:
        return shown.found
    if shown.low is not None:
        return number(metric, shown.low)
    return "stale" if shown.stale else "passed" if shown.passed else "failed"


def metric_name(metric: str) -> str:
    """A metric's name for people."""
    return metric.replace("_", " ")


def comparison_name(one: Comparison) -> str:
    """What is compared, for people."""
    return metric_name(one.metric) if one.case is None else f"{metric_name(one.metric)}: {one.case}"


def judged(report_role_metrics: tuple[Comparison, ...], *, before: bool) -> str:
    """How many of the verdicts of every suite but that of the roles passed for a role."""
    figures = [one.before if before else one.after for one in report_role_metrics if one.suite != "roles"]
    counts = [shown for shown in figures if shown is not None]
    cases = sum(shown.passed + shown.failed + shown.stale for shown in counts)
    return f"{sum(shown.passed for shown in counts)} of {cases}" if cases else NOTHING


def counts(found: Counts) -> str:
    """Counts in words."""
    stale = f", {found.stale} stale, not run" if found.stale else ""
    return f"{found.passed} passed, {found.failed} failed{stale}"


def headline(report: Report) -> str:
    """What came of it, in one sentence."""
    controls = report.controls
    planted = controls.passed + controls.failed + controls.stale
    return (
        f"{counts(report.counts)}; {controls.passed} of {planted} planted bad samples were noticed "
        f"({'live' if report.mode == 'live' else 'replayed'}, {report.seconds:.0f} s)."
    )


def compared(report: Report) -> str:
    """What it is compared with, in one sentence."""
    if report.compared_with is None:
        return "There is no baseline to compare with."
    return f"Compared with the baseline of {report.compared_with}."
