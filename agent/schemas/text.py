"""Outside text made safe to store, print and fence."""

from __future__ import annotations

import unicodedata

_INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def without_controls(text: str) -> str:
    """NFC text without control, bidirectional-override and zero-width characters; tabs and line ends stay."""
    unified = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(
        c for c in unified if c in "\n\t" or (unicodedata.category(c) not in ("Cc", "Cs") and c not in _INVISIBLE)
    )


def one_line(text: str) -> str:
    """`text` without controls and with every run of white space as one blank."""
    return " ".join(without_controls(text).split())
