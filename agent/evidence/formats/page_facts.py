"""What a page says about itself: title, author, publisher, date, address, licence."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from agent.evidence.formats.dates import date_of
from agent.evidence.formats.faults import PARSER_FAULTS
from agent.evidence.formats.tree import Node, Page, to_html
from agent.schemas.text import one_line

_DATE_NAMES = (
    "article:published_time",
    "og:published_time",
    "og:article:published_time",
    "datepublished",
    "citation_publication_date",
    "citation_online_date",
    "citation_date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "dc.date",
    "dc:date",
    "dcterms.date",
    "parsely-pub-date",
    "sailthru.date",
    "publish-date",
    "publish_date",
    "publishdate",
    "publication_date",
    "pubdate",
    "date",
)
"""Names of `meta` elements, the most telling first. Dates of change are not among them."""
_LICENCE_NAMES = frozenset({"dcterms.license", "dc.rights", "dcterms.rights", "license", "licence"})
_ARTICLE_TYPE = re.compile(r"(?:article|posting|report|blogpost|webpage|creativework|paper)$", re.IGNORECASE)
_DATE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:date|published|pubdate|publish-date|posted(?:-on)?|post-date|dateline|timestamp)(?:$|[\s_-])",
    re.IGNORECASE,
)
_CHANGED_CLASS = re.compile(r"updat|modif|edit|event|comment|related|expir", re.IGNORECASE)
_DATE_LEAD = re.compile(r"^(?:published|posted|first published|released)?(?:\s*(?:on|:|at))?\s*", re.IGNORECASE)
_SAVED = re.compile(r"(?:saved from url=\(\d+\)|Page saved with SingleFile\s+url:\s*)(https?://[^\s>]+)")
_COMMONS = re.compile(
    r"creativecommons\.org/(?:licenses/([a-z-]+)/(\d\.\d)|publicdomain/(zero)/(\d\.\d))", re.IGNORECASE
)
_MOST_JSON = 200_000
_HEAD = 4096


@dataclass(frozen=True)
class Facts:
    """None means that the page does not say it."""

    title: str | None
    author: str | None
    publisher: str | None
    date: str | None
    url: str | None
    licence: str | None


def facts_of(page: Page, source: str) -> Facts:
    """What the page states. `source` is its HTML, whose first comment may name where a browser saved it from."""
    found = _extracted(page)
    url = _canonical(page.root) or _address(found.get("url")) or _saved_from(source)
    return Facts(
        title=_short(found.get("title"), 500),
        author=_short(found.get("author"), 500),
        publisher=_short(found.get("sitename") or _host(url), 200),
        date=stated_date(page),
        url=url,
        licence=_short(_licence(page.root) or found.get("license"), 500),
    )


def stated_date(page: Page) -> str | None:
    """The date of publication as precise as the page states it.

    JSON-LD, then `meta`, then a `time` element, then an element whose class says that it is a date and whose text is
    nothing but one. A copyright year, a date of change and dates in the running text are none.
    """
    sources = (_json_dates(page), _meta_dates(page.root), _time_dates(page.root), _labelled_dates(page.root))
    return next((date for dates in sources for date in dates), None)


def _extracted(page: Page) -> dict[str, str | None]:
    """What trafilatura makes of the page's head and byline."""
    from trafilatura import extract_metadata

    blocks = (block[:_MOST_JSON].replace("</", "<\\/") for block in page.data)
    scripts = "".join(f'<script type="application/ld+json">{block}</script>' for block in blocks)
    head = page.root.find("head")
    inner = [to_html(child) for child in head.children if isinstance(child, Node)] if head else []
    rest = [to_html(child) for child in page.root.children if isinstance(child, Node) and child is not head]
    html = f"<html><head>{scripts}{''.join(inner)}</head>{''.join(rest)}</html>"
    try:
        found = extract_metadata(html, date_config={"original_date": True, "extensive_search": False}, extensive=False)
    except PARSER_FAULTS:
        return {}
    values = {name: getattr(found, name, None) for name in ("title", "author", "sitename", "url", "license")}
    return {name: value for name, value in values.items() if isinstance(value, str)}


