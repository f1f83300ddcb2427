"""Asking a person which tasks of two roles are the same work, one task after another."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from agent.cli.asking import ask
from agent.cli.output import Terminal
from agent.errors import NotFound
from agent.registry.mapping import TaskMapping
from agent.registry.roles import Subject
from agent.schemas.draft import TaskDraft
from agent.schemas.text import one_line

YES, NO, OTHER = "y", "n", "o"


def ask_pairs(terminal: Terminal, a: Subject, b: Subject, mapping: TaskMapping) -> tuple[tuple[str, str], ...]:
    """The pairs of task ids that the person gives, in the order of `a`. Raises typer.Abort when they leave."""
    of_b = {task.id: task for task in b.tasks}
    hints = {pair.from_: pair for pair in mapping.pairs}
    pairs: list[tuple[str, str]] = []
    for task in a.tasks:
        free = [other for other in b.tasks if other.id not in {taken for _, taken in pairs}]
        if not free:
            break
        hint = hints.get(task.id)
        likely = of_b[hint.to] if hint is not None and of_b[hint.to] in free else None
        terminal.data(f"\n{a.role.words}\n  {_line(task)}\n{b.role.words}")
        if likely is None:
            terminal.data("  no task is suggested")
        else:
            near = "" if hint is None or hint.similarity is None else f"  (similarity {hint.similarity:.2f})"
            terminal.data(f"  {_line(likely)}{near}")
        chosen = _chosen(terminal, likely, free)
        if chosen is not None:
            pairs.append((task.id, chosen))
    return tuple(pairs)


def _chosen(terminal: Terminal, likely: TaskDraft | None, free: Sequence[TaskDraft]) -> str | None:
    """The id of the task that is the same work; `None` for none."""
    keys = {NO: "n no task", OTHER: "o another task"}
    if likely is not None:
        keys = {YES: "y yes", **keys}
    while True:
        key = str(typer.prompt(f"The same work? {', '.join(keys.values())}", prompt_suffix=" > ")).strip().lower()[:1]
        if key not in keys:
            terminal.data(f"No such key {key!r}.")
        elif key == NO:
            return None
        elif key == YES and likely is not None:
            return likely.id
        else:
            for task in free:
                terminal.data(f"  {_line(task)}")
            other = ask(terminal, "Its id (empty: back)", lambda answer: _known(answer, free))
            if other is not None:
                return other


def _known(answer: str, free: Sequence[TaskDraft]) -> str:
    ids = [task.id for task in free]
    if answer.lower() not in ids:
        raise NotFound(f"There is no free task {answer!r}; there are {', '.join(ids)}.")
    return answer.lower()


def _line(task: TaskDraft) -> str:
    return f"{task.id:<3} {task.share:>3}%  {task.score}  {one_line(task.name)}"
