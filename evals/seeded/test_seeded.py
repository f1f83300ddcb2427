"""The guard against seeded errors: `pytest evals/seeded`. Every rate is held to the committed one."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from agent.schemas.draft import Claim
from evals.seeded.controls.registry import KINDS
from evals.seeded.intervals import rate
from evals.seeded.judging import Cases, digest, judge_all, samples_of
from evals.seeded.operators.operator import GOALS, Operator
from evals.seeded.operators.registry import OPERATORS
from evals.seeded.report import BEGIN, END, breaches, ratchet_of, read_ratchet
from evals.seeded.sample import Sample, stands_in
from evals.seeded.sources import is_recorded, world

LEAST_MUTANTS, LEAST_CONTROLS, LEAST_OPERATORS = 200, 1000, 15
EACH = pytest.mark.parametrize("operator", OPERATORS, ids=lambda operator: operator.name)


@pytest.fixture(scope="session")
def measured() -> Cases:
    """Everything judged once."""
    return judge_all()


@cache
def made(name: str) -> tuple[Sample, ...]:
    """The mutants of an operator or the controls of a kind, made in this process."""
    return tuple(samples_of(name))


def sources() -> dict[str, Sample]:
    return {sample.source: sample for sample in world().samples}


def test_source_claims_are_true_to_their_passages_and_come_from_recordings_and_corpus() -> None:
    samples = world().samples
    assert {is_recorded(sample) for sample in samples} == {True, False}
    assert len({sample.source for sample in samples}) == len(samples)
    for sample in samples:
        for citation in sample.claim.citations:
            assert citation.passage in sample.pack
            assert stands_in(citation.quote, sample.passages[citation.passage].text)


def test_there_are_enough_operators_of_known_families() -> None:
    assert len({operator.name for operator in OPERATORS}) == len(OPERATORS) >= LEAST_OPERATORS
    assert {operator.family for operator in OPERATORS} == set(GOALS)


@EACH
def test_an_operator_makes_enough_mutants_that_differ_from_their_source_and_are_whole(operator: Operator) -> None:
    untouched, mutants = sources(), made(operator.name)
    assert len(mutants) >= LEAST_MUTANTS
    assert len({digest(mutant) for mutant in mutants}) == len(mutants)
    for mutant in mutants:
        assert mutant.claim != untouched[mutant.source].claim
        assert Claim.model_validate(mutant.claim.model_dump()) == mutant.claim
        assert mutant.text.strip() and mutant.claim.citations


def test_mutants_and_controls_are_the_same_in_every_process(measured: Cases) -> None:
    judged = measured.mutants | measured.controls
    assert list(judged) == [*(operator.name for operator in OPERATORS), *KINDS]
    for name, cases in judged.items():
        assert [case.digest for case in cases] == [digest(sample) for sample in made(name)]


def test_there_are_enough_controls_of_every_kind(measured: Cases) -> None:
    counts = Counter({kind: len(cases) for kind, cases in measured.controls.items()})
    assert counts.total() >= LEAST_CONTROLS
    assert all(counts[kind] for kind in KINDS)


@pytest.mark.parametrize("operator", [o for o in OPERATORS if o.goal.rate == 1], ids=lambda operator: operator.name)
def test_what_must_never_pass_is_blocked_without_a_miss(operator: Operator, measured: Cases) -> None:
    missed = [case.source for case in measured.mutants[operator.name] if not case.blocked]
    assert missed == []


def test_no_rate_is_worse_than_the_committed_one(measured: Cases) -> None:
    assert breaches(read_ratchet(), ratchet_of(measured)) == []


def test_the_ratchet_tells_a_fallen_rate_a_risen_false_alarm_and_a_missing_name() -> None:
    row = {"cases": 10, "sources": 5, "block": 8, "either": 9}
    committed = {"mutants": {"a": row, "b": row}, "controls": {"c": row}}
    now = {"mutants": {"a": row | {"block": 7}}, "controls": {"c": row | {"either": 10}}}
    assert breaches(committed, committed) == []
    assert breaches(committed, now) == [
        "a, block: 7 of 10, committed 8 of 10",
        "b is gone: write the ratchet anew",
        "c, either: 10 of 10, committed 9 of 10",
    ]


def test_the_tables_of_the_readme_are_those_of_the_ratchet() -> None:
    from evals.seeded.measure import README

    written = README.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0]
    for name, counts in read_ratchet()["mutants"].items():
        row = next(line for line in written.splitlines() if line.startswith(f"| {name} |"))
        assert f"| {counts['cases']} | {counts['sources']} | {100 * counts['block'] / counts['cases']:.1f} (" in row


def test_an_interval_is_wider_when_its_cases_come_in_clusters() -> None:
    alone = rate([True, False] * 20, [str(number) for number in range(40)])
    together = rate([True] * 20 + [False] * 20, [str(number // 4) for number in range(40)])
    assert (alone.value, together.value) == (0.5, 0.5)
    assert together.low < alone.low < 0.5 < alone.high < together.high
    assert rate([True] * 30, ["one"] * 15 + ["two"] * 15).low < rate([True] * 30, [str(n) for n in range(30)]).low < 1.0
