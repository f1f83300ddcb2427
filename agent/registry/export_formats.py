"""An export as bytes: CSV and Parquet of one table, JSON of all."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from types import NoneType
from typing import get_args

from agent.errors import Prerequisite
from agent.publishing.page import SCHEMA_ID
from agent.registry.choices import TableName
from agent.registry.exported import EXPORT_FORMAT, ROWS, Export

_RUN = re.compile(r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
"""What a cell begins with that a spreadsheet runs as a formula; the last four are the wide forms."""
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
DEFUSED = "'"
"""Put before such a cell: a spreadsheet then reads it as text."""


def json_document(export: Export) -> dict[str, object]:
    """The JSON form as a document."""
    return export.model_dump(mode="json")


def json_bytes(export: Export) -> bytes:
    """The JSON form; it validates against `export.schema.json`."""
    return (json.dumps(json_document(export), ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def json_schema() -> bytes:
    """The JSON schema of the JSON form, as it ships beside this module."""
    schema = {"$schema": SCHEMA_ID, **Export.model_json_schema(mode="serialization")}
    return (json.dumps(schema, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def csv_bytes(export: Export, table: TableName) -> bytes:
    """One table as UTF-8 CSV (RFC 4180) with a header.

    Unknown is an empty cell, a truth `true` or `false`. A text that a spreadsheet would run as a formula has an
    apostrophe before it; a number keeps its sign.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(ROWS[table].model_fields)
    writer.writerows([_cell(value) for value in row.values()] for row in _plain(export, table))
    return out.getvalue().encode("utf-8")


def parquet_bytes(export: Export, table: TableName) -> bytes:
    """One table as Parquet, each column with the type of its field. Raises Prerequisite without pyarrow."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise Prerequisite(
            "Parquet takes the library pyarrow, which is not installed here.",
            hint="Install it: pip install 'assess-role[parquet]', or pip install '.[parquet]' in a checkout. "
            "CSV and JSON take nothing.",
        ) from error
    types: Mapping[type, Callable[[], object]] = {
        bool: pyarrow.bool_,
        int: pyarrow.int64,
        float: pyarrow.float64,
        str: pyarrow.string,
    }
    fields = []
    for name, info in ROWS[table].model_fields.items():
        kind, nullable = _kind(info.annotation)
        fields.append(pyarrow.field(name, types[kind](), nullable=nullable))
    schema = pyarrow.schema(fields, metadata={"format": f"{EXPORT_FORMAT} {table.value}"})
    out = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(_plain(export, table), schema=schema), out)
    return out.getvalue()


def _plain(export: Export, table: TableName) -> list[dict[str, object]]:
    return [row.model_dump(mode="json") for row in export.table(table)]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and _RUN.match(value) and not _NUMBER.fullmatch(value):
        return DEFUSED + value
    return str(value)


def _kind(annotation: object) -> tuple[type, bool]:
    """The plain type of a column, and whether it can be unknown."""
    parts = get_args(annotation) or (annotation,)
    (kind,) = (part for part in parts if part is not NoneType)
    plain = next(known for known in (bool, int, float, str) if issubclass(kind, known))
    return plain, NoneType in parts
