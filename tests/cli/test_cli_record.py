"""`record`: a valid recording from any endpoint, nothing approved, nothing published, no answer paid twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from endpoint_cli import KEY, MODEL, Endpoint, an_endpoint
from factories_cli import ROLE, Cli

from agent.llm.recording import load_recordings, read_recording
from agent.settings import read_settings
from agent.workflow.engine import open_runner, request_for


def test_a_recording_is_written_and_replays_without_a_model(
    home: Path, tmp_path: Path, cli: Cli, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "recordings"
    run = cli("record", ROLE, "--seniority", "Senior", "--out", str(out), "--json")
    assert (run.code, run.document["ok"], run.document["calls"]) == (0, True, 6), run
    file = Path(run.document["path"])
    assert file == out / "release-engineer-senior.json"
    recording = read_recording(file)
    assert (recording.role, recording.seniority, recording.model) == (ROLE, "Senior", MODEL)
    assert sorted(answer.prompt.split("@")[0] for answer in recording.answers) == sorted(
        ["frame", "tasks", "evidence", "barriers", "growth", "commentary"]
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
        assert (done.code, endpoint.schemas) == (0, ["TasksAnswer", "CommentaryAnswer"])
    assert len(read_recording(tmp_path / "release-engineer-senior.json").answers) == 6


def test_recording_takes_a_connected_model_and_a_title(home: Path, cli: Cli) -> None:
    assert cli("record", ROLE, "--json").document["error"]["kind"] == "needs_model"
    assert cli("record", "12345", "--json").document["error"]["kind"] == "invalid_input"
    assert not home.exists()
