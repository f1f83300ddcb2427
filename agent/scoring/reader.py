"""Reading a parsed YAML or JSON document without trusting it: every mismatch is noted with its place, none raises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from agent.scoring.policy import Bounds

Name = TypeVar("Name", bound=StrEnum)

SHOWN_CHARACTERS = 60
SHOWN_DIGITS = 15


class Reader:
    """Collects `problems`, one sentence a breach. A value that cannot be used is noted once and read as `None`."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def note(self, place: str, found: str, expected: str) -> None:
        """Note that `found` stands at `place` where `expected` belongs."""
        self.problems.append(f"{place}: found {found}, expected {expected}")

    def mapping(
        self, value: object, place: str, keys: Sequence[str], optional: Sequence[str] = ()
    ) -> Mapping[str, object]:
        """`value` as a mapping with all of `keys` and perhaps `optional`; empty when it is none."""
        if not isinstance(value, Mapping):
            self.note(place or "the document", shown(value), f"a mapping with {', '.join(keys)}")
            return {}
        known = [*keys, *optional]
        dot = f"{place}." if place else ""
        for key in value:
            if key not in known:
                near = (
                    get_close_matches(key, known, n=1) if isinstance(key, str) and len(key) <= SHOWN_CHARACTERS else []
                )
                meant = f"; did you mean {near[0]}?" if near else ""
                self.problems.append(f"{dot}{_key(key)}: unknown key, expected only {', '.join(known)}{meant}")
        self.problems += [f"{dot}{key}: missing" for key in keys if key not in value]
        return value

    def items(self, parent: Mapping[str, object], key: str, expected: str) -> Sequence[object] | None:
        """The list under `key`; `None` when there is none."""
        if key not in parent:
            return None
        value = parent[key]
        if isinstance(value, (list, tuple)):
            return value
        self.note(key, shown(value), expected)
        return None

    def text(self, parent: Mapping[str, object], key: str, place: str, lengths: Bounds) -> str | None:
        """The text under `key`, with as many characters as `lengths` allows."""
        if key not in parent:
            return None
        value = parent[key]
        if not isinstance(value, str):
            self.note(place, shown(value), "text")
        elif not value.strip():
            self.note(place, "no text", f"{lengths} characters")
        elif len(value) not in lengths:
            self.note(place, f"{len(value)} characters", f"{lengths} characters")
        elif any("\ud800" <= character <= "\udfff" for character in value):
            self.note(place, "half of a surrogate pair", "valid Unicode text")
        else:
            return value
        return None

    def whole(self, parent: Mapping[str, object], key: str, place: str, bounds: Bounds, also: str = "") -> int | None:
        """The whole number under `key`, inside `bounds`. A bool, 2.0 or "2" is none. `also` names another way out."""
        if key not in parent:
            return None
        value = parent[key]
        if isinstance(value, int) and not isinstance(value, bool):
            if value in bounds:
                return value
            self.note(place, shown(value), f"{bounds}{also}")
        else:
            self.note(place, shown(value), f"a whole number, {bounds}{also}")
        return None

    def tenths(self, parent: Mapping[str, object], key: str, place: str, bounds: Bounds) -> float | None:
        """The number under `key` with at most one decimal, inside `bounds`."""
        if key not in parent:
            return None
        value = parent[key]
        if isinstance(value, (int, float)) and not isinstance(value, bool) and _in_tenths(value, bounds):
            return float(value)
        self.note(place, shown(value), f"a number, {bounds}, with at most one decimal")
        return None

    def member(self, parent: Mapping[str, object], key: str, place: str, names: type[Name]) -> Name | None:
        """The member of the closed vocabulary `names` under `key`."""
        if key not in parent:
            return None
        value = parent[key]
        if isinstance(value, str) and value in list(names):
            return names(value)
        self.note(place, shown(value), f"one of {', '.join(names)}")
        return None

    def dimensions(self, parent: Mapping[str, object], key: str, names: type[Name], bounds: Bounds) -> dict[Name, int]:
        """The mapping under `key` from each of `names` to a whole number inside `bounds`."""
        group = self._group(parent, key, names)
        found = {name: self.whole(group, name, f"{key}.{name}", bounds) for name in names}
        return {name: value for name, value in found.items() if value is not None}

    def unknowable(
        self, parent: Mapping[str, object], key: str, names: type[Name], bounds: Bounds
    ) -> dict[Name, int | None]:
        """As `dimensions`, but null is a value of its own: unknown."""
        group = self._group(parent, key, names)
        return {
            name: None
            if group[name] is None
            else self.whole(group, name, f"{key}.{name}", bounds, also=", or null for unknown")
            for name in names
            if name in group
        }

    def _group(self, parent: Mapping[str, object], key: str, names: type[Name]) -> Mapping[str, object]:
        return self.mapping(parent[key], key, list(names)) if key in parent else {}


def _in_tenths(value: float, bounds: Bounds) -> bool:
    return bounds.low <= value <= bounds.high and (Fraction(str(value)) * 10).denominator == 1


def shown(value: object) -> str:
    """`value` as an error names it: short, printable, whatever it is."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, (int, float)):
        return _number(value)
    if isinstance(value, str):
        return repr(value if len(value) <= SHOWN_CHARACTERS else f"{value[:SHOWN_CHARACTERS]}…")
    if isinstance(value, Mapping):
        return "a mapping"
    return "a list" if isinstance(value, (list, tuple)) else f"a {type(value).__name__}"


def _number(value: float) -> str:
    if isinstance(value, int) and abs(value) >= 10**SHOWN_DIGITS:
        return f"a number of more than {SHOWN_DIGITS} digits"
    return {"nan": "NaN", "inf": "infinity", "-inf": "minus infinity"}.get(str(value), str(value))


def _key(key: object) -> str:
    return key if isinstance(key, str) and key.isidentifier() and len(key) <= SHOWN_CHARACTERS else shown(key)
