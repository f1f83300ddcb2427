"""The passages that each section of an assessment is drafted from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agent.drafting.queries import QueryGroup, lens_queries
from agent.review.revision import cited
from agent.schemas.article import Passage
from agent.schemas.assessment import Assessment
from agent.schemas.vocabulary import INPUT_SECTIONS, Section
from agent.workflow.evidence import Evidence
from agent.workflow.progress import Progress, silent

GROUP_SIZE: dict[Section, int] = {
    Section.TASKS: 12,
    Section.EVIDENCE: 8,
    Section.BARRIERS: 10,
    Section.GROWTH: 10,
    Section.LENS: 8,
}
"""Passages a query group; evidence has five groups, the lens two. A passage has about 200 tokens."""
LENS_PACK = 30
"""Passages that the lens reads at most: those of its own search, then what the approved inputs cite, evidence first."""


def gather(
    evidence: Evidence,
    queries: Mapping[Section, Sequence[QueryGroup]],
    *,
    as_of: str,
    progress: Progress = silent,
) -> dict[str, list[Passage]]:
    """Group name to its passages, best first, half of them chosen by each side of the question; for the sections that
    `queries` has."""
    found: dict[str, list[Passage]] = {}
    for section in (name for name in INPUT_SECTIONS if name in queries):
        progress("retrieve", f"searching evidence for {section.value}")
        for group in queries[section]:
            found[group.name] = _searched(evidence, group, section, as_of)
    return found


def gather_lens(evidence: Evidence, base: Assessment) -> tuple[str, ...]:
    """The ids of the passages that a lens on an approved revision is drafted from, in prompt order."""
    queries = lens_queries(base.role.title, [task.name for task in base.inputs.tasks])
    found = [p.id for group in queries for p in _searched(evidence, group, Section.LENS, base.as_of)]
    market = [
        citation.passage
        for draft in base.inputs.evidence.values()
        for claim in draft.claims
        for citation in claim.citations
    ]
    return tuple(dict.fromkeys([*found, *market, *cited(base.inputs)]))[:LENS_PACK]


def _searched(evidence: Evidence, group: QueryGroup, section: Section, as_of: str) -> list[Passage]:
    hits = evidence.search(group.displacing, opposed=group.protecting, limit=GROUP_SIZE[section], as_of=as_of)
    return [hit.passage for hit in hits]
