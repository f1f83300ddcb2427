"""Claims and citations as they are printed: numbered sources, one excerpt for each passage a claim cites."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlsplit

from agent.grounding.dates import is_stale
from agent.grounding.quotes import locate
from agent.publishing import words
from agent.publishing.excerpts import Excerpt, excerpt
from agent.schemas.article import TextKind
from agent.schemas.assessment import Source
from agent.schemas.draft import Citation, Claim, ClaimKind
from agent.schemas.finding import Verdict
from agent.schemas.pages import page_words, pages_of
from agent.scoring import POLICY


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
    stale: bool
    """Older than the policy allows for what is to hold today."""
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
    pages: str
    """The pages on which the quotes stand, as they are printed; empty where the source has none."""
    as_drafted: tuple[str, ...]
    """Quotes as they were drafted, where a slip in copying was replaced by the exact text."""


@dataclass(frozen=True)
class ClaimView:
    """One claim."""

    text: str
    judgement: bool
    verdict: str | None
    """What the check made of a sourced claim, in words; `None` for a judgement, and where nothing was kept."""
    strongest: bool
    """The strongest verified claim on its side of its evidence dimension."""
    stance: str
    proxy: str | None
    horizon: str | None
    citations: tuple[CitationView, ...]


class Bibliography:
    """Gives each cited article its number in the order in which the page first cites it."""

    def __init__(
        self,
        sources: Iterable[Source],
        *,
        verdicts: Mapping[Claim, Verdict] = MappingProxyType({}),
        strongest: Set[Claim] = frozenset(),
        as_of: str | None = None,
    ) -> None:
        self._passages = {source.passage: source for source in sources}
        self._verdicts, self._strongest, self._as_of = verdicts, strongest, as_of
        self._articles: dict[str, SourceView] = {}
        self._uses: dict[int, dict[str, None]] = {}

    def claims(self, claims: Iterable[Claim], *, of: str | None = None, opposed: bool = False) -> tuple[ClaimView, ...]:
        """Each claim with its citations. `of` names the input that the claims support; `None` when it is no input.

        `opposed` marks the strongest: where the claims are those of an evidence dimension.
        """
        views = tuple(
            ClaimView(
                text=claim.text,
                judgement=claim.kind is ClaimKind.JUDGEMENT,
                verdict=self._verdict(claim),
                strongest=opposed and claim in self._strongest,
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
        found: dict[str, list[Citation]] = {}
        for citation in citations:
            if citation.passage in self._passages:
                found.setdefault(citation.passage, []).append(citation)
        return tuple(self._citation(self._passages[passage], taken) for passage, taken in found.items())

    @property
    def sources(self) -> tuple[SourceView, ...]:
        """Every article cited so far, by number."""
        return tuple(self._articles.values())

    @property
    def shared(self) -> Mapping[int, tuple[str, ...]]:
        """For each number of an article that supports more than one input, those inputs in printed order."""
        return {number: tuple(uses) for number, uses in self._uses.items() if len(uses) > 1}

    def _verdict(self, claim: Claim) -> str | None:
        verdict = self._verdicts.get(claim)
        return None if verdict is None or claim.kind is ClaimKind.JUDGEMENT else words.VERDICTS[verdict]

    def _citation(self, passage: Source, citations: Sequence[Citation]) -> CitationView:
        return CitationView(
            source=self._source(passage),
            excerpt=excerpt(passage.text, (citation.quote for citation in citations)),
            as_drafted=tuple(citation.as_drafted for citation in citations if citation.as_drafted is not None),
            suspicious=passage.suspicious,
            pages=_pages(passage, [citation.quote for citation in citations]),
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
                stale=self._as_of is not None and is_stale(meta.date, self._as_of, months=POLICY.stale_months),
                kind=words.TEXT_KINDS[meta.text_kind] + (words.OWN_FILE if meta.url.startswith("local:") else ""),
                digest=meta.text_kind is TextKind.DIGEST,
                link=web_link(meta.url),
            )
        return self._articles[passage.article]


def _pages(passage: Source, quotes: Iterable[str]) -> str:
    """The pages of the quotes that stand in the passage, or else those of the passage."""
    spans = [span for quote in quotes if (span := locate(quote, passage.text)) is not None]
    spans = spans or [(0, len(passage.text))]
    return page_words(page for start, end in spans for page in pages_of(passage.page, passage.pages, start, end))


def web_link(url: str) -> str | None:
    """`url` if it is an http or https address with a host, else `None`: nothing else becomes a link."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.netloc and url.isprintable() and " " not in url else None
