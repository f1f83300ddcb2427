"""`audit`: the trail of every event, checked and exported."""

from __future__ import annotations

from typing import Annotated

import typer

from agent.cli.options import AsJson, Quiet
from agent.cli.output import Terminal

app = typer.Typer(
    help="The trail of every decision and event: check it, export it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("verify")
def verify(
    mark: Annotated[
        list[str] | None,
        typer.Option("--mark", metavar="SERIAL:HASH", help="An entry as you wrote it down elsewhere. Can be repeated."),
    ] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Check that the trail is as it was written.

    No entry was changed, removed or put in. Every decision, approval, comment, revision, publication and withdrawal
    has its entry and is as that says, and none of them is missing. Every published page names an entry, and its own
    has to be that. A trail that was written anew as a whole shows only against pages or
    marks that were kept elsewhere: the last line says what to write down. Exit code 6 when something does not hold.

    \b
    Examples:
      assess-role audit verify
      assess-role audit verify --mark 41:sha256:…
    """
    from agent.cli.auditing import marks_given, verify_trail
    from agent.settings import read_settings

    terminal = Terminal(as_json=as_json, quiet=quiet)
    with terminal.outcome():
        verify_trail(terminal, read_settings(), marks_given(mark or ()))


@app.command("export")
def export(
    assessment: Annotated[
        str | None, typer.Option("--assessment", metavar="ID", help="Of one assessment; of all unless given.")
    ] = None,
) -> None:
    """Print the trail, one JSON object a line, oldest first.

    \b
    Example:
      assess-role audit export > trail.jsonl
    """
    from agent.cli.auditing import export_trail
    from agent.settings import read_settings

    terminal = Terminal()
    with terminal.outcome():
        export_trail(terminal, read_settings(), assessment)
