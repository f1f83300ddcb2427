"""Nothing calls the network that the user did not configure: tests cannot, and the main job does not try to."""

from __future__ import annotations

import importlib.util
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_socket import SocketConnectBlockedError

ROOT = Path(__file__).resolve().parents[2]
ELSEWHERE = "192.0.2.1"
"""Reserved for documentation (RFC 5737): nobody answers there."""

RECORDER = '''
"""Loaded by every Python process that finds it: writes down and refuses each way out of this machine."""
import os
import sys

LOOPBACK = ("127.", "localhost", "::1")
WATCHED = {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname",
           "socket.gethostbyaddr", "socket.getnameinfo"}


def watch(event, args):
    if event not in WATCHED:
        return
    address = args[0] if event.startswith("socket.get") else args[-1]
    host = address[0] if isinstance(address, tuple) else address
    # Unix sockets have a path for an address; no host at all means this machine.
    if host is None or isinstance(host, bytes) or str(host).startswith(("/", *LOOPBACK)):
        return
    with open(os.environ["RECORDED_CALLS"], "a", encoding="utf-8") as file:
        file.write(f"{event} {host}\\n")
    raise OSError(f"no network in this test: {event} {host}")


sys.addaudithook(watch)
'''

COMMAND = "from agent.cli.main import entry; entry()"


