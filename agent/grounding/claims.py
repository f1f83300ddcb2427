"""The rules for one claim (METHODOLOGY section 10): citations, quotes, figures, names, proxy and horizon."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.grounding.figures import Figure, figures
from agent.grounding.names import unknown_names
from agent.grounding.normalise import folded_words, mentions
from agent.grounding.quotes import QuoteFault
from agent.grounding.sources import PassageText, Sources
from agent.schemas.draft import Citation, Claim, ClaimKind
from agent.schemas.finding import Finding, Tier
from agent.schemas.vocabulary import Section

_HORIZON = re.compile(
    r"(?:(?:within|in|over|next|the next|about|more than|less than|up to) )*"
    r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten)"
    r"(?: ?(?:-|to|or) ?(?:\d{1,2}|two|three|four|five|six|seven|eight|nine|ten))? ?\+? (?:months?|years?)"
    r"|(?:by|before|after|until|from|in)(?: (?:early|mid|late|the end of))?[ -](?:19|20)\d\d(?: ?(?:-|to) ?20\d\d)?"
    r"|20\d\d ?(?:-|to) ?20\d\d"
)
_SHOWN = 80


@dataclass(frozen=True)
class Placed:
    """A claim and where it stands in the draft."""

    claim: Claim
    section: Section
    path: str


@dataclass(frozen=True)
class Ground:
    """What the claims of one section may stand on."""

    sources: Sources
    pack: frozenset[str]
    """The ids the section's drafter was shown. A reviewer may cite any other stored passage as well."""
    known: frozenset[str]
    """The `name_words` of the role frame and the task names."""
    as_of: str | None = None
    """The last day (YYYY-MM-DD) on which a cited article may have appeared; `None` is no limit."""


@dataclass(frozen=True)
class CheckedClaim:
    """A claim, what was found on it, and the cited passages that exist."""

    placed: Placed
    findings: tuple[Finding, ...]
    cited: tuple[PassageText, ...]

    @property
    def admissible(self) -> bool:
        """A sourced claim that nothing blocks."""
        return self.placed.claim.kind is ClaimKind.SOURCED and not self.blocked

    @property
    def blocked(self) -> bool:
        """Whether a finding on it can never be accepted."""
        return any(finding.tier is Tier.BLOCK for finding in self.findings)


def check_claim(placed: Placed, ground: Ground) -> CheckedClaim:
    """Every rule that one claim can break on its own."""
    findings, cited, quoted = citation_findings(placed.claim.citations, placed.section, placed.path, ground)
    rest = [
        *_kind_findings(placed),
        *_figure_findings(placed, quoted),
        *_name_findings(placed, ground, cited),
        *_field_findings(placed, quoted),
    ]
    return CheckedClaim(placed=placed, findings=(*findings, *rest), cited=cited)


def citation_findings(
    citations: Sequence[Citation], section: Section, path: str, ground: Ground
) -> tuple[tuple[Finding, ...], tuple[PassageText, ...], tuple[Figure, ...]]:
    """The findings on citations at `path`, the cited passages that exist, and the figures of the verified quotes."""
    findings: list[Finding] = []
    cited: dict[str, PassageText] = {}
    quoted: list[Figure] = []
    for at, citation in enumerate(citations):
        where = f"{path}.citations.{at}"
        source = ground.sources.get(citation.passage)
        if source is None:
            nearest = ground.sources.nearest(citation.passage, among=ground.pack)
            advice = f"did you mean {nearest}?" if nearest else "cite an id of the evidence pack."
            message = f'No passage "{_shown(citation.passage)}" exists; {advice}'
            findings.append(_block("G-PASSAGE-UNKNOWN", section, where, message))
            continue
        cited[source.passage.id] = source
        if ground.as_of is not None and _first_day(source.passage.meta.date) > ground.as_of:
            message = (
                f"Passage {citation.passage} is of {source.passage.meta.date}, after {ground.as_of}, the day the "
                "evidence is taken as of; cite an earlier one."
            )
            findings.append(_block("G-PASSAGE-LATE", section, where, message))
        span = ground.sources.find(citation.quote, source)
        if isinstance(span, QuoteFault):
            findings.append(_quote_finding(span, citation, section, where, ground))
        else:
            quoted.extend(source.figures_in(span))
        if source.passage.suspicious:
            message = (
                f"Passage {citation.passage} holds text that addresses a model; check that the claim is not its doing."
            )
            findings.append(_review("G-PASSAGE-SUSPICIOUS", section, where, message))
    return tuple(findings), tuple(cited.values()), tuple(quoted)


def _first_day(date: str) -> str:
    """The first day of a partial date; an unknown one is never late."""
    return "" if date == "unknown" else f"{date}-01-01"[:10]


