"""The value of a number, however it is written: digits with separators, exponents, fractions and number words."""

from __future__ import annotations

import re
from fractions import Fraction

_ONES = dict(zip(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"], range(1, 10), strict=True))
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_VALUES = (
    {"zero": 0, "hundred": 100}
    | _ONES
    | dict(zip(_TEENS.split(), range(10, 20), strict=True))
    | dict(zip(_TENS.split(), range(20, 100, 10), strict=True))
)
_PARTS = {"half": "0.5", "quarter": "0.25"}

_ONE = "|".join(_ONES)
_SMALL = rf"(?:(?:{'|'.join(_TENS.split())})(?:[ -](?:{_ONE})\b)?|{'|'.join(_TEENS.split())}|{_ONE}|zero)"
_HUNDREDS = rf"(?:{_SMALL}[ -])?hundred(?:(?:[ -]and)?[ -]{_SMALL}\b)?"
_PART = (
    r"(?:half|quarter)(?: of)?(?: an?)?"
    r"(?=[ -](?:per ?cent\b|percentage|basis|hundred\b|thousand\b|million\b|billion\b|trillion\b))"
)
NUMBER_WORDS = rf"\b(?:{_PART}|(?:{_HUNDREDS}|{_SMALL})(?=fold\b|\b))"
"""A number in lower-case words, in a regular expression; the parts of one only where a unit or scale follows."""

_EXPONENT = r"(?<![\d.,])10(?:\^\d)+|\d+(?:\.\d+)?e\d{1,2}\b"
_FRACTION = r"(?:\d+ )?\d+\u2044\d+"
_GROUPED = r"(?<![\d.,])(?<!\d )\d{1,3}(?:[ ']\d{3})+(?:[.,]\d{1,2})?(?![.,']?\d)(?! \d{3}(?!\d))"
_POINTED = r"(?<![\w.])\.\d+"
NUMBER_DIGITS = rf"{_EXPONENT}|{_FRACTION}|{_GROUPED}|{_POINTED}|\d+(?:[.,]\d+)*"
"""A number in digits, in a regular expression over a normalised text in lower case."""


def value_of(written: str, scale: int) -> str:
    """Canonical decimal digits of `written` times ten to the `scale`; what is no decimal number keeps its signs.

    Works on the characters: a passage may hold a number of any length.
    """
    if written[0].isalpha():
        return _scaled(_word_value(written), scale)
    if "\u2044" in written:
        return _fraction(written, scale)
    if written.startswith("^"):
        written = written.replace("^", "")
    if "^" in written:
        exponent = written.partition("^")[2].replace("^", "").lstrip("0") or "0"
        return _scaled("1", int(exponent) + scale) if len(exponent) <= 2 else f"10^{exponent}e{scale}"
    if "e" in written:
        digits, _, power = written.partition("e")
        return _scaled(digits, int(power) + scale)
    return _scaled(_pointed(written), scale)


def _word_value(written: str) -> str:
    words = written.replace("-", " ").split()
    if words[0] in _PARTS:
        return _PARTS[words[0]]
    total = 0
    for word in words:
        if word == "hundred":
            total = max(total, 1) * 100
        elif word != "and":
            total += _VALUES[word]
    return str(total)


def _fraction(written: str, scale: int) -> str:
    whole, _, part = written.rpartition(" ")
    above, _, below = part.partition("\u2044")
    if max(len(whole), len(above), len(below)) > 9 or not int(below):
        return f"{written}e{scale}"
    value = (int(whole or "0") + Fraction(int(above), int(below))) * 10**scale
    if 10**9 % value.denominator:
        return f"{value}"
    whole_part, decimals = divmod(int(value * 10**9), 10**9)
    return _scaled(f"{whole_part}.{decimals:09d}", 0)


def _pointed(written: str) -> str:
    """The same number with a point before its decimals and without separators, where it is one."""
    written = re.sub("[ ']", "", written)
    if written.startswith("."):
        return f"0{written}"
    if re.fullmatch(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", written):
        return written.replace(",", "")
    if re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?", written):
        return written.replace(".", "").replace(",", ".")
    return written.replace(",", ".") if re.fullmatch(r"\d+,(?:\d{1,2}|\d{4,})", written) else written


def _scaled(digits: str, scale: int) -> str:
    if not re.fullmatch(r"\d+(?:\.\d+)?", digits):
        return digits if scale == 0 else f"{digits}e{scale}"
    whole, _, fraction = digits.partition(".")
    fraction = fraction.ljust(scale, "0")
    whole, fraction = (whole + fraction[:scale]).lstrip("0") or "0", fraction[scale:].rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole
