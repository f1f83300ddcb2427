"""What changed, for feed readers, and what there is, for crawlers. Both need the address of the site."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from agent.publishing.sentences import byline
from agent.registry.site import address
from agent.registry.site.changes import change, first_words
from agent.registry.site.pages import withdrawn_words
from agent.registry.site.versions import SiteRole, SiteVersion
from agent.registry.transitions import Transition


class Entry(NamedTuple):
    """A publication or a withdrawal in the feed (RFC 4287, section 4.1.2)."""

    id: str
    title: str
    updated: str
    link: str
    summary: str
    tags: tuple[str, ...]


class Feed(NamedTuple):
    """The feed (RFC 4287, section 4.1.1)."""

    id: str
    updated: str
    entries: tuple[Entry, ...]
    """Newest first."""


class Place(NamedTuple):
    """An address in the sitemap and the day it changed last; `None` where the registry does not say."""

    address: str
    day: str | None


def feed(roles: Sequence[SiteRole], base: str) -> Feed:
    """One entry a published version and one a withdrawal. An id depends on nothing but run and revision, so that it
    stays the same when the site moves; the feed's own is of its address."""
    entries = [entry for role in roles for entry in (*_entries(role, base), *_withdrawals(role, base))]
    entries.sort(key=lambda entry: (entry.updated, entry.id), reverse=True)
    return Feed(uuid.uuid5(uuid.NAMESPACE_URL, base).urn, entries[0].updated, tuple(entries))


def _entries(role: SiteRole, base: str) -> Iterator[Entry]:
    former: SiteVersion | None = None
    for version in role.versions:
        content = version.document.assessment
        said = first_words(version) if former is None else change(former, version).sentences
        yield Entry(
            id=uuid.uuid5(uuid.NAMESPACE_OID, f"{version.row.assessment} {version.row.revision}").urn,
            title=(
                f"{content.role.title} ({content.role.seniority}), version {version.number}: "
                f"{version.result.score:.1f}, {version.result.label}"
            ),
            updated=version.row.published_at,
            link=base + address.link(address.version_file(role.slug, version.number)),
            summary=" ".join((*said, byline(content.provenance, version.document.record))),
            tags=content.role.tags,
        )
        former = version


def _withdrawals(role: SiteRole, base: str) -> Iterator[Entry]:
    for version, withdrawal in role.withdrawals:
        content = version.document.assessment
        yield Entry(
            id=uuid.uuid5(uuid.NAMESPACE_OID, f"withdrawn {version.row.assessment} {version.row.revision}").urn,
            title=f"{content.role.title} ({content.role.seniority}), version {version.number}: withdrawn",
            updated=withdrawal.withdrawn_at,
            link=base + address.link(address.history_page(role.slug)),
            summary=f"Version {version.number} of {version.day} was withdrawn {withdrawn_words(withdrawal)}",
            tags=content.role.tags,
        )


def sitemap(
    roles: Sequence[SiteRole],
    withdrawn: Sequence[SiteRole],
    base: str,
    ways: Mapping[tuple[str, str], Transition],
) -> tuple[Place, ...]:
    """Every page once: the newest version of a role only at the role's own address, and no version that was withdrawn;
    of the roles of which none stands (`withdrawn`) what says so. `ways` are the comparisons that have pages, by the
    slugs of both roles."""
    last = max(role.day for role in (*roles, *withdrawn))
    days = {role.slug: role.day for role in roles}
    places = [
        Place(base + address.link(address.INDEX), last),
        Place(base + address.link(address.COMPARE), last),
        Place(base + address.link(address.DATA), last),
        Place(base + address.link(address.METHOD), None),
    ]
    for role in roles:
        day = role.day
        places += [
            Place(base + address.link(address.role_page(role.slug)), day),
            Place(base + address.link(address.next_page(role.slug)), last),
            Place(base + address.link(address.history_page(role.slug)), day),
        ]
        places += [
            Place(base + address.link(address.version_file(role.slug, former.number)), former.day)
            for former in role.standing[:-1]
        ]
    for role in withdrawn:
        places += [
            Place(base + address.link(address.role_page(role.slug)), role.day),
            Place(base + address.link(address.history_page(role.slug)), role.day),
        ]
    places += [
        Place(
            base + address.link(address.compare_page(before, after)),
            max(days[before], days[after], (way.mapping.confirmed_at or "")[:10]),
        )
        for (before, after), way in ways.items()
    ]
    return tuple(places)
