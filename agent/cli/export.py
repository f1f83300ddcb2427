"""`export`: what has been published, for spreadsheets and notebooks."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from agent.cli.options import Quiet
from agent.cli.output import Terminal
from agent.registry.choices import ExportFormat, TableName


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("export")(export)


def export(
    context: typer.Context,
    form: Annotated[
        ExportFormat, typer.Option("--format", help="csv and parquet hold one table, json holds all.")
    ] = ExportFormat.CSV,
    table: Annotated[
        TableName | None, typer.Option("--table", help="The table of csv and parquet; assessments unless given.")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The file to write instead of stdout.")] = None,
    all_versions: Annotated[
        bool,
        typer.Option("--all-versions", help="Every version, also those withdrawn, instead of the newest of each role."),
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Export the published assessments as tables.

    A publication whose file is missing or damaged is named, and the exit code is 3.

    \b
    Examples:
      assess-role export > assessments.csv
      assess-role export --table citations --all-versions -o citations.csv
      assess-role export --format parquet --table tasks -o tasks.parquet
      assess-role export --format json > export.json
    """
    terminal = Terminal(as_json=form is ExportFormat.JSON, quiet=quiet)
    if form is ExportFormat.JSON and table is not None:
        context.fail("--table goes with csv and parquet: json holds every table.")
    if form is ExportFormat.PARQUET and output is None and sys.stdout.isatty():
        context.fail("Parquet is no text for a terminal: name a file with --output, or pipe it.")

    from agent.cli.exporting import deliver
    from agent.registry.export import export as exported
    from agent.registry.lookup import newest_of_each, published_words
    from agent.settings import read_settings
    from agent.workflow.lists import open_lists

    with terminal.outcome():
        with open_lists(read_settings()) as lists:
            rows = lists.publications.done()
        made = exported(rows if all_versions else newest_of_each(rows))
        deliver(terminal, made, form, table or TableName.ASSESSMENTS, output, published_words(rows))
