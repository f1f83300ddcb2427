"""Suggested occupations and a comparison with official tasks, as a person sees them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from agent.cli.beside_official import Compared
from agent.cli.official import Suggested
from agent.cli.wording import LEVEL_OPEN, counted
from agent.occupations.compare import AssessedLine, Near, OfficialLine
from agent.schemas.occupation import OccupationChoice

DESCRIPTION = 150
"""Characters of an occupation's description that are shown at most."""
PLACE = " " * 8
HANG = 6
"""Columns from the beginning of a listed task's number to its text."""


def suggestion_lines(title: str, found: Sequence[Suggested], choice: OccupationChoice | None) -> list[str]:
    """Each suggested occupation with its reason and description, and what was confirmed before."""
    lines = []
    for item, occupation in found:
        lines.append(f"{occupation.code}  {occupation.title}  ({item.score:.2f}, {item.reason})")
        if occupation.description:
            lines.append(f"    {textwrap.shorten(occupation.description, DESCRIPTION, placeholder=' …')}")
    lines += [] if found else [f"No official occupation has a name like {title}."]
    return [*lines, *([] if choice is None else [choice_line(choice)])]


def choice_line(choice: OccupationChoice) -> str:
    """Who confirmed what, when, and from which release."""
    what = ", ".join(choice.codes) or "no official occupation fits"
    return f"Confirmed by {choice.reviewer} on {choice.decided_at[:10]} from {choice.release}: {what}"


def comparison_lines(compared: Compared) -> Iterator[str]:
    """The coverage first, then what has no counterpart, then what has one, then how to read it."""
    found = compared.found
    yield f"{compared.role} ({compared.seniority or LEVEL_OPEN})  {compared.id}"
    yield choice_line(compared.choice)
    if compared.choice.release != compared.release.name:
        yield f"The official tasks are those of {compared.release.name}."
    for part in found.occupations:
        if part.coverage_percent is None:
            yield f"{part.code} {part.title}: {compared.release.name} has no tasks of it that weigh anything"
        else:
            unrated = f", {part.unrated} without a rating" if part.unrated else ""
            yield (
                f"{part.code} {part.title}: {part.coverage_percent:.1f}% covered by weight, {part.with_counterpart} of "
                f"{counted(part.tasks, 'task')}{unrated}"
            )
    if len(found.occupations) > 1 and found.coverage_percent is not None:
        yield f"Mean of the occupations: {found.coverage_percent:.1f}%"
    if not found.official:
        yield "There is nothing to compare."
    else:
        yield from _both_sides(found.official, found.assessed)
        yield ""
        yield (
            f"A counterpart is a suggestion: the texts are similar by {found.threshold:.2f} or more to the bundled "
            "embedding model. Nobody has checked it, and no score changes."
        )
    if found.occupations:
        yield compared.release.attribution


def _both_sides(official: Sequence[OfficialLine], assessed: Sequence[AssessedLine]) -> Iterator[str]:
    several = len({line.occupation for line in official}) > 1
    order = "by occupation, the weightiest first" if several else "the weightiest first"
    for counterpart, heading in ((False, "without a counterpart"), (True, "with a counterpart")):
        lines = [line for line in official if line.counterpart is counterpart]
        if lines:
            yield from ("", f"Official tasks {heading}, {order}:")
        for line in lines:
            yield f"  {line.weight:.2f}  {line.text}" + (f" ({line.occupation})" if several else "")
            yield from _nearest(line.nearest[: 3 if counterpart else 1])
        rows = [row for row in assessed if row.counterpart is counterpart]
        if rows:
            yield from ("", f"Assessed tasks {heading}, {sum(row.share for row in rows)}% of working time:")
        for row in rows:
            yield f"  {f'{row.share}%':<{HANG}}{row.name}"
            yield from _nearest(row.nearest[: 3 if counterpart else 1])


def _nearest(nearest: Sequence[Near]) -> Iterator[str]:
    for near in nearest:
        yield f"{PLACE}{f'{near.similarity:.2f}':<{HANG}}{near.text}"
