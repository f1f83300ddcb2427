"""`site`: what has been published, as a static site."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.options import AsJson, Quiet
from agent.cli.output import Terminal

app = typer.Typer(
    help="What has been published, as a static site.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


# With a callback `build` stays a command of its own while it is the only one.
@app.callback()
def _site() -> None:
    pass


@app.command("build")
def build(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]", help="A new folder or an earlier site; `site` in the home folder unless given."
        ),
    ] = None,
    base_url: Annotated[
        str | None,
        typer.Option("--base-url", help="The public address of DIR; with it come sitemap.xml and feed.atom."),
    ] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Build a static site of everything published.

    An index with search and filters, every published page as it was approved, the history of each role, comparisons
    and where to look next, everything as tables, and the method. It needs no server and makes no request. A
    publication whose files are missing or changed is named and left out, and the exit code is 3.

    \b
    Examples:
      assess-role site build
      assess-role site build public --base-url https://example.org/roles/
    """
    from agent.cli.building import build_site
    from agent.settings import read_settings

    terminal = Terminal(as_json=as_json, quiet=quiet)
    with terminal.outcome():
        settings = read_settings()
        build_site(terminal, settings, folder or settings.home / "site", base_url)
