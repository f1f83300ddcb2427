"""A stored passage cut around the quotes that are taken from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from agent.grounding.quotes import locate

CONTEXT_CHARACTERS = 260
"""How much of the passage is shown on either side of a quote, cut at a word."""


@dataclass(frozen=True)
class Piece:
    """A run of the passage's text."""

    text: str
    quoted: bool
    """Part of a quote, as opposed to its context."""


@dataclass(frozen=True)
class Excerpt:
    """What is shown of one passage for all quotes that one claim takes from it."""

    pieces: tuple[Piece, ...]
    """In the order of the passage; empty when no quote stands in it."""
    absent: tuple[str, ...]
    """The quotes that do not stand in the stored passage, as they were given: there is no context to show."""

    @property
    def quotes(self) -> tuple[str, ...]:
        """The quotes that stand in the passage, in its order; quotes that overlap or touch are one."""
        return tuple(piece.text for piece in self.pieces if piece.quoted)


def excerpt(passage: str, quotes: Iterable[str]) -> Excerpt:
    """The parts of `passage` around `quotes`."""
    found: list[tuple[int, int]] = []
    absent: dict[str, None] = {}
    for quote in quotes:
        span = locate(quote, passage)
        if span is None:
            absent[quote] = None
        else:
            found.append(span)
    pieces = _pieces(passage, _joined(passage, sorted(found)))
    return Excerpt(pieces=tuple(piece for piece in pieces if piece.text), absent=tuple(absent))


def _joined(passage: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and not passage[joined[-1][1] : start].strip():
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _pieces(passage: str, spans: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    if not spans:
        return
    yield Piece(_tail(passage[: spans[0][0]]), quoted=False)
    for at, (start, end) in enumerate(spans):
        if at:
            yield Piece(_middle(passage[spans[at - 1][1] : start]), quoted=False)
        yield Piece(passage[start:end], quoted=True)
    yield Piece(_head(passage[spans[-1][1] :]), quoted=False)


def _tail(text: str) -> str:
    return text if len(text) <= CONTEXT_CHARACTERS else f"… {text[-CONTEXT_CHARACTERS:].partition(' ')[2]}"


def _head(text: str) -> str:
    return text if len(text) <= CONTEXT_CHARACTERS else f"{text[:CONTEXT_CHARACTERS].rpartition(' ')[0]} …"


def _middle(text: str) -> str:
    return text if len(text) <= 2 * CONTEXT_CHARACTERS else f"{_head(text)} {_tail(text).removeprefix('… ')}"
