"""What `assess-role audit` checks and prints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import typer
from pydantic import ValidationError

from agent.cli.output import Terminal
from agent.cli.wording import counted
from agent.errors import AssessorError, InvalidInput, ThresholdMissed
from agent.publishing import bytes_hash
from agent.registry.published_file import read_assessment
from agent.schemas.record import AuditMark
from agent.settings import Settings
from agent.store.publications import PublicationRow
from agent.workflow.wiring import Stores, open_stores

NOTHING = "The trail is empty: nothing has happened in this home yet."


def marks_given(marks: Iterable[str]) -> tuple[AuditMark, ...]:
    """The marks of the command line. Raises InvalidInput for what is none."""
    found = []
    for given in marks:
        serial, _, digest = given.partition(":")
        try:
            found.append(AuditMark.model_validate({"serial": int(serial), "hash": digest}))
        except (ValueError, ValidationError) as error:
            raise InvalidInput(
                f"{given!r} is no mark: expected the number of an entry and its hash, SERIAL:sha256:….",
                hint="`assess-role audit verify` prints the last one; an assessment.json has one in `record.audit`.",
            ) from error
    return tuple(found)


def verify_trail(terminal: Terminal, settings: Settings, marks: tuple[AuditMark, ...]) -> None:
    """Check the trail against itself, the rows of the store, the published pages of this home and the marks.

    Raises Exit with what does not hold.
    """
    with open_stores(settings) as stores:
        size, last = stores.audit.extent()
        rows = stores.publications.done()
        pages, unread, changed = _held_against(rows)
        problems = (*stores.audit.problems([*pages, *marks]), *changed)
    document: dict[str, object] = {
        "entries": size,
        "pages": len(pages),
        "last": None if last is None else last.model_dump(),
        "unread": list(unread),
    }
    if not terminal.as_json:
        named = f"{counted(len(pages), 'published page')} and {counted(len(marks), 'mark')}"
        terminal.data(f"{counted(size, 'entry', 'entries')}, held against {named}")
        for line in unread:
            terminal.data(f"note: {line}")
        terminal.data(f"last entry: {last.serial}:{last.hash}" if last else NOTHING)
    elif not problems:
        terminal.document({"ok": True, **document})
    if problems:
        error = ThresholdMissed(
            f"{counted(len(problems), 'thing')} in the trail, the store or the pages cannot be as it was written.",
            problems=problems,
            hint="Compare with a copy of the home folder; `assess-role audit export` prints what is here.",
        )
        terminal.failure(error, beside=document)
        raise typer.Exit(error.exit_code)


def _held_against(rows: Iterable[PublicationRow]) -> tuple[list[AuditMark], list[str], list[str]]:
    """What the published pages of this home name, which of them cannot be read or name nothing, and which files were
    changed."""
    marks: list[AuditMark] = []
    unread: list[str] = []
    changed: list[str] = []
    for row in rows:
        changed += [
            f"{file} is not the file that was published: it was changed since"
            for name, digest in row.files.items()
            if (file := Path(row.path) / name).is_file() and bytes_hash(file.read_bytes()) != digest
        ]
        try:
            mark = read_assessment(Path(row.path)).record.audit
        except AssessorError as error:
            unread.append(f"{row.slug} v{row.version} was not held against the trail. {error.message}")
            continue
        if mark is None:
            unread.append(f"{row.slug} v{row.version} is from before the trail was chained, and names no entry.")
        else:
            marks.append(mark)
    return marks, unread, changed


def export_trail(terminal: Terminal, settings: Settings, assessment: str | None) -> None:
    """Print the entries. Raises NotFound for an unknown assessment."""
    with open_stores(settings) as stores:
        for line in _lines(stores, assessment):
            terminal.data(line)


def _lines(stores: Stores, assessment: str | None) -> Iterator[str]:
    name = None if assessment is None else stores.assessments.get(assessment).id
    return (entry.model_dump_json() for entry in stores.audit.entries(name))
