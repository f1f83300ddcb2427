"""`evals`: what is measured of the product, run from its checkout in a process of its own."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from agent.cli.output import Terminal

INTERRUPTED = 130


class SuiteName(StrEnum):
    """The suites that there are; a test holds them to those of `evals`."""

    ROLES = "roles"
    ABSTENTION = "abstention"
    RETRIEVAL = "retrieval"
    SEEDED = "seeded"
    DEEPEVAL = "deepeval"
    RAGAS = "ragas"
    CALIBRATION = "calibration"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("evals")(evals)


def evals(
    live: Annotated[bool, typer.Option("--live", help="Ask the configured model as judge; it may cost money.")] = False,
    max_tokens: Annotated[
        int | None, typer.Option("--max-tokens", min=1, help="With --live: bound on all its tokens together.")
    ] = None,
    suite: Annotated[
        list[SuiteName] | None, typer.Option("--suite", help="Only this suite; may be given several times.")
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the report as JSON to a file.")
    ] = None,
    html_file: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write the report as a page to a file.")
    ] = None,
) -> None:
    """Measure search, guard, golden roles and judges.

    Compares with the committed baseline. Takes a checkout with the extra `evals`. Offline from recorded answers
    unless --live is given, which says how many calls it makes. Exit code 6
    when a threshold is missed, or when recorded answers are stale and were
    not run.

    \b
    Examples:
      assess-role evals --html report.html
      assess-role evals --suite roles --suite retrieval
    """
    import subprocess
    import sys

    terminal = Terminal()
    with terminal.outcome():
        checkout = _checkout()
        options = ["--live"] if live else []
        options += ["--max-tokens", str(max_tokens)] if max_tokens is not None else []
        options += [word for name in suite or () for word in ("--suite", name.value)]
        for option, file in (("--json", json_file), ("--html", html_file)):
            options += [option, str(file.absolute())] if file is not None else []
        try:
            code = subprocess.run([sys.executable, "-m", "evals", *options], cwd=checkout, check=False).returncode
        except KeyboardInterrupt:
            code = INTERRUPTED
    raise typer.Exit(code)


def _checkout() -> Path:
    """The top of the checkout that this package is run from. Raises Prerequisite where it is installed alone."""
    import agent
    from agent.errors import Prerequisite

    top = Path(agent.__file__).resolve().parents[1]
    if not (top / "evals" / "__main__.py").is_file():
        raise Prerequisite(
            f"The evals are no part of the installed package: found no evals folder in {top}.",
            hint="Run them in a checkout: pip install -c constraints.txt -e '.[evals]', then assess-role evals.",
        )
    return top