class Watched:
    """Runs Python with the recorder; `calls` is what it wrote down."""

    def __init__(self, folder: Path) -> None:
        (folder / "hook").mkdir()
        (folder / "hook" / "sitecustomize.py").write_text(RECORDER, encoding="utf-8")
        self._calls = folder / "calls.txt"
        self._folder = folder
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder / "home"),
            "PYTHONPATH": os.pathsep.join([str(folder / "hook"), str(ROOT)]),
            "RECORDED_CALLS": str(self._calls),
        }

    def python(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """One process in an empty folder; no key, and nothing but `more` turns telemetry off."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self._folder,
            env=self._environment | more,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def json(self, *arguments: str) -> dict[str, object]:
        """One `assess-role` command's document."""
        run = self.python("-c", COMMAND, *arguments, "--json")
        assert run.returncode == 0, run.stdout + run.stderr
        document = json.loads(run.stdout)
        assert isinstance(document, dict)
        return document

    @property
    def calls(self) -> list[str]:
        return self._calls.read_text(encoding="utf-8").splitlines() if self._calls.exists() else []


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


@pytest.mark.filterwarnings("ignore:A test tried to use:UserWarning")
def test_a_test_cannot_leave_the_machine() -> None:
    with socket.socket() as client, pytest.raises(SocketConnectBlockedError):
        client.connect((ELSEWHERE, 80))


@pytest.mark.parametrize(
    ("code", "call"),
    [
        (f"import socket; socket.socket().connect_ex(({ELSEWHERE!r}, 80))", f"socket.connect {ELSEWHERE}"),
        ("import socket; socket.getaddrinfo('example.invalid', 443)", "socket.getaddrinfo example.invalid"),
        ("import socket; socket.gethostbyname('example.invalid')", "socket.gethostbyname example.invalid"),
        ("import urllib.request as u; u.urlopen('http://example.invalid/')", "socket.getaddrinfo example.invalid"),
    ],
)
def test_the_recorder_sees_every_way_out(watched: Watched, code: str, call: str) -> None:
    assert watched.python("-c", code).returncode != 0
    assert watched.calls == [call]


def test_the_recorder_lets_loopback_pass(watched: Watched) -> None:
    run = watched.python(
        "-c", "import socket; socket.getaddrinfo('localhost', 80); socket.getaddrinfo('127.0.0.1', 80)"
    )
    assert (run.returncode, watched.calls) == (0, [])


def test_the_main_job_and_looking_around_call_nobody(watched: Watched) -> None:
    started = watched.json("ML Platform Engineer")
    assert started["status"] == "waiting"
    approve = ("approve", str(started["id"]), "--revision", str(started["revision"]), "--reviewer", "Ada Marsh")
    # A draft with findings is refused here; that path may call nobody either.
    watched.python("-c", COMMAND, *approve)
    watched.json("queue")
    watched.json("show", str(started["id"]))
    watched.json("corpus", "search", "data engineers")
    assert watched.calls == []


CLIENT = """
import os, sys
import anyio
from mcp import Client, StdioServerParameters

server = StdioServerParameters(
    command=sys.executable, args=["-c", "from agent.cli.main import entry; entry()", "mcp"], env=dict(os.environ)
)

async def ask():
    async with Client(server) as client:
        started = await client.call_tool("start_assessment", {"role": "Data Engineer"})
        found = await client.call_tool("search_evidence", {"query": "data engineers"})
        print(started.structured_content["status"], found.is_error)

anyio.run(ask)
"""


def test_the_tools_of_a_model_call_nobody(watched: Watched) -> None:
    run = watched.python("-c", CLIENT)
    assert (run.stdout.split(), watched.calls) == (["waiting", "False"], []), run.stderr


def test_the_tracing_of_the_protocols_sdk_is_off(watched: Watched) -> None:
    code = (
        "import agent.mcp.server; from opentelemetry.sdk.trace import TracerProvider; from opentelemetry import trace;"
        "trace.set_tracer_provider(TracerProvider());"
        "print(trace.get_tracer('mcp-python-sdk').start_span('x').is_recording())"
    )
    assert watched.python("-c", code).stdout.split() == ["False"]


@pytest.mark.parametrize(
    ("named", "switched"),
    [({}, "true"), ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": f"http://{ELSEWHERE}:4317"}, "None")],
)
def test_the_tools_of_a_model_leave_traces_of_runs_to_who_asked_for_them(
    watched: Watched, named: dict[str, str], switched: str
) -> None:
    run = watched.python("-c", "import os, agent.mcp; print(os.environ.get('OTEL_SDK_DISABLED'))", **named)
    assert (run.stdout.split(), watched.calls) == ([switched], []), run.stderr


def test_telemetry_of_the_libraries_is_off_without_any_setting_of_the_user(watched: Watched) -> None:
    code = (
        "import agent, chromadb, langsmith.utils;"
        "from chromadb.config import Settings;"
        "print(Settings().anonymized_telemetry, langsmith.utils.tracing_is_enabled())"
    )
    run = watched.python("-c", code)
    assert (run.stdout.split(), watched.calls) == (["False", "False"], []), run.stderr


SERVER_AND_FOLDER = """
import sys
from contextlib import suppress
from pathlib import Path
from agent.errors import UpstreamFailed
from agent.evidence.places import FolderPlace, ServerPlace
with suppress(UpstreamFailed):
    ServerPlace("http://127.0.0.1:1").has("one")
place = FolderPlace(Path(sys.argv[1]))
place.create("one")
place.close()
import chromadb.telemetry.opentelemetry as traces
from opentelemetry import trace
print(traces.tracer, type(trace.get_tracer_provider()).__name__)
"""


def test_the_traces_of_the_index_stay_off_where_ours_are_on(watched: Watched, tmp_path: Path) -> None:
    elsewhere = f"http://{ELSEWHERE}:4317"
    asked = {"CHROMA_OTEL_GRANULARITY": "all", "CHROMA_OTEL_COLLECTION_ENDPOINT": elsewhere}
    run = watched.python(
        "-c", SERVER_AND_FOLDER, str(tmp_path / "index"), OTEL_EXPORTER_OTLP_ENDPOINT=elsewhere, **asked
    )
    assert (run.stdout.split(), watched.calls) == (["None", "ProxyTracerProvider"], []), run.stderr


@pytest.mark.skipif(importlib.util.find_spec("ragas") is None, reason="the extra `evals` is not installed")
def test_deepeval_ragas_and_a_current_openai_client_import_together_and_call_nobody(watched: Watched) -> None:
    code = "import deepeval, ragas, openai; print(openai.__version__)"
    off = {name: os.environ[name] for name in ("DEEPEVAL_TELEMETRY_OPT_OUT", "RAGAS_DO_NOT_TRACK", "LANGSMITH_TRACING")}
    run = watched.python("-c", code, DEEPEVAL_DISABLE_DOTENV="1", **off)
    assert run.returncode == 0, run.stderr
    assert int(run.stdout.split(".")[0]) >= 2
    assert watched.calls == []


def test_the_embedding_runtime_keeps_no_telemetry_of_its_own(watched: Watched, tmp_path: Path) -> None:
    # Its native code would queue events in the user's cache and look up their receiver where no audit hook sees it.
    code = "from agent.evidence.embedding import MiniLM; MiniLM().embed(['Data engineers build pipelines.'])"
    run = watched.python("-c", code)
    assert run.returncode == 0, run.stderr
    assert [file for file in (tmp_path / "home").rglob("*") if file.is_file()] == []
