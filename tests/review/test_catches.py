"""When a known error counts as caught, by what was decided alone."""

from __future__ import annotations

import pytest
from test_attention import a_decision, at

from agent.review.catches import catches, caught
from agent.review.edit import Edit
from agent.schemas.draft import (
    BarrierDraft,
    Citation,
    Claim,
    ClaimKind,
    EvidenceDraft,
    GrowthDraft,
    Inputs,
    PrincipleDraft,
    Stance,
    TaskDraft,
)
from agent.schemas.vocabulary import BarrierName, Bucket, EvidenceName, PrincipleName
from agent.store.controls import ControlRow
from agent.store.reviews import ApprovalRow, DecisionRow


def a_claim(text: str) -> Claim:
    quote = (Citation(passage="p-1", quote=text),)
    return Claim(text=text, kind=ClaimKind.SOURCED, stance=Stance.FOR, citations=quote)


def some_inputs(**changes: object) -> Inputs:
    one = (a_claim("One claim."),)
    values: dict[str, object] = {
        "tasks": tuple(
            TaskDraft(id=f"t{n}", name=f"Task {n}", share=20, score=2, bucket=Bucket.AUGMENTATION, claims=one)
            for n in range(1, 6)
        ),
        "reinstatement": (),
        "evidence": {
            name: EvidenceDraft(score=1, claims=(a_claim(f"About {name}."), a_claim(f"More of {name}.")))
            for name in EvidenceName
        },
        "barriers": {name: BarrierDraft(score=0, claims=one) for name in BarrierName},
        "principles": {name: PrincipleDraft(score=0, claims=one) for name in PrincipleName},
        "growth": GrowthDraft(score=0, claims=one),
        **changes,
    }
    return Inputs.model_validate(values)


def a_control(place: str, *, by: str = "Eve") -> ControlRow:
    return ControlRow(assessment="r", kind="any", place=place, what="that", planted_by=by, planted_at=at(0))


def an_edit(after: Inputs) -> DecisionRow:
    document = Edit(inputs=after).model_dump(mode="json", by_alias=True)
    return a_decision(1, "edit").model_copy(update={"document": document})


PLANTED = some_inputs()
TASKS = PLANTED.tasks
WAGES = PLANTED.evidence[EvidenceName.WAGES]


def with_wages(**changes: object) -> Inputs:
    draft = WAGES.model_copy(update=changes)
    return PLANTED.model_copy(update={"evidence": {**PLANTED.evidence, EvidenceName.WAGES: draft}})


def with_task(at_: int, **changes: object) -> Inputs:
    tasks = (*TASKS[:at_], TASKS[at_].model_copy(update=changes), *TASKS[at_ + 1 :])
    return PLANTED.model_copy(update={"tasks": tasks})


@pytest.mark.parametrize(
    ("place", "after", "found"),
    [
        ("evidence.wages.score", with_wages(score=-1), True),
        ("evidence.wages.score", with_wages(score=None), True),
        ("evidence.wages.score", with_wages(claims=(WAGES.claims[0],)), True),
        ("evidence.wages.score", with_wages(gap="Nothing on pensions."), False),
        ("evidence.wages.score", with_task(0, score=3), False),
        ("tasks.t2.score", with_task(1, score=3), True),
        ("tasks.t2.score", with_task(1, share=19), False),
        ("tasks.t2.score", with_task(2, score=3), False),
        ("tasks.t2.score", PLANTED.model_copy(update={"tasks": (TASKS[0], *TASKS[2:])}), True),
        ("tasks.t2.score", PLANTED.model_copy(update={"tasks": TASKS[::-1]}), False),
        ("tasks.t1.share tasks.t4.share", with_task(3, share=25), True),
        ("tasks.t1.share tasks.t4.share", with_task(2, share=25), False),
        ("evidence.wages.claims.1", with_wages(claims=(WAGES.claims[0],)), True),
        ("evidence.wages.claims.1", with_wages(claims=(WAGES.claims[0], a_claim("Another."))), True),
        ("evidence.wages.claims.1", with_wages(claims=(WAGES.claims[1], a_claim("Another."))), False),
        ("tasks.t3.claims.0", with_task(2, claims=(a_claim("Another."),)), True),
        ("tasks.t3.claims.0", with_task(1, claims=(a_claim("Another."),)), False),
    ],
)
def test_an_edit_catches_what_it_changes_at_the_very_place_and_else_the_review_goes_on(
    place: str, after: Inputs, found: bool
) -> None:
    assert caught(a_control(place), an_edit(after), PLANTED, PLANTED) is (True if found else None)


