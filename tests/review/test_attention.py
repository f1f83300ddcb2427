"""What is counted of reviewers: each share with what it is of, nothing where there is nothing."""

from __future__ import annotations

import pytest

from agent.review.attention import Attention, NotedRow, Rate, ReviewedRow, Rows, Spread, attention_of, reviewers_of
from agent.review.catches import Catch, CatchRate, catch_rate, wilson
from agent.schemas.vocabulary import Gate
from agent.store.attention import LookRow
from agent.store.reviews import ApprovalRow, DecisionRow

EMPTY = Rows(reviews=(), decisions=(), approvals=(), looks=(), noted=(), catches=())


def at(minute: int, second: int = 0) -> str:
    return f"2026-02-25T10:{minute:02d}:{second:02d}Z"


def a_review(number: int, *, passages: str = "ab", findings: str = "", overridden: bool = False) -> ReviewedRow:
    return ReviewedRow(
        review=f"r/{number}",
        opened_at=at(0),
        passages=frozenset(passages),
        findings=frozenset(findings),
        overridden=overridden,
    )


def a_decision(
    number: int, action: str = "approve", *, by: str = "Anna", minute: int = 10, channel: str = "web"
) -> DecisionRow:
    return DecisionRow(
        id=f"r/{number}/decision",
        review=f"r/{number}",
        assessment="r",
        gate=Gate.INPUTS,
        revision="sha256:1",
        action=action,
        reviewer=by,
        auth="password",
        channel=channel,
        reason=None,
        document=None,
        decided_at=at(minute),
    )


def a_look(number: int, kind: str, place: str = "", *, by: str = "Anna", minute: int = 5) -> LookRow:
    return LookRow.model_validate(
        {"review": f"r/{number}", "reviewer": by, "kind": kind, "place": place, "at": at(minute)}
    )


def rows(**parts: object) -> Rows:
    return Rows.model_validate({**EMPTY.model_dump(), **parts})


def test_of_nothing_there_is_no_number() -> None:
    assert attention_of(EMPTY) == Attention(
        reviewer=None,
        decisions={},
        from_look=None,
        from_opening=None,
        passages_opened=None,
        findings_opened=None,
        without_evidence=None,
        shown_whole=0,
        not_kept=0,
        overridden=None,
        edited=None,
        taken_over=0,
        caught=None,
    )
    assert reviewers_of(EMPTY) == ()


def test_the_time_to_decide_runs_from_the_first_look_and_else_from_the_opening_and_the_two_are_not_mixed() -> None:
    found = attention_of(
        rows(
            reviews=[a_review(n) for n in (1, 2, 3)],
            decisions=[a_decision(1, minute=6), a_decision(2, minute=9), a_decision(3, minute=20)],
            looks=[a_look(1, "review"), a_look(2, "review"), a_look(2, "review", "whole", minute=7)],
        )
    )
    assert found.from_look == Spread(n=2, lower_s=105.0, median_s=150.0, upper_s=195.0)
    assert found.from_opening == Spread(n=1, lower_s=1200.0, median_s=1200.0, upper_s=1200.0)


def test_a_look_of_somebody_else_or_after_the_decision_is_none() -> None:
    found = attention_of(
        rows(
            reviews=[a_review(1)],
            decisions=[a_decision(1, minute=4)],
            looks=[
                a_look(1, "review", by="Ben", minute=1),
                a_look(1, "review", minute=5),
                a_look(1, "evidence", "a", minute=5),
                a_look(1, "evidence", "b", by="Ben", minute=1),
            ],
        )
    )
    assert found.from_look is None
    assert (found.passages_opened, found.without_evidence) == (Rate(hits=0, of=2), Rate(hits=1, of=1))


def test_passages_and_findings_opened_are_shares_of_those_that_there_were() -> None:
    found = attention_of(
        rows(
            reviews=[a_review(1, passages="abc", findings="xy"), a_review(2, passages="de", findings="z")],
            decisions=[a_decision(1), a_decision(2, "reject")],
            looks=[
                a_look(1, "evidence", "a"),
                a_look(1, "evidence", "elsewhere"),
                a_look(1, "finding", "x"),
                a_look(2, "evidence", "d"),
                a_look(2, "finding", "z"),
            ],
        )
    )
    assert found.passages_opened == Rate(hits=2, of=5)
    assert found.findings_opened == Rate(hits=1, of=2)
    assert found.without_evidence == Rate(hits=0, of=1)


