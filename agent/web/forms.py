"""A submitted form of numbers and texts as changes to the content under review."""

from __future__ import annotations

import json
from collections.abc import Iterable

from pydantic import JsonValue

from agent.errors import InvalidInput
from agent.review.changing import END, Change, edit_with
from agent.review.edit import Edit, edit_of
from agent.schemas.assessment import Assessment

FIELD = "at:"
"""Fields that hold a value of the content: the place follows."""
ADDED = "add:"
"""Fields that hold a JSON value to add to the list at the place."""
REMOVED = "out:"
"""Fields whose presence takes out the entry at the place."""
LINES = "lines:"
"""Fields that hold a list of texts, one a line."""
CITED = "cite:"
"""Fields that hold a quote to cite: the list of citations follows, then the passage. An empty one cites nothing."""
_OPTIONAL = ("gap", "proxy", "horizon")
"""Texts that may be empty, which is none."""


def edited_place(path: str) -> str:
    """Where a claim of the guard's path stands in the edit's document."""
    return path if path.startswith(("commentary.", "lens.")) else f"inputs.{path}"


def changes_of(fields: Iterable[tuple[str, str]], content: Assessment) -> tuple[Change, ...]:
    """What differs from the content, in an order in which every place still stands when its turn comes.

    A number is read as a number where the content holds one; an empty number is unknown. Raises InvalidInput for a
    number that is none, a place that is not there, and JSON that is none.
    """
    document: JsonValue = edit_of(content).model_dump(mode="json")
    values: list[Change] = []
    added: list[Change] = []
    removed: list[Change] = []
    wrong: list[str] = []
    for name, text in fields:
        try:
            if name.startswith(FIELD):
                place = name.removeprefix(FIELD)
                was = _at(document, place)
                now = _read(text, was, optional=place.rpartition(".")[2] in _OPTIONAL)
                if now != was:
                    values.append(Change(place=place, value=now))
            elif name.startswith(ADDED):
                added.append(Change(place=f"{name.removeprefix(ADDED)}.{END}", value=json.loads(text)))
            elif name.startswith(LINES):
                place = name.removeprefix(LINES)
                now = _listed(text, _at(document, place))
                if now is not None:
                    values.append(Change(place=place, value=now))
            elif name.startswith(CITED) and text.strip():
                place, _, passage = name.removeprefix(CITED).rpartition(":")
                added.append(Change(place=f"{place}.{END}", value={"passage": passage, "quote": text.strip()}))
            elif name.startswith(REMOVED):
                removed.append(Change(place=name.removeprefix(REMOVED), value=None))
        except (ValueError, RecursionError) as error:
            wrong.append(f"{name.partition(':')[2]}: {error}")
    if wrong:
        raise InvalidInput(f"Fields that do not fit: {len(wrong)}.", problems=wrong)
    removed.sort(
        key=lambda change: [
            (part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in change.place.split(".")
        ],
        reverse=True,
    )
    return (*values, *added, *removed)


def edit_of_form(fields: Iterable[tuple[str, str]], content: Assessment) -> Edit:
    """The edit that a form makes of the content. Raises InvalidInput with every breach."""
    return edit_with(content, changes_of(fields, content))


def _at(document: JsonValue, place: str) -> JsonValue:
    at = document
    for part in place.split("."):
        if isinstance(at, dict) and part in at:
            at = at[part]
        elif isinstance(at, list) and part.isdecimal() and int(part) < len(at):
            at = at[int(part)]
        else:
            raise ValueError("there is no such place")
    return at


def _listed(text: str, was: JsonValue) -> JsonValue:
    """The lines of a text, where they are not the list that stood there; else `None`."""
    if not isinstance(was, list) or not all(isinstance(one, str) for one in was):
        raise ValueError("this is no list of texts")
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    return None if lines == [" ".join(str(one).split()) for one in was] else list[JsonValue](lines)


def _read(text: str, was: JsonValue, *, optional: bool) -> JsonValue:
    """The text as the kind of value that stood there; a number, or nothing for unknown."""
    if isinstance(was, bool | dict | list):
        raise ValueError("this cannot be edited here")
    stripped = text.strip()
    if optional and isinstance(was, str | None):
        same = stripped == (was or "").strip()
        return was if same else text.replace("\r\n", "\n").strip() or None
    if isinstance(was, str):
        return text.replace("\r\n", "\n").strip() if stripped != was.strip() else was
    if not stripped:
        return None
    try:
        return int(stripped)
    except ValueError:
        raise ValueError(f"{stripped[:20]!r} is no whole number") from None