def _json_dates(page: Page) -> Iterator[str]:
    for block in page.data:
        try:
            content = json.loads(block, strict=False)
        except (ValueError, RecursionError):
            continue
        for item in _json_objects(content):
            kinds = item.get("@type")
            named = [kinds] if isinstance(kinds, str) else kinds if isinstance(kinds, list) else []
            if any(isinstance(kind, str) and _ARTICLE_TYPE.search(kind) for kind in named):
                yield from _dates([item.get("datePublished")])


def _json_objects(content: object) -> Iterator[dict[str, object]]:
    """The objects of a JSON-LD block and of its graph; what an article only mentions is nested deeper."""
    for item in content if isinstance(content, list) else [content]:
        if isinstance(item, dict):
            yield item
            graph = item.get("@graph")
            yield from (entry for entry in graph if isinstance(entry, dict)) if isinstance(graph, list) else ()


def _meta_dates(root: Node) -> Iterator[str]:
    stated: dict[str, str] = {}
    for node in root.elements():
        if node.tag == "meta" and "content" in node.attributes:
            for name in ("property", "name", "itemprop"):
                stated.setdefault(node.attributes.get(name, "").strip().lower(), node.attributes["content"])
    yield from _dates(stated.get(name) for name in _DATE_NAMES)


def _time_dates(root: Node) -> Iterator[str]:
    """Of `time` elements: one that is marked as the publication's, the first in the article, or the page's only one."""
    times = [node for node in root.elements() if node.tag == "time" and not _is_of_change(node)]
    marked = [node for node in times if "pubdate" in node.attributes or _itemprop(node) == "datepublished"]
    article = root.find("article")
    within = [node for node in article.elements() if node.tag == "time" and not _is_of_change(node)] if article else []
    alone = times if len(times) == 1 else []
    yield from _dates(_time_of(node) for node in [*marked, *within[:1], *alone])


def _labelled_dates(root: Node) -> Iterator[str]:
    for node in root.elements():
        names = f"{node.attributes.get('class', '')} {node.attributes.get('id', '')} {_itemprop(node)}"
        is_labelled = _DATE_CLASS.search(names) or _itemprop(node) == "datepublished"
        if is_labelled and not _CHANGED_CLASS.search(names):
            text = node.text()
            if len(text) <= 60:
                yield from _dates([_DATE_LEAD.sub("", text)])


def _dates(values: Iterable[object]) -> Iterator[str]:
    for value in values:
        date = date_of(value) if isinstance(value, str) and len(value) <= 100 else None
        if date is not None:
            yield date


def _time_of(node: Node) -> str:
    return node.attributes.get("datetime") or _DATE_LEAD.sub("", node.text())


def _itemprop(node: Node) -> str:
    return node.attributes.get("itemprop", "").strip().lower()


def _is_of_change(node: Node) -> bool:
    return bool(_CHANGED_CLASS.search(f"{node.attributes.get('class', '')} {_itemprop(node)}"))


def _canonical(root: Node) -> str | None:
    links = (node for node in root.elements() if node.tag == "link")
    return next(
        (url for node in links if "canonical" in _rel(node) and (url := _address(node.attributes.get("href")))), None
    )


def _saved_from(source: str) -> str | None:
    match = _SAVED.search(source[:_HEAD])
    return _address(match.group(1)) if match else None


def _licence(root: Node) -> str | None:
    for node in root.elements():
        if node.tag in {"link", "a"} and "license" in _rel(node):
            match = _COMMONS.search(node.attributes.get("href", ""))
            if match:
                kind, version = match.group(1) or match.group(3), match.group(2) or match.group(4)
                return f"CC {kind.upper()} {version}"
            return node.text() or _address(node.attributes.get("href"))
        name = node.attributes.get("name", node.attributes.get("property", "")).lower()
        if node.tag == "meta" and name in _LICENCE_NAMES:
            return node.attributes.get("content")
    return None


def _rel(node: Node) -> list[str]:
    return node.attributes.get("rel", "").lower().split()


def _host(url: str | None) -> str | None:
    return (urlsplit(url).hostname or "").removeprefix("www.") or None if url else None


def _address(url: str | None) -> str | None:
    """`url` when it is an absolute http or https address."""
    plain = (url or "").strip()
    if re.fullmatch(r"https?://[^\s/?#]+\S*", plain, re.IGNORECASE) is None or len(plain) > 2000:
        return None
    try:
        return plain if urlsplit(plain).hostname else None
    except ValueError:
        return None


def _short(text: str | None, most: int) -> str | None:
    line = one_line(text or "")
    return line[:most] or None