def test_what_is_shown_whole_or_decided_by_a_script_is_not_counted_as_opened_or_unopened() -> None:
    found = attention_of(
        rows(
            reviews=[a_review(n) for n in (1, 2, 3, 4)],
            decisions=[
                a_decision(1, channel="terminal"),
                a_decision(2, channel="script"),
                a_decision(3, channel="inbox"),
                a_decision(4, channel="terminal"),
            ],
            looks=[a_look(1, "review", "whole"), a_look(4, "review"), a_look(4, "evidence", "a")],
        )
    )
    assert (found.shown_whole, found.not_kept) == (1, 2)
    assert (found.passages_opened, found.without_evidence) == (Rate(hits=1, of=2), Rate(hits=0, of=1))


def test_an_approval_that_waited_for_another_one_counts_for_both_and_once_each() -> None:
    given = [
        ApprovalRow(
            review="r/1", reviewer=name, revision="sha256:1", auth="token", channel="web", approved_at=at(minute)
        )
        for name, minute in (("Anna", 3), ("Ben", 4))
    ]
    counted = rows(
        reviews=[a_review(1, overridden=True)], decisions=[a_decision(1, by="Ben", minute=4)], approvals=given
    )
    assert reviewers_of(counted) == ("Anna", "Ben")
    assert attention_of(counted).decisions == {"approve": 2}
    assert attention_of(counted, "Anna").overridden == Rate(hits=1, of=1)
    assert attention_of(counted, "Ben").from_opening == Spread(n=1, lower_s=240.0, median_s=240.0, upper_s=240.0)


def test_somebody_who_rejects_after_approving_did_both() -> None:
    given = ApprovalRow(
        review="r/1", reviewer="Anna", revision="sha256:1", auth="token", channel="web", approved_at=at(3)
    )
    found = attention_of(rows(reviews=[a_review(1)], decisions=[a_decision(1, "reject")], approvals=[given]))
    assert found.decisions == {"approve": 1, "reject": 1}


def test_overrides_are_of_approvals_and_edits_of_all_decisions_but_deferrals() -> None:
    found = attention_of(
        rows(
            reviews=[a_review(1, overridden=True), a_review(2), a_review(3, overridden=True), a_review(4)],
            decisions=[a_decision(1), a_decision(2), a_decision(3, "edit"), a_decision(4, "send_back")],
            noted=[
                NotedRow(reviewer="Anna", event="deferred"),
                NotedRow(reviewer="Anna", event="taken over"),
                NotedRow(reviewer="Ben", event="taken over"),
            ],
        ),
        "Anna",
    )
    assert found.decisions == {"approve": 2, "edit": 1, "send_back": 1, "defer": 1}
    assert (found.overridden, found.edited) == (Rate(hits=1, of=2), Rate(hits=1, of=4))
    assert found.taken_over == 1


def test_each_reviewer_is_counted_alone_and_all_of_them_together() -> None:
    both = rows(
        reviews=[a_review(1), a_review(2)],
        decisions=[a_decision(1), a_decision(2, "reject", by="Ben")],
        catches=[
            Catch(assessment="r", kind="task_score", reviewer="Anna", caught=False),
            Catch(assessment="r", kind="task_score", reviewer="Ben", caught=True),
        ],
    )
    assert attention_of(both, "Anna").decisions == {"approve": 1}
    assert attention_of(both).decisions == {"approve": 1, "reject": 1}
    together = attention_of(both).caught
    assert together is not None
    assert (together.caught, together.of) == (1, 2)
    assert attention_of(both, "Ben").caught == CatchRate(caught=1, of=1, low=0.207, high=1.0)


@pytest.mark.parametrize(
    ("hits", "of", "ends"),
    [
        (0, 10, (0.0, 0.278)),
        (5, 10, (0.237, 0.763)),
        (10, 10, (0.722, 1.0)),
        (1, 1, (0.207, 1.0)),
        (0, 1, (0.0, 0.793)),
    ],
)
def test_the_interval_is_that_of_wilson(hits: int, of: int, ends: tuple[float, float]) -> None:
    """Against the table of the score interval, for example in Newcombe 1998."""
    assert wilson(hits, of) == ends


def test_no_rate_of_no_control() -> None:
    assert catch_rate(()) is None
