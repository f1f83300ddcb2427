"""Which files an ingest looks at."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.errors import NotFound
from agent.evidence.formats.kinds import named_kind
from agent.evidence.read import NOT_ARTICLES

_PASSED_OVER = frozenset({"node_modules", "__pycache__"})


@dataclass(frozen=True)
class Discovery:
    """The files to read, and what was found beside them."""

    files: tuple[Path, ...]
    """In the order of the paths, each folder's by name; each file once, also where several names lead to it."""
    skipped: tuple[tuple[Path, str], ...] = ()
    """What cannot be read, and why."""
    ignored: int = 0
    """Files of folders whose names are those of no text format."""


def files_of(paths: Sequence[Path]) -> Discovery:
    """The files that `paths` name: files whatever they are called, folders with everything below them.

    Hidden files and folders and README.md are passed over; linked folders are not entered, so that no loop can hold a
    walk. Raises NotFound for a path that does not exist.
    """
    files: dict[tuple[int, int], Path] = {}
    skipped: list[tuple[Path, str]] = []
    ignored = 0
    for path in paths:
        found = list(_walk(path)) if path.is_dir() else [_named(path)]
        for file, status, reason in found:
            if reason == _IGNORED:
                ignored += 1
            elif status is None or reason:
                skipped.append((file, reason))
            else:
                files.setdefault((status.st_dev, status.st_ino), file)
    return Discovery(tuple(files.values()), tuple(skipped), ignored)


_IGNORED = "ignored"
_Found = tuple[Path, os.stat_result | None, str]


def _named(path: Path) -> _Found:
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFound(f"There is no file or folder {path}.") from error
    except OSError as error:
        return path, None, f"it cannot be read: {error.strerror or error}"
    return path, status, "" if stat.S_ISREG(status.st_mode) else "it is no regular file"


def _walk(folder: Path) -> Iterator[_Found]:
    """Files below a folder by name."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield folder, None, f"the folder cannot be read: {error.strerror or error}"
        return
    for entry in entries:
        path = folder / entry.name
        if entry.name.startswith(".") or entry.name in _PASSED_OVER or entry.name.lower() in NOT_ARTICLES:
            continue
        try:
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(path)
            elif entry.is_dir():
                yield path, None, "it is a link to a folder: name the folder itself"
            else:
                yield _file(path, entry, folder)
        except OSError as error:
            yield path, None, f"it cannot be read: {error.strerror or error}"


def _file(path: Path, entry: os.DirEntry[str], folder: Path) -> _Found:
    if named_kind(entry.name) is None:
        return path, None, _IGNORED
    if entry.is_symlink():
        target = path.resolve()
        if not target.is_relative_to(folder.resolve()):
            return path, None, "it is a link to a file outside of its folder: name the file itself"
    status = path.stat()
    return path, status, "" if stat.S_ISREG(status.st_mode) else "it is no regular file"
