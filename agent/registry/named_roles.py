"""The other roles that a content names, each looked up in the registry."""

from __future__ import annotations

from collections.abc import Sequence

from agent.registry.lookup import roles_called
from agent.schemas.draft import RoleFrame
from agent.schemas.record import NamedRole, NamedVersion
from agent.store.publications import PublicationRow


def named_roles(frame: RoleFrame, slug: str, rows: Sequence[PublicationRow]) -> tuple[NamedRole, ...]:
    """What `rows`, the registry, hold of each other role that the frame of `slug` names, in the order of
    `RoleFrame.others`. No role is a reference to itself, at whatever version."""
    others = [row for row in rows if row.slug != slug]
    return tuple(
        NamedRole(title=title, published=tuple(_version(row) for row in roles_called(title, others)))
        for title in frame.others
    )


def _version(row: PublicationRow) -> NamedVersion:
    return NamedVersion(
        role=row.role,
        seniority=row.seniority,
        slug=row.slug,
        version=row.version,
        revision=row.revision,
        score=row.score,
        label=row.label,
    )
