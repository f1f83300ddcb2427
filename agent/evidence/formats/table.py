"""Exports with one article a row: JSON, JSON Lines and CSV."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import NoReturn

from agent.evidence.document import Document, ReadOptions, Skipped, Unreadable
from agent.evidence.formats.columns import Columns, column_names, columns_for
from agent.evidence.formats.encoding import decoded

Row = tuple[str, object]
"""Where it stands (`row 7`, `line 7`) and its value; a `Skipped` as value passes through."""

_SAMPLE_ROWS = 50
"""Rows whose columns are looked at before one is called missing."""
_SNIFFED = 4096
"""Characters of the heading that are looked at for the delimiter."""
_DELIMITERS = ",;\t|"
_DEEP = "it is nested too deep"


def read_json(data: bytes, options: ReadOptions) -> Iterator[Document | Skipped]:
    """The items of an array of objects, or of the one array of objects in an object, as `row 1`, `row 2` …

    Columns as in `columns_for`. Raises Unreadable when it is no such JSON.
    """
    text, note = decoded(data)
    rows = ((f"row {number}", item) for number, item in enumerate(_items(_parsed(text)), start=1))
    yield from _noted(_documents(rows, options), note)


def read_jsonl(data: bytes, options: ReadOptions) -> Iterator[Document | Skipped]:
    """One object a line, as `line 1`, `line 2` …; empty lines are passed over, bad ones Skipped."""
    text, note = decoded(data)
    numbered = ((f"line {number}", line) for number, line in enumerate(text.split("\n"), start=1) if line.strip())
    yield from _noted(_documents(((place, _parsed_line(line)) for place, line in numbered), options), note)


def read_csv(data: bytes, options: ReadOptions) -> Iterator[Document | Skipped]:
    """One article a row under a row of headings, numbered as a spreadsheet shows them: the first article is `row 2`.

    The delimiter (comma, semicolon, tab or bar) is told from the headings. A row with too many or too few cells is
    Skipped. Raises Unreadable when there is no row of headings.
    """
    text, note = decoded(data)
    # One limit for the process, above which the rest of a row reads as rows. What is too long is said of its row.
    csv.field_size_limit(max(len(text), 131_072))
    rows = csv.reader(text.splitlines(keepends=True), delimiter=_delimiter(text), strict=True)
    try:
        heading = [name.strip() for name in next(rows)]
    except (csv.Error, StopIteration) as error:
        raise Unreadable("it has no row of column names") from error
    yield from _noted(_documents(_csv_rows(rows, heading), options), note)


def _noted(found: Iterator[Document | Skipped], note: str) -> Iterator[Document | Skipped]:
    """What was assumed of the file is said once, with its first document."""
    for item in found:
        if note and isinstance(item, Document):
            yield replace(item, note=note)
            note = ""
        else:
            yield item


def _documents(rows: Iterator[Row], options: ReadOptions) -> Iterator[Document | Skipped]:
    sample = list(islice(rows, _SAMPLE_ROWS))
    columns = columns_for([value for _, value in sample if isinstance(value, Mapping)], options.columns)
    for count, (place, value) in enumerate(chain(sample, rows)):
        if count == options.max_parts:
            yield Skipped(f"it and all after it are more than the {options.max_parts:,} rows that are allowed", place)
            return
        yield _document(place, value, columns, options)


def _document(place: str, value: object, columns: Columns, options: ReadOptions) -> Document | Skipped:
    if isinstance(value, Skipped):
        return Skipped(value.reason, place)
    if not isinstance(value, Mapping):
        return Skipped("it is no object with named columns", place)
    try:
        return columns.document(value, part=place, max_text=options.max_text)
    except Unreadable as error:
        return Skipped(str(error), place)


def _parsed(text: str) -> object:
    try:
        return json.loads(text, parse_constant=_refuse)
    except RecursionError as error:
        raise Unreadable(_DEEP) from error
    except json.JSONDecodeError as error:
        raise Unreadable(f"it is no valid JSON: line {error.lineno}, {error.msg}") from error
    except ValueError as error:
        raise Unreadable("it is no valid JSON: it holds a number that is none") from error


def _parsed_line(line: str) -> object:
    try:
        return _parsed(line)
    except Unreadable as error:
        return Skipped(str(error).replace("line 1, ", ""))


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _items(value: object) -> Sequence[object]:
    """The array of objects. Raises Unreadable when there is none, or more than one to choose from."""
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        raise Unreadable("it is no export: expected an array of objects")
    arrays = {key: item for key, item in value.items() if isinstance(item, list) and any(_is_row(row) for row in item)}
    if len(arrays) > 1:
        raise Unreadable(f"it holds several arrays of objects: {column_names(arrays)}; expected one")
    if arrays:
        return next(iter(arrays.values()))
    return [value]


def _is_row(value: object) -> bool:
    return isinstance(value, dict)


def _delimiter(text: str) -> str:
    """Told from the heading alone: the texts below are full of commas."""
    heading = text[:_SNIFFED].lstrip("\n").partition("\n")[0]
    try:
        found = csv.Sniffer().sniff(heading, _DELIMITERS).delimiter
    except csv.Error:
        return ","
    return found if found in _DELIMITERS else ","


def _csv_rows(rows: Iterator[list[str]], heading: Sequence[str]) -> Iterator[Row]:
    number = 1
    while True:
        number += 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield f"row {number}", Skipped(f"it is no valid CSV: {error}")
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(heading):
            reason = f"it has {len(cells)} cells, expected {len(heading)} as in the first row"
            yield f"row {number}", Skipped(reason)
        else:
            yield f"row {number}", dict(zip(heading, cells, strict=True))
