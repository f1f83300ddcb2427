"""Outside text made safe to store, print and fence."""

from __future__ import annotations

import re
import unicodedata

_UNWANTED = {
    code: None
    for start, end in (
        (0x00, 0x08),
        (0x0B, 0x1F),
        (0x7F, 0x9F),
        (0xAD, 0xAD),
        (0x61C, 0x61C),
        (0x200B, 0x200F),
        (0x202A, 0x202E),
        (0x2060, 0x206F),
        (0xD800, 0xDFFF),
        (0xFEFF, 0xFEFF),
        (0xFFF9, 0xFFFB),
        (0xE0000, 0xE007F),
        (0xE0100, 0xE01EF),
    )
    for code in range(start, end + 1)
}
"""C0 and C1 controls but line feed and tab, direction overrides, what is invisible and can carry hidden text, and
halves of characters (surrogates), which no encoding can store."""


def without_controls(text: str) -> str:
    """`text` in NFC with line feeds only, without control, direction and invisible characters; tabs stay."""
    lines = re.sub("\r\n|[\r\u0085\u2028\u2029]", "\n", text)
    return unicodedata.normalize("NFC", lines.translate(_UNWANTED))


def one_line(text: str) -> str:
    """`text` without controls and with every run of white space as one blank."""
    return " ".join(without_controls(text).split())
