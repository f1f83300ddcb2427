"""Bytes of unknown encoding to clean text."""

from __future__ import annotations

import codecs
import re

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
_ESCAPE_CODED = re.compile(rb"\x1b\$[@B]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_HEAD = 4096
_STRAY = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0x100)}


def decode(data: bytes, *, declared: str | None = None) -> str:
    """The text of `data`, without control characters, lines ended by line feeds.

    In this order: a byte order mark, UTF-8, the `declared` encoding, UTF-16 by its zero bytes, UTF-8 with stray bytes
    of Windows-1252, the most probable legacy encoding. Raises Unreadable for binary data and for an encoding that
    cannot be told.
    """
    text = _decoded(data, declared)
    if len(_CONTROL.findall(text)) > 2 + len(text) // 200:
        raise Unreadable("it is binary data, not text")
    return without_controls(text)


def declared_charset(data: bytes) -> str | None:
    """The encoding that an HTML or XML file names in its first 4,096 bytes."""
    match = _DECLARED.search(data[:_HEAD])
    return match.group(1).decode("ascii") if match else None


def _decoded(data: bytes, declared: str | None) -> str:
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _strict(data, name, f"it is not the {name.removesuffix('-sig').upper()} that it starts as")
    if _ESCAPE_CODED.search(data[:_HEAD]):
        return _strict(data, "iso2022_jp_2", "it is not the ISO-2022-JP that it looks like")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if text and "\0" not in text:
        return text
    for codec in (_codec(declared), _wide(data)):
        try:
            if codec is not None:
                return data.decode(codec)
        except (UnicodeDecodeError, LookupError):
            continue
    if b"\0" in data:
        raise Unreadable("it is binary data, not text")
    return text or _nearly_utf8(data) or _guessed(data)


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


def _nearly_utf8(data: bytes) -> str | None:
    """UTF-8 into which single bytes of Windows-1252 were pasted; None when they are not the exception."""
    text = data.decode("utf-8", "surrogateescape")
    stray = sum("\udc80" <= char <= "\udcff" for char in text)
    beyond_ascii = sum(char > "\x7f" for char in text) - stray
    return text.translate(_STRAY) if beyond_ascii >= stray else None


def _guessed(data: bytes) -> str:
    from charset_normalizer import from_bytes

    if not data:
        return ""
    # Of equally good guesses the more usual encoding: one curly quote in English text fits most of them.
    guesses = [
        (match.chaos, -match.coherence, _CANDIDATES.index(name), name)
        for match in from_bytes(data, cp_isolation=_CANDIDATES)
        for name in match.could_be_from_charset
        if name in _CANDIDATES
    ]
    if not guesses:
        raise Unreadable("its character encoding cannot be told: save it as UTF-8")
    return _strict(data, min(guesses)[3], "its character encoding cannot be told: save it as UTF-8")
