"""What `corpus add` did, in words and as JSON."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import NoReturn

from agent.cli.output import Terminal
from agent.cli.wording import counted
from agent.errors import InvalidInput
from agent.evidence.ingest import AddReport, Left

SHOWN = 20
"""Files left out and copies that are named one by one at a terminal; --json names all."""


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
    shown = every if len(every) <= SHOWN else [*every[:SHOWN], f"and {len(every) - SHOWN} more; --json names all."]
    raise InvalidInput(f"Nothing could be read: {'; '.join(shown)}", problems=every if terminal.as_json else shown)


def show(terminal: Terminal, report: AddReport, *, dry_run: bool) -> None:
    """What was done, or would be."""
    if terminal.as_json:
        _document(terminal, report, dry_run=dry_run)
        return
    terminal.data(_summary(report, dry_run=dry_run))
    copies = [f"copy: {article} counts as one source with {work}" for article, work in report.articles.copies.items()]
    _listed(terminal, copies, "copies")
    _listed(terminal, _named(report.skipped), "left out")
    _listed(terminal, [f"passed over, no text format: {file}" for file in report.ignored], "passed over")


def show_change(terminal: Terminal, report: AddReport, *, before: Set[Left]) -> None:
    """One line about what a change of a watched folder did, and what is left out since; nothing for nothing."""
    articles = report.articles
    if articles.added or articles.updated or articles.removed:
        terminal.data(_summary(report, dry_run=False))
    _listed(terminal, _named([item for item in report.skipped if item not in before]), "left out")


def _document(terminal: Terminal, report: AddReport, *, dry_run: bool) -> None:
    articles = report.articles
    terminal.document(
        {
            "ok": True,
            "added": list(articles.added),
            "updated": list(articles.updated),
            "unchanged": list(articles.unchanged),
            "copies": dict(articles.copies),
            "skipped": [{"file": item.file, "reason": item.reason} for item in report.skipped],
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


def _named(left: Sequence[Left]) -> list[str]:
    return [f"left out: {item.file}: {item.reason}" for item in left]


def _listed(terminal: Terminal, lines: Sequence[str], what: str) -> None:
    for line in lines[:SHOWN]:
        terminal.data(line)
    if len(lines) > SHOWN:
        terminal.data(f"and {len(lines) - SHOWN} more {what}; --json names all")
