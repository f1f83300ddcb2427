"""An HTML page: its article without navigation, adverts and comments, and what the page says about it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

from agent.evidence.document import Document, ReadOptions, Skipped, Unreadable
from agent.evidence.formats.encoding import declared_charset, decoded
from agent.evidence.formats.faults import PARSER_FAULTS
from agent.evidence.formats.grid import is_data_table, resolve_spans
from agent.evidence.formats.markup import text_of
from agent.evidence.formats.page_facts import facts_of
from agent.evidence.formats.tree import Node, Page, parse, to_html

NO_TEXT = "it has no main text"
_SUBSET = re.compile(r"<!DOCTYPE\b[^>\[]{0,500}\[(.{0,20000}?)\]\s*>", re.IGNORECASE | re.DOTALL)
"""A document type with declarations of its own, which an HTML parser takes for text."""
_ENTITY = re.compile(r"<!ENTITY\s+([^\s%<>&;]{1,100})\s", re.IGNORECASE)

_ADVERT = frozenset({
    "ad", "ads", "advert", "adverts", "advertisement", "advertising", "adsbygoogle", "ad-slot", "ad-container",
    "ad-wrapper", "adbox", "sponsored", "sponsored-content", "promo", "promoted", "taboola", "outbrain",
    "cookie-banner", "cookie-notice", "newsletter-signup",
})  # fmt: skip
_BESIDE_ROLES = frozenset({"navigation", "banner", "search", "contentinfo", "complementary", "alert"})
_ASKS_FOR_SCRIPT = re.compile(
    r"(?:enable|activate|requires?|turn on|need)\s+(?:\w+\s+){0,3}javascript|javascript\s+(?:is|must)\b", re.IGNORECASE
)
_NAMES = {"item": "li", "row": "tr", "lb": "br", "quote": "blockquote", "code": "pre", "hi": "span"}
_SHORT = 400
"""Characters: a text below it that asks for JavaScript is nothing but that."""


def read_page(data: bytes, options: ReadOptions) -> Iterator[Document | Skipped]:
    """One document. Hidden text never gets into it, and a date only when the page states it.

    Raises Unreadable for a page without a main text, such as one that a script would have to fill.
    """
    text, note = decoded(data, declared=declared_charset(data))
    yield replace(page_document(text), note=note)


def page_document(source: str) -> Document:
    """The document of a page that is decoded already. Raises Unreadable as `read_page` does."""
    _quiet()
    page = parse(_without_declarations(source))
    text = _main_text(page)
    facts = facts_of(page, source)
    return Document(
        text=text,
        title=facts.title,
        publisher=facts.publisher,
        author=facts.author,
        date=facts.date,
        url=facts.url,
        claimed=facts.url is not None,
        licence=facts.licence,
    )


def _without_declarations(source: str) -> str:
    """Raises Unreadable for a page that uses entities of its own: they are not unpacked, so its text is not known."""
    found = _SUBSET.search(source)
    if found is None:
        return source
    rest = source[: found.start()] + source[found.end() :]
    if any(f"&{name};" in rest for name in _ENTITY.findall(found[1])):
        raise Unreadable("its text is in entities that it declares itself, and these are not unpacked")
    return rest


def _main_text(page: Page) -> str:
    from trafilatura import bare_extraction

    _drop_adverts(page.root)
    _settle(page.root)
    try:
        found = bare_extraction(
            to_html(page.root),
            include_comments=False,
            include_tables=True,
            include_formatting=True,
            include_links=False,
            include_images=False,
        )
    except PARSER_FAULTS as error:
        raise Unreadable("its HTML cannot be read") from error
    body = getattr(found, "body", None)
    text = text_of(_node(body)) if body is not None else ""
    if not any(char.isalnum() for char in text):
        raise Unreadable(NO_TEXT)
    if len(text) < _SHORT and _ASKS_FOR_SCRIPT.search(text):
        raise Unreadable(f"{NO_TEXT}: a script would have to fill it")
    return text


class _Element(Protocol):
    """What is used of the extractor's elements, whose library has no types."""

    tag: object
    text: str | None
    tail: str | None

    def get(self, name: str, default: str) -> str: ...

    def __iter__(self) -> Iterator[_Element]: ...


def _node(element: _Element) -> Node:
    """The extractor's element, in its own names (`head`, `item`, `cell`), under the names of HTML."""
    name, kind = str(element.tag), element.get("rend", "")
    if name == "head":
        tag = kind if re.fullmatch(r"h[1-6]", kind) else "h2"
    elif name == "list":
        tag = "ol" if kind == "ol" else "ul"
    elif name == "cell":
        tag = "th" if element.get("role", "") == "head" else "td"
    else:
        tag = _NAMES.get(name, name)
    children: list[Node | str] = [element.text or ""]
    for child in element:
        children += [_node(child), child.tail or ""]
    return Node(tag, {}, children)


def _drop_adverts(root: Node) -> None:
    for node in root.elements():
        node.children = [child for child in node.children if isinstance(child, str) or not _is_beside(child)]


def _settle(root: Node) -> None:
    """What the extractor would take apart: code in a line reads as a block to it, a caption as a row of its table."""
    for node in root.elements():
        children: list[Node | str] = []
        for child in node.children:
            if isinstance(child, Node) and child.tag == "table":
                captions = [part for part in child.children if isinstance(part, Node) and part.tag == "caption"]
                child.children = [part for part in child.children if part not in captions]
                children += [replace(caption, tag="p") for caption in captions]
                if is_data_table(child):
                    resolve_spans(child)
            elif isinstance(child, Node) and child.tag == "pre":
                child.children = [Node("code", {}, list(child.children))]
            elif isinstance(child, Node) and child.tag in {"code", "kbd", "samp", "tt"} and node.tag != "pre":
                child.tag = "span"
            children.append(child)
        node.children = children


def _is_beside(node: Node) -> bool:
    if node.tag in {"html", "body", "main", "article"}:
        return False
    names = {*node.attributes.get("class", "").lower().split(), node.attributes.get("id", "").lower()}
    return (
        node.tag == "nav" or node.attributes.get("role", "").lower() in _BESIDE_ROLES or not names.isdisjoint(_ADVERT)
    )


def _quiet() -> None:
    # Without a handler of ours their warnings would be printed between the lines of the terminal.
    for name in ("trafilatura", "htmldate", "courlan", "justext", "readability"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
