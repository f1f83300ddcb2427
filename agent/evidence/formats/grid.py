"""The tables of a page: which hold data, and their cells as a grid."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from agent.evidence.formats.tree import Node

MOST_SPAN = 50
"""Columns or rows that one cell may cover; more is not meant as a table."""
MOST_CELLS = 100_000
"""From here on cells cover one column and row each: a small file must not become a huge table."""
_NOT_IN_DATA = frozenset({"table", "h1", "h2", "h3", "h4", "h5", "h6"})
_LONG_CELL = 600


def is_data_table(table: Node) -> bool:
    """False for a table that only lays out a page: one inside of a cell, headings or long text in cells, one column."""
    if table.attributes.get("role", "").lower() in {"presentation", "none"}:
        return False
    inside = list(table.elements())[1:]
    if any(node.tag == "th" for node in inside):
        return not any(node.tag == "table" for node in inside)
    if any(node.tag in _NOT_IN_DATA for node in inside):
        return False
    rows = [[len(cell.text()) for cell in row if cell is not None] for row in _grid(table)]
    filled = [sum(size > 0 for size in row) for row in rows]
    return sum(count > 1 for count in filled) > 1 and max(max(row, default=0) for row in rows) <= _LONG_CELL


def rows_of(table: Node, line_of: Callable[[Node], str]) -> list[list[str]]:
    """The cells' texts, row by row, in as many columns as the widest row has.

    A cell that covers several rows stands in each of them, so that no figure moves under another heading; one that
    covers several columns stands in the first. `line_of` gives a cell's text.
    """
    grid = [["" if cell is None else line_of(cell) for cell in row] for row in _grid(table)]
    width = max((len(line) for line in grid), default=0)
    return [line + [""] * (width - len(line)) for line in grid]


def resolve_spans(table: Node) -> None:
    """Give every row of the table a cell of its own in every column, for readers that do not know of spans."""
    for row, cells in zip(list(_rows(table)), _grid(table), strict=True):
        row.children = [
            Node("td") if cell is None else Node(cell.tag, dict(cell.attributes), list(cell.children)) for cell in cells
        ]
        for cell in row.children:
            if isinstance(cell, Node):
                cell.attributes.pop("rowspan", None)
                cell.attributes.pop("colspan", None)


def _grid(table: Node) -> list[list[Node | None]]:
    """The cell of each row and column; None where a cell to the left covers the column."""
    grid: list[list[Node | None]] = []
    pending: dict[int, tuple[Node | None, int]] = {}
    total = 0
    for row in _rows(table):
        if total > MOST_CELLS:
            pending.clear()
        line: list[Node | None] = []
        _carry_down(line, pending)
        for cell in _cells(row):
            rows, columns = (_span(cell, "rowspan"), _span(cell, "colspan")) if total <= MOST_CELLS else (1, 1)
            for offset in range(columns):
                shown = None if offset else cell
                if rows > 1:
                    pending[len(line)] = (shown, rows - 1)
                line.append(shown)
            _carry_down(line, pending)
        grid.append(line)
        total += len(line)
    return grid


def _carry_down(line: list[Node | None], pending: dict[int, tuple[Node | None, int]]) -> None:
    """Fill the next columns from cells above that reach down to this row."""
    while len(line) in pending:
        cell, left = pending.pop(len(line))
        if left > 1:
            pending[len(line)] = (cell, left - 1)
        line.append(cell)


def _rows(table: Node) -> Iterator[Node]:
    for child in table.children:
        if isinstance(child, Node):
            if child.tag == "tr":
                yield child
            elif child.tag in {"thead", "tbody", "tfoot"}:
                yield from (row for row in child.children if isinstance(row, Node) and row.tag == "tr")


def _cells(row: Node) -> Iterator[Node]:
    return (cell for cell in row.children if isinstance(cell, Node) and cell.tag in {"td", "th"})


def _span(cell: Node, name: str) -> int:
    value = cell.attributes.get(name, "")
    return min(max(int(value), 1), MOST_SPAN) if re.fullmatch(r"\d{1,4}", value) else 1
