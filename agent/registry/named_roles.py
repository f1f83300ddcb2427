"""The other roles that a content names, each looked up in the registry."""

from __future__ import annotations

from collections.abc import Sequence

from agent.registry.lookup import roles_called
from agent.schemas.draft import RoleFrame
from agent.schemas.record import NamedRole, NamedVersion
from agent.store.publications import PublicationRow


def named_roles(frame: RoleFrame, slug: str, rows: Sequence[PublicationRow]) -> tuple[NamedRole, ...]:
    """What `rows`, the registry, hold of each role that the role of `slug` is not, in the order of its frame. No role
    is a reference to itself, at whatever version."""
    others = [row for row in rows if row.slug != slug]
    return tuple(
        NamedRole(title=other.title, published=tuple(_version(row) for row in roles_called(other.title, others)))
        for other in frame.is_not
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
