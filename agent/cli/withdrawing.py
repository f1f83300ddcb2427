"""What `assess-role withdraw` does and prints."""

from __future__ import annotations

import typer

from agent.cli.naming import check_named
from agent.cli.output import Terminal
from agent.registry.published import listed
from agent.schemas.text import one_line
from agent.settings import read_settings
from agent.store.publications import PublicationRow
from agent.workflow.acting import deciding
from agent.workflow.lists import open_lists
from agent.workflow.withdrawing import checked_reason, version_to_withdraw, withdraw

NEXT = "Its files stay as they are. Next: `assess-role site build` has a site say so."


def withdraw_published(
    terminal: Terminal, role: str, *, revision: str | None, reviewer: str | None, reason: str
) -> None:
    """Withdraw what a script saw as `revision`; without it, show it to the person at the terminal and ask.

    Raises NotFound, InvalidInput, Conflict, Forbidden.
    """
    settings, why = read_settings(), checked_reason(reason)
    check_named(settings, reviewer)
    with open_lists(settings) as lists:
        by = deciding(settings, lists.accounts, reviewer, "terminal" if revision is None else "script")
        row = version_to_withdraw(role, lists.publications.done())
        seen = revision
        if seen is None:
            for line in _lines(row):
                terminal.data(line)
            terminal.data(f"reason: {why}")
            if not typer.confirm(f"Withdraw it as {by.name}? This cannot be taken back.", default=False):
                terminal.words("Nothing was withdrawn.")
                return
            seen = row.revision
        done = withdraw(lists.publications, row, seen.strip(), by, why)
    _report(terminal, done)


def _lines(row: PublicationRow) -> tuple[str, ...]:
    return (
        f"{one_line(row.words)}: {row.score:.1f} of 100, {row.label}, published {row.published_at[:10]}",
        f"revision: {row.revision}",
        f"folder: {row.path}",
    )


def _report(terminal: Terminal, row: PublicationRow) -> None:
    if terminal.as_json:
        (item,) = listed((row,))
        terminal.document({"ok": True, **item, "slug": row.slug})
    elif row.withdrawn is not None:
        terminal.data(f"withdrawn: {one_line(row.words)} {one_line(row.withdrawn.words)}")
        terminal.words(NEXT)
