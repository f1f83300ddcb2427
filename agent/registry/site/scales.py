"""The geometry of the site's charts: the zones, and a role's score over its versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from agent.publishing import words
from agent.registry.site.versions import SiteVersion
from agent.schemas.vocabulary import Zone
from agent.scoring import POLICY, Policy

PLOT_PX = 200
SMALL_PX = 90
"""Of the chart on a role's page."""
TOP_PX = 20
FOOT_PX = 24
LEFT_PERCENT, RIGHT_PERCENT = 7.0, 100.0
"""Between them the versions stand; left of it the scores of the lines are written."""
NAMED = 8
"""At most this many versions are named under the chart, so that their names do not meet."""


class Band(NamedTuple):
    """A zone on a scale of 100 parts, from its lower end."""

    zone: Zone
    start: float
    width: float


class Mark(NamedTuple):
    """A score that is written beside a scale."""

    score: str
    at: float


class Point(NamedTuple):
    """A version in a chart: percent of the width, pixels from the top."""

    x: float
    y: float
    low: float
    """Where all inputs one step worse would stand."""
    high: float
    zone: Zone
    score: str
    name: str
    """Empty where there is no room for it."""
    full: str


@dataclass(frozen=True)
class HistoryChart:
    """The score over the versions, each with its joint range; versions stand at even distances."""

    description: str
    height: int
    floor: float
    """Pixels from the top at which the score is lowest."""
    bands: tuple[tuple[Zone, float, float], ...]
    """Zone, pixels from the top, and height."""
    marks: tuple[Mark, ...]
    points: tuple[Point, ...]
    left: float
    right: float


def bands(policy: Policy = POLICY) -> tuple[Band, ...]:
    """The zones from the lowest, in percent of the range of scores."""
    lines = (policy.score_range.low, policy.yellow_line, policy.green_line, policy.score_range.high)
    span = policy.score_range.high - policy.score_range.low
    return tuple(
        Band(zone, (low - lines[0]) / span * 100, (high - low) / span * 100)
        for zone, low, high in zip((Zone.RED, Zone.YELLOW, Zone.GREEN), lines, lines[1:], strict=False)
    )


def marks(policy: Policy = POLICY) -> tuple[Mark, ...]:
    """The ends of the range and the lines between the zones."""
    low, high = policy.score_range.low, policy.score_range.high
    return (*(Mark(f"{low + band.start * (high - low) / 100:.0f}", band.start) for band in bands(policy)),
            Mark(str(high), 100.0))  # fmt: skip


def history_chart(versions: Sequence[SiteVersion], policy: Policy = POLICY, *, plot: int = PLOT_PX) -> HistoryChart:
    """One point a version, oldest first; the range of scores is `plot` pixels high."""
    points = tuple(_point(at, version, len(versions), policy, plot) for at, version in enumerate(versions))
    return HistoryChart(
        description="; ".join(point.full for point in points) + ".",
        height=TOP_PX + plot + FOOT_PX,
        floor=_y(policy.score_range.low, policy, plot),
        bands=tuple(
            (band.zone, TOP_PX + (100 - band.start - band.width) / 100 * plot, band.width / 100 * plot)
            for band in bands(policy)
        ),
        marks=tuple(Mark(mark.score, TOP_PX + (100 - mark.at) / 100 * plot) for mark in marks(policy)),
        points=points,
        left=LEFT_PERCENT,
        right=RIGHT_PERCENT,
    )


def _point(at: int, version: SiteVersion, count: int, policy: Policy, plot: int) -> Point:
    result = version.result
    every = -(-count // NAMED)
    # Counted from the newest, which is always named.
    named = (count - 1 - at) % every == 0
    robust = result.robustness
    return Point(
        x=round(LEFT_PERCENT + (RIGHT_PERCENT - LEFT_PERCENT) * (at + 0.5) / count, 2),
        y=_y(result.score, policy, plot),
        low=_y(robust.joint_low, policy, plot),
        high=_y(robust.joint_high, policy, plot),
        zone=result.zone,
        score=f"{result.score:.1f}" if named else "",
        name=f"v{version.number}" if named else "",
        full=(
            f"Version {version.number}, {version.day}{', withdrawn' if version.withdrawn else ''}: "
            f"{result.score:.1f}, {words.ZONES[result.zone]}, "
            f"with all inputs one step worse or better {robust.joint_low:.1f} to {robust.joint_high:.1f}"
        ),
    )


def _y(score: float, policy: Policy, plot: int) -> float:
    low, high = policy.score_range.low, policy.score_range.high
    return round(TOP_PX + (high - score) / (high - low) * plot, 1)
