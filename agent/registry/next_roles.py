"""Where to look next: published roles with a higher score that share work with a role, the best first.

The rules are in METHODOLOGY section 14.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pydantic import ConfigDict, Field

from agent.registry.mapping import TaskMapping
from agent.registry.roles import PublishedRole, Subject
from agent.registry.transition_words import counted
from agent.registry.transitions import Transition, gain, transition
from agent.schemas.base import Value

LEAST_SHARED = 20
"""Percent of the working time: a role that shares less is another occupation, whatever it scores. Ours."""
REASONS_NAMED = 2
"""Kept tasks that a reason names, those with the most shared time."""

MappingOf = Callable[[Subject, Subject], TaskMapping]
"""The mapping of two published roles that a person confirmed, or else a suggested one."""


class NextRole(Value):
    """A published role to look at, and why."""

    to: PublishedRole
    shared: int
    """Percent of the working time of the role that is left, spent on the same work here."""
    gain: float
    """Points that the score of record is higher by, one decimal, above 0."""
    reason: str
    transition: Transition


class LeftOut(Value):
    """A published role that could not be looked at."""

    role: str
    seniority: str
    slug: str
    version: int
    reason: str


class NextRoles(Value):
    """Where to look next from a published role."""

    model_config = ConfigDict(populate_by_name=True)

    from_: PublishedRole = Field(alias="from")
    items: tuple[NextRole, ...]
    """Best first: most shared time times gain, then most shared time, then by slug."""
    sentence: str
    """How many there are out of what was looked at; where there are none, why."""
    left_out: tuple[LeftOut, ...]


def next_roles(
    of: Subject, others: Sequence[Subject], mapping_of: MappingOf, left_out: Sequence[LeftOut] = ()
) -> NextRoles:
    """The roles among `others`, one version each, that score higher than `of` and share enough of its work.

    Another version of `of` itself is no other role and is passed over. A mapping is asked for only where the score is
    higher.
    """
    roles = [other for other in others if other.role.slug != of.role.slug]
    higher = [other for other in roles if gain(of.role, other.role) > 0]
    ways = [transition(of, other, mapping_of(of, other)) for other in higher]
    fitting = [way for way in ways if way.kept_share >= LEAST_SHARED]
    return NextRoles(
        from_=of.role,
        items=tuple(_next(way) for way in sorted(fitting, key=_rank)),
        sentence=_sentence(of.role, len(roles), len(higher), len(fitting), len(left_out)),
        left_out=tuple(left_out),
    )


def _rank(way: Transition) -> tuple[int, int, str]:
    tenths = round(way.differences.score.change * 10)
    return -way.kept_share * tenths, -way.kept_share, way.to.slug


def _next(way: Transition) -> NextRole:
    return NextRole(
        to=way.to, shared=way.kept_share, gain=way.differences.score.change, reason=_reason(way), transition=way
    )


def _reason(way: Transition) -> str:
    """One sentence; the pairs are of roles that score higher only."""
    most = sorted(way.kept, key=lambda task: -task.shared)[:REASONS_NAMED]
    named = " and ".join(f"“{task.from_.name}” ({task.shared}%)" for task in most)
    policies = "" if way.from_.policy == way.to.policy else f", by policy {way.to.policy} and not {way.from_.policy}"
    return (
        f"{way.to.words} shares {way.kept_share}% of the working time of {way.from_.words}, most of it {named} "
        f"({way.mapping.words}), and scores {way.differences.score.change:.1f} points higher{policies}."
    )


def _sentence(of: PublishedRole, roles: int, higher: int, fitting: int, left_out: int) -> str:
    read = " that could be read" if left_out else ""
    if not roles and left_out:
        return f"Nowhere to look: no other published role{read} stands beside {of.words}."
    if not roles:
        return f"Nowhere to look: no role but {of.words} is published."
    looked = f"{counted(roles, 'other published role')}{read}"
    if not higher:
        return f"Nothing fits: of {looked}, none scores higher than {of.words} ({of.score:.1f})."
    if not fitting:
        which = "1 scores" if higher == 1 else f"{higher} score"
        share = "it shares less than" if higher == 1 else "none of them shares as much as"
        return (
            f"Nothing fits: of {looked}, {which} higher than {of.words} ({of.score:.1f}), and {share} {LEAST_SHARED}% "
            "of its working time."
        )
    return (
        f"{fitting} of {looked} {'scores' if fitting == 1 else 'score'} higher than {of.words} ({of.score:.1f}) and "
        f"{'shares' if fitting == 1 else 'share'} at least {LEAST_SHARED}% of its working time."
    )
