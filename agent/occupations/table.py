"""One table of a release, row by row: tab-separated text, or CSV with the same headings."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NamedTuple

from agent.errors import InvalidInput
from agent.schemas.text import one_line

MAX_BYTES = 200_000_000
"""Of one file; the largest table of a real release has about 15 MB."""
MAX_LINE_BYTES = 65_536
NAMED = 5
"""Broken rows that are named; the others are counted."""
SHOWN = 20
"""Columns of a wrong heading that are repeated, each with at most 40 characters."""
WHERE = (
    "Download the text release of the O*NET database from https://www.onetcenter.org/database.html, unzip it, and name "
    "its folder."
)
_NOTHING = frozenset({"n/a", "null"})
_NOT_TEXT = "it is not UTF-8 text"
_TOO_LONG = f"it has more than {MAX_LINE_BYTES:,} bytes"

_Record = tuple[int, list[str] | str]
"""A line and its cells, or what is wrong with it."""


class Row(NamedTuple):
    """One row that has as many cells as the heading."""

    line: int
    """1-based line of the file that it begins on."""
    cells: tuple[str, ...]
    """One a wanted column, in the order asked for; "n/a" is empty."""


@dataclass
class Table:
    """One file, and which of its rows could not be used."""

    path: Path
    columns: Sequence[str]
    """The wanted ones, by their headings; the file may have others."""
    max_rows: int
    left_out: int = 0
    named: list[str] = field(default_factory=list)

    def rows(self) -> Iterator[Row]:
        """The rows below the heading, one at a time; those that cannot be read are left out.

        Raises InvalidInput for a file that cannot be read, is too large, is no UTF-8 text, or lacks a wanted column.
        """
        name = self.path.name
        try:
            with self.path.open("rb") as file:
                size = file.seek(0, 2)
                if size > MAX_BYTES:
                    raise InvalidInput(
                        f"{name} has {size / 1e6:,.0f} MB: a table has at most {MAX_BYTES / 1e6:.0f} MB.", hint=WHERE
                    )
                file.seek(0)
                records = _csv_records(file) if self.path.suffix.casefold() == ".csv" else _tab_records(file)
                places, width = _placed(name, next(records, None), self.columns)
                for count, (line, record) in enumerate(records, start=1):
                    if count > self.max_rows:
                        raise InvalidInput(f"{name} has more than the {self.max_rows:,} rows allowed.", hint=WHERE)
                    if isinstance(record, str):
                        self.leave_out(line, record)
                    elif len(record) != width:
                        self.leave_out(line, f"it has {len(record)} cells, expected {width} as in the heading")
                    else:
                        yield Row(line, tuple(_cell(record[place]) for place in places))
        except OSError as error:
            raise InvalidInput(f"{self.path} cannot be read: {error.strerror or error}.") from error

    def leave_out(self, line: int, reason: str) -> None:
        """Count a row that cannot be used; the first ones are named."""
        self.left_out += 1
        if len(self.named) < NAMED:
            self.named.append(f"line {line}: {reason}")

    def note(self, used: int) -> str | None:
        """How many rows were left out and why, once all are read; `None` when none was.

        Raises InvalidInput when no row was `used`.
        """
        rest = self.left_out - len(self.named)
        listed = "; ".join(self.named) + (f"; and {rest:,} more" if rest else "")
        if used == 0 and not self.left_out:
            raise InvalidInput(f"{self.path.name} has a heading and no rows.", hint=WHERE)
        if used == 0:
            raise InvalidInput(f"No row of {self.path.name} can be used: {listed}.", hint=WHERE)
        if not self.left_out:
            return None
        return f"{self.left_out:,} {'row' if self.left_out == 1 else 'rows'} left out: {listed}"


def _placed(name: str, heading: _Record | None, columns: Sequence[str]) -> tuple[list[int], int]:
    """Where the wanted columns stand, and how many there are in all. Raises InvalidInput."""
    expected = ", ".join(columns)
    if heading is None:
        raise InvalidInput(f"{name} is empty: expected a heading with the columns {expected}.", hint=WHERE)
    record = heading[1]
    if isinstance(record, str):
        raise InvalidInput(f"The heading of {name} cannot be read: {record}.", hint=WHERE)
    found = [_folded(cell) for cell in record]
    missing = [column for column in columns if _folded(column) not in found]
    if missing:
        shown = ", ".join(one_line(cell)[:40] or "(no name)" for cell in record[:SHOWN])
        more = f" and {len(record) - SHOWN} more" if len(record) > SHOWN else ""
        raise InvalidInput(
            f"{name} lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}: found {shown}{more}; "
            f"expected {expected}.",
            hint=WHERE,
        )
    return [found.index(_folded(column)) for column in columns], len(record)


def _folded(name: str) -> str:
    return one_line(name).casefold()


def _cell(raw: str) -> str:
    # Most cells are plain, and there are two million of them.
    text = " ".join(raw.split()) if raw.isascii() and raw.isprintable() else one_line(raw)
    return "" if text.casefold() in _NOTHING else text


def _lines(file: BinaryIO) -> Iterator[tuple[int, str | None]]:
    """(number, text with its end) of every line; `None` for one that is too long, "" for one that is no UTF-8."""
    number = 0
    while raw := file.readline(MAX_LINE_BYTES):
        number += 1
        if len(raw) == MAX_LINE_BYTES and not raw.endswith(b"\n"):
            while raw and not raw.endswith(b"\n"):
                raw = file.readline(MAX_LINE_BYTES)
            yield number, None
            continue
        try:
            text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            text = ""
        yield number, "" if "\0" in text else text


def _tab_records(file: BinaryIO) -> Iterator[_Record]:
    # No quote reaches beyond its cell: a title may hold one, and a lone one must not swallow the rows below.
    for number, line in _lines(file):
        if not line:
            yield number, _TOO_LONG if line is None else _NOT_TEXT
        elif line.strip():
            yield number, [_unquoted(cell) for cell in line.rstrip("\r\n").split("\t")]


def _unquoted(cell: str) -> str:
    quoted = len(cell) > 1 and cell[0] == cell[-1] == '"'
    return cell[1:-1].replace('""', '"') if quoted else cell


def _csv_records(file: BinaryIO) -> Iterator[_Record]:
    unread: list[_Record] = []
    begun = 0

    def lines() -> Iterator[str]:
        nonlocal begun
        for number, line in _lines(file):
            if not line:
                unread.append((number, _TOO_LONG if line is None else _NOT_TEXT))
                continue
            begun = begun or number
            yield line

    rows = csv.reader(lines(), strict=True)
    while True:
        begun = 0
        record: list[str] | str | None
        try:
            record = next(rows, None)
        except csv.Error as error:
            record = f"it is no valid CSV: {error}"
        yield from unread
        unread.clear()
        if record is None:
            return
        if isinstance(record, str) or any(cell.strip() for cell in record):
            yield begun, record
