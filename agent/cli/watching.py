"""What `assess-role watch` prints."""

from __future__ import annotations

from collections.abc import Iterator

import typer

from agent.cli.output import Terminal
from agent.cli.wording import counted
from agent.errors import InvalidInput
from agent.publishing.watch import LineWatch, Move
from agent.publishing.words import OLD, SIGNS, ZONES, lever
from agent.registry.watching import Watched, Watching
from agent.schemas.text import one_line
from agent.scoring import POLICY


def report(terminal: Terminal, made: Watching, nothing: str = "") -> None:
    """The watch list, nearest first; `nothing` is what an empty one says. Raises Exit when a publication could not be
    read."""
    document = made.model_dump(mode="json", by_alias=True)
    if terminal.as_json:
        if not made.left_out:
            terminal.document({"ok": True, **document})
    else:
        _lines(terminal, made, nothing)
    if made.left_out:
        error = _incomplete(made)
        terminal.failure(error, beside=document)
        raise typer.Exit(error.exit_code)


def _lines(terminal: Terminal, made: Watching, nothing: str) -> None:
    if not made.items and not made.left_out:
        terminal.words(nothing)
    for at, item in enumerate(made.items):
        for line in ([""] if at else []) + list(_watched(item)):
            terminal.data(line)
        if item.of.withdrawn is not None:
            terminal.words(one_line(f"It was withdrawn {item.of.withdrawn.words}"))
        if item.of.policy != POLICY.version:
            terminal.words(f"It was scored by policy {item.of.policy}; labels after a change are by {POLICY.version}.")
    if made.items:
        terminal.words("Next: when a sign shows, `assess-role corpus add` its source, then `assess-role refresh`.")


def _watched(item: Watched) -> Iterator[str]:
    role, watch = item.of, item.watch
    near = f"{watch.nearest:.1f} points to the nearest line"
    yield f"{one_line(role.words)}  {role.score:.1f} of 100, {role.label}; {near}"
    for line in watch.lines:
        yield from _line(line)
    if watch.unknown:
        yield f"  {watch.unknown.sentence}"
    if watch.expiries:
        yield f"  When the evidence grows old ({OLD}):"
    yield from (f"    {expiry.sentence}" for expiry in watch.expiries)


def _line(line: LineWatch) -> Iterator[str]:
    way = (
        f"{line.direction.capitalize()} to {ZONES[line.to]}, {line.distance:.1f} points to the line at {line.line:.0f}"
    )
    yield f"  {way}: {one_line(line.sentence)}"
    if len(line.moves) > 1 and all(len(move.steps) == 1 for move in line.moves):
        yield "    Every single step that does it:"
        yield from (f"      {_move(move)}" for move in line.moves)
    if line.signals:
        yield f"    {SIGNS}"
    yield from (f"      {signal.name}: {signal.text}" for signal in line.signals)


def _move(move: Move) -> str:
    step = move.steps[0]
    change = f"{step.from_} → {step.to}".replace("-", "−")
    return f"{one_line(lever(step.input))}, {change}: {move.score:.1f}, {move.label}"


def _incomplete(made: Watching) -> InvalidInput:
    problems = [f"{row.slug} v{row.version}: {row.reason}" for row in made.left_out]
    return InvalidInput(
        f"{counted(len(problems), 'publication')} cannot be watched: {'; '.join(problems)}",
        problems=problems,
        hint="Put the files back where `assess-role published` says that they lie.",
    )
