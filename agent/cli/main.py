"""`assess-role`: the application, its commands, and `assess-role ROLE` as the main one."""

from __future__ import annotations

import difflib
import gc
import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.core import TyperGroup

from agent.cli import (
    attention,
    audit,
    compare,
    controls,
    corpus,
    decide,
    doctor,
    evals,
    export,
    importing,
    inbox,
    mcp,
    occupations,
    personal,
    record,
    refresh,
    reviewer,
    run,
    score,
    serve,
    show,
    site,
    stats,
    verify,
    watch,
    webhooks,
    withdraw,
)
from agent.cli.output import Terminal, leave_pipe

USAGE = 2
INTERRUPTED = 130

OBJECTS_BEFORE_COLLECTION = 100_000
"""Libraries keep what they create while they load: looking through it for garbage takes a tenth of a command."""

_OWN_OPTIONS = frozenset({"--help", "--version", "--install-completion", "--show-completion"})


class RoleOrCommand(TyperGroup):
    """A first word that is no command is a role: `assess-role "Data Engineer"` is `assess-role run "Data Engineer"`."""

    # Typer changed whose Context this is; both have what is used here.
    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Put `run` in front of a role or its options, and refuse what looks like a mistyped command."""
        first = args[0] if args else ""
        if first == "help":
            args = [*(word for word in args[1:] if not word.startswith("-")), "--help"]
        elif first and first not in _OWN_OPTIONS and first not in self.commands:
            close = difflib.get_close_matches(first, self.commands, n=1, cutoff=0.75)
            # A role is one word of the command line: a second one is the argument of a command.
            several = len(args) > 1 and not args[1].startswith("-")
            if close and first[0] != "-" and first.islower() and (several or len(args) <= 2):
                ctx.fail(
                    f"No such command {first!r}; did you mean {close[0]!r}? To assess a role of that name: "
                    f"assess-role run {first!r}"
                )
            args = ["run", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=RoleOrCommand,
    name="assess-role",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help=(
        "Assess how far AI replaces a role: evidence retrieved, inputs drafted with citations, the score computed by "
        "code, people approving twice, and only then a page published.\n\n"
        "\b\n"
        "Examples:\n"
        '  assess-role "ML Platform Engineer"          up to the first checkpoint\n'
        "  assess-role queue                           what waits for review\n"
        "  assess-role review ID                       read, decide, go on\n"
        "  assess-role score inputs.yaml               only the formula, no model\n"
        '  assess-role corpus search "data engineers"  what the evidence says\n'
    ),
)


def _version(asked: bool) -> None:
    if asked:
        from agent.cli.installed import version_of

        typer.echo(f"assess-role {version_of('assess-role')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


run.register(app)
show.register(app)
decide.register(app)
score.register(app)
personal.register(app)
verify.register(app)
compare.register(app)
watch.register(app)
withdraw.register(app)
attention.register(app)
stats.register(app)
export.register(app)
mcp.register(app)
serve.register(app)
record.register(app)
refresh.register(app)
doctor.register(app)
evals.register(app)
app.add_typer(audit.app, name="audit")
app.add_typer(controls.app, name="controls")
app.add_typer(corpus.app, name="corpus")
app.add_typer(importing.app, name="import")
app.add_typer(inbox.app, name="inbox")
app.add_typer(occupations.app, name="occupations")
app.add_typer(reviewer.app, name="reviewer")
app.add_typer(site.app, name="site")
app.add_typer(webhooks.app, name="webhooks")


def entry() -> None:
    """The console script."""
    gc.set_threshold(OBJECTS_BEFORE_COLLECTION)
    code = execute(sys.argv[1:])
    # The interpreter collects once more when it ends, through everything the libraries hold: up to 0.4 s for nothing.
    gc.freeze()
    sys.exit(code)


def execute(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code. What is no AssessorError, usage or interruption is a bug and
    keeps its traceback."""
    terminal = Terminal(as_json="--json" in arguments)
    if arguments and not arguments[0]:
        arguments = ["run", *arguments]
    try:
        code = app(args=list(arguments), prog_name="assess-role", standalone_mode=False)
        sys.stdout.flush()
    except _CommandLineError as error:
        return _usage(terminal, error)
    except typer.Abort:
        terminal.words("Stopped. Nothing was decided by the last question.")
        return INTERRUPTED
    except BrokenPipeError:
        leave_pipe()
        return 0
    return code if isinstance(code, int) else 0


# Typer carries a Click of its own in newer versions; this is the base of its usage errors in every one.
_CommandLineError: type[Exception] = typer.BadParameter.__mro__[2]


def _usage(terminal: Terminal, error: Exception) -> int:
    message = getattr(error, "format_message", error.__str__)()
    command = getattr(getattr(error, "ctx", None), "command_path", "assess-role")
    hint = f"`{command} --help` shows what it takes."
    if terminal.as_json:
        terminal.document({"ok": False, "error": {"kind": "usage", "message": message, "hint": hint}})
    elif type(error).__name__ == "NoArgsIsHelpError":
        sys.stderr.write(f"{message}\n")
    else:
        terminal.fault(message, hint=hint)
    return int(getattr(error, "exit_code", USAGE))
