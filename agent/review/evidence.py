"""What a claim under review rests on: the cited passages with the quotes in them, and what speaks against it."""

from __future__ import annotations

from agent.grounding.quotes import locate
from agent.schemas.article import ArticleMeta
from agent.schemas.assessment import Assessment, Source
from agent.schemas.base import Value
from agent.schemas.draft import Citation, Claim
from agent.schemas.finding import Finding, Verdict
from agent.schemas.pages import page_words, pages_of
from agent.schemas.places import PlacedClaim, placed_claims


class CitedPassage(Value):
    """One cited passage with one quote in it. The three stretches together are the stored text."""

    passage: str
    before: str
    quote: str
    """As it stands in the passage; as it was drafted when it stands nowhere in it."""
    after: str
    found: bool
    """The quote stands in the passage."""
    as_drafted: str | None
    """The quote as drafted, where a slip in copying was replaced by the exact text."""
    meta: ArticleMeta
    pages: str
    suspicious: bool
    """It holds text that addresses a model."""


class ClaimEvidence(Value):
    """A claim of the revision and everything that a reviewer checks it by."""

    path: str
    section: str
    claim: Claim
    verdict: Verdict | None
    findings: tuple[Finding, ...]
    accepted: tuple[str, ...]
    """Ids of those findings that somebody accepted."""
    passages: tuple[CitedPassage, ...]
    missing: tuple[str, ...]
    """Cited ids that are no passage."""
    against: str | None
    """Path of the strongest verified claim on the other side of the same evidence dimension."""


def evidence_of(content: Assessment) -> dict[str, ClaimEvidence]:
    """Every claim of a revision by its path, in printed order."""
    sources = {source.passage: source for source in content.sources}
    accepted = {acceptance.finding for acceptance in content.accepted}
    return {
        placed.path: _of_claim(content, placed, sources, accepted)
        for placed in placed_claims(content.inputs, content.commentary, content.lens)
    }


def _of_claim(
    content: Assessment, placed: PlacedClaim, sources: dict[str, Source], accepted: set[str]
) -> ClaimEvidence:
    path, claim = placed.path, placed.claim
    found = tuple(f for f in content.guard.findings if f.path == path or f.path.startswith(f"{path}."))
    return ClaimEvidence(
        path=path,
        section=placed.section.value,
        claim=claim,
        verdict=content.guard.verdicts.get(path),
        findings=found,
        accepted=tuple(f.id for f in found if f.id in accepted),
        passages=tuple(cited_passage(sources[c.passage], c) for c in claim.citations if c.passage in sources),
        missing=tuple(c.passage for c in claim.citations if c.passage not in sources),
        against=_against(content, path),
    )


def cited_passage(source: Source, citation: Citation) -> CitedPassage:
    """A citation laid into the passage it cites."""
    span = locate(citation.quote, source.text)
    start, end = span if span is not None else (0, 0)
    return CitedPassage(
        passage=source.passage,
        before=source.text[:start],
        quote=citation.quote if span is None else source.text[start:end],
        after=source.text[end:],
        found=span is not None,
        as_drafted=citation.as_drafted,
        meta=source.meta,
        pages=page_words(pages_of(source.page, source.pages, start, end or len(source.text))),
        suspicious=source.suspicious,
    )


def _against(content: Assessment, path: str) -> str | None:
    """The strongest claim against the side that `path` is on; for a claim of context, that against the role."""
    for name, pair in content.guard.opposed.items():
        if path.startswith(f"evidence.{name.value}."):
            other = pair.for_ if path == pair.against else pair.against
            return None if other == path else other
    return None
