"""Figures in a text: where they stand, what they are worth, and how another value is written in the same way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
MONTH = "|".join(MONTHS)

_FIGURE = re.compile(
    r"(?<![\w./,-])(?P<currency>[$€£])?(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?P<unit>\s?%| percent\b| per cent\b| percentage points?\b| points\b| million\b| billion\b|-fold\b|[KM]\b)?"
    r"(?![\w/]|[.,]\d)"
)
_NAME_BEFORE = re.compile(
    r"(?:Llama|GPT|Claude|Opus|Sonnet|Gemini|Grok|Manus|Spider|Article|Articles|Annex|Part|MLA|Regulation|"
    r"Directive|Fortune|"
    r"Fable|Qwen|Kimi|DeepSeek|Version|version|Pro|Max|Python|Llama|class of|and|p =|kappa of|Table|Art|V)\s$"
)
_VERSION_LIST = re.compile(r"(?:GPT-5\.1|Gemini 3|Claude 3\.5|Claude 4\.5|3\.7 Sonnet, 4 Opus) and $|Sonnet, $")
_WORDS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12,
}  # fmt: skip
_WORD = re.compile(r"\b(" + "|".join(_WORDS) + r")\b(?! or more)")
_SHARE = re.compile(r"\b(two-thirds|two thirds|one third|a third|one quarter|a quarter|three quarters|half)\b")
_SHARES = {
    "two-thirds": 2 / 3, "two thirds": 2 / 3, "one third": 1 / 3, "a third": 1 / 3, "one quarter": 0.25,
    "a quarter": 0.25,
    "three quarters": 0.75, "half": 0.5,
}  # fmt: skip
_TIMES = {"doubled": 2.0, "tripled": 3.0, "tripling": 3.0, "quadrupled": 4.0, "eightfold": 8.0, "fourfold": 4.0}
_TIME = re.compile(r"\b(" + "|".join(_TIMES) + r")\b")
_SCALE = {"million": 1e6, "billion": 1e9, "K": 1e3, "M": 1e6}


@dataclass(frozen=True)
class Figure:
    """One figure in a text. Years, days of a month and numbers in names are none."""

    start: int
    end: int
    currency: str
    digits: str
    """As written: digits, a number word, a share or a multiple in words."""
    unit: str
    """With the blank before it, as written; empty for a bare number."""
    value: float
    """With million and billion multiplied out; percent as the number before the sign."""

    @property
    def in_words(self) -> bool:
        """Written without a digit."""
        return not self.digits[0].isdigit()


def figures(text: str) -> list[Figure]:
    """The figures of a text, in order."""
    return sorted((*_in_digits(text), *_in_words(text)), key=lambda figure: figure.start)


def values(text: str) -> set[float]:
    """Every number that the text holds in any sense, years and parts of names included."""
    numbers = {float(n.replace(",", "")) for n in re.findall(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?", text)}
    spoken = {figure.value for figure in _in_words(text)} | {100 * f.value for f in _in_words(text) if f.value < 1}
    return numbers | spoken | {figure.value for figure in figures(text)}


def written(figure: Figure, value: float) -> str:
    """`value` in the style of the figure: the same decimals, separators, currency and unit."""
    scale = _SCALE.get(figure.unit.strip(), 1.0)
    decimals = len(figure.digits.partition(".")[2])
    comma = "," if "," in figure.digits or value / scale >= 10_000 else ""
    return f"{figure.currency}{value / scale:{comma}.{decimals}f}{figure.unit}"


def replaced(text: str, figure: Figure, new: str) -> str:
    """The text with the figure written as `new`."""
    return text[: figure.start] + new + text[figure.end :]


def _in_digits(text: str) -> Iterator[Figure]:
    for found in _FIGURE.finditer(text):
        currency, digits, unit = found["currency"] or "", found["digits"], found["unit"] or ""
        number = float(digits.replace(",", ""))
        before, after = text[: found.start()], text[found.end() :]
        bare = not currency and not unit
        if bare and ("," not in digits and 1900 <= number <= 2100 and "." not in digits):
            continue
        if bare and (re.match(rf"\s(?:{MONTH})\b", after) or re.search(rf"\b(?:{MONTH}|May/June)\s$", before)):
            continue
        if bare and (_named(before) or re.match(r"\s(?:Sonnet|Opus|Pro|Max|Flash|Mini)\b|\(\d", after)):
            continue
        yield Figure(found.start(), found.end(), currency, digits, unit, number * _SCALE.get(unit.strip(), 1.0))


def _named(before: str) -> bool:
    """Whether a number after these words belongs to a name."""
    last = _NAME_BEFORE.search(before)
    if last is None:
        return False
    return not last.group().startswith("and") or _VERSION_LIST.search(before) is not None


def _in_words(text: str) -> Iterator[Figure]:
    for pattern, known in ((_WORD, _WORDS), (_SHARE, _SHARES), (_TIME, _TIMES)):
        for found in pattern.finditer(text):
            yield Figure(found.start(), found.end(), "", found.group(), "", float(known[found.group()]))
