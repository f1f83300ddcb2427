"""What can be asked of an export. Apart from its rows, so that the command line starts without pydantic."""

from __future__ import annotations

from enum import StrEnum


class ExportFormat(StrEnum):
    """What an export can be written as."""

    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


class TableName(StrEnum):
    """The tables, in the order of the JSON form."""

    ASSESSMENTS = "assessments"
    TASKS = "tasks"
    DIMENSIONS = "dimensions"
    CITATIONS = "citations"
