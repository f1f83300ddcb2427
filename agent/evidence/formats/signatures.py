"""What a file that cannot be read looks like, told from its first bytes."""

from __future__ import annotations

import re

HEAD = 4096
"""Bytes that tell what a file is."""
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")

_MAGIC = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"OggS\x00", "a sound or video file"),
    (b"\x1aE\xdf\xa3", "a video file"),
    (b"\x7fELF", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"\x00asm", "a program"),
    (b"SQLite format 3\x00", "a database"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive: pack it as ZIP"),
    (b"Rar!\x1a\x07", "a RAR archive: pack it as ZIP"),
    (b"\xfd7zXZ\x00", "an xz file: unpack it"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file: unpack it"),
    (b"{\\rtf", "an RTF file: save it as .docx"),
    (b"%!PS-Adobe", "a PostScript file: save it as PDF"),
    (b"AT&TFORM", "a DjVu file: save it as PDF"),
)
_MAGIC_IF_BINARY = (
    (b"GIF8", "a GIF image"),
    (b"BM", "a BMP image"),
    (b"RIFF", "a sound, video or WebP file"),
    (b"ID3", "a sound file"),
    (b"fLaC", "a sound file"),
    (b"MZ", "a program"),
    (b"BZh", "a bzip2 file: unpack it"),
    (b"PAR1", "a Parquet file: export it as CSV"),
    (b"wOF", "a font"),
    (b"OTTO", "a font"),
)
"""Letters that a text may begin with as well: they count only beside control characters."""
_MAGIC_WITHIN = (
    (4, b"ftyp", "a video or image file"),
    (60, b"BOOKMOBI", "a Kindle book: save it as EPUB"),
    (257, b"ustar", "a tar archive: pack it as ZIP"),
)
_OLE_STREAMS = (
    ("EncryptedPackage", "encrypted"),
    ("WordDocument", "an old Word file: save it as .docx"),
    ("Workbook", "an old Excel file: save it as CSV"),
    ("PowerPoint Document", "an old PowerPoint file: save it as PDF"),
    ("__substg1.0_", "an Outlook message: save it as .eml"),
)
_XML = re.compile(
    r"(?:<\?xml\b[^>]{0,200}>\s*)?(?:<!--(?:(?!-->).){0,2000}-->\s*|<!DOCTYPE\b[^>\[]{0,300}>\s*)*<([A-Za-z][\w:.-]{0,60})",
    re.DOTALL,
)
_XML_ROOTS = {
    "svg": "an SVG image",
    "rss": "a feed: add the pages that it names",
    "feed": "a feed: add the pages that it names",
    "rdf:RDF": "a feed: add the pages that it names",
    "opml": "a list of feeds: add the pages that they name",
}


def is_binary(data: bytes) -> bool:
    """True when the first bytes hold control characters that no text has."""
    return _BINARY.search(data[:HEAD]) is not None


def unreadable_kind(data: bytes) -> str | None:
    """What the bytes are, as "a PNG image", when no reader reads that; None when one may."""
    head = data[:HEAD]
    if head.startswith(OLE):
        return next(
            (what for stream, what in _OLE_STREAMS if stream.encode("utf-16-le") in data),
            "an old Office file",
        )
    by_place = ((0, magic, what) for magic, what in _MAGIC)
    if found := next((what for at, magic, what in (*by_place, *_MAGIC_WITHIN) if head.startswith(magic, at)), None):
        return found
    return next((what for magic, what in _MAGIC_IF_BINARY if head.startswith(magic) and is_binary(head)), None)


def unreadable_text(start: str) -> str | None:
    """The same for what begins as text. `start` has no white space before it."""
    xml = _XML.match(start)
    if xml is None:
        return None
    if xml.group(1) in _XML_ROOTS:
        return _XML_ROOTS[xml.group(1)]
    return "XML of a kind that is not read" if start.startswith("<?xml") else None
