"""The rules for citations: the passage exists, the quote stands in it word for word, and it may be used."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.grounding import lexicon
from agent.grounding.normalise import normalise
from agent.grounding.quotes import QuoteFault
from agent.grounding.sources import PassageText, Sources
from agent.grounding.spoken import block, review, shown
from agent.schemas.draft import Citation, RoleFrame
from agent.schemas.finding import Finding, Verdict
from agent.schemas.vocabulary import Section

_DOUBTED_BEFORE = re.compile(lexicon.DOUBTED_BEFORE, re.IGNORECASE)
_DOUBTED_AFTER = re.compile(lexicon.DOUBTED_AFTER, re.IGNORECASE)
_CLAUSE_START = re.compile(r"[;:()\u2014,]| - |\b(?:but|while|whereas|although|though|however|and)\b", re.IGNORECASE)
_THAT = re.compile(r"\b(?:that|whether|if|how)(?:, [^,]{1,60},)?\s*$", re.IGNORECASE)
_SEEN = 300
"""How far before or after a quote, inside its sentence, words are looked for that take it back."""
_CLOSE = 40
"""How far before a quote a denial that does not introduce it with "that" is its own."""
_TAKES_BACK = re.compile(r"(?:this|that|it|the (?:claim|figure|number|statement|report|estimate))\b", re.IGNORECASE)


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
    role: frozenset[str] = frozenset()
    """The stems of the role frame and the task names."""
    stale_months: int = 24
    """An older source is not of today."""
    frame: RoleFrame | None = None
    """The role that is assessed; `None` where texts are compared with passages alone."""


@dataclass(frozen=True)
class Quoted:
    """A quote that stands in its passage."""

    source: PassageText
    span: tuple[int, int]
    """Offsets into the stored text."""

    @property
    def text(self) -> str:
        """The source's own words."""
        return self.source.passage.text[self.span[0] : self.span[1]]


@dataclass(frozen=True)
class CheckedCitations:
    """What was found on the citations of one claim."""

    findings: tuple[Finding, ...]
    cited: tuple[PassageText, ...]
    """The cited passages that exist, each once."""
    quoted: tuple[Quoted, ...]
    verdict: Verdict
    """What the citations alone make of their claim."""


def check_citations_of(citations: Sequence[Citation], section: Section, path: str, ground: Ground) -> CheckedCitations:
    """Every rule that citations at `path` can break on their own."""
    findings: list[Finding] = []
    cited: dict[str, PassageText] = {}
    quoted: list[Quoted] = []
    verdicts = [Verdict.REPAIRED if c.as_drafted is not None else Verdict.VERIFIED for c in citations]
    for at, citation in enumerate(citations):
        where = f"{path}.citations.{at}"
        source = ground.sources.get(citation.passage)
        if source is None:
            findings.append(_unknown(citation, section, where, ground))
            verdicts.append(Verdict.FABRICATED)
            continue
        cited[source.passage.id] = source
        findings += _passage_findings(source, section, where, ground)
        span = ground.sources.find(citation.quote, source)
        if isinstance(span, QuoteFault):
            finding, verdict = _fault(span, citation, section, where, ground)
            findings.append(finding)
            verdicts.append(verdict)
        else:
            quoted.append(Quoted(source, span))
            findings += _span_findings(quoted[-1], section, where)
    order = list(Verdict)
    verdict = min(verdicts, key=order.index, default=Verdict.UNSUPPORTED)
    return CheckedCitations(tuple(findings), tuple(cited.values()), tuple(quoted), verdict)


def _unknown(citation: Citation, section: Section, where: str, ground: Ground) -> Finding:
    nearest = ground.sources.nearest(citation.passage, among=ground.pack)
    advice = f"did you mean {nearest}?" if nearest else "cite an id of the evidence pack."
    return block("G-PASSAGE-UNKNOWN", section, where, f'No passage "{shown(citation.passage)}" exists; {advice}')


