"""`occupations`: which official occupation a role belongs to, and what of its tasks an assessment has."""

from __future__ import annotations

from typing import Annotated

import typer

from agent.cli.options import AsJson, Identifier, OneRole, Quiet
from agent.cli.output import Terminal
from agent.errors import InvalidInput

app = typer.Typer(
    help="Official occupations (O*NET) and their tasks.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Title = Annotated[str, typer.Argument(metavar="ROLE", help='The role title, for example "Data Engineer".')]


@app.command("suggest", cls=OneRole)
def suggest(
    role: Title,
    by_meaning: Annotated[
        bool, typer.Option("--by-meaning", help="Also compare the title with every occupation's by meaning.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Suggest official occupations for a role title.

    Each with its reason: the very title, an alternate title, words in common.
    Suggestions only: `occupations confirm` records what a person decides.
    Several may fit, and none.

    \b
    Example:
      assess-role occupations suggest "Data Engineer" --by-meaning
    """
    from agent.cli.occupation_views import suggestion_lines
    from agent.cli.official import occupations_in, open_database, suggestions
    from agent.workflow.titles import check_role

    terminal = Terminal(as_json=as_json)
    with open_database(terminal) as db:
        title, store = check_role(role), occupations_in(db)
        release, choice = store.release(), store.choice(title)
        found = suggestions(db, title, by_meaning=by_meaning)
        if as_json:
            items = [{**one.model_dump(mode="json"), "score": item.score, "reason": item.reason} for item, one in found]
            terminal.document(
                {
                    "ok": True,
                    "title": title,
                    "release": release.model_dump(mode="json"),
                    "confirmed": None if choice is None else choice.model_dump(mode="json"),
                    "items": items,
                    "attribution": release.attribution,
                }
            )
            return
        for line in suggestion_lines(title, found, choice):
            terminal.data(line)
        terminal.words(release.attribution)
        if choice is None:
            terminal.words(f'Next: assess-role occupations confirm "{title}"')


@app.command("confirm", cls=OneRole)
def confirm(
    role: Title,
    code: Annotated[
        list[str] | None, typer.Option("--code", help="An occupation that the role belongs to; may be given again.")
    ] = None,
    none: Annotated[bool, typer.Option("--none", help="No official occupation fits.")] = False,
    reviewer: Annotated[
        str | None,
        typer.Option("--reviewer", help="Who decides; needed with --code and --none, unless ASSESS_ROLE_TOKEN is set."),
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Record the official occupations of a role: one, several or none.

    At a terminal it shows suggestions and asks; in a script say --code or
    --none, and --reviewer. The latest confirmation counts; earlier ones stay
    on record.

    \b
    Examples:
      assess-role occupations confirm "Data Engineer"
      assess-role occupations confirm "Data Engineer" --code 15-1243.00 \\
        --code 15-1243.01 --reviewer "Ada Marsh"
      assess-role occupations confirm "Prompt Artist" --none \\
        --reviewer "Ada Marsh"
    """
    from agent.cli.confirming import confirm_in_terminal, record
    from agent.cli.official import open_database
    from agent.settings import read_settings
    from agent.store.accounts import AccountStore
    from agent.store.stamps import SystemStamps
    from agent.workflow.acting import deciding
    from agent.workflow.titles import check_role

    terminal = Terminal(as_json=as_json, quiet=quiet)
    with open_database(terminal) as db:
        title, settings = check_role(role), read_settings()
        accounts = AccountStore(db, SystemStamps())
        if code and none:
            raise InvalidInput("`--code` and `--none` exclude each other.")
        if (code or none) and reviewer is None and settings.token is None:
            raise InvalidInput("`--reviewer` is missing: a confirmation is recorded with the name of who decided.")
        if code or none:
            record(terminal, db, title, code or [], deciding(settings, accounts, reviewer, "script"))
        elif terminal.interactive:
            confirm_in_terminal(terminal, db, title, deciding(settings, accounts, reviewer or None, "terminal"))
        else:
            raise InvalidInput(
                "There is no terminal to ask at: say `--code CODE` or `--none`, and `--reviewer NAME`.",
                hint=f'`assess-role occupations suggest "{title}"` lists codes.',
            )


@app.command("compare")
def compare(assessment: Identifier, as_json: AsJson = False) -> None:
    """Lay an assessment's tasks against the official ones.

    Those of the occupations that a person confirmed for its role: which of
    them it has, which it lacks, and which of its own have none. Counterparts
    are suggested by similarity. No score changes.

    \b
    Example:
      assess-role occupations compare data-engineer
    """
    from agent.cli.beside_official import compared
    from agent.cli.occupation_views import HANG, comparison_lines

    terminal = Terminal(as_json=as_json)
    with terminal.outcome():
        found = compared(assessment)
        if as_json:
            terminal.document(found.document())
            return
        for line in comparison_lines(found):
            terminal.data(line, hang=HANG if line.startswith(" ") else 2)
