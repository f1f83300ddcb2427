"""Figures that a claim computes from quoted ones: allowed when marked so and right.

The mark is a bracket in the claim, `(computed: 42 - 37 = 5)`, with numbers as the quotes hold them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Set
from fractions import Fraction
from operator import add, mul, sub, truediv
from typing import NamedTuple

MARK = re.compile(r"\(computed: ([^()]{3,200})\)", re.IGNORECASE)
_TOKEN = re.compile(r"\s*(?:[$\u20ac\u00a3]?(?P<number>\d[\d,]*(?:\.\d+)?) ?%?|(?P<sign>[-+*x\u00d7/\u00f7=]))")
_OPERATIONS: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": add, "-": sub, "*": mul, "x": mul, "\u00d7": mul, "/": truediv, "\u00f7": truediv,
}  # fmt: skip


class Computed(NamedTuple):
    """One marked computation."""

    operands: tuple[str, ...]
    """Canonical decimals that have to stand in the quotes."""
    result: str
    sums: bool
    """Only added and taken away, so that all operands have to be of one unit."""
    right: bool
    """The operands give the result, rounded half up to as many decimals as it is printed with."""
    start: int
    end: int
    """Offsets of the bracket in the normalised claim."""


def computations(plain: str) -> tuple[Computed, ...]:
    """The marked computations of a normalised claim, those that cannot be read as wrong ones."""
    return tuple(_read(match) for match in MARK.finditer(plain))


def supported(computation: Computed, quoted: Mapping[str, Set[str]]) -> bool:
    """Whether it is right, every operand is one of the quoted values, and what is added up is of one unit.

    `quoted` gives the units of each value, none for a year.
    """
    units = [quoted.get(operand, frozenset()) for operand in computation.operands]
    if not computation.right or not all(units):
        return False
    return not computation.sums or bool(frozenset.intersection(*map(frozenset, units)))


def _read(match: re.Match[str]) -> Computed:
    left, _, right = match[1].partition("=")
    numbers, signs = _tokens(left)
    below = right.strip().startswith("-")
    results, no_signs = _tokens(right.strip().removeprefix("-"))
    wrong = Computed(tuple(numbers), results[0] if results else "", set(signs) <= {"+", "-"}, False, *match.span())
    if len(results) != 1 or no_signs or len(signs) != len(numbers) - 1 or not signs:
        return wrong
    try:
        value = _value([Fraction(number) for number in numbers], signs)
    except ZeroDivisionError:
        return wrong
    decimals = len(results[0].partition(".")[2])
    rounded = Fraction(int(abs(value) * 10**decimals + Fraction(1, 2)), 10**decimals)
    return wrong._replace(right=rounded == Fraction(results[0]) and (value < 0) == below)


def _tokens(text: str) -> tuple[list[str], list[str]]:
    """The numbers and the signs between them; nothing of what is not a number, a sign, a number and so on."""
    numbers: list[str] = []
    signs: list[str] = []
    at = 0
    text = text.strip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or bool(match["number"]) != (len(numbers) == len(signs)):
            return [], []
        if match["number"]:
            numbers.append(match["number"].replace(",", ""))
        else:
            signs.append(match["sign"])
        at = match.end()
    return numbers, signs


def _value(numbers: list[Fraction], signs: list[str]) -> Fraction:
    """Products before sums, from left to right."""
    terms, pending = [numbers[0]], []
    for sign, number in zip(signs, numbers[1:], strict=True):
        if sign in "+-":
            pending.append(sign)
            terms.append(number)
        else:
            terms[-1] = _OPERATIONS[sign](terms[-1], number)
    total = terms[0]
    for sign, term in zip(pending, terms[1:], strict=True):
        total = _OPERATIONS[sign](total, term)
    return total
