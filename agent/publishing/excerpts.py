"""A stored passage cut around the quotes that are taken from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from agent.grounding.quotes import locate

CONTEXT_CHARACTERS = 160
"""How much of the passage is shown on either side of a quote, cut at a word: the sentence it stands in to its end, and
most of the next one. What stands between two quotes is shown whole up to twice as much."""

Span = tuple[int, int]
"""Start and end of a stretch of a passage, in its characters."""


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


@dataclass(frozen=True)
class Mark:
    """A stretch of a passage that claims quote."""

    number: int
    """Counts the stretches of one article from 1, in the order in which they begin."""
    parts: tuple[str | Mark, ...]
    """Its words, and within them the stretches that other claims quote of it."""


class MarkedPassage:
    """All that the claims of a page quote from one passage, once.

    A stretch within another is kept apart from it, so that each claim leads to its own words; stretches that overlap
    in part become one.
    """

    def __init__(self, text: str, claims: Iterable[Iterable[str]], *, first: int = 1) -> None:
        """`claims` are the quotes of each claim, of which those that are not in `text` do not count.

        `first` is the number of the first stretch.
        """
        self._text, self._first = text, first
        self._spans = _nested({span for quotes in claims for span in located(text, quotes)})

    def __len__(self) -> int:
        """The number of stretches."""
        return len(self._spans)

    def numbers(self, quotes: Iterable[str]) -> tuple[int, ...]:
        """The stretches in which the quotes of one claim stand, by number."""
        found = {
            max(at for at, (start, end) in enumerate(self._spans) if start <= span[0] and span[1] <= end)
            for span in located(self._text, quotes)
        }
        return tuple(self._first + at for at in sorted(found))

    @property
    def parts(self) -> tuple[str | Mark, ...]:
        """The passage around its stretches as `excerpt` cuts it; empty without any."""
        outer = [span for span in self._spans if not any(_within(span, other) for other in self._spans)]
        marks = (self._mark(span) for span in outer)
        parts = (next(marks) if piece.quoted else piece.text for piece in _pieces(self._text, outer))
        return tuple(part for part in parts if part)

    def _mark(self, span: Span) -> Mark:
        inner = [other for other in self._spans if _within(other, span)]
        parts: list[str | Mark] = []
        at = span[0]
        for other in inner:
            if not any(_within(other, third) for third in inner):
                parts += [self._text[at : other[0]], self._mark(other)]
                at = other[1]
        parts.append(self._text[at : span[1]])
        return Mark(self._first + self._spans.index(span), tuple(part for part in parts if part))


def excerpt(passage: str, quotes: Iterable[str]) -> Excerpt:
    """The parts of `passage` around `quotes`."""
    spans = {quote: locate(quote, passage) for quote in quotes}
    pieces = _pieces(passage, _joined(passage, spans.values()))
    absent = tuple(quote for quote, span in spans.items() if span is None)
    return Excerpt(pieces=tuple(piece for piece in pieces if piece.text), absent=absent)


def located(passage: str, quotes: Iterable[str]) -> list[Span]:
    """Where the quotes of one claim stand in `passage`, in its order; quotes that overlap or touch are one."""
    return _joined(passage, (locate(quote, passage) for quote in quotes))


def _nested(spans: Iterable[Span]) -> list[Span]:
    """In the order in which they begin, a longer one first, with those joined that overlap in part."""
    apart: list[Span] = []
    for span in sorted(set(spans)):
        crossed = [other for other in apart if other[0] < span[0] < other[1] < span[1]]
        for other in crossed:
            apart.remove(other)
        apart.append((min([span[0], *(other[0] for other in crossed)]), span[1]))
    return sorted(set(apart), key=lambda span: (span[0], -span[1]))


def _within(span: Span, other: Span) -> bool:
    return span != other and other[0] <= span[0] and span[1] <= other[1]


def _joined(passage: str, spans: Iterable[Span | None]) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted(span for span in spans if span is not None):
        if joined and not passage[joined[-1][1] : start].strip():
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _pieces(passage: str, spans: Sequence[Span]) -> Iterator[Piece]:
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
