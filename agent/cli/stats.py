"""`stats`: what assessments cost, and how the versions of a role drift."""

from __future__ import annotations

from typing import Annotated

import typer

from agent.cli.options import AsJson
from agent.cli.output import Terminal


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("stats")(stats)


def stats(
    role: Annotated[
        str | None, typer.Option("--role", help="Only this role: its title, also with its level in brackets, or slug.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", help="Only from this day, month or year on: 2026-11-28, 2026-11, 2026.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Count tokens, findings and time, and show drift.

    Of each assessment and each month: calls, tokens, redrafts, findings of the guard, unknown evidence, time. Of each
    role that was published more than once: every version's score beside the one before, and what of model, corpus,
    policy and prompts changed in between. Counted from the store; no model is called.

    \b
    Examples:
      assess-role stats
      assess-role stats --role "Data Engineer" --since 2026-11 --json
    """
    from agent.cli.stats_view import show_stats
    from agent.settings import read_settings

    terminal = Terminal(as_json=as_json)
    with terminal.outcome():
        show_stats(terminal, read_settings(), role, since)
