"""One file, read whole and unchanged, and turned into documents."""

from __future__ import annotations

import hashlib
import importlib
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from agent.evidence.document import Document, ReadOptions, Skipped, Unreadable
from agent.evidence.formats.kinds import Kind, kind_of, named_kind

READER = "agent.evidence.formats.kinds:read_bytes"
SIMPLE_BYTES = 200_000
"""Largest text that is read without limits of time and memory: the worst that a person can write takes a second."""
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Extraction:
    """What one file gave."""

    path: Path
    sha256: str = ""
    """Of the file's bytes; empty when they were not read to the end, or reading them was stopped."""
    size: int = 0
    mtime_ns: int = 0
    documents: tuple[Document, ...] = ()
    skipped: tuple[Skipped, ...] = ()


class WholeFile(NamedTuple):
    """The bytes of a file that did not change while they were read."""

    data: bytes
    mtime_ns: int


def read_whole(path: Path, max_bytes: int, *, read: Callable[[int, int], bytes] = os.read) -> WholeFile:
    """Read a file. Raises Unreadable: too large, no regular file, changed meanwhile, or what the system says."""
    try:
        # A pipe that was put in the file's place would be waited for.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        try:
            before = os.fstat(descriptor)
            if not stat.S_ISREG(before.st_mode):
                raise Unreadable("it is no regular file")
            if before.st_size > max_bytes:
                raise Unreadable(f"it has {before.st_size / 1e6:.1f} MB, at most {max_bytes / 1e6:.0f} MB are read")
            data = bytearray()
            while len(data) <= before.st_size and (piece := read(descriptor, _CHUNK)):
                data += piece
            after = (os.fstat(descriptor), path.stat())
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:
        raise Unreadable(f"it cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if len(data) != before.st_size or any(_identity(status) != _identity(before) for status in after):
        raise Unreadable("it changed while it was read")
    return WholeFile(bytes(data), before.st_mtime_ns)


def extracted(path: Path, options: ReadOptions, reader: str = READER) -> Extraction:
    """Everything that a file gives; `reader` is the `module:function` that takes (name, bytes, options)."""
    try:
        whole = read_whole(path, options.max_bytes)
    except Unreadable as error:
        return Extraction(path, skipped=(Skipped(str(error)),))
    return _of_bytes(path, whole, options, reader)


def simply_extracted(path: Path, options: ReadOptions) -> Extraction | None:
    """Everything that a small text in UTF-8 gives, or why it gives nothing; None for a file that needs a parser."""
    if named_kind(path.name) is not Kind.PLAIN or _size(path) > SIMPLE_BYTES:
        return None
    try:
        whole = read_whole(path, min(options.max_bytes, SIMPLE_BYTES))
    except Unreadable as error:
        return Extraction(path, skipped=(Skipped(str(error)),))
    try:
        is_simple = kind_of(path.name, whole.data) is Kind.PLAIN
        whole.data.decode("utf-8")
    except Unreadable:
        is_simple = True
    except UnicodeDecodeError:
        return None
    return _of_bytes(path, whole, options, READER) if is_simple else None


def _of_bytes(path: Path, whole: WholeFile, options: ReadOptions, reader: str) -> Extraction:
    module, _, function = reader.partition(":")
    documents: list[Document] = []
    skipped: list[Skipped] = []
    try:
        for item in getattr(importlib.import_module(module), function)(path.name, whole.data, options):
            (documents if isinstance(item, Document) else skipped).append(item)
    except Unreadable as error:
        skipped.append(Skipped(str(error)))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  whatever a parser raises costs its file, not the others
        skipped.append(Skipped(f"its reader failed: {type(error).__name__}"))
    digest = hashlib.sha256(whole.data).hexdigest()
    return Extraction(path, digest, len(whole.data), whole.mtime_ns, tuple(documents), tuple(skipped))


def _identity(status: os.stat_result) -> tuple[int, int, int, int]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _size(path: Path) -> int:
    """0 when the system does not say: reading it will tell why."""
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return 0
