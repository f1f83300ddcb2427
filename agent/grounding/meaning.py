"""Whether a claim says what its quotes say: direction, denial, certainty, opposites, subject and reach.

The checks are lexical. They compare words of known meaning (`lexicon.py`) and how much of a claim's vocabulary its
evidence has. They find bent evidence, not every bend: what only a reader sees is left to the reviewer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from agent.grounding import lexicon
from agent.grounding.language import Analysis, Clause, Word, analyse, stem, stems_of

REACH_AFTER, REACH_BEFORE = 6, 3
"""How many words a negator may stand before or after the word that it denies."""
BEFORE_FIGURE, AFTER_FIGURE = 4, 2
"""How many words before or after a figure the word may stand that tells where it goes."""
SCOPE = 6
"""How many words after a negator it denies at most."""
LEAST_CLAUSE = 2
"""Content words from which a clause is asked whether its evidence has them."""
LEAST_FOLLOWED = 4
"""Content words from which a sentence is compared with another word for word."""
ALIGNED_SHARE = 0.6
"""Two sentences are compared word for word when this share of one stands in the other in the same order."""
FOLLOWED_SHARE = 0.7
"""A sentence is followed when this share of its content words stands in the other in the same order."""
EXCHANGED = 2
"""Words that may stand for others in a sentence that is otherwise followed."""
CLAUSE_SHARE = 0.5
"""Of a clause's content words this share stands in the evidence at least."""
QUOTE_SHARE = 0.5
"""Of a claim's content words this share stands in its quotes and their sentences at least."""

_YEAR = re.compile(r"(?:19|20)\d\d")
_NEGATORS = frozenset(lexicon.NEGATORS.split())
_HEDGES, _LIMITS, _STRONG = (frozenset(words.split()) for words in (lexicon.HEDGES, lexicon.LIMITS, lexicon.STRONG))
_UP_STEMS, _DOWN_STEMS = stems_of(lexicon.UP), stems_of(lexicon.DOWN)
_RESTRICTING = _LIMITS | frozenset(lexicon.DOUBTFUL.split()) | frozenset(lexicon.RESTRICTING.split())
_DOUBTFUL = frozenset(lexicon.DOUBTFUL.split())
_BOUNDS: Mapping[str, str] = {
    **dict.fromkeys(("over", "above", "exceeding", "more than", "at least", "least"), "least"),
    **dict.fromkeys(("under", "below", "less than", "fewer than", "up to", "at most", "most", "just", "only"), "most"),
    **dict.fromkeys(("fewer", "less", "more"), "compared"),
    "by": "by", "to": "to",
}  # fmt: skip
_AGAINST: Mapping[str, str] = {"least": "most", "most": "least", "by": "to", "to": "by"}
_NUMBER = (
    r"(?:about |around |nearly |almost |roughly )?[$\u20ac\u00a3]?(?P<{0}>\d{{1,12}}(?:,\d{{3}})*(?:\.\d{{1,4}})?)"
)
_FROM_TO = re.compile(
    rf"\bfrom {_NUMBER.format('low')} ?%?(?! ?[-/])(?:[^.;:\d]|\b(?:19|20)\d\d\b){{0,40}}?"
    rf"\bto {_NUMBER.format('high')}(?![\d-])"
)
_COMPARED = frozenset({"more", "less", "up", "down", "over", "below"})


@dataclass(frozen=True)
class Doubt:
    """One way in which a claim says something else than its evidence."""

    code: str
    """The finding's code."""
    message: str
    start: int
    end: int
    """Offsets into the normalised claim."""
    certain: bool = False
    """Whether it is plain enough to block the claim."""


@dataclass(frozen=True)
class Support:
    """What a claim stands on."""

    quotes: tuple[Analysis, ...]
    """The quoted words themselves."""
    around: tuple[Analysis, ...]
    """The sentences they are taken from."""
    passages: tuple[Analysis, ...]
    """The cited passages as a whole, with their titles."""
    known: frozenset[str]
    """Stems that need no support: the role's own words, the names of the sources."""

    @cached_property
    def near(self) -> frozenset[str]:
        """Stems of the quotes and their sentences."""
        return frozenset().union(*(text.stems for text in (*self.quotes, *self.around)))

    @cached_property
    def far(self) -> frozenset[str]:
        """Stems of everything cited."""
        return self.near.union(*(text.stems for text in self.passages))

    @cached_property
    def quoted(self) -> frozenset[str]:
        """Stems of the quotes alone."""
        return frozenset().union(*(text.stems for text in self.quotes))

    @cached_property
    def texts(self) -> frozenset[str]:
        """Words of the quotes and their sentences as written."""
        return frozenset().union(*(text.texts for text in (*self.quotes, *self.around)))

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """The clauses of the quotes."""
        return tuple(clause for text in self.quotes for clause in text.clauses)


