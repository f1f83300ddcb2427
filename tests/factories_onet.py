"""A small O*NET release in the form of the real one. Its statements and ratings were written for the tests."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

FOLDER = "db_29_0_text"
HEADINGS = {
    "Occupation Data": ("O*NET-SOC Code", "Title", "Description"),
    "Task Statements": (
        *("O*NET-SOC Code", "Task ID", "Task", "Task Type"),
        *("Incumbents Responding", "Date", "Domain Source"),
    ),
    "Task Ratings": (
        *("O*NET-SOC Code", "Task ID", "Scale ID", "Category", "Data Value", "N", "Standard Error"),
        *("Lower CI Bound", "Upper CI Bound", "Recommend Suppress", "Date", "Domain Source"),
    ),
    "Alternate Titles": ("O*NET-SOC Code", "Alternate Title", "Short Title", "Source(s)"),
}

WAREHOUSE, SOFTWARE, NURSES, OTHER = "15-1243.01", "15-1252.00", "29-1141.00", "15-1299.00"


def a_task(code: str, number: int, text: str, kind: str = "Core") -> tuple[str, ...]:
    return (code, str(number), text, kind, "80", "08/2024", "Incumbent")


def a_rating(
    code: str, number: int, scale: str, value: str, *, category: str = "n/a", suppress: str = "N"
) -> tuple[str, ...]:
    return (code, str(number), scale, category, value, "80", "0.10", "1.00", "5.00", suppress, "08/2024", "Incumbent")


def rated(code: str, number: int, importance: str, relevance: str) -> list[tuple[str, ...]]:
    return [a_rating(code, number, "IM", importance), a_rating(code, number, "RT", relevance)]


Rows = Sequence[Sequence[str]]

TABLES: Mapping[str, Rows] = {
    "Occupation Data": [
        (WAREHOUSE, "Data Warehousing Specialists", "Design and run the stores in which an organisation keeps data."),
        (OTHER, "Computer Occupations, All Other", "n/a"),
        (SOFTWARE, "Software Developers", "Plan, write and test computer programs."),
        (NURSES, "Registered Nurses", "Care for patients on a ward or at home."),
    ],
    "Task Statements": [
        a_task(WAREHOUSE, 101, "Build pipelines that bring data from source systems into the warehouse."),
        a_task(WAREHOUSE, 102, "Design the tables and schemas of a data warehouse."),
        a_task(WAREHOUSE, 103, "Check data for errors after it was loaded.", "Supplemental"),
        a_task(WAREHOUSE, 104, "Order printer paper for the office.", "n/a"),
        a_task(SOFTWARE, 201, "Write and test program code."),
        a_task(SOFTWARE, 202, "Ask customers what a program should do."),
        a_task(NURSES, 301, "Give medicine to patients and watch how they react."),
    ],
    "Task Ratings": [
        *rated(WAREHOUSE, 101, "4.50", "90.00"),
        a_rating(WAREHOUSE, 101, "FT", "40.10", category="6"),
        a_rating(WAREHOUSE, 101, "FT", "59.90", category="7"),
        *rated(WAREHOUSE, 102, "4.00", "75.00"),
        *rated(WAREHOUSE, 103, "3.00", "50.00"),
        a_rating(WAREHOUSE, 104, "IM", "1.50", suppress="Y"),
        a_rating(WAREHOUSE, 104, "RT", "n/a", suppress="n/a"),
        *rated(SOFTWARE, 201, "5.00", "100.00"),
        *rated(SOFTWARE, 202, "3.00", "80.00"),
    ],
    "Alternate Titles": [
        (WAREHOUSE, "Data Engineer", "n/a", "02"),
        (WAREHOUSE, "Extract, Transform, Load Developer (ETL Developer)", "ETL Developer", "08,09"),
        (SOFTWARE, "Platform Engineer", "n/a", "08"),
        (SOFTWARE, "Application Developer", "n/a", "08"),
        (NURSES, "Ward Nurse", "n/a", "08"),
    ],
}


def tab_separated(table: str, rows: Rows, *, end: str = "\r\n") -> str:
    return "".join("\t".join(row) + end for row in (HEADINGS[table], *rows))


def comma_separated(table: str, rows: Rows) -> str:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([HEADINGS[table], *rows])
    return text.getvalue()


def a_release(folder: Path, **changes: bytes | None) -> Path:
    """A folder with the four tables; a change is a table's content by its name with underscores, `None` leaves it
    out."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in TABLES.items():
        content = changes.get(table.replace(" ", "_"), tab_separated(table, rows).encode())
        if content is not None:
            (folder / f"{table}.txt").write_bytes(content)
    return folder


def with_rows(table: str, *more: Sequence[str]) -> bytes:
    """A table of the release with more rows at its end."""
    return tab_separated(table, [*TABLES[table], *more]).encode()
