"""Figures that a claim computes: marked so, right, and from quoted operands."""

from __future__ import annotations

from fractions import Fraction

import pytest
from factories_grounding import a_citation, a_passage, a_sourced_claim, by_id, found, on_claim
from hypothesis import given
from hypothesis import strategies as st

from agent.grounding.computed import Computed, computations, supported

RATES = by_id(a_passage(text="In spring 42 firms hired such engineers, and 37 firms hired them in autumn."))
RATES_QUOTE = a_citation("42 firms hired such engineers, and 37 firms hired them")


@pytest.mark.parametrize(
    ("sum_", "right"),
    [
        ("42 - 37 = 5", True),
        ("42 - 37 = 6", False),
        ("2 + 3 * 4 = 14", True),
        ("2 + 3 * 4 = 20", False),
        ("2 x 3 = 6.0", True),
        ("2 × 3 ÷ 6 = 1", True),
        ("10 - 3 - 2 = 5", True),
        ("1/3 = 0.33", True),
        ("1/8 = 0.13", True),
        ("1/8 = 0.12", False),
        ("$1,200 / 4 = $300", True),
        ("42% - 37% = 5%", True),
        ("1/0 = 0", False),
        ("5 = 5", False),
        ("1 + 1", False),
        ("1 + = 2", False),
        ("a + b = 2", False),
        ("1 + 1 = two", False),
        ("1 + 1 = 2 = 2", False),
        ("3 - 5 = -2", True),
        ("5 - 3 = -2", False),
        ("= =", False),
    ],
)
def test_a_computation_is_right_only_when_its_arithmetic_is(sum_: str, right: bool) -> None:
    assert [computation.right for computation in computations(f"It grew (computed: {sum_}).")] == [right]


def test_a_computation_tells_its_operands_its_result_and_its_place() -> None:
    assert computations("So (Computed: $1,200 - 1,100.5 = 99.5) more.") == (
        Computed(operands=("1200", "1100.5"), result="99.5", sums=True, right=True, start=3, end=38),
    )
    assert computations("It grew (by computing: 1 + 1 = 2).") == ()


def test_every_operand_has_to_be_quoted() -> None:
    (computation,) = computations("(computed: 42 - 37 = 5)")
    plain = {"plain"}
    assert supported(computation, {"42": plain, "37": plain})
    assert not supported(computation, {"42": plain, "5": plain})
    assert not supported(computation, {"42": plain, "37": {"percent"}})
    assert not supported(computation._replace(right=False), {"42": plain, "37": plain})


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("5 more firms hired engineers in spring (computed: 42 - 37 = 5).", []),
        ("6 more firms hired engineers in spring (computed: 42 - 37 = 6).", ["COMPUTED-WRONG", "FIGURE-NOT-IN-QUOTE"]),
        (
            "12 more firms hired engineers in spring (computed: 42 - 30 = 12).",
            ["COMPUTED-WRONG", "FIGURE-NOT-IN-QUOTE"],
        ),
        ("5 more firms hired engineers in spring.", ["FIGURE-NOT-IN-QUOTE"]),
    ],
)
def test_a_computed_figure_needs_a_right_sum_of_quoted_figures(text: str, codes: list[str]) -> None:
    report = on_claim(a_sourced_claim(text, RATES_QUOTE), passages=RATES)
    blocking = [(f"G-{code}", "BLOCK", "commentary.outlook.0") for code in codes]
    assert [finding for finding in found(report) if finding[1] == "BLOCK"] == blocking


SIGNS = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b}


@given(st.integers(0, 10**6), st.sampled_from(sorted(SIGNS)), st.integers(1, 10**6), st.integers(0, 10**12))
def test_only_the_true_result_of_two_numbers_is_right(left: int, sign: str, right: int, claimed: int) -> None:
    value = SIGNS[sign](Fraction(left), Fraction(right))
    (computation,) = computations(f"(computed: {left} {sign} {right} = {claimed})")
    assert computation.operands == (str(left), str(right))
    if abs(abs(value) - claimed) > Fraction(1, 2):
        assert not computation.right
    if value == claimed:
        assert computation.right


@given(st.text(alphabet="0123456789.,%$+-*/x×÷= ½²٣a()", min_size=3, max_size=60))
def test_no_bracket_is_too_strange_to_be_computed(inside: str) -> None:
    for computation in computations(f"(computed: {inside})"):
        assert 0 == computation.start < computation.end


def test_a_result_of_the_wrong_sign_is_wrong() -> None:
    assert [found_.right for found_ in computations("(computed: 37 - 42 = 5)")] == [False]


@pytest.mark.parametrize("sum_", ["2 3 + = 5", "+ 2 3 = 5", "2 3 4 + * = 14"])
def test_signs_stand_between_their_operands(sum_: str) -> None:
    assert [found_.right for found_ in computations(f"(computed: {sum_})")] == [False]
