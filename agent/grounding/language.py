"""A text as the guard compares it: sentences, clauses, and words brought to one form a meaning."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from snowballstemmer import stemmer

from agent.grounding import lexicon
from agent.grounding.normalise import normalise

_STEMMER = stemmer("english")
_WORD = re.compile(r"[^\W_]+(?:(?:'(?!s\b)|[-&](?=[^\W\d_]{2}))[^\W_]+)*")
_SENTENCE = re.compile(r"(?:[.!?]['\")\]]*|\u2026) +(?=[\"'(\[]?[A-Z0-9])|(?<=[.!?]) +(?=- )| \| ?")
_ABBREVIATION = re.compile(
    r"(?:\b[A-Z]|\b(?:e\.g|i\.e|etc|vs|cf|approx|no|nos|dr|mr|mrs|ms|prof|st|inc|ltd|co|corp|u\.s|u\.k))\.$", re.I
)
_BREAK = re.compile(
    r"[;:()\u2014]| - |,(?!\d)|\b(?:and|but|while|whereas|although|though|because|which|who|since|when|where|so that"
    r"|as well as|or|if|unless|whether)\b"
)
_MAX_STEMMED = 40


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a normalised text."""

    text: str
    """In lower case, without a possessive."""
    stem: str
    """One form for the inflections and close synonyms of a word."""
    start: int
    end: int
    capital: bool
    """Written with a capital letter."""
    content: bool
    """It says something of its own, as opposed to "the" or "according"."""


@dataclass(frozen=True)
class Clause:
    """A part of a sentence between two breaks."""

    words: tuple[Word, ...]

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its content words."""
        return frozenset(word.stem for word in self.words if word.content)

    @cached_property
    def texts(self) -> frozenset[str]:
        """Its words as written, in lower case."""
        return frozenset(word.text for word in self.words)


@dataclass(frozen=True)
class Sentence:
    """A sentence of a normalised text."""

    text: str
    start: int
    end: int
    clauses: tuple[Clause, ...]

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """All its words in order."""
        return tuple(word for clause in self.clauses for word in clause.words)


@dataclass(frozen=True)
class Analysis:
    """A whole text, read."""

    text: str
    """Normalised; every offset counts its characters."""
    sentences: tuple[Sentence, ...]

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """All words in order."""
        return tuple(word for sentence in self.sentences for word in sentence.words)

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """All clauses in order."""
        return tuple(clause for sentence in self.sentences for clause in sentence.clauses)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of all words, function words too."""
        return frozenset(word.stem for word in self.words)

    @cached_property
    def content(self) -> frozenset[str]:
        """The stems of the content words."""
        return frozenset(word.stem for word in self.words if word.content)

    @cached_property
    def texts(self) -> frozenset[str]:
        """All words as written, in lower case."""
        return frozenset(word.text for word in self.words)


@lru_cache(maxsize=4096)
def analyse(text: str) -> Analysis:
    """Sentences, clauses and words of `text`, with offsets into `normalise(text)`."""
    plain = normalise(text)
    return Analysis(plain, tuple(_sentence(plain, start, end) for start, end in sentence_spans(plain)))


def sentence_spans(plain: str) -> Iterable[tuple[int, int]]:
    """Where the sentences of a normalised text stand, without the blanks between them."""
    start = 0
    for match in _SENTENCE.finditer(plain):
        end = match.start() + len(match[0].rstrip(" |"))
        if _ABBREVIATION.search(plain[max(start, end - 8) : end]):
            continue
        if end > start:
            yield start, end
        start = match.end()
    if start < len(plain):
        yield start, len(plain)


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The one form of a word in lower case."""
    if len(word) > _MAX_STEMMED:
        return word
    if "-" in word:
        return "-".join(stem(part) for part in word.split("-") if part)
    return _CONCEPTS.get(word) or _CONCEPTS.get(_stemmed(word)) or _stemmed(word)


def stems_of(text: str) -> frozenset[str]:
    """The stems of every word of a list of words."""
    return frozenset(stem(word) for word in text.split())


def is_content(word: str) -> bool:
    """Whether a word in lower case says something of its own."""
    return word not in _FUNCTION and (len(word) > 1 or not word.isascii()) and not word.isdecimal()


def is_known(word: str) -> bool:
    """Whether the lexicon has a word in lower case: it is then no misspelling."""
    return word in _LEXICON


def _sentence(plain: str, start: int, end: int) -> Sentence:
    text = plain[start:end]
    clauses: list[Clause] = []
    begin = 0
    for match in _BREAK.finditer(text):
        clauses.append(_clause(text, begin, match.start(), start))
        begin = match.start() if match[0][0].isalpha() else match.end()
    clauses.append(_clause(text, begin, len(text), start))
    return Sentence(text, start, end, tuple(clause for clause in clauses if clause.words))


def _clause(text: str, begin: int, end: int, offset: int) -> Clause:
    return Clause(tuple(_word(match, offset) for match in _WORD.finditer(text, begin, end)))


def _word(match: re.Match[str], offset: int) -> Word:
    text = match[0].lower()
    if text.endswith("n't"):
        text = "not"
    start, end = offset + match.start(), offset + match.end()
    return Word(text, stem(text), start, end, match[0][0].isupper(), is_content(text))


def _stemmed(word: str) -> str:
    return str(_STEMMER.stemWord(word))


def _concepts() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for line in lexicon.SYNONYMS.splitlines():
        words = line.split()
        for word in words:
            found.setdefault(word, words[0])
    plurals = {f"{word}s": concept for word, concept in found.items()}
    return {_stemmed(word): concept for word, concept in found.items() if len(word) > 3} | plurals | found


_FUNCTION = frozenset(lexicon.FUNCTION.split())
_CONCEPTS = _concepts()
_LEXICON = frozenset(
    word
    for words in (lexicon.SYNONYMS, lexicon.UP, lexicon.DOWN, lexicon.FLAT, lexicon.NEGATORS, lexicon.HEDGES)
    for word in words.split()
).union(lexicon.LIMITS.split(), lexicon.STRONG.split(), lexicon.OPPOSITES.split(), lexicon.FAMILIES.split(), _FUNCTION)
