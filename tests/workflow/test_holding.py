"""Who holds a review, what is said about its claims, and what becomes of both."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from edits_workflow import with_inputs, with_task_score
from factories_workflow import ANNA, BEN, REASON, Desk, FixedStamps

from agent.errors import Conflict, InvalidInput, NotFound
from agent.review.service import Reviewer
from agent.schemas.vocabulary import INPUT_SECTIONS, Section
from agent.store.stamps import later

Open = Callable[..., Desk]
WHY = "She is on leave from today on."
SAID = "This share is far too large for a senior."


class MovingStamps(FixedStamps):
    """A clock that is set by the test."""

    def set(self, now: str) -> None:
        self._now = now


def events(desk: Desk, assessment: str) -> list[tuple[str, str]]:
    return [(entry.actor, entry.event) for entry in desk.stores.assessments.history(assessment)]


def place_of_claim(desk: Desk, assessment: str) -> tuple[str, str]:
    """Path and text of the first claim of the second task."""
    return "tasks.1.claims.0", desk.content(assessment).inputs.tasks[1].claims[0].text


# leases


def test_who_holds_a_review_is_shown_and_nobody_else_may_decide(open_at: Open) -> None:
    desk = open_at()
    assessment = desk.start().id
    review = desk.waiting(assessment)
    service = desk.stores.review
    lease = service.claim(review.id, ANNA)
    shown = desk.waiting(assessment)
    assert (shown.claimed_by, shown.claimed_until) == ("Anna", lease.expires_at)
    for take in (
        lambda: service.approve(assessment, review.revision, BEN),
        lambda: service.reject(assessment, review.revision, BEN, REASON),
        lambda: service.claim(review.id, BEN),
    ):
        with pytest.raises(Conflict, match=f"Anna holds it until {lease.expires_at}"):
            take()
    assert desk.stores.reviews.decisions(assessment) == ()
    service.approve(assessment, review.revision, ANNA)


def test_a_lease_ends_by_itself_and_activity_renews_it(open_at: Open) -> None:
    stamps = MovingStamps()
    desk = open_at(stamps=stamps)
    assessment = desk.start().id
    review, service = desk.waiting(assessment), desk.stores.review
    first = service.claim(review.id, ANNA)
    stamps.set(later(stamps.now(), 29))
    second = service.claim(review.id, ANNA)
    assert second.expires_at == later(first.expires_at, 29)
    stamps.set(first.expires_at)
    with pytest.raises(Conflict):
        service.claim(review.id, BEN)
    stamps.set(second.expires_at)
    assert desk.waiting(assessment).claimed_by is None
    assert service.claim(review.id, BEN).holder == "Ben"
    assert [e for e in events(desk, assessment) if "claim" in e[1]] == [("Anna", "claimed"), ("Ben", "claimed")]


def test_taking_over_takes_a_reason_and_is_recorded(open_at: Open) -> None:
    desk = open_at()
    assessment = desk.start().id
    review, service = desk.waiting(assessment), desk.stores.review
    service.claim(review.id, ANNA)
    with pytest.raises(InvalidInput, match="reason of at least"):
        service.claim(review.id, BEN, over="mine")
    assert service.claim(review.id, BEN, over=WHY).holder == "Ben"
    entry = next(e for e in desk.stores.assessments.history(assessment) if e.event == "taken over")
    assert (entry.actor, entry.detail["from"], entry.detail["reason"]) == ("Ben", "Anna", WHY)
    with pytest.raises(Conflict, match="Ben holds it"):
        service.approve(assessment, review.revision, ANNA)


def test_giving_back_is_for_the_holder_and_a_decision_ends_the_lease(open_at: Open) -> None:
    desk = open_at()
    assessment = desk.start().id
    review, service = desk.waiting(assessment), desk.stores.review
    service.claim(review.id, ANNA)
    assert not service.release(review.id, BEN)
    assert service.release(review.id, ANNA)
    assert not service.release(review.id, ANNA)
    service.claim(review.id, BEN)
    desk.runner.decide(assessment, lambda s: s.approve(assessment, review.revision, BEN))
    assert desk.stores.review.leases.live() == {}
    with pytest.raises(NotFound):
        service.claim(review.id, BEN)


def test_of_many_who_reach_for_a_review_one_gets_it(open_at: Open) -> None:
    desk = open_at()
    assessment = desk.start().id
    review = desk.waiting(assessment).id
    got: list[str] = []
    refused: list[str] = []

    def reach(name: str) -> None:
        try:
            got.append(desk.stores.review.claim(review, Reviewer(name=name, channel="web")).holder)
        except Conflict as error:
            refused.append(error.message)

    threads = [threading.Thread(target=reach, args=(f"Person {at}",)) for at in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 1
    assert len(refused) == 19
    assert all(got[0] in message for message in refused)


# comments


def test_a_comment_goes_with_its_claim_into_the_next_revision(open_at: Open) -> None:
    desk = open_at()
    assessment = desk.start().id
    review, service = desk.waiting(assessment), desk.stores.review
    path, text = place_of_claim(desk, assessment)
    kept = service.comment(assessment, review.revision, BEN, path, SAID)
    assert (kept.claim, kept.author) == (text, "Ben")
    desk.runner.decide(
        assessment, lambda s: s.edit(assessment, review.revision, ANNA, with_task_score(desk.content(assessment), 2))
    )
    (same,) = service.comments(assessment, desk.content(assessment))
    assert (same.fate, same.place, same.section) == ("same", path, Section.TASKS)


def test_a_comment_finds_a_claim_that_moved_changed_or_is_gone(open_at: Open) -> None:
    desk = open_at()
    assessment = desk.start().id
    content, service = desk.content(assessment), desk.stores.review
    path, _ = place_of_claim(desk, assessment)
    first, second, *others = content.inputs.tasks
    second = second.model_copy(
        update={"claims": (second.claims[0].model_copy(update={"text": "Drawing fixtures takes most of a week."}),)}
    )
    edit = with_inputs(content, tasks=(first, second, *others))
    desk.runner.decide(assessment, lambda s: s.edit(assessment, content.revision(), ANNA, edit))
    content = desk.content(assessment)
    service.comment(assessment, content.revision(), BEN, path, SAID)
    turned = content.model_copy(
        update={"inputs": content.inputs.model_copy(update={"tasks": (second, first, *others)})}
    )
    reworded = second.model_copy(
        update={"claims": (second.claims[0].model_copy(update={"text": "It says something else."}),)}
    )
    changed = content.model_copy(
        update={"inputs": content.inputs.model_copy(update={"tasks": (first, reworded, *others)})}
    )
    bare = second.model_copy(update={"claims": ()})
    gone = content.model_copy(update={"inputs": content.inputs.model_copy(update={"tasks": (first, bare, *others)})})
    fates = {
        found.fate: found.place
        for version in (turned, changed, gone)
        for found in service.comments(assessment, version)
    }
    assert fates == {"moved": "tasks.0.claims.0", "changed": path, "gone": path}


def test_a_send_back_carries_the_open_comments_of_its_sections_into_the_redraft(open_at: Open) -> None:
    desk = open_at()
    assessment = desk.start().id
    review, service = desk.waiting(assessment), desk.stores.review
    path, claim = place_of_claim(desk, assessment)
    service.comment(assessment, review.revision, BEN, path, SAID)
    done = service.comment(assessment, review.revision, BEN, path, "This one was settled in the meantime.")
    service.resolve(done.id, ANNA)
    service.comment(assessment, review.revision, BEN, "growth.claims.0", "Not about the tasks at all, this one.")
    desk.runner.decide(assessment, lambda s: s.send_back(assessment, review.revision, ANNA, REASON, (Section.TASKS,)))
    asked = desk.prompts("tasks")[-1]
    assert REASON in asked
    assert f'On "{claim}" of "Write widget controllers": {SAID}' in asked
    assert "settled" not in asked
    assert "Not about the tasks" not in asked
    decision = desk.stores.reviews.decisions(assessment)[-1]
    assert decision.document == {
        "sections": ["tasks"],
        "reasons": [
            {"place": path, "section": "tasks", "part": "Write widget controllers", "claim": claim, "text": SAID}
        ],
    }


def test_a_comment_is_refused_where_there_is_no_claim_or_nothing_is_said(open_at: Open) -> None:
    desk = open_at()
    assessment = desk.start().id
    revision, service = desk.waiting(assessment).revision, desk.stores.review
    with pytest.raises(NotFound, match=r"no claim or part at tasks\.99"):
        service.comment(assessment, revision, BEN, "tasks.99.claims.0", SAID)
    with pytest.raises(InvalidInput):
        service.comment(assessment, revision, BEN, "", "ok")
    with pytest.raises(InvalidInput, match="personal data"):
        service.comment(assessment, revision, BEN, "", "Ask jane.doe@example.org about this number.")
    kept = service.comment(assessment, revision, BEN, "", "On the whole this is well supported.")
    service.resolve(kept.id, ANNA)
    with pytest.raises(Conflict, match="Anna already resolved"):
        service.resolve(kept.id, BEN)


# what changed


def test_the_reviewer_sees_what_changed_since_the_revision_before(open_at: Open) -> None:
    desk = open_at()
    assessment = desk.start().id
    first, service = desk.waiting(assessment).revision, desk.stores.review
    assert service.changed_since(assessment, first) == ()
    desk.runner.decide(
        assessment, lambda s: s.edit(assessment, first, ANNA, with_inputs(desk.content(assessment), gaps=("Pay.",)))
    )
    assert service.changed_since(assessment, desk.waiting(assessment).revision) == ("gaps: Pay.",)
    revision = desk.waiting(assessment).revision
    desk.runner.decide(assessment, lambda s: s.send_back(assessment, revision, ANNA, REASON, tuple(INPUT_SECTIONS[:1])))
    assert desk.waiting(assessment).revision != revision or service.changed_since(assessment, revision)


def test_what_somebody_looked_at_is_kept_once(open_at: Open) -> None:
    desk = open_at()
    assessment = desk.start().id
    review, service = desk.waiting(assessment).id, desk.stores.review
    for _ in range(2):
        service.looked(review, ANNA, "evidence", "p-0123456789ab")
    service.looked(review, BEN, "evidence", "p-0123456789ab")
    looks = [(look.reviewer, look.kind, look.place) for look in service.attention.looks(review)]
    assert looks == [("Anna", "evidence", "p-0123456789ab"), ("Ben", "evidence", "p-0123456789ab")]


def test_a_review_is_opened_with_what_is_risky_about_it(open_at: Open) -> None:
    desk = open_at()
    risk = desk.waiting(desk.start().id).risk
    assert (risk.fabricated, risk.misattributed, risk.unsupported) == (0, 0, 0)
    assert risk.single_source == 5
    assert "5 of one source" in risk.words
