"""`attention`: what reviewers looked at before they decided."""

from __future__ import annotations

from typing import Annotated

import typer

from agent.cli.options import AsJson
from agent.cli.output import Terminal


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("attention")(attention)


def attention(
    reviewer: Annotated[
        str | None, typer.Option("--reviewer", help="Only this person; everybody, and all together, unless given.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Count how reviews are decided, and what was opened before.

    Time, evidence and findings opened, edits, overrides, planted errors caught.

    To better the queue, not to rank people. Every share says of how many it is. Where accounts are kept, an admin
    reads everybody's numbers and everybody else their own.

    \b
    Examples:
      assess-role attention
      assess-role attention --reviewer "Ada Marsh" --json
    """
    from agent.cli.attending import show_attention
    from agent.settings import read_settings

    terminal = Terminal(as_json=as_json)
    with terminal.outcome():
        show_attention(terminal, read_settings(), reviewer)
