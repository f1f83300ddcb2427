"""Sending traces: to whom the user named and to nobody else, and never at the cost of a run."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from otlp_workflow import Receiver, a_deaf_address, a_receiver

from agent.errors import Prerequisite
from agent.settings import Settings, read_settings
from agent.workflow import otel
from agent.workflow.engine import open_tracer
from agent.workflow.otel import CANCEL_S, FLUSH_S, Export, exported
from agent.workflow.tracing import NO_TRACES, run_span

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    # The edge of the model's tools switches the SDK off for its process.
    monkeypatch.delenv("OTEL_SDK_DISABLED", raising=False)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with a_receiver() as one:
        yield one


def settings_of(home: Path, **environment: str) -> Settings:
    return read_settings({"ASSESS_ROLE_HOME": str(home), **environment})


def test_spans_arrive_where_the_standard_variables_say_with_headers_and_the_name_of_the_program(
    receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENDPOINT, receiver.url)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "x-team=widgets")
    told: list[str] = []
    with exported(settings_of(tmp_path, **{ENDPOINT: receiver.url}), told.append) as tracer, run_span(tracer, "a-1"):
        pass
    assert (receiver.names, told) == (["invoke_workflow assess-role"], [])
    assert (receiver.scopes, receiver.headers["x-team"]) == ({"assess-role"}, "widgets")
    assert receiver.resource["service.name"] == "assess-role"
    # Nothing of the machine or of whoever uses it.
    assert {name.partition(".")[0] for name in receiver.resource} == {"service", "telemetry"}


def test_a_service_name_of_the_user_goes_before_ours(
    receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENDPOINT, receiver.url)
    monkeypatch.setenv("OTEL_SERVICE_NAME", "desk-7")
    with exported(settings_of(tmp_path, **{ENDPOINT: receiver.url}), print) as tracer, run_span(tracer, "a-1"):
        pass
    assert receiver.resource["service.name"] == "desk-7"


def test_the_provider_of_the_process_stays_none_so_that_no_library_tells_of_itself(
    receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from opentelemetry import trace

    monkeypatch.setenv(ENDPOINT, receiver.url)
    with (
        exported(settings_of(tmp_path, **{ENDPOINT: receiver.url}), print) as tracer,
        run_span(tracer, "a-1"),
        trace.get_tracer("mcp-python-sdk").start_as_current_span("a tool was called") as span,
    ):
        assert not span.is_recording()
    assert receiver.names == ["invoke_workflow assess-role"]


OFF: list[dict[str, str]] = [
    {},
    {ENDPOINT: " "},
    {ENDPOINT: "http://127.0.0.1:4317", "OTEL_SDK_DISABLED": "TRUE"},
    {ENDPOINT: "http://127.0.0.1:4317", "OTEL_TRACES_EXPORTER": "none"},
    {ENDPOINT: "http://127.0.0.1:4317", "OTEL_TRACES_EXPORTER": "console"},
]


@pytest.mark.parametrize("environment", OFF)
def test_nothing_is_sent_or_even_begun_unless_a_receiver_is_named(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(otel, "exported", None)
    with open_tracer(settings_of(tmp_path, **environment), print) as tracer:
        assert tracer is NO_TRACES


@pytest.mark.parametrize(
    "environment",
    [
        {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4317"},
        {ENDPOINT: "http://127.0.0.1:4317", "OTEL_SDK_DISABLED": "false", "OTEL_TRACES_EXPORTER": "console, otlp"},
    ],
)
def test_a_receiver_of_traces_alone_is_one_too(environment: dict[str, str], tmp_path: Path) -> None:
    settings = settings_of(tmp_path, **environment)
    assert (settings.traces_endpoint, settings.traces_protocol) == ("http://127.0.0.1:4317", "grpc")
    assert not settings.trace_texts


@pytest.mark.parametrize(
    ("protocol", "says"),
    [("http/json", "expected grpc or http/protobuf"), ("http/protobuf", "not installed here")],
)
def test_what_cannot_be_sent_is_told_and_stops_nothing(
    protocol: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(otel, "entry_points", lambda **asked: ())
    settings = settings_of(
        tmp_path, **{ENDPOINT: "http://127.0.0.1:4317", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": protocol}
    )
    told: list[tuple[str, str]] = []
    with open_tracer(settings, lambda step, words: told.append((step, words))) as tracer:
        assert tracer is NO_TRACES
    [(step, words)] = told
    assert step == "traces" and says in words


def test_a_variable_of_the_exporter_that_is_wrong_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "brotli")
    with pytest.raises(Prerequisite, match="brotli") as caught:
        Export(settings_of(tmp_path, **{ENDPOINT: "http://127.0.0.1:4317"}))
    assert "OTEL_EXPORTER_OTLP_" in (caught.value.hint or "")


class Distribution:
    """An exporter of another protocol, registered as OpenTelemetry's packages do."""

    name = "otlp_proto_http"

    def load(self) -> type[Kept]:
        return Kept


class Kept(otel.SpanExporter):
    """Keeps names, or takes nothing."""

    names: tuple[str, ...] = ()
    takes = True

    def export(self, spans):  # type: ignore[no-untyped-def]
        if not self.takes:
            return otel.SpanExportResult.FAILURE
        type(self).names += tuple(span.name for span in spans)
        return otel.SpanExportResult.SUCCESS


@pytest.mark.parametrize("takes", [True, False])
def test_another_protocol_is_spoken_by_the_exporter_that_is_registered_for_it(
    takes: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, str]] = []

    def found(**which: str) -> list[Distribution]:
        asked.append(which)
        return [Distribution()]

    monkeypatch.setattr(otel, "entry_points", found)
    monkeypatch.setattr(Kept, "names", ())
    monkeypatch.setattr(Kept, "takes", takes)
    told: list[str] = []
    settings = settings_of(
        tmp_path, **{ENDPOINT: "http://a:b@127.0.0.1:4318", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}
    )
    with exported(settings, told.append) as tracer, run_span(tracer, "a-1"):
        pass
    assert asked == [{"group": "opentelemetry_traces_exporter", "name": "otlp_proto_http"}]
    lost = ["not every trace arrived at 127.0.0.1:4318"]
    assert (Kept.names, told) == ((("invoke_workflow assess-role",), []) if takes else ((), lost))


PROGRAM = """
import os, sys, time
from agent.settings import read_settings
from agent.workflow.otel import exported
from agent.workflow.tracing import run_span

for url in sys.argv[1:]:
    os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] = url
    with exported(read_settings(), print) as tracer:
        for at in range(600):
            with run_span(tracer, "a-1"):
                pass
        begun = time.monotonic()
    print(time.monotonic() - begun)
"""


def test_a_receiver_that_is_down_or_hangs_costs_a_moment_at_the_end_and_nothing_else(tmp_path: Path) -> None:
    """More spans than a batch, so that the sender was at work when the program ended."""
    with a_deaf_address(listening=False) as closed, a_deaf_address(listening=True) as hanging:
        begun = time.monotonic()
        run = subprocess.run(
            [sys.executable, "-c", PROGRAM, closed, hanging],
            env={"ASSESS_ROLE_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        whole = time.monotonic() - begun
    of_closed, at_closed, of_hanging, at_hanging = run.stdout.splitlines()
    assert of_closed == f"not every trace arrived at {closed}"
    assert of_hanging == f"not every trace arrived at {hanging}"
    assert max(float(at_closed), float(at_hanging)) < FLUSH_S + CANCEL_S + 0.5
    assert (run.stderr, whole < 20) == ("", True)