def doubts(claim: str, support: Support) -> tuple[Doubt, ...]:
    """Every way in which `claim` says something else than `support`, in no particular order."""
    said = analyse(claim)
    return (
        *_figure_direction(said, support),
        *_bounds(said, support),
        *_ends(said),
        *_direction(said, support),
        *_negation(said, support),
        *_opposites(said, support),
        *_subject(said, support),
        *_substituted(said, support),
        *_turned(said, support),
        *_certainty(said, support),
        *_reach(said, support),
    )


def _direction(said: Analysis, support: Support) -> Iterator[Doubt]:
    for clause in said.clauses:
        way, word = _way(clause)
        if word is None or not way:
            continue
        nearest = _nearest(clause, support.clauses)
        ways = {_way(found)[0] for found in nearest} or {_way(found)[0] for found in support.clauses}
        if way in ways or (0 in ways and ways != {0}):
            continue
        everywhere = {_way(found)[0] for found in support.clauses}
        if way in everywhere and nearest == ():
            continue
        if -way in ways or (ways == {0} and -way in everywhere and way not in everywhere):
            yield Doubt(
                "G-DIRECTION",
                f'"{word.text}" points the other way than the quote.',
                word.start,
                word.end,
                certain=any(w.text.isdecimal() for w in clause.words) and -way in ways,
            )


def _figure_direction(said: Analysis, support: Support) -> Iterator[Doubt]:
    """Where one figure is said to go up in the claim and down in its quote, or the other way round."""
    theirs: dict[str, set[int]] = {}
    for text in support.quotes:
        for figure, way, _ in _ways_of_figures(text):
            theirs.setdefault(figure, set()).add(way)
    for figure, way, word in _ways_of_figures(said):
        if figure in theirs and way not in theirs[figure]:
            message = f'"{word.text}" points the other way than the quote does for {figure}.'
            yield Doubt("G-DIRECTION", message, word.start, word.end, certain=True)
            return


def _bounds(said: Analysis, support: Support) -> Iterator[Doubt]:
    """Where a figure is the least in the claim and the most in its quote, or fell to it instead of by it."""
    theirs: dict[str, set[str]] = {}
    for text in support.quotes:
        for figure, bound, _ in _bounded(text):
            theirs.setdefault(figure, set()).add(bound)
    for figure, bound, word in _bounded(said):
        other = _AGAINST.get(bound)
        if other in theirs.get(figure, ()) and bound not in theirs[figure]:
            message = f'"{word.text}" bounds {figure} otherwise than the quote does.'
            yield Doubt("G-DIRECTION", message, word.start, word.end, certain=True)
            return


def _bounded(text: Analysis) -> Iterator[tuple[str, str, Word]]:
    """Each number in digits with what it is: at least, at most, a change by it, a change to it."""
    for sentence in text.sentences:
        words = sentence.words
        for at, word in enumerate(words):
            before = words[max(0, at - 2) : at]
            if not _has_digit(word.text) or _YEAR.fullmatch(word.text) or not before:
                continue
            pair = " ".join(other.text for other in before)
            bound = _BOUNDS.get(pair) or _BOUNDS.get(before[-1].text)
            if bound is not None:
                yield word.text, bound, before[-1]


def _ends(said: Analysis) -> Iterator[Doubt]:
    """Where something rises from more to less, or falls from less to more."""
    for match in _FROM_TO.finditer(said.text):
        if _YEAR.fullmatch(match["low"]) or _YEAR.fullmatch(match["high"]):
            continue
        before = said.text[max(0, match.start() - 60) : match.start()].rpartition(". ")[2]
        stems = {word.stem for word in analyse(before).words}
        low, high = (Fraction(match[name].replace(",", "")) for name in ("low", "high"))
        if ("rise" in stems) != ("fall" in stems) and low != high and (low < high) != ("rise" in stems):
            message = f'"{match[0]}" does not go the way the claim says.'
            yield Doubt("G-DIRECTION", message, *match.span(), certain=True)
            return


