"""Named examples for the tests of splitting."""

from __future__ import annotations

from agent.schemas.article import Article, ArticleMeta
from agent.schemas.base import text_hash

SENTENCE = "Employers in the survey of 2025 asked for more engineers than in the year before, by 4.5% in all. "


def a_text(text: str, *, url: str = "https://example.org/a", pages: tuple[tuple[int, int], ...] = ()) -> Article:
    """An article with this text, its id derived from the address."""
    meta = ArticleMeta.model_validate(
        {
            "title": "A survey",
            "publisher": "An institute",
            "author": None,
            "date": "2025-07-10",
            "url": url,
            "tier": 2,
            "interested": False,
            "retrieved": "2026-01-02",
            "text_kind": "full",
        }
    )
    return Article(id="a-" + text_hash(url)[-12:], meta=meta, text=text, content_hash=text_hash(text), pages=pages)


def paragraph(sentences: int, word: str = "") -> str:
    """So many sentences on one line, and `word` glued to the last."""
    return (SENTENCE * sentences).strip() + word


def items(count: int, mark: str = "-") -> str:
    """A list of so many items of about 100 characters."""
    return "\n".join(f"{mark} Item {number}: {SENTENCE}".rstrip() for number in range(1, count + 1))


def rows(count: int) -> str:
    """So many table rows of about 60 characters."""
    return "\n".join(
        f"| Region {number} of the whole country | {number}.5 % | 1,2{number:02d} posts |" for number in range(count)
    )
