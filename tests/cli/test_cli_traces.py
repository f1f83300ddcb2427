"""Traces from the command line: `doctor` says whether they arrive, and no command needs that they do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from endpoint_cli import KEY, Endpoint
from factories_cli import Cli, Waiting
from otlp_workflow import Receiver, a_deaf_address, a_receiver

from agent.workflow import otel

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


@pytest.fixture(autouse=True)
def _on(monkeypatch: pytest.MonkeyPatch) -> None:
    # The edge of the model's tools switches the SDK off for its process.
    monkeypatch.delenv("OTEL_SDK_DISABLED", raising=False)


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with a_receiver() as one:
        monkeypatch.setenv(ENDPOINT, one.url)
        yield one


def test_a_command_that_carries_a_run_on_is_traced_without_a_key(
    waiting: Waiting, receiver: Receiver, endpoint: Endpoint, cli: Cli
) -> None:
    assert cli("resume", waiting.id, "--json").document == waiting.document
    assert receiver.names == ["invoke_workflow assess-role"]
    sent = receiver.requests[0].SerializeToString()
    assert waiting.id.encode() in sent and KEY.encode() not in sent


def test_a_receiver_that_is_down_changes_neither_document_nor_exit_code(
    waiting: Waiting, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(otel, "FLUSH_S", 0.1)
    with a_deaf_address(listening=True) as url:
        monkeypatch.setenv(ENDPOINT, url)
        run = cli("resume", waiting.id, "--json")
    assert (run.code, run.document, run.err) == (0, waiting.document, "")


def test_doctor_says_whether_a_span_arrives(
    _corpus_home: Path, home: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(_corpus_home, home)
    with a_receiver() as receiver:
        monkeypatch.setenv(ENDPOINT, receiver.url.replace("http://", "http://user:word@"))
        # gRPC takes no user in an address; the receiver is named to the SDK without one.
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", receiver.url)
        monkeypatch.setenv("ASSESS_ROLE_TRACE_TEXTS", "true")
        run = cli("doctor", "--json")
        assert receiver.names == ["doctor"]
    [found] = [check for check in run.document["checks"] if check["check"] == "traces"]
    address = receiver.url.removeprefix("http://")
    assert (run.code, found["ok"], found["found"]) == (0, True, f"grpc to http://{address}, with texts")
    monkeypatch.setattr(otel, "FLUSH_S", 0.1)
    run = cli("doctor", "--json")
    [found] = [check for check in run.document["checks"] if check["check"] == "traces"]
    assert (run.code, found["ok"]) == (4, False)
    assert "no span arrived" in found["found"] and ENDPOINT in found["hint"]
    assert "not probed" in cli("doctor", "--offline").out


def test_config_names_the_receiver_without_its_password(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENDPOINT, "http://user:word@collector:4317")
    run = cli("config", "--json")
    shown = {item["setting"]: item for item in run.document["items"]}
    assert shown["traces_endpoint"] == {
        "setting": "traces_endpoint",
        "value": "collector:4317",
        "source": ENDPOINT,
        "variable": ENDPOINT,
    }
    assert shown["trace_texts"]["value"] == "False"
    assert "word" not in run.out


def test_where_traces_go_is_no_setting_of_the_file(home: Path, cli: Cli) -> None:
    home.mkdir()
    (home / "config.toml").write_text('traces_endpoint = "http://collector:4317"\n', encoding="utf-8")
    assert cli("queue").code == 3
    (home / "config.toml").write_text("trace_texts = true\n", encoding="utf-8")
    assert cli("queue").code == 0
