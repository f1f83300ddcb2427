"""What is searched for: for every dimension what would displace the role, and what would protect it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agent.schemas.base import Value
from agent.schemas.vocabulary import INPUT_SECTIONS, EvidenceName, Section


class QueryGroup(Value):
    """Queries that share one set of passages: a section, or a dimension of the evidence."""

    name: str
    """The section, or `evidence.` and the dimension."""
    displacing: tuple[str, ...]
    """What would be said if AI replaced the role, and the frame's own queries."""
    protecting: tuple[str, ...]
    """What would be said if it did not, and the frame's own queries. Half of the passages are chosen by each side."""


_Sides = tuple[tuple[str, ...], tuple[str, ...]]

STANDING: Mapping[str, _Sides] = {
    "tasks": (
        ("{role} work automated by AI agents",),
        ("{role} daily tasks and tools", "{role} tasks that need human judgment"),
    ),
    "evidence.job_postings": (("{role} vacancies decline",), ("{role} job postings demand",)),
    "evidence.company_actions": (("{role} layoffs because of AI",), ("companies hiring {role}",)),
    "evidence.wages": (("{role} pay falls", "wage pressure from AI"), ("{role} salary", "wage premium AI skills")),
    "evidence.tool_maturity": (("AI agents benchmark {role} tasks",), ("AI tools fail at {role} work",)),
    "evidence.expert_consensus": (
        ("experts expect AI to replace {role}",),
        ("forecast of employment growth {role}", "experts doubt that AI replaces {role}"),
    ),
    "barriers": (
        ("no licence needed for {role}", "AI accepted without human oversight"),
        ("{role} regulation liability accountability", "labour union AI workplace agreement", "licence to practise"),
    ),
    "growth": (("AI reduces need for {role}",), ("AI adoption creates demand for {role}",)),
    "lens.tools": (
        ("AI agents do {role} tasks in production", "tools that automate {role} work"),
        ("people review and verify what AI agents produced", "AI-generated work needs human guardrails"),
    ),
    "lens.market": (
        ("fewer {role} needed because of AI", "AI tools make {role} work cheaper"),
        (
            "{role} who build and direct AI agents in demand",
            "job postings ask {role} for AI skills",
            "pay for AI skills",
        ),
    ),
}
"""Searched for every role, so that a thin frame still finds both sides of every dimension."""


def groups_of(section: Section) -> tuple[str, ...]:
    """Names of a section's groups, so that none of them pushes out another: one, for evidence one a dimension in
    printed order, for the lens one for tools and one for the market."""
    if section is Section.EVIDENCE:
        return tuple(f"{section.value}.{name.value}" for name in EvidenceName)
    if section is Section.LENS:
        return tuple(f"{section.value}.{part}" for part in ("tools", "market"))
    return (section.value,)


def query_groups(role: str, own: Mapping[str, Sequence[str]]) -> dict[Section, tuple[QueryGroup, ...]]:
    """The groups of every section: standing queries with the role's title put in, and beside them on both sides `own`,
    the frame's queries by group name."""
    return {
        section: tuple(_group(name, role, tuple(own.get(name, ()))) for name in groups_of(section))
        for section in INPUT_SECTIONS
    }


def lens_queries(role: str, tasks: Sequence[str]) -> tuple[QueryGroup, ...]:
    """The groups of the AI-driven lens: the standing queries, and for tools each task of the base by its name."""
    own = {"lens.tools": tuple(f"AI agent {task}" for task in tasks)}
    return tuple(_group(name, role, own.get(name, ())) for name in groups_of(Section.LENS))


def _group(name: str, role: str, own: tuple[str, ...]) -> QueryGroup:
    displacing, protecting = (
        tuple(dict.fromkeys([*own, *(query.replace("{role}", role) for query in side)])) for side in STANDING[name]
    )
    return QueryGroup(name=name, displacing=displacing, protecting=protecting)
