"""`reviewer`: who is known here, and the tokens of their scripts."""

from __future__ import annotations

from typing import Annotated

import typer

from agent.cli.options import AsJson, Quiet
from agent.cli.output import Terminal

app = typer.Typer(
    help="Accounts of reviewers, and tokens of their scripts.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Name = Annotated[str, typer.Argument(metavar="NAME", help="The person's name, as it stands in the review record.")]
PasswordStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from stdin; a terminal asks for it otherwise.")
]


@app.command("add")
def add(
    name: Name,
    role: Annotated[str, typer.Option("--role", help="requester, reviewer or admin.")] = "reviewer",
    oidc: Annotated[
        str | None,
        typer.Option(
            "--oidc",
            metavar="SUBJECT",
            help="Signs in with OpenID Connect, as this `sub` of the issuer in ASSESS_ROLE_OIDC_ISSUER, or as "
            "ISSUER|SUB; without a password then.",
        ),
    ] = None,
    password_stdin: PasswordStdin = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Add an account.

    A requester starts assessments and comments, a reviewer decides too, and
    an admin keeps accounts. A password has 12 to 1,000 characters. It is asked
    for twice, or read from stdin, and kept as a hash.

    \b
    Examples:
      assess-role reviewer add "Ada Marsh" --role admin
      assess-role reviewer add "Ben Ode" --oidc 248289761001
      pass show ben | assess-role reviewer add "Ben Ode" --password-stdin
    """
    from agent.cli.keeping import add_reviewer

    terminal = Terminal(as_json=as_json, quiet=quiet)
    with terminal.outcome():
        add_reviewer(terminal, name, role, oidc=oidc, from_stdin=password_stdin)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the accounts: role, how they sign in, and which are closed.

    \b
    Example:
      assess-role reviewer list --json
    """
    from agent.cli.keeping import list_reviewers

    terminal = Terminal(as_json=as_json)
    with terminal.outcome():
        list_reviewers(terminal)


@app.command("role")
def role(
    name: Name,
    role: Annotated[str, typer.Argument(metavar="ROLE", help="requester, reviewer or admin.")],
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Give an account another role. Its sessions end.

    \b
    Example:
      assess-role reviewer role "Ben Ode" admin
    """
    from agent.cli.keeping import change_role

    terminal = Terminal(as_json=as_json, quiet=quiet)
    with terminal.outcome():
        change_role(terminal, name, role)


@app.command("password")
def password(name: Name, password_stdin: PasswordStdin = False, as_json: AsJson = False, quiet: Quiet = False) -> None:
    """Give an account another password. Its sessions end.

    Tokens stay: `reviewer tokens NAME` lists them, `reviewer revoke` ends one.

    \b
    Example:
      assess-role reviewer password "Ada Marsh"
    """
    from agent.cli.keeping import change_password

    terminal = Terminal(as_json=as_json, quiet=quiet)
    with terminal.outcome():
        change_password(terminal, name, from_stdin=password_stdin)


@app.command("disable")
def disable(name: Name, as_json: AsJson = False, quiet: Quiet = False) -> None:
    """Close an account for good. Its sessions and tokens end at once.

    What it decided stays, and nobody else gets the name. The last admin
    cannot be closed while there are other accounts.

    \b
    Example:
      assess-role reviewer disable "Ben Ode"
    """
    from agent.cli.keeping import disable_reviewer

    terminal = Terminal(as_json=as_json, quiet=quiet)
    with terminal.outcome():
        disable_reviewer(terminal, name)


@app.command("token")
def token(
    name: Name,
    scope: Annotated[
        list[str] | None,
        typer.Option("--scope", help="read, run or decide; may be given again. All that the role may unless given."),
    ] = None,
    days: Annotated[int, typer.Option("--days", help="How long it is valid: 1 to 365 days.")] = 90,
    quiet: Quiet = False,
) -> None:
    """Make a token for a script or a terminal, and print it this once.

    Set it as ASSESS_ROLE_TOKEN: decisions are then its person's, without
    --reviewer. Only a digest of it is kept.

    \b
    Example:
      export ASSESS_ROLE_TOKEN=$(assess-role reviewer token "Ada Marsh")
      assess-role reviewer token "Ada Marsh" --scope read --days 30
    """
    from agent.cli.keeping import make_token

    terminal = Terminal(quiet=quiet)
    with terminal.outcome():
        make_token(terminal, name, scope or [], days)


@app.command("tokens")
def tokens(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Only this person's.")] = None,
    as_json: AsJson = False,
) -> None:
    """List tokens: whose, what for, until when. Never the secret.

    \b
    Example:
      assess-role reviewer tokens "Ada Marsh"
    """
    from agent.cli.keeping import list_tokens

    terminal = Terminal(as_json=as_json)
    with terminal.outcome():
        list_tokens(terminal, name)


@app.command("revoke")
def revoke(
    token: Annotated[str, typer.Argument(metavar="TOKEN_ID", help="The token's id, as `reviewer tokens` prints it.")],
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """End a token.

    \b
    Example:
      assess-role reviewer revoke t-0123abcd
    """
    from agent.cli.keeping import end_token

    terminal = Terminal(as_json=as_json, quiet=quiet)
    with terminal.outcome():
        end_token(terminal, token)
