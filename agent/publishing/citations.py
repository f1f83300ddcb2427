"""Claims and citations as they are printed: numbered sources, quotes in their context."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from agent.grounding import locate
from agent.publishing import words
from agent.schemas.article import TextKind
from agent.schemas.assessment import Source
from agent.schemas.draft import Citation, Claim, ClaimKind

CONTEXT_CHARACTERS = 260
"""How much of the passage is shown on either side of a quote, cut at a word."""


@dataclass(frozen=True)
class SourceView:
    """One article in the list of sources."""

    number: int
    title: str
    publisher: str
    author: str | None
    date: str
    retrieved: str
    tier: int
    tier_words: str
    interested: bool
    kind: str
    link: str | None
    """An http or https address, or `None`."""


@dataclass(frozen=True)
class CitationView:
    """One citation with its quote in context. A digest is our own text: it is never shown in quotation marks."""

    source: SourceView
    digest: bool
    before: str
    quote: str
    after: str
    in_place: bool
    """The quote stands in the stored passage; otherwise there is no context to show."""
    suspicious: bool


@dataclass(frozen=True)
class ClaimView:
    """One claim."""

    text: str
    judgement: bool
    stance: str
    proxy: str | None
    horizon: str | None
    citations: tuple[CitationView, ...]


class Bibliography:
    """Gives each cited article its number in the order in which the page first cites it."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._passages = {source.passage: source for source in sources}
        self._articles: dict[str, SourceView] = {}

    def claims(self, claims: Iterable[Claim]) -> tuple[ClaimView, ...]:
        """Each claim with its citations."""
        return tuple(
            ClaimView(
                text=claim.text,
                judgement=claim.kind is ClaimKind.JUDGEMENT,
                stance=claim.stance.value,
                proxy=claim.proxy,
                horizon=claim.horizon,
                citations=self.citations(claim.citations),
            )
            for claim in claims
        )

    def citations(self, citations: Iterable[Citation]) -> tuple[CitationView, ...]:
        """The citations of passages that the assessment holds; one of any other passage has nothing to show."""
        return tuple(
            self._citation(citation, self._passages[citation.passage])
            for citation in citations
            if citation.passage in self._passages
        )

    @property
    def sources(self) -> tuple[SourceView, ...]:
        """Every article cited so far, by number."""
        return tuple(self._articles.values())

    def _citation(self, citation: Citation, passage: Source) -> CitationView:
        text = passage.text
        span = locate(citation.quote, text)
        start, end = span or (0, 0)
        return CitationView(
            source=self._source(passage),
            digest=passage.meta.text_kind is TextKind.DIGEST,
            before=_tail(text[:start]),
            quote=text[start:end] if span else citation.quote,
            after=_head(text[end:]) if span else "",
            in_place=span is not None,
            suspicious=passage.suspicious,
        )

    def _source(self, passage: Source) -> SourceView:
        meta = passage.meta
        if passage.article not in self._articles:
            self._articles[passage.article] = SourceView(
                number=len(self._articles) + 1,
                title=meta.title,
                publisher=meta.publisher,
                author=meta.author,
                date="undated" if meta.date == "unknown" else meta.date,
                retrieved=meta.retrieved,
                tier=meta.tier,
                tier_words=words.TIERS[meta.tier],
                interested=meta.interested,
                kind=words.TEXT_KINDS[meta.text_kind],
                link=web_link(meta.url),
            )
        return self._articles[passage.article]


def web_link(url: str) -> str | None:
    """`url` if it is an http or https address with a host, else `None`: nothing else becomes a link."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.netloc and url.isprintable() and " " not in url else None


def _tail(text: str) -> str:
    return text if len(text) <= CONTEXT_CHARACTERS else f"… {text[-CONTEXT_CHARACTERS:].partition(' ')[2]}"


def _head(text: str) -> str:
    return text if len(text) <= CONTEXT_CHARACTERS else f"{text[:CONTEXT_CHARACTERS].rpartition(' ')[0]} …"
