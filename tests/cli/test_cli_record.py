"""`record`: a valid recording from any endpoint, nothing approved, nothing published, no answer paid twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from endpoint_cli import KEY, MODEL, Endpoint, an_endpoint
from factories_cli import ROLE, Cli

from agent.llm.recording import load_recordings, read_recording
from agent.schemas.vocabulary import Section
from agent.settings import read_settings
from agent.workflow.engine import open_runner, request_for
from agent.workflow.record import record


def test_a_recording_is_written_and_replays_without_a_model(
    home: Path, tmp_path: Path, cli: Cli, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "recordings"
    run = cli("record", ROLE, "--seniority", "Senior", "--out", str(out), "--json")
    assert (run.code, run.document["ok"], run.document["calls"]) == (0, True, 7), run
    file = Path(run.document["path"])
    assert file == out / "release-engineer-senior.json"
    recording = read_recording(file)
    assert (recording.role, recording.seniority, recording.model) == (ROLE, "Senior", MODEL)
    assert sorted(answer.prompt.split("@")[0] for answer in recording.answers) == sorted(
        ["frame", "tasks", "evidence", "barriers", "growth", "commentary", "lens"]
    )
    assert KEY not in file.read_text(encoding="utf-8")
    assert not list(home.glob("recording/*"))
    assert cli("queue", "--json").document["items"] == []
    assert cli("published", "--json").document["items"] == []
    for name in endpoint.environment():
        monkeypatch.delenv(name)
    with open_runner(read_settings(), recordings=load_recordings(out)) as engine:
        row = engine.runner.start(request_for(engine, ROLE.upper()))
        assert row.status.value == "waiting"
        assert engine.stores.review.packs(row.id)[Section.TASKS] == recording.packs["tasks"]
    assert recording.packs["lens"]


def test_a_role_that_has_a_recording_is_asked_only_for_what_it_lacks(
    home: Path, tmp_path: Path, cli: Cli, endpoint: Endpoint
) -> None:
    arguments = (ROLE, "--seniority", "Senior")
    file = Path(cli("record", *arguments, "--out", str(tmp_path), "--json").document["path"])
    whole = read_recording(file)
    shortened = whole.model_copy(
        update={
            "answers": tuple(a for a in whole.answers if not a.prompt.startswith("lens@")),
            "packs": {name: ids for name, ids in whole.packs.items() if name != "lens"},
        }
    )
    settings = read_settings()
    endpoint.asked.clear()
    with open_runner(settings, recordings=(whole,)) as engine:
        path, _ = record(engine, ROLE, "Senior", tmp_path / "same")
    assert endpoint.schemas == []
    assert read_recording(path).answers == whole.answers

    with open_runner(settings.model_copy(update={"home": home / "two"}), recordings=(shortened,)) as engine:
        path, _ = record(engine, ROLE, "Senior", tmp_path / "lens")
    assert endpoint.schemas == ["LensAnswer"]
    again = read_recording(path)
    assert {a.key: a for a in again.answers}.items() >= {a.key: a for a in shortened.answers}.items()
    assert (again.as_of, set(again.packs)) == (whole.as_of, set(whole.packs))

    endpoint.asked.clear()
    with open_runner(settings.model_copy(update={"home": home / "three"}), recordings=(shortened,)) as engine:
        record(engine, ROLE, "Senior", tmp_path / "fresh", fresh=True)
    assert len(endpoint.schemas) == 7


def test_an_interrupted_recording_goes_on_without_asking_again(
    home: Path, tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(schema: str, message: str) -> dict[str, object]:
        return {} if schema == "TasksAnswer" else real(schema, message)

    with an_endpoint() as endpoint:
        real, endpoint.answers = endpoint.answers, broken
        for name, value in endpoint.environment().items():
            monkeypatch.setenv(name, value)
        arguments = ("record", ROLE, "--seniority", "Senior", "--out", str(tmp_path), "--json")
        failed = cli(*arguments)
        assert (failed.code, failed.document["error"]["kind"]) == (5, "upstream")
        assert "same command again" in failed.document["error"]["hint"]
        assert list(tmp_path.glob("*.json")) == []
        endpoint.asked.clear()
        endpoint.answers = real
        done = cli(*arguments)
        assert (done.code, endpoint.schemas) == (0, ["TasksAnswer", "CommentaryAnswer", "LensAnswer"])
    assert len(read_recording(tmp_path / "release-engineer-senior.json").answers) == 7


def test_recording_takes_a_connected_model_and_a_title(home: Path, cli: Cli) -> None:
    assert cli("record", ROLE, "--json").document["error"]["kind"] == "needs_model"
    assert cli("record", "12345", "--json").document["error"]["kind"] == "invalid_input"
    assert not home.exists()
