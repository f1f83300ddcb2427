"""Runs that stopped before a checkpoint: why, and what carries them on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from agent.errors import AssessorError, BudgetSpent, Conflict, ErrorKind, NeedsModel
from agent.schemas.vocabulary import Status
from agent.store.assessments import AssessmentRow
from agent.store.reviews import ReviewRow
from agent.web.worker import Worker
from agent.workflow.engine import Engine
from agent.workflow.runner import ENDED
from agent.workflow.state import GRAPH_VERSION

LEFT = {
    Status.RUNNING: "The process that ran it ended.",
    Status.WAITING: "Its last decision was not carried out.",
}
"""Why a run stands that says nothing of it."""


@dataclass(frozen=True)
class Stopped:
    """One run that stopped."""

    row: AssessmentRow
    reason: str
    command: str
    """What carries it on from a terminal."""
    simply: bool
    """The service can carry it on as it is."""


def stopped_runs(engine: Engine, worker: Worker, waiting: Iterable[ReviewRow]) -> tuple[Stopped, ...]:
    """Every run that neither ended nor waits for a decision, and that nobody carries on by itself; oldest first.

    `waiting` is the queue.
    """
    reviewed = {review.assessment for review in waiting}
    names = (name for name in engine.stores.assessments.unfinished() if name not in reviewed)
    found = (stopped_run(engine, worker, engine.stores.assessments.get(name)) for name in names)
    return tuple(one for one in found if one is not None)


def stopped_run(engine: Engine, worker: Worker, row: AssessmentRow) -> Stopped | None:
    """One of them; `None` for an assessment that did not stop."""
    simply = _against(row, connected=engine.bench.connect is not None) is None
    if row.status in ENDED or worker.busy(row.id) or engine.stores.reviews.open_review(row.id) is not None:
        return None
    if row.status in LEFT and _goes_on(engine, row, simply=simply):
        return None
    outcome = row.outcome or {}
    return Stopped(
        row=row,
        reason=LEFT.get(row.status) or str(outcome.get("message") or ""),
        command=_command(row),
        simply=simply,
    )


def check_simply(row: AssessmentRow, *, connected: bool) -> None:
    """Raises NeedsModel, BudgetSpent, Conflict for a run that would stop again as it is; `connected`: with a model."""
    wrong = _against(row, connected=connected)
    if wrong is not None:
        raise wrong


def _goes_on(engine: Engine, row: AssessmentRow, *, simply: bool) -> bool:
    """Whether the worker will find it, since it was decided about, or another process is at work on it."""
    return (simply and bool(engine.stores.reviews.decisions(row.id))) or engine.runner.at_work(row.id)


def _against(row: AssessmentRow, *, connected: bool) -> AssessorError | None:
    """Why the run would stop again as it is."""
    message = str((row.outcome or {}).get("message") or "")
    if row.status is Status.NEEDS_MODEL and not connected:
        return NeedsModel(message, hint=str((row.outcome or {}).get("hint") or "") or None)
    if _spent(row):
        return BudgetSpent(message, hint=f"With a larger budget, on the server: `{_command(row)}`.")
    if row.graph_version != GRAPH_VERSION:
        return Conflict(f"Assessment {row.id} was begun by graph version {row.graph_version}, this is {GRAPH_VERSION}.")
    return None


def _command(row: AssessmentRow) -> str:
    return f"assess-role resume {row.id}{' --max-tokens N' if _spent(row) else ''}"


def _spent(row: AssessmentRow) -> bool:
    return row.status is Status.FAILED and (row.outcome or {}).get("kind") == ErrorKind.BUDGET.value
