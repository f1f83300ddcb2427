"""`verify`: a published assessment, checked again against the corpus of this home."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated

import typer

from agent.cli.options import AsJson
from agent.cli.output import Terminal
from agent.errors import InvalidInput


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("verify")(verify)


def verify(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="An assessment.json, or the folder that holds it; - for stdin.")
    ],
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="The day that evidence is old on: YYYY-MM-DD; today unless given.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a published page again: hash, score, every citation.

    Computes anew what can be computed, and compares every quote with the passages in this home's store. No model is
    called. Stale references are reported; exit code 6 when something does not hold or cannot be checked here.

    \b
    Examples:
      assess-role verify published/data-engineer-mid-level/v1/assessment.json
      assess-role verify assessment.json --as-of 2027-06-30 --json
    """
    from agent.cli.opening import open_corpus
    from agent.cli.verifying import read_published_file, report
    from agent.registry.holdings import holdings_for
    from agent.registry.verify import verify as verified
    from agent.store.assessments import AssessmentStore
    from agent.store.publications import PublicationStore
    from agent.store.stamps import SystemStamps

    terminal = Terminal(as_json=as_json)
    with terminal.outcome():
        day, published = _day(as_of), read_published_file(file)
    with open_corpus(terminal) as opened:
        stamps = SystemStamps()
        assessments, publications = AssessmentStore(opened.db, stamps), PublicationStore(opened.db, stamps)
        held = holdings_for(published.document, opened.corpus.store, assessments, publications)
        report(terminal, published.document, verified(published, held, as_of=day))


def _day(given: str | None) -> str:
    if given is None:
        return datetime.date.today().isoformat()
    try:
        # Other forms of ISO 8601 are refused: a day is compared as text.
        if datetime.date.fromisoformat(given).isoformat() == given:
            return given
    except ValueError:
        pass
    raise InvalidInput(f"`--as-of` is {given!r}: expected a day, YYYY-MM-DD.")
