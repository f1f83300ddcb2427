"""The geometry of the page's charts, in percent of the chart's width, so that letters do not scale with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor

from agent.publishing import sentences, words
from agent.schemas.draft import EvidenceDraft, TaskDraft
from agent.schemas.scored import Contribution, Robustness, ScoreResult
from agent.schemas.vocabulary import Bucket, EvidenceName, Zone

SHORT_CHARACTERS = 34
"""Fits beside a value on a narrow screen; the full name stands in the tables."""
LONG_CHARACTERS = 80
ROW_PX = 38
FOOT_PX = 26
"""Room for the names of the lines, where there are any."""


@dataclass(frozen=True)
class Line:
    """A vertical line through a chart."""

    at: float
    label: str
    anchor: str
    """start, middle or end: which side of the line its label stands on."""


@dataclass(frozen=True)
class Row:
    """A label and a value over one or two bars."""

    short: str
    long: str
    full: str
    value: str
    detail: str
    """A smaller figure beside the value, or nothing."""
    kind: str
    top: int
    bars: tuple[tuple[float, float, str], ...]
    """Start and width in percent, and the kind that colours the bar."""


@dataclass(frozen=True)
class Chart:
    """A chart of rows, whose words and values are text in it."""

    name: str
    title: str
    height: int
    rows: tuple[Row, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Segment:
    """A task's part of the time bar."""

    start: float
    width: float
    kind: str
    label: str
    full: str


@dataclass(frozen=True)
class TaskMix:
    """The working time as one bar, task by task, grouped by bucket."""

    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Scale:
    """The score on the line from 0 to 100 with the zones and the joint range."""

    description: str
    score: float
    low: float
    high: float
    anchor: str


def task_mix(tasks: Sequence[TaskDraft]) -> TaskMix:
    """One segment a task; the widths are the shares."""
    segments: list[Segment] = []
    start = 0
    for bucket in Bucket:
        for task in (task for task in tasks if task.bucket is bucket):
            full = f"{task.name}: {task.share}%, score {task.score}, {words.BUCKETS[bucket].lower()}"
            label = str(task.share) if task.share >= 5 else ""
            segments.append(Segment(start, task.share, bucket.value, label, full))
            start += task.share
    return TaskMix(tuple(segments))


def scale(result: ScoreResult) -> Scale:
    """Where the score stands between 0 and 100, and its span with task scores and totals one step worse or better."""
    low, high = result.robustness.joint_low, result.robustness.joint_high
    description = (
        f"{result.score:.1f} on a scale from 0, at risk, to 100, protected. Red below 25, Yellow from 25, "
        f"Green from 48. {sentences.joint(result.robustness)}"
    )
    anchor = "start" if result.score < 8 else "end" if result.score > 92 else "middle"
    return Scale(description, result.score, low, high, anchor)


def waterfall(contributions: Sequence[Contribution], score: float) -> Chart:
    """What each factor adds, one below the other, ending in the score."""
    spans: list[tuple[float, float]] = []
    tenths = 0
    for term in contributions:
        step = round(term.points * 10)
        spans.append((tenths / 10, (tenths + step) / 10))
        tenths += step
    low = min(0.0, *(min(span) for span in spans))
    high = max(100.0, *(max(span) for span in spans))
    rows = [
        _row(
            at,
            words.FACTORS.get(term.factor, term.factor),
            words.signed(float(term.points)),
            "fall" if term.points < 0 else "start" if at == 0 else "rise",
            [_bar(span[0], span[1], low, high)],
            detail=term.unrounded.replace("-", "−"),
        )
        for at, (term, span) in enumerate(zip(contributions, spans, strict=True))
    ]
    rows.append(_row(len(rows), "Score", f"{score:.1f}", "total", [_bar(0.0, score, low, high)]))
    return _chart("contributions", "How the factors add up to the score", rows, _lines(low, high))


def balance(evidence: Mapping[EvidenceName, EvidenceDraft]) -> Chart:
    """Each dimension of the evidence on the line from 2 against to 2 for the role, in printed order. An unknown one
    spans what it could be when it enters the score as 0."""
    rows = []
    for at, name in enumerate(EvidenceName):
        score = evidence[name].score
        span = (-1.0, 1.0) if score is None else (0.0, float(score))
        kind = "open" if score is None else "fall" if score < 0 else "rise"
        value = "unknown" if score is None else words.signed(score)
        rows.append(_row(at, words.EVIDENCE[name], value, kind, [_bar(*span, -2.0, 2.0)]))
    lines = [Line(0.0, "−2", "start"), Line(50.0, "0", "middle"), Line(100.0, "+2", "end")]
    return _chart("balance", "What the evidence says, dimension by dimension", rows, lines)


def tornado(robustness: Robustness, score: float) -> Chart:
    """Each task score and each total alone, one step worse and one step better, the widest span first."""
    reach: dict[str, list[float]] = {}
    for step in robustness.table:
        reach.setdefault(step.input, []).append(step.score)
    spans = {name: (min(score, *scores), max(score, *scores)) for name, scores in reach.items()}
    ordered = sorted(spans, key=lambda name: spans[name][0] - spans[name][1])
    low = max(0.0, floor(min([score, *(span[0] for span in spans.values())]) - 1))
    high = min(100.0, ceil(max([score, *(span[1] for span in spans.values())]) + 1))
    rows = [
        _row(
            at,
            words.lever(name),
            f"{spans[name][0]:.1f} – {spans[name][1]:.1f}",
            "span",
            [
                (*_bar(spans[name][0], score, low, high)[:2], "fall"),
                (*_bar(score, spans[name][1], low, high)[:2], "rise"),
            ],
        )
        for at, name in enumerate(ordered)
    ]
    title = "The score with one task score, or one of the totals E, B and G, moved by one step"
    return _chart("sensitivity", title, rows, _lines(low, high))


def _chart(name: str, title: str, rows: Sequence[Row], lines: Sequence[Line]) -> Chart:
    height = len(rows) * ROW_PX + (FOOT_PX if lines else 0)
    return Chart(name, title, height, tuple(rows), tuple(lines))


def _row(
    at: int, full: str, value: str, kind: str, bars: Sequence[tuple[float, float, str]], *, detail: str = ""
) -> Row:
    coloured = tuple((start, width, own or kind) for start, width, own in bars)
    short, long = _cut(full, SHORT_CHARACTERS), _cut(full, LONG_CHARACTERS)
    top = at * ROW_PX
    return Row(short=short, long=long, full=full, value=value, detail=detail, kind=kind, top=top, bars=coloured)


def _cut(text: str, size: int) -> str:
    return text if len(text) <= size else text[: size - 1].rstrip() + "…"


def _bar(start: float, end: float, low: float, high: float) -> tuple[float, float, str]:
    left, right = sorted((_percent(start, low, high), _percent(end, low, high)))
    return left, round(right - left, 2), ""


def _lines(low: float, high: float) -> list[Line]:
    """The zone lines inside the chart, the label of the lower one on its left so that two never meet."""
    cuts = ((25.0, Zone.YELLOW, "end"), (48.0, Zone.GREEN, "start"))
    lines = []
    for cut, zone, side in cuts:
        if low < cut < high:
            at = _percent(cut, low, high)
            anchor = "start" if at < 24 else "end" if at > 72 else side
            lines.append(Line(at, f"{words.ZONES[zone]} from {cut:.0f}", anchor))
    return lines


def _percent(value: float, low: float, high: float) -> float:
    return round((value - low) / (high - low) * 100, 2) if high > low else 0.0
