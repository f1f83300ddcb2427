"""Where the tables of a release lie in a folder, and which release it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from agent.errors import InvalidInput, NotFound
from agent.occupations.table import WHERE
from agent.schemas.text import one_line

OCCUPATIONS = "Occupation Data"
TASKS = "Task Statements"
RATINGS = "Task Ratings"
NAMES = "Alternate Titles"
TABLES = (OCCUPATIONS, TASKS, RATINGS, NAMES)
SUFFIXES = (".txt", ".csv")

DEEP = 2
"""Levels of folders below the one that was named that are looked into."""
MAX_FOLDERS = 1000
SHOWN = 8
"""Names that an error repeats at most."""

_README_BYTES = 8192
_VERSION_OF_FOLDER = re.compile(r"(?:^|[^a-z])db_([0-9]{1,3})_([0-9]{1,2})(?![0-9])", re.IGNORECASE)
_VERSION_IN_README = re.compile(r"O\*NET\W{0,4}([0-9]{1,3}\.[0-9]{1,2})\b", re.IGNORECASE)

_Files = Mapping[str, Sequence[Path]]


@dataclass(frozen=True)
class ReleaseFolder:
    """The four tables of one release."""

    path: Path
    files: Mapping[str, Path]
    """Table to its file."""
    version: str | None
    """As the folder's name or its Read Me says; `None` where neither does."""


def find_release(named: Path) -> ReleaseFolder:
    """The release in a folder, or in one folder below it.

    Raises NotFound, and InvalidInput for what is no folder or cannot be read, and for a folder with no table, with
    several releases, or with some of the tables only.
    """
    try:
        return _found(named)
    except OSError as error:
        raise InvalidInput(f"{error.filename or named} cannot be read: {error.strerror or error}.") from error


def _found(named: Path) -> ReleaseFolder:
    if not named.exists():
        raise NotFound(f"There is no folder {named}.", hint=WHERE)
    if not named.is_dir():
        raise InvalidInput(f"{named} is a file: expected the folder of an unzipped O*NET text release.", hint=WHERE)
    having = [(folder, files) for folder in islice(_folders(named, DEEP), MAX_FOLDERS) if (files := _tables(folder))]
    if not having:
        found = _listed(sorted(one_line(path.name) for path in islice(named.iterdir(), MAX_FOLDERS)))
        raise InvalidInput(f"{named} holds no table of O*NET: found {found}; expected {_texts(TABLES)}.", hint=WHERE)
    folder, files = having[0]
    if len(having) > 1 and folder != named:
        several = _listed([str(path) for path, _ in having])
        raise InvalidInput(f"{named} holds several releases: {several}.", hint="Name the folder of one of them.")
    for table, paths in files.items():
        if len(paths) > 1:
            pair = _listed([path.name for path in paths])
            raise InvalidInput(f"{folder} holds the table {table} more than once: {pair}.", hint="Keep one of them.")
    missing = [table for table in TABLES if table not in files]
    if missing:
        raise InvalidInput(
            f"{folder} is no whole release: {_texts(missing)} {'are' if len(missing) > 1 else 'is'} missing; found "
            f"{_listed([paths[0].name for paths in files.values()])}.",
            hint=WHERE,
        )
    return ReleaseFolder(folder, {table: files[table][0] for table in TABLES}, _version(folder, named))


def _folders(folder: Path, deep: int) -> Iterator[Path]:
    """The folder and those below it by name; no links and no hidden ones."""
    yield folder
    if deep:
        for path in sorted(folder.iterdir()):
            if path.is_dir() and not path.is_symlink() and not path.name.startswith("."):
                yield from _folders(path, deep - 1)


def _tables(folder: Path) -> _Files:
    """Table to the files of this folder that have its name."""
    wanted = {table.casefold(): table for table in TABLES}
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.iterdir()):
        table = wanted.get(path.stem.replace("_", " ").casefold())
        if table and path.suffix.casefold() in SUFFIXES and path.is_file():
            found.setdefault(table, []).append(path)
    return found


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return (", ".join(names[:SHOWN]) or "nothing") + more


def _texts(tables: Sequence[str]) -> str:
    return ", ".join(f"{table}.txt" for table in tables)


def _version(folder: Path, named: Path) -> str | None:
    for path in (folder, named):
        if match := _VERSION_OF_FOLDER.search(path.resolve().name):
            return f"{match[1]}.{match[2]}"
    for path in sorted(folder.iterdir()):
        if path.stem.replace("_", " ").casefold() in ("read me", "readme") and path.is_file():
            with path.open("rb") as file:
                text = file.read(_README_BYTES).decode("utf-8", errors="replace")
            if match := _VERSION_IN_README.search(text):
                return match[1]
    return None
