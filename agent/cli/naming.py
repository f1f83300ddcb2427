"""Saying who decides: a script does it by name or by token."""

from __future__ import annotations

import typer

from agent.settings import Settings


def check_named(settings: Settings, reviewer: str | None) -> None:
    """Raises a usage error when there is neither a name nor a token."""
    if reviewer is None and settings.token is None:
        raise typer.BadParameter("Missing option '--reviewer': who decides, unless ASSESS_ROLE_TOKEN says it.")
