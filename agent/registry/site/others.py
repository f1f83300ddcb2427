"""The other roles that a role names, each with what the site shows of it now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agent.registry.lookup import roles_called
from agent.registry.site.versions import SiteRole
from agent.registry.transitions_view import RoleView, role_view


@dataclass(frozen=True)
class OtherView:
    """A role that an approved page names as another one: it is not that one, or takes evidence about it as a proxy."""

    title: str
    """As the page has it."""
    shown: tuple[RoleView, ...]
    """The newest version that stands of each role of that title; empty where there is none."""


def others_view(role: SiteRole, roles: Sequence[SiteRole]) -> tuple[OtherView, ...]:
    """What `roles`, those that the site shows, hold of each other role that the newest version of `role` names, in the
    order of `RoleFrame.others`. No role is a reference to itself."""
    others = {other.slug: other.newest for other in roles if other.slug != role.slug}
    rows = [version.row for version in others.values()]
    return tuple(
        OtherView(
            title=title,
            shown=tuple(role_view(others[row.slug].subject.role) for row in roles_called(title, rows)),
        )
        for title in role.newest.document.assessment.role.others
    )