def _ways_of_figures(text: Analysis) -> Iterator[tuple[str, int, Word]]:
    """Each number in digits with the direction of the word next to it, closer before than after."""
    for sentence in text.sentences:
        words = sentence.words
        for at, word in enumerate(words):
            if not _has_digit(word.text) or _YEAR.fullmatch(word.text):
                continue
            near = [*reversed(words[max(0, at - BEFORE_FIGURE) : at]), *words[at + 1 : at + 1 + AFTER_FIGURE]]
            for other in near:
                if other.text in _BOUNDS and other.start < word.start:
                    continue
                if _has_digit(other.text):
                    break
                if other.text in _NEGATORS:
                    break
                way = (other.stem in _UP_STEMS) - (other.stem in _DOWN_STEMS)
                if way:
                    yield word.text, way, other
                    break


def _way(clause: Clause) -> tuple[int, Word | None]:
    """+1 up, -1 down, 0 neither or both, and the word that says so. A denied direction is none."""
    ups = [word for at, word in enumerate(clause.words) if _points(clause.words, at, _UP_STEMS)]
    downs = [word for at, word in enumerate(clause.words) if _points(clause.words, at, _DOWN_STEMS)]
    if bool(ups) == bool(downs) or clause.texts & _NEGATORS:
        return 0, None
    return (1, ups[0]) if ups else (-1, downs[0])


def _points(words: Sequence[Word], at: int, stems: Set[str]) -> bool:
    """Whether a word tells a direction; "more" and "less" do so after a number only, as in "14% more"."""
    word = words[at]
    if word.text in _COMPARED and not (at > 0 and _has_digit(words[at - 1].text)):
        return False
    return word.stem in stems


def _nearest(clause: Clause, among: Sequence[Clause]) -> tuple[Clause, ...]:
    """The clauses that share most content with `clause`; none where that is too little to go by."""
    wanted = clause.stems - _UP_STEMS - _DOWN_STEMS | {w.text for w in clause.words if w.text.isdecimal()}
    shared = [len(wanted & (found.stems | found.texts)) for found in among]
    most = max(shared, default=0)
    if most == 0 or (most < 2 and len(wanted) > 2):
        return ()
    return tuple(found for found, size in zip(among, shared, strict=True) if size == most)


def _negation(said: Analysis, support: Support) -> Iterator[Doubt]:
    for negator, first, second in _denials(said):
        found = _denied_at(first, support.around) or _denied_at(second, support.around)
        if found and not any(found):
            message = f'"{negator.text}" denies what the quote does not deny.'
            yield Doubt("G-NEGATION", message, negator.start, negator.end)
            return
    for text in support.quotes:
        for negator, first, second in _denials(text):
            if first is None or second is None or second.stem not in said.content:
                continue
            found = _denied_at(first, (said,))
            if found and not any(found):
                message = f'The quote\'s "{negator.text}" is missing from the claim.'
                yield Doubt("G-NEGATION", message, 0, len(said.text))
                return


def _denials(text: Analysis) -> Iterator[tuple[Word, Word | None, Word | None]]:
    """Each negator with the next content word of its sentence and one more: the next but one, or the last before."""
    for sentence in text.sentences:
        words = sentence.words
        for at, word in enumerate(words):
            if not _denies(words, at):
                continue
            after = [w for w in words[at + 1 : at + 1 + SCOPE] if w.content and w.text not in _NEGATORS]
            before = [w for w in words[max(0, at - SCOPE) : at] if w.content and w.text not in _NEGATORS]
            beside = [*after, *reversed(before)]
            yield word, beside[0] if beside else None, beside[1] if len(beside) > 1 else None


def _denied_at(word: Word | None, texts: Iterable[Analysis]) -> list[bool]:
    """For each place where the texts have the word, whether a negator stands close by."""
    if word is None:
        return []
    found = []
    for sentence in (s for text in texts for s in text.sentences):
        words = sentence.words
        denied = [at for at in range(len(words)) if _denies(words, at)]
        found += [
            any(-REACH_AFTER <= at - place < 0 or 0 < at - place <= REACH_BEFORE for at in denied)
            for place, other in enumerate(words)
            if other.stem == word.stem
        ]
    return found


def _denies(words: Sequence[Word], at: int) -> bool:
    """Whether the word there is a negator, "rather" of "rather than" and "instead" of "instead of" among them."""
    text, following = words[at].text, words[at + 1].text if at + 1 < len(words) else ""
    if text == "rather":
        return following == "than"
    if text == "instead":
        return following == "of"
    if text == "without" and (following in {"it", "them"} or (at > 0 and words[at - 1].text in {"and", "or"})):
        return False
    if text == "not" and following in {"only", "just", "least"}:
        return False
    return text in _NEGATORS and not (text == "no" and following in {"doubt", "wonder"})


