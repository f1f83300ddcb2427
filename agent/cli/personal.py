"""`personal`: a published assessment at the shares of one's own week."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.options import AsJson, OneRole
from agent.cli.output import Terminal


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("personal", cls=OneRole)(personal)


def personal(
    role: Annotated[
        str,
        typer.Argument(metavar="ROLE", help="Slug, title or id of what is published here, or an assessment.json."),
    ],
    share: Annotated[
        list[str] | None, typer.Option("--share", metavar="ID=PERCENT", help="Your share of a task; repeatable.")
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option("--without", metavar="ID", help="A task you do not do; repeatable.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="Your shares from a file, YAML or JSON; - for stdin.")
    ] = None,
    fragment: Annotated[
        str | None, typer.Option("--fragment", help="Your shares from a link of the page, or what follows its #.")
    ] = None,
    save: Annotated[Path | None, typer.Option("--save", help="Keep your shares in this file.")] = None,
    version: Annotated[
        int | None, typer.Option("--version", min=1, help="Another published version than the newest.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compute a published score at your own time shares. It is your view, not an assessment.

    Shares are whole percent and sum to 100 over the tasks you do. Where you only leave tasks out, the published shares
    of the others are scaled to 100. Without options a terminal asks for each task. Nothing is stored but by --save.

    \b
    Examples:
      assess-role personal "Data Engineer"
      assess-role personal data-engineer-mid-level --without t5 --save mine.json
      assess-role personal published/data-engineer-mid-level/v1 --file mine.json
    """
    from agent.cli.own_view import report
    from agent.cli.own_week import asked_shares, published_of

    terminal = Terminal(as_json=as_json)
    ways = {"--file": file, "--fragment": fragment, "--share or --without": share or without}
    named = [way for way, value in ways.items() if value is not None]
    if len(named) > 1:
        raise typer.BadParameter(f"your shares come from one place, not from {' and '.join(named)}.")
    with terminal.outcome():
        published = published_of(role, version)
        shares = asked_shares(
            terminal, published, file=file, fragment=fragment, share=share or (), without=without or ()
        )
        report(terminal, published, shares, save=save)
        if not named and not terminal.interactive:
            terminal.words(
                "These are the published shares. Give yours with `--share ID=PERCENT` and `--without ID`, "
                "with `--file FILE` or `--fragment LINK`."
            )
