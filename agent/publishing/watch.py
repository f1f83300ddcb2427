"""What would change the verdict: the smallest changes across a line, what one would see, and when evidence grows old.

Everything is computed from an assessment alone and needs no clock, so that a page and the terminal say the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from agent.grounding.dates import is_stale, stale_from
from agent.publishing import words
from agent.publishing.signals import Signal, signals
from agent.schemas.assessment import Assessment, Source
from agent.schemas.base import Value
from agent.schemas.scored import Crossing, ScoreInputs, ScoreResult, Step
from agent.schemas.text import one_line
from agent.schemas.vocabulary import EvidenceName, Zone
from agent.scoring import POLICY
from agent.scoring.moved import evidence_alone, label_after
from agent.scoring.zones import zone


class Move(Value):
    """A change of the inputs that crosses a line, one of the smallest."""

    steps: tuple[Step, ...]
    """Taken together, in order; `score` and `zone` are those after each."""
    score: float
    label: str
    """The printed label after the change."""
    signals: tuple[Signal, ...]
    """What one would see if it came to that."""


class LineWatch(Value):
    """One line next to the zone."""

    line: float
    """The score at the line."""
    direction: Literal["up", "down"]
    to: Zone
    """The zone on its other side."""
    distance: float
    """Points from the score to the line, one decimal, 0 or more."""
    moves: tuple[Move, ...]
    """Every single step that crosses it; where none does, the change of fewest steps and, where it suffices, that of
    fewest steps on evidence alone. Empty: nothing reaches it."""
    sentence: str
    """The smallest change in words, and what evidence alone would take."""
    signals: tuple[Signal, ...]
    """Those of all moves, each once."""


class UnknownWatch(Value):
    """The evidence dimensions of which nothing is known."""

    dimensions: tuple[EvidenceName, ...]
    low: float
    """The score with each of them at -1."""
    high: float
    """The score with each of them at +1."""
    decides: bool
    """Either of the two lies in another zone."""
    sentence: str


class Expiry(Value):
    """When the sources of one evidence dimension grow old by the policy."""

    dimension: EvidenceName
    name: str
    first: str | None
    """First day (YYYY-MM-DD) on which a source that was fresh on the evidence's day is old; `None` without one."""
    first_source: str | None
    """Publisher and date of that source."""
    last: str | None
    """First day on which no source is fresh any more."""
    old: int
    """Sources that were old already."""
    undated: int
    """Sources without a date, which never count as fresh."""
    sentence: str


class WatchList(Value):
    """What to watch of one assessment."""

    nearest: float
    """Points to the nearest line."""
    lines: tuple[LineWatch, ...]
    """From the best zone down."""
    unknown: UnknownWatch | None
    expiries: tuple[Expiry, ...]
    """One a dimension that cites anything, the first to grow old first; those without a fresh source come last."""


def watch_list(assessment: Assessment, result: ScoreResult) -> WatchList:
    """What to watch; `result` is that of the assessment. Labels are those of the policy in force."""
    inputs = assessment.inputs.scored()
    lines = tuple(_line(inputs, result, crossing) for crossing in result.robustness.crossings)
    expiries = sorted(_expiries(assessment), key=lambda expiry: (expiry.first is None, expiry.first or ""))
    return WatchList(
        nearest=min(line.distance for line in lines),
        lines=lines,
        unknown=_unknown(result),
        expiries=tuple(expiries),
    )


def _line(inputs: ScoreInputs, result: ScoreResult, crossing: Crossing) -> LineWatch:
    up = crossing.direction == "up"
    flips = [step for step in result.robustness.flips if (step.score > result.score) == up]
    alone = () if flips or not crossing.changes else evidence_alone(inputs, result, crossing)
    found: list[tuple[Step, ...]] = [(step,) for step in flips]
    found = found or list(dict.fromkeys(steps for steps in (crossing.changes, alone) if steps))
    to = zone(crossing.line) if up else _below(crossing.line)
    return LineWatch(
        line=crossing.line,
        direction=crossing.direction,
        to=to,
        distance=abs(round(10 * result.score) - round(10 * crossing.line)) / 10,
        moves=tuple(_move(inputs, steps, up=up) for steps in found),
        sentence=_sentence(inputs, crossing, alone),
        signals=signals(inputs, [step for steps in found for step in steps], up=up),
    )


def _move(inputs: ScoreInputs, steps: tuple[Step, ...], *, up: bool) -> Move:
    return Move(
        steps=steps, score=steps[-1].score, label=label_after(inputs, steps), signals=signals(inputs, steps, up=up)
    )


def _below(line: float) -> Zone:
    return Zone.YELLOW if zone(line) is Zone.GREEN else Zone.RED


def _sentence(inputs: ScoreInputs, crossing: Crossing, alone: Sequence[Step]) -> str:
    said = f"{crossing.signal[:1].upper()}{crossing.signal[1:]}."
    if not crossing.changes:
        return said
    said += f" The label would be {label_after(inputs, crossing.changes)}."
    if not alone or tuple(alone) == crossing.changes:
        return said
    at, now = words.signed(alone[-1].to), words.signed(alone[0].from_)
    return (
        f"{said} Evidence alone would do it at {at} (now {now}): {alone[-1].score:.1f}, {label_after(inputs, alone)}."
    )


def _unknown(result: ScoreResult) -> UnknownWatch | None:
    low, high = result.unknown_low, result.unknown_high
    if low is None or high is None:
        return None
    span = POLICY.unknown_span
    decides = any(zone(score) is not result.zone for score in (low, high))
    named = words.listed([words.inside(words.EVIDENCE[name]) for name in result.unknown])
    return UnknownWatch(
        dimensions=result.unknown,
        low=low,
        high=high,
        decides=decides,
        sentence=f"Nothing is known on {named}: at −{span} each the score is {low:.1f}, at +{span} each {high:.1f}, "
        f"which {'changes' if decides else 'does not change'} the zone.",
    )


def _expiries(assessment: Assessment) -> Iterator[Expiry]:
    printed = {source.passage: source for source in assessment.sources}
    for name in EvidenceName:
        claims = assessment.inputs.evidence[name].claims
        cited = (printed.get(citation.passage) for claim in claims for citation in claim.citations)
        articles = {source.article: source for source in cited if source is not None}
        if articles:
            yield _expiry(name, list(articles.values()), assessment.as_of)


def _expiry(name: EvidenceName, sources: list[Source], as_of: str) -> Expiry:
    months = POLICY.stale_months
    undated = sum(source.meta.date == "unknown" for source in sources)
    days = sorted(
        (stale_from(source.meta.date, months=months), one_line(source.meta.publisher), source.meta.date)
        for source in sources
        if source.meta.date != "unknown" and not is_stale(source.meta.date, as_of, months=months)
    )
    old = len(sources) - undated - len(days)
    first = days[0][0] if days else None
    last = days[-1][0] if days else None
    first_source = f"{days[0][1]}, {days[0][2]}" if days else None
    rest = [f"{old} older already"] if old else []
    rest += [f"{undated} undated"] if undated else []
    fresh = f"from {first} ({first_source})" if first else "no source is fresh"
    fresh += f", the last one from {last}" if last and last != first else ""
    label = words.EVIDENCE[name]
    return Expiry(
        dimension=name,
        name=label,
        first=first,
        first_source=first_source,
        last=last,
        old=old,
        undated=undated,
        sentence=f"{label}: {fresh}{f'; {words.listed(rest)}' if rest else ''}.",
    )