@pytest.mark.parametrize(("action", "found"), [("approve", False), ("reject", True)])
def test_an_approval_misses_and_a_rejection_catches(action: str, found: bool) -> None:
    assert caught(a_control("tasks.t1.score"), a_decision(1, action), PLANTED, PLANTED) is found


def sent_back(reason: str, *sections: str, places: tuple[str, ...] = ()) -> DecisionRow:
    chosen = sections or ("tasks", "evidence", "barriers", "growth")
    document = {"sections": list(chosen), "reasons": [{"place": place} for place in places]}
    return a_decision(1, "send_back").model_copy(update={"reason": reason, "document": document})


@pytest.mark.parametrize(
    ("place", "decision", "found"),
    [
        ("evidence.job_postings.score", sent_back("Look again.", "evidence"), True),
        ("evidence.job_postings.score", sent_back("Look again.", "evidence", "tasks"), True),
        ("evidence.job_postings.score", sent_back("Look again."), False),
        ("evidence.job_postings.score", sent_back("The Job Postings say more."), True),
        ("evidence.job_postings.score", sent_back("The evidence is thin."), True),
        ("evidence.job_postings.score", sent_back("Postings are fine."), False),
        ("evidence.job_postings.score", sent_back("Look.", places=("evidence.job_postings.claims.1",)), True),
        ("evidence.job_postings.score", sent_back("Look.", places=("evidence.wages.claims.1",)), False),
        ("evidence.job_postings.score", sent_back("Look.", places=("evidence.job_postings",)), True),
        ("evidence.job_postings.score", sent_back("Look.", places=("evidence.wages",)), False),
        ("tasks.t2.score", sent_back("Look.", places=("tasks.t2",)), True),
        ("tasks.t2.score", sent_back("Look.", places=("tasks.t22",)), False),
        ("tasks.t2.score", sent_back("Look.", places=("tasks.1.claims.0",)), True),
        ("tasks.t2.score", sent_back("Look.", places=("tasks.2.claims.0",)), False),
        ("tasks.t1.share tasks.t2.share", sent_back("Look at t2 once more."), True),
        ("tasks.t1.share tasks.t2.share", sent_back("Look at t22 once more."), False),
        ("tasks.t1.share tasks.t2.share", sent_back("The wages are wrong.", "evidence"), False),
    ],
)
def test_a_send_back_catches_by_section_comment_or_word(place: str, decision: DecisionRow, found: bool) -> None:
    assert caught(a_control(place), decision, PLANTED, PLANTED) is found


def test_who_approved_before_another_one_rejected_missed_it_and_who_planted_it_is_not_counted() -> None:
    given = [
        ApprovalRow(review="r/1", reviewer=name, revision="sha256:1", auth="token", channel="web", approved_at=at(1))
        for name in ("Anna", "eve")
    ]
    end = a_decision(1, "reject", by="Ben")
    found = catches(a_control("tasks.t1.score"), [end], given, PLANTED, PLANTED)
    assert [(one.reviewer, one.caught) for one in found] == [("Anna", False), ("Ben", True)]


def test_a_review_that_has_not_ended_gives_nothing() -> None:
    edit = an_edit(with_task(2, score=3))
    assert catches(a_control("tasks.t1.score"), [], (), PLANTED, PLANTED) == ()
    assert catches(a_control("tasks.t1.score"), [edit], (), PLANTED, PLANTED) == ()
