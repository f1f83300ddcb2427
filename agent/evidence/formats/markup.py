"""A tree of HTML elements to plain text with Markdown's structure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.evidence.formats.grid import is_data_table, rows_of
from agent.evidence.formats.tree import Node, parse
from agent.schemas.text import without_controls

_HEADINGS = {f"h{level}": "#" * level for level in range(1, 7)}
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "html", "legend",
    "li", "main", "nav", "p", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr",
})  # fmt: skip
_UNSHOWN = frozenset({"head", "title", "script", "style", "meta", "link", "base"})
_BREAK = "\0"
"""A line that the page breaks; line feeds of the source are blanks."""
_CJK = "\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
_CJK_BREAK = re.compile(f"(?<=[{_CJK}])[ \t]*\n[ \t\n]*(?=[{_CJK}])")
_MARKER = re.compile(r"#{1,6} ")


def html_to_text(source: str) -> str:
    """All visible text of a piece of HTML: nothing is judged to be beside the point.

    Headings are ATX headings, list items begin with `- ` or `1. `, tables of data are pipe rows, links are their text,
    footnote marks are left out. Raises Unreadable when it cannot be parsed.
    """
    return text_of(parse(source).root)


def text_of(node: Node) -> str:
    """The element's text."""
    return without_controls("\n\n".join(_blocks_of(node)))


def _blocks_of(node: Node) -> list[str]:
    writer = _Writer()
    writer.children(node)
    writer.flush()
    return writer.blocks


def _line_of(node: Node) -> str:
    """The element's text as one line, without the marks of headings in it."""
    return " ".join(" ".join(_MARKER.sub("", block) for block in _blocks_of(node)).split())


class _Writer:
    """Collects a line until a block begins or ends, and the blocks so far."""

    def __init__(self) -> None:
        self.blocks: list[str] = []
        self._line: list[str] = []

    def flush(self) -> None:
        """End the current block."""
        text = _tidy("".join(self._line))
        self._line.clear()
        if text:
            self.blocks.append(text)

    def children(self, node: Node) -> None:
        """Write what the element holds."""
        for child in node.children:
            if isinstance(child, str):
                self._line.append(child)
            else:
                self._element(child)

    def _element(self, node: Node) -> None:
        if node.tag in _UNSHOWN:
            return
        if node.tag == "br":
            self._line.append(_BREAK)
        elif node.tag in _HEADINGS:
            self._add(_heading(node))
        elif node.tag in {"ul", "ol", "menu"}:
            self._add(_list(node))
        elif node.tag == "table" and is_data_table(node):
            self._add(_table(node))
        elif node.tag in {"pre", "listing", "xmp", "plaintext"}:
            self._add(_code(node))
        elif node.tag in _BLOCKS:
            self.flush()
            self.children(node)
            self.flush()
        elif node.tag == "q":
            self._line.append("“")
            self.children(node)
            self._line.append("”")
        else:
            self.children(node)

    def _add(self, block: str) -> None:
        self.flush()
        if block:
            self.blocks.append(block)


def _tidy(text: str) -> str:
    joined = _CJK_BREAK.sub("", text)
    lines = (" ".join(line.split()) for line in joined.split(_BREAK))
    return re.sub(r"\n{2,}", "\n\n", "\n".join(lines)).strip("\n")


def _heading(node: Node) -> str:
    text = _line_of(node)
    return f"{_HEADINGS[node.tag]} {text}" if text else ""


def _list(node: Node) -> str:
    number = _first_number(node) if node.tag == "ol" else None
    items: list[str] = []
    for child in node.children:
        if isinstance(child, str):
            if child.strip():
                items.append(_item([" ".join(child.split())], "- "))
            continue
        nested = child.tag in {"ul", "ol", "menu"}
        blocks = [_list(child)] if nested else [_MARKER.sub("", block) for block in _blocks_of(child)]
        blocks = [block for block in blocks if block]
        if nested and blocks:
            items.append(_indented(blocks[0], "  "))
        elif blocks:
            items.append(_item(blocks, "- " if number is None else f"{number}. "))
            number = None if number is None else number + 1
    return "\n".join(items)


def _item(blocks: Sequence[str], marker: str) -> str:
    lines = "\n".join(re.sub(r"\n{2,}", "\n", block) for block in blocks)
    return marker + _indented(lines, " " * len(marker))[len(marker) :]


def _indented(block: str, by: str) -> str:
    return "\n".join(by + line for line in block.split("\n"))


def _first_number(node: Node) -> int:
    start = node.attributes.get("start", "")
    return int(start) if re.fullmatch(r"\d{1,6}", start) else 1


def _table(node: Node) -> str:
    caption = node.find("caption")
    rows = [
        "| " + " | ".join(cell.replace("|", r"\|") for cell in row) + " |"
        for row in rows_of(node, _line_of)
        if any(row)
    ]
    lead = _line_of(caption) if caption is not None else ""
    return "\n\n".join(part for part in (lead, "\n".join(rows)) if part)


def _code(node: Node) -> str:
    text = "".join(_raw(node)).strip()
    return f"```\n{text}\n```" if text else ""


def _raw(node: Node) -> list[str]:
    parts: list[str] = []
    for child in node.children:
        if isinstance(child, str):
            parts.append(child)
        elif child.tag == "br":
            parts.append("\n")
        else:
            parts.extend(_raw(child))
    return parts
