"""Copies of one text: the same report reprinted, syndicated, or cut, under other addresses and publishers.

Every text gets a signature: a MinHash (Broder, SEQUENCES 1997) over its runs of five words, 256 numbers of `rensa`.
Two texts are copies when their estimated Jaccard similarity is 0.7 or more. The estimate's standard error is
sqrt(J(1-J)/256), at most 0.031: pairs below 0.6 and above 0.8 are told apart, between them it may go either way.

A text that is cut has a low similarity to the whole. It counts as a copy when nine tenths of it stand in the longer
one and it is more than half of that: at most one text fills more than half of another, so that a newsletter that holds
several reports never makes them one.
"""

from __future__ import annotations

import hashlib
import re
import struct
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from agent.errors import StorageFailed
from agent.grounding.independence import components
from agent.schemas.text import without_controls

COPY_SIMILARITY = 0.7
"""Least estimated Jaccard similarity of two copies."""
CUT_SHARE = 0.9
"""Least share of a cut text's runs of words that the whole one must hold, estimated."""
CUT_LENGTH = 0.5
"""A cut text is longer than this share of the whole one."""
SHORT_WORDS = 50
"""A text of fewer words is a copy of another only when all its words are the same."""
RUN = 5
MAX_WORDS = 200_000
"""The first so many words stand for a longer text; bounds memory."""

_NUMBERS = 256
_SEED = 1
_BANDS = 64
"""Bands of 4 numbers: a pair at the threshold of 0.7 shares none with probability 2e-8, one at 0.5 with 0.016."""
_LEAST = CUT_SHARE * CUT_LENGTH / (1 + CUT_LENGTH - CUT_SHARE * CUT_LENGTH)
"""Similarity of the shortest and poorest cut to the whole text: below it nothing is a copy."""
_FORMAT = 1
"""Raise it when anything above, or what a word is, changes: stored signatures are then made again."""
_SHORT, _LONG = b"s", b"l"
_HEAD = struct.Struct(">BcI")
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
"""A word, or one character of a script that puts no blanks between words."""


class Copy(NamedTuple):
    """An article with what tells copies apart."""

    article: str
    """The article's id."""
    date: str
    """`YYYY`, `YYYY-MM`, `YYYY-MM-DD` or `unknown`."""
    signature: bytes
    """What `signature` gave for its text."""


class _Sketch(Protocol):
    """What is used of `rensa.RMinHash`, which has no type information."""

    def update(self, items: Collection[str]) -> None: ...
    def jaccard(self, other: _Sketch) -> float: ...
    def __getstate__(self) -> bytes: ...
    def __setstate__(self, state: bytes) -> None: ...


class _Index(Protocol):
    """What is used of `rensa.RMinHashLSH`."""

    def insert_many(self, minhashes: Sequence[_Sketch]) -> None: ...
    def query(self, minhash: _Sketch) -> list[int]: ...
    def remove(self, key: int) -> bool: ...