def _opposites(said: Analysis, support: Support) -> Iterator[Doubt]:
    for word in said.words:
        others = _OPPOSITES.get(word.text) or _OPPOSITES.get(word.stem)
        if not others or word.stem in support.near or word.text in support.texts:
            continue
        found = sorted(other for other in others if other in support.quoted and other not in said.stems)
        if found:
            message = f'"{word.text}" is the opposite of what the quote says.'
            yield Doubt("G-OPPOSITE", message, word.start, word.end)
            return


def _subject(said: Analysis, support: Support) -> Iterator[Doubt]:
    for word in said.words:
        family = _FAMILIES.get(word.stem)
        if family is None or word.stem in support.near or word.stem in support.known:
            continue
        if any(other in support.quoted for other in family - said.stems):
            message = f'The quote speaks of another than "{word.text}".'
            yield Doubt("G-SUBJECT", message, word.start, word.end)
            return


def _substituted(said: Analysis, support: Support) -> Iterator[Doubt]:
    """Where a sentence of the claim follows one of the evidence word for word but for a word or two."""
    for sentence in said.sentences:
        ours = [word for word in sentence.words if word.content]
        if len(ours) < LEAST_FOLLOWED:
            continue
        for text in support.around:
            theirs = [word for word in text.words if word.content]
            found = _exchange(ours, theirs, support)
            if found is not None:
                word, other = found
                message = f'The quote has "{other.text}" where the claim has "{word.text}".'
                yield Doubt("G-WORD-CHANGED", message, word.start, word.end)
                return


def _turned(said: Analysis, support: Support) -> Iterator[Doubt]:
    """Where a sentence follows one of the evidence but for a word that turns or widens it."""
    for sentence in said.sentences:
        for other in (s for text in support.around for s in text.sentences):
            for ours, theirs in _exchanges(sentence.words, other.words):
                doubt = _turn(ours, theirs, said)
                if doubt is not None:
                    yield doubt
                    return


def _exchanges(ours: Sequence[Word], theirs: Sequence[Word]) -> Iterator[tuple[Sequence[Word], Sequence[Word]]]:
    """The places where two sentences differ by a few words between words they share."""
    if len(ours) < LEAST_FOLLOWED:
        return
    matcher = SequenceMatcher(None, [w.text for w in ours], [w.text for w in theirs], autojunk=False)
    steps = matcher.get_opcodes()
    followed = sum(end - start for kind, start, end, _, _ in steps if kind == "equal")
    if followed < len(ours) * ALIGNED_SHARE:
        return
    for at, (kind, start, end, begin, stop) in enumerate(steps):
        if kind == "equal" or max(end - start, stop - begin) > EXCHANGED or (at == 0 and kind != "replace"):
            continue
        if at + 1 < len(steps):
            yield ours[start:end], theirs[begin:stop]


def _turn(ours: Sequence[Word], theirs: Sequence[Word], said: Analysis) -> Doubt | None:
    place = (ours[0].start, ours[-1].end) if ours else (0, len(said.text))
    for word in ours:
        for other in theirs:
            if other.stem in _OPPOSITES.get(word.text, ()) or other.text in _OPPOSITES.get(word.text, ()):
                return Doubt("G-OPPOSITE", f'The quote has "{other.text}" where the claim has "{word.text}".', *place)
    if _sign(ours) * _sign(theirs) < 0:
        message = f'"{ours[0].text}" points the other way than the quote\'s "{theirs[0].text}".'
        return Doubt("G-DIRECTION", message, *place)
    lost = [word for word in theirs if word.text in _RESTRICTING and word.text not in said.texts and not word.capital]
    if lost and not any(word.text in _RESTRICTING or word.stem == lost[0].stem for word in ours):
        message = f'The quote\'s "{lost[0].text}" is missing: the claim says more than its source.'
        return Doubt("G-STRENGTHENED", message, *place)
    return None


def _sign(words: Sequence[Word]) -> int:
    ups, downs = ({w.stem for w in words} & _UP_STEMS), ({w.stem for w in words} & _DOWN_STEMS)
    return bool(ups) - bool(downs)


