"""`refresh`: published assessments against the corpus as it is now, and again only what is due."""

from __future__ import annotations

from typing import Annotated

import typer

from agent.cli.options import AsJson, MaxTokens, OneRole, PublishDir, Quiet
from agent.cli.output import Terminal
from agent.schemas.vocabulary import Section


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("refresh", cls=OneRole)(refresh)


def refresh(
    role: Annotated[
        str | None,
        typer.Argument(metavar="ROLE", help="A published role: title, slug or id; without it, all that are published."),
    ] = None,
    section: Annotated[
        list[Section] | None,
        typer.Option("--section", help="Draft this section of ROLE again, whether it is due or not. Can be repeated."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what is due and why, and stop.")] = False,
    by_hand: Annotated[
        bool, typer.Option("--by-hand", help="Without a model, leave what is due to the reviewer to edit.")
    ] = False,
    max_tokens: MaxTokens = None,
    publish_dir: PublishDir = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Find what newer evidence speaks against, and draft it again.

    Of a published assessment, due is what rests on evidence that is too old by now, what cites an article of which a
    newer version or edition is here or which has left the corpus, and what an article added since seems to contradict.
    Only the sections concerned are drafted again; all others stand as they were published. The draft goes through both
    checkpoints, with what changed since the published version beside it, and becomes the role's next version.
    What a person left as it was in the last refresh is listed as standing, and not drafted again.

    \b
    Examples:
      assess-role refresh --dry-run
      assess-role refresh "Data Engineer"
      assess-role refresh "Data Engineer" --section evidence --max-tokens 80000
    """
    from agent.cli.refreshing import refresh_published

    terminal = Terminal(as_json=as_json, quiet=quiet)
    if section and role is None:
        raise typer.BadParameter("--section needs a ROLE.")
    if section and Section.FRAME in section:
        raise typer.BadParameter("The frame is not drafted again by a refresh: assess the role anew, or edit it.")
    with terminal.outcome():
        refresh_published(
            terminal,
            role,
            sections=tuple(section or ()),
            dry_run=dry_run,
            by_hand=by_hand,
            max_tokens=max_tokens,
            publish_dir=publish_dir,
        )
