"""The command line as a process of its own: plain, and at a real pseudo-terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Sequence

from forked_cli import Forked, run_forked

COMMAND = (sys.executable, "-c", "from agent.cli.main import entry; entry()")
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
PATIENCE_S = 30.0


def run_process(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run to the end with pipes; `more` are environment variables."""
    return run_forked(arguments, {**os.environ, **more}, PATIENCE_S)


class Screen:
    """A command at a pseudo-terminal: what it prints is read, what a person types is sent."""

    def __init__(self, arguments: Sequence[str], *, columns: int = 100, rows: int = 40, **environment: str) -> None:
        self.raw = ""
        """Everything printed so far, as it came."""
        self._seen = 0
        self._terminal, other = pty.openpty()
        fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self._process = Forked(
            arguments,
            (other, other, other),
            {**os.environ, "TERM": "xterm-256color", **environment},
            terminal=True,
        )
        os.close(other)

    @property
    def text(self) -> str:
        """Everything printed so far without colours, white space as it came."""
        return ESCAPES.sub("", self.raw).replace("\r\n", "\n")

    @property
    def words(self) -> str:
        """Everything printed so far with every run of white space as one blank: line breaks do not matter."""
        return " ".join(self.text.split())

    def until(self, wanted: str) -> str:
        """Read on until `wanted` was printed after what was read before; the text up to there."""
        end = time.monotonic() + PATIENCE_S
        while wanted not in self.text[self._seen :]:
            if not self._read(end):
                raise AssertionError(f"no {wanted!r} on the screen:\n{self.text[self._seen :]}")
        start = self._seen
        self._seen = self.text.index(wanted, start) + len(wanted)
        return self.text[start : self._seen]

    def type(self, line: str) -> None:
        os.write(self._terminal, f"{line}\n".encode())

    def send(self, raw: bytes) -> None:
        os.write(self._terminal, raw)

    def interrupt(self, *, until: str) -> None:
        """Ctrl-C as a person gives it: again after a second without `until`.

        Python's readline misses a signal that comes after a prompt was shown and before it waits for a key.
        """
        for _ in range(int(PATIENCE_S)):
            self.send(b"\x03")
            end = time.monotonic() + 1.0
            while until not in self.text and self._read(end):
                pass
            if until in self.text:
                return
        raise AssertionError(f"no {until!r} after Ctrl-C:\n{self.text}")

    def end(self) -> int:
        """Read everything that is left; the exit code."""
        end = time.monotonic() + PATIENCE_S
        while self._read(end):
            pass
        return self._process.wait(timeout=PATIENCE_S)

    def close(self) -> None:
        self._process.kill()
        os.close(self._terminal)

    def __enter__(self) -> Screen:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _read(self, end: float) -> bool:
        # Not select(), which takes no descriptor above 1023: earlier tests of the process may hold as many.
        waiting = select.poll()
        waiting.register(self._terminal, select.POLLIN)
        if not waiting.poll(max(0.0, end - time.monotonic()) * 1000):
            return False
        try:
            found = os.read(self._terminal, 65536)
        except OSError:
            return False
        self.raw += found.decode("utf-8", errors="replace")
        return bool(found)
