"""Readers that misbehave on the files whose text tells them to, and programs that are interrupted while they read."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from agent.evidence.document import Document, ReadOptions, Unreadable
from agent.evidence.worker import Extraction, Limits, extract

READER = "factories_readers:obeys"
REPORTS = "factories_readers:reports"
COPIES = "factories_readers:copies"


def obeys(name: str, data: bytes, options: ReadOptions) -> Iterator[Document]:
    """Does what the file says."""
    match data.decode().split():
        case ["hang"]:
            threading.Event().wait()
        case ["hoard"]:
            hoard = [bytearray(10_000_000)]
            while True:
                hoard.append(bytearray(10_000_000))
        case ["exit", code]:
            os._exit(int(code))
        case ["quit"]:
            sys.exit(0)
        case ["raise"]:
            raise ZeroDivisionError("nothing that a reader may raise")
        case ["refuse"]:
            raise Unreadable("it is encrypted")
        case ["print"]:
            sys.stdout.write("loud")
            sys.stderr.write("loud")
            os.write(1, b"loud")
            os.write(2, b"loud")
        case ["leave", megabytes]:
            sys.modules[__name__].__dict__.setdefault("_left", []).append(bytearray(int(megabytes) * 1_000_000))
        case ["mark", path]:
            Path(path).write_text(str(os.getpid()))
            threading.Event().wait()
    yield Document(data.decode())


def reports(name: str, data: bytes, options: ReadOptions) -> Iterator[Document]:
    """The worker's process and the files that it holds open."""
    yield Document("\n".join(held_files()), title=str(os.getpid()))


def copies(name: str, data: bytes, options: ReadOptions) -> Iterator[Document]:
    """A text of a quarter of a million characters."""
    yield Document(name.ljust(250_000, "."))


def read_all(folder: Path, *texts: str, reader: str = READER, **limits: object) -> list[Extraction]:
    """What files with these texts give."""
    files = write_files(folder, *texts)
    return list(extract(files, ReadOptions(), Limits(reader=reader, **limits)))  # type: ignore[arg-type]


def write_files(folder: Path, *texts: str) -> list[Path]:
    files = [folder / f"{number}.md" for number in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text)
    return files


def held_files() -> list[str]:
    """What this process has open."""
    return [str(entry.readlink()) for entry in Path("/proc/self/fd").iterdir() if entry.is_symlink()]
