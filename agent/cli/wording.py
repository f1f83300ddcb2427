"""The words of the terminal: counted things, days that are not known, and what a library found wrong."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from agent.errors import AssessorError, InvalidInput, ThresholdMissed
from agent.schemas.text import one_line

LEVEL_OPEN = "level open"
"""Printed where a seniority would stand, until the run has settled one."""
SHOWN = 40
"""Characters of a wrong value that are repeated."""

_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "mapping_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "greater_than": "more than {gt}",
    "greater_than_equal": "at least {ge}",
    "less_than": "less than {lt}",
    "less_than_equal": "at most {le}",
    "enum": "{expected}",
    "literal_error": "{expected}",
    "string_pattern_mismatch": "text of the form {pattern}",
}
"""What pydantic's kinds of error expected, with the names of their context filled in."""
_LENGTHS = {
    "string_too_short": ("at least {min_length}", "character"),
    "string_too_long": ("at most {max_length}", "character"),
    "too_short": ("at least {min_length}", "item"),
    "too_long": ("at most {max_length}", "item"),
}


def counted(count: int, thing: str, things: str | None = None) -> str:
    """`1 passage`, `2 passages`; `things` where the plural is another word."""
    return f"{count} {thing if count == 1 else things or f'{thing}s'}"


def dated(date: str) -> str:
    """A source's date as it is printed."""
    return "undated" if date == "unknown" else date


def lasting(seconds: float) -> str:
    """A length of time in the largest unit of which there are two."""
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.1f} {unit}"
    return f"{seconds:.0f} s"


def worded(error: AssessorError) -> tuple[str, tuple[str, ...]]:
    """The message and problems of an error, with a validation library's sentences put into our words."""
    message, problems = error.message, error.problems if isinstance(error, InvalidInput | ThresholdMissed) else ()
    cause = error.__cause__
    # Whoever never validated anything has not loaded pydantic, and need not for an error.
    library = sys.modules.get("pydantic")
    if library is None or not isinstance(cause, library.ValidationError):
        return message, problems
    for item in cause.errors(include_url=False):
        ours = _found(item["type"], item.get("input"), item.get("ctx") or {})
        if ours is not None:
            message = message.replace(item["msg"], ours)
            place = ".".join(map(str, item["loc"]))
            problems = tuple(p.replace(item["msg"], ours) if p.startswith(place) else p for p in problems)
    return message, problems


def _found(kind: str, value: object, context: Mapping[str, object]) -> str | None:
    """`found X, expected Y`; `None` for a kind without words of ours."""
    if kind == "missing":
        return "missing"
    if kind == "extra_forbidden":
        return "there is no such key"
    if kind in _LENGTHS:
        bound, unit = _LENGTHS[kind]
        size = len(value) if isinstance(value, (str, list, tuple)) else 0
        return f"found {counted(size, unit)}, expected {bound.format(**context)}"
    if kind in _EXPECTED:
        numbers = {name: f"{n:g}" if isinstance(n, float) else n for name, n in context.items()}
        return f"found {_shown(value)}, expected {_EXPECTED[kind].format(**numbers)}"
    return None


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, (list, tuple)):
        return "a list"
    text = one_line(str(value))
    return repr(text if len(text) <= SHOWN else f"{text[:SHOWN]}…") if isinstance(value, str) else text[:SHOWN]
