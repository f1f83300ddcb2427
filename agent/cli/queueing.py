"""What `queue` prints once its arguments are read: a table, one document, or one line for a shell prompt."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from agent.cli.output import Terminal
from agent.errors import Forbidden
from agent.review.queue import brief, counts, look_first, queue_of
from agent.schemas.vocabulary import Gate, Zone
from agent.settings import Settings
from agent.store.reviews import ReviewRow
from agent.workflow.lists import open_lists, own_name, queue_items


def list_queue(
    terminal: Terminal,
    settings: Settings,
    *,
    gate: Gate | None,
    zone: Zone | None,
    role: str,
    mine: bool,
    free: bool,
    in_brief: bool,
) -> None:
    """Print what waits and fits. In brief, nothing at all where nothing waits, and no home folder is made.

    Raises Forbidden for `mine` with a token that is not valid.
    """
    if in_brief and not settings.home.joinpath("store.sqlite").exists():
        return
    with open_lists(settings) as stores:
        name = own_name(settings, stores.accounts)
        if mine and name is None:
            raise Forbidden("ASSESS_ROLE_TOKEN is no token that is valid here, so nobody is known who could hold any.")
        narrowed = partial(queue_of, text=role, gate=gate, zone=zone, holder=name if mine else None, free=free)
        everything = stores.reviews.waiting()
        rows = narrowed(everything)
        if in_brief:
            line = brief(counts(rows), stores.now(), name)
            if line:
                terminal.data(line)
            return
        if terminal.as_json:
            terminal.document({"ok": True, "items": queue_items(rows)})
            return
        if rows:
            terminal.data(_table(rows))
            terminal.words("Next: assess-role review ID")
        elif everything:
            terminal.words(f"None of the {len(everything)} that wait for review fits.")
        else:
            terminal.words('Nothing waits for review. Start with: assess-role "ML Platform Engineer"')
        if len(rows) < len(everything):
            return
        waiting = {row.assessment for row in rows}
        stopped = [known for known in stores.assessments.unfinished() if known not in waiting]
        if stopped:
            terminal.words("Stopped before a checkpoint (`assess-role discard ID` ends one that nobody wants):")
        for known in stopped:
            terminal.words(f"  assess-role resume {known}")


def _table(rows: Sequence[ReviewRow]) -> str:
    from agent.cli.views import table

    return table(
        ("ID", "ROLE", "GATE", "SCORE", "LABEL", "FINDINGS", "RISK", "OPENED", "HOLDER"),
        [
            (
                row.assessment,
                f"{row.role} ({row.seniority})",
                row.gate.value,
                "-" if row.score is None else f"{row.score:.1f}",
                row.label or "not scorable",
                f"{row.block} block, {row.review} review",
                look_first(row),
                row.opened_at[:10],
                "" if row.claimed_by is None else f"held by {row.claimed_by} until {row.claimed_until}",
            )
            for row in rows
        ],
        flexible=("ROLE", "LABEL", "RISK", "HOLDER"),
    )
