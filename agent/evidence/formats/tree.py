"""HTML of any quality as a tree that is safe to walk: bounded depth, no scripts, nothing that a reader cannot see."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape

from agent.evidence.document import Unreadable
from agent.evidence.formats.faults import PARSER_FAULTS
from agent.evidence.formats.hidden import Look, hidden_names, is_removed, look_of

DEEPEST = 100
"""Elements nested deeper are merged into their ancestor: everything after this walks the tree by recursion."""
VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "wbr", "col", "area", "base", "source", "track", "embed"})

_DROPPED = frozenset({
    "script", "style", "noscript", "template", "svg", "canvas", "iframe", "object", "applet", "audio", "video",
    "select", "option", "datalist", "textarea", "input", "button", "rp", "rt", "del", "s", "strike", "dialog",
    "frame", "frameset", "noframes",
})  # fmt: skip
_KEPT_ATTRIBUTES = frozenset({
    "class", "id", "href", "rel", "name", "property", "content", "itemprop", "itemscope", "itemtype",
    "datetime", "type", "role", "colspan", "rowspan", "start", "lang", "pubdate", "cite",
})  # fmt: skip
_TAG = re.compile(r"[a-z][a-z0-9]*")
_INVALID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOTE_CLASS = re.compile(r"\b(?:reference|footnote|noteref|fn)", re.IGNORECASE)
_JSON = frozenset({"application/ld+json"})


@dataclass
class Node:
    """An element: its tag in lower case, the attributes that matter, texts and elements in reading order."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    def elements(self) -> Iterator[Node]:
        """The element and all in it, in reading order."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(child for child in reversed(node.children) if isinstance(child, Node))

    def find(self, tag: str) -> Node | None:
        """The first element with this tag."""
        return next((node for node in self.elements() if node.tag == tag), None)

    def text(self) -> str:
        """All text in it as one line."""
        return " ".join("".join(_texts(self)).split())


@dataclass(frozen=True)
class Page:
    """A parsed page."""

    root: Node
    """Its `html` element, without scripts."""
    data: tuple[str, ...]
    """The JSON-LD blocks."""


def parse(source: str) -> Page:
    """The page. Scripts, hidden text, deletions and reading aids are left out; a footnote mark is, too.

    Raises Unreadable when the parser gives up.
    """
    from lxml import etree  # type: ignore[import-untyped]

    builder = _Builder()
    try:
        parser = etree.HTMLParser(target=builder)
        parser.feed(source or " ")
        parser.close()
    except (etree.LxmlError, *PARSER_FAULTS) as error:
        raise Unreadable("its HTML cannot be parsed") from error
    _drop_notes(builder.root)
    return Page(builder.root, tuple(builder.data_blocks))


def to_html(node: Node) -> str:
    """The element written out."""
    parts: list[str] = []
    _write(node, parts)
    return "".join(parts)


class _Builder:
    """What the parser calls. Its method names are lxml's parser target interface."""

    def __init__(self) -> None:
        self.root = Node("html")
        self.data_blocks: list[str] = []
        self._open: list[tuple[Node, Look]] = [(self.root, Look())]
        self._merged: list[bool] = []
        """For each element that was begun and not ended: whether it was merged into its ancestor."""
        self._skipping = 0
        self._captured: list[str] | None = None
        self._is_style = False
        self._hidden: frozenset[str] = frozenset()

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self._skipping:
            self._skipping += 1
            return
        given = {str(name).lower(): _INVALID.sub("", str(value or "")) for name, value in attributes.items()}
        tag = tag.lower()
        if tag in _DROPPED or is_removed(given, self._hidden):
            self._skipping = 1
            self._is_style = tag == "style"
            if self._is_style or (tag == "script" and given.get("type", "").strip().lower() in _JSON):
                self._captured = []
            return
        parent, look = self._open[-1]
        merged = len(self._open) > DEEPEST or (tag == "html" and len(self._open) == 1)
        self._merged.append(merged)
        if merged:
            if tag != "html":
                parent.children.append(" ")
            return
        kept = {name: value for name, value in given.items() if name in _KEPT_ATTRIBUTES}
        node = Node(tag if _TAG.fullmatch(tag) else "span", kept)
        parent.children.append(node)
        self._open.append((node, look_of(given, look, tag)))

    def end(self, tag: str) -> None:
        if self._skipping:
            self._skipping -= 1
            if self._skipping == 0 and self._captured is not None:
                self._finish_capture("".join(self._captured))
            return
        if self._merged and not self._merged.pop():
            self._open.pop()

    def data(self, text: str) -> None:
        if self._captured is not None:
            self._captured.append(text)
        if self._skipping or self._open[-1][1].hides_text:
            return
        children = self._open[-1][0].children
        children.append(_INVALID.sub("", text))

    def comment(self, text: str) -> None:
        """Comments are not shown."""

    def pi(self, target: str, data: str | None = None) -> None:
        """Processing instructions are not shown."""

    def close(self) -> None:
        """Nothing is left to do at the end."""

    def _finish_capture(self, text: str) -> None:
        if self._is_style:
            self._hidden |= hidden_names(text)
        else:
            self.data_blocks.append(text)
        self._captured = None


def _texts(node: Node) -> Iterator[str]:
    for child in node.children:
        if isinstance(child, str):
            yield child
        else:
            if child.tag == "br":
                yield " "
            yield from _texts(child)


def _drop_notes(root: Node) -> None:
    """A footnote mark set behind a figure would change the figure; an exponent is written with `^`."""
    for node in root.elements():
        kept: list[Node | str] = []
        for child in node.children:
            if isinstance(child, Node) and child.tag == "sup":
                text = child.text()
                if _is_note(child):
                    continue
                if re.fullmatch(r"[+−-]?\d+", text):
                    child.children = ["^" + text]
            kept.append(child)
        node.children = kept


def _is_note(mark: Node) -> bool:
    inside = list(mark.elements())
    return any(node.tag == "a" and "#" in node.attributes.get("href", "") for node in inside) or any(
        _NOTE_CLASS.search(node.attributes.get("class", "")) for node in inside
    )


def _write(node: Node, parts: list[str]) -> None:
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in node.attributes.items())
    parts.append(f"<{node.tag}{attributes}>")
    if node.tag in VOID:
        return
    for child in node.children:
        if isinstance(child, str):
            parts.append(escape(child, quote=False))
        else:
            _write(child, parts)
    parts.append(f"</{node.tag}>")
