"""The suite of golden roles on one recorded role: what it measures, what it fails, and when it says stale."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from agent.llm.recording import write_recording
from agent.schemas.finding import Tier
from evals.golden import roles as golden
from evals.golden.roles import GoldenRole, read_roles
from evals.suites import role_measures, roles
from evals.suites.arithmetic import discrepancy, formula_score
from evals.suites.replaying import Replay, Stopped, replayer
from evals.suites.role_measures import METRICS, judged
from evals.suites.thresholds import Threshold, load_thresholds
from evals.suites.verdict import Outcome, Verdict

ROLE = read_roles().roles[1]


@pytest.fixture(scope="module")
def thresholds() -> dict[str, Threshold]:
    found = load_thresholds()
    return {name: found.of(roles.SUITE, name) for name in role_measures.MEASURES}


@pytest.fixture(scope="module")
def replays(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Replay, Replay]]:
    """The role as recorded, and with a recording of another version of the prompt for tasks."""
    folder = tmp_path_factory.mktemp("recordings")
    recording = ROLE.read()
    answers = tuple(
        answer.model_copy(update={"prompt": "tasks@0", "key": f"sha256:{at:064}"})
        if answer.prompt.startswith("tasks@")
        else answer
        for at, answer in enumerate(recording.answers)
    )
    write_recording(folder / "other.json", recording.model_copy(update={"answers": answers}))
    with pytest.MonkeyPatch.context() as patch, replayer() as replay:
        patch.setitem(golden.RECORDINGS, "golden", folder)
        yield replay(ROLE), replay(ROLE.model_copy(update={"recording": "golden/other.json"}))


@pytest.fixture
def whole(replays: tuple[Replay, Replay]) -> Replay:
    return replays[0]


def outcomes(verdicts: Iterator[Verdict]) -> dict[str, Outcome]:
    return {verdict.metric: verdict.outcome for verdict in verdicts}


def test_a_recorded_role_reaches_gate_2_and_passes_by_every_metric(
    whole: Replay, thresholds: dict[str, Threshold]
) -> None:
    assert whole.stopped is None and whole.whole is not None
    assert whole.whole.commentary is not None
    found = outcomes(roles.verdicts(whole, thresholds))
    assert found == dict.fromkeys((roles.REPLAY, *METRICS), Outcome.PASSED)


def test_every_metric_notices_its_planted_replay(whole: Replay, thresholds: dict[str, Threshold]) -> None:
    found = list(roles.controls(whole, thresholds))
    assert [(one.metric, one.outcome, one.control) for one in found] == [(m, Outcome.PASSED, True) for m in METRICS]


@pytest.mark.parametrize("metric", METRICS)
def test_a_metric_that_lets_everything_through_is_found_by_its_control(
    metric: str, whole: Replay, thresholds: dict[str, Threshold], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roles, "judged", lambda *_: role_measures.Found(True, "Fine."))
    assert next(v for v in roles.controls(whole, thresholds) if v.metric == metric).outcome is Outcome.FAILED


def test_without_a_replay_the_controls_fail(thresholds: dict[str, Threshold]) -> None:
    assert {one.outcome for one in roles.controls(None, thresholds)} == {Outcome.FAILED}


def test_a_recording_of_another_prompt_is_stale_with_the_version_named(
    replays: tuple[Replay, Replay], thresholds: dict[str, Threshold]
) -> None:
    first, *others = roles.verdicts(replays[1], thresholds)
    assert first.outcome is Outcome.STALE
    assert first.message.startswith("Stale, not run: ")
    assert "the prompt changed, the recording has tasks@0" in first.message
    assert {one.outcome for one in others} == {Outcome.STALE}


def test_a_replay_that_stops_for_another_reason_fails(whole: Replay, thresholds: dict[str, Threshold]) -> None:
    stopped = replace(whole, whole=None, stopped=Stopped("It waits at gate 1 with BLOCK findings (1): …", stale=False))
    found = outcomes(roles.verdicts(stopped, thresholds))
    assert {name for name, outcome in found.items() if outcome is Outcome.FAILED} == {
        *(roles.REPLAY, "citation_coverage", "citations", "tokens")
    }
    assert found["score"] is Outcome.PASSED


def test_a_role_without_a_frozen_interval_fails_and_says_how_to_freeze_it(
    whole: Replay, thresholds: dict[str, Threshold]
) -> None:
    bare: GoldenRole = ROLE.model_copy(update={"expected": None})
    said = {v.metric: v for v in roles.verdicts(replace(whole, role=bare), thresholds)}
    assert said["score"].outcome is Outcome.FAILED
    assert "python -m evals.golden.freeze" in said["score"].message


def test_a_missing_recording_fails_and_the_other_roles_are_measured_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: Replay
) -> None:
    from contextlib import contextmanager

    from evals.suites.context import load_context

    @contextmanager
    def replayer() -> Iterator[object]:
        yield lambda role: whole if role == ROLE else role.read()

    lost = ROLE.model_copy(update={"recording": "golden/lost.json"})
    monkeypatch.setitem(golden.RECORDINGS, "golden", golden.CHECKOUT / "nowhere")
    monkeypatch.setattr(roles, "replayer", replayer)
    read = read_roles()
    monkeypatch.setattr(roles, "read_roles", lambda: read.model_copy(update={"roles": (lost, ROLE)}))
    said = [v for v in roles.run(load_context()) if not v.control]
    assert said[0].outcome is Outcome.FAILED
    assert said[0].message == "There is no recording: found no nowhere/lost.json."
    assert {v.outcome for v in said[1:]} == {Outcome.PASSED}


def breaks(_: object) -> Replay:
    raise ValueError("a bug")


def test_a_bug_in_one_role_fails_it_and_the_other_roles_are_measured_all_the_same(
    monkeypatch: pytest.MonkeyPatch, whole: Replay
) -> None:
    from contextlib import contextmanager

    from evals.suites.context import load_context

    bad = ROLE.model_copy(update={"role": "Another"})

    @contextmanager
    def replayer() -> Iterator[object]:
        yield lambda role: whole if role == ROLE else breaks(role)

    monkeypatch.setattr(roles, "replayer", replayer)
    read = read_roles()
    monkeypatch.setattr(roles, "read_roles", lambda: read.model_copy(update={"roles": (bad, ROLE)}))
    first, *others = [v for v in roles.run(load_context()) if not v.control]
    assert (first.metric, first.case, first.outcome) == ("replay", bad.name, Outcome.FAILED)
    assert first.message == "broke: ValueError: a bug"
    assert {v.outcome for v in others} == {Outcome.PASSED}


def test_a_bug_with_one_planted_replay_lets_the_others_be_noticed(
    monkeypatch: pytest.MonkeyPatch, whole: Replay, thresholds: dict[str, Threshold]
) -> None:
    monkeypatch.setitem(roles.PLANTED, "zone", ("another zone", breaks))
    found = {one.metric: (one.outcome, one.message) for one in roles.controls(whole, thresholds)}
    assert found.pop("zone") == (Outcome.FAILED, "broke: ValueError: a bug")
    assert {outcome for outcome, _ in found.values()} == {Outcome.PASSED}


def test_the_score_is_recomputed_by_code_of_its_own(whole: Replay) -> None:
    content = whole.inputs
    assert content is not None and content.result is not None
    assert formula_score(content.inputs) == content.result.formula_score
    assert discrepancy(content.inputs, content.result) == 0.0
    harder = content.inputs.growth.model_copy(update={"score": -2})
    assert discrepancy(content.inputs.model_copy(update={"growth": harder}), content.result) > 0


def test_a_sourced_claim_without_a_citation_is_not_covered(whole: Replay, thresholds: dict[str, Threshold]) -> None:
    content = whole.whole
    assert content is not None and content.guard.count(Tier.BLOCK) == 0
    bare = content.inputs.map_claims(lambda claim: claim.model_copy(update={"citations": ()}))
    done = replace(whole, whole=content.model_copy(update={"inputs": bare}))
    found = judged("citation_coverage", done, thresholds)
    assert not found.met
    assert found.score is not None and 0 < found.score < 1
