"""The rules for what a claim says: figures, dates, names, meaning, time, instructions and personal data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import cached_property

from agent.grounding.citations import Ground, Quoted
from agent.grounding.computed import MARK, computations, supported
from agent.grounding.dates import current_words, date_parts, iso_spans, months_before, parts_of_date
from agent.grounding.figures import Figure, figures, is_year
from agent.grounding.hostile import looks_like_instruction
from agent.grounding.language import analyse
from agent.grounding.meaning import Support, doubts
from agent.grounding.names import is_known_name, is_short_for, unknown_names
from agent.grounding.normalise import normal_text
from agent.grounding.personal import personal_data
from agent.grounding.shares import TOLERANCE, Share, is_stated, percent_of, shares
from agent.grounding.sources import PassageText
from agent.grounding.spoken import block, listed, review, shown
from agent.schemas.draft import Claim
from agent.schemas.finding import Finding, Highlight
from agent.schemas.vocabulary import Section

_ANAPHORA = re.compile(r"\b(?:the|these|those|both|all|other|its|their|our|last|past|next|first|of) $", re.IGNORECASE)
_PUBLISHED = re.compile(
    r"\b(?:report(?:s|ed)?|publish(?:es|ed)?|wr(?:ites|ote|itten)|sa(?:ys|id)|notes?|noted|stud(?:y|ies)|surveys?"
    r"|surveyed|articles?"
    r"|papers?|analys[ei]s|dated|as of|post(?:ed)?|blog|page|release[ds]?|announce[ds]?|estimate[ds]?|data|index"
    r"|by)\b[^.;]*$",
    re.IGNORECASE,
)
"""Words before a date that make it the source's own."""
_YEAR_AFTER = re.compile(r"(?: \d{1,2},)?,? (?:of )?((?:19|20)\d\d)\b")
_LEAST_WORD = 3
"""A bare number word below this ("one", "two") is an idiom as often as a count."""
_SCORES = re.compile(
    r"\b(?:score|rate|rating|zone|label|grade)s?\b.{0,30}(?:\b[1-5]\b|\bgreen\b|\byellow\b|\bred\b|[+-][12]\b)",
    re.IGNORECASE,
)


class Said:
    """One claim and what it stands on."""

    def __init__(
        self, claim: Claim, section: Section, path: str, quoted: Sequence[Quoted], cited: Sequence[PassageText],
        ground: Ground, compared: Sequence[Quoted] | None = None,
    ) -> None:  # fmt: skip
        self.claim, self.section, self.path = claim, section, path
        self.quoted, self.cited, self.ground = quoted, cited, ground
        self.compared = quoted if compared is None else compared
        self.normal = normal_text(claim.text)
        self.plain = self.normal.text

    @cached_property
    def suspicious(self) -> bool:
        """A cited passage holds text that addresses a model."""
        return any(source.suspicious for source in self.cited)

    def highlight(self, start: int, end: int) -> Highlight | None:
        """Characters of the normalised claim as characters of the claim."""
        if end <= start:
            return None
        begin, stop = self.normal.original(start, end)
        return Highlight(of="claim", start=begin, end=stop)

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """The figures of the verified quotes."""
        return tuple(figure for quote in self.quoted for figure in quote.source.figures_in(quote.span))

    @cached_property
    def shares(self) -> tuple[Share, ...]:
        """Parts and multiples in words in the verified quotes."""
        return tuple(
            share
            for quote in self.quoted
            for start, end, share in quote.source.shares
            if quote.span[0] <= start and end <= quote.span[1]
        )

    @cached_property
    def dates(self) -> tuple[frozenset[str], frozenset[tuple[str, int]]]:
        """The digits and parts of the dates of the cited sources."""
        found = [parts_of_date(source.passage.meta.date) for source in self.cited]
        return (
            frozenset().union(*(digits for digits, _ in found)),
            frozenset().union(*(parts for _, parts in found)),
        )

    @cached_property
    def support(self) -> Support:
        """What the words of the claim are compared with."""
        around = []
        for quote in self.compared:
            start, end = quote.source.sentence(quote.span)
            around.append(analyse(quote.source.passage.text[start:end]))
        headed = [source.headed.stems for source in self.cited]
        return Support(
            quotes=tuple(analyse(quote.text) for quote in self.compared),
            around=tuple(around),
            passages=tuple(source.analysis for source in self.cited),
            known=self.ground.role.union(*headed),
        )


