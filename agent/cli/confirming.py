"""What `occupations confirm` does: ask a person at a terminal, and record."""

from __future__ import annotations

import typer

from agent.cli.asking import ask
from agent.cli.occupation_views import suggestion_lines
from agent.cli.official import occupations_in, suggestions
from agent.cli.output import Terminal
from agent.cli.wording import counted
from agent.occupations.choices import known_occupations
from agent.review.rules import check_reviewer
from agent.review.service import Reviewer
from agent.schemas.occupation import Occupation
from agent.store.database import Database

NONE = "none"
"""The answer that says that no occupation fits."""


def confirm_in_terminal(terminal: Terminal, db: Database, title: str, by: Reviewer) -> None:
    """Show suggestions, ask for codes, and record them once they are confirmed; an empty answer records nothing."""
    store = occupations_in(db)
    for line in suggestion_lines(title, suggestions(db, title), store.choice(title)):
        terminal.data(line)
    terminal.words(store.release().attribution)

    def check(answer: str) -> tuple[Occupation, ...]:
        words = answer.replace(",", " ").split()
        return () if words == [NONE] else known_occupations(store, words)

    found = ask(terminal, f"Codes that fit, or {NONE} (empty: leave it)", check)
    for one in found or ():
        terminal.data(f"  {one.code} {one.title}")
    what = counted(len(found or ()), "occupation") if found else "that no official occupation fits"
    if found is not None and typer.confirm(f"Record {what} for this role as {by.name}?", default=False):
        record(terminal, db, title, [one.code for one in found], by)
    else:
        terminal.words("Nothing was recorded.")


def record(terminal: Terminal, db: Database, title: str, codes: list[str], by: Reviewer) -> None:
    """Keep what a person decided and say so. Raises InvalidInput, NotFound, Prerequisite."""
    store = occupations_in(db)
    found = known_occupations(store, codes)
    choice = store.choose(
        title,
        [one.code for one in found],
        release=store.release().name,
        reviewer=check_reviewer(by.name),
        auth=by.auth,
        channel=by.channel,
    )
    if terminal.as_json:
        terminal.document({"ok": True, **choice.model_dump(mode="json")})
        return
    for one in found:
        terminal.data(f"confirmed for {title}: {one.code} {one.title}")
    if found:
        terminal.words("Next: assess-role occupations compare ID")
    else:
        terminal.data(f"confirmed for {title}: no official occupation fits")
