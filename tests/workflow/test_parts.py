"""Comments on tasks and dimensions, and marks that one was looked at and stands."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from edits_workflow import with_inputs, with_task_score
from factories_workflow import ANNA, BEN, REASON, Desk
from scripts_workflow import BARRIERS, DIMENSIONS, TASKS, Document, WidgetScript, is_redraft

from agent.errors import Conflict, Forbidden, NotFound
from agent.llm.port import Prompt
from agent.review.service import Reviewer
from agent.schemas.vocabulary import Gate, Section
from agent.store.accounts import AccountRole
from agent.workflow.summary import summary

WaitingAt = Callable[..., tuple[Desk, str]]
SAID = "Nobody spends so much of a week on this."
PLACES = (
    *(f"tasks.t{at + 1}" for at in range(len(TASKS))),
    *(f"evidence.{name}" for name in DIMENSIONS),
    *(f"barriers.{name}" for name in BARRIERS),
    "growth",
    *(f"principles.{name}" for name in ("physicality", "interpersonal", "judgment")),
)
NO_PART = ("", "tasks", "tasks.t99", "tasks.2", "tasks.2.claims", "evidence.nothing", "growth.claims.0", "commentary")


def turned(document: Document, prompt: Prompt) -> Document:
    """A redraft has the tasks in another order, so that their ids are of others."""
    tasks = document["tasks"]
    assert isinstance(tasks, list)
    return {**document, "tasks": tasks[::-1]} if is_redraft(prompt) else document


def accept(desk: Desk, assessment: str, place: str, by: Reviewer = ANNA, *, accepted: bool = True) -> None:
    desk.stores.review.accept_part(assessment, desk.waiting(assessment).revision, by, place, accepted=accepted)


def accepted(desk: Desk, assessment: str) -> dict[str, tuple[str, ...]]:
    """Who accepted what of what waits."""
    parts = desk.stores.review.parts(desk.waiting(assessment).id, desk.content(assessment))
    assert tuple(part.place for part in parts) == PLACES
    return {part.place: part.accepted_by for part in parts if part.accepted_by}


# comments


def test_a_comment_on_every_part_is_kept_with_its_name_and_its_section(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    service, content = desk.stores.review, desk.content(assessment)
    kept = [service.comment(assessment, content.revision(), BEN, place, SAID).claim for place in PLACES]
    first_of_each = (
        "Design widget lines",
        "Job postings",
        "Regulation and licensing",
        "Growth",
        "Embodied physicality",
    )
    assert tuple(kept[at] for at in (0, 6, 11, 16, 17)) == first_of_each
    found = service.comments(assessment, content)
    assert {one.place: (one.fate, one.section) for one in found} == {
        place: ("same", {"principles": Section.GROWTH}.get(group) or Section(group))
        for place in PLACES
        for group in [place.partition(".")[0]]
    }


@pytest.mark.parametrize("place", NO_PART[1:5])
def test_a_comment_on_what_is_neither_claim_nor_part_is_refused(waiting_at: WaitingAt, place: str) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    with pytest.raises(NotFound, match=f"no claim or part at {place}"):
        desk.stores.review.comment(assessment, desk.waiting(assessment).revision, BEN, place, SAID)
    assert desk.stores.review.remarks.of(assessment) == ()


def test_a_comment_on_a_task_reaches_the_redraft_by_name_and_follows_it_to_another_place(
    waiting_at: WaitingAt,
) -> None:
    desk, assessment = waiting_at(Gate.INPUTS, then=WidgetScript().but("tasks", turned))
    review, service = desk.waiting(assessment), desk.stores.review
    service.comment(assessment, review.revision, BEN, "tasks.t1", SAID)
    service.comment(assessment, review.revision, BEN, "tasks.1.claims.0", "This is of another trade altogether.")
    service.comment(assessment, review.revision, BEN, "evidence.wages", "Not about the tasks at all, this one.")
    claim = desk.content(assessment).inputs.tasks[1].claims[0].text
    desk.runner.decide(assessment, lambda s: s.send_back(assessment, review.revision, ANNA, REASON, (Section.TASKS,)))
    asked = desk.prompts("tasks")[-1]
    assert f'On all of "Design widget lines": {SAID}' in asked
    assert f'On "{claim}" of "Write widget controllers": This is of another trade altogether.' in asked
    assert "Not about the tasks" not in asked
    content = desk.content(assessment)
    assert [(task.id, task.name) for task in content.inputs.tasks][-1] == ("t6", "Design widget lines")
    first, _, other = service.comments(assessment, content)
    assert (first.place, first.fate, first.section) == ("tasks.t6", "moved", Section.TASKS)
    assert (other.place, other.fate) == ("evidence.wages", "same")


def test_a_comment_on_a_task_that_was_renamed_stays_at_its_place_and_one_on_a_task_taken_out_is_gone(
    waiting_at: WaitingAt,
) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    service, content = desk.stores.review, desk.content(assessment)
    for place in ("tasks.t1", "tasks.t6"):
        service.comment(assessment, content.revision(), BEN, place, SAID)
    first, second, *others, last = content.inputs.tasks
    renamed = first.model_copy(update={"name": "Draw widget lines", "share": first.share + last.share})
    edit = with_inputs(content, tasks=(renamed, second, *others))
    desk.runner.decide(assessment, lambda s: s.edit(assessment, content.revision(), ANNA, edit))
    now = desk.content(assessment)
    fates = [(one.place, one.fate, one.section) for one in service.comments(assessment, now)]
    assert fates == [("tasks.t1", "changed", Section.TASKS), ("tasks.t6", "gone", None)]
    desk.runner.decide(assessment, lambda s: s.send_back(assessment, now.revision(), ANNA, REASON, (Section.TASKS,)))
    assert f'On all of "Draw widget lines": {SAID}' in desk.prompts("tasks")[-1]


def test_a_claim_that_reads_like_a_name_is_not_taken_for_the_part(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    service, content = desk.stores.review, desk.content(assessment)
    service.comment(assessment, content.revision(), BEN, "tasks.t6", SAID)
    first, *others, last = content.inputs.tasks
    alike = first.claims[0].model_copy(update={"text": last.name})
    tasks = (first.model_copy(update={"claims": (alike,), "share": first.share + last.share}), *others)
    without = content.model_copy(update={"inputs": content.inputs.model_copy(update={"tasks": tasks})})
    [found] = service.comments(assessment, without)
    assert (found.place, found.fate) == ("tasks.t6", "gone")


# accepted parts


def test_an_accepted_part_is_shown_with_who_accepted_it_and_can_be_taken_back(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    for place, by in (("tasks.t3", ANNA), ("tasks.t3", BEN), ("growth", BEN), ("growth", BEN)):
        accept(desk, assessment, place, by)
    assert accepted(desk, assessment) == {"tasks.t3": ("Anna", "Ben"), "growth": ("Ben",)}
    assert summary(desk.stores, assessment)["parts"] == {
        "accepted": 2,
        "of": len(PLACES),
        "items": [
            {"place": "tasks.t3", "name": "Generate standard fixtures", "accepted_by": ["Anna", "Ben"]},
            {"place": "growth", "name": "Growth", "accepted_by": ["Ben"]},
        ],
    }
    for _ in range(2):
        accept(desk, assessment, "tasks.t3", ANNA, accepted=False)
    accept(desk, assessment, "evidence.wages", ANNA, accepted=False)
    assert accepted(desk, assessment) == {"tasks.t3": ("Ben",), "growth": ("Ben",)}
    accept(desk, assessment, "tasks.t3", ANNA)
    assert accepted(desk, assessment) == {"tasks.t3": ("Ben", "Anna"), "growth": ("Ben",)}
    trail = [(entry.actor, entry.event) for entry in desk.stores.assessments.history(assessment)]
    assert [entry for entry in trail if "part" in entry[1]] == [
        *[(name, "part accepted") for name in ("Anna", "Ben", "Ben")],
        ("Anna", "part no longer accepted"),
        ("Anna", "part accepted"),
    ]


def test_all_parts_accepted_by_everybody_decide_nothing(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    revision = desk.waiting(assessment).revision
    for place in PLACES:
        for by in (ANNA, BEN):
            accept(desk, assessment, place, by)
    desk.runner.advance(assessment)
    review = desk.waiting(assessment)
    assert (review.revision, review.gate, desk.stores.reviews.approvals(review.id)) == (revision, Gate.INPUTS, ())
    assert desk.stores.reviews.decisions(assessment) == ()


def test_what_was_accepted_is_void_with_the_revision(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    accept(desk, assessment, "tasks.t1")
    content = desk.content(assessment)
    edit = with_task_score(content, 2)
    desk.runner.decide(assessment, lambda s: s.edit(assessment, content.revision(), ANNA, edit))
    assert accepted(desk, assessment) == {}
    accept(desk, assessment, "tasks.t1")
    desk.approve(assessment)
    assert accepted(desk, assessment) == {}
    assert desk.approve(assessment).status == "published"
    assert summary(desk.stores, assessment)["parts"] is None


def test_a_part_of_another_revision_than_the_one_that_waits_is_not_accepted(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    content, service = desk.content(assessment), desk.stores.review
    edit = with_task_score(content, 2)
    desk.runner.decide(assessment, lambda s: s.edit(assessment, content.revision(), ANNA, edit))
    for value in (True, False):
        with pytest.raises(Conflict, match="Anna already decided edit"):
            service.accept_part(assessment, content.revision(), BEN, "growth", accepted=value)
    with pytest.raises(NotFound, match="no revision"):
        service.accept_part(assessment, "sha256:" + "0" * 64, BEN, "growth", accepted=True)
    assert accepted(desk, assessment) == {}


@pytest.mark.parametrize("place", NO_PART)
def test_what_is_no_part_is_not_accepted(waiting_at: WaitingAt, place: str) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    with pytest.raises(NotFound, match="has no part at"):
        accept(desk, assessment, place)
    assert accepted(desk, assessment) == {}


def test_while_somebody_holds_the_review_nobody_else_accepts_or_takes_back(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    accept(desk, assessment, "growth", BEN)
    desk.stores.review.claim(desk.waiting(assessment).id, ANNA)
    for value in (True, False):
        with pytest.raises(Conflict, match="Anna holds it"):
            accept(desk, assessment, "growth", BEN, accepted=value)
    accept(desk, assessment, "tasks.t1", ANNA)
    assert accepted(desk, assessment) == {"growth": ("Ben",), "tasks.t1": ("Anna",)}


def test_who_may_not_decide_may_not_accept_and_nobody_takes_back_for_another(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    accounts = desk.stores.accounts
    for name, role in (("Rita", AccountRole.REQUESTER), ("Anna", AccountRole.REVIEWER), ("Ben", AccountRole.REVIEWER)):
        accounts.add(name, role, password=None, subject=None, by="operator", auth="script")
    known = {name: Reviewer(name=name, channel="web", auth="password") for name in ("Rita", "Anna", "Ben")}
    with pytest.raises(Forbidden, match="Rita is a requester"):
        accept(desk, assessment, "growth", known["Rita"])
    with pytest.raises(Forbidden, match="a name that was given"):
        accept(desk, assessment, "growth", ANNA)
    accept(desk, assessment, "growth", known["Ben"])
    accept(desk, assessment, "growth", known["Anna"], accepted=False)
    assert accepted(desk, assessment) == {"growth": ("Ben",)}
