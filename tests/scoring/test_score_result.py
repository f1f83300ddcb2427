"""`score` on the worked example and at the edges (METHODOLOGY sections 2 to 6 and 8)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from factories_scoring import even_tasks, some_inputs
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import InvalidInput
from agent.schemas.assessment import CitedOverride
from agent.schemas.draft import Citation
from agent.schemas.scored import Contribution, Intermediate, Override, QuickScreen
from agent.schemas.vocabulary import Bucket, EvidenceName, Zone
from agent.scoring import POLICY, defaults, report, score
from agent.scoring.contributions import largest_remainder

REASON = "Managed platforms absorbed this work faster than the evidence shows."


def terms(*rows: tuple[str, float, str]) -> tuple[Contribution, ...]:
    return tuple(Contribution(factor=factor, points=points, unrounded=text) for factor, points, text in rows)


def test_the_worked_example_is_scored_labelled_and_derived() -> None:
    result = score(some_inputs())
    assert result.model_dump(exclude={"robustness", "contributions", "defaults", "derivation"}) == {
        "score": 47.5,
        "formula_score": 47.5,
        "unrounded": "47.483228247163",
        "zone": Zone.YELLOW,
        "label": "YELLOW (Urgent)",
        "label_reason": "47.5 is at least 25 and below 48: Yellow; 55% of task time scores 3 or more, at least 40%.",
        "distance": "0.5 points below Green",
        "task_resistance": "3.35",
        "evidence": 5,
        "barriers": 1,
        "growth": 1,
        "protective": 2,
        "unknown": (),
        "unknown_low": None,
        "unknown_high": None,
        "share_at_3_plus": 55,
        "split": {Bucket.DISPLACEMENT: 10, Bucket.AUGMENTATION: 80, Bucket.NOT_INVOLVED: 10},
        "quick_screen": {"expectation": "likely Yellow", "zone": Zone.YELLOW, "agrees": True},
        "override": None,
        "clamped": False,
        "policy": "aijri-1.2.0",
    }
    assert result.defaults == defaults(POLICY)


def test_the_contributions_of_the_example_add_up_to_its_printed_score() -> None:
    result = score(some_inputs())
    assert result.contributions == terms(
        ("tasks", 35.4, "35.435057"), ("evidence", 8.5, "8.448928"), ("barriers", 1.0, "1.013871"),
        ("growth", 2.6, "2.585372"),
    )  # fmt: skip


def test_every_intermediate_figure_of_the_example_is_printed_in_formula_order() -> None:
    assert [(line.name, line.value) for line in score(some_inputs()).derivation] == [
        (
            "Weighted task score",
            "0.20 × 2 + 0.20 × 3 + 0.15 × 3 + 0.15 × 2 + 0.10 × 4 + 0.10 × 3 + 0.10 × 2 = 2.65",
        ),
        ("Task resistance", "6.00 − 2.65 = 3.35"),
        ("Evidence total", "1 + 2 + 1 + 0 + 1 = 5"),
        ("Evidence factor", "1 + 0.04 × 5 = 1.20"),
        ("Barrier total", "0 + 0 + 0 + 1 + 0 = 1"),
        ("Barrier factor", "1 + 0.02 × 1 = 1.02"),
        ("Growth factor", "1 + 0.05 × 1 = 1.05"),
        ("Raw value", "3.35 × 1.20 × 1.02 × 1.05 = 4.30542"),
        ("Composite", "(4.30542 − 0.54) / 7.93 × 100 = 47.483228"),
        ("Formula score", "47.5"),
    ]


def test_negative_and_unknown_dimensions_are_told_apart_in_the_derivation() -> None:
    lines = {line.name: line.value for line in score(some_inputs(evidence=(None, -2, 0, 1, None))).derivation}
    assert lines["Evidence total"] == "unknown (0) + (-2) + 0 + 1 + unknown (0) = -1"
    assert lines["Evidence factor"] == "1 + 0.04 × (-1) = 0.96"


def test_an_unknown_dimension_enters_as_zero_and_the_span_is_given() -> None:
    known, unknown = score(some_inputs(evidence=(1, 2, 0, 0, 1))), score(some_inputs(evidence=(1, 2, None, None, 1)))
    low, high = score(some_inputs(evidence=(1, 2, -1, -1, 1))), score(some_inputs(evidence=(1, 2, 1, 1, 1)))
    assert unknown.score == known.score
    assert unknown.unknown == (EvidenceName.WAGES, EvidenceName.TOOL_MATURITY)
    assert (unknown.unknown_low, unknown.unknown_high) == (low.score, high.score)
    assert (known.unknown, known.unknown_low, known.unknown_high) == ((), None, None)


def test_a_composite_above_100_is_clamped_and_says_so() -> None:
    best = some_inputs(tasks=even_tasks(1, 1, 1, 1, 1), evidence=[2] * 5, barriers=[2] * 5, growth=2)
    result = score(best)
    assert (result.score, result.clamped, result.unrounded) == (100.0, True, "109.709962168979")
    assert result.contributions == terms(
        ("tasks", 56.2, "56.242119"),
        ("evidence", 25.2, "25.220681"),
        ("barriers", 17.7, "17.654477"),
        ("growth", 10.6, "10.592686"),
        ("clamp", -9.7, "-9.709962"),
    )
    assert Intermediate(name="Clamped", value="109.709962 → 100.0") in result.derivation


def test_an_override_moves_score_zone_and_label_and_the_formula_score_stands_beside_it() -> None:
    result = score(some_inputs(), override=Override(score=49.0, reason=REASON))
    assert (result.score, result.formula_score, result.zone, result.label, result.distance) == (
        49.0,
        47.5,
        Zone.GREEN,
        "GREEN (Transforming)",
        "1.0 points above the line to Yellow",
    )
    assert result.label_reason == (
        "Read off the overridden score 49.0, not the formula score 47.5. "
        "49.0 is at least 48: Green; 55% of task time scores 3 or more, at least 20%."
    )
    assert result.contributions[-1] == Contribution(factor="override", points=1.5, unrounded="1.500000")
    assert result.derivation[-1] == Intermediate(name="Override", value="47.5 + 1.5 = 49.0")
    assert result.quick_screen == QuickScreen(expectation="likely Yellow", zone=Zone.YELLOW, agrees=False)
    assert result.unrounded == score(some_inputs()).unrounded


def test_a_downward_override_has_a_negative_term() -> None:
    result = score(some_inputs(), override=Override(score=42.5, reason=REASON))
    assert result.contributions[-1] == Contribution(factor="override", points=-5.0, unrounded="-5.000000")
    assert result.derivation[-1] == Intermediate(name="Override", value="47.5 − 5.0 = 42.5")


def test_an_override_that_changes_nothing_has_no_term_but_is_kept() -> None:
    result = score(some_inputs(), override=Override(score=47.5, reason=REASON))
    assert [term.factor for term in result.contributions] == ["tasks", "evidence", "barriers", "growth"]
    assert result.derivation[-1].name == "Formula score"
    assert result.override == Override(score=47.5, reason=REASON)


def test_a_cited_override_gives_the_same_bytes_as_a_plain_one() -> None:
    cited = CitedOverride(score=49.0, reason=REASON, citations=(Citation(passage="p-1", quote="a quote of it"),))
    plain = Override(score=49.0, reason=REASON)
    assert report("R", score(some_inputs(), override=cited)) == report("R", score(some_inputs(), override=plain))


@pytest.mark.parametrize("value", [52.5, 42.5])
def test_an_override_of_exactly_the_bound_is_allowed(value: float) -> None:
    assert score(some_inputs(), override=Override(score=value, reason=REASON)).score == value


@pytest.mark.parametrize(
    ("value", "problems"),
    [
        (52.6, ("override.score: found 52.6, expected at most 5.0 points from the formula score 47.5",)),
        (42.4, ("override.score: found 42.4, expected at most 5.0 points from the formula score 47.5",)),
        (48.05, ("override.score: found 48.05, expected at most one decimal",)),
    ],
)
def test_an_override_beyond_the_bound_or_finer_than_the_score_is_refused(
    value: float, problems: tuple[str, ...]
) -> None:
    with pytest.raises(InvalidInput) as caught:
        score(some_inputs(), override=Override(score=value, reason=REASON))
    assert caught.value.problems == problems


def test_inputs_that_break_rules_are_not_scored_and_every_breach_is_named() -> None:
    with pytest.raises(InvalidInput) as caught:
        score(some_inputs(tasks=even_tasks(1, 2, 3, 4)))
    assert caught.value.message == "the score input breaks a rule: tasks: found 4, expected 5 to 12 tasks"
    assert caught.value.problems == ("tasks: found 4, expected 5 to 12 tasks",)


def test_the_report_has_the_published_keys_with_json_names() -> None:
    document = report("ML Platform Engineer", score(some_inputs()))
    assert {
        "role": "ML Platform Engineer",
        "score": 47.5,
        "unrounded": "47.483228247163",
        "zone": "YELLOW",
        "label": "YELLOW (Urgent)",
        "task_resistance": "3.35",
        "evidence": 5,
        "barriers": 1,
        "growth": 1,
        "protective": 2,
        "policy": "aijri-1.2.0",
        "split": {"displacement": 10, "augmentation": 80, "not_involved": 10},
    }.items() <= document.items()
    robustness = document["robustness"]
    assert isinstance(robustness, dict)
    assert robustness["flips"][-1] == {"input": "growth", "from": 1, "to": 2, "score": 50.1, "zone": "GREEN"}
    assert set(document) == {"role", *type(score(some_inputs())).model_fields}


def test_the_earlier_value_wins_a_tie_of_remainders() -> None:
    values = [Fraction("1.05"), Fraction("1.05"), Fraction("1.01")]
    assert largest_remainder(values, total=31) == [11, 10, 10]


@given(values=st.lists(st.fractions(-100, 100, max_denominator=1000), min_size=1, max_size=6))
def test_largest_remainder_meets_the_total_and_moves_no_value_by_a_tenth(values: list[Fraction]) -> None:
    exact = sum(values, Fraction(0)) * 10
    total = (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
    rounded = largest_remainder(values, total=total)
    assert sum(rounded) == total
    assert all(abs(got - value * 10) <= 1 for got, value in zip(rounded, values, strict=True))
