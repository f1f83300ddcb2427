"""One question to the corpus, as a person or a model asks it, and the passages found as a document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from agent.errors import InvalidInput
from agent.evidence.corpus import Corpus
from agent.evidence.metadata import is_day_or_part
from agent.schemas.article import FoundPassage


def check_query(query: str) -> None:
    """Raises InvalidInput for a query without a word in it."""
    if not any(character.isalnum() for character in query):
        raise InvalidInput(
            f"The query {query!r} has no word in it.", hint='Try: assess-role corpus search "data engineer"'
        )


def ask(
    corpus: Corpus, query: str, *, limit: int, since: str | None = None, tiers: Iterable[int] = ()
) -> list[FoundPassage]:
    """At most `limit` passages, best first; only articles dated from `since` (YYYY[-MM[-DD]]), only of `tiers` if any.

    Raises as `Corpus.search` does.
    """
    check_query(query)
    since = (since + "-01-01")[:10] if since is not None and is_day_or_part(since) else since
    return corpus.search([query], limit=limit, since=since, tiers=frozenset(tiers) or None, per_article=None)


def found_items(found: Sequence[FoundPassage]) -> list[dict[str, object]]:
    """The items of `assess-role corpus search --json`."""
    return [
        {
            "passage": f.passage.id,
            "article": f.passage.article,
            "title": f.passage.meta.title,
            "publisher": f.passage.meta.publisher,
            "date": f.passage.meta.date,
            "tier": f.passage.meta.tier,
            "heading": f.passage.heading,
            "page": f.passage.page,
            "pages": f.passage.pages,
            "text": f.passage.text,
            "score": f.score,
            "suspicious": f.passage.suspicious,
            "copies": f.copies,
        }
        for f in found
    ]
