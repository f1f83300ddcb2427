"""Files in the formats that people bring, made in memory."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from agent.evidence.document import Document, ReadOptions, Skipped

Found = Document | Skipped
SENTENCE = "Employers posted fewer jobs for programmers in 2024 than in any year since the series began."


def read(reader: Callable[[bytes, ReadOptions], Iterator[Found]], data: bytes, **options: object) -> list[Found]:
    """Everything that `reader` makes of `data`."""
    return list(reader(data, ReadOptions(**options)))  # type: ignore[arg-type]


def the_document(found: Iterable[Found]) -> Document:
    """The only document."""
    [document] = [item for item in found if isinstance(item, Document)]
    return document


def a_zip(entries: Mapping[str, bytes | str], *, stored: bool = False) -> bytes:
    """An archive with these entries."""
    method = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as container:
        for name, content in entries.items():
            container.writestr(name, content)
    return buffer.getvalue()


def a_bomb(megabytes: int) -> bytes:
    """An archive of a thousandth of its unpacked size."""
    return a_zip({"bomb.txt": b"0" * (megabytes * 1_000_000)})


PrintedLine = tuple[float, float, str]
"""x and y in points, and the text."""


def a_pdf(pages: Sequence[Sequence[PrintedLine]], *, size: float = 10, font: str = "Helvetica", **info: str) -> bytes:
    """A file with lines of text where they are told to stand."""
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer, initialFontName=font, initialFontSize=size, invariant=1)
    for name, value in info.items():
        getattr(canvas, "set" + name.title())(value)
    for page in pages:
        canvas.setFont(font, size)
        for x, y, text in page:
            canvas.drawString(x, y, text)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()
