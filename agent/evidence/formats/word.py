"""Word documents (.docx, .docm): text with headings, lists and tables in the order of the document."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from agent.evidence.document import Document, ReadOptions, Skipped, Unreadable
from agent.evidence.formats.faults import PARSER_FAULTS
from agent.evidence.formats.word_styles import Numbering, Styles, child_of, name_of, value_of
from agent.evidence.formats.zipped import budget_of, check_total, open_zip, read_entry
from agent.schemas.text import one_line, without_controls

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_MAIN = "word/document.xml"
_NO_TITLE = re.compile(r"word document|document\d*|untitled.*|.*\.(?:docx?|rtf|pdf|odt)", re.IGNORECASE)
_NO_AUTHOR = re.compile(
    r"python-docx|(?:windows|office|default|microsoft)? ?(?:user|office|author)|admin(?:istrator)?|unknown",
    re.IGNORECASE,
)
_NOT_TEXT = frozenset(
    {"del", "moveFrom", "instrText", "delText", "delInstrText", "Fallback", "rPr", "pPr", "txbxContent"}
)
"""Deleted and moved text, field codes, the second copy of a drawing; text boxes are read as blocks of their own."""
_AS_TEXT = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": " "}
_TINIEST = 4
"""Half points: smaller text cannot be read by a person."""
_MOST_SPAN = 50
"""Columns that one cell may cover; more is not meant as a table."""


def read_docx(data: bytes, options: ReadOptions) -> Iterator[Document | Skipped]:
    """One document. Comments, deleted and hidden text are left out, footnotes stand at the end.

    `date` stays None: a file knows when it was created, not when its text was published. Raises Unreadable for an
    old `.doc`, an encrypted or damaged file, and one that unpacks beyond the limits or declares XML entities.
    """
    if data.startswith(_OLE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in data
        raise Unreadable("it is encrypted" if encrypted else "it is an old Word file: save it as .docx")
    container = open_zip(data)
    check_total(container.infolist(), budget_of(options))
    main = _xml(container, _MAIN)
    if main is None:
        raise Unreadable("it is no Word document: it holds no word/document.xml")
    side = [_xml(container, f"word/{name}.xml") for name in ("styles", "numbering", "footnotes")]
    core = _xml(container, "docProps/core.xml")
    try:
        text, first_heading = _text(main, *side)
    except PARSER_FAULTS as error:
        raise Unreadable("its Word markup cannot be followed") from error
    if not text:
        raise Unreadable("it has no text")
    if len(text) > options.max_text:
        raise Unreadable(f"its text has {len(text):,} characters, more than the {options.max_text:,} that are allowed")
    title, author = _property(core, "title", _NO_TITLE), _property(core, "creator", _NO_AUTHOR)
    yield Document(text, title=title or first_heading, author=author)


def _xml(container: zipfile.ZipFile, name: str) -> Element | None:
    """The part's root, None when the container has no such part. Raises Unreadable."""
    # No stubs: its `fromstring` gives the standard library's Element.
    from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
    from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

    try:
        entry = container.getinfo(name)
    except KeyError:
        return None
    try:
        root: Element = fromstring(read_entry(container, entry), forbid_dtd=True)
    except Unreadable as error:
        raise Unreadable(f"its part {name} cannot be read: {error}") from error
    except DefusedXmlException as error:
        raise Unreadable(f"its part {name} declares XML entities, which no Word file needs") from error
    except PARSER_FAULTS as error:
        raise Unreadable(f"its part {name} is no valid XML") from error
    return root


def _text(
    main: Element, styles: Element | None, numbering: Element | None, notes: Element | None
) -> tuple[str, str | None]:
    """The text, and its title or first heading."""
    body = next((child for child in main if name_of(child) == "body"), main)
    writer = _Writer(Styles(styles), Numbering(numbering))
    writer.blocks(body)
    for note in notes if notes is not None else ():
        if value_of(note, "type") is None:
            writer.blocks(note)
    return writer.text(), writer.title


