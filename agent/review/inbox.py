"""A review in LangGraph's human-interrupt shape, as Agent Inbox and its like show it, and what comes back.

The shape is that of `langgraph.prebuilt.interrupt` (LangGraph 1.2): `HumanInterrupt` and `HumanResponse`. An answer
goes through the review service like every other decision. Agent Inbox sends a list of one answer, and the arguments of
an edit as texts; both are read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Literal

from pydantic import ConfigDict, JsonValue, ValidationError

from agent.errors import Conflict, InvalidInput, NotPublishable
from agent.publishing.markdown import escaped
from agent.review.edit import edit_from, edit_of
from agent.review.queue import look_first, queue_of
from agent.review.rules import check_approval
from agent.review.service import Reviewer, ReviewService
from agent.review.yaml_text import load_yaml
from agent.schemas.assessment import Assessment
from agent.schemas.base import Value
from agent.schemas.finding import Finding
from agent.store.reviews import ReviewRow, Taken

CONTENT = "content"
"""The argument that may be edited."""


class ActionRequest(Value):
    """What is asked for, and everything that an answer to it needs."""

    action: str
    args: Mapping[str, JsonValue]


class Allowed(Value):
    """Which answers make sense (`HumanInterruptConfig`)."""

    allow_ignore: bool
    allow_respond: bool
    allow_edit: bool
    allow_accept: bool


class HumanInterrupt(Value):
    """One review that waits."""

    action_request: ActionRequest
    config: Allowed
    description: str | None


class HumanResponse(Value):
    """What a person answered: `accept` approves, `edit` makes a new revision, `response` sends back with a reason,
    `ignore` leaves it for later."""

    model_config = ConfigDict(title="answer")

    type: Literal["accept", "ignore", "response", "edit"]
    args: str | ActionRequest | None = None


def interrupt_of(row: ReviewRow, content: Assessment) -> HumanInterrupt:
    """An open review and the content of its revision in the human-interrupt shape. `config` allows accepting only what
    could be approved as it stands."""
    accepted = {acceptance.finding for acceptance in content.accepted}
    findings = [f for f in content.guard.findings if f.id not in accepted]
    approvable = _approvable(content)
    args: dict[str, JsonValue] = {
        "id": row.assessment,
        "gate": row.gate.value,
        "revision": row.revision,
        "score": row.score,
        "label": row.label,
        "findings": [{"id": f.id, "tier": f.tier.value, "message": f.message} for f in findings],
        CONTENT: edit_of(content).model_dump(mode="json", by_alias=True),
    }
    return HumanInterrupt(
        action_request=ActionRequest(action=f"review_{row.gate.value}", args=args),
        config=Allowed(allow_ignore=True, allow_respond=True, allow_edit=True, allow_accept=approvable),
        description=_description(row, findings, approvable=approvable),
    )


def response_of(document: object) -> HumanResponse:
    """The answer of a parsed document: one `HumanResponse`, alone or as a list of one. Raises InvalidInput."""
    if isinstance(document, list):
        if len(document) != 1:
            raise InvalidInput(f"The document holds {len(document)} answers, expected one.")
        document = document[0]
    if not isinstance(document, dict):
        raise InvalidInput(f"The answer is a {type(document).__name__}, expected a mapping with `type` and `args`.")
    try:
        answer = HumanResponse.model_validate(document)
    except ValidationError as error:
        found = tuple(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_url=False))
        raise InvalidInput(f"Errors in the answer: {len(found)}.", problems=found) from error
    takes = {"edit": "the action with its arguments", "response": "the reason as a text", "ignore": "null"}
    fits = {
        "accept": not isinstance(answer.args, str),
        "edit": isinstance(answer.args, ActionRequest),
        "response": isinstance(answer.args, str),
        "ignore": answer.args is None,
    }
    if not fits[answer.type]:
        expected = takes.get(answer.type, "null or the action as it was handed out")
        raise InvalidInput(f"The `args` of {answer.type} are a {_kind(answer.args)}, expected {expected}.")
    return answer


def revision_named(answer: HumanResponse) -> str | None:
    """The revision that an answer is about, where it says so: an `edit` does, an `accept` may."""
    named = answer.args.args.get("revision") if isinstance(answer.args, ActionRequest) else None
    return named if isinstance(named, str) else None


def inbox(service: ReviewService) -> tuple[HumanInterrupt, ...]:
    """Every review that waits, the riskiest first."""
    rows = queue_of(service.waiting())
    return tuple(interrupt_of(row, service.revision(row.assessment, row.revision)) for row in rows)


def answer(
    service: ReviewService, assessment: str, revision: str, by: Reviewer, response: HumanResponse
) -> Taken | None:
    """Take an answer about exactly this revision; `None` when it was left for later. Raises as `decide`."""
    if response.type != "ignore":
        return decide(service, assessment, revision, by, response)
    service.defer(assessment, revision, by)
    return None


def decide(service: ReviewService, assessment: str, revision: str, by: Reviewer, response: HumanResponse) -> Taken:
    """Take an answer that decides something about exactly this revision.

    Raises Conflict for an answer about another revision and for a revision that does not wait, InvalidInput for changed
    arguments other than the content and for an `ignore`, and what the service raises.
    """
    named = revision_named(response)
    if named is not None and named != revision:
        raise Conflict(f"The answer is about {named}, not about {revision}.")
    waits = _waiting(service, assessment, revision)
    base = service.revision(assessment, revision)
    edited: object = None
    if isinstance(response.args, ActionRequest) and waits is not None:
        edited = _content(response.args, interrupt_of(waits, base).action_request)
    match response.type:
        case "accept":
            if edited is not None and edit_from(edited) != edit_of(base):
                raise InvalidInput("The content of the accept is not what was handed out.", hint="Send it as an edit.")
            return service.approve(assessment, revision, by)
        case "edit":
            return service.edit(assessment, revision, by, edit_of(base) if edited is None else edit_from(edited))
        case "response":
            return service.send_back(assessment, revision, by, str(response.args))
        case "ignore":
            raise InvalidInput("An ignore decides nothing.")


def _waiting(service: ReviewService, assessment: str, revision: str) -> ReviewRow | None:
    """The open review, which has to be of this revision; `None` where nothing waits. Raises Conflict that says who
    decided what."""
    row = service.reviews.open_review(assessment)
    if row is not None and row.revision != revision:
        raise service.reviews.lost(assessment, revision)
    return row


def _content(given: ActionRequest, asked: ActionRequest) -> object:
    """The content among the arguments; the arguments themselves where they are the content and nothing else.

    Raises InvalidInput when another argument was changed or is not known.
    """
    if CONTENT not in given.args and "inputs" in given.args:
        return dict(given.args)
    wrong = tuple(
        f"{name}: {'there is no such argument' if name not in asked.args else 'only the content can be changed'}"
        for name, value in given.args.items()
        if name != CONTENT and (name not in asked.args or not _same(value, asked.args[name]))
    )
    if wrong:
        raise InvalidInput(f"Errors in the arguments: {len(wrong)}.", problems=wrong)
    content = given.args.get(CONTENT)
    return load_yaml(content) if isinstance(content, str) else content


def _same(value: JsonValue, asked: JsonValue) -> bool:
    """Whether an argument came back as it was handed out, or as the text of it."""
    if value == asked or not isinstance(value, str):
        return value == asked
    try:
        return bool(json.loads(value) == asked)
    except ValueError:
        return False


def _approvable(content: Assessment) -> bool:
    try:
        check_approval(content)
    except NotPublishable:
        return False
    return True


def _kind(args: object) -> str:
    return "null" if args is None else "text" if isinstance(args, str) else "mapping"


def _description(row: ReviewRow, findings: list[Finding], *, approvable: bool) -> str:
    """What a reviewer has to know, in Markdown; outside text is escaped."""
    score = "not scorable" if row.score is None else f"{row.score:.1f} of 100, {row.label}"
    lines = [
        f"**{escaped(row.role)} ({escaped(row.seniority)})**: {score}, at gate {row.gate.value}",
        "",
        f"Revision `{row.revision}`. A decision is bound to it.",
        "",
        *([f"Look first at: {first}.", ""] if (first := look_first(row)) else []),
        *(f"- {f.tier.value} {escaped(f.id)}: {escaped(f.message)}" for f in findings),
        *([] if findings else ["No open findings."]),
        "",
        "- accept: approve exactly this revision"
        + ("" if approvable else " (not possible as it stands: edit it or send it back)"),
        f"- edit: change `{CONTENT}`; it is checked and scored again and then waits as a new revision",
        "- response: send it back, with your text as the reason, at least 10 characters",
        "- ignore: leave it for later",
    ]
    return "\n".join(lines)
