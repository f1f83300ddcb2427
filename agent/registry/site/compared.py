"""The comparisons of a site: every role beside every other in numbers, and the pairs that have pages of their own.

Each role is compared in the newest version that the site shows and nobody withdrew. Which task is which is handed in as
a function, since confirmed mappings and the embedding model are not the registry's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from agent.registry.lookup import newest_of_each
from agent.registry.mapping import TaskMapping
from agent.registry.next_roles import LeftOut, MappingOf, NextRoles, next_roles
from agent.registry.roles import PublishedRole, Subject
from agent.registry.site.versions import Registry
from agent.registry.transitions import Transition, transition

NEAREST = 8
"""Roles that each role has comparison pages with at least: those it shares the most working time with. Ours.

Pages for every pair would grow with the square of the roles (70 roles: 4,830 pages); with up to nine roles these are
all of them.
"""
OFFERED = 5
"""Roles that a panel on where to look next names, the best; each has its comparison page. Ours."""
CANNOT_BE_SHOWN = "what was published of it cannot be shown"


@dataclass(frozen=True)
class Beside:
    """Another role beside one, whichever of both scores higher."""

    to: PublishedRole
    shared: int
    """Percent of the working time that is spent on the same work, the same in both directions."""
    change: float
    """Its score of record less that of the one, one decimal."""
    mapping: TaskMapping


@dataclass(frozen=True)
class Compared:
    """What a site says between roles. Roles are named by slug."""

    next: Mapping[str, NextRoles]
    """Where to look next from each role."""
    beside: Mapping[str, tuple[Beside, ...]]
    """For each role every other one: the most shared time first, then by slug."""
    ways: Mapping[tuple[str, str], Transition]
    """The pairs that have pages, from the first role to the second; each is there in both directions."""


def compare_roles(registry: Registry, mapping_of: MappingOf) -> Compared:
    """Compare the roles of a site with each other; `mapping_of` is asked once for each two of them."""
    subjects = {role.slug: role.newest.subject for role in sorted(registry.roles, key=lambda role: role.slug)}
    mappings = _mappings(subjects, mapping_of)

    def mapping(a: Subject, b: Subject) -> TaskMapping:
        return mappings[a.role.slug, b.role.slug]

    left_out = _left_out(registry)
    found = {
        slug: next_roles(of, [other for other in subjects.values() if other is not of], mapping, left_out)
        for slug, of in subjects.items()
    }
    beside = {slug: _beside(slug, subjects, mappings) for slug in subjects}
    pairs = {pair for slug in subjects for pair in _pairs(slug, beside[slug], found[slug])}
    ways = {(a, b): transition(subjects[a], subjects[b], mappings[a, b]) for a, b in sorted(pairs)}
    return Compared(found, beside, ways)


def _mappings(subjects: Mapping[str, Subject], mapping_of: MappingOf) -> Mapping[tuple[str, str], TaskMapping]:
    """The mapping of each two roles, both ways round; none of two whose content is one and the same."""
    mappings: dict[tuple[str, str], TaskMapping] = {}
    for a, b in combinations(subjects, 2):
        if subjects[a].revision == subjects[b].revision:
            continue
        mappings[a, b] = mapping_of(subjects[a], subjects[b])
        mappings[b, a] = mappings[a, b].turned()
    return mappings


def _beside(
    slug: str, subjects: Mapping[str, Subject], mappings: Mapping[tuple[str, str], TaskMapping]
) -> tuple[Beside, ...]:
    ways = (transition(subjects[slug], subjects[to], mappings[slug, to]) for to in subjects if (slug, to) in mappings)
    rows = [Beside(way.to, way.kept_share, way.differences.score.change, way.mapping) for way in ways]
    return tuple(sorted(rows, key=lambda row: (-row.shared, row.to.slug)))


def _pairs(slug: str, beside: Sequence[Beside], found: NextRoles) -> set[tuple[str, str]]:
    """The pairs of a role that get pages, both ways round."""
    confirmed = [row for row in beside if row.mapping.by_person]
    others = {row.to.slug for row in (*beside[:NEAREST], *confirmed)} | {item.to.slug for item in found.items[:OFFERED]}
    return {pair for other in others for pair in ((slug, other), (other, slug))}


def _left_out(registry: Registry) -> tuple[LeftOut, ...]:
    """Published roles of which the site has no version, so that no page says that there is no other role."""
    shown = {role.slug for role in registry.roles}
    return tuple(
        LeftOut(role=row.role, seniority=row.seniority, slug=row.slug, version=row.version, reason=CANNOT_BE_SHOWN)
        for row in newest_of_each(registry.lost)
        if row.slug not in shown
    )
