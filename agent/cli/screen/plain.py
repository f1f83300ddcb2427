"""The queue where no full screen can be shown: a list, and one of it by its number."""

from __future__ import annotations

from collections.abc import Sequence

from agent.cli.asking import ask
from agent.cli.output import Terminal
from agent.cli.views import table
from agent.cli.wording import LEVEL_OPEN
from agent.errors import InvalidInput
from agent.review.queue import look_first, queue_of
from agent.store.reviews import ReviewRow

NOTHING = 'Nothing waits for review. Start with: assess-role "ML Platform Engineer"'


def listed(terminal: Terminal, waiting: Sequence[ReviewRow]) -> tuple[ReviewRow, ...]:
    """Print the queue in its order, with what to type next."""
    rows = queue_of(waiting)
    if not rows:
        terminal.words(NOTHING)
        return rows
    terminal.data(
        table(
            ("NO", "ID", "ROLE", "GATE", "SCORE", "LABEL", "FINDINGS", "RISK", "HOLDER"),
            [
                (
                    str(at),
                    row.assessment,
                    f"{row.role} ({row.seniority or LEVEL_OPEN})",
                    row.gate.value,
                    "-" if row.score is None else f"{row.score:.1f}",
                    row.label or "not scorable",
                    f"{row.block} block, {row.review} review",
                    look_first(row) or "-",
                    row.claimed_by or "-",
                )
                for at, row in enumerate(rows, start=1)
            ],
            flexible=("ROLE", "LABEL", "RISK", "HOLDER"),
        )
    )
    terminal.words("Next: assess-role review ID")
    return rows


def asked_for_one(terminal: Terminal, waiting: Sequence[ReviewRow]) -> str | None:
    """The id of the assessment that the reviewer chose by its number; `None` when there is none."""
    rows = listed(terminal, waiting)

    def check(answer: str) -> str:
        if not (answer.isdecimal() and 1 <= int(answer) <= len(rows)):
            raise InvalidInput(f"Found {answer!r}, expected a number from 1 to {len(rows)}.")
        return rows[int(answer) - 1].assessment

    return ask(terminal, "Number (empty: leave)", check) if rows else None
