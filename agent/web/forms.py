"""A submitted form of numbers and texts as changes to the content under review."""

from __future__ import annotations

import json
from collections.abc import Iterable

from pydantic import JsonValue

from agent.errors import InvalidInput
from agent.review.changing import Change, edit_with
from agent.review.edit import Edit, edit_of
from agent.schemas.assessment import Assessment

FIELD = "at:"
"""Fields that hold a value of the content: the place follows."""
ADDED = "add:"
"""Fields that hold a JSON value to add to the list at the place."""
REMOVED = "out:"
"""Fields whose presence takes out the entry at the place."""


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
                now = _read(text, was)
                if now != was:
                    values.append(Change(place=place, value=now))
            elif name.startswith(ADDED):
                added.append(Change(place=f"{name.removeprefix(ADDED)}.+", value=json.loads(text)))
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


def _read(text: str, was: JsonValue) -> JsonValue:
    """The text as the kind of value that stood there; a number, or nothing for unknown."""
    if isinstance(was, bool | dict | list):
        raise ValueError("this cannot be edited here")
    stripped = text.strip()
    if isinstance(was, str):
        return text.replace("\r\n", "\n").strip() if stripped != was.strip() else was
    if not stripped:
        return None
    try:
        return int(stripped)
    except ValueError:
        raise ValueError(f"{stripped[:20]!r} is no whole number") from None