def sourced_findings(said: Said) -> Iterator[Finding]:
    """The rules for a claim with quotes. Meaning is compared only where every citation was found."""
    yield from _figure_findings(said)
    yield from _date_findings(said)
    yield from _name_findings(said)
    if said.quoted:
        yield from _meaning_findings(said)
        yield from _time_findings(said)
    yield from safety_findings(said)


def text_findings(said: Said) -> Iterator[Finding]:
    """The rules for a text without quotes of its own: figures, dates, names and meaning."""
    yield from _figure_findings(said)
    yield from _date_findings(said)
    yield from _name_findings(said)
    yield from _meaning_findings(said)


def judgement_findings(said: Said) -> Iterator[Finding]:
    """The rules for a claim without citations."""
    stated = [figure.written for figure in figures(said.plain) if not figure.in_words]
    stated += [share.written for share in shares(said.plain) if not share.times and "half" not in share.written]
    if stated:
        message = f"A judgement states {listed(stated)}; cite a passage for figures or say it in words."
        yield block("G-JUDGEMENT-FIGURE", said.section, said.path, message)
    names = unknown_names(said.claim.text, [said.ground.known, said.ground.sources.names])
    if names:
        message = f"{listed(names)} stands neither in the evidence pack nor in the role frame; check or leave it out."
        yield review("G-NAME-UNKNOWN", said.section, said.path, message)
    yield from safety_findings(said)


def safety_findings(said: Said) -> Iterator[Finding]:
    """Instructions to a model and personal data, wherever a claim prints them."""
    claim = said.claim
    if looks_like_instruction(claim.text) or (said.suspicious and _SCORES.search(said.plain)):
        message = "The claim reads like an instruction to a model; it is no statement about the role."
        yield block("G-CLAIM-INSTRUCTION", said.section, said.path, message)
    printed = [claim.text, claim.proxy or "", claim.horizon or "", *(citation.quote for citation in claim.citations)]
    found = [(text, datum) for text in printed for datum in personal_data(text)]
    certain = [f"{datum.kind} ({shown(text[datum.start : datum.end])})" for text, datum in found if datum.certain]
    if certain:
        message = f"The claim or a quote holds personal data: {listed(certain)}; leave it out."
        yield block("G-PERSONAL-DATA", said.section, said.path, message)
    persons = [text[datum.start : datum.end] for text, datum in found if not datum.certain]
    if persons:
        message = f"{listed(persons)} looks like a private person; name people only where their office matters."
        yield review("G-PERSON-NAMED", said.section, said.path, message)


def _figure_findings(said: Said) -> Iterator[Finding]:
    plain = said.plain
    quoted_values: dict[str, set[str]] = {}
    for figure in said.figures:
        for reading in figure.readings if not is_year(figure) else ():
            quoted_values.setdefault(reading.value, set()).add(reading.kind)
    marked = computations(plain)
    for computation in marked:
        if not supported(computation, quoted_values):
            message = (
                f"{shown(plain[computation.start : computation.end])} does not follow from quoted figures; "
                "give every operand in a quote, and the right result."
            )
            here = said.highlight(computation.start, computation.end)
            yield block("G-COMPUTED-WRONG", said.section, said.path, message, here)
    results = {computation.result for computation in marked if supported(computation, quoted_values)}
    spans = [match.span() for match in MARK.finditer(plain)]
    worded = shares(plain)
    missing = [
        (figure.written, figure.start, figure.end)
        for figure in figures(plain)
        if not any(start <= figure.start < end for start, end in spans)
        and not any(share.start <= figure.start < share.end for share in worded)
        and not _is_free(figure, said)
        and not _has_support(figure, said, results)
    ]
    missing += [
        (share.written, share.start, share.end) for share in worded if not is_stated(share, said.shares, said.figures)
    ]
    if missing:
        message = (
            f"{listed(written for written, _, _ in missing)} stands in none of the claim's quotes with that unit; "
            "extend a quote to hold the figure as the source writes it, or leave it out."
        )
        here = said.highlight(*missing[0][1:])
        yield block("G-FIGURE-NOT-IN-QUOTE", said.section, said.path, message, here)


