"""`watch`: what would change the verdict on a published role."""

from __future__ import annotations

from typing import Annotated

import typer

from agent.cli.options import AsJson, OneRole
from agent.cli.output import Terminal


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("watch", cls=OneRole)(watch)


def watch(
    role: Annotated[
        str | None,
        typer.Argument(
            metavar="[ROLE]",
            help="A published role: its title, its slug, the beginning of its id, or the path of an assessment.json. "
            "The newest version that stands, or another one as ROLE@VERSION. Without it: every published role.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what would change the verdict on published roles.

    The role nearest to a line comes first. For each line next to its zone: the smallest changes that cross it, with
    the score and label they lead to and the signs of them in the world; then evidence of which nothing is known, and
    when the sources grow old. A publication whose file is missing or damaged is named, and the exit code is 3.

    \b
    Examples:
      assess-role watch
      assess-role watch "Data Engineer"
      assess-role watch --json
    """
    from agent.cli.watching import report
    from agent.registry.lookup import newest_of_each, published_words, subject_named
    from agent.registry.watching import Watching, watched, watching
    from agent.settings import read_settings
    from agent.workflow.lists import open_lists

    terminal = Terminal(as_json=as_json)
    with terminal.outcome():
        with open_lists(read_settings()) as lists:
            rows = lists.publications.done()
        if role is None:
            report(terminal, watching(newest_of_each(rows)), published_words(rows))
        else:
            report(terminal, Watching(items=(watched(subject_named(role, rows)),), left_out=()))
