"""`inbox`: the reviews that wait in LangGraph's human-interrupt shape, and answers to them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.options import AsJson, Identifier, PublishDir, Quiet
from agent.cli.output import Terminal

app = typer.Typer(rich_markup_mode=None)


@app.callback(invoke_without_command=True)
def inbox(context: typer.Context, as_json: AsJson = False) -> None:
    """List and answer what waits in the shape of Agent Inbox.

    That is LangGraph's human-interrupt schema: an answer is one HumanResponse.

    \b
    Examples:
      assess-role inbox --json
      assess-role inbox answer ID answer.json --reviewer "Ada Marsh"
    """
    if context.invoked_subcommand is not None:
        return
    from agent.cli.answering import list_inbox
    from agent.settings import read_settings

    terminal = Terminal(as_json=as_json)
    with terminal.outcome():
        list_inbox(terminal, read_settings())


@app.command("answer")
def answer(
    assessment: Identifier,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="One HumanResponse as JSON; - is stdin.")],
    revision: Annotated[
        str | None,
        typer.Option("--revision", help="The full hash of the revision you saw, where the answer names none."),
    ] = None,
    reviewer: Annotated[str | None, typer.Option("--reviewer", help="Your name; the login name unless given.")] = None,
    publish_dir: PublishDir = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Take one answer: accept, edit, response or ignore.

    An accept approves, an edit edits, a response sends back with its text as
    the reason, an ignore defers. The same rules hold as for every other
    decision. An edit names its revision; the other answers may.

    \b
    Example:
      echo '{"type": "accept", "args": null}' |
        assess-role inbox answer ID - --revision sha256:...
    """
    from agent.cli.answering import take_answer

    take_answer(Terminal(as_json=as_json, quiet=quiet), assessment, file, revision, reviewer, publish_dir)
