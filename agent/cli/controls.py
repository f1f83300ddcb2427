"""`controls`: known errors planted into the queue, and what became of them."""

from __future__ import annotations

from typing import Annotated

import typer

from agent.cli.options import AsJson, Identifier, ReviewerName
from agent.cli.output import Terminal

app = typer.Typer(
    help="Known errors in the queue: plant them, see what was caught.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("plant")
def plant(
    assessment: Identifier,
    reviewer: ReviewerName = None,
    kind: Annotated[
        str | None,
        typer.Option(
            "--kind",
            help="evidence_sign, task_score, time_shares, claim_direction or other_quote; any unless given.",
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, help="The same number plants the same error; by chance unless given.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Put a copy of an assessment with one known error up for review.

    Of one that is published or waits at the first checkpoint; beside one that waits, the copy can be told by its twin.
    The copy looks like any other draft; it is never published and no model is called for it. Whoever decides about it
    is told afterwards. Your own decision about it does not count.

    \b
    Example:
      assess-role controls plant ml-platform --kind task_score \\
        --reviewer "Ada Marsh"
    """
    from agent.cli.planting import plant_control
    from agent.settings import read_settings

    terminal = Terminal(as_json=as_json)
    with terminal.outcome():
        plant_control(terminal, read_settings(), assessment, reviewer, kind, seed)


@app.command("list")
def list_controls(as_json: AsJson = False) -> None:
    """List what was planted. Open ones are listed for an admin and for who planted them.

    \b
    Example:
      assess-role controls list --json
    """
    from agent.cli.planting import show_controls
    from agent.settings import read_settings

    terminal = Terminal(as_json=as_json)
    with terminal.outcome():
        show_controls(terminal, read_settings())
