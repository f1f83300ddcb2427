"""Files read in processes of their own: one that hangs, crashes or eats memory costs itself and nothing else."""

from __future__ import annotations

import hashlib
import importlib
import multiprocessing
import os
import resource
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from pathlib import Path

from agent.evidence.document import Document, ReadOptions, Skipped, Unreadable
from agent.evidence.formats.kinds import Kind, named_kind

WORKERS = 2
TIMEOUT_S = 60.0
MEMORY_BYTES = 1_500_000_000
IN_FLIGHT = 16
"""Files that are read ahead: bounds what waits in memory."""
READER = "agent.evidence.formats.kinds:read_bytes"
_SIMPLE = frozenset({Kind.PLAIN})
SIMPLE_BYTES = 1_000_000


@dataclass(frozen=True)
class Extraction:
    """What one file gave."""

    path: Path
    sha256: str = ""
    """Of the bytes that were read; empty when none were."""
    size: int = 0
    mtime_ns: int = 0
    documents: tuple[Document, ...] = ()
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True)
class Limits:
    """What reading one file may take."""

    workers: int = WORKERS
    timeout_s: float = TIMEOUT_S
    memory_bytes: int = MEMORY_BYTES
    reader: str = READER
    """`module:function` that turns (name, bytes, options) into documents."""


def extract(files: Sequence[Path], options: ReadOptions, limits: Limits | None = None) -> Iterator[Extraction]:
    """Read files in their order, several at once. Whatever a file does, it ends as an extraction with a reason.

    Plain text and Markdown need no parser of others and are read in this process as long as nothing else is among the
    files; no worker is started for them.
    """
    limits = limits or Limits()
    if limits.reader == READER and all(_is_simple(path) for path in files):
        yield from (_extracted(path, options, limits.reader) for path in files)
        return
    yield from _in_workers(files, options, limits)


def _in_workers(files: Sequence[Path], options: ReadOptions, limits: Limits) -> Iterator[Extraction]:
    from pebble import ProcessPool

    # Workers start from nothing: a copy of this process would hold its database and its threads' locks.
    pool = ProcessPool(
        max_workers=min(limits.workers, len(files)),
        initializer=_confine,
        initargs=(limits.memory_bytes,),
        context=multiprocessing.get_context("spawn"),
    )
    waiting: deque[tuple[Path, Future[Extraction]]] = deque()
    rest = iter(files)
    try:
        while True:
            while len(waiting) < IN_FLIGHT and (path := next(rest, None)) is not None:
                arguments = (path, options, limits.reader)
                waiting.append((path, pool.schedule(_extracted, args=arguments, timeout=limits.timeout_s)))
            if not waiting:
                break
            path, future = waiting.popleft()
            yield _outcome(path, future, limits)
        pool.close()  # type: ignore[no-untyped-call]
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def _outcome(path: Path, future: Future[Extraction], limits: Limits) -> Extraction:
    from pebble import ProcessExpired

    try:
        extraction = future.result()
    except FutureTimeout:
        reason = f"reading it took more than {limits.timeout_s:g} s"
    except MemoryError:
        reason = f"reading it needed more than {limits.memory_bytes / 1e9:.1f} GB of memory"
    except ProcessExpired as error:
        reason = f"its reader crashed (exit code {error.exitcode})"
    except Exception as error:  # noqa: BLE001  a fault of a parser costs its file, not the others
        reason = f"its reader failed: {type(error).__name__}"
    else:
        return extraction
    return Extraction(path, skipped=(Skipped(reason),))


def _confine(memory_bytes: int) -> None:
    """In the worker: a bound on its memory, and nothing that a library could call home with."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.environ["ANONYMIZED_TELEMETRY"] = "False"


def _is_simple(path: Path) -> bool:
    try:
        return named_kind(path.name) in _SIMPLE and path.stat().st_size <= SIMPLE_BYTES
    except OSError:
        return True


def _extracted(path: Path, options: ReadOptions, reader: str) -> Extraction:
    """Read one file whole, check that it stayed the same meanwhile, and turn it into documents."""
    try:
        before = path.stat()
        if before.st_size > options.max_bytes:
            size = f"{before.st_size / 1e6:.1f} MB, at most {options.max_bytes / 1e6:.0f} MB are read"
            return Extraction(path, skipped=(Skipped(f"it has {size}"),))
        data = path.read_bytes()
        after = path.stat()
    except OSError as error:
        return Extraction(path, skipped=(Skipped(f"it cannot be read: {error.strerror or error}"),))
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(data) != after.st_size:
        return Extraction(path, skipped=(Skipped("it changed while it was read"),))
    module, _, function = reader.partition(":")
    documents: list[Document] = []
    skipped: list[Skipped] = []
    try:
        for item in getattr(importlib.import_module(module), function)(path.name, data, options):
            (documents if isinstance(item, Document) else skipped).append(item)
    except Unreadable as error:
        skipped.append(Skipped(str(error)))
    return Extraction(
        path, hashlib.sha256(data).hexdigest(), after.st_size, after.st_mtime_ns, tuple(documents), tuple(skipped)
    )
