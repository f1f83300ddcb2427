"""`compare`: from one published role to another, and where to look next."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from agent.cli.options import AsJson
from agent.cli.output import Terminal

CONFIRM_NEEDS = "--confirm needs A, B and --reviewer NAME, unless ASSESS_ROLE_TOKEN is set."


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("compare")(compare)


def compare(
    first: Annotated[
        str,
        typer.Argument(
            metavar="A",
            help="A published role: its title, its slug, the beginning of its id, or the path of an assessment.json. "
            "The newest version, or another one as A@VERSION.",
        ),
    ],
    second: Annotated[
        str | None, typer.Argument(metavar="B", help="The role to go to, named like A; without it: where to look next.")
    ] = None,
    confirm: Annotated[
        Path | None,
        typer.Option(
            "--confirm",
            metavar="FILE",
            help="Confirm the mapping in this file, as `--json` printed it and a person read it; - for stdin.",
        ),
    ] = None,
    reviewer: Annotated[
        str | None,
        typer.Option(
            "--reviewer",
            help="Who confirms a mapping; kept with it and in the audit trail. Not needed with ASSESS_ROLE_TOKEN.",
        ),
    ] = None,
    no_ask: Annotated[bool, typer.Option("--no-ask", help="Do not ask about a suggested mapping.")] = False,
    as_json: AsJson = False,
) -> None:
    """Compare two published roles, or say where to look next.

    With A and B: the difference of the scores, and the tasks kept, lost and gained. Which task is which is suggested
    by an embedding model and says so, until a person confirms it: a terminal asks about each pair, a script gives
    --confirm FILE --reviewer NAME. A confirmed mapping is kept and used from then on.

    With A alone: where to look next. Published roles with a higher score that share enough work with A, each with the
    reason, and none where none fits.

    \b
    Examples:
      assess-role compare "Data Engineer" "ML Platform Engineer"
      assess-role compare data-engineer-mid-level@1 data-engineer-mid-level@2
      assess-role compare "Data Engineer"
      assess-role compare A B --json > mapping.json   (read and edit it)
      assess-role compare A B --confirm mapping.json --reviewer "Ada Marsh"
    """
    if confirm is not None and second is None:
        raise typer.BadParameter(CONFIRM_NEEDS)
    from agent.cli.comparing import compare_two, look_next
    from agent.settings import read_settings
    from agent.workflow.acting import deciding
    from agent.workflow.comparing import open_comparer

    terminal = Terminal(as_json=as_json)
    with terminal.outcome():
        settings = read_settings()
        if confirm is not None and not reviewer and settings.token is None:
            raise typer.BadParameter(CONFIRM_NEEDS)
        with open_comparer(settings) as comparer:
            a = comparer.subject(first)
            if second is None:
                look_next(terminal, comparer.next_from(a))
                return
            b = comparer.subject(second)
            asks = terminal.interactive and not no_ask
            acting = partial(deciding, settings, comparer.accounts, reviewer or None)
            compare_two(terminal, comparer, a, b, confirm=confirm, acting=acting, asks=asks)