class _Writer:
    """Collects blocks: list items that follow each other share a block, everything else has its own."""

    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        self._styles = styles
        self._numbering = numbering
        self._blocks: list[str] = []
        self._in_list = False
        self._deeper = 0
        self.title: str | None = None

    def text(self) -> str:
        return "\n\n".join(self._blocks)

    def blocks(self, parent: Element) -> None:
        for child in parent:
            kind = name_of(child)
            if kind == "p":
                self._paragraph(child)
            elif kind == "tbl":
                self._table(child)
            elif kind not in {"del", "moveFrom", "sectPr", "sdtPr", "sdtEndPr"}:
                self.blocks(child)

    def _paragraph(self, paragraph: Element) -> None:
        line = _line(paragraph)
        level = self._styles.heading_of(paragraph)
        if line and level is not None:
            self._heading(line, level)
        elif line:
            item = self._numbering.item_of(self._styles.numbering_of(paragraph))
            self._add(line if item is None else f"{item} {line}", is_item=item is not None)
        for box in _boxes(paragraph):
            self.blocks(box)

    def _heading(self, line: str, level: int) -> None:
        """A title is level 0: where there is one, all other headings stand one below it."""
        if level == 0 and not self._deeper:
            self._deeper = 1
        if self.title is None:
            self.title = line
        self._add("#" * min(6, max(1, level + self._deeper)) + " " + line)

    def _add(self, block: str, *, is_item: bool = False) -> None:
        if is_item and self._in_list:
            self._blocks[-1] += "\n" + block
        else:
            self._blocks.append(block)
        self._in_list = is_item

    def _table(self, table: Element) -> None:
        rows = [row for row in _inside(table, "tr") if not _is_deleted(row)]
        cells = [cell for row in rows for cell in _inside(row, "tc")]
        if len(cells) == 1:
            # A frame around text, not a table.
            self.blocks(cells[0])
            return
        lines = ["| " + " | ".join(row) + " |" for row in _grid(rows) if any(row)]
        if lines:
            self._add("\n".join(lines))


def _line(paragraph: Element) -> str:
    """The paragraph's text on one line."""
    return one_line("".join(_pieces(paragraph)))


def _pieces(element: Element) -> Iterator[str]:
    for child in element:
        kind = name_of(child)
        if kind == "t":
            yield child.text or ""
        elif kind in _AS_TEXT:
            yield _AS_TEXT[kind]
        elif kind not in _NOT_TEXT and not (kind == "r" and _is_hidden(child)):
            yield from _pieces(child)


def _is_hidden(run: Element) -> bool:
    properties = next((child for child in run if name_of(child) == "rPr"), None)
    for item in properties if properties is not None else ():
        value = value_of(item, "val")
        if name_of(item) == "vanish" and value not in {"0", "false", "off"}:
            return True
        if name_of(item) == "sz" and value is not None and value.isdecimal() and int(value) <= _TINIEST:
            return True
    return False


def _boxes(paragraph: Element) -> Iterator[Element]:
    """The text boxes anchored in a paragraph, each once."""
    for child in paragraph:
        if name_of(child) == "txbxContent":
            yield child
        elif name_of(child) not in {"Fallback", "del", "moveFrom"}:
            yield from _boxes(child)


def _inside(parent: Element, kind: str) -> Iterator[Element]:
    """Rows of a table or cells of a row, also those in content controls; not those of a table within."""
    for child in parent:
        if name_of(child) == kind:
            yield child
        elif name_of(child) in {"sdt", "sdtContent", "customXml", "ins"}:
            yield from _inside(child, kind)


def _is_deleted(row: Element) -> bool:
    return any(name_of(item) == "del" for child in row if name_of(child) == "trPr" for item in child)


def _grid(rows: Sequence[Element]) -> Iterator[list[str]]:
    """The rows' texts. A cell that covers several rows stands in each, so that no figure loses its heading."""
    above: list[str] = []
    for row in rows:
        line: list[str] = []
        for cell in _inside(row, "tc"):
            merged = child_of(cell, "tcPr", "vMerge")
            goes_on = merged is not None and value_of(merged, "val") in {None, "continue"}
            line.append(above[len(line)] if goes_on and len(line) < len(above) else _cell(cell))
            span = value_of(child_of(cell, "tcPr", "gridSpan"), "val") or "1"
            line += [""] * (min(int(span), _MOST_SPAN) - 1)
        above = line
        yield line


def _cell(cell: Element) -> str:
    lines = (_line(element) for element in cell.iter() if name_of(element) == "p")
    return " ".join(line for line in lines if line).replace("|", "\\|")


def _property(core: Element | None, name: str, empty: re.Pattern[str]) -> str | None:
    for element in core if core is not None else ():
        value = one_line(without_controls(element.text or ""))
        if name_of(element) == name and value and empty.fullmatch(value) is None:
            return value
    return None
