"""`corpus coverage ROLE`: what the corpus holds on a role, before anything is paid for."""

from __future__ import annotations

import datetime
from typing import Annotated

import typer

from agent.cli.options import AsJson, OneRole
from agent.cli.output import Terminal


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("coverage", cls=OneRole)(coverage)


def coverage(
    role: Annotated[str, typer.Argument(metavar="ROLE", help='The role, for example "Data Engineer".')],
    alias: Annotated[
        list[str] | None, typer.Option("--alias", help="Another title that counts as the role; may be given again.")
    ] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="The day to look back from: YYYY-MM-DD.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say what the corpus holds on a role, and what is missing.

    By section and dimension of the evidence: FOUND are the passages that the search gives, NAMING those of them that
    name the role or an alias, SOURCES the independent ones among these; FRESH are dated within 24 months. No model is
    called. The same count decides, after a model has described the role, whether an assessment is begun.

    \b
    Examples:
      assess-role corpus coverage "Data Engineer"
      assess-role corpus coverage "Nurse" --alias "registered nurse" --json
    """
    from agent.cli.opening import open_corpus
    from agent.cli.views import coverage_lines
    from agent.workflow.retrieval import coverage_before

    terminal = Terminal(as_json=as_json)
    with open_corpus(terminal) as opened:
        found = coverage_before(
            opened.corpus, role, aliases=tuple(alias or ()), as_of=as_of or datetime.date.today().isoformat()
        )
        if as_json:
            terminal.document({"ok": True, **found.model_dump(mode="json")})
            return
        for line in coverage_lines(found):
            terminal.data(line)
