"""The committed counts of seeded errors are held to their goals, and what was never counted fails."""

from __future__ import annotations

import copy

import pytest

from evals.seeded.judging import judge_all
from evals.seeded.operators.registry import OPERATORS
from evals.seeded.report import ALL, read_ratchet
from evals.suites import seeded
from evals.suites.verdict import Outcome


def test_every_operator_and_both_tiers_of_false_alarms_have_a_verdict() -> None:
    found = list(seeded.verdicts(read_ratchet()))
    assert [one.case for one in found] == [*(operator.name for operator in OPERATORS), "BLOCK", "either tier"]
    assert {one.outcome for one in found} == {Outcome.PASSED}


def test_a_missed_goal_and_an_operator_that_was_not_counted_fail() -> None:
    counts = copy.deepcopy(read_ratchet())
    counts["mutants"]["antonym"]["either"] = 100
    del counts["mutants"]["negation_added"]
    failed = {one.case: one.message for one in seeded.verdicts(counts) if one.outcome is Outcome.FAILED}
    assert failed == {
        "antonym": "100 of 250 caught in either tier, expected at least 75 %.",
        "negation_added": "There is no count of it.",
    }


def test_too_many_false_alarms_fail() -> None:
    counts = copy.deepcopy(read_ratchet())
    counts["controls"][ALL]["block"] = counts["controls"][ALL]["cases"] // 50
    failed = [one.case for one in seeded.verdicts(counts) if one.outcome is Outcome.FAILED]
    assert failed == ["BLOCK"]


def test_the_planted_counts_are_noticed() -> None:
    assert [one.outcome for one in seeded.controls(read_ratchet())] == [Outcome.PASSED] * 3


def test_a_guard_that_catches_less_than_the_committed_one_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeded, "judge_all", lambda: judge_all(["untouched", "antonym"]))
    monkeypatch.setattr(seeded, "controls", lambda counted: ())
    monkeypatch.setattr(seeded, "verdicts", lambda counted: ())
    [found] = seeded.run(None)  # type: ignore[arg-type]
    assert found.outcome is Outcome.FAILED
    assert "quote_fabricated" in found.message
    assert "antonym, either" not in found.message
