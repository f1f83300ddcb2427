"""What a corpus holds on a role, before anything is drafted from it (METHODOLOGY section 10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agent.grounding.independence import independent_sources
from agent.grounding.normalise import folded_words
from agent.grounding.role_mentions import speaks_of_role
from agent.schemas.article import Passage
from agent.schemas.base import Value
from agent.schemas.draft import RoleFrame
from agent.scoring.policy import POLICY

FRESH_MONTHS = 24
SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "evidence.job_postings": ("posting", "vacanc", "opening", "advert", "listing", "demand"),
    "evidence.company_actions": (
        *("layoff", "laid", "dismiss", "redundan", "restructur", "headcount"),
        *("hire", "hiring", "recruit", "cut", "employer", "compan"),
    ),
    "evidence.wages": ("wage", "salar", "pay", "paid", "earn", "compensation", "income", "premium"),
    "evidence.tool_maturity": (
        *("tool", "agent", "copilot", "assistant", "benchmark", "model", "software", "llm"),
        *("automat", "accura", "productiv"),
    ),
    "evidence.expert_consensus": (
        *("forecast", "project", "predict", "expect", "outlook", "estimat", "expert", "survey"),
        *("economist", "researcher"),
    ),
    "barriers": (
        *("licen", "regulat", "law", "legal", "liab", "union", "agreement", "accountab"),
        *("complian", "oversight", "trust", "certif", "supervis"),
    ),
    "growth": ("demand", "grow", "adopt", "creat", "need", "increase", "rise", "rising", "shortage", "expand"),
}
"""Beginnings of words that a passage on the subject has at least one of; a group without an entry takes any."""
TIERS = (1, 2, 3, 4)
SOURCES_FOR_TWO = 2
"""Independent sources that a score of plus or minus two needs."""


class GroupCoverage(Value):
    """What was found for one section, or one dimension of the evidence."""

    name: str
    passages: int
    """Passages that a search gives."""
    speaking: int
    """Of these, those that name the role, an alias or a proxy, in their text or their article's title, and that have a
    word of the group's subject."""
    sources: int
    """Independent sources of the passages that speak of the role."""
    tiers: dict[int, int]
    """Of the passages that speak of the role, how many are of each tier."""
    fresh: int
    """Of these, those dated within 24 months before the day of the assessment; an unknown date is never fresh."""
    undated: int
    newest: str | None
    """The latest date among them."""
    missing: tuple[str, ...]
    """What is not there, in words; empty when nothing is."""


class Coverage(Value):
    """What was found for every section and dimension."""

    role: str
    as_of: str
    groups: tuple[GroupCoverage, ...]
    sources: int
    """Independent sources that speak of the role, over all groups."""
    needed: int
    """How many of them an assessment needs at least."""
    stops: str
    """Why no assessment is begun with this corpus; empty when one is."""


def coverage_of(frame: RoleFrame, found: Mapping[str, Sequence[Passage]], *, as_of: str) -> Coverage:
    """The coverage of a role by the passages found a group. `as_of` is YYYY-MM-DD."""
    everything = {passage.id: passage for passages in found.values() for passage in passages}
    speaking = {key for key, passage in everything.items() if _speaks(passage, frame)}
    sources = independent_sources([everything[key] for key in sorted(speaking)])
    groups = tuple(_group(name, passages, speaking, as_of) for name, passages in found.items())
    return Coverage(
        role=frame.title,
        as_of=as_of,
        groups=groups,
        sources=sources,
        needed=POLICY.abstain_sources,
        stops=_stops(frame, groups, sources),
    )


def _group(name: str, passages: Sequence[Passage], speaking: set[str], as_of: str) -> GroupCoverage:
    own = [passage for passage in passages if passage.id in speaking and _is_on(name, passage)]
    dates = [passage.meta.date for passage in own if passage.meta.date != "unknown"]
    sources, fresh = independent_sources(own), sum(_is_fresh(date, as_of) for date in dates)
    tiers = {tier: sum(passage.meta.tier == tier for passage in own) for tier in TIERS}
    return GroupCoverage(
        name=name,
        passages=len(passages),
        speaking=len(own),
        sources=sources,
        tiers=tiers,
        fresh=fresh,
        undated=len(own) - len(dates),
        newest=max(dates, default=None),
        missing=_missing(len(own), sources, tiers, fresh),
    )


def _missing(speaking: int, sources: int, tiers: Mapping[int, int], fresh: int) -> tuple[str, ...]:
    if speaking == 0:
        return ("any passage that names the role",)
    found = []
    if sources < SOURCES_FOR_TWO:
        found.append("a second source")
    if tiers[1] + tiers[2] == 0:
        found.append("primary data or named research")
    if fresh == 0:
        found.append(f"anything dated within {FRESH_MONTHS} months")
    return tuple(found)


def _stops(frame: RoleFrame, groups: Sequence[GroupCoverage], sources: int) -> str:
    sections = dict.fromkeys(group.name.partition(".")[0] for group in groups)
    empty = [
        section
        for section in sections
        if not any(group.passages for group in groups if group.name.partition(".")[0] == section)
    ]
    if empty:
        return f"The corpus has no passage for {', '.join(empty)}."
    if sources < POLICY.abstain_sources:
        return (
            f"{sources} independent {'source' if sources == 1 else 'sources'} in the corpus "
            f"{'speaks' if sources == 1 else 'speak'} of {frame.title} or a named proxy; "
            f"{POLICY.abstain_sources} are needed."
        )
    return ""


def _speaks(passage: Passage, frame: RoleFrame) -> bool:
    return speaks_of_role(passage.text, frame) or speaks_of_role(passage.meta.title, frame)


def _is_on(group: str, passage: Passage) -> bool:
    subject = SUBJECTS.get(group)
    if subject is None:
        return True
    words = (*folded_words(passage.text), *folded_words(passage.meta.title))
    return any(word.startswith(subject) for word in words)


def _is_fresh(date: str, as_of: str) -> bool:
    """A date without a day or month counts from its first."""
    return _months(as_of) - _months(date) <= FRESH_MONTHS


def _months(date: str) -> int:
    year, month = (date + "-01")[:7].split("-")
    return int(year) * 12 + int(month)
