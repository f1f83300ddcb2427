"""PDF files: text page by page, with the offset of each page so that a citation can name it."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator, Sequence
from io import BytesIO

from agent.evidence.document import Document, ReadOptions, Skipped, Unreadable
from agent.evidence.formats.faults import PARSER_FAULTS
from agent.evidence.formats.pdf_lines import Joined, Line, join
from agent.evidence.formats.pdf_meta import Meta, meta_of
from agent.evidence.formats.pdf_pages import with_rows, without_running_lines
from agent.schemas.text import one_line

SCANNED = 20
"""Characters a page, on average: a file with pictures and less text than that is a scan."""
_PIECES = dict(enumerate(["ff", "fi", "fl", "ffi", "ffl", "st", "st"], start=0xFB00))
"""Ligatures are a matter of print: a search for `file` finds no `ﬁle`."""
_MOST_PRIVATE = 0.3
"""Share of characters without a meaning, above which the fonts are to blame."""


def read_pdf(data: bytes, options: ReadOptions) -> Iterator[Document | Skipped]:
    """One document, with `pages`; a page that cannot be read is Skipped.

    `date` comes only from what states a publication (`prism:publicationDate`, `prism:coverDate`, `dc:date`): the
    day on which a PDF was created is not the day on which its text was published. Raises Unreadable for a scan, a
    file that needs a password, one with too many pages or too much text, and a damaged one.
    """
    file = _Pdf(data)
    file.check_pages(options.max_pages)
    pages: list[list[Line]] = []
    skipped: list[Skipped] = []
    length = 0
    for number in range(1, file.count + 1):
        try:
            pages.append(file.lines(number))
        except Unreadable as error:
            skipped.append(Skipped(str(error), part=f"page {number}"))
            pages.append([])
        length += sum(len(line.text) for line in pages[-1])
        if length > options.max_text:
            raise Unreadable(f"its text has more than the {options.max_text:,} characters that are allowed")
    if length < SCANNED * file.count and any(map(file.has_image, range(1, file.count + 1))):
        raise Unreadable("it is a scan without text: run OCR first")
    if not length and skipped:
        raise Unreadable("its pages are damaged")
    joined = _joined(pages)
    meta = file.meta()
    yield Document(
        joined.text,
        title=meta.title or joined.title,
        publisher=meta.publisher,
        author=meta.author,
        date=meta.date,
        url=meta.url,
        claimed=meta.url is not None,
        licence=meta.licence,
        pages=joined.pages,
    )
    yield from skipped


def _joined(pages: Sequence[Sequence[Line]]) -> Joined:
    """The text of all pages. Raises Unreadable when there is none, or none that means anything."""
    joined = join([line for page in without_running_lines([with_rows(page) for page in pages]) for line in page])
    if not joined.text.strip():
        raise Unreadable("it has no text")
    private = sum(1 for character in joined.text if character == "\ufffd" or "\ue000" <= character <= "\uf8ff")
    if private > _MOST_PRIVATE * len(joined.text):
        raise Unreadable("its fonts do not say which letters they draw: run OCR first")
    return joined


class _Pdf:
    """pypdf with every failure turned into Unreadable."""

    def __init__(self, data: bytes) -> None:
        from pypdf import PdfReader
        from pypdf.errors import DependencyError, PyPdfError

        # It warns of every flaw that it mends.
        logging.getLogger("pypdf").setLevel(logging.CRITICAL)
        self._faults: tuple[type[Exception], ...] = (PyPdfError, DependencyError, *PARSER_FAULTS)
        try:
            self._reader = PdfReader(BytesIO(data))
            locked = self._reader.is_encrypted and not self._reader.decrypt("")
        except DependencyError as error:
            raise Unreadable("it is encrypted with a method that is not known: save it without protection") from error
        except self._faults as error:
            raise Unreadable("it is a damaged PDF file") from error
        if locked:
            raise Unreadable("it is encrypted with a password")
        self.count = 0

    def check_pages(self, most: int) -> None:
        """Set `count`. Raises Unreadable for no pages, and for more than `most`, before they are listed if it can."""
        try:
            tree = self._reader.root_object["/Pages"].get_object()
            declared = tree.get("/Count") if isinstance(tree, dict) else None
            self.count = declared if isinstance(declared, int) and declared > most else len(self._reader.pages)
        except self._faults as error:
            raise Unreadable("it is a damaged PDF file: its pages cannot be found") from error
        if self.count > most:
            raise Unreadable(f"it has {self.count:,} pages, more than the {most:,} that are allowed")
        if self.count < 1:
            raise Unreadable("it has no pages")

    def lines(self, number: int) -> list[Line]:
        """The printed lines of page `number`, from 1, in the file's order. Raises Unreadable."""
        collected = _Lines(number)
        try:
            self._reader.pages[number - 1].extract_text(visitor_text=collected.visit)
        except self._faults as error:
            raise Unreadable("this page is damaged") from error
        return collected.lines()

    def has_image(self, number: int) -> bool:
        """Whether page `number` shows a picture."""
        try:
            return len(self._reader.pages[number - 1].images) > 0
        except self._faults:
            return False

    def meta(self) -> Meta:
        """What the file says about itself; a damaged part of it says nothing."""
        info: dict[str, str] = {}
        packet = b""
        try:
            info = {str(key): str(value) for key, value in (self._reader.metadata or {}).items()}
        except self._faults:
            info = {}
        try:
            stream = self._reader.root_object.get("/Metadata")
            content = stream.get_object().get_data() if stream is not None else b""
            packet = content if isinstance(content, bytes) else b""
        except self._faults:
            packet = b""
        return meta_of(info, packet)


class _Lines:
    """Cuts the text that pypdf reports piece by piece into lines with their places."""

    def __init__(self, page: int) -> None:
        self._page = page
        self._lines: list[Line] = []
        self._text = ""
        self._place = (0.0, 0.0, 0.0)

    def visit(self, text: str, cm: Sequence[float], tm: Sequence[float], font: object, size: float) -> None:
        first, *others = text.split("\n")
        self._append(first, cm, tm, size)
        for piece in others:
            self._end()
            self._append(piece, cm, tm, size)

    def lines(self) -> list[Line]:
        self._end()
        return self._lines

    def _append(self, piece: str, cm: Sequence[float], tm: Sequence[float], size: float) -> None:
        if not self._text.strip() and piece.strip():
            self._place = _place(cm, tm, size)
        self._text += piece

    def _end(self) -> None:
        text, (x, y, size) = _cleaned(self._text), self._place
        if text:
            self._lines.append(Line(text, self._page, x, y, size))
        self._text = ""


def _place(cm: Sequence[float], tm: Sequence[float], size: float) -> tuple[float, float, float]:
    """x, y and size on the page: the text's matrix, then the page's (ISO 32000-1, 9.4.4)."""
    x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
    y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
    up = math.hypot(tm[2] * cm[0] + tm[3] * cm[2], tm[2] * cm[1] + tm[3] * cm[3])
    place = (float(x), float(y), float(size) * up)
    return place if all(map(math.isfinite, place)) else (0.0, 0.0, 0.0)


def _cleaned(text: str) -> str:
    """One line without controls. A bullet of a symbol font and a soft hyphen at the end are kept as what they show."""
    text = text.strip().translate(_PIECES)
    if text.startswith("\x7f"):
        text = "•" + text[1:]
    return one_line(text[:-1] + "-" if text.endswith("\u00ad") else text)
