"""Named examples for the tests of the corpus's tables."""

from __future__ import annotations

from pathlib import Path

from agent.schemas.article import Article, ArticleMeta, Passage
from agent.schemas.base import text_hash
from agent.store.corpus import CorpusStore
from agent.store.database import Database

NOW = "2026-02-25T10:00:00Z"
VECTOR = b"\x00\x00\x80\x3f" * 4


def a_store(folder: Path) -> CorpusStore:
    return CorpusStore(Database.open(folder / "store.db"))


def an_article(number: int = 1, *, text: str = "First part. Second part.", **meta: object) -> Article:
    values: dict[str, object] = {
        "title": f"Article {number}",
        "publisher": "An institute",
        "author": None,
        "date": "2025-07",
        "url": f"https://example.org/{number}",
        "tier": 2,
        "interested": False,
        "retrieved": "2026-01-02",
        "text_kind": "digest",
        **meta,
    }
    meta_value = ArticleMeta.model_validate(values)
    return Article(id=f"a-{number:012x}", meta=meta_value, text=text, content_hash=text_hash(repr(values) + text))


def a_passage(article: Article, number: int, start: int = 0, end: int = 11) -> Passage:
    text = article.text[start:end]
    return Passage(
        id=f"p-{number:012x}",
        article=article.id,
        meta=article.meta,
        text=text,
        start=start,
        end=end,
        text_hash=text_hash(text),
    )
