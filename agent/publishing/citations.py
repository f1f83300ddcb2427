"""Claims and citations as they are printed: numbered sources, and each cited passage once, under its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlsplit

from agent.grounding.dates import is_stale
from agent.grounding.quotes import locate
from agent.publishing import words
from agent.publishing.excerpts import Excerpt, Mark, MarkedPassage, excerpt
from agent.schemas.article import TextKind
from agent.schemas.assessment import Source
from agent.schemas.draft import Citation, Claim, ClaimKind
from agent.schemas.finding import Verdict
from agent.schemas.pages import page_words, pages_of
from agent.scoring import POLICY


@dataclass(frozen=True)
class Place:
    """Where on the page claims stand, so that their sources lead back there."""

    anchor: str
    """The id of the element that holds them."""
    name: str
    is_input: bool = True
    """Its claims support an input of the score, as opposed to a text on it or the lens."""


@dataclass(frozen=True)
class Group:
    """Claims under a title, and the id of that title."""

    anchor: str
    title: str
    claims: tuple[ClaimView, ...]


@dataclass(frozen=True)
class PassageView:
    """All that the page quotes from one passage."""

    parts: tuple[str | Mark, ...]
    """In the order of the passage."""
    pages: str
    """The pages on which the stretches stand, as they are printed; empty where the source has none."""
    suspicious: bool
    """It holds text that addresses a model."""
    drafted: tuple[tuple[int, str], ...]
    """Quotes as they were drafted, where a slip in copying was replaced by the exact text, with their stretch."""


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
    tier_assumed: bool
    """Nobody stated the tier."""
    interested: bool
    stale: bool
    """Older than the policy allows for what is to hold today."""
    kind: str
    digest: bool
    """Our own text: never shown in quotation marks."""
    link: str | None
    """An http or https address, or `None`."""
    passages: tuple[PassageView, ...]
    """In the order of the assessment; a passage without a quote that stands in it is left out."""


@dataclass(frozen=True)
class CitationView:
    """All that one claim quotes from one passage."""

    source: SourceView
    excerpt: Excerpt
    marks: tuple[int, ...]
    """The stretches of the source that it quotes, by number; empty when no quote stands in the passage."""
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
    """Gives each cited article its number in the order in which the page first cites it.

    `cited` are the citations of each claim of the page: a passage is marked with all of them before the first is shown.
    """

    def __init__(
        self,
        sources: Iterable[Source],
        *,
        cited: Iterable[Sequence[Citation]],
        verdicts: Mapping[Claim, Verdict] = MappingProxyType({}),
        strongest: Set[Claim] = frozenset(),
        as_of: str | None = None,
    ) -> None:
        self._passages = {source.passage: source for source in sources}
        self._verdicts, self._strongest, self._as_of = verdicts, strongest, as_of
        self._quotes: dict[str, list[list[Citation]]] = {}
        for citations in cited:
            for passage, taken in self._by_passage(citations).items():
                self._quotes.setdefault(passage, []).append(taken)
        self._marked: dict[str, MarkedPassage] = {}
        for article in {source.article: None for source in self._passages.values()}:
            self._mark(article)
        self._articles: dict[str, SourceView] = {}
        self._uses: dict[int, dict[Place, None]] = {}

    def claims(self, claims: Iterable[Claim], *, at: Place, opposed: bool = False) -> tuple[ClaimView, ...]:
        """Each claim with its citations. `at` is where they stand.

        `opposed` marks the strongest: where the claims are those of an evidence dimension.
        """
        return tuple(
            ClaimView(
                text=claim.text,
                judgement=claim.kind is ClaimKind.JUDGEMENT,
                verdict=self._verdict(claim),
                strongest=opposed and claim in self._strongest,
                stance=claim.stance.value,
                proxy=claim.proxy,
                horizon=claim.horizon,
                citations=self.citations(claim.citations, at=at),
            )
            for claim in claims
        )

    def citations(self, citations: Iterable[Citation], *, at: Place) -> tuple[CitationView, ...]:
        """One view for each passage, in the order of the first citation of it.

        A passage that the assessment does not hold has nothing to show and is left out.
        """
        found = self._by_passage(citations)
        views = tuple(self._citation(self._passages[passage], taken) for passage, taken in found.items())
        for view in views:
            self._uses.setdefault(view.source.number, {})[at] = None
        return views

    @property
    def sources(self) -> tuple[SourceView, ...]:
        """Every article cited so far, by number."""
        return tuple(self._articles.values())

    @property
    def uses(self) -> Mapping[int, tuple[Place, ...]]:
        """For each number of an article the places that cite it, in printed order, inputs before others."""
        return {n: tuple(sorted(places, key=lambda place: not place.is_input)) for n, places in self._uses.items()}

    @property
    def shared(self) -> Mapping[int, tuple[str, ...]]:
        """For each number of an article that supports more than one input, those inputs in printed order."""
        inputs = {n: tuple(place.name for place in places if place.is_input) for n, places in self._uses.items()}
        return {number: names for number, names in inputs.items() if len(names) > 1}

    def _by_passage(self, citations: Iterable[Citation]) -> dict[str, list[Citation]]:
        found: dict[str, list[Citation]] = {}
        for citation in citations:
            if citation.passage in self._passages:
                found.setdefault(citation.passage, []).append(citation)
        return found

    def _mark(self, article: str) -> None:
        """Number the stretches of an article through its passages."""
        first = 1
        for passage in (source for source in self._passages.values() if source.article == article):
            claims = [[citation.quote for citation in taken] for taken in self._quotes.get(passage.passage, ())]
            marked = self._marked[passage.passage] = MarkedPassage(passage.text, claims, first=first)
            first += len(marked)

    def _verdict(self, claim: Claim) -> str | None:
        verdict = self._verdicts.get(claim)
        return None if verdict is None or claim.kind is ClaimKind.JUDGEMENT else words.VERDICTS[verdict]

    def _citation(self, passage: Source, citations: Sequence[Citation]) -> CitationView:
        return CitationView(
            source=self._source(passage),
            excerpt=excerpt(passage.text, (citation.quote for citation in citations)),
            marks=self._marked[passage.passage].numbers(citation.quote for citation in citations),
            as_drafted=tuple(citation.as_drafted for citation in citations if citation.as_drafted is not None),
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
                tier_assumed="tier" in meta.assumed,
                interested=meta.interested,
                stale=self._as_of is not None and is_stale(meta.date, self._as_of, months=POLICY.stale_months),
                kind=words.TEXT_KINDS[meta.text_kind] + (words.OWN_FILE if meta.url.startswith("local:") else ""),
                digest=meta.text_kind is TextKind.DIGEST,
                link=web_link(meta.url),
                passages=tuple(
                    self._passage(source)
                    for source in self._passages.values()
                    if source.article == passage.article and len(self._marked[source.passage])
                ),
            )
        return self._articles[passage.article]

    def _passage(self, passage: Source) -> PassageView:
        marked = self._marked[passage.passage]
        citations = [citation for taken in self._quotes[passage.passage] for citation in taken]
        drafted = {
            (number, citation.as_drafted): None
            for citation in citations
            for number in marked.numbers([citation.quote])
            if citation.as_drafted is not None
        }
        return PassageView(
            parts=marked.parts,
            pages=_pages(passage, [citation.quote for citation in citations]),
            suspicious=passage.suspicious,
            drafted=tuple(drafted),
        )


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
