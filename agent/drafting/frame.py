"""The role frame: what is assessed, and the queries that look for evidence about it."""

from __future__ import annotations

from agent.drafting.claims import Line, Paragraph, Wire
from agent.drafting.queries import QueryGroup, query_groups
from agent.schemas.base import Value
from agent.schemas.draft import NotThisRole, RoleFrame
from agent.schemas.vocabulary import EvidenceName, Section


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
    queries: dict[Section, tuple[QueryGroup, ...]]
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
    own: dict[str, list[str]] = {
        "tasks": wire.tasks_queries,
        **{f"evidence.{name.value}": getattr(wire.evidence_queries, name.value) for name in EvidenceName},
        "barriers": wire.barriers_queries,
        "growth": wire.growth_queries,
    }
    return Framed(frame=frame, not_a_role=None, queries=query_groups(role, own))
