"""What a Word file says about its paragraphs elsewhere: styles and list numbering. Unknown references mean nothing."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

Listed = tuple[str, int]
"""A paragraph's list (`numId`) and how deep it stands in it, from 0."""

_HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)
_DEEPEST_STYLE = 20
"""Styles build on each other; a file can make a circle of it."""


def name_of(element: Element) -> str:
    """The element's name without its namespace: transitional and strict files differ in nothing else."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def value_of(element: Element | None, name: str) -> str | None:
    """The attribute `name` in whatever namespace; None when the element or the attribute is missing."""
    for key, value in element.items() if element is not None else ():
        if key.rpartition("}")[2] == name:
            return value
    return None


def child_of(element: Element | None, *names: str) -> Element | None:
    """The first child of that name, then its first child of the next name, and so on."""
    for name in names:
        element = next((child for child in element if name_of(child) == name), None) if element is not None else None
    return element


class Styles:
    """The paragraph styles: which are headings, which are lists."""

    def __init__(self, root: Element | None) -> None:
        self._by_id: dict[str, Element] = {}
        for style in root if root is not None else ():
            if name_of(style) == "style":
                self._by_id[value_of(style, "styleId") or ""] = style

    def heading_of(self, paragraph: Element) -> int | None:
        """0 for a title, 1 to 9 for a heading, None for text."""
        own = _outline(child_of(paragraph, "pPr"))
        if own is not None:
            return own if own <= 9 else None
        for style in self._chain(paragraph):
            name = value_of(child_of(style, "name"), "val") or ""
            if name.lower() == "title":
                return 0
            if match := _HEADING.fullmatch(name):
                return int(match.group(1))
            level = _outline(child_of(style, "pPr"))
            if level is not None:
                return level if level <= 9 else None
        return None

    def numbering_of(self, paragraph: Element) -> Listed | None:
        """The list that the paragraph or its style belongs to."""
        listed = _listed(child_of(paragraph, "pPr", "numPr"))
        for style in self._chain(paragraph):
            if listed is not None:
                break
            listed = _listed(child_of(style, "pPr", "numPr"))
        return listed if listed is not None and listed[0] != "0" else None

    def _chain(self, paragraph: Element) -> list[Element]:
        """The paragraph's style and those it builds on, nearest first."""
        chain: list[Element] = []
        name = value_of(child_of(paragraph, "pPr", "pStyle"), "val")
        while name in self._by_id and len(chain) < _DEEPEST_STYLE:
            chain.append(self._by_id[name])
            name = value_of(child_of(chain[-1], "basedOn"), "val")
        return chain


class Numbering:
    """The lists: which are numbered, and how far each has counted."""

    def __init__(self, root: Element | None) -> None:
        self._formats: dict[Listed, str] = {}
        self._counts: dict[str, list[int]] = {}
        abstract: dict[str, dict[int, str]] = {}
        for element in root if root is not None else ():
            if name_of(element) == "abstractNum":
                abstract[value_of(element, "abstractNumId") or ""] = _formats(element)
        for element in root if root is not None else ():
            if name_of(element) == "num":
                levels = abstract.get(value_of(child_of(element, "abstractNumId"), "val") or "", {})
                for level, shown in levels.items():
                    self._formats[value_of(element, "numId") or "", level] = shown

    def item_of(self, listed: Listed | None) -> str | None:
        """The next item's marker with its indentation (`-`, `2.`); None for a paragraph that is in no list."""
        if listed is None:
            return None
        number, level = listed
        shown = self._formats.get(listed, "bullet")
        counts = self._counts.setdefault(number, [])
        del counts[level + 1 :]
        counts.extend([0] * (level + 1 - len(counts)))
        counts[level] += 1
        if shown == "none":
            return None
        return "  " * level + ("-" if shown == "bullet" else f"{counts[level]}.")


def _formats(abstract: Element) -> dict[int, str]:
    return {
        int(value_of(level, "ilvl") or 0): value_of(child_of(level, "numFmt"), "val") or "decimal"
        for level in abstract
        if name_of(level) == "lvl"
    }


def _listed(properties: Element | None) -> Listed | None:
    number = value_of(child_of(properties, "numId"), "val")
    if number is None:
        return None
    level = value_of(child_of(properties, "ilvl"), "val") or "0"
    return number, min(int(level), 8) if level.isdecimal() else 0


def _outline(properties: Element | None) -> int | None:
    """1 to 9 for a heading, 10 for text, None when nothing is said."""
    level = value_of(child_of(properties, "outlineLvl"), "val")
    return int(level) + 1 if level is not None and level.isdecimal() else None
