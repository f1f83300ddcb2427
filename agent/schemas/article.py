"""Articles and the passages cut from them (METHODOLOGY section 10)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from agent.schemas.base import Value
from agent.schemas.pages import Pages, page_words, pages_of

PartialDate = Annotated[str, Field(pattern=r"^(\d{4}(-\d{2}(-\d{2})?)?|unknown)$")]
"""`YYYY`, `YYYY-MM`, `YYYY-MM-DD`, as precise as the source is, or `unknown`, which never counts as fresh."""


class TextKind(StrEnum):
    """What the stored text of an article is."""

    FULL = "full"
    EXCERPT = "excerpt"
    DIGEST = "digest"
    """Our own words: a citation of it is shown without quotation marks, never as the publisher's words."""


class ArticleMeta(Value):
    """The front matter of an article: where it comes from and how far it is to be trusted."""

    title: str = Field(min_length=1, max_length=500)
    publisher: str = Field(min_length=1, max_length=200)
    author: str | None = Field(max_length=500)
    date: PartialDate
    """Date of publication."""
    url: str = Field(pattern=r"^(https?://|local:)\S+$", max_length=2000)
    """Where the source stands; `local:` and the name of a file that has no public address."""
    tier: int = Field(ge=1, le=4, strict=True)
    """1 primary data, 2 named research or reporting with method, 3 vendor or trade, 4 opinion or unsourced."""
    interested: bool
    """The publisher sells what the text praises."""
    retrieved: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    text_kind: TextKind
    licence: str | None = Field(default=None, max_length=500)
    """What the source says about its use, in a few words."""
    tags: tuple[str, ...] = ()
    """The user's own keywords, sorted."""
    assumed: tuple[str, ...] = ()
    """Names of fields that nobody stated: a publisher is then an address or `unknown`, a tier 4, `interested` false."""


class Article(Value):
    """One article as stored: metadata, text and the hash that tells whether it changed."""

    id: str
    """`a-` and 12 hex digits over the URL: the same source keeps its id when its text changes."""
    meta: ArticleMeta
    text: str
    """The body without front matter, control characters stripped; passage offsets count characters of it."""
    content_hash: str
    """Over metadata and text: differs when anything of the article changed."""
    pages: tuple[tuple[int, int], ...] = ()
    """(offset of its first character, page number) of each page, ascending; empty for a text without pages."""


class Passage(Value):
    """A span of one article: what can be retrieved and cited."""

    id: str
    """`p-` and 12 hex digits over the article id and the span's text: stable as long as both are."""
    article: str
    """The article's id."""
    meta: ArticleMeta
    text: str
    start: int
    """First character in the article's text."""
    end: int
    """One past the last character in the article's text."""
    text_hash: str
    suspicious: bool = False
    """Text or heading hold an imperative aimed at a model; shown to the reviewer, fenced in the prompt."""
    heading: str = ""
    """The headings above it, outermost first, joined with ` > `."""
    page: int | None = None
    """1-based page of its first character, where the source has pages."""
    pages: Pages = ()
    """(offset in `text`, page) of each page that it stands on, ascending, where it stands on more than one."""
    work: str = ""
    """Id of the article that its own is a copy of; empty when it is no copy. Copies count as one source."""

    @property
    def page_words(self) -> str:
        """The pages it stands on, as they are printed; empty where the source has none."""
        return page_words(pages_of(self.page, self.pages, 0, len(self.text)))


class FoundPassage(Value):
    """A passage with the score of the search that found it: 0 to 1, comparable within one search only."""

    passage: Passage
    score: float
    copies: tuple[str, ...] = ()
    """Ids of the copies of its article that the search found to say the same; they take no place of their own."""
