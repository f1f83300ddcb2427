"""Ending an assessment that stopped before a checkpoint, where there is no review to reject."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout

from agent.errors import Conflict, InvalidInput
from agent.review.rules import MIN_REASON, Action
from agent.review.service import Reviewer
from agent.schemas.vocabulary import Gate, Status
from agent.workflow.wiring import Stores

ENDED = frozenset({Status.ABSTAINED, Status.REJECTED, Status.PUBLISHED})


def discard_stopped(stores: Stores, locks: Path, assessment: str, by: Reviewer, reason: str) -> str:
    """The id of the assessment, which is then rejected; the audit trail says by whom and why.

    `locks` holds the lock file of whatever process is working on it. Raises InvalidInput without a reason, NotFound,
    and Conflict for one that has ended, is up for review, was approved for publication or is being worked on.
    """
    why = " ".join(reason.split())
    if len(why) < MIN_REASON:
        raise InvalidInput(f"To discard takes a reason of at least {MIN_REASON} characters, got {len(why)}.")
    outcome = {"message": why, "reviewer": by.name, "auth": by.auth, "channel": by.channel}
    known = stores.assessments.get(assessment).id
    locks.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(locks / f"{known}.lock", timeout=0):
            _check_stopped(stores, known)
            stores.assessments.set_status(known, Status.REJECTED, outcome)
    except Timeout as error:
        raise Conflict(f"Another process is working on {known}.", hint="Wait for it, or stop it.") from error
    return known


def _check_stopped(stores: Stores, assessment: str) -> None:
    status = stores.assessments.get(assessment).status
    decided = stores.reviews.decisions(assessment)
    if status in ENDED:
        raise Conflict(f"Assessment {assessment} has ended: it is {status.value}.")
    if stores.reviews.open_review(assessment) is not None:
        raise Conflict(
            f"Assessment {assessment} is up for review.", hint=f"Reject it: `assess-role review {assessment}`, key r."
        )
    if decided and (decided[-1].gate, decided[-1].action) == (Gate.PUBLICATION, Action.APPROVE):
        raise Conflict(
            f"Assessment {assessment} was approved for publication by {decided[-1].reviewer}.",
            hint=f"`assess-role resume {assessment}` publishes it.",
        )