def _is_free(figure: Figure, said: Said) -> bool:
    """A bare number word that counts nothing new: "one", "two", "the three". It is not, where the quotes count another
    number of the same, and where it measures time."""
    if not figure.in_words or figure.time is not None:
        return False
    counted = _counted(said.plain, figure.end)
    for quote in said.quoted:
        text = quote.source.normal.text
        for found in quote.source.figures_in(quote.span):
            if counted and _counted(text, found.end) == counted:
                return False
    values = {reading.value for reading in figure.readings}
    small = all(len(value) == 1 and int(value) < _LEAST_WORD for value in values if value.isdecimal())
    return small or _ANAPHORA.search(said.plain[max(0, figure.start - 12) : figure.start]) is not None


def _counted(plain: str, end: int) -> str | None:
    """The stem of the word that a number counts: the first content word after it."""
    words = analyse(plain[end : end + 40].partition(".")[0]).words
    return next((word.stem for word in words[:3] if word.content), None)


def _has_support(figure: Figure, said: Said, results: Iterable[str]) -> bool:
    if any(_supports(found, figure) for found in said.figures):
        return True
    values = {reading.value for reading in figure.readings}
    if any(start <= figure.start < end for start, end in iso_spans(said.plain)):
        day = figure.written.lstrip("0")
        if len(day) <= 2:
            return _stands(day, said) or day in said.dates[0]
    if values & set(results):
        return True
    if (
        any(reading.kind == "plain" for reading in figure.readings)
        and values & said.dates[0]
        and _dates_source(figure, said)
    ):
        return True
    percents = [
        Fraction(r.value) for r in figure.readings if r.kind == "percent" and re.fullmatch(r"\d+(\.\d+)?", r.value)
    ]
    parts = [percent for share in said.shares if (percent := percent_of(share)) is not None]
    return any(abs(stated - part) <= TOLERANCE for stated in percents for part in parts)


def _supports(found: Figure, stated: Figure) -> bool:
    """A figure of time is said only by one of the same unit, or by one whose unit comes later: "2 to 4 years"."""
    return found.supports(stated) and (stated.time is None or found.time is not None or stated.in_words)


def _stands(digits: str, said: Said) -> bool:
    """Whether a day or month of a date stands in a quote, in digits or by name."""
    months = {
        str(part.value) for quote in said.quoted for _, _, part in quote.source.date_parts if part.kind == "month"
    }
    return digits in months or any(reading.value == digits for found in said.figures for reading in found.readings)


def _dates_source(figure: Figure, said: Said) -> bool:
    """Whether a figure that is part of its source's date is meant so: no quote has a year, or it dates the source."""
    before = said.plain[max(0, figure.start - 60) : figure.start]
    return not any(is_year(found) for found in said.figures) or _PUBLISHED.search(before) is not None


