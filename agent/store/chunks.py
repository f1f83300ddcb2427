"""Many items in steps, and many ids in statements of a size that every database takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

CHUNK = 500
"""Ids a statement: below the smallest limit on bound values of any supported database."""

T = TypeVar("T")


def steps(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in order, in lists of at most `size`; read no further ahead than that."""
    rest = iter(items)
    while step := list(islice(rest, size)):
        yield step


def chunks(ids: Iterable[str]) -> Iterator[list[str]]:
    """The ids, each once and in order, in lists of at most CHUNK."""
    return steps(dict.fromkeys(ids), CHUNK)
