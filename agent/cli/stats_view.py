"""What `assess-role stats` prints: a line a number that there is."""

from __future__ import annotations

from collections.abc import Iterator

from agent.cli.output import Terminal
from agent.cli.wording import LEVEL_OPEN, counted, lasting
from agent.errors import InvalidInput
from agent.evidence.metadata import is_day_or_part
from agent.registry.drift import Checked, RoleDrift, Unknown, VersionDrift
from agent.review.attention import Spread
from agent.schemas.record import ModelUsage
from agent.schemas.text import one_line
from agent.settings import Settings
from agent.workflow.measuring import Measured, measured
from agent.workflow.stats import RunStats, Totals, months, totals
from agent.workflow.wiring import open_stores

DIGEST = len("sha256:") + 8
"""Characters of a digest that are enough to tell two apart."""
NOT_STORED = (
    "Times lie between stored moments, pauses among them; how long one call took is not stored: traces tell it."
)


def show_stats(terminal: Terminal, settings: Settings, role: str | None, since: str | None) -> None:
    """Everything, or one role, or from a day on. Raises InvalidInput for a day that is none, NotFound for a role of
    which there is nothing."""
    if since is not None and not is_day_or_part(since):
        raise InvalidInput(
            f"--since is {one_line(since)!r}, expected a day that exists, a month or a year.",
            hint="For example --since 2026-11-28, --since 2026-11 or --since 2026.",
        )
    with open_stores(settings) as stores:
        found = measured(settings, stores, role=role, since=since or "")
    if terminal.as_json:
        terminal.document(_document(found, role, since))
        return
    for line in _lines(found):
        terminal.data(line)
    if found.runs or found.drift:
        terminal.words(NOT_STORED)
    elif not found.not_told:
        terminal.words("Nothing was assessed yet." if since is None else "Nothing was assessed since then.")
    if found.not_told:
        terminal.words(f"{counted(found.not_told, 'assessment')} left out until decided, unless an admin looks.")


def _document(found: Measured, role: str | None, since: str | None) -> dict[str, object]:
    return {
        "ok": True,
        "role": role,
        "since": since,
        "all": totals(found.runs).model_dump(mode="json"),
        "months": [month.model_dump(mode="json") for month in months(found.runs)],
        "assessments": [run.model_dump(mode="json") for run in found.runs],
        "drift": [of_role.model_dump(mode="json") for of_role in found.drift],
        "not_told": found.not_told,
    }


def _lines(found: Measured) -> Iterator[str]:
    if found.runs:
        yield "All together"
        yield from (f"  {line}" for line in _totals(totals(found.runs)))
        by_month = months(found.runs)
        for month in by_month if len(by_month) > 1 else ():
            yield month.month
            yield from (f"  {line}" for line in _totals(month))
    for run in found.runs:
        yield f"{run.id}  {run.created_at[:10]}  {run.status.replace('_', ' ')}"
        yield from (f"  {line}" for line in _run(run))
    for of_role in found.drift:
        yield from _drift(of_role)


def _totals(group: Totals) -> Iterator[str]:
    statuses = ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in group.statuses.items())
    yield f"{counted(group.assessments, 'assessment')}: {statuses}"
    yield _usage(group.usage, group.replayed, group.redrafts)
    yield from _quality(group.first_findings, group.findings, group.unknown)
    for spread, words in (
        (group.drafting, "to the first checkpoint"),
        (group.review, "in review"),
        (group.whole, "to the page"),
    ):
        if spread is not None:
            yield f"{words}: {_times(spread)}"
    if group.models:
        yield f"models: {', '.join(map(one_line, group.models))}"
    if group.corpora:
        yield f"corpus: {', '.join(digest[:DIGEST] for digest in group.corpora)}"


def _run(run: RunStats) -> Iterator[str]:
    yield f"{one_line(run.role)} ({one_line(run.seniority) or LEVEL_OPEN})"
    yield _usage(run.usage, run.replayed, run.redrafts)
    yield from _quality(run.first_findings, run.findings, run.unknown)
    times = [
        f"{lasting(seconds)} {words}"
        for seconds, words in (
            (run.drafting_s, "to the first checkpoint"),
            (run.review_s, "in review"),
            (run.whole_s, "to the page"),
        )
        if seconds is not None
    ]
    if times:
        yield ", ".join(times)


def _usage(usage: ModelUsage, replayed: ModelUsage, redrafts: int) -> str:
    whole = f", {replayed.calls} of the calls replayed" if replayed.calls else ""
    return (
        f"{counted(usage.calls, 'call')}, {usage.input_tokens:,} tokens in, {usage.output_tokens:,} out, "
        f"{counted(redrafts, 'redraft')}{whole}"
    )


def _quality(first: Checked | None, newest: Checked | None, unknown: Unknown | None) -> Iterator[str]:
    for report, words in ((first, "in first drafts"), (newest, "now")):
        if report is not None:
            yield f"findings {words}: {_findings(report)}"
    if unknown is not None:
        yield f"unknown evidence dimensions: {_unknown(unknown)}"


def _findings(report: Checked) -> str:
    per_claim = "" if report.per_claim is None else f", {report.per_claim:.2f} a claim"
    return f"{report.block} block and {report.review} review in {counted(report.claims, 'claim')}{per_claim}"


def _unknown(unknown: Unknown) -> str:
    return f"{unknown.dimensions} of {unknown.of} ({100 * unknown.dimensions / unknown.of:.0f}%)"


def _drift(of_role: RoleDrift) -> Iterator[str]:
    name = f"{one_line(of_role.role)} ({one_line(of_role.seniority)})"
    yield f"Drift of {name}: {_signed(of_role.change)} from its first version to its newest"
    for version in of_role.versions:
        yield from (f"  {line}" for line in _version(version))


def _version(version: VersionDrift) -> Iterator[str]:
    change = "" if version.change is None else f" ({_signed(version.change)})"
    gone = ", withdrawn since" if version.withdrawn else ""
    yield f"v{version.version}  {version.published_at[:10]}  {version.score:.1f}{change}{gone}"
    yield from (f"  {line}" for line in _quality(version.first_findings, version.findings, version.unknown))
    if version.made is not None:
        yield f"  made by {one_line(version.made.model)}, corpus {version.made.corpus[:DIGEST]}"
    if version.differs:
        yield f"  other than before: {', '.join(version.differs)}"


def _signed(change: float) -> str:
    return f"{change:+.1f}".replace("-", "−") if change else "0.0"


def _times(spread: Spread) -> str:
    ends = f", quartiles {lasting(spread.lower_s)} and {lasting(spread.upper_s)}" if spread.n > 1 else ""
    return f"median {lasting(spread.median_s)}{ends}, n {spread.n}"
