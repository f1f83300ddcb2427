"""The published assessments as tables for a site, and what each file of them holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from agent.registry.choices import TableName
from agent.registry.export import tables
from agent.registry.export_formats import csv_bytes, json_bytes
from agent.registry.exported import ROWS, Export
from agent.registry.site import address
from agent.registry.site.versions import SiteRole

JSON_FILE = "assessments.json"
ROW_OF: Mapping[TableName, str] = {
    TableName.ASSESSMENTS: "One row a published version: score, zone, label, totals, policy, dates, who approved it.",
    TableName.TASKS: "One row a task: its share of the working time, its score, what AI does to it.",
    TableName.DIMENSIONS: "One row a scored dimension: evidence, barriers, principles and growth.",
    TableName.CITATIONS: "One row a citation: the claim, the quote, and the source with its date and tier.",
}


class DataFile(NamedTuple):
    """A file to download."""

    path: str
    name: str
    holds: str
    rows: int | None
    """`None` for what is no table."""
    size: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class DataView:
    """The page on the data."""

    tables: tuple[DataFile, ...]
    schemas: tuple[DataFile, ...]
    versions: int
    roles: int


def data_files(roles: Sequence[SiteRole]) -> tuple[Export, Mapping[str, bytes]]:
    """The tables of every version that stands, and the files of them by path: the same bytes as
    `assess-role export --all-versions` writes where nothing was withdrawn."""
    ordered = sorted(roles, key=lambda role: role.slug)
    made = tables([version.document for role in ordered for version in role.standing])
    files = {address.data_file(JSON_FILE): json_bytes(made)}
    return made, files | {address.data_file(f"{table.value}.csv"): csv_bytes(made, table) for table in TableName}


def data_view(
    roles: Sequence[SiteRole], made: Export, files: Mapping[str, bytes], schemas: Mapping[str, bytes]
) -> DataView:
    """What each of these files holds, and how large it is."""
    whole = address.data_file(JSON_FILE)
    all_tables = DataFile(whole, JSON_FILE, "All four tables in one document.", None, size_words(files[whole]), ())
    return DataView(
        tables=(all_tables, *(_table(table, made, files) for table in TableName)),
        schemas=tuple(
            DataFile(path, path, holds, None, size_words(schemas[path]), ())
            for path, holds in (
                (address.EXPORT_SCHEMA, f"JSON Schema of {JSON_FILE}; it describes every column of the tables."),
                (address.SCHEMA, "JSON Schema of the JSON that stands beside each published page."),
            )
        ),
        versions=sum(len(role.standing) for role in roles),
        roles=len(roles),
    )


def _table(table: TableName, made: Export, files: Mapping[str, bytes]) -> DataFile:
    name = f"{table.value}.csv"
    path = address.data_file(name)
    columns = tuple(ROWS[table].model_fields)
    return DataFile(path, name, ROW_OF[table], len(made.table(table)), size_words(files[path]), columns)


def size_words(content: bytes) -> str:
    """The size of a file: bytes below 1 kB, then kB and MB of a thousand, with one decimal."""
    size = len(content)
    if size < 1000:
        return f"{size} bytes"
    # Rounded first, so that 999,960 bytes are 1.0 MB and not 1000.0 kB.
    return f"{size / 1e3:.1f} kB" if round(size / 1e3, 1) < 1000 else f"{size / 1e6:.1f} MB"
