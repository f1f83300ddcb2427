"""The passages a draft may cite, each read once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from difflib import get_close_matches
from functools import cached_property, lru_cache

from agent.grounding.dates import DatePart, date_parts
from agent.grounding.figures import Figure, figures_of_normal
from agent.grounding.hostile import instruction_spans, looks_like_instruction
from agent.grounding.language import Analysis, analyse, sentence_spans
from agent.grounding.names import name_words, names_within
from agent.grounding.normalise import NormalText, folded_words, normal_text
from agent.grounding.quotes import QuoteFault, find_quote
from agent.grounding.shares import Share, shares
from agent.schemas.article import Passage

_PLAIN = re.compile(r"(?<![^\W_])[a-z][^\W_]*")
"""A word in lower case."""


class PassageText:
    """One passage with everything the guard derives from its text, derived on first use."""

    def __init__(self, passage: Passage) -> None:
        self.passage = passage

    @cached_property
    def normal(self) -> NormalText:
        """The normalised text with offsets into the stored one."""
        return normal_text(self.passage.text)

    @cached_property
    def figures(self) -> tuple[tuple[int, int, Figure], ...]:
        """Every figure with its span in the stored text."""
        found = figures_of_normal(self.normal.text)
        return tuple((*self.normal.original(figure.start, figure.end), figure) for figure in found)

    @cached_property
    def names(self) -> frozenset[str]:
        """What its text and its source's title, publisher and author make known."""
        meta = self.passage.meta
        return name_words(f"{self.passage.text}\n{meta.title}\n{meta.publisher}\n{meta.author or ''}")

    @cached_property
    def named(self) -> frozenset[str]:
        """Words, in lower case, that its text or its publisher writes as a name."""
        return names_within(self.passage.text) | names_within(f"by {self.passage.meta.publisher}")

    @cached_property
    def plain(self) -> frozenset[str]:
        """Words that its text writes in lower case."""
        return frozenset(_PLAIN.findall(self.normal.text))

    @cached_property
    def words(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The folded words of the title and of the text."""
        return folded_words(self.passage.meta.title), folded_words(self.passage.text)

    @cached_property
    def hostile(self) -> tuple[tuple[int, int], ...]:
        """The spans of the stored text that address a model."""
        return instruction_spans(self.passage.text)

    @property
    def suspicious(self) -> bool:
        """Its text, a heading above it or its article's title addresses a model."""
        return self.passage.suspicious or bool(self.hostile) or looks_like_instruction(self.passage.meta.title)

    @cached_property
    def analysis(self) -> Analysis:
        """Its text, read."""
        return analyse(self.passage.text)

    @cached_property
    def headed(self) -> Analysis:
        """Its title, headings, publisher and author, read."""
        meta = self.passage.meta
        return analyse(" . ".join((meta.title, self.passage.heading, meta.publisher, meta.author or "")))

    @cached_property
    def shares(self) -> tuple[tuple[int, int, Share], ...]:
        """Parts and multiples in words with their spans in the stored text."""
        return tuple((*self.normal.original(found.start, found.end), found) for found in shares(self.normal.text))

    @cached_property
    def date_parts(self) -> tuple[tuple[int, int, DatePart], ...]:
        """Months, quarters and halves with their spans in the stored text."""
        return tuple((*self.normal.original(found.start, found.end), found) for found in date_parts(self.normal.text))

    @cached_property
    def _sentences(self) -> tuple[tuple[int, int], ...]:
        return tuple(self.normal.original(start, end) for start, end in sentence_spans(self.normal.text) if end > start)

    def sentence(self, span: tuple[int, int]) -> tuple[int, int]:
        """The whole sentences that `span` of the stored text touches, as one span."""
        touched = [(start, end) for start, end in self._sentences if start < span[1] and span[0] < end]
        return (min([span[0], *(s for s, _ in touched)]), max([span[1], *(e for _, e in touched)]))

    def nearest_sentences(self, text: str, most: int = 3) -> tuple[tuple[int, int], ...]:
        """The spans of the sentences that share most content with `text`, the best first; the earlier of equals."""
        wanted = analyse(text).content
        spans = [(span, analyse(self.passage.text[span[0] : span[1]]).content) for span in self._sentences]
        ranked = sorted(spans, key=lambda item: (-len(wanted & item[1]), item[0]))
        return tuple(span for span, content in ranked[:most] if wanted & content)

    def figures_in(self, span: tuple[int, int]) -> tuple[Figure, ...]:
        """The figures that stand whole in `span`: a quote that ends between `12` and `%` quotes no 12."""
        return tuple(figure for start, end, figure in self.figures if span[0] <= start and end <= span[1])


class Sources:
    """All given passages by id."""

    def __init__(self, passages: Mapping[str, Passage], *, quote_minimum: int) -> None:
        self._texts = {name: _read(passage) for name, passage in sorted(passages.items())}
        self._quote_minimum = quote_minimum
        self._found: dict[tuple[str, str], tuple[int, int] | QuoteFault] = {}

    def get(self, passage: str) -> PassageText | None:
        """The passage with this id, or `None`."""
        return self._texts.get(passage)

    def find(self, quote: str, source: PassageText) -> tuple[int, int] | QuoteFault:
        """Where `quote` stands in a passage, as offsets into its stored text; or why it does not."""
        key = (quote, source.passage.id)
        if key not in self._found:
            self._found[key] = find_quote(quote, source.passage.text, source.normal, minimum=self._quote_minimum)
        return self._found[key]

    def home_of(self, quote: str, *, first: Set[str]) -> str | None:
        """The passage in which `quote` stands verbatim, or `None`: one of `first` if possible, ties by id."""
        homes = [name for name, text in self._texts.items() if not isinstance(self.find(quote, text), QuoteFault)]
        return min(homes, key=lambda name: (name not in first, name), default=None)

    def nearest(self, passage: str, *, among: Set[str]) -> str | None:
        """The id of `among` that `passage` is probably a misspelling of, or `None`."""
        return next(iter(get_close_matches(passage, sorted(among & self._texts.keys()), n=1, cutoff=0.8)), None)

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every word, in lower case, of all passages."""
        return _vocabulary(tuple(self._texts.values()))

    @property
    def named(self) -> frozenset[str]:
        """Words, in lower case, that are names wherever they stand: written as such in a text or by a publisher, and
        never in lower case."""
        return _named(tuple(self._texts.values()))

    @property
    def names(self) -> frozenset[str]:
        """What all passages together make known."""
        return _names(tuple(self._texts.values()))


@lru_cache(maxsize=256)
def _read(passage: Passage) -> PassageText:
    """Drafts that are checked again, and claims that are checked one by one, rest on the same passages."""
    return PassageText(passage)


@lru_cache(maxsize=16)
def _vocabulary(texts: tuple[PassageText, ...]) -> frozenset[str]:
    return frozenset[str]().union(*(text.analysis.texts for text in texts))


@lru_cache(maxsize=16)
def _named(texts: tuple[PassageText, ...]) -> frozenset[str]:
    named = frozenset[str]().union(*(text.named for text in texts))
    return named.difference(*(text.plain for text in texts))


@lru_cache(maxsize=16)
def _names(texts: tuple[PassageText, ...]) -> frozenset[str]:
    return frozenset[str]().union(*(text.names for text in texts))
