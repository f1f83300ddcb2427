"""A release of the O*NET database, read from the four tables that are used."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from agent.grounding.normalise import folded_words
from agent.occupations.folder import NAMES, OCCUPATIONS, RATINGS, TASKS, find_release
from agent.occupations.table import Table
from agent.schemas.occupation import CODE_FORM, NameKind, Occupation, OfficialName, OfficialTask

COLUMNS = {
    OCCUPATIONS: ("O*NET-SOC Code", "Title", "Description"),
    TASKS: ("O*NET-SOC Code", "Task ID", "Task", "Task Type"),
    RATINGS: ("O*NET-SOC Code", "Task ID", "Scale ID", "Data Value", "Recommend Suppress"),
    NAMES: ("O*NET-SOC Code", "Alternate Title", "Short Title"),
}
"""The columns that are used, as O*NET names them."""
MAX_ROWS = {OCCUPATIONS: 20_000, TASKS: 300_000, RATINGS: 3_000_000, NAMES: 600_000}
"""About fifteen times those of a real release."""
IMPORTANCE, RELEVANCE, FREQUENCY = "IM", "RT", "FT"
RANGES = {IMPORTANCE: (1.0, 5.0), RELEVANCE: (0.0, 100.0), FREQUENCY: (0.0, 100.0)}
"""Least and greatest value a scale. How often a task is done is read over: no weight uses it."""
MAX_TITLE, MAX_TEXT, MAX_KIND = 300, 5000, 40
"""Characters; longer ones are no title, no task or description, no task type."""

_CODE = re.compile(CODE_FORM)
_TASK_ID = re.compile(r"[0-9]{1,9}")
_NUMBER = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,6})?")


class Note(NamedTuple):
    """What was left out of a file."""

    file: str
    note: str


@dataclass(frozen=True)
class Release:
    """What was read."""

    path: Path
    version: str | None
    """For example `29.0`; `None` where the folder does not say."""
    occupations: tuple[Occupation, ...]
    tasks: tuple[OfficialTask, ...]
    names: tuple[OfficialName, ...]
    notes: tuple[Note, ...]

    @property
    def rated(self) -> int:
        """Tasks with both importance and relevance."""
        return sum(task.importance is not None and task.relevance is not None for task in self.tasks)


def read_release(folder: Path) -> Release:
    """The release in a folder. Rows that cannot be used are left out and counted in the notes.

    Raises NotFound and InvalidInput, as `find_release` and `Table` do.
    """
    found = find_release(folder)
    tables = {name: Table(file, COLUMNS[name], MAX_ROWS[name]) for name, file in found.files.items()}
    notes: list[Note] = []
    occupations = _occupations(tables[OCCUPATIONS], notes)
    names = _names(tables[NAMES], occupations, notes)
    tasks = _rated(tables[RATINGS], _tasks(tables[TASKS], occupations, notes), notes)
    return Release(
        path=found.path,
        version=found.version,
        occupations=tuple(occupations[code] for code in sorted(occupations)),
        tasks=tuple(sorted(tasks, key=lambda task: (task.occupation, task.id))),
        names=names,
        notes=tuple(notes),
    )


def _occupations(table: Table, notes: list[Note]) -> dict[str, Occupation]:
    """Code to occupation."""
    found: dict[str, Occupation] = {}
    for line, (code, title, description) in table.rows():
        wrong = _wrong_code(code) or _wrong_text("title", title, MAX_TITLE)
        if wrong is None and len(description) > MAX_TEXT:
            wrong = f"its description has more than {MAX_TEXT:,} characters"
        if wrong is None and code in found:
            wrong = f"the occupation {code} stands above already"
        if wrong is None:
            found[code] = Occupation(code=code, title=title, description=description)
        else:
            table.leave_out(line, wrong)
    _close(table, len(found), notes)
    return found


def _names(table: Table, occupations: Mapping[str, Occupation], notes: list[Note]) -> tuple[OfficialName, ...]:
    """Every name of an occupation once, as the kind that counts most."""
    found = {(occupation.code, occupation.title): NameKind.TITLE for occupation in occupations.values()}
    used = 0
    for line, (code, title, short) in table.rows():
        wrong = _wrong_code(code, occupations) or _wrong_text("alternate title", title, MAX_TITLE)
        if wrong is None and len(short) > MAX_TITLE:
            wrong = f"its short title has more than {MAX_TITLE} characters"
        if wrong is not None:
            table.leave_out(line, wrong)
            continue
        used += 1
        found.setdefault((code, title), NameKind.ALTERNATE)
        if short:
            found.setdefault((code, short), NameKind.SHORT)
    _close(table, used, notes)
    return tuple(
        OfficialName(occupation=code, kind=kind, text=text, words=" ".join(folded_words(text)))
        for (code, text), kind in found.items()
    )


def _tasks(table: Table, occupations: Mapping[str, Occupation], notes: list[Note]) -> dict[int, OfficialTask]:
    """Id to task, not rated yet."""
    found: dict[int, OfficialTask] = {}
    for line, (code, number, text, kind) in table.rows():
        wrong = _wrong_code(code, occupations) or _wrong_id(number) or _wrong_text("task", text, MAX_TEXT)
        if wrong is None and len(kind) > MAX_KIND:
            wrong = f"its task type has more than {MAX_KIND} characters"
        if wrong is None and int(number) in found:
            wrong = f"the task {number} stands above already"
        if wrong is None:
            found[int(number)] = OfficialTask(
                id=int(number), occupation=code, text=text, kind=kind or None, importance=None, relevance=None
            )
        else:
            table.leave_out(line, wrong)
    _close(table, len(found), notes)
    without = len(occupations) - len({task.occupation for task in found.values()})
    if without:
        notes.append(Note(table.path.name, f"{without:,} of {len(occupations):,} occupations have no tasks"))
    return found


def _rated(table: Table, tasks: Mapping[int, OfficialTask], notes: list[Note]) -> list[OfficialTask]:
    """The tasks with their ratings."""
    found: dict[tuple[int, str], float] = {}
    unused: Counter[str] = Counter()
    used = 0
    for line, (code, number, scale, value, suppress) in table.rows():
        wrong = _wrong_code(code) or _wrong_id(number) or _wrong_rating(scale, value, suppress)
        if wrong is None:
            wrong = _wrong_subject(tasks.get(int(number)), code, number)
        if wrong is None and (int(number), scale) in found:
            wrong = f"the scale {scale} of task {number} stands above already"
        if wrong is not None:
            table.leave_out(line, wrong)
            continue
        used += 1
        if scale == FREQUENCY:
            continue
        if suppress == "Y":
            unused["not used, as O*NET recommends"] += 1
        elif not value:
            unused["without a value"] += 1
        else:
            found[int(number), scale] = float(value)
    _close(table, used, notes)
    for what, count in sorted(unused.items()):
        notes.append(Note(table.path.name, f"{count:,} {'rating' if count == 1 else 'ratings'} {what}"))
    return [
        task.model_copy(
            update={"importance": found.get((number, IMPORTANCE)), "relevance": found.get((number, RELEVANCE))}
        )
        for number, task in tasks.items()
    ]


def _close(table: Table, used: int, notes: list[Note]) -> None:
    note = table.note(used)
    if note is not None:
        notes.append(Note(table.path.name, note))


def _wrong_code(code: str, known: Container[str] | None = None) -> str | None:
    if not _CODE.fullmatch(code):
        return f"{code[:20]!r} is no O*NET-SOC code such as 15-1252.00"
    if known is not None and code not in known:
        return f"{OCCUPATIONS} has no occupation {code}"
    return None


def _wrong_id(number: str) -> str | None:
    return None if _TASK_ID.fullmatch(number) else f"{number[:20]!r} is no task id"


def _wrong_text(what: str, text: str, most: int) -> str | None:
    if not any(character.isalnum() for character in text):
        return f"it has no {what}"
    return f"its {what} has more than {most:,} characters" if len(text) > most else None


def _wrong_rating(scale: str, value: str, suppress: str) -> str | None:
    if scale not in RANGES:
        return f"{scale[:20]!r} is none of the scales {', '.join(RANGES)}"
    if suppress not in ("Y", "N", ""):
        return f"its Recommend Suppress is {suppress[:20]!r}, expected Y, N or n/a"
    low, high = RANGES[scale]
    if value and not (_NUMBER.fullmatch(value) and low <= float(value) <= high):
        return f"the value {value[:20]!r} is none of {low:g} to {high:g}"
    return None


def _wrong_subject(task: OfficialTask | None, code: str, number: str) -> str | None:
    if task is None:
        return f"{TASKS} has no task {number}"
    return None if task.occupation == code else f"the task {number} belongs to {task.occupation}, not to {code}"
