"""Accounts at the gates: who may decide, and that nobody approves their own work alone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from edits_workflow import accepting, overriding, with_task_score
from factories_workflow import ANNA, REASON, Desk, copy_home, open_desk
from scripts_workflow import WidgetScript, named
from sqlalchemy import update

from agent.errors import AssessorError, Conflict, Forbidden
from agent.review.edit import Edit
from agent.review.identity import Scope, identified
from agent.review.keeping import close_account, new_token, set_role
from agent.review.policy import MOVED
from agent.review.service import Reviewer, ReviewService
from agent.schemas.finding import Tier
from agent.schemas.vocabulary import Gate
from agent.store.accounts import AccountRole
from agent.store.reviews import ApprovalRow, DecisionRow, Taken
from agent.store.tables import assessments
from agent.workflow.summary import waits_for

Open = Callable[..., Desk]
ADMIN, REVIEWER, REQUESTER = AccountRole.ADMIN, AccountRole.REVIEWER, AccountRole.REQUESTER
NAMED = WidgetScript().but("barriers", named(("liability", "claims"), "Zorblax"))
HERE = Reviewer(name="operator", channel="script")


def add(desk: Desk, name: str, role: AccountRole = REVIEWER) -> Reviewer:
    """Somebody who acts by a token of theirs."""
    accounts = desk.stores.accounts
    accounts.add(name, role, password=None, subject=f"https://login.example|{name}", by="operator", auth="token")
    secret, row = new_token(accounts, desk.stores.stamps, name, HERE)
    scope = Scope.DECIDE if "decide" in row.scopes else Scope.RUN
    return identified(accounts, secret, None, "script", scope=scope)


@pytest.fixture(scope="session")
def _waiting_home(widget_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = copy_home(widget_home, tmp_path_factory.mktemp("waiting") / "home")
    with open_desk(home) as desk:
        desk.start()
    return home


@pytest.fixture
def home(_waiting_home: Path, tmp_path: Path) -> Path:
    """A home in which one assessment waits at gate 1."""
    return copy_home(_waiting_home, tmp_path / "home")


def requested(desk: Desk, by: str) -> str:
    """The newest assessment that waits, as if somebody had asked for it."""
    review = desk.stores.reviews.waiting()[-1]
    with desk.stores.db.write() as connection:
        connection.execute(update(assessments).values(requested_by=by))
    return review.assessment


def edit(desk: Desk, assessment: str, by: Reviewer, change: Edit) -> None:
    revision = desk.waiting(assessment).revision
    desk.runner.decide(assessment, lambda service: service.edit(assessment, revision, by, change))


def result(desk: Desk, assessment: str) -> float:
    found = desk.content(assessment).result
    assert found is not None
    return found.score


def decided_by(desk: Desk, assessment: str) -> list[tuple[str, str, str]]:
    return [(d.action, d.reviewer, d.auth) for d in desk.stores.reviews.decisions(assessment)]


def test_who_requested_cannot_approve_alone_and_another_can(open_at: Open) -> None:
    desk = open_at()
    ada, ben = add(desk, "Ada"), add(desk, "Ben")
    assessment = requested(desk, "Ada")
    desk.approve(assessment, ada)
    assert desk.waiting(assessment).gate is Gate.INPUTS
    assert decided_by(desk, assessment) == []
    desk.approve(assessment, ben)
    assert desk.waiting(assessment).gate is Gate.PUBLICATION
    assert decided_by(desk, assessment) == [("approve", "Ben", "token")]


@pytest.mark.parametrize("requested_by", ["ada", "\uff21DA", " Ada "])
def test_who_requested_under_another_spelling_of_the_name_cannot_approve_alone_either(
    requested_by: str, open_at: Open
) -> None:
    desk = open_at()
    ada, _ = add(desk, "Ada"), add(desk, "Ben")
    assessment = requested(desk, requested_by)
    desk.approve(assessment, ada)
    assert decided_by(desk, assessment) == []


def test_who_edited_cannot_approve_alone(open_at: Open) -> None:
    desk = open_at()
    ada, ben = add(desk, "Ada"), add(desk, "Ben")
    assessment = requested(desk, "Cora")
    edit(desk, assessment, ada, with_task_score(desk.content(assessment), 4))
    desk.approve(assessment, ada)
    assert decided_by(desk, assessment) == [("edit", "Ada", "token")]
    desk.approve(assessment, ben)
    assert decided_by(desk, assessment) == [("edit", "Ada", "token"), ("approve", "Ben", "token")]


def test_an_override_takes_two_people(open_at: Open) -> None:
    desk = open_at()
    ada, ben, cora = (add(desk, name) for name in ("Ada", "Ben", "Cora"))
    assessment = requested(desk, "Dan")
    edit(desk, assessment, ada, overriding(desk.content(assessment), result(desk, assessment) + 1))
    desk.approve(assessment, ben)
    assert desk.waiting(assessment).gate is Gate.INPUTS
    desk.approve(assessment, cora)
    assert desk.waiting(assessment).gate is Gate.PUBLICATION


def test_two_authors_approve_together_what_neither_may_approve_alone(open_at: Open) -> None:
    desk = open_at()
    ada, ben = add(desk, "Ada"), add(desk, "Ben")
    assessment = requested(desk, "Ada")
    edit(desk, assessment, ben, with_task_score(desk.content(assessment), 4))
    assert waits_for(desk.stores, assessment) == "somebody other than Ada and Ben, or two people"
    desk.approve(assessment, ben)
    with pytest.raises(Conflict, match="Ben already approved"):
        desk.approve(assessment, ben)
    assert waits_for(desk.stores, assessment) == "somebody other than Ben"
    desk.approve(assessment, ada)
    assert decided_by(desk, assessment)[-1] == ("approve", "Ada", "token")
    assert desk.waiting(assessment).gate is Gate.PUBLICATION


def test_what_the_second_of_two_reviewers_accepted_can_still_be_approved_by_both(open_at: Open) -> None:
    desk = open_at(NAMED)
    ada, ben = add(desk, "Ada"), add(desk, "Ben")
    desk.start()
    assessment = requested(desk, "Ada")
    content = desk.content(assessment)
    found = [finding.id for finding in content.guard.findings if finding.tier is Tier.REVIEW]
    edit(desk, assessment, ben, accepting(content, *found))
    assert waits_for(desk.stores, assessment) == "two people (REVIEW findings were accepted)"
    desk.approve(assessment, ben)
    assert desk.waiting(assessment).gate is Gate.INPUTS
    desk.approve(assessment, ada)
    assert desk.waiting(assessment).gate is Gate.PUBLICATION


def test_a_score_that_moved_far_from_the_published_one_takes_two_people(open_at: Open) -> None:
    desk = open_at()
    first = desk.waiting(requested(desk, "Dan")).assessment
    for _ in Gate:
        desk.approve(first)
    ada, ben, cora = (add(desk, name) for name in ("Ada", "Ben", "Cora"))
    near, far = desk.start().id, desk.start().id
    edit(desk, near, ada, with_task_score(desk.content(near), 4))
    edit(desk, far, ada, with_task_score(desk.content(far), 4))
    edit(desk, far, ada, with_task_score(desk.content(far), 4, at=3))
    [published] = desk.stores.publications.done()
    moved = [abs(result(desk, assessment) - published.score) for assessment in (near, far)]
    assert 0 < moved[0] <= MOVED < moved[1]
    desk.approve(near, ben)
    assert desk.waiting(near).gate is Gate.PUBLICATION
    desk.approve(far, ben)
    assert desk.waiting(far).gate is Gate.INPUTS
    desk.approve(far, cora)
    assert desk.waiting(far).gate is Gate.PUBLICATION


def test_who_does_not_hold_a_review_cannot_defer_it_and_the_conflict_says_who_does(open_at: Open) -> None:
    desk = open_at()
    ada, ben = add(desk, "Ada"), add(desk, "Ben")
    assessment = requested(desk, "Cora")
    review = desk.waiting(assessment)
    desk.stores.review.claim(review.id, ada)
    with pytest.raises(Conflict, match="is taken: Ada holds it until"):
        desk.stores.review.defer(assessment, review.revision, ben)
    assert "deferred" not in desk.events(assessment)
    desk.stores.review.defer(assessment, review.revision, ada)
    assert desk.waiting(assessment).claimed_by is None
    last = desk.stores.assessments.history(assessment)[-1]
    assert (last.actor, last.event, last.revision) == ("Ada", "deferred", review.revision)
    assert last.detail == {"gate": "inputs", "auth": "token", "channel": "script"}


def test_a_comment_is_resolved_by_its_author_or_by_who_may_decide(open_at: Open) -> None:
    desk = open_at()
    ada, _, cora = add(desk, "Ada"), add(desk, "Ben"), add(desk, "Cora", REQUESTER)
    assessment = requested(desk, "Cora")
    service, revision = desk.stores.review, desk.waiting(assessment).revision
    of_ada, of_cora, other = (
        service.comment(assessment, revision, by, "", "Read this once more, please.") for by in (ada, cora, cora)
    )
    with pytest.raises(Forbidden, match="Cora is a requester"):
        service.resolve(of_ada.id, cora)
    assert service.resolve(of_cora.id, cora).resolved_by == "Cora"
    assert service.resolve(other.id, ada).resolved_by == "Ada"
    assert [row.resolved_by for row in service.remarks.of(assessment)] == [None, "Cora", "Ada"]


def decisions(desk: Desk, assessment: str, by: Reviewer) -> list[Callable[[ReviewService], object]]:
    """Every way to decide about what waits, or to hold it."""
    review, content = desk.waiting(assessment), desk.content(assessment)
    return [
        lambda service: service.approve(assessment, review.revision, by),
        lambda service: service.reject(assessment, review.revision, by, REASON),
        lambda service: service.send_back(assessment, review.revision, by, REASON),
        lambda service: service.edit(assessment, review.revision, by, with_task_score(content, 4)),
        lambda service: service.defer(assessment, review.revision, by),
        lambda service: service.claim(review.id, by),
    ]


@pytest.mark.parametrize("name", ["Anna", "Ada", "ada"])
def test_a_name_that_was_given_decides_nothing_once_two_reviewers_are_known(name: str, open_at: Open) -> None:
    desk = open_at()
    add(desk, "Ada")
    assessment = requested(desk, "Cora")
    given = Reviewer(name=name, channel="script")
    assert desk.stores.review.claim(desk.waiting(assessment).id, given)
    desk.stores.review.release(desk.waiting(assessment).id, given)
    add(desk, "Ben")
    for decide in decisions(desk, assessment, given):
        with pytest.raises(Forbidden, match="has to be known here"):
            decide(desk.stores.review)
    assert decided_by(desk, assessment) == []


def test_requesters_and_closed_accounts_do_not_make_four_eyes(open_at: Open) -> None:
    desk = open_at()
    add(desk, "Ada")
    add(desk, "Cora", REQUESTER)
    add(desk, "Ben")
    close_account(desk.stores.accounts, "Ben", HERE)
    assessment = requested(desk, "Anna")
    desk.approve(assessment, ANNA)
    assert decided_by(desk, assessment) == [("approve", "Anna", "local-unverified")]


@pytest.mark.parametrize("name", ["Cora", "cora", "\uff23ora"])
def test_a_requester_decides_nothing_however_they_are_known(name: str, open_at: Open) -> None:
    desk = open_at()
    add(desk, "Cora", REQUESTER)
    assessment = requested(desk, "Cora")
    for auth in ("local-unverified", "token", "password", "oidc"):
        for decide in decisions(desk, assessment, Reviewer(name=name, channel="web", auth=auth)):
            with pytest.raises(Forbidden, match="Cora is a requester, and decisions take a reviewer"):
                decide(desk.stores.review)


def test_who_was_let_in_and_then_closed_or_demoted_decides_nothing_any_more(open_at: Open) -> None:
    desk = open_at()
    ada, ben = add(desk, "Ada"), add(desk, "Ben")
    add(desk, "Cora", ADMIN)
    assessment = requested(desk, "Cora")
    close_account(desk.stores.accounts, "Ada", HERE)
    set_role(desk.stores.accounts, "Ben", REQUESTER, HERE)
    for by, said in ((ada, "The account Ada is closed"), (ben, "Ben is a requester")):
        for decide in decisions(desk, assessment, by):
            with pytest.raises(Forbidden, match=said):
                decide(desk.stores.review)
    with pytest.raises(Forbidden, match="The account Ada is closed"):
        desk.stores.review.comment(assessment, desk.waiting(assessment).revision, ada, "", "Read once more, please.")


def test_what_is_held_under_one_spelling_of_a_name_is_given_back_under_another(open_at: Open) -> None:
    desk = open_at()
    add(desk, "Ada")
    assessment = requested(desk, "Cora")
    review = desk.waiting(assessment).id
    assert desk.stores.review.claim(review, Reviewer(name="ada", channel="script")).holder == "Ada"
    assert desk.stores.review.release(review, Reviewer(name="ADA", channel="script"))


def test_twenty_approvals_at_once_by_two_people_make_one_decision(home: Path) -> None:
    taken: list[Taken | str] = []
    with open_desk(home) as desk:
        ada, ben = add(desk, "Ada"), add(desk, "Ben")
        assessment = requested(desk, "Ada")
        revision = desk.waiting(assessment).revision
        together = threading.Barrier(20)

        def approve(by: Reviewer) -> None:
            together.wait()
            try:
                taken.append(desk.stores.review.approve(assessment, revision, by))
            except AssessorError as error:
                taken.append(type(error).__name__)

        threads = [threading.Thread(target=approve, args=((ada, ben)[at % 2],)) for at in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert decided_by(desk, assessment) == [("approve", "Ben", "token")]
        kept = [one for one in taken if isinstance(one, DecisionRow | ApprovalRow)]
        assert len([one for one in kept if isinstance(one, DecisionRow)]) == 1
        assert len([one for one in kept if isinstance(one, ApprovalRow)]) <= 1
        assert {one for one in taken if isinstance(one, str)} == {"Conflict"}
        assert len(taken) == 20
        desk.runner.advance(assessment)
        assert desk.waiting(assessment).gate is Gate.PUBLICATION
