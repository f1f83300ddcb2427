"""Where a text that is too long may be cut: between sentences, else between lines, clauses, words or characters.

A figure stays with its sentence, and in a sentence that has to be cut with its sign, scale and unit. Every search looks
at one window of the text, so that the cost does not depend on what the text holds.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import partial

NUMBER = 100
"""Characters: a longer run of digits is no figure and may be cut."""

_SCRIPT_END = "。！？｡"
_CLOSERS = "\"'”’»)\\]」』）】》〉*_"
_SENTENCE_END = re.compile(rf"[.!?…؟۔।॥։።][{_CLOSERS}]*(?P<space>\s)|[{_SCRIPT_END}]+[{_CLOSERS}]*(?P<none>)")
_OPENERS = re.compile(r"\s*+[>\"'“‘«(\[*_¿¡]*+\s*+")
_NO_END = re.compile(
    r"(?:\b(?:[^\W\d_]|[^\W\d_]\.[^\W\d_]|vs|cf|approx|ca|circa|est|no|nos|fig|figs|eq|sec|ch|vol|pp?|ed|eds|al|etc|st|mr|mrs|ms"
    r"|dr|prof|inc|ltd|corp|co|dept|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|nr|art|abs|abb|tab|bzw|vgl|inkl|sog"
    r"|mio|mrd|bio|tsd|env|aprox|núm|pág|sra?|mme|rs|hon|gen|gov|sen|rep|univ|intl|min|max|avg)"
    r"|\d\s?[^\W\d_]{1,4}|(?<![^\s(])\d{1,2})\.$",
    re.IGNORECASE,
)
_LONG_WORD = re.compile(r"[^\W\d_]{5}\W*$")

_ONES = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|[a-z]+teen"
_COUNT = rf"{_ONES}|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundred|dozen|half|quarter"
_SCALE = "thousand|million|billion|trillion|lakhs?|crores?|mn|bn|tn|mio|mrd|tsd"
_CURRENCY = "USD|EUR|GBP|CHF|INR|CAD|AUD|US|Rs"
_TIME = "(?:second|minute|hour|day|week|month|quarter|year|decade)s?"
_UNIT = (
    rf"{_SCALE}|{_CURRENCY}|{_TIME}|dollars?|euros?|pounds?|per|cent|percent|percentage|basis|points?|bps|pct"
    "|times|fold"
)
_NOT_AFTER = r"\d$€£¥₹%‰±+−–—\-~≈<>=/^§#№"
_NOT_BEFORE = (
    rf"(?:[\d%‰٪$€£¥₹×^°]|[-+−–~≈<>=±(]\s?[\d$€£¥₹]|(?i:(?:{_COUNT}|{_UNIT}|to|and|or)\b)|\#{{1,6}}(?:\s|$)|\.\d)"
)
_INTO = (
    rf"{_CURRENCY}|per|percentage|basis|about|around|over|under|nearly|almost|approx\.?|at least|more than|less than"
    r"|up to|between|from|to|and|or|no\.?|(?:half|quarter)(?: of)?"
)
_INTO_FIGURE = re.compile(rf"\b(?:{_INTO})$", re.IGNORECASE)
_LINK = re.compile(r"\s*+(?:to|and|or)\b", re.IGNORECASE)
_COUNTED = re.compile(rf"(?:[\d%]|\b(?:{_COUNT}|{_UNIT}))$", re.IGNORECASE)
_INTO_PHRASE = re.compile(rf"\b(?:{_COUNT}|{_SCALE}|{_INTO})$", re.IGNORECASE)
_WORD = 16

_AFTER_WORD = rf"(?<![\s{_NOT_AFTER}])"
_GAP = rf"\s++(?!{_NOT_BEFORE})"
_LINE_END = re.compile(rf"{_AFTER_WORD}(?=[^\S\n]*\n){_GAP}")
_CLAUSE_END = re.compile(rf"(?<=[;:,|]){_GAP}|(?<=[、，；：])(?![\d%％])")
_WORD_END = re.compile(rf"{_AFTER_WORD}{_GAP}")
_LOOSE = re.compile(
    r"(?<![\s$€£¥₹±+−–\-~≈])\s++"
    rf"(?!\d{{3}}(?!\d)|(?i:{_COUNT}|{_UNIT}|x)\b|[%‰٪$€£¥₹](?!\s?\d)|×|\#{{1,6}}(?:\s|$))"
)
_AHEAD = 40
"""Characters past a window that tell what stands after its last place."""

_NEAR = 6
_JOINED = frozenset({"Mn", "Mc", "Me", "Sk", "Cf", "Cs"})
_GLUED = frozenset("\u200d\u034f")


def cut_near(text: str, low: int, wanted: int, limit: int) -> int:
    """The best place to cut `text` from `low` to `limit`, of equally good ones the nearest to `wanted`.

    `limit` lies inside the text, more than NUMBER characters after `low`.
    """
    tiers = (
        (_sentence_places, _is_end),
        (partial(_gaps, _LINE_END), _ends_no_phrase),
        (partial(_gaps, _CLAUSE_END), _ends_no_phrase),
        (partial(_gaps, _WORD_END), _ends_no_phrase),
        (partial(_gaps, _LOOSE), _leads_into_no_figure),
        (partial(_gaps, _LOOSE), _any),
    )
    for places, holds in tiers:
        for place in sorted(places(text, low, limit), key=lambda place: (abs(place - wanted), place)):
            if holds(text, place):
                return place
    return _between_characters(text, limit)


def sentence_ends(text: str, low: int, limit: int) -> Iterator[int]:
    """The places after `low` and not after `limit` at which a sentence ends and another begins, in order."""
    return (place for place in _sentence_places(text, low, limit) if _is_end(text, place))


def _sentence_places(text: str, low: int, limit: int) -> Iterator[int]:
    for match in _SENTENCE_END.finditer(text, low, limit + 1):
        place = match.end() - (match["space"] is not None)
        if low < place <= limit:
            yield place


def _is_end(text: str, place: int) -> bool:
    if not text[place].isspace():
        return True
    following = _OPENERS.match(text, place)
    after = text[following.end() : following.end() + 1] if following else ""
    if not after.isalnum() or after.islower():
        return False
    before = max(0, place - _WORD)
    if _NO_END.search(text, before, place):
        return False
    return not after.isdecimal() or _LONG_WORD.search(text, before, place) is not None


def _gaps(pattern: re.Pattern[str], text: str, low: int, limit: int) -> Iterator[int]:
    return (match.start() for match in pattern.finditer(text, low, limit + _AHEAD) if match.start() <= limit)


def _ends_no_phrase(text: str, place: int) -> bool:
    """Whether the words before `place` do not ask for the next one, as "more than", "US" or "five" do."""
    return _INTO_PHRASE.search(text, max(0, place - _WORD), place) is None


def _leads_into_no_figure(text: str, place: int) -> bool:
    low = max(0, place - _WORD)
    linked = _LINK.match(text, place) is not None and _COUNTED.search(text, low, place) is not None
    return not linked and _INTO_FIGURE.search(text, low, place) is None


def _any(text: str, place: int) -> bool:
    return True


def _between_characters(text: str, limit: int) -> int:
    """The last place up to `limit` that is near no digit, else in no number, else in no composed character."""
    for allowed in (_is_far_from_digits, _is_in_no_number, _is_between):
        for cut in range(limit, limit - NUMBER, -1):
            if _is_between(text, cut) and allowed(text, cut):
                return cut
    return limit


def _is_between(text: str, cut: int) -> bool:
    """Whether a composed character, an emoji or a pair of surrogates does not lie across `cut`."""
    after, before = text[cut], text[cut - 1]
    return unicodedata.category(after) not in _JOINED and before not in _GLUED and after not in _GLUED


def _is_far_from_digits(text: str, cut: int) -> bool:
    return not any(character.isdigit() or character in "$€£¥₹" for character in text[cut - _NEAR : cut + 1])


def _is_in_no_number(text: str, cut: int) -> bool:
    return not text[cut].isdigit() and not text[cut - 1].isdigit() and text[cut - 1] not in "$€£¥₹+-−.,"