def _quote_finding(fault: QuoteFault, citation: Citation, section: Section, where: str, ground: Ground) -> Finding:
    quote = _shown(citation.quote)
    if fault is QuoteFault.TOO_SHORT:
        message = (
            f'The quote "{quote}" is too short to prove anything; copy a longer span of words from {citation.passage}.'
        )
        return _block("G-QUOTE-SHORT", section, where, message)
    home = ground.sources.home_of(citation.quote, first=ground.pack)
    if home is not None:
        message = (
            f'The quote "{quote}" stands in {home}, not in {citation.passage}; cite {home} or quote {citation.passage}.'
        )
        return _block("G-QUOTE-MISATTRIBUTED", section, where, message)
    advice = {
        QuoteFault.ELLIPSIS: "it skips words; copy one unbroken span without an ellipsis",
        QuoteFault.CUT_WORD: "it starts or ends inside a word or number; copy whole words",
        QuoteFault.NOT_FOUND: "copy a span of the passage word for word",
    }[fault]
    message = f'The quote "{quote}" does not stand in {citation.passage}: {advice}.'
    return _block("G-QUOTE-NOT-FOUND", section, where, message)


def _kind_findings(placed: Placed) -> Iterator[Finding]:
    claim, section, path = placed.claim, placed.section, placed.path
    if not folded_words(claim.text):
        yield _block("G-CLAIM-EMPTY", section, path, "The claim has no words; write one sentence or remove it.")
    if claim.kind is ClaimKind.SOURCED and not claim.citations:
        message = "The claim is marked sourced and cites nothing; add a citation or mark it judgement."
        yield _block("G-CITATION-MISSING", section, path, message)
    if claim.kind is ClaimKind.JUDGEMENT and claim.citations:
        message = "The claim is marked judgement and cites a passage; mark it sourced or remove the citation."
        yield _block("G-JUDGEMENT-CITED", section, path, message)


def _figure_findings(placed: Placed, quoted: Sequence[Figure]) -> Iterator[Finding]:
    claim = placed.claim
    if claim.kind is ClaimKind.JUDGEMENT:
        stated = _unsupported(claim.text, ())
        if stated:
            message = f"A judgement states no figure, found {_listed(stated)}; cite a source for it or leave it out."
            yield _block("G-JUDGEMENT-FIGURE", placed.section, placed.path, message)
        return
    missing = _unsupported(claim.text, quoted)
    if missing:
        message = (
            f"{_listed(missing)} stands in none of the claim's quotes with that unit; "
            "extend a quote to hold the figure as the source writes it, or leave it out."
        )
        yield _block("G-FIGURE-NOT-IN-QUOTE", placed.section, placed.path, message)


def _unsupported(text: str, quoted: Sequence[Figure]) -> list[Figure]:
    stated = (figure for figure in figures(text) if not figure.in_words)
    return [figure for figure in stated if not any(found.supports(figure) for found in quoted)]


def _name_findings(placed: Placed, ground: Ground, cited: Sequence[PassageText]) -> Iterator[Finding]:
    sourced = placed.claim.kind is ClaimKind.SOURCED
    allowed = [source.names for source in cited] if sourced else [ground.sources.names]
    names = unknown_names(placed.claim.text, [ground.known, *allowed])
    if names:
        where = "the cited passages" if sourced else "the evidence pack"
        listed = ", ".join(_shown(name) for name in names)
        message = f"{listed} stands neither in {where} nor in the role frame; check the name or leave it out."
        yield _review("G-NAME-UNKNOWN", placed.section, placed.path, message)


def _field_findings(placed: Placed, quoted: Sequence[Figure]) -> Iterator[Finding]:
    claim = placed.claim
    counted = _unsupported(claim.proxy or "", quoted)
    if counted:
        message = (
            f"The proxy states {_listed(counted)}, which no quote holds; name the other role or population in words."
        )
        yield _review("G-PROXY-FIGURE", placed.section, placed.path, message)
    if claim.proxy is not None and not mentions(folded_words(claim.text), claim.proxy):
        message = f'The evidence speaks of "{_shown(claim.proxy)}" and the claim does not say so; name the proxy in it.'
        yield _review("G-PROXY-UNNAMED", placed.section, placed.path, message)
    if claim.horizon is not None and not _HORIZON.fullmatch(claim.horizon.strip().lower().replace("–", "-")):
        message = f'The horizon "{_shown(claim.horizon)}" is none; write it like "2 to 4 years" or "by 2028".'
        yield _review("G-HORIZON-FORMAT", placed.section, placed.path, message)


def _listed(found: Sequence[Figure]) -> str:
    return ", ".join(dict.fromkeys(_shown(figure.written) for figure in found))


def _shown(text: str) -> str:
    """Outside text for a one-line message: printable, short."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


def _block(code: str, section: Section, path: str, message: str) -> Finding:
    return Finding(code=code, tier=Tier.BLOCK, section=section, path=path, message=message)


def _review(code: str, section: Section, path: str, message: str) -> Finding:
    return Finding(code=code, tier=Tier.REVIEW, section=section, path=path, message=message)
