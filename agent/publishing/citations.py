"""Claims and citations as they are printed: numbered sources, one excerpt for each passage a claim cites."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from agent.publishing import words
from agent.publishing.excerpts import Excerpt, excerpt
from agent.schemas.article import TextKind
from agent.schemas.assessment import Source
from agent.schemas.draft import Citation, Claim, ClaimKind


@dataclass(frozen=True)
class SourceView:
    """One article in the list of sources."""

    number: int
    title: str
    publisher: str
    author: str | None
    date: str
    dated: bool
    retrieved: str
    tier: int
    tier_words: str
    interested: bool
    kind: str
    digest: bool
    """Our own text: never shown in quotation marks."""
    link: str | None
    """An http or https address, or `None`."""


@dataclass(frozen=True)
class CitationView:
    """All that one claim quotes from one passage."""

    source: SourceView
    excerpt: Excerpt
    suspicious: bool
    page: int | None
    """Page of the source, where it has pages."""


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
        self._uses: dict[int, dict[str, None]] = {}

    def claims(self, claims: Iterable[Claim], *, of: str | None = None) -> tuple[ClaimView, ...]:
        """Each claim with its citations. `of` names the input that the claims support; `None` when it is no input."""
        views = tuple(
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
        if of is not None:
            for citation in (citation for view in views for citation in view.citations):
                self._uses.setdefault(citation.source.number, {})[of] = None
        return views

    def citations(self, citations: Iterable[Citation]) -> tuple[CitationView, ...]:
        """One view for each passage, in the order of the first citation of it.

        A passage that the assessment does not hold has nothing to show and is left out.
        """
        quotes: dict[str, list[str]] = {}
        for citation in citations:
            if citation.passage in self._passages:
                quotes.setdefault(citation.passage, []).append(citation.quote)
        return tuple(self._citation(self._passages[passage], taken) for passage, taken in quotes.items())

    @property
    def sources(self) -> tuple[SourceView, ...]:
        """Every article cited so far, by number."""
        return tuple(self._articles.values())

    @property
    def shared(self) -> Mapping[int, tuple[str, ...]]:
        """For each number of an article that supports more than one input, those inputs in printed order."""
        return {number: tuple(uses) for number, uses in self._uses.items() if len(uses) > 1}

    def _citation(self, passage: Source, quotes: Iterable[str]) -> CitationView:
        return CitationView(
            source=self._source(passage),
            excerpt=excerpt(passage.text, quotes),
            suspicious=passage.suspicious,
            page=passage.page,
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
                dated=meta.date != "unknown",
                retrieved=meta.retrieved,
                tier=meta.tier,
                tier_words=words.TIERS[meta.tier] + (words.NOBODY_SAID if "tier" in meta.assumed else ""),
                interested=meta.interested,
                kind=words.TEXT_KINDS[meta.text_kind] + (words.OWN_FILE if meta.url.startswith("local:") else ""),
                digest=meta.text_kind is TextKind.DIGEST,
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
