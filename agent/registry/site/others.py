"""The roles that a role is not, each with what the site shows of it now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agent.registry.lookup import roles_called
from agent.registry.site.versions import SiteRole
from agent.registry.transitions_view import RoleView, role_view


@dataclass(frozen=True)
class OtherView:
    """A role that an approved page says its own is not."""

    title: str
    """As the page has it."""
    shown: tuple[RoleView, ...]
    """The newest version that stands of each role of that title; empty where there is none."""


def others_view(role: SiteRole, roles: Sequence[SiteRole]) -> tuple[OtherView, ...]:
    """What `roles`, those that the site shows, hold of each role that the newest version of `role` is not, in its
    order. No role is a reference to itself."""
    others = {other.slug: other.newest for other in roles if other.slug != role.slug}
    rows = [version.row for version in others.values()]
    return tuple(
        OtherView(
            title=named.title,
            shown=tuple(role_view(others[row.slug].subject.role) for row in roles_called(named.title, rows)),
        )
        for named in role.newest.document.assessment.role.is_not
    )
