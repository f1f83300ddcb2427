"""Commands in processes of their own, forked from one that has loaded the libraries: loading them takes a second or two
and is what `tests/house`, `tests/docs` and `tests/packaging` start anew.

Each command has its own environment, folder, streams and, if wanted, terminal.
"""

from __future__ import annotations

import atexit
import fcntl
import gc
import importlib
import io
import json
import os
import select
import signal
import socket
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import NoReturn

LOADED = (
    # First: it switches off the telemetry of the libraries, which would start a thread.
    "agent.cli.main",
    *("alembic.command", "chromadb", "langgraph.checkpoint.sqlite", "numpy", "onnxruntime", "openai", "sqlalchemy"),
    *("pebble", "rich.console", "rich.progress", "tokenizers", "yaml", "agent.publishing.page"),
    *("agent.evidence.corpus", "agent.evidence.ingest", "agent.workflow.runner", "agent.workflow.wiring"),
)
"""What commands load, all of it without a thread of its own: a fork keeps only the thread that forks."""
MESSAGE_BYTES = 200_000
_SERVE = "import sys; from forked_cli import serve; serve(int(sys.argv.pop()))"


class Forked:
    """A command that runs. `streams` are its stdin, stdout and stderr, which the caller closes on its own side."""

    def __init__(
        self,
        arguments: Sequence[str],
        streams: tuple[int, int, int],
        environment: Mapping[str, str],
        *,
        terminal: bool = False,
    ) -> None:
        asked = {"arguments": arguments, "environment": dict(environment), "folder": str(Path.cwd())}
        self._ending, told = os.pipe()
        try:
            message = json.dumps({**asked, "terminal": terminal}).encode()
            socket.send_fds(_parent(), [message], [*streams, told])
        finally:
            os.close(told)
        self.pid = int(os.read(self._ending, 20))
        self.returncode: int | None = None
        """As a finished `subprocess.Popen` has it; `None` until it is waited for."""

    def wait(self, timeout: float) -> int:
        """How it ended. Raises TimeoutExpired after `timeout` seconds."""
        if self.returncode is None:
            waiting = select.poll()
            waiting.register(self._ending, select.POLLIN)
            if not waiting.poll(max(0.0, timeout) * 1000):
                raise subprocess.TimeoutExpired("assess-role", timeout)
            self.returncode = int(os.read(self._ending, 20))
            os.close(self._ending)
        return self.returncode

    def kill(self) -> None:
        """End it now, unless it has ended."""
        try:
            self.wait(0)
        except subprocess.TimeoutExpired:
            os.kill(self.pid, signal.SIGKILL)
            self.wait(10)


def run_forked(
    arguments: Sequence[str], environment: Mapping[str, str], timeout: float
) -> subprocess.CompletedProcess[str]:
    """A command run to its end with pipes, as `subprocess.run` does it."""
    end = time.monotonic() + timeout
    (out, out_end), (err, err_end) = os.pipe(), os.pipe()
    nothing = os.open(os.devnull, os.O_RDONLY)
    try:
        command = Forked(arguments, (nothing, out_end, err_end), environment)
    finally:
        for handle in (nothing, out_end, err_end):
            os.close(handle)
    told: dict[int, bytes] = {out: b"", err: b""}
    waiting = select.poll()
    for handle in told:
        waiting.register(handle, select.POLLIN)
    unended = set(told)
    while unended:
        found = waiting.poll(max(0.0, end - time.monotonic()) * 1000)
        if not found:
            command.kill()
        for handle, _ in found:
            part = os.read(handle, 65536)
            told[handle] += part
            if not part:
                waiting.unregister(handle)
                unended.discard(handle)
    for handle in told:
        os.close(handle)
    code = command.wait(end - time.monotonic())
    said = [io.TextIOWrapper(io.BytesIO(told[handle]), encoding="utf-8").read() for handle in (out, err)]
    return subprocess.CompletedProcess(["assess-role", *arguments], code, *said)


@cache
def _parent() -> socket.socket:
    """The way to the process that forks, one for all tests of this process."""
    here = Path(__file__).resolve()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    paths = [str(here.parent), str(here.parents[2]), os.environ.get("PYTHONPATH", "")]
    # NumPy would start a thread for each further processor.
    alone = {"OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(path for path in paths if path)}
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVE, str(theirs.fileno())],
        pass_fds=[theirs.fileno()],
        env={**os.environ, **alone},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    theirs.close()

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


def serve(channel: int) -> NoReturn:
    """Fork a process for every command that is asked for, which runs it."""
    for name in LOADED:
        importlib.import_module(name)
    threads = Path("/proc/self/task")
    if threads.is_dir() and len(list(threads.iterdir())) > 1:
        raise RuntimeError("a library started a thread when it was loaded: a command forked beside it may hang")
    # What is never looked through for garbage is never copied for it.
    gc.freeze()
    with socket.socket(fileno=channel) as asked:
        while True:
            message, handles, _, _ = socket.recv_fds(asked, MESSAGE_BYTES, 4)
            with suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
            if not message:
                os._exit(0)
            if os.fork() == 0:
                break
            for handle in handles:
                os.close(handle)
    # A process of its own waits for the command, so that this one is free for the next.
    *streams, told = handles
    command = os.fork()
    if command:
        for handle in streams:
            os.close(handle)
        os.write(told, str(command).encode())
        ended = os.waitpid(command, 0)[1]
        os.write(told, str(os.waitstatus_to_exitcode(ended)).encode())
        os._exit(0)
    os.close(told)
    _become(json.loads(message), streams)
    _run()


def _become(asked: dict[str, object], streams: Sequence[int]) -> None:
    """Take on what a new process is given: streams, terminal, folder, environment and arguments."""
    for handle, given in enumerate(streams):
        os.dup2(given, handle)
    for given in streams:
        os.close(given)
    if asked["terminal"]:
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    os.chdir(str(asked["folder"]))
    os.environ.clear()
    os.environ.update(asked["environment"])  # type: ignore[call-overload]
    sys.argv = ["-c", *asked["arguments"]]  # type: ignore[misc]
    for at, name in enumerate(("stdin", "stdout", "stderr")):
        former = getattr(sys, name)
        stream = open(at, "w" if at else "r", encoding=former.encoding, errors=former.errors, closefd=False)  # noqa: SIM115
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def _run() -> NoReturn:
    """Run the command and end as the interpreter does, but for taking apart what was loaded: that copies all of it."""
    from agent.cli.main import entry

    code: object = 0
    try:
        entry()
    except SystemExit as ending:
        code = ending.code
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 0)
