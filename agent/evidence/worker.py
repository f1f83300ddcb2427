"""Files read in processes of their own: one that hangs, crashes or eats memory costs itself and nothing else."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, wait
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

from agent.errors import Prerequisite
from agent.evidence.document import ReadOptions, Skipped
from agent.evidence.extraction import READER, Extraction, extracted, simply_extracted

__all__ = ["Extraction", "Limits", "extract"]

WORKERS = 2
TIMEOUT_S = 60.0
MEMORY_BYTES = 1_500_000_000
IN_FLIGHT = 16
"""Files that are read ahead: bounds what waits in memory."""
FILES_A_WORKER = 1_000
"""After so many a worker starts afresh, so that no parser's leak adds up."""
START_S = 60.0
"""Seconds beyond the limit of one file after which workers that say nothing are given up."""
LOOK_S = 1.0
"""Seconds between two looks at whether the workers are still there."""
ATTEMPTS = 3
"""Times that workers may break before the first of the files they had is left out."""
_GRACE_S = 10.0
_ALARM = 14
"""SIGALRM, which ends a worker that was not stopped in time."""
_OUT_OF_MEMORY = 86
"""Exit code of a worker whose file needed more memory than it may have."""
_OFFLINE = frozenset({"socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec"})


@dataclass(frozen=True)
class Limits:
    """What reading one file may take."""

    workers: int = WORKERS
    timeout_s: float = TIMEOUT_S
    memory_bytes: int = MEMORY_BYTES
    """Address space of a worker; enforced on Linux."""
    reader: str = READER
    """`module:function` that turns (name, bytes, options) into documents."""


def extract(files: Sequence[Path], options: ReadOptions, limits: Limits | None = None) -> Iterator[Extraction]:
    """Read files in their order, several at once. Whatever a file does, it ends as an extraction with a reason.

    Small texts in UTF-8 need no parser of others and are read in this process until another kind of file comes; no
    worker is started for them alone. Raises Prerequisite when no worker can be started.
    """
    limits = limits or Limits()
    done = 0
    if limits.reader == READER:
        for path in files:
            extraction = simply_extracted(path, options)
            if extraction is None:
                break
            done += 1
            yield extraction
    if done < len(files):
        yield from _in_workers(files[done:], options, limits)


def _in_workers(files: Sequence[Path], options: ReadOptions, limits: Limits) -> Iterator[Extraction]:
    return _Workers(options, limits).read(files)


class _Broken(Exception):
    """The workers are gone or say nothing, and it cannot be told which file is to blame."""


class _Pool(Protocol):
    """What is used of pebble's pool."""

    @property
    def active(self) -> bool: ...

    @property
    def schedule(self) -> Callable[..., Future[Extraction]]: ...


class _Workers:
    """The processes of one run, replaced when they break."""

    def __init__(self, options: ReadOptions, limits: Limits) -> None:
        self._options = options
        self._limits = limits
        self._works = False
        self._breaks = 0

    def read(self, files: Sequence[Path]) -> Iterator[Extraction]:
        from pebble import ProcessPool

        rest = iter(files)
        unread: deque[Path] = deque()
        while True:
            pool = ProcessPool(
                max_workers=min(self._limits.workers, len(files)),
                max_tasks=FILES_A_WORKER,
                initializer=_confine,
                # Workers start from nothing: a copy of this process would hold its database and its threads' locks.
                context=multiprocessing.get_context("spawn"),
            )
            try:
                yield from self._read_on(pool, unread, rest)
                return
            except _Broken as error:
                broken = error
            finally:
                pool.stop()  # type: ignore[no-untyped-call]
                pool.join()
            self._breaks += 1
            if self._breaks == ATTEMPTS:
                yield self._given_up(unread.popleft(), broken)

    def _read_on(self, pool: _Pool, unread: deque[Path], rest: Iterator[Path]) -> Iterator[Extraction]:
        """The rest of the files, those first that were being read when other workers broke. Raises _Broken."""
        futures = deque(self._start(pool, path) for path in unread)
        while True:
            for path in islice(rest, IN_FLIGHT - len(unread)):
                unread.append(path)
                futures.append(self._start(pool, path))
            if not unread:
                return
            extraction = self._outcome(pool, unread[0], futures[0])
            unread.popleft()
            futures.popleft()
            self._works, self._breaks = True, 0
            yield extraction

    def _start(self, pool: _Pool, path: Path) -> Future[Extraction]:
        limits = self._limits
        arguments = (path, self._options, limits.reader, limits.memory_bytes, limits.timeout_s + _GRACE_S)
        try:
            return pool.schedule(_in_worker, args=arguments, timeout=limits.timeout_s)
        except (RuntimeError, OSError) as error:
            raise _Broken(str(error)) from error

    def _outcome(self, pool: _Pool, path: Path, future: Future[Extraction]) -> Extraction:
        from pebble import ProcessExpired

        patience = time.monotonic() + self._limits.timeout_s + START_S
        # A pool that breaks at its start forgets the files that it has not taken up yet.
        while not wait([future], LOOK_S).done:
            if not pool.active or time.monotonic() > patience:
                raise _Broken("they gave no answer")
        error = future.exception()
        if error is None:
            return future.result()
        if isinstance(error, BrokenExecutor):
            raise _Broken(str(error)) from error
        if isinstance(error, FutureTimeout) or (isinstance(error, ProcessExpired) and error.exitcode == -_ALARM):
            reason = f"reading it took more than {self._limits.timeout_s:g} s"
        elif isinstance(error, ProcessExpired) and error.exitcode == _OUT_OF_MEMORY:
            reason = f"reading it needed more than {self._limits.memory_bytes / 1e9:.1f} GB of memory"
        elif isinstance(error, ProcessExpired):
            reason = f"its reader crashed (exit code {error.exitcode})"
        else:
            reason = f"its reader failed: {type(error).__name__}"
        return Extraction(path, skipped=(Skipped(reason),))

    def _given_up(self, path: Path, error: _Broken) -> Extraction:
        """The first of the files that broke the workers again and again."""
        if not self._works:
            raise Prerequisite(
                f"The processes that read files cannot be started: {error}.",
                hint="Free memory or processes and try again.",
            ) from error
        self._breaks = 0
        return Extraction(path, skipped=(Skipped("its reader crashed"),))


def _confine() -> None:
    """In a new worker: nothing that a parser prints, sends or dumps leaves it."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    silent = os.open(os.devnull, os.O_RDWR)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    sys.addaudithook(_stay_offline)
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _end_with_parent() -> None:
    """A parent that was killed has stopped no one."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _stay_offline(event: str, arguments: tuple[object, ...]) -> None:
    if event in _OFFLINE:
        raise PermissionError("a reader of files has no business outside of them")


def _in_worker(path: Path, options: ReadOptions, reader: str, memory_bytes: int, seconds: float) -> Extraction:
    """In the worker: one file within its limits."""
    with _limited(memory_bytes, seconds):
        try:
            return extracted(path, options, reader)
        except MemoryError:
            # What a parser keeps of its attempt would be missing for the next file.
            os._exit(_OUT_OF_MEMORY)


@contextmanager
def _limited(memory_bytes: int, seconds: float) -> Iterator[None]:
    """A bound on memory, and an end of the process after `seconds` even if nobody is left to stop it."""
    if sys.platform == "win32":
        yield
        return
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, before[1]))
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        resource.setrlimit(resource.RLIMIT_AS, before)