def _exchange(ours: Sequence[Word], theirs: Sequence[Word], support: Support) -> tuple[Word, Word] | None:
    matcher = SequenceMatcher(None, [w.stem for w in ours], [w.stem for w in theirs], autojunk=False)
    steps = matcher.get_opcodes()
    followed = sum(end - start for kind, start, end, _, _ in steps if kind == "equal")
    if followed < len(ours) * FOLLOWED_SHARE or followed < LEAST_FOLLOWED - 1:
        return None
    for at, (kind, start, end, begin, stop) in enumerate(steps):
        if kind != "replace" or end - start > EXCHANGED or stop - begin > EXCHANGED:
            continue
        flanked = (at > 0 and at + 1 < len(steps)) or end - start == 1
        strange = [w for w in ours[start:end] if w.stem not in support.near and w.stem not in support.known]
        if flanked and strange and not _has_digit(strange[0].text) and not _is_form(strange[0], theirs[begin]):
            return strange[0], theirs[begin]
    return None


def _is_form(word: Word, other: Word) -> bool:
    """Whether both may be forms of one word that the stemmer does not bring together: "reran", "rerunning"."""
    return word.text[:3] == other.text[:3]


def _certainty(said: Analysis, support: Support) -> Iterator[Doubt]:
    for word in said.words:
        if word.text in _STRONG and word.text not in support.texts and not _is_said(word, support):
            if word.text in {"will", "shall"} and (said.texts & _HEDGES or not support.texts & _DOUBTFUL):
                continue
            message = f'"{word.text}" is stronger than anything the quote says.'
            yield Doubt("G-STRENGTHENED", message, word.start, word.end)
            return
    if said.texts & (_HEDGES | _LIMITS):
        return
    for clause in support.clauses:
        hedge = next((word for at, word in enumerate(clause.words) if _doubts(clause.words, at)), None)
        if hedge is not None and _covers(said, clause.stems - {hedge.stem}):
            message = f'The quote\'s "{hedge.text}" is missing: the claim is more certain than its source.'
            yield Doubt("G-STRENGTHENED", message, 0, len(said.text))
            return


def _is_said(word: Word, support: Support) -> bool:
    """Whether the evidence has a form of a strong word that is as strong: "confirmed" for "confirms"."""
    return any(
        other.text[:5] == word.text[:5] and other.text in _STRONG for text in support.quotes for other in text.words
    )


def _doubts(words: Sequence[Word], at: int) -> bool:
    """Whether the word there makes its clause uncertain: "could be", not "could use" nor the month of May."""
    word = words[at]
    if word.text == "could":
        return at + 1 < len(words) and words[at + 1].text in {"be", "have", "become", "soon", "also", "still", "mean"}
    return word.text in _DOUBTFUL and not word.capital


def _covers(said: Analysis, stems: Set[str]) -> bool:
    """Whether the claim says most of what the stems are about."""
    return len(stems & said.content) * 2 >= max(len(stems), 2)


def _reach(said: Analysis, support: Support) -> Iterator[Doubt]:
    covered = support.far | support.known
    for clause in said.clauses:
        own = [word for word in clause.words if word.content and not _has_digit(word.text)]
        missing = [word for word in own if not _is_in(word.stem, covered)]
        if len(own) >= LEAST_CLAUSE and len(missing) > len(own) * (1 - CLAUSE_SHARE):
            listed = ", ".join(word.text for word in missing)
            message = f"Nothing cited speaks of: {listed}."
            yield Doubt("G-BEYOND-SUPPORT", message, missing[0].start, missing[-1].end)
            return
    own = [word for word in said.words if word.content and not _has_digit(word.text) and word.stem not in support.known]
    missing = [word for word in own if not _is_in(word.stem, support.near)]
    if own and len(missing) > len(own) * (1 - QUOTE_SHARE):
        yield Doubt("G-QUOTE-UNRELATED", "The quotes share little with the claim.", 0, len(said.text))


def _is_in(wanted: str, stems: Set[str]) -> bool:
    """A hyphenated word is also there when its parts are."""
    return wanted in stems or ("-" in wanted and all(part in stems for part in wanted.split("-") if len(part) > 2))


def _has_digit(word: str) -> bool:
    return any(character.isdecimal() for character in word)


def _pairs(lines: str) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in lines.splitlines():
        for one, other in pairwise(line.split()):
            for key in {one, stem(one)}:
                found.setdefault(key, set()).add(stem(other))
            for key in {other, stem(other)}:
                found.setdefault(key, set()).add(stem(one))
    return {word: frozenset(others) for word, others in found.items()}


def _families(lines: str) -> Mapping[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in lines.splitlines():
        members = stems_of(line)
        for member in members:
            found[member] = found.get(member, frozenset()) | (members - {member})
    return found


_OPPOSITES = _pairs(lexicon.OPPOSITES)
_FAMILIES = _families(lexicon.FAMILIES)