def _date_findings(said: Said) -> Iterator[Finding]:
    quoted = {
        found.key
        for quote in said.quoted
        for start, end, found in quote.source.date_parts
        if quote.span[0] <= start and end <= quote.span[1]
    }
    months = {value for kind, value in quoted if kind == "month"}
    quoted |= {("quarter", (month + 2) // 3) for month in months}
    for found in date_parts(said.plain):
        if found.kind == "rate" and not _measures(said.plain, found.start):
            continue
        year = _YEAR_AFTER.match(said.plain, found.end)
        if year is not None and found.kind == "month" and not _dated_so(found.value, year[1], said):
            message = f'"{shown(said.plain[found.start : year.end()])}" is a date that no quote and no source gives.'
            here = said.highlight(found.start, year.end())
            yield block("G-DATE-NOT-IN-QUOTE", said.section, said.path, message, here)
            return
        if found.key not in quoted and found.key not in said.dates[1]:
            written = said.plain[found.start : found.end]
            message = (
                f'"{written}" is the date of none of the claim\'s quotes or sources; give the date that they give.'
            )
            here = said.highlight(found.start, found.end)
            yield block("G-DATE-NOT-IN-QUOTE", said.section, said.path, message, here)
            return


def _dated_so(month: int, year: str, said: Said) -> bool:
    """Whether a quote has the month with that year close to it, or a cited source is of that month."""
    for source in said.cited:
        if source.passage.meta.date.startswith(f"{year}-{month:02}"):
            return True
    for quote in said.quoted:
        plain = normal_text(quote.text).text
        for part in date_parts(plain):
            near = plain[max(0, part.start - 12) : part.end + 40]
            if part.key == ("month", month) and year in near:
                return True
    return False


def _measures(plain: str, start: int) -> bool:
    """Whether a unit of time belongs to a figure close before it: "129,200 openings a month"."""
    return any(figure.end >= start - 40 for figure in figures(plain[:start]) if not is_year(figure))


def _name_findings(said: Said) -> Iterator[Finding]:
    own = [source.names for source in said.cited]
    texts = [source.normal.text for source in said.cited] + [said.claim.proxy or ""]
    found = unknown_names(said.claim.text, [said.ground.known, *own], said.ground.sources.named)
    names = [name for name in found if not is_short_for(name, texts)]
    if names:
        elsewhere = [name for name in names if is_known_name(name, [said.ground.sources.names])]
        where = "stands in other passages only" if elsewhere == names else "stands in none of the passages"
        message = f"{listed(names)} {where}, and not in those the claim cites; cite where it stands or leave it out."
        yield block("G-NAME-UNKNOWN", said.section, said.path, message)


def _meaning_findings(said: Said) -> Iterator[Finding]:
    seen: set[str] = set()
    for doubt in doubts(said.claim.text, said.support):
        if doubt.code in seen:
            continue
        seen.add(doubt.code)
        make = block if doubt.certain else review
        yield make(doubt.code, said.section, said.path, doubt.message, said.highlight(doubt.start, doubt.end))


def _time_findings(said: Said) -> Iterator[Finding]:
    as_of = said.ground.as_of
    current = current_words(said.plain)
    if as_of is None or not current:
        return
    word, start, end = current[0]
    here = said.highlight(start, end)
    ages = [_age(quote, as_of) for quote in said.quoted]
    known = [age for age in ages if age is not None]
    if known and min(known) > said.ground.stale_months:
        message = f'"{word}" presents evidence older than {said.ground.stale_months} months as of today ({as_of}).'
        yield block("G-STALE-AS-CURRENT", said.section, said.path, f"{message} Say of when it is.", here)
    elif not known and word not in " ".join(quote.text.lower() for quote in said.quoted):
        message = (
            f'"{word}" presents evidence without a known date as of today; leave it out or say that it is undated.'
        )
        yield review("G-UNDATED-AS-CURRENT", said.section, said.path, message, here)


def _age(quote: Quoted, as_of: str) -> int | None:
    """Months from the latest year that a quote names, else from its source's date, to `as_of`; `None` when unknown."""
    years = [figure.written for figure in quote.source.figures_in(quote.span) if is_year(figure)]
    past = [year for year in years if year <= as_of[:4]]
    dated = months_before(quote.source.passage.meta.date, as_of)
    named = months_before(f"{max(past)}-12", as_of) if past else None
    return dated if named is None else named
