"""Which files an ingest looks at."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from agent.errors import NotFound
from agent.evidence.formats.kinds import Kind, may_hold_an_article, named_kind
from agent.evidence.read import NOT_ARTICLES

_PASSED_OVER = frozenset({"node_modules", "__pycache__", "__MACOSX"})
_BESIDE_A_PAGE = "_files"
"""Browsers keep a saved page's pictures, scripts and advert frames in a folder of the page's name with this end."""
_LOCK_FILE = "~$"
"""What Office begins the name of a file with that stands for one which is open."""


@dataclass(frozen=True)
class Discovery:
    """The files to read, and what was found beside them."""

    files: tuple[Path, ...]
    """In the order of the paths, each folder's by name; each file once, also where several names lead to it."""
    skipped: tuple[tuple[Path, str], ...] = ()
    """What cannot be read, and why."""
    ignored: tuple[Path, ...] = ()
    """Files of folders whose names are those of no text format; named alone, each is tried."""


class _Found(NamedTuple):
    """A file with its state, or without it and with the reason why it is not read; with neither it is no text."""

    path: Path
    status: os.stat_result | None = None
    reason: str = ""
    is_link: bool = False


def files_of(paths: Sequence[Path]) -> Discovery:
    """The files that `paths` name: files whatever they are called, folders with everything below them.

    Hidden files and folders, README.md and what a browser saved beside a page are passed over; linked folders are not
    entered, so that no loop can hold a walk. Raises NotFound for a path that does not exist.
    """
    files: dict[tuple[int, int], Path] = {}
    skipped: list[tuple[Path, str]] = []
    ignored: list[Path] = []
    for path in paths:
        named = _named(path)
        is_folder = named.status is not None and stat.S_ISDIR(named.status.st_mode)
        found = list(_walk(path)) if is_folder else [named]
        # Of a file and links to it the file's own name stays: an article without an address is known by it.
        own = {(file.status.st_dev, file.status.st_ino) for file in found if file.status and not file.is_link}
        for file in found:
            if file.reason:
                skipped.append((file.path, file.reason))
            elif file.status is None:
                ignored.append(file.path)
            elif not file.is_link or (file.status.st_dev, file.status.st_ino) not in own:
                files.setdefault((file.status.st_dev, file.status.st_ino), file.path)
    return Discovery(tuple(files.values()), tuple(skipped), tuple(ignored))


def _named(path: Path) -> _Found:
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFound(f"There is no file or folder {path}.") from error
    except (OSError, ValueError) as error:
        return _Found(path, reason=_unreadable(error))
    if stat.S_ISDIR(status.st_mode):
        return _Found(path, status)
    return _regular(path, status)


def _walk(top: Path) -> Iterator[_Found]:
    """Everything below a folder by name. A stack of its own: folders can lie deeper than calls."""
    root = top.resolve()
    waiting: list[Iterator[os.DirEntry[str] | _Found]] = [_entries(top)]
    while waiting:
        entry = next(waiting[-1], None)
        if entry is None:
            waiting.pop()
        elif isinstance(entry, _Found):
            yield entry
        elif _is_folder(entry):
            waiting.append(_entries(Path(entry.path)))
        else:
            yield _beside(entry, root)


def _entries(folder: Path) -> Iterator[os.DirEntry[str] | _Found]:
    """What counts in a folder, or that the folder cannot be read."""
    try:
        with os.scandir(folder) as scan:
            entries = sorted(scan, key=lambda entry: entry.name)
    except OSError as error:
        yield _Found(folder, reason=f"the folder cannot be read: {error.strerror or error}")
        return
    pages = {Path(entry.name).stem for entry in entries if named_kind(entry.name) is Kind.PAGE}
    yield from (entry for entry in entries if not _is_passed_over(entry.name, pages))


def _is_passed_over(name: str, pages: Iterable[str]) -> bool:
    if name.startswith((".", _LOCK_FILE)) or name in _PASSED_OVER or name.lower() in NOT_ARTICLES:
        return True
    return name.endswith(_BESIDE_A_PAGE) and name.removesuffix(_BESIDE_A_PAGE) in pages


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _beside(entry: os.DirEntry[str], root: Path) -> _Found:
    """A file, or a link of any kind. `root` is the folder that was named, without links."""
    path = Path(entry.path)
    try:
        is_link = entry.is_symlink()
        if is_link and entry.is_dir():
            return _Found(path, reason="it is a link to a folder: name the folder itself")
        if not may_hold_an_article(entry.name):
            return _Found(path)
        if is_link and not path.resolve(strict=True).is_relative_to(root):
            return _Found(path, reason="it is a link to a file outside of its folder: name the file itself")
        return _regular(path, path.stat(), is_link=is_link)
    except FileNotFoundError as error:
        return _Found(path, reason="it is a link to nothing" if entry.is_symlink() else _unreadable(error))
    except (OSError, RuntimeError) as error:
        return _Found(path, reason=_unreadable(error))


def _regular(path: Path, status: os.stat_result, *, is_link: bool = False) -> _Found:
    if not stat.S_ISREG(status.st_mode):
        return _Found(path, reason="it is no regular file")
    return _Found(path, status, is_link=is_link)


def _unreadable(error: Exception) -> str:
    return f"it cannot be read: {getattr(error, 'strerror', None) or error}"
