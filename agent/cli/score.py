"""`score`: only the formula, on a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.options import AsJson
from agent.cli.output import Terminal


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("score")(score)


def score(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Inputs as YAML or JSON, or an assessment.json; - for stdin.")
    ],
    as_json: AsJson = False,
) -> None:
    """Score a file of inputs without any model. The same file gives the same score on any machine.

    \b
    Examples:
      assess-role score inputs.yaml
      assess-role score published/data-engineer/v1/assessment.json --json
    """
    from agent.cli.files import read_document
    from agent.cli.views import result_lines
    from agent.scoring import outcome, outcome_report, parse_inputs

    terminal = Terminal(as_json=as_json)
    with terminal.outcome():
        parsed = parse_inputs(read_document(file))
        if as_json:
            terminal.document({"ok": True, **outcome_report(parsed)})
            return
        result, reasons = outcome(parsed)
        if result is None:
            terminal.data(f"{parsed.role}: abstained, no score. {'; '.join(reasons)}.")
            return
        for line in result_lines(parsed.role, result):
            terminal.data(line)
