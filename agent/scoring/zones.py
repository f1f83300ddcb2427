"""Zone, label, quick screen and the distance in words (METHODOLOGY sections 3 and 5).

Everything here reads the score of record: one decimal, held exactly by a float.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from agent.schemas.scored import QuickScreen, ScoredTask
from agent.schemas.vocabulary import Zone
from agent.scoring.arithmetic import Point, digits
from agent.scoring.policy import POLICY, Policy

WORD = {Zone.GREEN: "Green", Zone.YELLOW: "Yellow", Zone.RED: "Red"}
"""A zone inside a sentence."""


class Label(NamedTuple):
    """A printed label and how it follows from the numbers."""

    text: str
    reason: str


def zone(score: float, policy: Policy = POLICY) -> Zone:
    """The zone of a score of record; a score on a line belongs to the better zone."""
    if score >= policy.green_line:
        return Zone.GREEN
    return Zone.YELLOW if score >= policy.yellow_line else Zone.RED


def share_at_3_plus(tasks: Iterable[ScoredTask], policy: Policy = POLICY) -> int:
    """Percent of working time on exposed tasks: those that score 3 or more."""
    return sum(task.share for task in tasks if task.score >= policy.exposed_score)


def label(score: float, *, point: Point, exposed: int, resistance: Fraction, policy: Policy = POLICY) -> Label:
    """The label of a score of record. `exposed` is percent of time at 3 or more, `resistance` the exact TR.

    Accelerated goes before Transforming; Imminent needs all three of its conditions.
    """
    here = zone(score, policy)
    time = f"{exposed}% of task time scores {policy.exposed_score} or more"
    if here is Zone.GREEN:
        kind, why = _green(point.growth, exposed, time, policy)
    elif here is Zone.YELLOW:
        line = policy.urgent_share
        urgent = exposed >= line
        kind = "Urgent" if urgent else "Moderate"
        why = f"{time}, {'at least' if urgent else 'less than'} {line}%"
    else:
        kind, why = _red(point, resistance, policy)
    return Label(f"{here} ({kind})" if kind else str(here), f"{_zone_reason(score, here, policy)}; {why}.")


def _zone_reason(score: float, here: Zone, policy: Policy) -> str:
    green, yellow = policy.green_line, policy.yellow_line
    return {
        Zone.GREEN: f"{score:.1f} is at least {green}: Green",
        Zone.YELLOW: f"{score:.1f} is at least {yellow} and below {green}: Yellow",
        Zone.RED: f"{score:.1f} is below {yellow}: Red",
    }[here]


def _green(growth: int, exposed: int, time: str, policy: Policy) -> tuple[str, str]:
    if growth >= policy.accelerated_growth:
        return "Accelerated", f"growth is {growth:+d}: the role exists because of AI"
    if exposed >= policy.transforming_share:
        return "Transforming", f"{time}, at least {policy.transforming_share}%"
    return "Stable", f"{time}, less than {policy.transforming_share}%"


def _red(point: Point, resistance: Fraction, policy: Policy) -> tuple[str, str]:
    conditions = (
        (
            resistance < policy.imminent_tr_below,
            f"task resistance {digits(resistance, 2)} is {{}}below {digits(policy.imminent_tr_below, 2)}",
        ),
        (
            point.evidence <= policy.imminent_evidence,
            f"evidence {point.evidence} is {{}}at most {policy.imminent_evidence}",
        ),
        (
            point.barriers <= policy.imminent_barriers,
            f"barriers {point.barriers} are {{}}at most {policy.imminent_barriers}",
        ),
    )
    failed = [text.format("not ") for holds, text in conditions if not holds]
    if failed:
        return "", "not Imminent, because " + " and ".join(failed)
    return "Imminent", " and ".join(text.format("") for _, text in conditions)


def distance(score: float, policy: Policy = POLICY) -> str:
    """The distance to the nearest zone line in words; on the middle of Yellow both lines are named."""
    tenths = round(score * 10)
    green, yellow = 10 * policy.green_line, 10 * policy.yellow_line
    if tenths >= green:
        return _above(tenths - green, "Yellow", "Green")
    if tenths < yellow:
        return f"{(yellow - tenths) / 10:.1f} points below Yellow"
    to_green, to_red = green - tenths, tenths - yellow
    up = f"{to_green / 10:.1f} points below Green"
    down = _above(to_red, "Red", "Yellow")
    if to_green == to_red:
        return f"{up}, {down}"
    return up if to_green < to_red else down


def _above(tenths: int, below: str, here: str) -> str:
    if tenths == 0:
        return f"exactly on the line between {below} and {here}, which counts as {here}"
    return f"{tenths / 10:.1f} points above the line to {below}"


def quick_screen(protective: int, growth: int, final: Zone, policy: Policy = POLICY) -> QuickScreen:
    """The prior expectation from P and G, and whether `final`, the zone of record, agrees with it."""
    if protective <= policy.screen_red_protective and growth < 0:
        expected, words = Zone.RED, "almost certainly Red"
    elif protective >= policy.screen_green_protective or growth >= policy.screen_green_growth:
        expected, words = Zone.GREEN, "likely Green"
    else:
        expected, words = Zone.YELLOW, "likely Yellow"
    return QuickScreen(expectation=words, zone=expected, agrees=expected is final)
