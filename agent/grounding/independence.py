"""How many independent sources a set of passages comes from (METHODOLOGY section 10)."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence
from functools import lru_cache
from typing import TypeVar

from agent.grounding.figures import Reading, figures, is_year
from agent.schemas.article import Passage

SHORTEST_NAME = 3
"""Characters of a publisher's name from which it is looked for in other texts."""

Item = TypeVar("Item", bound=Hashable)


def independent_sources(passages: Iterable[Passage]) -> int:
    """How many sources count: passages of one publisher, or of copies of one text, are one source.

    Publishers that differ in case only are one, and so are two of which one names the other and repeats a figure of it.
    The relation is transitive: a wire report that two papers print makes one source of everything else they publish.
    """
    return len(_sources(tuple(passages)))


def independent_publishers(passages: Sequence[Passage]) -> tuple[str, ...]:
    """One publisher's name for each independent source, sorted; of several the first in alphabetical order."""
    names: dict[str, str] = {}
    for passage in passages:
        name = passage.meta.publisher
        names[name.casefold()] = min(name, names.get(name.casefold(), name))
    groups = _sources(passages)
    return tuple(sorted(min(names[key] for kind, key in group if kind == "publisher") for group in groups))


def components(links: Iterable[Iterable[Item]]) -> list[list[Item]]:
    """The connected components of all members of `links`; what stands in one link belongs together.

    Components and their members stand in the order in which their first members appear.
    """
    root: dict[Item, Item] = {}

    def root_of(item: Item) -> Item:
        while root[item] != item:
            root[item] = item = root[root[item]]
        return item

    for link in links:
        first: Item | None = None
        for item in link:
            root.setdefault(item, item)
            if first is None:
                first = item
            else:
                root[root_of(item)] = root_of(first)
    groups: dict[Item, list[Item]] = {}
    for item in root:
        groups.setdefault(root_of(item), []).append(item)
    return list(groups.values())


def _sources(passages: Sequence[Passage]) -> list[list[tuple[str, str]]]:
    links = [
        (("publisher", passage.meta.publisher.casefold()), ("work", passage.work or passage.article))
        for passage in passages
    ]
    unique = {passage.id: passage for passage in passages}.values()
    links += [
        (("publisher", one.meta.publisher.casefold()), ("publisher", other.meta.publisher.casefold()))
        for one in unique
        for other in unique
        if one.meta.publisher.casefold() != other.meta.publisher.casefold() and _quotes(one, other)
    ]
    return components(links)


def _quotes(one: Passage, other: Passage) -> bool:
    """Whether one passage names the publisher of another and repeats one of its figures."""
    name = other.meta.publisher
    if len(name) < SHORTEST_NAME or re.search(rf"(?<!\w){re.escape(name)}(?!\w)", one.text) is None:
        return False
    return bool(_told(one.text) & _told(other.text))


@lru_cache(maxsize=4096)
def _told(text: str) -> frozenset[Reading]:
    """The figures of a text that two texts hardly share by chance: no years, no bare number words, no digits alone."""
    return frozenset(
        reading
        for figure in figures(text)
        if not figure.in_words and not is_year(figure)
        for reading in figure.readings
        if reading.kind != "plain" or len(reading.value) > 2
    )
