"""One change of the corpus at a time, between processes; who waits is told who is at work."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from agent.errors import Conflict, StorageFailed

LOCK_WAIT_S = 30
SILENT_S = 1
"""A shorter wait is not worth a word."""


@contextmanager
def changing(home: Path, *, since: str, waits: Callable[[str], None]) -> Iterator[None]:
    """Hold the corpus lock of a home. `since` is the time now, ISO 8601; `waits` is told who holds it meanwhile.

    Raises Conflict when another process keeps it for longer than LOCK_WAIT_S, StorageFailed when it cannot be written.
    """
    lock, note = FileLock(home / "corpus.lock", timeout=LOCK_WAIT_S), home / "corpus.holder"
    try:
        home.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=min(SILENT_S, LOCK_WAIT_S))
        except Timeout:
            waits(f"Waiting for another process{_holder(note)} that is changing the corpus.")
            lock.acquire()
    except Timeout as error:
        raise Conflict(
            f"Another process{_holder(note)} is changing the corpus; waited {LOCK_WAIT_S} s for it.",
            hint="Wait until it is done, then try again.",
        ) from error
    except OSError as error:
        raise StorageFailed(
            f"The home folder {home} cannot be written: {error.strerror or error}.",
            hint="Make it writable, or choose another one with ASSESS_ROLE_HOME.",
        ) from error
    try:
        with contextlib.suppress(OSError):
            note.write_text(json.dumps({"process": os.getpid(), "since": since}), encoding="utf-8")
        yield
    finally:
        with contextlib.suppress(OSError):
            note.unlink(missing_ok=True)
        lock.release()


def _holder(note: Path) -> str:
    try:
        holder = json.loads(note.read_text(encoding="utf-8"))
        return f" ({holder['process']}, since {holder['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
