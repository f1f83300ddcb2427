"""`assess-role mcp` as a client starts it: a process that speaks the protocol on stdout and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import anyio
from factories_cli import Waiting
from mcp import Client, StdioServerParameters
from terminal_cli import COMMAND, PATIENCE_S, Screen, run_process

Document = dict[str, Any]
HELLO: tuple[Document, ...] = (
    {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    },
    {"jsonrpc": "2.0", "method": "notifications/initialized"},
)


def a_call(number: int, name: str, **arguments: object) -> Document:
    parameters = {"name": name, "arguments": arguments}
    return {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": parameters}


def test_a_client_starts_the_command_and_uses_its_tools(waiting: Waiting) -> None:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "PYTHONPATH", "HOME")}
    environment = {**kept, "ASSESS_ROLE_HOME": str(waiting.home)}
    command = StdioServerParameters(command=COMMAND[0], args=[*COMMAND[1:], "mcp"], env=environment)

    async def ask() -> tuple[set[str], Any, Any]:
        async with Client(command, read_timeout_seconds=PATIENCE_S) as client:
            names = {tool.name for tool in (await client.list_tools()).tools}
            queue = await client.call_tool("queue", {})
            started = await client.call_tool("start_assessment", {"role": "Data Engineer"})
            return names, queue.structured_content, started.structured_content

    names, queue, started = anyio.run(ask)
    assert {"search_evidence", "start_assessment", "queue"} <= names
    assert [item["id"] for item in queue["items"]] == [waiting.id]
    assert (started["role"], started["status"], started["recorded"]) == ("Data Engineer", "waiting", True)


def test_stdout_carries_the_protocol_only_and_the_end_of_stdin_ends_it(waiting: Waiting) -> None:
    process = subprocess.Popen(
        [*COMMAND, "mcp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    calls = (a_call(2, "start_assessment", role="Data Engineer"), a_call(3, "show", id="nobody"), a_call(4, "nonsense"))
    for message in (*HELLO, *calls):
        process.stdin.write(json.dumps(message) + "\n")
    process.stdin.write("this is no message\n")
    process.stdin.flush()
    said: list[Document] = []
    while {2, 3, 4} - {message.get("id") for message in said}:
        said.append(json.loads(process.stdout.readline()))
    rest, _ = process.communicate(timeout=PATIENCE_S)
    said += [json.loads(line) for line in rest.splitlines()]
    assert all(message["jsonrpc"] == "2.0" for message in said)
    answers = {message["id"]: message["result"] for message in said if message.get("id") in (2, 3, 4)}
    assert answers[2]["structuredContent"]["status"] == "waiting"
    assert [answers[number].get("isError") for number in (3, 4)] == [True, True]
    assert process.returncode == 0


def test_ctrl_c_ends_it_at_once(home: Path) -> None:
    with Screen(("mcp",)) as screen:
        screen.type(json.dumps(HELLO[0]))
        screen.until('"serverInfo"')
        screen.send(b"\x03")
        assert screen.end() == 130
    assert "Traceback" not in screen.text


def test_without_its_library_the_command_says_how_to_install_it(home: Path) -> None:
    script = "import sys; sys.modules['mcp'] = None; from agent.cli.main import execute; sys.exit(execute(['mcp']))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (4, "")
    assert "pip install 'assess-role[mcp]'" in run.stderr


def test_wrong_settings_are_said_before_the_first_message(home: Path) -> None:
    run = run_process("mcp", OPENAI_BASE_URL="nowhere")
    assert (run.returncode, run.stdout) == (3, "")
    assert "OPENAI_BASE_URL" in run.stderr
