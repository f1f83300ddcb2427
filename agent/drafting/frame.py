"""The role frame: what is assessed, and the queries that look for evidence about it."""

from __future__ import annotations

from agent.drafting.claims import Line, Paragraph, Wire
from agent.schemas.base import Value
from agent.schemas.draft import NotThisRole, RoleFrame
from agent.schemas.vocabulary import INPUT_SECTIONS, Section

STANDING_QUERIES: dict[Section, tuple[str, ...]] = {
    Section.TASKS: ("{role} daily tasks and tools", "{role} work automated by AI agents"),
    Section.EVIDENCE: (
        "{role} job postings demand",
        "{role} layoffs hiring AI",
        "{role} salary wages",
        "AI tools benchmark {role} work",
        "forecast future of {role}",
    ),
    Section.BARRIERS: ("{role} regulation liability accountability", "labour union AI workplace agreement"),
    Section.GROWTH: ("AI adoption creates demand for {role}", "AI reduces need for {role}"),
}
"""Asked for every role beside the frame's own queries, so that a thin frame still finds both sides."""


class NotThisRoleWire(Wire):
    """A neighbouring role."""

    title: Line
    difference: Paragraph


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
    evidence_queries: list[Line]
    barriers_queries: list[Line]
    growth_queries: list[Line]


class Framed(Value):
    """A frame with its queries, or the reason why the title is not a role."""

    frame: RoleFrame | None
    not_a_role: str | None
    queries: dict[Section, tuple[str, ...]]


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
    asked = {
        Section.TASKS: wire.tasks_queries,
        Section.EVIDENCE: wire.evidence_queries,
        Section.BARRIERS: wire.barriers_queries,
        Section.GROWTH: wire.growth_queries,
    }
    queries = {
        section: tuple(dict.fromkeys([*asked[section], *(q.format(role=role) for q in STANDING_QUERIES[section])]))
        for section in INPUT_SECTIONS
    }
    return Framed(frame=frame, not_a_role=None, queries=queries)
