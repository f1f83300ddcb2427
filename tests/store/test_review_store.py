"""Reviews and decisions: one open review an assessment, one decision a review."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from factories_records import HASH, OTHER, Records

from agent.errors import Conflict, NotFound


def test_opening_a_review_twice_changes_nothing(tmp_path: Path) -> None:
    records = Records(tmp_path)
    assert [records.open(), records.open()] == ["widget-1/1", "widget-1/1"]
    assert [row.id for row in records.reviews.waiting()] == ["widget-1/1"]
    assert records.events().count("review opened: inputs") == 1


def test_opening_a_decided_review_again_does_not_reopen_it(tmp_path: Path) -> None:
    records = Records(tmp_path)
    records.open()
    records.decide()
    records.open()
    assert records.reviews.waiting() == ()


def test_a_new_review_supersedes_the_open_one(tmp_path: Path) -> None:
    records = Records(tmp_path)
    records.open()
    records.open(serial=2, revision=OTHER)
    assert [(row.id, row.revision) for row in records.reviews.waiting()] == [("widget-1/2", OTHER)]
    with pytest.raises(Conflict, match=f"waits is {OTHER}, not {HASH}"):
        records.decide()


def test_a_step_run_again_with_other_content_supersedes_the_review_it_had_opened(tmp_path: Path) -> None:
    records = Records(tmp_path)
    records.open()
    assert [records.open(revision=OTHER), records.open(revision=OTHER)] == ["widget-1/2", "widget-1/2"]
    assert [(row.id, row.revision) for row in records.reviews.waiting()] == [("widget-1/2", OTHER)]
    assert records.open() == "widget-1/3"
    assert [(row.id, row.revision) for row in records.reviews.waiting()] == [("widget-1/3", HASH)]


def test_a_decision_about_the_content_before_does_not_stand_for_the_content_after(tmp_path: Path) -> None:
    records = Records(tmp_path)
    records.open()
    records.decide()
    review = records.open(revision=OTHER)
    assert review == "widget-1/2"
    assert records.reviews.decision_of(review) is None
    assert [row.id for row in records.reviews.waiting()] == ["widget-1/2"]


def test_a_decision_closes_the_review_of_exactly_its_revision(tmp_path: Path) -> None:
    records = Records(tmp_path)
    review = records.open()
    decision = records.decide()
    assert (decision.id, decision.review, decision.revision) == ("widget-1/1/decision", review, HASH)
    assert records.reviews.decision_of(review) == decision == records.reviews.decision(decision.id)
    assert records.reviews.decisions("widget-1") == (decision,)
    assert records.reviews.open_review("widget-1") is None


def test_a_second_decision_is_a_conflict_that_names_the_first(tmp_path: Path) -> None:
    records = Records(tmp_path)
    records.open()
    first = records.decide(action="reject", reviewer="Ben")
    with pytest.raises(Conflict, match=f"Ben already decided reject on gate inputs at {first.decided_at}"):
        records.decide()
    assert len(records.reviews.decisions("widget-1")) == 1


def test_a_decision_about_a_decided_revision_names_its_decider_beside_what_waits(tmp_path: Path) -> None:
    records = Records(tmp_path)
    records.open()
    records.decide(action="edit", reviewer="Ben")
    records.open(serial=2, revision=OTHER)
    with pytest.raises(Conflict, match=f"Ben already decided edit .* waits now is {OTHER}"):
        records.decide()


def test_a_revision_put_up_again_can_be_decided_again(tmp_path: Path) -> None:
    records = Records(tmp_path)
    records.open()
    records.decide(action="send_back")
    records.open(serial=2)
    assert records.decide().review == "widget-1/2"


def test_what_was_never_up_for_review_is_not_found(tmp_path: Path) -> None:
    records = Records(tmp_path)
    with pytest.raises(NotFound, match="nothing up for review"):
        records.decide()
    with pytest.raises(NotFound, match="no decision"):
        records.reviews.decision("widget-1/1/decision")
    assert records.reviews.decision_of("widget-1/1") is None


def test_of_many_deciders_at_once_one_wins(tmp_path: Path) -> None:
    records = Records(tmp_path)
    records.open()
    start, outcomes = threading.Barrier(12), []

    def decide(at: int) -> None:
        start.wait()
        try:
            records.decide(action="approve" if at % 2 else "reject", reviewer=f"Reviewer {at}")
            outcomes.append("won")
        except Conflict:
            outcomes.append("lost")

    threads = [threading.Thread(target=decide, args=(at,)) for at in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["lost"] * 11 + ["won"]
    assert len(records.reviews.decisions("widget-1")) == 1
    assert sum(event.startswith("decided") for event in records.events()) == 1


def test_the_queue_lists_open_reviews_oldest_first(tmp_path: Path) -> None:
    records = Records(tmp_path)
    for name in ("widget-3", "widget-2"):
        records.add(name)
        records.open(assessment=name)
    records.open()
    assert [row.assessment for row in records.reviews.waiting()] == ["widget-3", "widget-2", "widget-1"]
    [row] = [row for row in records.reviews.waiting() if row.assessment == "widget-1"]
    assert (row.role, row.score, row.label, row.block, row.review) == (
        "Widget Engineer",
        47.5,
        "YELLOW (Urgent)",
        0,
        1,
    )


def test_a_deferral_leaves_a_trace_and_decides_nothing(tmp_path: Path) -> None:
    records = Records(tmp_path)
    records.open()
    records.reviews.defer(
        assessment="widget-1", revision=HASH, reviewer="Anna", auth="local-unverified", channel="terminal"
    )
    assert records.events()[-1] == "deferred"
    assert len(records.reviews.waiting()) == 1
