"""Zones, labels, distance and quick screen (METHODOLOGY sections 3 and 5)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from factories_scoring import a_task

from agent.schemas.scored import QuickScreen
from agent.schemas.vocabulary import Zone
from agent.scoring import score_of_record
from agent.scoring.arithmetic import Point
from agent.scoring.zones import Label, distance, label, quick_screen, share_at_3_plus, zone


def a_label(
    score: float, *, tr: str = "3.35", evidence: int = 0, barriers: int = 0, growth: int = 0, exposed: int = 0
) -> Label:
    resistance = Fraction(tr)
    point = Point(int(resistance * 100), evidence, barriers, growth)
    return label(score, point=point, exposed=exposed, resistance=resistance)


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (100.0, Zone.GREEN),
        (48.0, Zone.GREEN),
        (47.9, Zone.YELLOW),
        (47.5, Zone.YELLOW),
        (25.0, Zone.YELLOW),
        (24.9, Zone.RED),
        (0.0, Zone.RED),
    ],
)
def test_a_line_belongs_to_the_better_zone(score: float, expected: Zone) -> None:
    assert zone(score) is expected


@pytest.mark.parametrize(
    ("composite", "expected"), [("47.95", Zone.GREEN), ("47.9499", Zone.YELLOW), ("24.95", Zone.YELLOW)]
)
def test_the_zone_is_read_off_the_score_of_record_not_off_the_composite(composite: str, expected: Zone) -> None:
    assert zone(score_of_record(Fraction(composite))) is expected


@pytest.mark.parametrize(
    ("score", "growth", "exposed", "expected"),
    [
        (60.0, 2, 100, "GREEN (Accelerated)"),
        (60.0, 1, 20, "GREEN (Transforming)"),
        (60.0, 1, 19, "GREEN (Stable)"),
        (40.0, 0, 40, "YELLOW (Urgent)"),
        (40.0, 0, 39, "YELLOW (Moderate)"),
        (40.0, 2, 39, "YELLOW (Moderate)"),
    ],
)
def test_green_and_yellow_labels_follow_growth_and_exposed_time(
    score: float, growth: int, exposed: int, expected: str
) -> None:
    assert a_label(score, growth=growth, exposed=exposed).text == expected


@pytest.mark.parametrize(
    ("tr", "evidence", "barriers", "expected"),
    [
        ("1.79", -6, 2, "RED (Imminent)"),
        ("1.80", -6, 2, "RED"),
        ("1.79", -5, 2, "RED"),
        ("1.79", -6, 3, "RED"),
        ("2.20", -8, 0, "RED"),
        ("2.10", -9, 0, "RED"),
        ("1.70", -5, 1, "RED"),
        ("2.125", -6, 1, "RED"),
    ],
)
def test_imminent_needs_all_three_conditions_and_no_published_plain_red_meets_them(
    tr: str, evidence: int, barriers: int, expected: str
) -> None:
    assert a_label(10.0, tr=tr, evidence=evidence, barriers=barriers).text == expected


def test_a_label_says_how_it_follows_from_the_numbers() -> None:
    assert [
        a_label(47.5, exposed=55).reason,
        a_label(30.0, exposed=10).reason,
        a_label(60.0, growth=2).reason,
        a_label(60.0, exposed=20).reason,
        a_label(60.0, exposed=5).reason,
        a_label(10.0, tr="1.79", evidence=-7, barriers=1).reason,
        a_label(10.0, tr="2.20", evidence=-5, barriers=1).reason,
    ] == [
        "47.5 is at least 25 and below 48: Yellow; 55% of task time scores 3 or more, at least 40%.",
        "30.0 is at least 25 and below 48: Yellow; 10% of task time scores 3 or more, less than 40%.",
        "60.0 is at least 48: Green; growth is +2: the role exists because of AI.",
        "60.0 is at least 48: Green; 20% of task time scores 3 or more, at least 20%.",
        "60.0 is at least 48: Green; 5% of task time scores 3 or more, less than 20%.",
        "10.0 is below 25: Red; task resistance 1.79 is below 1.80 and evidence -7 is at most -6 and barriers 1 are at "
        "most 2.",
        "10.0 is below 25: Red; not Imminent, because task resistance 2.20 is not below 1.80 and evidence -5 is not at "
        "most -6.",
    ]


def test_exposed_time_counts_scores_of_3_and_more() -> None:
    assert share_at_3_plus([a_task("a", 30, 2), a_task("b", 25, 3), a_task("c", 45, 5)]) == 70


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (47.5, "0.5 points below Green"),
        (48.0, "exactly on the line between Yellow and Green, which counts as Green"),
        (51.2, "3.2 points above the line to Yellow"),
        (36.6, "11.4 points below Green"),
        (36.5, "11.5 points below Green, 11.5 points above the line to Red"),
        (36.4, "11.4 points above the line to Red"),
        (25.0, "exactly on the line between Red and Yellow, which counts as Yellow"),
        (24.9, "0.1 points below Yellow"),
        (0.0, "25.0 points below Yellow"),
    ],
)
def test_the_distance_names_the_nearest_line(score: float, words: str) -> None:
    assert distance(score) == words


@pytest.mark.parametrize(
    ("protective", "growth", "expectation", "expected"),
    [
        (2, 1, "likely Yellow", Zone.YELLOW),
        (0, -1, "almost certainly Red", Zone.RED),
        (2, -2, "almost certainly Red", Zone.RED),
        (3, -2, "likely Yellow", Zone.YELLOW),
        (5, -2, "likely Green", Zone.GREEN),
        (0, 2, "likely Green", Zone.GREEN),
        (4, 1, "likely Yellow", Zone.YELLOW),
    ],
)
def test_the_quick_screen_expects_a_zone_from_p_and_g_alone(
    protective: int, growth: int, expectation: str, expected: Zone
) -> None:
    for final in Zone:
        assert quick_screen(protective, growth, final) == QuickScreen(
            expectation=expectation, zone=expected, agrees=final is expected
        )
