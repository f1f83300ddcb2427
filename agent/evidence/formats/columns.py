"""Which column of an export holds what, and a row made a document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from agent.evidence.document import Document, Unreadable
from agent.evidence.formats.dates import date_of, day_of
from agent.schemas.article import TextKind
from agent.schemas.text import one_line, without_controls

USUAL: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "body", "content", "article", "full_text", "fulltext", "article_text", "articlebody"),
    "title": ("title", "headline"),
    "publisher": ("publisher", "source", "source.name", "publisher.name", "site", "site_name"),
    "author": ("author", "authors", "creator", "byline", "author.name"),
    "date": ("date", "published", "published_at", "publishedat", "pubdate", "publication_date", "datepublished"),
    "url": ("url", "link"),
    "licence": ("licence", "license"),
    "tags": ("tags",),
    "tier": ("tier",),
    "interested": ("interested",),
    "text_kind": ("text_kind",),
    "retrieved": ("retrieved",),
}
"""Field to the column names that need no mapping, the first that is there; case, blanks and hyphens do not count."""

_SHOWN = 20
_DEEPEST_PATH = 3
_STARTS_AS_HTML = re.compile(
    r"\s*<(?:!--|(?:!doctype|html|head|body|p|div|article|section|main|header|h[1-6]|ul|ol|table|br|span|b|strong|em|i|a"
    r"|img|figure|blockquote)\b[^<>]*>)",
    re.IGNORECASE,
)
_YES, _NO = frozenset({"true", "yes", "1"}), frozenset({"false", "no", "0"})


@dataclass(frozen=True)
class Columns:
    """Field of `Document` to the column that holds it, a dotted path for a value within a value."""

    of: Mapping[str, str]

    def document(self, row: Mapping[object, object], *, part: str, max_text: int) -> Document:
        """The row's document. Raises Unreadable: no text, too much of it, or a tier, kind or interest that is none.

        HTML becomes text. A date in no known form, an address that is not http and a missing value are None.
        """
        text = self._text(row)
        if not text:
            raise Unreadable(f"its column `{self.of['text']}` is empty")
        if len(text) > max_text:
            raise Unreadable(f"its text has {len(text):,} characters, more than the {max_text:,} that are allowed")
        url = self._line(row, "url")
        return Document(
            text,
            part=part,
            title=self._line(row, "title") or None,
            publisher=self._line(row, "publisher") or None,
            author=self._line(row, "author") or None,
            date=date_of(self._line(row, "date")),
            url=url if re.fullmatch(r"https?://\S+", url, re.IGNORECASE) else None,
            licence=self._line(row, "licence") or None,
            tags=self._tags(row),
            tier=self._tier(row),
            interested=self._interested(row),
            text_kind=self._text_kind(row),
            retrieved=day_of(self._line(row, "retrieved")),
        )

    def _text(self, row: Mapping[object, object]) -> str:
        from agent.evidence.formats.markup import html_to_text

        value = _at(row, self.of["text"])
        paragraphs = value if isinstance(value, list) else [value]
        text = without_controls("\n\n".join(filter(None, map(_plain, paragraphs)))).strip()
        return html_to_text(text).strip() if _STARTS_AS_HTML.match(text) else text

    def _line(self, row: Mapping[object, object], field: str) -> str:
        value = _at(row, self.of[field]) if field in self.of else None
        return one_line(", ".join(filter(None, map(_plain, value if isinstance(value, list) else [value]))))

    def _tags(self, row: Mapping[object, object]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(filter(None, (tag.strip() for tag in re.split("[,;]", self._line(row, "tags"))))))

    def _tier(self, row: Mapping[object, object]) -> int | None:
        value = self._line(row, "tier")
        if value and value not in {"1", "2", "3", "4"}:
            raise Unreadable(f"its tier is `{value[:60]}`: expected a whole number from 1 to 4")
        return int(value) if value else None

    def _interested(self, row: Mapping[object, object]) -> bool | None:
        value = self._line(row, "interested").lower()
        if value and value not in _YES | _NO:
            raise Unreadable(f"its `interested` is `{value[:60]}`: expected true or false")
        return value in _YES if value else None

    def _text_kind(self, row: Mapping[object, object]) -> str | None:
        value = self._line(row, "text_kind").lower()
        if value and value not in set(TextKind):
            raise Unreadable(f"its text_kind is `{value[:60]}`: expected full, excerpt or digest")
        return value or None


def columns_for(sample: Sequence[Mapping[object, object]], mapping: Mapping[str, str]) -> Columns:
    """The user's `mapping` (field to column) and, for the fields it leaves open, the usual names.

    Raises Unreadable, naming the columns that were found, for a field or column that does not exist and when no
    column holds the text.
    """
    names = list(dict.fromkeys(name for row in sample for name in _paths(row)))
    if not names:
        raise Unreadable("it has no rows with named columns")
    found = column_names(names)
    if unknown := [field for field in mapping if field not in USUAL]:
        raise Unreadable(f"there is no field `{unknown[0]}` to map a column to: expected one of {', '.join(USUAL)}")
    for field, column in mapping.items():
        if column not in names and all(_at(row, column) is None for row in sample):
            raise Unreadable(f"it has no column `{column}` for the field `{field}`: found {found}")
    by_usual: dict[str, str] = {}
    for name in names:
        by_usual.setdefault(re.sub(r"[\s-]+", "_", name.strip().lower()), name)
    guessed = {
        field: next((by_usual[name] for name in usual if name in by_usual), None) for field, usual in USUAL.items()
    }
    columns = {field: column for field, column in guessed.items() if column is not None} | dict(mapping)
    if "text" not in columns:
        raise Unreadable(f"no column holds the text: found {found}; say which one does with text=COLUMN")
    return Columns(columns)


def column_names(names: Iterable[object]) -> str:
    """The first names, for a message."""
    shown = [f"`{one_line(str(name))[:60]}`" for name in names]
    return ", ".join(shown[:_SHOWN]) + (" …" if len(shown) > _SHOWN else "")


def _paths(row: Mapping[object, object], before: str = "", depth: int = 1) -> Iterable[str]:
    """The row's columns; a column of columns gives dotted paths."""
    for key, value in row.items():
        if isinstance(value, Mapping) and depth < _DEEPEST_PATH:
            yield from _paths(value, f"{before}{key}.", depth + 1)
        else:
            yield f"{before}{key}"


def _at(row: Mapping[object, object], path: str) -> object:
    """The value of a column; a name with a dot goes before a path, a number is a place in a list."""
    if path in row:
        return row[path]
    value: object = row
    for step in path.split("."):
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def _plain(value: object) -> str:
    """A text or number as text; a value of values has none."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int, float)) else ""
