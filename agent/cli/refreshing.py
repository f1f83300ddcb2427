"""What `assess-role refresh` does and prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import typer

from agent.cli.interrupt import interruptible
from agent.cli.output import Terminal
from agent.cli.session import open_engine
from agent.cli.views import summary_lines
from agent.cli.walk import finish
from agent.cli.wording import counted
from agent.errors import InvalidInput, NeedsModel, NotFound
from agent.llm.recorded import THREE_WAYS
from agent.registry.lookup import find_published, newest_of_each, published_words
from agent.schemas.refresh import RefreshReason
from agent.schemas.text import one_line
from agent.schemas.vocabulary import Section
from agent.store.publications import PublicationRow
from agent.workflow.engine import Engine
from agent.workflow.refreshing import Checked, checked, start_refresh
from agent.workflow.summary import exit_code, summary

LISTED = "`assess-role published` lists what is."
BEGINS = "`assess-role ROLE` begins one."


def refresh_published(
    terminal: Terminal,
    role: str | None,
    *,
    sections: tuple[Section, ...],
    dry_run: bool,
    by_hand: bool,
    max_tokens: int | None,
    publish_dir: Path | None,
) -> None:
    """Check what is published, say what is due, and unless it is a dry run draft that again.

    Raises NotFound, InvalidInput, NeedsModel, Conflict, and Exit with the code of a run that stopped.
    """
    with open_engine(terminal, publish_dir) as engine:
        rows = _rows(engine, role)
        terminal.progress("refresh", f"checking {counted(len(rows), 'published role')}")
        found = checked(engine, rows, asked=sections)
        due = [one for one in found if one.reasons]
        if not terminal.as_json:
            show_checked(terminal, found)
            if not found:
                terminal.words(published_words(engine.stores.publications.done()))
        begun = [one for one in due if role is not None or not one.running]
        if dry_run or not begun:
            _report(terminal, found, {})
            return
        if engine.bench.connect is None and not by_hand and not begun[0].running:
            error = NeedsModel(
                f"{counted(len(begun), 'published role')} {'is' if len(begun) == 1 else 'are'} due, and no model is "
                "connected.",
                hint=f"{THREE_WAYS} Or type `assess-role refresh ROLE --by-hand` and edit what is due yourself.",
            )
            terminal.failure(error, beside={"items": _items(found, {})} if terminal.as_json else None)
            raise typer.Exit(error.exit_code)
        started: dict[str, str] = {}
        for one in begun:
            work = partial(start_refresh, engine, one, max_tokens=max_tokens, by_hand=by_hand)
            started[one.row.revision] = interruptible(terminal, engine, work).id
        if role is not None and not terminal.as_json:
            finish(terminal, engine, started[begun[0].row.revision])
            return
        _report(terminal, found, {name: summary(engine.stores, run) for name, run in started.items()})
        codes = [code for run in started.values() if (code := exit_code(engine.stores, run))]
        if codes:
            raise typer.Exit(codes[0])


def _rows(engine: Engine, role: str | None) -> tuple[PublicationRow, ...]:
    """The newest version that stands of the role, or of every role. Raises NotFound, InvalidInput."""
    rows = engine.stores.publications.done()
    if role is None:
        return newest_of_each(rows)
    try:
        row = find_published(role, rows)
    except NotFound as error:
        # A file that lies elsewhere can be read, and not refreshed.
        raise NotFound(error.message, hint=LISTED if rows else BEGINS) from error
    if row.withdrawn is not None:
        raise InvalidInput(
            f"{row.words} was withdrawn {row.withdrawn.words}",
            hint="What was withdrawn is not refreshed; `assess-role ROLE` assesses the role anew.",
        )
    newest = max(other.version for other in rows if other.slug == row.slug and other.withdrawn is None)
    if row.version != newest:
        raise InvalidInput(
            f"{row.words} is not the newest version, which is v{newest}.",
            hint=f"Only the newest one is refreshed: assess-role refresh {row.slug}",
        )
    return (row,)


def _report(terminal: Terminal, found: Sequence[Checked], started: Mapping[str, Mapping[str, object]]) -> None:
    """What was found and what was begun, by the revision that it refreshes. Raises Exit when a publication could not be
    checked."""
    unreadable = [f"{one.row.slug} v{one.row.version}: {one.unreadable}" for one in found if one.unreadable]
    items = _items(found, started)
    if terminal.as_json and not unreadable:
        terminal.document({"ok": all(run["ok"] for run in started.values()), "items": items})
    elif started and not terminal.as_json:
        for run in started.values():
            terminal.data("")
            for line in summary_lines(run):
                terminal.data(line)
        terminal.words("Next: assess-role queue")
    if unreadable:
        error = InvalidInput(
            f"{counted(len(unreadable), 'publication')} could not be checked.",
            problems=unreadable if terminal.as_json else (),
            hint="Put the files back where `assess-role published` says that they lie.",
        )
        terminal.failure(error, beside={"items": items} if terminal.as_json else None)
        raise typer.Exit(error.exit_code)


def _items(found: Sequence[Checked], started: Mapping[str, Mapping[str, object]]) -> list[dict[str, object]]:
    return [{**one.document(), "started": started.get(one.row.revision)} for one in found]


def show_checked(terminal: Terminal, found: Sequence[Checked]) -> None:
    """What of each version is due and why, and what a person left as it was."""
    for one in found:
        row = one.row
        standing = f"{row.score:.1f} of 100, {row.label}, evidence as of {one.as_of}" if one.as_of else "not checked"
        terminal.data(f"{row.role} ({row.seniority}) v{row.version}: {standing}")
        if one.unreadable:
            terminal.data(f"  {one.unreadable}")
        elif not one.reasons:
            terminal.data("  nothing is due")
        for reason in one.reasons:
            terminal.data(f"  {_reason(reason)}", hang=4)
        for left in one.standing:
            by = f"{one_line(left.decided_by)} on {left.decided_at[:10]}"
            terminal.data(f"  stands  {_reason(left.reason)}; left so in v{left.version} by {by}", hang=4)
        if one.running:
            terminal.data(f"  being refreshed: {one.running}")


def _reason(reason: RefreshReason) -> str:
    claims = f" ({counted(len(reason.places), 'place')}: {', '.join(reason.places)})" if reason.places else ""
    return f"{reason.kind.value}  {reason.section.value}: {reason.message}{claims}"
