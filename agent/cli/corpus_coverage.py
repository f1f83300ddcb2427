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
    """Say what the corpus holds on a role: passages, independent sources, tiers and dates by section and dimension.

    No model is called. It is the same count that decides, after the role is described, whether an assessment is begun.

    \b
    Examples:
      assess-role corpus coverage "Data Engineer"
      assess-role corpus coverage "Nurse" --alias "registered nurse" --json
    """
    from agent.cli.opening import open_corpus
    from agent.cli.views import table
    from agent.workflow.retrieval import coverage_before

    terminal = Terminal(as_json=as_json)
    with open_corpus(terminal) as opened:
        found = coverage_before(
            opened.corpus, role, aliases=tuple(alias or ()), as_of=as_of or datetime.date.today().isoformat()
        )
        if as_json:
            terminal.document({"ok": True, **found.model_dump(mode="json")})
            return
        rows = [
            (
                group.name.replace("_", " "),
                str(group.passages),
                str(group.speaking),
                str(group.sources),
                " ".join(f"{tier}:{count}" for tier, count in group.tiers.items() if count) or "-",
                str(group.fresh),
                str(group.undated),
                group.newest or "-",
                ", ".join(group.missing) or "nothing",
            )
            for group in found.groups
        ]
        head = ("FOR", "FOUND", "NAME IT", "SOURCES", "BY TIER", "FRESH", "UNDATED", "NEWEST", "MISSING")
        terminal.data(table(head, rows, flexible=("MISSING", "FOR")))
        terminal.data(f"\n{found.sources} independent sources name the role; {found.needed} are needed.")
        terminal.data(
            f"An assessment would not be begun: {found.stops}" if found.stops else "An assessment can be begun."
        )
