"""Who may decide what: the rules in front of every decision, whatever edge it comes from."""

from __future__ import annotations

from enum import StrEnum

from agent.errors import InvalidInput, NotPublishable
from agent.grounding.personal import personal_data
from agent.schemas.assessment import Assessment
from agent.schemas.finding import Tier
from agent.schemas.text import one_line
from agent.scoring import abstains

MIN_REASON = 10
MAX_REASON = 2000


class Action(StrEnum):
    """What a person can decide about a revision."""

    APPROVE = "approve"
    EDIT = "edit"
    SEND_BACK = "send_back"
    REJECT = "reject"


def check_reviewer(reviewer: str) -> str:
    """The reviewer's name, cleaned. Raises InvalidInput when it is empty or longer than 100 characters."""
    name = " ".join(reviewer.split())
    if not name or len(name) > 100 or not name.isprintable():
        raise InvalidInput(f"The reviewer's name {reviewer!r} is not a name of 1 to 100 printable characters.")
    return name


def check_reason(action: str, reason: str | None, *, at_most: int | None = None) -> str:
    """The reason, cleaned; `action` is an `Action` or what else takes one. Raises InvalidInput when it is missing or
    says nothing, is longer than `at_most` characters, or holds personal data."""
    text = one_line(reason or "")
    if len(text) < MIN_REASON:
        raise InvalidInput(
            f"To {action.replace('_', ' ')} takes a reason of at least {MIN_REASON} characters, got {len(text)}."
        )
    if at_most is not None and len(text) > at_most:
        raise InvalidInput(f"The reason has {len(text)} characters, expected {MIN_REASON} to {at_most}.")
    if any(datum.certain for datum in personal_data(text)):
        raise InvalidInput("The reason holds personal data, and it is published; say it without.")
    return text


def check_approval(assessment: Assessment) -> None:
    """Raises NotPublishable, naming every finding in the way, when the revision cannot be approved as it stands."""
    blocks = [f for f in assessment.guard.findings if f.tier is Tier.BLOCK]
    if blocks or assessment.result is None:
        listed = "; ".join(f"{f.id}: {f.message}" for f in blocks[:5]) or "the inputs cannot be scored"
        raise NotPublishable(
            f"BLOCK findings in the way: {len(blocks)}. {listed}",
            hint="Edit the claims concerned, or send the section back. A BLOCK finding cannot be accepted.",
        )
    reasons = abstains(assessment.inputs.scored(), len(assessment.guard.speaking_sources))
    if reasons:
        raise NotPublishable(
            f"There is too little evidence for a score: {'; '.join(reasons)}.",
            hint="Cite more evidence, send the section back, or reject the assessment.",
        )
    accepted = {a.finding for a in assessment.accepted}
    waiting = [f for f in assessment.guard.findings if f.tier is Tier.REVIEW and f.id not in accepted]
    if waiting:
        listed = "; ".join(f"{f.id}: {f.message}" for f in waiting[:5])
        raise NotPublishable(
            f"REVIEW findings not accepted: {len(waiting)}. {listed}",
            hint="Accept each by name and with a reason (`assess-role accept`), or edit the claims concerned.",
        )
