"""An export on its way to a file or a pipe."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from agent.cli.output import Terminal
from agent.cli.wording import counted
from agent.errors import InvalidInput
from agent.llm.atomic import write_atomically
from agent.registry.choices import ExportFormat, TableName
from agent.registry.export_formats import csv_bytes, json_bytes, json_document, parquet_bytes
from agent.registry.exported import Export


def deliver(
    terminal: Terminal, made: Export, form: ExportFormat, table: TableName, output: Path | None, nothing: str
) -> None:
    """Write the export, then say what is in it, or `nothing`. Raises Exit when a publication could not be read."""
    if form is ExportFormat.JSON and output is None:
        if made.ok:
            terminal.document(json_document(made))
    else:
        content = _content(made, form, table)
        if output is None:
            sys.stdout.flush()
            sys.stdout.buffer.write(content)
        else:
            _write(output, content)
    if made.unreadable:
        error = _incomplete(made)
        terminal.failure(error, beside=json_document(made) if output is None else None)
        raise typer.Exit(error.exit_code)
    what = counted(len(made.assessments), "assessment")
    if form is not ExportFormat.JSON and table is not TableName.ASSESSMENTS:
        what = f"{counted(len(made.table(table)), 'row')} of {what}"
    terminal.words(f"{what} written to {output}." if output else f"{what}." if made.assessments else nothing)


def _content(made: Export, form: ExportFormat, table: TableName) -> bytes:
    if form is ExportFormat.JSON:
        return json_bytes(made)
    return csv_bytes(made, table) if form is ExportFormat.CSV else parquet_bytes(made, table)


def _write(output: Path, content: bytes) -> None:
    """A file is written whole or not at all; a device or pipe is written to."""
    if output.is_dir():
        raise InvalidInput(f"{output} is a folder; expected a file to write to.")
    if output.exists() and not output.is_file():
        output.write_bytes(content)
    else:
        write_atomically(output.resolve(), content)


def _incomplete(made: Export) -> InvalidInput:
    problems = [f"{row.slug} v{row.version}: {row.reason}" for row in made.unreadable]
    count = counted(len(problems), "publication")
    return InvalidInput(
        f"{count} cannot be exported, and the tables are without: {'; '.join(problems)}",
        problems=problems,
        hint="Put the files back where `assess-role published` says that they lie, then export again.",
    )
