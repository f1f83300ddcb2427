"""The file of thresholds: each metric once, each bound a number, and nothing measured never meets one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from agent.errors import InvalidInput, StorageFailed
from evals.suites.thresholds import METRICS, Threshold, load_thresholds

KNOWN = {"deepeval": ("guard", "faithfulness")}
FINE = {"guard": {"at_least": 1.0}, "faithfulness": {"at_most": 0.5}}


def a_file(folder: Path, suites: Mapping[str, object] | None = None, text: str | None = None) -> Path:
    path = folder / "thresholds.json"
    document = {"format": "assess-role/thresholds/1", "suites": suites if suites is not None else {"deepeval": FINE}}
    path.write_text(json.dumps(document) if text is None else text, encoding="utf-8")
    return path


def test_the_committed_file_bounds_every_metric_of_every_suite() -> None:
    found = load_thresholds()
    assert {suite: set(metrics) for suite, metrics in found.suites.items()} == {
        suite: set(metrics) for suite, metrics in METRICS.items()
    }


def test_a_file_is_read_as_it_stands(tmp_path: Path) -> None:
    found = load_thresholds(a_file(tmp_path), metrics=KNOWN)
    assert found.of("deepeval", "guard") == Threshold(at_least=1.0)
    assert found.of("deepeval", "faithfulness") == Threshold(at_most=0.5)


@pytest.mark.parametrize(
    ("suites", "words"),
    [
        (
            {"deepeval": {**FINE, "helpfulness": {"at_least": 1}}},
            "deepeval.helpfulness is no metric; expected guard, faithfulness.",
        ),
        ({"deepeval": FINE, "vibes": {}}, "vibes is no suite; expected deepeval."),
        ({"deepeval": {"guard": {"at_least": 1}}}, "deepeval.faithfulness has no threshold."),
        ({}, "deepeval.guard has no threshold. And 1 more."),
    ],
)
def test_a_metric_that_is_not_known_or_has_no_threshold_is_named(
    tmp_path: Path, suites: Mapping[str, object], words: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        load_thresholds(a_file(tmp_path, suites), metrics=KNOWN)
    assert refused.value.message.endswith(f"do not fit the suites: {words}")


@pytest.mark.parametrize(
    ("bound", "words"),
    [
        ({"at_least": 1, "at_most": 1}, "give either at_least or at_most"),
        ({}, "give either at_least or at_most"),
        ({"at_least": "high"}, "valid number"),
        ({"at_least": float("nan")}, "finite number"),
        ({"at_last": 1}, "Extra inputs"),
    ],
)
def test_a_bound_is_one_finite_number(tmp_path: Path, bound: object, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as refused:
        load_thresholds(a_file(tmp_path, {"deepeval": {**FINE, "guard": bound}}), metrics=KNOWN)
    assert "suites.deepeval.guard" in refused.value.message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"format": "assess-role/thresholds/1", "suites": {', "not whole JSON"),
        ('{"suites": {"deepeval": {}, "deepeval": {}}}', "a key stands twice"),
        ('{"format": "2", "suites": {}}', "not valid: format"),
        ("[]", "not valid: file"),
    ],
)
def test_a_file_that_is_cut_or_of_another_format_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        load_thresholds(a_file(tmp_path, text=text), metrics=KNOWN)


def test_a_file_that_is_not_there_is_said_to_be_unreadable(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match=r"none\.json cannot be read"):
        load_thresholds(tmp_path / "none.json")


@pytest.mark.parametrize(
    ("threshold", "score", "met"),
    [
        (Threshold(at_least=0.9), 0.9, True),
        (Threshold(at_least=0.9), 0.899, False),
        (Threshold(at_most=0.0), 0.0, True),
        (Threshold(at_most=0.1), 0.2, False),
        (Threshold(at_least=-1.0), None, False),
        (Threshold(at_most=1.0), float("nan"), False),
    ],
)
def test_a_threshold_is_met_by_a_number_within_its_bound_only(
    threshold: Threshold, score: float | None, met: bool
) -> None:
    assert threshold.met(score) is met
