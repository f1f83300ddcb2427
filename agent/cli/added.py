"""What `corpus add` did, in words and as JSON."""

from __future__ import annotations

import sys
from collections.abc import Sequence, Set
from typing import NoReturn, TextIO

from agent.cli.output import Terminal
from agent.cli.wording import counted
from agent.errors import InvalidInput
from agent.evidence.ingest import AddReport, Left, Note
from agent.evidence.writer import Update

SHOWN = 20
"""Lines of one kind at a terminal; a pipe, a file and --json get all."""


def is_read_by_a_person(stream: TextIO) -> bool:
    """Whether a list that is longer than the window is of no use there."""
    return stream.isatty()


def refuse(terminal: Terminal, report: AddReport, sources: Sequence[str]) -> NoReturn:
    """Raises InvalidInput: nothing at all could be read, with the reason of every file."""
    left = report.skipped
    if not left:
        files = counted(len(report.ignored), "file")
        passed = f" ({files} of no text format passed over)" if report.ignored else ""
        raise InvalidInput(
            f"There is nothing to read in {', '.join(sources)}{passed}.",
            hint="`assess-role corpus add --help` names the formats that are read.",
        )
    every = [f"{item.file}: {item.reason}." for item in left]
    cut = len(every) > SHOWN and is_read_by_a_person(sys.stderr)
    shown = [*every[:SHOWN], f"and {len(every) - SHOWN} more; a pipe or --json gets all of them."] if cut else every
    raise InvalidInput(f"Nothing could be read: {'; '.join(shown)}", problems=every if terminal.as_json else shown)


def show(terminal: Terminal, report: AddReport, *, dry_run: bool) -> None:
    """What was done, or would be."""
    if terminal.as_json:
        _document(terminal, report, dry_run=dry_run)
        return
    terminal.data(_summary(report, dry_run=dry_run))
    copies = [f"copy: {article} counts as one source with {work}" for article, work in report.articles.copies.items()]
    _listed(terminal, [_updated(update) for update in report.articles.updates], "updated")
    _listed(terminal, copies, "copies")
    _listed(terminal, _noted(report.notes), "notes")
    _listed(terminal, _named(report.skipped), "left out")
    _listed(terminal, [f"passed over, no text format: {file}" for file in report.ignored], "passed over")


def show_change(terminal: Terminal, report: AddReport, *, before: Set[Left]) -> None:
    """One line about what a change of a watched folder did, and what is left out since; nothing for nothing."""
    articles = report.articles
    if articles.added or articles.updated or articles.removed:
        terminal.data(_summary(report, dry_run=False))
    _listed(terminal, [_updated(update) for update in articles.updates], "updated")
    _listed(terminal, _noted(report.notes), "notes")
    _listed(terminal, _named([item for item in report.skipped if item not in before]), "left out")


def _document(terminal: Terminal, report: AddReport, *, dry_run: bool) -> None:
    articles = report.articles
    terminal.document(
        {
            "ok": True,
            "added": list(articles.added),
            "updated": list(articles.updated),
            "updates": [
                {"article": update.article, "title": update.after.title, "was": _former(update)}
                for update in articles.updates
            ],
            "unchanged": list(articles.unchanged),
            "copies": dict(articles.copies),
            "skipped": [{"file": item.file, "reason": item.reason} for item in report.skipped],
            "notes": [{"file": note.file, "note": note.words} for note in report.notes],
            "files": report.files,
            "not_read_again": report.unread,
            "no_text_format": list(report.ignored),
            "passages": articles.passages,
            "embedded": articles.embedded,
            "dry_run": dry_run,
        }
    )


def _summary(report: AddReport, *, dry_run: bool) -> str:
    articles = report.articles
    would = "would be " if dry_run else ""
    counts = [
        f"{len(articles.added)} {would}added",
        f"{len(articles.updated)} {would}updated",
        f"{len(articles.unchanged)} unchanged",
        *([f"{counted(report.unread, 'file')} not read again"] if report.unread else []),
        *([f"{len(report.skipped)} left out"] if report.skipped else []),
    ]
    passages = counted(articles.passages, "passage") + ("" if dry_run else f", {articles.embedded} embedded")
    return f"{', '.join(counts)}; {passages}"


def _former(update: Update) -> dict[str, object]:
    """Title, publisher and tier of the replaced version, as far as they are others now."""
    names = ("title", "publisher", "tier")
    pairs = ((name, getattr(update.before, name), getattr(update.after, name)) for name in names)
    return {name: before for name, before, after in pairs if before != after}


def _updated(update: Update) -> str:
    former = ", ".join(f"{name} {value}" for name, value in _former(update).items())
    return f"updated: {update.article} {update.after.title}" + (f" (was: {former})" if former else "")


def _noted(notes: Sequence[Note]) -> list[str]:
    return [f"note: {note.file}: {note.words}" for note in notes]


def _named(left: Sequence[Left]) -> list[str]:
    return [f"left out: {item.file}: {item.reason}" for item in left]


def _listed(terminal: Terminal, lines: Sequence[str], what: str) -> None:
    most = SHOWN if is_read_by_a_person(sys.stdout) else len(lines)
    for line in lines[:most]:
        terminal.data(line)
    if len(lines) > most:
        terminal.data(f"and {len(lines) - most} more {what}; a pipe or --json gets all of them")
