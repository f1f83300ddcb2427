"""Every constant says where it comes from, and ours are printed."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, replace
from fractions import Fraction

import pytest

from agent.schemas.scored import Intermediate
from agent.schemas.vocabulary import Bucket
from agent.scoring import POLICY, Policy, defaults
from agent.scoring.policy import OUR_RULES, Bounds, Status, origins


def test_every_constant_is_marked_stated_derived_or_ours() -> None:
    assert list(origins()) == [f.name for f in fields(Policy) if f.name != "version"]


def test_no_two_constants_are_printed_under_one_name() -> None:
    names = [origin.name for origin in origins().values()]
    assert len(set(names)) == len(names)


def test_the_constants_of_the_formula_are_those_of_the_published_method() -> None:
    names = ("tr_base", "evidence_weight", "barrier_weight", "growth_weight", "raw_floor", "raw_span")
    assert [getattr(POLICY, name) for name in names] == [
        Fraction(text) for text in ("6", "0.04", "0.02", "0.05", "0.54", "7.93")
    ]
    assert {origins()[name].status for name in names} == {Status.STATED}


def test_a_policy_cannot_be_changed_in_place() -> None:
    with pytest.raises(FrozenInstanceError):
        POLICY.green_line = 40  # type: ignore[misc]


def test_every_default_of_ours_is_printed_with_its_value() -> None:
    ours = [origin.name for origin in origins().values() if origin.status is Status.OURS]
    assert [line.name for line in defaults()] == ours + [line.name for line in OUR_RULES]
    printed = {line.name: line.value for line in defaults()}
    assert printed["Green (Transforming) from exposed task time of"] == "20%"
    assert printed["Red (Imminent) with task resistance below"] == "1.80"
    assert printed["Number of tasks"] == "5 to 12"


def test_a_changed_default_is_printed_as_changed() -> None:
    changed = replace(POLICY, version="test-1", transforming_share=30)
    assert Intermediate(name="Green (Transforming) from exposed task time of", value="30%") in defaults(changed)


def test_bounds_are_closed_and_hold_whole_numbers_only() -> None:
    bounds = Bounds(1, 5)
    assert [value for value in (0, 1, 5, 6, 2.5, "3") if value in bounds] == [1, 5]
    assert str(bounds) == "1 to 5"


def test_a_bucket_allows_the_scores_of_the_consistency_rule() -> None:
    assert {bucket: POLICY.bucket_scores(bucket) for bucket in Bucket} == {
        Bucket.DISPLACEMENT: Bounds(4, 5),
        Bucket.AUGMENTATION: Bounds(2, 4),
        Bucket.NOT_INVOLVED: Bounds(1, 2),
    }
