"""Articles and the passages cut from them (METHODOLOGY section 10)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from agent.schemas.base import Value

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
    url: str = Field(pattern=r"^https?://\S+$", max_length=2000)
    tier: int = Field(ge=1, le=4, strict=True)
    """1 primary data, 2 named research or reporting with method, 3 vendor or trade, 4 opinion or unsourced."""
    interested: bool
    """The publisher sells what the text praises."""
    retrieved: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    text_kind: TextKind


class Article(Value):
    """One article as stored: metadata, text and the hash that tells whether it changed."""

    id: str
    """`a-` and 12 hex digits over the URL: the same source keeps its id when its text changes."""
    meta: ArticleMeta
    text: str
    """The body without front matter, control characters stripped; passage offsets count characters of it."""
    content_hash: str
    """Over metadata and text: differs when anything of the article changed."""


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
    """The text holds an imperative aimed at a model; shown to the reviewer, fenced in the prompt."""


class FoundPassage(Value):
    """A passage with the score of the search that found it (reciprocal rank fusion, higher is better)."""

    passage: Passage
    score: float
