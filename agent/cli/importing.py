"""`import`: data of others that the user has downloaded. Nothing of it ships with the program."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.options import AsJson, Quiet
from agent.cli.output import Terminal
from agent.cli.wording import counted

app = typer.Typer(
    help="Take in data of others that you downloaded.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def _group() -> None:
    """A group of its own, also while it has one command."""


@app.command("onet")
def onet(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of an unzipped O*NET text release.")],
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Read occupations and their tasks from an O*NET release.

    Takes Occupation Data, Task Statements, Task Ratings and Alternate Titles,
    as .txt (tabs) or .csv, from the folder or one below it. An earlier import
    is replaced; what was confirmed about roles stays. Rows that cannot be used
    are left out and counted, the first of them named.

    \b
    Example:
      assess-role import onet db_29_0_text
    """
    from agent.cli.official import occupations_in, open_database
    from agent.occupations.release import read_release

    terminal = Terminal(as_json=as_json, quiet=quiet)
    with terminal.outcome():
        read = read_release(folder.expanduser())
    with open_database(terminal) as db:
        facts = occupations_in(db).replace(
            version=read.version, found=read.occupations, tasks=read.tasks, names=read.names
        )
        if as_json:
            notes = [note._asdict() for note in read.notes]
            document = facts.model_dump(mode="json")
            terminal.document({"ok": True, **document, "notes": notes, "attribution": facts.attribution})
            return
        terminal.data(
            f"{facts.name} imported: {counted(facts.occupations, 'occupation')}, {counted(facts.tasks, 'task')} "
            f"({facts.rated} rated), {counted(facts.names, 'name')}"
        )
        for note in read.notes:
            terminal.data(f"{note.file}: {note.note}")
        terminal.words(facts.attribution)
        terminal.words('Next: assess-role occupations suggest "Data Engineer"')
