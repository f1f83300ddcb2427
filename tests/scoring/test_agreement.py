"""How far independent drafts agree: the interval, the spread of each input, the zones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from fractions import Fraction

import pytest
from factories_scoring import EXAMPLE_TASKS, a_task, even_tasks, some_inputs
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies_scoring import inputs_that_keep_the_rules

from agent.errors import InvalidInput
from agent.schemas.agreement import Agreement, DraftState, Spread
from agent.schemas.scored import ScoreInputs
from agent.schemas.vocabulary import Zone
from agent.scoring import AGREEMENT, agreement, independent_draft, score, scored_draft
from agent.scoring.policy import AgreementPolicy, agreement_defaults

FEW = settings(max_examples=20)
SEVERAL = st.lists(inputs_that_keep_the_rules(), min_size=2, max_size=4)


def compared(*inputs: ScoreInputs, policy: AgreementPolicy = AGREEMENT) -> Agreement:
    return agreement([scored_draft(at, one, model="desk") for at, one in enumerate(inputs)], policy)


def spread(found: Agreement, place: str) -> Spread:
    kept = found.spread(place)
    assert kept is not None, [one.input for one in found.spreads]
    return kept


def differing(found: Agreement) -> list[str]:
    return [one.input for one in found.spreads if one.differs]


@FEW
@given(SEVERAL)
def test_the_interval_is_that_of_the_drafts_scores_and_its_ends_are_drafts(several: Sequence[ScoreInputs]) -> None:
    scores = [score(one).score for one in several]
    found = compared(*several)
    assert (found.low, found.high) == (min(scores), max(scores))
    assert [draft.score for draft in found.drafts] == scores
    assert spread(found, "score").values == tuple(scores)


@FEW
@given(SEVERAL)
def test_each_zone_counts_the_drafts_that_fall_into_it(several: Sequence[ScoreInputs]) -> None:
    zones = [score(one).zone for one in several]
    assert compared(*several).zones == {zone: zones.count(zone) for zone in Zone if zone in zones}


@FEW
@given(SEVERAL, st.randoms(use_true_random=False))
def test_the_order_in_which_drafts_come_changes_nothing(several: Sequence[ScoreInputs], chance: object) -> None:
    drafts = [scored_draft(at, one, model="desk") for at, one in enumerate(several)]
    shuffled = list(drafts)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert agreement(shuffled) == agreement(drafts)


@FEW
@given(SEVERAL, inputs_that_keep_the_rules())
def test_another_draft_never_narrows_a_spread(several: Sequence[ScoreInputs], more: ScoreInputs) -> None:
    before, after = compared(*several), compared(*several, more)
    for wide in after.spreads:
        narrow = before.spread(wide.input)
        assert narrow is not None
        assert wide.low <= narrow.low <= narrow.high <= wide.high
        assert wide.differs or not narrow.differs


@FEW
@given(inputs_that_keep_the_rules(), st.integers(2, 9))
def test_drafts_that_say_the_same_agree_in_everything(one: ScoreInputs, count: int) -> None:
    found = compared(*[one] * count)
    assert (differing(found), len(found.zones), found.low) == ([], 1, found.high)
    assert all(kept.low == kept.high for kept in found.spreads)
    assert {f"tasks.t{at}.share" for at in range(1, len(one.tasks) + 1)} <= {kept.input for kept in found.spreads}


@FEW
@given(SEVERAL)
def test_an_agreement_is_the_same_after_it_was_stored(several: Sequence[ScoreInputs]) -> None:
    found = compared(*several)
    assert Agreement.model_validate(found.model_dump(mode="json")) == found


def test_every_input_sub_score_and_the_score_has_a_spread() -> None:
    found = compared(some_inputs(), some_inputs(tasks=even_tasks(1, 2, 3, 4, 5)))
    assert [one.input for one in found.spreads] == [
        "score",
        "task_resistance",
        "evidence",
        "barriers",
        "growth",
        "principles",
        "tasks.displacement",
        "tasks.augmentation",
        "tasks.not_involved",
        "tasks.exposed",
        "evidence.job_postings",
        "evidence.company_actions",
        "evidence.wages",
        "evidence.tool_maturity",
        "evidence.expert_consensus",
        "barriers.regulatory",
        "barriers.physical",
        "barriers.union",
        "barriers.liability",
        "barriers.cultural",
        "principles.physicality",
        "principles.interpersonal",
        "principles.judgment",
    ]
    assert spread(found, "task_resistance").values == (3.35, 3.0)
    assert spread(found, "tasks.displacement").values == (10, 20)
    assert spread(found, "tasks.exposed").values == (55, 60)


def test_a_task_is_compared_where_its_name_stands_in_every_draft_under_whatever_number() -> None:
    rows = [a_task(*row) for row in EXAMPLE_TASKS]
    turned = [rows[1].model_copy(update={"name": " model  SERVING ", "share": 35, "score": 4}), *rows[2:], rows[0]]
    turned[-1] = rows[0].model_copy(update={"name": "Design", "share": 5})
    found = compared(some_inputs(), some_inputs(tasks=turned))
    assert (spread(found, "tasks.t2.share").values, spread(found, "tasks.t2.share").name) == ((20, 35), "Model serving")
    assert spread(found, "tasks.t2.score").values == (3, 4)
    assert found.spread("tasks.t1.share") is None
    assert [one for one in differing(found) if one.startswith("tasks.t")] == ["tasks.t2.share"]


@pytest.mark.parametrize(
    ("other", "place"),
    [
        (some_inputs(evidence=(-1, 2, 1, 0, 1)), "evidence.job_postings"),
        (some_inputs(evidence=(1, None, 1, 0, 1)), "evidence.company_actions"),
        (some_inputs(barriers=(2, 0, 0, 1, 0)), "barriers.regulatory"),
        (some_inputs(growth=-1), "growth"),
        (some_inputs(principles=(0, 1, 3)), "principles.judgment"),
    ],
)
def test_inputs_that_are_two_steps_apart_disagree_and_unknown_counts_as_nought(other: ScoreInputs, place: str) -> None:
    found = compared(some_inputs(), other)
    assert [one for one in differing(found) if one != "score"] == [place]
    assert differing(compared(some_inputs(), other, policy=replace(AGREEMENT, input_width=2))) == [
        one for one in differing(found) if one == "score"
    ]


def test_one_step_is_no_disagreement() -> None:
    found = compared(some_inputs(), some_inputs(evidence=(0, 1, None, 1, 1), barriers=(1, 0, 0, 0, 0), growth=0))
    assert [one for one in differing(found) if one != "score"] == []
    assert spread(found, "evidence.wages").values == (1, None)
    assert (spread(found, "evidence.wages").low, spread(found, "evidence.wages").high) == (0, 1)


def test_scores_disagree_from_just_above_the_width_that_the_policy_names() -> None:
    first, second = some_inputs(), some_inputs(growth=0)
    width = Fraction(str(score(first).score)) - Fraction(str(score(second).score))
    assert "score" not in differing(compared(first, second, policy=replace(AGREEMENT, score_width=width)))
    tighter = replace(AGREEMENT, score_width=width - Fraction("0.1"))
    assert "score" in differing(compared(first, second, policy=tighter))


def test_a_draft_without_a_score_is_named_and_stands_in_no_interval() -> None:
    blocked = independent_draft(1, some_inputs(growth=-2), model="desk", blocked=["G-X@growth"], speaking_sources=9)
    found = agreement(
        [scored_draft(0, some_inputs(), model="desk"), blocked, scored_draft(2, some_inputs(), model="b")]
    )
    assert (found.low, found.high, found.zones) == (47.5, 47.5, {Zone.YELLOW: 2})
    assert [(one.sample, one.state, one.reasons) for one in found.unscored] == [
        (1, DraftState.BLOCKED, ("G-X@growth",))
    ]
    assert [one.sample for one in found.scored] == [0, 2]


def test_with_fewer_than_two_scored_drafts_no_interval_is_known() -> None:
    thin = independent_draft(
        1, some_inputs(evidence=(None, None, None, 0, 1)), model="desk", blocked=[], speaking_sources=9
    )
    found = agreement([scored_draft(0, some_inputs(), model="desk"), thin])
    assert (thin.state, len(thin.reasons), thin.score) == (DraftState.ABSTAINED, 1, None)
    assert (found.low, found.high, found.spreads, found.zones) == (None, None, (), {Zone.YELLOW: 1})


def test_a_draft_that_breaks_a_rule_without_a_finding_is_refused() -> None:
    broken = some_inputs(tasks=even_tasks(1, 2))
    with pytest.raises(InvalidInput, match="expected 5 to 12 tasks"):
        independent_draft(0, broken, model="desk", blocked=[], speaking_sources=9)


def test_every_rule_of_agreement_is_printed_with_its_value() -> None:
    numbers = [f.name for f in fields(AgreementPolicy) if f.name != "version"]
    printed = agreement_defaults()
    assert len(printed) == len(numbers) + 2
    assert ("The scores of drafts disagree when they are apart by more than", "5.00") in [
        (line.name, line.value) for line in printed
    ]
    assert compared(some_inputs(), some_inputs()).defaults == printed
