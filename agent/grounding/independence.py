"""How many independent sources a set of passages comes from (METHODOLOGY section 10)."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

from agent.schemas.article import Passage

Item = TypeVar("Item", bound=Hashable)


def independent_sources(passages: Iterable[Passage]) -> int:
    """How many sources count: passages of one publisher, or of copies of one text, are one source.

    Publishers that differ in case only are one. The relation is transitive: a wire report that two papers print makes
    one source of everything else they publish.
    """
    return len(_sources(passages))


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


def _sources(passages: Iterable[Passage]) -> list[list[tuple[str, str]]]:
    return components(
        (("publisher", passage.meta.publisher.casefold()), ("work", passage.work or passage.article))
        for passage in passages
    )
