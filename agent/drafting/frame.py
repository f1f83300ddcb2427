"""The role frame: what is assessed, and the queries that look for evidence about it."""

from __future__ import annotations

from typing import TypeAlias

from agent.drafting.claims import Line, Paragraph, Wire
from agent.schemas.base import Value
from agent.schemas.draft import NotThisRole, RoleFrame
from agent.schemas.vocabulary import INPUT_SECTIONS, EvidenceName, Section

Queries: TypeAlias = tuple[str, ...]

STANDING_QUERIES: dict[Section, tuple[Queries, ...]] = {
    Section.TASKS: (("{role} daily tasks and tools", "{role} work automated by AI agents"),),
    Section.EVIDENCE: (
        ("{role} job postings demand", "{role} vacancies decline"),
        ("{role} hiring", "{role} layoffs because of AI"),
        ("{role} salary", "wage premium AI skills"),
        ("AI agents benchmark {role} tasks", "AI tools fail at {role} work"),
        ("forecast of employment {role}", "experts expect AI to replace {role}"),
    ),
    Section.BARRIERS: (
        ("{role} regulation liability accountability", "labour union AI workplace agreement", "licence to practise"),
    ),
    Section.GROWTH: (("AI adoption creates demand for {role}", "AI reduces need for {role}"),),
}
"""Searched for every role beside the frame's own queries, so that a thin frame still finds both sides. One group is one
set of passages: evidence has a group a dimension, so that none of them pushes out another."""


class NotThisRoleWire(Wire):
    """A neighbouring role."""

    title: Line
    difference: Paragraph


class EvidenceQueriesWire(Wire):
    """Search queries a dimension."""

    job_postings: list[Line]
    company_actions: list[Line]
    wages: list[Line]
    tool_maturity: list[Line]
    expert_consensus: list[Line]


class FrameAnswer(Wire):
    """The description of a role."""

    is_a_role: bool
    not_a_role_reason: Paragraph | None
    title: Line
    seniority: Line
    function: Paragraph
    aliases: list[Line]
    proxies: list[Line]
    is_not: list[NotThisRoleWire]
    experience: Paragraph
    seniority_note: Paragraph
    tags: list[Line]
    tasks_queries: list[Line]
    evidence_queries: EvidenceQueriesWire
    barriers_queries: list[Line]
    growth_queries: list[Line]


class Framed(Value):
    """A frame with its queries, or the reason why the title is not a role."""

    frame: RoleFrame | None
    not_a_role: str | None
    queries: dict[Section, tuple[Queries, ...]]
    """Query groups a section: one, and for evidence one a dimension in printed order."""


def frame_from_wire(wire: FrameAnswer, *, role: str, seniority: str | None) -> Framed:
    """The frame under the title and level that were asked for; the model's own title becomes an alias."""
    if not wire.is_a_role:
        return Framed(frame=None, not_a_role=wire.not_a_role_reason or "the title names no occupation", queries={})
    aliases = tuple(dict.fromkeys(a for a in (wire.title, *wire.aliases) if a.casefold() != role.casefold()))
    frame = RoleFrame(
        title=role,
        seniority=(seniority or wire.seniority)[:60],
        function=wire.function,
        aliases=aliases,
        proxies=tuple(dict.fromkeys(wire.proxies)),
        is_not=tuple(NotThisRole(title=n.title, difference=n.difference) for n in wire.is_not),
        experience=wire.experience,
        seniority_note=wire.seniority_note,
        tags=tuple(dict.fromkeys(wire.tags)),
    )
    asked: dict[Section, tuple[list[str], ...]] = {
        Section.TASKS: (wire.tasks_queries,),
        Section.EVIDENCE: tuple(getattr(wire.evidence_queries, name.value) for name in EvidenceName),
        Section.BARRIERS: (wire.barriers_queries,),
        Section.GROWTH: (wire.growth_queries,),
    }
    queries = {
        section: tuple(
            tuple(dict.fromkeys([*own, *(query.replace("{role}", role) for query in standing)]))
            for own, standing in zip(asked[section], STANDING_QUERIES[section], strict=True)
        )
        for section in INPUT_SECTIONS
    }
    return Framed(frame=frame, not_a_role=None, queries=queries)
