"""What runs cost and what came of them, an assessment, a month and all together. Pure over rows that somebody read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from agent.registry.drift import Checked, Unknown, together
from agent.review.attention import Spread, spread
from agent.schemas.base import Value
from agent.schemas.record import ModelUsage


class RunStats(Value):
    """One assessment. A time is in whole seconds between two stored moments, `None` where one of them is not there."""

    id: str
    role: str
    seniority: str
    status: str
    created_at: str
    model: str | None
    """Of the newest revision; `None` before there is one."""
    corpus: str | None
    """Digest of the corpus that was searched."""
    usage: ModelUsage
    """Everything: spent at a connected model, usable or not, and what replayed answers cost when they were recorded."""
    replayed: ModelUsage
    """What of it was replayed."""
    redrafts: int
    """Sections drafted again: on findings, on a send-back, in a refresh."""
    first_findings: Checked | None
    """What the guard said of the first drafts."""
    findings: Checked | None
    """What it says of the newest revision."""
    unknown: Unknown | None
    """Evidence dimensions of the newest revision of which nothing is known."""
    drafting_s: int | None
    """From the request to the first review, pauses of a run that stood still among it."""
    review_s: int | None
    """All reviews together, from opening to decision; `None` where none was decided."""
    whole_s: int | None
    """From the request to the publication."""


class Totals(Value):
    """Several assessments together. `None` is where there is nothing to count."""

    assessments: int
    statuses: dict[str, int]
    usage: ModelUsage
    replayed: ModelUsage
    redrafts: int
    first_findings: Checked | None
    findings: Checked | None
    unknown: Unknown | None
    drafting: Spread | None
    review: Spread | None
    whole: Spread | None
    models: tuple[str, ...]
    """Sorted."""
    corpora: tuple[str, ...]
    """Digests, in the order in which they were first searched."""


class Month(Totals):
    """The assessments asked for in one month, UTC."""

    month: str
    """`YYYY-MM`."""


def totals(runs: Sequence[RunStats]) -> Totals:
    """All of them together."""
    counts = Counter(run.status for run in runs)
    return Totals(
        assessments=len(runs),
        statuses=dict(sorted(counts.items())),
        usage=_added(run.usage for run in runs),
        replayed=_added(run.replayed for run in runs),
        redrafts=sum(run.redrafts for run in runs),
        first_findings=together(run.first_findings for run in runs),
        findings=together(run.findings for run in runs),
        unknown=_unknown(run.unknown for run in runs),
        drafting=spread(run.drafting_s for run in runs if run.drafting_s is not None),
        review=spread(run.review_s for run in runs if run.review_s is not None),
        whole=spread(run.whole_s for run in runs if run.whole_s is not None),
        models=tuple(sorted({run.model for run in runs if run.model is not None})),
        corpora=tuple(dict.fromkeys(run.corpus for run in runs if run.corpus is not None)),
    )


def months(runs: Sequence[RunStats]) -> tuple[Month, ...]:
    """By month, oldest first; a month without an assessment is none."""
    named = sorted({run.created_at[:7] for run in runs})
    groups = [(name, totals([run for run in runs if run.created_at[:7] == name])) for name in named]
    return tuple(Month(month=name, **{f: getattr(group, f) for f in Totals.model_fields}) for name, group in groups)


def _added(usages: Iterable[ModelUsage]) -> ModelUsage:
    known = list(usages)
    return ModelUsage(
        calls=sum(usage.calls for usage in known),
        input_tokens=sum(usage.input_tokens for usage in known),
        output_tokens=sum(usage.output_tokens for usage in known),
    )


def _unknown(counts: Iterable[Unknown | None]) -> Unknown | None:
    known = [count for count in counts if count is not None]
    return Unknown(dimensions=sum(c.dimensions for c in known), of=sum(c.of for c in known)) if known else None