def signature(text: str) -> bytes:
    """What is kept of a text to find its copies: the same bytes in every process, at most 1.4 kB.

    Case, punctuation, layout and typography have no part in it.
    """
    words = _words(text)
    if len(words) < SHORT_WORDS:
        folded = hashlib.sha256(" ".join(words).encode()).digest()
        return _HEAD.pack(_FORMAT, _SHORT, len(words)) + folded
    runs = {" ".join(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}
    sketch = _new_sketch()
    sketch.update(runs)
    return _HEAD.pack(_FORMAT, _LONG, len(runs)) + sketch.__getstate__()


def is_current(signature: bytes) -> bool:
    """Whether a stored signature can be compared with those that `signature` makes now; else make it again."""
    if len(signature) < _HEAD.size or signature[0] != _FORMAT:
        return False
    if signature[1:2] == _SHORT:
        return True
    try:
        _new_sketch().__setstate__(signature[_HEAD.size :])
    except ValueError:
        return False
    return True


def works(articles: Sequence[Copy]) -> dict[str, str]:
    """For each article's id the id of the article that it is a copy of, or its own.

    Copies of copies are copies. The original is the one with the earliest date, ties by id, unknown dates last. The
    order of `articles` has no part in it. Raises StorageFailed for a signature that is not current.
    """
    return _named(articles, components((*_singles(articles), *_equal_short(articles), *_all_links(_long(articles)))))


def updated_works(articles: Sequence[Copy], *, before: Mapping[str, str], changed: Collection[str]) -> dict[str, str]:
    """What `works(articles)` would give, quicker when little changed.

    `articles` are all there are now, `before` what was found last time, articles that are gone included, and `changed`
    the ids that are new or have another signature. Raises StorageFailed for a signature that is not current.
    """
    present = {item.article for item in articles}
    groups: dict[str, list[str]] = {}
    for article, work in before.items():
        groups.setdefault(work or article, []).append(article)
    touched = set(changed)
    intact: list[list[str]] = []
    for members in groups.values():
        if touched.isdisjoint(members) and present.issuperset(members):
            intact.append(members)
        else:
            # Who is left of a group may have belonged together only through who is gone.
            touched.update(present.intersection(members))
    touched |= present.difference(before)
    if len(touched) > len(articles) // 10:
        return works(articles)
    links = _links_of(_long(articles), touched)
    return _named(articles, components((*_singles(articles), *intact, *_equal_short(articles), *links)))


class _Text(NamedTuple):
    """A long text's sketch and how many different runs of words it has."""

    article: str
    runs: int
    sketch: _Sketch


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", without_controls(text)).casefold()
    return [match[0] for match, _ in zip(_WORD.finditer(folded), range(MAX_WORDS), strict=False)]


def _new_sketch() -> _Sketch:
    from rensa import RMinHash  # type: ignore[import-untyped]

    sketch: _Sketch = RMinHash(num_perm=_NUMBERS, seed=_SEED)
    return sketch


def _index_of(texts: Sequence[_Text]) -> _Index:
    from rensa import RMinHashLSH

    index: _Index = RMinHashLSH(threshold=COPY_SIMILARITY, num_perm=_NUMBERS, num_bands=_BANDS)
    index.insert_many([text.sketch for text in texts])
    return index


def _long(articles: Iterable[Copy]) -> list[_Text]:
    texts: list[_Text] = []
    for item in articles:
        if _kind(item) == _SHORT:
            continue
        sketch = _new_sketch()
        try:
            sketch.__setstate__(item.signature[_HEAD.size :])
        except ValueError as error:
            raise _outdated(item) from error
        texts.append(_Text(item.article, _HEAD.unpack_from(item.signature)[2], sketch))
    return texts


def _kind(item: Copy) -> bytes:
    stored = item.signature
    if len(stored) < _HEAD.size or stored[0] != _FORMAT or stored[1:2] not in (_SHORT, _LONG):
        raise _outdated(item)
    return stored[1:2]


def _outdated(item: Copy) -> StorageFailed:
    return StorageFailed(
        f"The signature of article {item.article} is not one of this version: expected format {_FORMAT}.",
        hint="Make the derived data again with `assess-role corpus reindex`.",
    )


def _singles(articles: Iterable[Copy]) -> Iterator[list[str]]:
    return ([item.article] for item in articles)


def _equal_short(articles: Iterable[Copy]) -> Iterable[list[str]]:
    equal: dict[bytes, list[str]] = {}
    for item in articles:
        if _kind(item) == _SHORT:
            equal.setdefault(item.signature, []).append(item.article)
    return equal.values()


def _all_links(texts: Sequence[_Text]) -> Iterator[tuple[str, str]]:
    """Enough pairs of copies to connect all that belong together.

    A text leaves the index when it is reached, so that 10,000 copies of one text cost no 10,000² comparisons.
    """
    index = _index_of(texts)
    left = dict.fromkeys(range(len(texts)))
    while left:
        reached = [next(iter(left))]
        _take(reached, left, index)
        while reached:
            here = texts[reached.pop()]
            found = _copies_of(here, texts, index)
            _take(found, left, index)
            reached += found
            yield from ((here.article, texts[at].article) for at in found)


def _take(found: Sequence[int], left: dict[int, None], index: _Index) -> None:
    for at in found:
        del left[at]
        index.remove(at)


def _links_of(texts: Sequence[_Text], wanted: Collection[str]) -> Iterator[tuple[str, str]]:
    """All pairs of copies of which one is wanted."""
    few = [text for text in texts if text.article in wanted]
    index = _index_of(few)
    for text in texts:
        yield from ((text.article, few[at].article) for at in _copies_of(text, few, index))


def _copies_of(text: _Text, texts: Sequence[_Text], index: _Index) -> list[int]:
    jaccard = text.sketch.jaccard
    alike = ((at, jaccard(texts[at].sketch)) for at in index.query(text.sketch))
    return [at for at, similarity in alike if similarity >= _LEAST and _are_copies(text, texts[at], similarity)]


def _are_copies(one: _Text, other: _Text, similarity: float) -> bool:
    if similarity >= COPY_SIMILARITY:
        return True
    shorter, longer = sorted((one.runs, other.runs))
    common = similarity / (1 + similarity) * (shorter + longer)
    return shorter > CUT_LENGTH * longer and common >= CUT_SHARE * shorter


def _named(articles: Sequence[Copy], groups: Iterable[Sequence[str]]) -> dict[str, str]:
    # A letter stands after every digit: `unknown` is later than any date.
    age = {item.article: (item.date, item.article) for item in articles}
    originals = ((min(group, key=lambda member: age[member]), group) for group in groups)
    return {article: original for original, group in originals for article in group}
