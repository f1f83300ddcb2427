"""Single changes to the content under review, each named by its place, put together into one edit."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import JsonValue

from agent.errors import InvalidInput
from agent.review.edit import Edit, edit_from, edit_of
from agent.schemas.assessment import Assessment
from agent.schemas.base import Value

MAX_CHANGES = 500
END = "+"
"""The last part of a place that adds to a list."""


class Change(Value):
    """One value put in the place of another."""

    place: str
    """As the edit's document has it, for example `inputs.tasks.2.score`; a last part `+` adds to a list."""
    value: JsonValue
    """The new value; `null` at an entry of a list of claims, citations or gaps takes it out."""


_OPTIONAL = ("gap", "proxy", "horizon", "score", "override", "commentary", "lens", "growth")
"""Fields whose value may be null: there, null is a value and takes nothing out."""


def edit_with(content: Assessment, changes: Sequence[Change]) -> Edit:
    """The content with every change made, in order. Raises InvalidInput with every breach."""
    if len(changes) > MAX_CHANGES:
        raise InvalidInput(f"The edit has {len(changes)} changes, at most {MAX_CHANGES} are allowed.")
    document: JsonValue = edit_of(content).model_dump(mode="json")
    wrong = []
    for change in changes:
        problem = _put(document, change.place.split("."), change.value)
        if problem is not None:
            wrong.append(f"{change.place}: {problem}")
    if wrong:
        raise InvalidInput(f"Changes without a place: {len(wrong)}.", problems=wrong)
    return edit_from(document)


def _put(document: JsonValue, place: Sequence[str], value: JsonValue) -> str | None:
    """Put a value in; what is wrong with the place, or `None`."""
    *way, last = place
    at = document
    for part in way:
        if isinstance(at, dict) and part in at:
            at = at[part]
        elif isinstance(at, list) and part.isdecimal() and int(part) < len(at):
            at = at[int(part)]
        else:
            return f"there is no {part}"
    if isinstance(at, list):
        if last == END:
            at.append(value)
        elif not (last.isdecimal() and int(last) < len(at)):
            return f"there is no {last} in a list of {len(at)}"
        elif value is None:
            del at[int(last)]
        else:
            at[int(last)] = value
        return None
    if isinstance(at, dict) and last in at:
        if value is None and last not in _OPTIONAL:
            return "it cannot be empty"
        at[last] = value
        return None
    return f"there is no {last}"
