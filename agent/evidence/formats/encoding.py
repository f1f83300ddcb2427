"""Bytes of unknown encoding to clean text."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from agent.evidence.document import Unreadable
from agent.schemas.text import without_controls

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""")
_MEANT = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "shift_jis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "iso8859-9": "cp1254",
    "utf-16": "utf-8",
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
}
"""What browsers take a declared name for (WHATWG Encoding Standard, section 4.2): a declaration that can be read as
ASCII cannot stand in UTF-16."""
_REFUSED = frozenset({"utf-7", "punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined"})
_CANDIDATES = [
    "cp1252", "cp932", "gb18030", "big5", "cp949", "euc_jp", "koi8_r", "cp1251", "cp1250", "cp1253", "cp1254",
    "cp1255", "cp1256",
]  # fmt: skip
"""Encodings that articles are still found in; a longer list makes the guess worse."""
_WIDE = frozenset({"cp932", "gb18030", "big5", "cp949", "euc_jp"})
"""Those of them that write a character in more than one byte."""
_BY_CHANCE = 3
"""So many characters of one line can be UTF-8 by chance in an encoding of several bytes: 目录 in GBK."""
_NAMES = {f"cp{page}": f"Windows-{page}" for page in range(1250, 1257)} | {"koi8_r": "KOI8-R"}
_UNTOLD = "its character encoding cannot be told: save it as UTF-8"
_ESCAPE_CODED = re.compile(rb"\x1b\$[@B]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_HEAD = 4096
_RUN = re.compile(r"[^\x00-\x7f]{3,}")
"""More characters beyond ASCII in a row than words of a Latin script have."""
_STRAY = re.compile("[\udc80-\udcff]")


class Decoded(NamedTuple):
    """Text, and what was assumed to get it."""

    text: str
    note: str = ""
    """Half a sentence for the user where the bytes are of more than one encoding; empty otherwise."""


def decode(data: bytes, *, declared: str | None = None) -> str:
    """The text of `data`, without control characters, lines ended by line feeds.

    In this order: a byte order mark, UTF-8, the `declared` encoding, UTF-16 by its zero bytes, the most probable legacy
    encoding, line by line where some lines are UTF-8. Raises Unreadable for binary data and for an encoding that cannot
    be told.
    """
    return decoded(data, declared=declared).text


def decoded(data: bytes, *, declared: str | None = None) -> Decoded:
    """As `decode`, and what was assumed."""
    text, note = _decoded(data, declared)
    if len(_CONTROL.findall(text)) > 2 + len(text) // 200:
        raise Unreadable("it is binary data, not text")
    return Decoded(without_controls(text), note)


def declared_charset(data: bytes) -> str | None:
    """The encoding that an HTML or XML file names in its first 4,096 bytes."""
    match = _DECLARED.search(data[:_HEAD])
    return match.group(1).decode("ascii") if match else None


def _decoded(data: bytes, declared: str | None) -> Decoded:
    for mark, name in _BOMS:
        if data.startswith(mark):
            return Decoded(_strict(data, name, f"it is not the {name.removesuffix('-sig').upper()} that it starts as"))
    if _ESCAPE_CODED.search(data[:_HEAD]):
        return Decoded(_strict(data, "iso2022_jp_2", "it is not the ISO-2022-JP that it looks like"))
    text = _utf8(data)
    if text is not None and "\0" not in text:
        return Decoded(text)
    for codec in (_codec(declared), _wide(data)):
        try:
            if codec == "cp1252" and b"\0" not in data:
                # What servers and editors say when they do not know: lines of UTF-8 may stand below it.
                return _by_line(data, codec)
            if codec is not None:
                return Decoded(data.decode(codec))
        except (UnicodeDecodeError, LookupError, Unreadable):
            continue
    if b"\0" in data:
        raise Unreadable("it is binary data, not text")
    return _by_line(data)


def _strict(data: bytes, name: str, reason: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise Unreadable(reason) from error


def _codec(declared: str | None) -> str | None:
    """The codec a declared name stands for; None when it names no text encoding."""
    try:
        name = codecs.lookup(declared or "").name
    except (LookupError, ValueError):
        return None
    meant = _MEANT.get(name, name)
    is_text = getattr(codecs.lookup(meant), "_is_text_encoding", True)
    return meant if is_text and meant not in _REFUSED else None


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: in most languages' text every second byte is often zero."""
    half = len(data) // 2
    if half < 4 or len(data) % 2:
        return None
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if odd > half * 0.2 and odd > 10 * even:
        return "utf-16-le"
    return "utf-16-be" if even > half * 0.2 and even > 10 * odd else None


def _utf8(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


class _Line(NamedTuple):
    data: bytes
    text: str
    """As UTF-8, a byte that is none as a surrogate."""

    @property
    def stray(self) -> int:
        """Bytes that are no UTF-8."""
        return sum("\udc80" <= char <= "\udcff" for char in self.text)

    @property
    def beyond_ascii(self) -> int:
        """Characters of UTF-8 that take more than a byte."""
        return sum(char > "\x7f" for char in self.text) - self.stray

    @property
    def is_foreign(self) -> bool:
        """Its bytes are UTF-8 by chance only, if at all."""
        if self.beyond_ascii and not any(_STRAY.search(run[0]) for run in _RUN.finditer(self.text)):
            # Letters of a Latin script stand among ASCII ones, where no UTF-8 comes about by chance.
            return False
        return self.stray > self.beyond_ascii


def _by_line(data: bytes, codec: str | None = None) -> Decoded:
    """Bytes that are not UTF-8 as a whole: of one legacy encoding (`codec` if it is known), or UTF-8 in some lines.

    A line that is UTF-8 but for less than half of its characters has single bytes of another encoding pasted into it.
    """
    lines = [_Line(line, line.decode("utf-8", "surrogateescape")) for line in data.split(b"\n")]
    foreign = [line for line in lines if line.is_foreign]
    longest = max((line.beyond_ascii for line in lines if not line.is_foreign), default=0)
    if not longest:
        return Decoded(_strict(data, codec or _guessed(data), _UNTOLD))
    codec = codec or _guessed(b"\n".join(line.data for line in foreign)) if foreign else "cp1252"
    named = _NAMES.get(codec, codec.replace("_", "-").upper())
    if codec in _WIDE and longest <= _BY_CHANCE:
        return Decoded(_strict(data, codec, _UNTOLD), f"lines of it could be UTF-8: all are read as {named}")
    text = "\n".join(
        _strict(line.data, codec, _UNTOLD) if line.is_foreign else _pasted(line.text, codec) for line in lines
    )
    others = sum(line.stray > 0 for line in lines)
    which = "1 line is" if others == 1 else f"{others} lines are"
    return Decoded(text, f"it mixes character encodings: {which} no UTF-8 and read as {named}")


def _pasted(text: str, codec: str) -> str:
    return re.sub("[\udc80-\udcff]", lambda one: bytes([ord(one[0]) - 0xDC00]).decode(codec, "replace"), text)


def _guessed(data: bytes) -> str:
    """The most probable legacy encoding. Raises Unreadable."""
    from charset_normalizer import from_bytes

    # Of equally good guesses the more usual encoding: one curly quote in English text fits most of them.
    guesses = [
        (match.chaos, -match.coherence, _CANDIDATES.index(name), name)
        for match in from_bytes(data, cp_isolation=_CANDIDATES)
        for name in match.could_be_from_charset
        if name in _CANDIDATES
    ]
    if not guesses:
        raise Unreadable(_UNTOLD)
    return min(guesses)[3]
