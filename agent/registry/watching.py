"""What to watch of the published roles, those nearest to a line first."""

from __future__ import annotations

from collections.abc import Sequence

from agent.errors import InvalidInput, NotFound
from agent.publishing.watch import WatchList, watch_list
from agent.registry.next_roles import LeftOut
from agent.registry.roles import PublishedRole, Subject, subject_of_row
from agent.schemas.base import Value
from agent.store.publications import PublicationRow


class Watched(Value):
    """A published role and what to watch of it."""

    of: PublishedRole
    watch: WatchList


class Watching(Value):
    """What to watch of several roles."""

    items: tuple[Watched, ...]
    """By points to the nearest line, then by slug."""
    left_out: tuple[LeftOut, ...]


def watched(subject: Subject) -> Watched:
    """What to watch of one published role."""
    return Watched(of=subject.role, watch=watch_list(subject.content, subject.result))


def watching(rows: Sequence[PublicationRow]) -> Watching:
    """What to watch of what is published under `rows`; what cannot be read is named and left out."""
    items: list[Watched] = []
    left_out: list[LeftOut] = []
    for row in rows:
        try:
            items.append(watched(subject_of_row(row)))
        except (NotFound, InvalidInput) as error:
            left_out.append(
                LeftOut(
                    role=row.role, seniority=row.seniority, slug=row.slug, version=row.version, reason=error.message
                )
            )
    items.sort(key=lambda item: (item.watch.nearest, item.of.slug))
    return Watching(items=tuple(items), left_out=tuple(left_out))
