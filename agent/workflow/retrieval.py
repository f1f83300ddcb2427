"""The passages that each section of an assessment is drafted from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agent.drafting.queries import QueryGroup
from agent.schemas.article import Passage
from agent.schemas.vocabulary import INPUT_SECTIONS, Section
from agent.workflow.progress import Progress, silent
from agent.workflow.workbench import Evidence

GROUP_SIZE: dict[Section, int] = {
    Section.TASKS: 12,
    Section.EVIDENCE: 8,
    Section.BARRIERS: 10,
    Section.GROWTH: 10,
}
"""Passages a query group; evidence has five groups. A passage has about 200 tokens."""


def gather(
    evidence: Evidence,
    queries: Mapping[Section, Sequence[QueryGroup]],
    *,
    as_of: str,
    progress: Progress = silent,
) -> dict[str, list[Passage]]:
    """Group name to its passages, best first, half of them chosen by each side of the question."""
    found: dict[str, list[Passage]] = {}
    for section in INPUT_SECTIONS:
        progress("retrieve", f"searching evidence for {section.value}")
        for group in queries[section]:
            hits = evidence.search(group.displacing, opposed=group.protecting, limit=GROUP_SIZE[section], as_of=as_of)
            found[group.name] = [hit.passage for hit in hits]
    return found