def _passage_findings(source: PassageText, section: Section, where: str, ground: Ground) -> Iterator[Finding]:
    passage = source.passage
    if ground.as_of is not None and _first_day(passage.meta.date) > ground.as_of:
        message = (
            f"Passage {passage.id} is of {passage.meta.date}, after {ground.as_of}, the day the evidence is taken as "
            "of; cite an earlier one."
        )
        yield block("G-PASSAGE-LATE", section, where, message)
    if source.suspicious:
        message = f"Passage {passage.id} holds text that addresses a model; check that the claim is not its doing."
        yield review("G-PASSAGE-SUSPICIOUS", section, where, message)


def _first_day(date: str) -> str:
    """The first day of a partial date; an unknown one is never late."""
    return "" if date == "unknown" else f"{date}-01-01"[:10]


def _fault(
    fault: QuoteFault, citation: Citation, section: Section, where: str, ground: Ground
) -> tuple[Finding, Verdict]:
    quote, passage = shown(citation.quote), citation.passage
    if fault is QuoteFault.TOO_SHORT:
        message = f'The quote "{quote}" is too short to prove anything; copy a longer span of words from {passage}.'
        return block("G-QUOTE-SHORT", section, where, message), Verdict.UNSUPPORTED
    home = ground.sources.home_of(citation.quote, first=ground.pack)
    if home is not None:
        message = f'The quote "{quote}" stands in {home}, not in {passage}; cite {home} or quote {passage}.'
        return block("G-QUOTE-MISATTRIBUTED", section, where, message), Verdict.MISATTRIBUTED
    code, advice, verdict = {
        QuoteFault.STITCHED: (
            "G-QUOTE-STITCHED",
            "it joins places that do not stand together; copy one unbroken span, or cite each place on its own",
            Verdict.FABRICATED,
        ),
        QuoteFault.CUT_WORD: (
            "G-QUOTE-CUT-WORD",
            "it starts or ends inside a word or number; copy whole words",
            Verdict.UNSUPPORTED,
        ),
        QuoteFault.NOT_FOUND: (
            "G-QUOTE-FABRICATED",
            "copy a span of the passage word for word",
            Verdict.FABRICATED,
        ),
    }[fault]
    return block(code, section, where, f'The quote "{quote}" does not stand in {passage}: {advice}.'), verdict


def _span_findings(quoted: Quoted, section: Section, where: str) -> Iterator[Finding]:
    passage = quoted.source.passage
    start, end = quoted.span
    if any(begin < end and start < stop for begin, stop in quoted.source.hostile):
        message = f"The quote is text of {passage.id} that addresses a model; it is no evidence and cannot be cited."
        yield block("G-QUOTE-HOSTILE", section, where, message)
    denial = _denial(quoted)
    if denial is not None:
        message = (
            f'The quote leaves out what turns it round: its sentence goes "{shown(denial)}"; quote the whole sentence.'
        )
        yield block("G-QUOTE-FLIPPED", section, where, message)


def _denial(quoted: Quoted) -> str | None:
    """The words outside the quote that take it back, in its sentence or at once after it; `None` where none do."""
    sentence_start, sentence_end = quoted.source.sentence(quoted.span)
    text = quoted.source.passage.text
    before = normalise(text[max(sentence_start, quoted.span[0] - _SEEN) : quoted.span[0]])
    introduced = _THAT.search(before) is not None
    cut = max((match.end() for match in _CLAUSE_START.finditer(before)), default=0)
    near = before if introduced else before[max(cut, len(before) - _CLOSE) :]
    if _DOUBTED_BEFORE.search(near):
        return f"{before[-80:]} […]"
    rest = normalise(text[quoted.span[1] : min(sentence_end, quoted.span[1] + _SEEN)]).partition(";")[0]
    if _DOUBTED_AFTER.search(rest):
        return f"[…] {rest[:80]}"
    following = normalise(text[sentence_end : sentence_end + _SEEN]).partition(". ")[0]
    if _TAKES_BACK.match(following) and _DOUBTED_AFTER.search(following):
        return f"[…] {following[:80]}"
    return None
