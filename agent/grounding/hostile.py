"""Text aimed at a model instead of a reader. A mark for the drafting model and the reviewer, not a filter.

Looked for in the text as it reads after normalisation (invisible characters dropped, look-alike letters folded), and in
what hides in it: HTML comments, base64, hexadecimal, percent-encoding, rot13 and text written backwards.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from agent.grounding.hostile_needles import NEEDLES
from agent.grounding.hostile_phrases import LINE_PATTERNS, PATTERNS
from agent.grounding.normalise import normal_text

_LOOK_ALIKE = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0406\u0405\u0408\u03bf\u03b1\u03bd\u03b9\u03ba\u0391\u0392\u0395\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a7\u0131",
    "aeopcyxijshdABEKMHOPCTXISJoavikABEHIKMNOPTXi",
)
_DOTTED = str.maketrans("\u0130\u0131", "ii")
"""What `re.IGNORECASE` takes for an i and `str.lower` does not."""
_LATIN_AMONG = re.compile(r"[A-Za-z][\u0370-\u03ff\u0400-\u052f]|[\u0370-\u03ff\u0400-\u052f][A-Za-z]")
_ADDRESSES = re.compile(
    r"\b(?:models?|llms?|ai|assistants?|agents?|prompts?|instructions?|ignore|disregard|scores?|rate|rating|output|respond|"
    r"answer|cite|must|always|never|reviewer|assessor|summari[sz]e|green|zone)\b",
    re.IGNORECASE,
)
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{20,4000}={0,2}")
_HEX = re.compile(r"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}[ :]?){16,2000}")
_PERCENT = re.compile(r"(?:[\w.-]{0,40}%[0-9A-Fa-f]{2}){3,500}[\w.-]{0,40}")
_PERCENT_CODE = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_LEET = re.compile(r"[a-zA-Z][013457][a-zA-Z013457]")
LEAST_LEET = 3
"""So many words with digits among their letters are a disguise."""
_DIGITS = str.maketrans("013457$@", "oieastsa")
_TURNED = frozenset(
    {"eht", "dna", "siht", "uoy", "ruoy", "erocs", "elor", "lla", "erongi", "tegrof", "tpmorp", "ledom", "snoitcurtsni"}
)
_ROTATED = frozenset(
    {"gur", "naq", "guvf", "lbh", "lbhe", "fpber", "ebyr", "nyy", "vtaber", "sbetrg", "cebzcg", "zbqry", "vafgehpgvbaf"}
)
_WORD = re.compile(r"\w+")
_SPACED = re.compile(r"(?:(?<!\S)[^\W\d_] ){12,}")
"""So many single letters in a row are words pulled apart."""
_SENTENCE_EDGE = re.compile(r"[.!?\u3002\uff01\uff1f\n]")
_MAX_HIDDEN = 40
"""How many encoded runs of one text are decoded at most."""


def looks_like_instruction(text: str) -> bool:
    """True when the text holds an imperative aimed at a model, a claim about what the reader is, or chat markup."""
    return bool(instruction_spans(text))


@lru_cache(maxsize=4096)
def instruction_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Where `text` addresses a model: whole sentences as offsets into it, ascending, joined where they overlap."""
    normal = normal_text(text)
    flat = _folded(normal.text)
    found = [normal.original(*_sentence(flat, start, end)) for start, end in _plain_spans(flat) if end > start]
    found += list(_line_spans(text))
    found += list(_hidden_spans(text))
    if normal.text and _disguised(flat):
        found.append(normal.original(0, len(normal.text)))
    return _joined(found)


class _Needles(NamedTuple):
    """Finds the strings that patterns need in one pass: looked for one by one they took most of an ingest's time."""

    finder: AhoCorasick
    bits: Mapping[str, int]
    patterns: Sequence[tuple[str, Sequence[int]]]
    """A pattern and the strings, as bits, of which a text must have one of each group; once for each alternative."""


