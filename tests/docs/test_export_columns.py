"""EXPORT.md lists the columns of every table, in their order and with their types."""

from __future__ import annotations

import re
from pathlib import Path
from types import NoneType
from typing import get_args

from agent.registry.choices import TableName
from agent.registry.exported import ROWS, ExportedRow

TEXT = (Path(__file__).resolve().parents[2] / "agent" / "EXPORT.md").read_text(encoding="utf-8")
WORDS = ((bool, "truth"), (int, "whole"), (float, "number"), (str, "text"))


def listed(part: str) -> list[tuple[str, str]]:
    return re.findall(r"^\| `(\w+)` \| ([a-z ]+) \| [^|]+ \|$", part, re.MULTILINE)


def columns(row: type[ExportedRow]) -> list[tuple[str, str]]:
    found = []
    for name, info in row.model_fields.items():
        parts = get_args(info.annotation) or (info.annotation,)
        (kind,) = (part for part in parts if part is not NoneType)
        word = next(word for known, word in WORDS if issubclass(kind, known))
        found.append((name, f"{word} or unknown" if NoneType in parts else word))
    return found


def test_every_column_of_an_export_stands_in_its_document() -> None:
    shared, *parts = re.split(r"^## \w+$", TEXT, flags=re.MULTILINE)
    assert re.findall(r"^## (\w+)$", TEXT, re.MULTILINE) == [table.value for table in TableName]
    for table, part in zip(TableName, parts, strict=True):
        assert listed(shared) + listed(part) == columns(ROWS[table])
