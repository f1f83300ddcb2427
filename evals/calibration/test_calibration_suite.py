"""The suite on labelled pairs with a judge that is played: what is measured, and what is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from agent.errors import NotFound
from evals.calibration import choose
from evals.calibration.guard import Guarded, guarded
from evals.calibration.labels import Given, Label, Labelled, Labels
from evals.calibration.pairs import Pair
from evals.judges.judge import Judge
from evals.judges.sheet import JudgeSheet, drafts_digest, prompts_digest, role_name, write_sheet
from evals.suites import calibration
from evals.suites.context import Context, load_context
from evals.suites.thresholds import Threshold, Thresholds
from evals.suites.verdict import Outcome, Verdict

Say = Callable[[int], "bool | str"]
COUNT = 20
MISSING = "No recorded answer."


def unsupported(number: int) -> bool:
    """What the labels of these tests say."""
    return number < COUNT // 2


@pytest.fixture
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    every = [Pair(id=f"c-{n:02}", claim=f"Claim {n}.", passages=(f"Passage {n}.",)) for n in range(COUNT)]
    given = [Given(label=Label("unsupported" if unsupported(n) else "supported"), why="So.") for n in range(COUNT)]
    rows = tuple(Labelled(id=pair.id, a=each, b=each) for pair, each in zip(every, given, strict=True))
    labels = Labels(who="Nobody.", resolved="Not needed.", disagreements=0, labels=rows)
    monkeypatch.setattr(calibration, "pairs", lambda: every)
    monkeypatch.setattr(calibration, "load_labels", lambda: labels)
    monkeypatch.setattr(calibration, "_guarded", lambda of: {p.id: Guarded(blocked=False, flagged=True) for p in of})
    return load_context(judged=tmp_path)


def judging(monkeypatch: pytest.MonkeyPatch, say: Say) -> list[int]:
    """A judge that says this of each pair, by its number. Returns which it is asked about, as it goes on."""
    asked: list[int] = []

    def answer(judge: Judge, pair: Pair) -> bool | str:
        asked.append(int(pair.id[2:]))
        return say(asked[-1])

    monkeypatch.setattr(calibration, "_ask", answer)
    return asked


def outcomes(found: Sequence[Verdict], *, control: bool = False) -> dict[str, tuple[Outcome, float | None]]:
    return {each.metric: (each.outcome, each.score) for each in found if each.control is control}


def test_a_judge_that_agrees_with_the_labels_meets_every_threshold(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    judging(monkeypatch, unsupported)
    found = list(calibration.run(context))
    assert outcomes(found) == dict.fromkeys(("recall", "precision", "kappa"), (Outcome.PASSED, 1.0))
    assert all("the guard alone" in each.message for each in found if not each.control)


def test_a_judge_that_lets_errors_through_misses_recall_and_the_pairs_are_named(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    judging(monkeypatch, lambda number: unsupported(number) and number not in (3, 4))
    found = list(calibration.run(context))
    assert outcomes(found) == {
        "recall": (Outcome.FAILED, 0.8),
        "precision": (Outcome.PASSED, 1.0),
        "kappa": (Outcome.PASSED, pytest.approx(0.8)),
    }
    assert "wrong about c-03, c-04" in found[0].message


def test_a_judge_that_stops_true_claims_misses_precision(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    judging(monkeypatch, lambda number: number < COUNT - 4)
    found = list(calibration.run(context))
    assert {name: outcome for name, (outcome, _) in outcomes(found).items()} == {
        "recall": Outcome.PASSED,
        "precision": Outcome.FAILED,
        "kappa": Outcome.FAILED,
    }


def test_one_pair_without_an_answer_leaves_nothing_measured(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    judging(monkeypatch, lambda number: MISSING if number == 7 else unsupported(number))
    found = list(calibration.run(context))
    assert outcomes(found) == dict.fromkeys(("recall", "precision", "kappa"), (Outcome.FAILED, None))
    assert all("1 of 20 pairs have no answer; c-07: No recorded answer." in f.message for f in found if not f.control)
    assert calibration.figures(context)["judge"] is None


def test_figures_that_are_not_defined_fail(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    judging(monkeypatch, lambda number: False)
    assert outcomes(list(calibration.run(context)))["precision"] == (Outcome.FAILED, None)


def test_without_labels_nothing_is_measured_but_the_judge_is_asked(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none() -> Labels:
        raise NotFound("There are no labels.")

    asked = judging(monkeypatch, unsupported)
    monkeypatch.setattr(calibration, "load_labels", none)
    found = list(calibration.run(context))
    assert {(each.outcome, each.message) for each in found} == {(Outcome.FAILED, "not measured: There are no labels.")}
    assert asked == list(range(COUNT))


def test_answers_about_other_drafts_are_stale_and_no_figure(
    context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judging(monkeypatch, unsupported)
    drafts = {role_name(each): drafts_digest(each) for each in context.bundled}
    made = {"prompts": prompts_digest(), "drafts": drafts}
    sheet = JudgeSheet(suite="calibration", model="a judge", recorded_at="2026-11-28", **made)
    write_sheet(tmp_path / "calibration.json", sheet)
    assert {outcome for outcome, _ in outcomes(list(calibration.run(context))).values()} == {Outcome.PASSED}
    other = drafts | {role_name(context.bundled[1]): "sha256:" + "0" * 64}
    write_sheet(tmp_path / "calibration.json", sheet.model_copy(update={"drafts": other}))
    found = list(calibration.run(context))
    assert set(outcomes(found).values()) == {(Outcome.STALE, None)}
    assert {outcome for outcome, _ in outcomes(found, control=True).values()} == {Outcome.PASSED}
    assert calibration.figures(context)["judge"] is None


@pytest.mark.parametrize("is_stale", [False, True])
def test_a_role_without_its_recording_fails_also_where_the_answers_are_stale(
    context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_stale: bool
) -> None:
    judging(monkeypatch, unsupported)
    if is_stale:
        write_sheet(tmp_path / "calibration.json", JudgeSheet(suite="calibration", model="m", recorded_at="2026-11-28"))
    lost = replace(context, missing={"Data Engineer (Mid-level)": "There is no recording: found no file."})
    first, *others = calibration.run(lost)
    assert (first.case, first.outcome) == ("Data Engineer (Mid-level)", Outcome.FAILED)
    assert first.message == "There is no recording: found no file."
    assert set(outcomes(others).values()) == {(Outcome.STALE, None) if is_stale else (Outcome.PASSED, 1.0)}
    assert calibration.figures(lost)["judge"] is None


def test_without_any_recording_no_pairs_are_chosen_and_the_folder_is_named(
    context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judging(monkeypatch, unsupported)
    monkeypatch.setattr(calibration, "_guarded", guarded)
    monkeypatch.setattr(choose, "shipped_path", lambda name: tmp_path)
    found = list(calibration.run(context))
    assert set(outcomes(found).values()) == {(Outcome.FAILED, None)}
    said = f"not measured: There is no recording to choose pairs from: found none in {tmp_path}."
    assert {each.message for each in found if not each.control} == {said}


def test_judges_that_do_not_judge_are_caught_whatever_is_recorded(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    judging(monkeypatch, lambda number: MISSING)
    assert outcomes(list(calibration.run(context)), control=True) == {
        "recall": (Outcome.PASSED, 0.0),
        "precision": (Outcome.PASSED, 0.5),
        "kappa": (Outcome.PASSED, 0.0),
    }


def test_a_control_that_is_let_through_fails(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    judging(monkeypatch, unsupported)
    lowered = dict.fromkeys(("recall", "precision", "kappa"), Threshold(at_least=-1.0))
    lax = replace(context, thresholds=Thresholds({**context.thresholds.suites, "calibration": lowered}))
    assert {outcome for outcome, _ in outcomes(list(calibration.run(lax)), control=True).values()} == {Outcome.FAILED}


def test_the_judge_is_asked_once_about_each_pair_by_all_cases_together(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = judging(monkeypatch, unsupported)
    list(calibration.run(context))
    assert asked == list(range(COUNT))
    assert sum(case.calls for case in calibration.cases(context, Judge("calibration", context))) == COUNT