@cache
def _needles() -> _Needles:
    needles = sorted({needle for alternatives in NEEDLES for groups in alternatives for needle in chain(*groups)})
    bits = {needle: 1 << at for at, needle in enumerate(needles)}
    patterns = [
        (pattern, [sum(bits[needle] for needle in group) for group in groups])
        for pattern, alternatives in zip(PATTERNS, NEEDLES, strict=True)
        for groups in alternatives
    ]
    return _Needles(AhoCorasick(needles), bits, patterns)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _plain_spans(flat: str) -> Iterator[tuple[int, int]]:
    lower = flat.translate(_DOTTED).lower()
    needles = _needles()
    present = sum(
        needles.bits[needle] for needle in set(needles.finder.find_matches_as_strings(lower, overlapping=True))
    )
    for pattern, groups in needles.patterns:
        for group in groups:
            if not present & group:
                break
        else:
            for match in _compiled(pattern).finditer(flat):
                yield match.span()


def _line_spans(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for line in text.splitlines(keepends=True):
        if any(pattern.search(line) for pattern in LINE_PATTERNS):
            yield at, at + len(line)
        at += len(line)


def _hidden_spans(text: str) -> Iterator[tuple[int, int]]:
    for start, end in _comments(text):
        said = text[start:end].strip("<!->")
        if len(said.split()) >= 3 and len(_ADDRESSES.findall(said)) >= 2:
            yield start, end
    for at, match in enumerate(_BASE64.finditer(text)):
        if at >= _MAX_HIDDEN:
            break
        if _says_something(_decoded(match[0])):
            yield match.span()
    for match in _HEX.finditer(text):
        if _says_something(_from_hex(match[0])):
            yield match.span()
    for match in _PERCENT.finditer(text) if _PERCENT_CODE.search(text) else ():
        if _is_hostile(_PERCENT_CODE.sub(_unquoted, match[0])):
            yield match.span()


def _comments(text: str) -> Iterator[tuple[int, int]]:
    """The HTML comments of a text; one that is not closed goes to its end."""
    start = text.find("<!--")
    while start >= 0:
        close = text.find("-->", start + 4)
        end = close + 3 if close >= 0 else len(text)
        yield start, end
        start = text.find("<!--", end)


def _disguised(flat: str) -> bool:
    """Whether it addresses a model once it is read backwards, by rot13, with digits for letters or letter by letter."""
    # A text in plain English has "the" or "and"; one that is turned round or rotated has them so.
    words = set(_WORD.findall(flat.lower()))
    variants = [flat[::-1]] if not _TURNED.isdisjoint(words) else []
    variants += [codecs.encode(flat, "rot13")] if not _ROTATED.isdisjoint(words) else []
    if len(_LEET.findall(flat)) >= LEAST_LEET:
        variants.append(flat.translate(_DIGITS))
    if _SPACED.search(flat):
        return True
    return any(next(_plain_spans(variant), None) is not None for variant in variants)


def _decoded(written: str) -> str:
    padded = written.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(padded + "=" * (-len(padded) % 4), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _from_hex(written: str) -> str:
    digits = re.sub("[ :]", "", written)
    try:
        return bytes.fromhex(digits[: len(digits) // 2 * 2]).decode("utf-8")
    except (ValueError, UnicodeDecodeError):
        return ""


def _unquoted(match: re.Match[str]) -> str:
    return bytes.fromhex(match[0].replace("%", "")).decode("utf-8", errors="replace")


def _says_something(decoded: str) -> bool:
    """Whether what was hidden is words: an article has no reason to hide a sentence."""
    if len(decoded) < 10 or not decoded.isprintable():
        return _is_hostile(decoded)
    letters = sum(c.isalpha() or c == " " for c in decoded)
    return letters >= 0.8 * len(decoded) and decoded.count(" ") >= 2


def _is_hostile(text: str) -> bool:
    flat = _folded(normal_text(text).text)
    return next(_plain_spans(flat), None) is not None


def _folded(plain: str) -> str:
    """Letters that look Latin as Latin ones, in a text that mixes scripts inside words."""
    return plain.translate(_LOOK_ALIKE) if _LATIN_AMONG.search(plain) else plain


def _sentence(flat: str, start: int, end: int) -> tuple[int, int]:
    """The sentence around a match, at most 300 characters further on either side."""
    before = [match.end() for match in _SENTENCE_EDGE.finditer(flat, max(0, start - 300), start)]
    after = _SENTENCE_EDGE.search(flat, end, min(len(flat), end + 300))
    begin = before[-1] if before else max(0, start - 300)
    while begin < start and flat[begin] == " ":
        begin += 1
    return begin, after.end() if after else min(len(flat), end + 300)


def _joined(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return tuple(joined)
