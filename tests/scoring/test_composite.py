"""The published fixtures and check values (METHODOLOGY sections 2, 7 and 9)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from factories_scoring import some_inputs
from hypothesis import given
from hypothesis import strategies as st

from agent.scoring import POLICY, composite, score_of_record
from agent.scoring.arithmetic import Point, clamp, digits, formula, round_half_up, task_resistance

FIXTURES = {
    "ML Platform Engineer": (("3.35", 5, 1, 1), 47.5),
    "ML Platform Engineer, AI-driven": (("3.58", 5, 2, 1), 52.3),
    "Security Engineer": (("3.05", 5, 3, 1), 44.6),
    "Programmer": (("2.20", -8, 0, -2), 10.2),
    "DevOps Engineer": (("1.70", -5, 1, 0), 10.7),
    "Cloud Architect": (("3.85", 2, 3, 1), 51.5),
    "Data Architect": (("3.90", 2, 2, 1), 51.2),
    "Senior Software Engineer": (("3.95", 5, 2, 0), 55.4),
    "Systems Software Developer": (("3.60", 6, 2, 0), 51.7),
    "Database Developer": (("2.125", -6, 1, -1), 12.9),
}
REREADS = {
    "primary": (("3.58", 5, 2, 1), 52.3),
    "TR": (("3.41", 5, 2, 1), 49.5),
    "E": (("3.58", 4, 2, 1), 50.4),
    "B": (("3.58", 5, 1, 1), 51.2),
    "G": (("3.58", 5, 2, 0), 49.5),
    "joint E, B, G": (("3.58", 4, 1, 0), 46.6),
    "all four": (("3.41", 4, 1, 0), 44.1),
}


@pytest.mark.parametrize(("point", "published"), FIXTURES.values(), ids=FIXTURES)
def test_a_published_score_is_reproduced(point: tuple[str, int, int, int], published: float) -> None:
    resistance, *totals = point
    assert score_of_record(composite(Fraction(resistance), *totals)) == published


def test_the_database_developer_needs_the_unrounded_task_resistance() -> None:
    assert score_of_record(composite(Fraction("2.13"), -6, 1, -1)) != 12.9


@pytest.mark.parametrize(("point", "expected"), REREADS.values(), ids=REREADS)
def test_a_conservative_re_read_of_the_ai_driven_lens_is_reproduced(
    point: tuple[str, int, int, int], expected: float
) -> None:
    resistance, *totals = point
    assert score_of_record(composite(Fraction(resistance), *totals)) == expected


def test_the_ends_of_the_scale_are_exact() -> None:
    assert composite(Fraction(1), -10, 0, -2) == 0
    assert composite(Fraction(5), 10, 5, 2) == 100
    assert digits(composite(Fraction(5), 10, 10, 2), 1) == "109.7"


def test_the_composite_is_not_clamped_but_the_score_of_record_is() -> None:
    above = composite(Fraction(5), 10, 10, 2)
    assert above > 100
    assert clamp(above) == 100
    assert score_of_record(above) == 100.0
    assert score_of_record(Fraction(-3)) == 0.0


@pytest.mark.parametrize(
    ("value", "record"),
    [("47.949", 47.9), ("47.95", 48.0), ("47.85", 47.9), ("24.95", 25.0), ("24.9499", 24.9), ("0.05", 0.1)],
)
def test_the_score_of_record_is_rounded_half_up(value: str, record: float) -> None:
    assert score_of_record(Fraction(value)) == record


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        ("47.48322", 1, "47.5"),
        ("-0.004", 2, "0.00"),
        ("-1.005", 2, "-1.00"),
        ("-1.006", 2, "-1.01"),
        ("2.5", 0, "3"),
        ("0.0000001", 6, "0.000000"),
    ],
)
def test_digits_are_rounded_half_up_and_never_a_negative_zero(value: str, places: int, text: str) -> None:
    assert digits(Fraction(value), places) == text


@given(value=st.fractions(max_denominator=10_000), places=st.integers(0, 6))
def test_digits_and_round_half_up_agree(value: Fraction, places: int) -> None:
    rounded = round_half_up(value, places)
    assert Fraction(digits(value, places)) == rounded
    assert -Fraction(1, 2) < (rounded - value) * 10**places <= Fraction(1, 2)


@given(
    hundredths=st.integers(100, 500),
    evidence=st.integers(-10, 10),
    barriers=st.integers(0, 10),
    growth=st.integers(-2, 2),
)
def test_whole_number_arithmetic_gives_the_score_of_the_fractions(
    hundredths: int, evidence: int, barriers: int, growth: int
) -> None:
    exact = composite(Fraction(hundredths, 100), evidence, barriers, growth)
    assert formula().tenths(Point(hundredths, evidence, barriers, growth)) / 10 == score_of_record(exact)


def test_task_resistance_is_exact() -> None:
    tasks = some_inputs().tasks
    assert task_resistance(tasks) == Fraction("3.35")
    assert formula(POLICY).resistance(tasks) == 335
