"""`withdraw`: take back a published version, with a reason."""

from __future__ import annotations

from typing import Annotated

import typer

from agent.cli.options import AsJson, OneRole, Quiet, Reason, ReviewerName
from agent.cli.output import Terminal


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("withdraw", cls=OneRole)(withdraw)


def withdraw(
    role: Annotated[
        str,
        typer.Argument(
            metavar="ROLE",
            help="A published role: title, slug or id; the newest version that stands, or another one as ROLE@VERSION.",
        ),
    ],
    reason: Reason,
    reviewer: ReviewerName = None,
    revision: Annotated[
        str | None,
        typer.Option(
            "--revision",
            help="For scripts: the full hash of the revision you saw, sha256:... as `published --json` prints it. At a "
            "terminal you are asked instead.",
        ),
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Withdraw a published version, with a reason.

    Nothing is deleted and no published file changes. The withdrawal is recorded once, with your name and reason, and
    cannot be taken back; a later version of the role can be published as ever. Lists mark the version, and searches
    for a role, comparisons, exports and sites pass it over. Build a site anew to have it say so.

    \b
    Examples:
      assess-role withdraw "Data Engineer" --reviewer "Ada Marsh" \\
        --reason "A source that carried the score was retracted."
      assess-role withdraw data-engineer-mid-level@1 --revision sha256:... \\
        --reviewer "Ada Marsh" --reason "Superseded by version 2." --json
    """
    from agent.cli.withdrawing import withdraw_published

    terminal = Terminal(as_json=as_json, quiet=quiet)
    if revision is None and not terminal.interactive:
        raise typer.BadParameter("a script needs --revision HASH, which `assess-role published --json` prints.")
    with terminal.outcome():
        withdraw_published(terminal, role, revision=revision, reviewer=reviewer, reason=reason)
