"""A review in the human-interrupt shape, and its answers: through the same service, by the same rules."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from edits_workflow import with_task_score
from factories_workflow import BEN, REASON, Desk
from langgraph.prebuilt.interrupt import HumanInterrupt
from pydantic import TypeAdapter
from scripts_workflow import WidgetScript, invented_quote, named

from agent.errors import AssessorError, Conflict, Forbidden, InvalidInput, NotPublishable
from agent.review.edit import edit_of
from agent.review.inbox import HumanResponse, answer, decide, inbox, interrupt_of, response_of, revision_named
from agent.review.policy import ReviewPolicy
from agent.review.service import Reviewer
from agent.schemas.assessment import Assessment
from agent.schemas.risk import Risk
from agent.store.accounts import AccountRole
from agent.store.reviews import ReviewRow

INBOX = Reviewer(name="Anna", channel="inbox")
OTHER = "sha256:" + "b" * 64
Open = Callable[..., Desk]


def started(desk: Desk) -> str:
    return desk.start().id


def asked(desk: Desk, assessment: str) -> dict[str, Any]:
    """What waits, as a client sees it: JSON."""
    row = desk.waiting(assessment)
    return dict(json.loads(interrupt_of(row, desk.content(assessment)).model_dump_json()))


def edited(desk: Desk, assessment: str, score: int = 2) -> dict[str, Any]:
    """The action with another score for a task."""
    request: dict[str, Any] = asked(desk, assessment)["action_request"]
    request["args"]["content"] = with_task_score(desk.content(assessment), score).model_dump(mode="json", by_alias=True)
    return request


def take(desk: Desk, assessment: str, document: object, *, by: Reviewer = INBOX, revision: str | None = None) -> Any:
    found = revision or desk.waiting(assessment).revision
    return answer(desk.stores.review, assessment, found, by, response_of(document))


def texts(request: dict[str, Any]) -> dict[str, Any]:
    """The action as Agent Inbox sends it back: every argument as a text."""
    args = {k: v if isinstance(v, str) else json.dumps(v) for k, v in request["args"].items()}
    return {**request, "args": args}


def test_what_waits_has_the_shape_of_langgraph_and_everything_a_decision_needs(open_at: Open) -> None:
    desk = open_at()
    assessment = started(desk)
    row, content = desk.waiting(assessment), desk.content(assessment)
    document = asked(desk, assessment)
    shape = TypeAdapter(HumanInterrupt).validate_python(document)
    assert shape == document
    args = document["action_request"]["args"]
    assert {name: args[name] for name in ("id", "gate", "revision", "score", "label")} == {
        "id": assessment,
        "gate": "inputs",
        "revision": row.revision,
        "score": row.score,
        "label": row.label,
    }
    assert args["content"] == edit_of(content).model_dump(mode="json", by_alias=True)
    assert document["config"] == {f"allow_{what}": True for what in ("ignore", "respond", "edit", "accept")}
    assert f"{row.score:.1f} of 100" in document["description"]
    assert "No open findings." in document["description"]
    assert document in [json.loads(one.model_dump_json()) for one in inbox(desk.stores.review)]


def test_an_accept_approves_the_revision_that_was_shown(open_at: Open) -> None:
    desk = open_at()
    for document in (
        lambda _: {"type": "accept", "args": None},
        lambda request: {"type": "accept", "args": request},
        lambda request: [{"type": "accept", "args": texts(request)}],
    ):
        assessment = started(desk)
        taken = take(desk, assessment, document(asked(desk, assessment)["action_request"]))
        assert (taken.action, taken.reviewer, taken.channel) == ("approve", "Anna", "inbox")


def test_an_edit_makes_a_new_revision_whether_it_comes_as_values_or_as_texts(open_at: Open) -> None:
    desk = open_at()
    revisions = set()
    for form in (dict, texts, lambda request: {**request, "args": request["args"]["content"]}):
        assessment = started(desk)
        response = response_of({"type": "edit", "args": form(edited(desk, assessment))})
        revision = desk.waiting(assessment).revision
        desk.runner.decide(
            assessment, lambda service, a=assessment, r=revision, x=response: decide(service, a, r, INBOX, x)
        )
        assert desk.waiting(assessment).revision != revision
        assert desk.content(assessment).inputs.tasks[1].score == 2
        revisions.add(desk.waiting(assessment).revision)
    assert len(revisions) == 1


def test_a_response_sends_back_with_the_text_as_the_reason(open_at: Open) -> None:
    desk = open_at()
    assessment = started(desk)
    taken = take(desk, assessment, {"type": "response", "args": REASON})
    assert (taken.action, taken.reason, taken.channel) == ("send_back", REASON, "inbox")
    assert taken.document["sections"] == ["tasks", "evidence", "barriers", "growth"]


def test_an_ignore_leaves_it_open_and_is_in_the_trail(open_at: Open) -> None:
    desk = open_at()
    assessment = started(desk)
    before = desk.waiting(assessment)
    assert take(desk, assessment, {"type": "ignore", "args": None}) is None
    assert desk.waiting(assessment) == before
    assert desk.events(assessment)[-1] == "deferred"


@pytest.mark.parametrize("kind", ["accept", "edit", "response", "ignore"])
def test_an_answer_about_another_revision_is_a_conflict_and_decides_nothing(kind: str, open_at: Open) -> None:
    desk = open_at()
    assessment = started(desk)
    before = desk.waiting(assessment)
    args = {"accept": None, "edit": edited(desk, assessment), "response": REASON, "ignore": None}[kind]
    with pytest.raises(Conflict, match=r"not (about )?sha256"):
        take(desk, assessment, {"type": kind, "args": args}, revision=OTHER)
    if kind in ("accept", "edit"):
        stale = edited(desk, assessment)
        stale["args"]["revision"] = OTHER
        with pytest.raises(Conflict, match="about"):
            take(desk, assessment, {"type": kind, "args": stale})
    assert desk.waiting(assessment) == before


def test_a_second_answer_is_told_who_decided(open_at: Open) -> None:
    desk = open_at()
    assessment = started(desk)
    revision = desk.waiting(assessment).revision
    take(desk, assessment, {"type": "accept", "args": None})
    with pytest.raises(Conflict, match="Anna already decided approve"):
        take(desk, assessment, {"type": "response", "args": REASON}, by=BEN, revision=revision)
    with pytest.raises(Conflict, match="Anna already decided approve on gate inputs at "):
        take(desk, assessment, {"type": "ignore", "args": None}, by=BEN, revision=revision)


def test_a_block_finding_is_not_accepted_and_the_shape_says_so(open_at: Open) -> None:
    desk = open_at(WidgetScript().but("growth", invented_quote(("growth", "claims"), until_redraft=False)))
    assessment = started(desk)
    document = asked(desk, assessment)
    assert document["config"] == {
        "allow_ignore": True,
        "allow_respond": True,
        "allow_edit": True,
        "allow_accept": False,
    }
    assert "not possible as it stands" in document["description"]
    assert [f["tier"] for f in document["action_request"]["args"]["findings"]].count("BLOCK") == 1
    with pytest.raises(NotPublishable, match="BLOCK"):
        take(desk, assessment, {"type": "accept", "args": document["action_request"]})
    finding = next(f["id"] for f in document["action_request"]["args"]["findings"] if f["tier"] == "BLOCK")
    request = document["action_request"]
    request["args"]["content"]["accepted"] = [{"finding": finding, "reason": "It looks right to me."}]
    with pytest.raises(InvalidInput, match="cannot be accepted"):
        take(desk, assessment, {"type": "edit", "args": request})
    assert desk.stores.reviews.decisions(assessment) == ()


def test_four_eyes_and_leases_hold_for_answers_too(open_at: Open) -> None:
    desk = open_at()
    assessment = started(desk)
    review = desk.waiting(assessment)
    desk.stores.review.claim(review.id, BEN)
    with pytest.raises(Conflict, match="Ben holds it"):
        take(desk, assessment, {"type": "accept", "args": None})
    desk.stores.review.release(review.id, BEN)
    service = desk.stores.review
    strict = type(service)(**{**vars(service), "policy": ReviewPolicy(four_eyes="on")})
    with pytest.raises(Forbidden, match="known"):
        answer(strict, assessment, review.revision, INBOX, response_of({"type": "accept", "args": None}))
    desk.stores.accounts.add("Rita", AccountRole.REQUESTER, password=None, subject=None, by="test", auth="token")
    with pytest.raises(Forbidden, match="requester"):
        take(desk, assessment, {"type": "accept"}, by=Reviewer(name="Rita", channel="inbox", auth="token"))
    desk.stores.accounts.disable("Rita", "test", "token")


def test_nothing_but_the_content_can_be_changed(open_at: Open) -> None:
    desk = open_at()
    assessment = started(desk)
    request = edited(desk, assessment)
    request["args"] |= {"score": 99.0, "gate": "publication", "approve": True}
    with pytest.raises(InvalidInput) as caught:
        take(desk, assessment, {"type": "edit", "args": request})
    assert caught.value.problems == (
        "gate: only the content can be changed",
        "score: only the content can be changed",
        "approve: there is no such argument",
    )
    with pytest.raises(InvalidInput, match="not what was handed out"):
        take(desk, assessment, {"type": "accept", "args": edited(desk, assessment)})
    with pytest.raises(InvalidInput, match="changes nothing"):
        take(desk, assessment, {"type": "edit", "args": asked(desk, assessment)["action_request"]})
    assert desk.stores.reviews.decisions(assessment) == ()


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("accept", "is a str, expected a mapping"),
        ([], "holds 0 answers, expected one"),
        ([{"type": "accept"}, {"type": "ignore"}], "holds 2 answers"),
        ({"type": "approve"}, "Errors in the answer: 1"),
        ({"args": None}, "Errors in the answer: 1"),
        ({"type": "accept", "args": "yes"}, "`args` of accept are a text, expected null or the action"),
        ({"type": "edit", "args": None}, "`args` of edit are a null, expected the action"),
        ({"type": "edit", "args": {"args": {}}}, "Errors in the answer"),
        ({"type": "response", "args": None}, "expected the reason as a text"),
        ({"type": "ignore", "args": "later"}, "expected null"),
        ({"type": "accept", "args": None, "by": "Eve"}, "Errors in the answer: 1"),
    ],
)
def test_a_document_that_is_no_answer_is_refused_with_what_was_expected(document: object, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        response_of(document)


def test_a_reason_that_says_nothing_and_content_that_is_none_are_refused(open_at: Open) -> None:
    desk = open_at()
    assessment = started(desk)
    request = asked(desk, assessment)["action_request"]
    for content in ("no: [yaml", "just words", {"inputs": {}}, None, 7):
        bad = {**request, "args": {**request["args"], "content": content}}
        with pytest.raises(AssessorError):
            take(desk, assessment, {"type": "edit", "args": bad})
    with pytest.raises(InvalidInput, match="at least 10 characters"):
        take(desk, assessment, {"type": "response", "args": "no"})
    assert desk.stores.reviews.decisions(assessment) == ()


def test_only_an_action_names_a_revision() -> None:
    action = {"action": "review_inputs", "args": {"revision": OTHER}}
    assert revision_named(HumanResponse.model_validate({"type": "edit", "args": action})) == OTHER
    assert revision_named(response_of({"type": "response", "args": OTHER})) is None
    assert revision_named(response_of({"type": "accept", "args": {"action": "x", "args": {"revision": 7}}})) is None


def test_the_description_escapes_what_a_model_or_an_article_wrote(open_at: Open) -> None:
    hostile = "[click](http://evil.example) <img src=x> \x1b[31m"
    desk = open_at(WidgetScript().but("growth", named(("growth", "claims"), "Zorbulon")))
    assessment = started(desk)
    row: ReviewRow = desk.waiting(assessment).model_copy(update={"role": hostile, "risk": Risk(fragile=True)})
    content: Assessment = desk.content(assessment)
    description = interrupt_of(row, content).description
    assert description is not None
    assert "[click](" not in description
    assert re.search(r"(?<!\\)[<>]", description) is None
    assert "\x1b" not in description
    assert "Look first at: fragile zone." in description
