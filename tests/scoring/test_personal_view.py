"""A personal view: shares that are given or ticked, and the formula of the assessment at them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from factories_scoring import EXAMPLE_TASKS, some_inputs
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies_scoring import inputs_that_keep_the_rules

from agent.errors import InvalidInput
from agent.schemas.scored import Override, ScoreInputs
from agent.scoring import score
from agent.scoring.personal import changed_shares, checked_shares, is_scaled, personal_score, scaled_shares
from agent.scoring.personal_file import (
    FORMAT,
    fragment_of,
    parse_fragment,
    parse_options,
    parse_personal,
    personal_document,
)

PUBLISHED = {f"t{at}": share for at, (_, share, _, _) in enumerate(EXAMPLE_TASKS, 1)}
REVISION = "sha256:" + "0123456789abcdef" * 4
OTHER = "sha256:" + "f" * 64


def problems_of(error: pytest.ExceptionInfo[InvalidInput]) -> tuple[str, ...]:
    assert error.value.exit_code == 3
    return error.value.problems


def test_the_published_shares_give_the_published_result() -> None:
    official, own = score(some_inputs()), personal_score(some_inputs(), PUBLISHED)
    assert own.model_dump(exclude={"defaults"}) == official.model_dump(exclude={"defaults"})


@settings(deadline=None)
@given(inputs=inputs_that_keep_the_rules())
def test_at_published_shares_every_view_is_that_of_the_formula(inputs: ScoreInputs) -> None:
    shares = {f"t{at}": task.share for at, task in enumerate(inputs.tasks, 1)}
    own = personal_score(inputs, shares)
    assert own.robustness == score(inputs).robustness
    assert (own.score, own.label, own.unrounded) == (score(inputs).score, score(inputs).label, score(inputs).unrounded)


def test_a_task_that_is_not_done_has_no_part_in_score_and_robustness() -> None:
    own = personal_score(some_inputs(), {**dict.fromkeys(PUBLISHED, 0), "t5": 100})
    assert {step.input for step in own.robustness.table} == {
        "task: Pipeline orchestration", "evidence", "barriers", "growth",
    }  # fmt: skip
    assert (own.task_resistance, own.share_at_3_plus, own.score) == ("2.00", 100, 25.6)
    assert own.label == "YELLOW (Urgent)"


def test_an_override_is_no_part_of_a_personal_view() -> None:
    overridden = score(some_inputs(), override=Override(score=49.5, reason="A reason that is long enough."))
    own = personal_score(some_inputs(), PUBLISHED)
    assert (own.score, own.override, own.zone) == (overridden.formula_score, None, "YELLOW")


def test_a_share_that_is_left_out_is_a_task_that_is_not_done() -> None:
    assert checked_shares(PUBLISHED, {"t2": 70, "t1": 30}) == {**dict.fromkeys(PUBLISHED, 0), "t1": 30, "t2": 70}


@pytest.mark.parametrize(
    ("shares", "problem"),
    [
        ({"t1": 50, "t2": 45}, "shares: they sum to 95, 5 too few, expected exactly 100 over the tasks that are done"),
        (
            {"t1": 50, "t2": 51},
            "shares: they sum to 101, 1 too many, expected exactly 100 over the tasks that are done",
        ),
        ({}, "shares: found no task with a share, expected shares that sum to 100"),
        ({"t1": 0}, "shares: found no task with a share, expected shares that sum to 100"),
        ({"t1": 110, "t2": -10}, "shares.t1: found 110, expected 0 to 100"),
        ({"t1": 110, "t2": -10}, "shares.t2: found -10, expected 0 to 100"),
        ({"t1": 50.5, "t2": 49.5}, "shares.t1: found 50.5, expected a whole number, 0 to 100"),
        ({"t1": 100.0}, "shares.t1: found 100.0, expected a whole number, 0 to 100"),
        ({"t1": "100"}, "shares.t1: found '100', expected a whole number, 0 to 100"),
        ({"t1": True, "t2": 99}, "shares.t1: found true, expected a whole number, 0 to 100"),
        ({"t1": None}, "shares.t1: found null, expected a whole number, 0 to 100"),
        (
            {"t1": 50, "t99": 50},
            "shares: found 't99', expected ids of tasks of this assessment: t1, t2, t3, t4, t5, t6, t7",
        ),
    ],
)
def test_shares_that_break_a_rule_are_named(shares: Mapping[str, object], problem: str) -> None:
    with pytest.raises(InvalidInput) as error:
        checked_shares(PUBLISHED, shares)
    assert problem in problems_of(error)
    assert problem in error.value.message


def test_ticks_scale_the_shares_that_are_left_by_largest_remainder() -> None:
    # 20, 20, 15, 10, 10, 10 of 85: 23.53, 23.53, 17.65, 11.76 three times.
    assert list(scaled_shares(PUBLISHED, ["t4"]).values()) == [23, 23, 18, 0, 12, 12, 12]
    assert list(scaled_shares({"a": 1, "b": 1, "c": 1, "d": 97}, ["d"]).values()) == [34, 33, 33, 0]
    assert scaled_shares(PUBLISHED, []) == PUBLISHED
    assert scaled_shares(PUBLISHED, [name for name in PUBLISHED if name != "t3"])["t3"] == 100


@settings(deadline=None)
@given(data=st.data(), inputs=inputs_that_keep_the_rules())
def test_scaled_shares_sum_to_100_keep_their_order_and_lose_no_task(data: st.DataObject, inputs: ScoreInputs) -> None:
    published = {f"t{at}": task.share for at, task in enumerate(inputs.tasks, 1)}
    without = data.draw(st.sets(st.sampled_from(list(published)), max_size=len(published) - 1))
    shares = scaled_shares(published, without)
    assert sum(shares.values()) == 100
    assert {name for name, share in shares.items() if not share} == without
    left = [name for name in published if name not in without]
    assert all(shares[a] >= shares[b] for a in left for b in left if published[a] > published[b])
    assert is_scaled(published, shares) == bool(without)


def test_at_least_one_task_is_done() -> None:
    with pytest.raises(InvalidInput) as error:
        scaled_shares(PUBLISHED, list(PUBLISHED))
    (problem,) = problems_of(error)
    assert problem == "without: found all of t1, t2, t3, t4, t5, t6, t7, expected at least one task that is done"


def test_only_zeros_are_ticks_and_anything_else_has_to_sum() -> None:
    assert changed_shares(PUBLISHED, {}) == PUBLISHED
    assert changed_shares(PUBLISHED, {"t4": 0}) == scaled_shares(PUBLISHED, ["t4"])
    assert changed_shares(PUBLISHED, {"t4": 0, "t1": 35}) == {**PUBLISHED, "t4": 0, "t1": 35}
    with pytest.raises(InvalidInput, match="they sum to 85, 15 too few"):
        changed_shares(PUBLISHED, {"t4": 0, "t1": 20})


def test_options_change_published_shares() -> None:
    assert parse_options(["t1=30", "t2=10"], [], PUBLISHED) == {**PUBLISHED, "t1": 30, "t2": 10}
    assert parse_options(["t1=35"], ["t4"], PUBLISHED) == {**PUBLISHED, "t4": 0, "t1": 35}
    assert parse_options(["t4=0"], [], PUBLISHED) == parse_options([], ["t4"], PUBLISHED)


@pytest.mark.parametrize(
    ("share", "without", "problem"),
    [
        (["t1"], [], "--share: found 't1', expected ID=PERCENT with a whole percent"),
        (["t1=20.5"], [], "--share: found 't1=20.5', expected ID=PERCENT with a whole percent"),
        (["t1=-5"], [], "--share: found 't1=-5', expected ID=PERCENT with a whole percent"),
        (["t1=many"], [], "--share: found 't1=many', expected ID=PERCENT with a whole percent"),
        (["t1=20", "t1=20"], [], "--share: found 't1' 2 times, expected it once"),
        ([], ["t1", "t1"], "--without: found 't1' 2 times, expected it once"),
        (["t1=20"], ["t1"], "--without: found 't1', which --share gives 20% of the time, expected one of the two"),
        (["t1=200"], [], "shares.t1: found 200, expected 0 to 100"),
        (["t1=30"], [], "shares: they sum to 110, 10 too many, expected exactly 100 over the tasks that are done"),
        ([], ["t9"], "without: found 't9', expected ids of tasks of this assessment: t1, t2, t3, t4, t5, t6, t7"),
    ],
)
def test_options_that_break_a_rule_are_named(share: list[str], without: list[str], problem: str) -> None:
    with pytest.raises(InvalidInput) as error:
        parse_options(share, without, PUBLISHED)
    assert problems_of(error) == (problem,)


def test_a_file_holds_what_was_saved() -> None:
    shares = scaled_shares(PUBLISHED, ["t4"])
    document = personal_document("ML Platform Engineer", REVISION, shares)
    assert parse_personal(document, PUBLISHED, REVISION) == shares
    assert (document["format"], document["revision"]) == (FORMAT, REVISION)


def test_a_file_by_hand_needs_shares_or_ticks_and_nothing_else() -> None:
    assert parse_personal({"shares": {"t1": 100}}, PUBLISHED, REVISION)["t1"] == 100
    assert parse_personal({"without": ["t4"]}, PUBLISHED, REVISION) == scaled_shares(PUBLISHED, ["t4"])


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        (None, "the file: found null, expected a mapping with shares or without"),
        ([1], "the file: found a list, expected a mapping with shares or without"),
        ({}, "the file: found neither, expected one of shares and without"),
        ({"shares": {"t1": 100}, "without": ["t2"]}, "the file: found both, expected one of shares and without"),
        ({"shares": [20, 80]}, "shares: found a list, expected a mapping from task ids to whole percent"),
        ({"without": "t1"}, "without: found 't1', expected a list of task ids"),
        ({"without": ["t1", "t1"]}, "without: found 't1' 2 times, expected it once"),
        (
            {"without": [["t1"]]},
            "without: found 'a list', expected ids of tasks of this assessment: t1, t2, t3, t4, t5, t6, t7",
        ),
        (
            {"shares": {"t1": 60, "t2": 30}},
            "shares: they sum to 90, 10 too few, expected exactly 100 over the tasks that are done",
        ),
        ({"shares": {1: 100}}, "shares: found 1, expected ids of tasks of this assessment: t1, t2, t3, t4, t5, t6, t7"),
        ({"shares": {"t1": 100}, "format": "x/1"}, "format: found 'x/1', expected 'assess-role/personal/1'"),
        (
            {"shares": {"t1": 100}, "share": 1},
            "share: unknown key, expected only format, role, revision, shares, without; did you mean shares?",
        ),
    ],
)
def test_a_file_that_breaks_a_rule_is_named(document: object, problem: str) -> None:
    with pytest.raises(InvalidInput) as error:
        parse_personal(document, PUBLISHED, REVISION)
    assert problem in problems_of(error)


def test_a_file_of_another_revision_is_refused() -> None:
    document = personal_document("R", OTHER, {"t1": 100})
    with pytest.raises(InvalidInput) as error:
        parse_personal(document, PUBLISHED, REVISION)
    (problem,) = problems_of(error)
    assert problem.startswith("revision: found 'sha256:ffff")
    assert problem.endswith(f"expected that of this assessment, {REVISION}")


def test_a_fragment_comes_back_as_the_shares_it_was_made_of() -> None:
    shares = scaled_shares(PUBLISHED, ["t4"])
    text = fragment_of(shares, REVISION)
    assert text == "#t=t1:23,t2:23,t3:18,t4:0,t5:12,t6:12,t7:12&v=1&r=0123456789ab"
    assert parse_fragment(text, PUBLISHED, REVISION) == shares
    assert parse_fragment(f"https://example.org/x/{text}", PUBLISHED, REVISION) == shares


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("#t=t1:100&v=1&r=ffffffffffff", "r: it is for revision 'ffffffffffff', this assessment is 0123456789ab"),
        ("#t=t1:100&v=2&r=0123456789ab", "v: found '2', expected 1"),
        ("#t=t1:60,t1:40&v=1&r=0123456789ab", "t: found 't1' 2 times, expected it once"),
        ("#t=t1:x&v=1&r=0123456789ab", "t: found 't1:x', expected ID:PERCENT with a whole percent"),
        ("#sources", "the fragment: found '#sources', expected #t=ID:PERCENT,…&v=1&r=REVISION"),
        ("#t=t1:1&t=t1:1&v=1&r=0", "the fragment: found 't' 2 times, expected it once"),
        (
            "#t=t1:60&v=1&r=0123456789ab",
            "shares: they sum to 60, 40 too few, expected exactly 100 over the tasks that are done",
        ),
    ],
)
def test_a_fragment_that_breaks_a_rule_is_named(text: str, problem: str) -> None:
    with pytest.raises(InvalidInput) as error:
        parse_fragment(text, PUBLISHED, REVISION)
    assert problem in problems_of(error)
