"""What `assess-role compare` does with two roles, and what it prints."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

import typer

from agent.cli.files import read_document
from agent.cli.mapping_questions import ask_pairs
from agent.cli.output import Terminal
from agent.cli.wording import counted
from agent.registry.mapping import given_pairs
from agent.registry.next_roles import NextRoles
from agent.registry.roles import Subject
from agent.registry.transition_words import sentences
from agent.registry.transitions import Transition
from agent.registry.transitions_view import TaskView, TransitionView, transition_view, transitions_view
from agent.review.service import Reviewer
from agent.schemas.text import one_line
from agent.workflow.comparing import Comparer

NEXT = (
    "Next: read the pairs and confirm them, at a terminal with the same command, in a script with "
    "`--confirm FILE --reviewer NAME`."
)
Acting: TypeAlias = Callable[[str], Reviewer]
"""Says who acts through a channel."""
NUMBERS = "{:<16} {:>7} {:>7} {:>7}"
"""The columns of the numbers."""


def compare_two(
    terminal: Terminal, comparer: Comparer, a: Subject, b: Subject, *, confirm: Path | None, acting: Acting, asks: bool
) -> None:
    """Compare `a` with `b`; before it, confirm the mapping of a file, after it, ask a person about a suggested one."""
    if confirm is not None:
        name = "stdin" if str(confirm) == "-" else str(confirm)
        pairs = given_pairs(read_document(confirm), a, b, name)
        show_transition(terminal, comparer.confirm(a, b, pairs, acting("script")))
        return
    way = comparer.compare(a, b)
    show_transition(terminal, way)
    if way.mapping.by_person:
        return
    if not asks:
        if not terminal.as_json:
            terminal.words(NEXT)
        return
    if not typer.confirm("\nGo through the tasks and confirm the mapping?", default=False):
        return
    by = acting("terminal")
    answered = ask_pairs(terminal, a, b, way.mapping)
    question = f"\nRecord this mapping ({counted(len(answered), 'pair')}), confirmed by {by.name}?"
    if typer.confirm(question, default=True):
        terminal.data("")
        show_transition(terminal, comparer.confirm(a, b, answered, by))


def show_transition(terminal: Terminal, way: Transition) -> None:
    """The way from one role to another, scores first."""
    if terminal.as_json:
        document = way.model_dump(mode="json", by_alias=True)
        terminal.document({"ok": True, **document, "sentences": list(sentences(way))})
        return
    for line in transition_lines(transition_view(way)):
        terminal.data(line)


def look_next(terminal: Terminal, found: NextRoles) -> None:
    """Where to look next, best first, or that nothing fits."""
    if terminal.as_json:
        terminal.document({"ok": True, **found.model_dump(mode="json", by_alias=True)})
        return
    view = transitions_view(found)
    terminal.data(view.sentence)
    for item in view.items:
        terminal.data("")
        terminal.data(
            f"{one_line(item.role.name)} {item.role.version}  {item.role.score} of 100, {item.role.label}; "
            f"{item.gain} points, {item.shared} shared"
        )
        terminal.data(f"  {one_line(item.reason)}", hang=0)
    if view.left_out:
        terminal.words("Left out:")
    for line in view.left_out:
        terminal.words(f"  {line}")
    if view.items:
        here, best = found.from_, found.items[0].to
        terminal.words(f"Next: assess-role compare {here.slug}@{here.version} {best.slug}@{best.version}")


def transition_lines(view: TransitionView) -> Iterator[str]:
    """A transition as a terminal prints it."""
    yield view.headline
    yield from view.sentences
    yield ""
    yield NUMBERS.format("", "FROM", "TO", "CHANGE").rstrip()
    for row in view.differences:
        yield NUMBERS.format(row.name, row.before, row.after, row.change).rstrip()
    yield ""
    yield f"Tasks kept, {view.kept_share} of the time ({view.mapping}); share, task score, task:"
    for pair in view.kept:
        yield _task(pair.before)
        yield f"{_task(pair.after, mark='=')}{f'  (similarity {pair.similarity})' if pair.similarity else ''}"
    if not view.kept:
        yield "  none"
    for title, tasks in (("lost", view.lost), ("gained", view.gained)):
        yield ""
        yield f"Tasks {title} ({view.mapping}):"
        yield from _tasks(tasks)


def _tasks(tasks: Sequence[TaskView]) -> Iterator[str]:
    yield from (_task(task) for task in tasks) if tasks else ("  none",)


def _task(task: TaskView, *, mark: str = "") -> str:
    return f"  {mark:1} {task.share:>4}  {task.score}  {one_line(task.name)}"
