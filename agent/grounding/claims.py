"""The rules for one claim (METHODOLOGY section 10): its citations, what it says, its proxy and horizon."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.grounding.citations import CheckedCitations, Ground, check_citations_of
from agent.grounding.compared_roles import compared_role_findings
from agent.grounding.content import Said, judgement_findings, sourced_findings
from agent.grounding.figures import figures
from agent.grounding.language import analyse
from agent.grounding.normalise import folded_words, mentions, normalise
from agent.grounding.sources import PassageText
from agent.grounding.spoken import block, listed, review, shown
from agent.schemas.draft import Claim, ClaimKind
from agent.schemas.finding import Finding, Tier, Verdict
from agent.schemas.places import PlacedClaim

_HORIZON = re.compile(
    r"(?:(?:within|in|over|next|the next|about|more than|less than|up to) )*"
    r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten)"
    r"(?: ?(?:-|to|or) ?(?:\d{1,2}|two|three|four|five|six|seven|eight|nine|ten))? ?\+? (?:months?|years?)"
    r"|(?:by|before|after|until|from|in)(?: (?:early|mid|late|the end of))?[ -](?:19|20)\d\d(?: ?(?:-|to) ?20\d\d)?"
    r"|20\d\d ?(?:-|to) ?20\d\d"
)
_DISTANCE = re.compile(
    r"\b(?:just|close|closer|near|nearer|nearly|almost|barely|narrowly|slightly|well|far|cusp|edge|brink|points?|short)"
    r"\b[^.;:]{0,40}\b(?:(?:[Gg]reen|[Yy]ellow|[Rr]ed) (?:zone|line|band|boundary|threshold)|GREEN|YELLOW|RED)\b"
    r"|\b(?:below|above|under|over|from|short of|into|out of) (?:the )?"
    r"(?:[Gg]reen|[Yy]ellow|[Rr]ed) (?:zone|line|band|boundary|threshold)\b"
    r"|\bpoints? (?:below|above|from|short of|into) (?:the )?(?:Green|Yellow|Red)\b"
)
"""How far a role is from a zone, in words or figures."""


@dataclass(frozen=True)
class CheckedClaim:
    """A claim, what was found on it, and the cited passages that exist."""

    placed: PlacedClaim
    findings: tuple[Finding, ...]
    cited: tuple[PassageText, ...]
    verdict: Verdict

    @property
    def admissible(self) -> bool:
        """A sourced claim that nothing blocks."""
        return self.placed.claim.kind is ClaimKind.SOURCED and not self.blocked

    @property
    def blocked(self) -> bool:
        """Whether a finding on it can never be accepted."""
        return any(finding.tier is Tier.BLOCK for finding in self.findings)


def check_claim(placed: PlacedClaim, ground: Ground) -> CheckedClaim:
    """Every rule that one claim can break on its own."""
    claim = placed.claim
    citations = check_citations_of(claim.citations, placed.section, placed.path, ground)
    said = Said(claim, placed.section, placed.path, citations.quoted, citations.cited, ground)
    content = sourced_findings(said) if claim.kind is ClaimKind.SOURCED else judgement_findings(said)
    rest = [*_kind_findings(placed), *compared_role_findings(said), *content, *_field_findings(said)]
    findings = (*citations.findings, *rest)
    return CheckedClaim(placed, findings, citations.cited, _verdict(claim, citations, rest))


def _verdict(claim: Claim, citations: CheckedCitations, rest: Sequence[Finding]) -> Verdict:
    if citations.verdict in {Verdict.FABRICATED, Verdict.MISATTRIBUTED}:
        return citations.verdict
    if rest or citations.findings:
        return Verdict.UNSUPPORTED
    return Verdict.JUDGEMENT if claim.kind is ClaimKind.JUDGEMENT else citations.verdict


def _kind_findings(placed: PlacedClaim) -> Iterator[Finding]:
    claim, section, path = placed.claim, placed.section, placed.path
    if not folded_words(claim.text):
        yield block("G-CLAIM-EMPTY", section, path, "The claim has no words; write one sentence or remove it.")
    distance = _DISTANCE.search(normalise(claim.text))
    if distance is not None:
        message = f'"{shown(distance[0])}" states a distance to a zone, which only code computes; leave it out.'
        yield block("G-DISTANCE-STATED", section, path, message)
    if claim.kind is ClaimKind.SOURCED and not claim.citations:
        message = "The claim is marked sourced and cites nothing; add a citation or mark it judgement."
        yield block("G-CITATION-MISSING", section, path, message)
    if claim.kind is ClaimKind.JUDGEMENT and claim.citations:
        message = "The claim is marked judgement and cites a passage; mark it sourced or remove the citation."
        yield block("G-JUDGEMENT-CITED", section, path, message)


def _names(text: str, proxy: str) -> bool:
    """Whether a claim names its proxy, in the same words or in close synonyms of all of them."""
    if mentions(folded_words(text), proxy):
        return True
    wanted = analyse(proxy).content
    return bool(wanted) and wanted <= analyse(text).stems


def _field_findings(said: Said) -> Iterator[Finding]:
    claim, section, path = said.claim, said.section, said.path
    stated = [figure for figure in figures(claim.proxy or "") if not figure.in_words]
    counted = [f.written for f in stated if not any(found.supports(f) for found in said.figures)]
    if counted:
        message = (
            f"The proxy states {listed(counted)}, which no quote holds; name the other role or population in words."
        )
        yield review("G-PROXY-FIGURE", section, path, message)
    if claim.proxy is not None and not _names(claim.text, claim.proxy):
        message = f'The evidence speaks of "{shown(claim.proxy)}" and the claim does not say so; name the proxy in it.'
        yield review("G-PROXY-UNNAMED", section, path, message)
    if claim.horizon is not None and not _HORIZON.fullmatch(claim.horizon.strip().lower().replace("\u2013", "-")):
        message = f'The horizon "{shown(claim.horizon)}" is none; write it like "2 to 4 years" or "by 2028".'
        yield review("G-HORIZON-FORMAT", section, path, message)
