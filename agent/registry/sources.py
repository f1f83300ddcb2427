"""The cited sources of a published assessment against the passages in a store."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from agent.grounding.dates import months_before
from agent.grounding.quotes import locate
from agent.registry.holdings import Holdings, citations_of, cited_in
from agent.registry.remarks import Check, Remark
from agent.schemas.article import ArticleMeta, Passage
from agent.schemas.assessment import Assessment, Source
from agent.schemas.base import text_hash
from agent.scoring import POLICY

SPOKEN_OF = ("title", "publisher", "author", "date", "url", "tier", "interested", "text_kind")
"""What a page prints of a source, or is judged by."""

_REMOVED = re.compile(r"\[[a-z -]{4,20} removed\]")
"""What stands in a printed text for personal data."""


def source_misses(content: Assessment, held: Holdings) -> Iterator[Remark]:
    """What does not hold: sources that are not the cited passages, passages gone or changed, quotes not in them."""
    yield from _listed(content)
    printed = {source.passage: source for source in content.sources}
    for name in cited_in(content):
        stored, source = held.passages.get(name), printed.get(name)
        if stored is None:
            message = f"cannot be checked here: passage {name} is not in this store"
            yield Remark(Check.PASSAGE_GONE, name, message)
        elif source is not None:
            yield from _text_misses(source, stored)
    for citation, place in citations_of(content):
        passage = held.passages.get(citation.passage)
        if passage is not None and locate(citation.quote, passage.text) is None:
            yield Remark(Check.QUOTE, place, f"the quote does not stand in {passage.id} as it is stored here")


def _listed(content: Assessment) -> Iterator[Remark]:
    wanted, printed = cited_in(content), tuple(source.passage for source in content.sources)
    if printed != wanted:
        odd = sorted(set(wanted) ^ set(printed)) or ["one twice, or out of order"]
        yield Remark(Check.SOURCE, "sources", f"they are not the cited passages, each once: {', '.join(odd[:3])}")


def _text_misses(source: Source, stored: Passage) -> Iterator[Remark]:
    name = source.passage
    if text_hash(stored.text) != source.text_hash:
        yield Remark(Check.PASSAGE_CHANGED, name, "its text in this store has another hash than in the file")
    elif not _is_shown(source.text, stored.text):
        yield Remark(Check.SOURCE, name, "the file prints another text than the passage has")
    elif source.article != stored.article:
        yield Remark(Check.SOURCE, name, f"the file names article {source.article}, it is of {stored.article}")


def _is_shown(printed: str, stored: str) -> bool:
    """Whether `printed` is `stored`, apart from personal data that was taken out of it."""
    first, *rest = _REMOVED.split(printed)
    if not rest:
        return printed == stored
    if not stored.startswith(first) or not stored.endswith(rest[-1]):
        return False
    at, end = len(first), len(stored) - len(rest[-1])
    for piece in rest[:-1]:
        found = stored.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return at <= end


def source_notes(content: Assessment, held: Holdings, as_of: str) -> Iterator[Remark]:
    """References that are stale: former versions, articles that left, what the store now says of a source, old age."""
    printed = {source.article: source for source in content.sources}
    metas = {passage.article: passage.meta for passage in held.passages.values()}
    for name, standing in sorted(held.standings.items()):
        if standing.article_active and not standing.active:
            day = standing.since[:10]
            yield Remark(Check.SUPERSEDED, name, f"a newer version of {_article(held, name)} is here since {day}")
    left = {_article(held, name) for name, standing in held.standings.items() if not standing.article_active}
    for article in sorted(left):
        yield Remark(Check.ARTICLE_REMOVED, article, "left the corpus; what it was cited for is still stored")
    for article, source in sorted(printed.items()):
        now = metas.get(article, source.meta)
        yield from _said_otherwise(article, source.meta, now)
        yield from _old(article, now, as_of)


def _article(held: Holdings, passage: str) -> str:
    return held.passages[passage].article


def _said_otherwise(article: str, then: ArticleMeta, now: ArticleMeta) -> Iterator[Remark]:
    before, after = then.model_dump(mode="json"), now.model_dump(mode="json")
    changed = [
        f"{name} {_said(before[name])} is now {_said(after[name])}" for name in SPOKEN_OF if before[name] != after[name]
    ]
    if changed:
        yield Remark(Check.META, article, "; ".join(changed))


def _said(value: object) -> str:
    return "unknown" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _old(article: str, meta: ArticleMeta, as_of: str) -> Iterator[Remark]:
    age = months_before(meta.date, as_of)
    if age is None:
        yield Remark(Check.STALE, article, f"{meta.publisher}: it has no date, so it never counts as fresh")
    elif age > POLICY.stale_months:
        message = f"{meta.publisher}, {meta.date}: {age} months before {as_of}, more than {POLICY.stale_months}"
        yield Remark(Check.STALE, article, message)


def to_guard(content: Assessment, held: Holdings) -> Mapping[str, Passage]:
    """The passages that the guard checks against: as they are stored, and the file's own copy of one that is gone.

    An article may have been dated anew since: what was cited keeps the date that the file gives, if a version of the
    article has had it.
    """
    found = dict(held.drafted_from or {}) | dict(held.passages)
    for source in content.sources:
        stored = held.passages.get(source.passage)
        if stored is None:
            found[source.passage] = _copy(source)
        elif source.meta.date in held.standings[source.passage].dates:
            meta = stored.meta.model_copy(update={"date": source.meta.date})
            found[source.passage] = stored.model_copy(update={"meta": meta})
    return found


def _copy(source: Source) -> Passage:
    return Passage(
        id=source.passage,
        article=source.article,
        meta=source.meta,
        text=source.text,
        start=0,
        end=len(source.text),
        text_hash=source.text_hash,
        suspicious=source.suspicious,
        page=source.page,
        work=source.work,
    )
