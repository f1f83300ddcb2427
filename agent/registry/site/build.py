"""The files of a site. Each part takes the registry and gives files; a further part is one more line of `PARTS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from agent.publishing import json_schema
from agent.registry.site import address
from agent.registry.site.feed import feed, sitemap
from agent.registry.site.method import method_view
from agent.registry.site.pages import history_view, index_view, policies
from agent.registry.site.render import rendered
from agent.registry.site.scales import bands, marks
from agent.registry.site.versions import PAGE, Registry, SiteRole

Files = Mapping[str, bytes]
"""Contents by path within the site."""
Part = Callable[[Sequence[SiteRole], bool], Files]
"""Takes the roles, at least one, and whether there is a feed that pages can name."""


def site_files(registry: Registry, base: str | None) -> Files:
    """Every file of the site of `registry`, which has at least one role; sitemap and feed only with `base`, the
    address that `base_address` gives. The same registry gives the same bytes."""
    roles = registry.roles
    files: dict[str, bytes] = {}
    for part in PARTS:
        files |= part(roles, base is not None)
    if base is not None:
        files[address.SITEMAP] = rendered("sitemap.xml.j2", places=sitemap(roles, base))
        files[address.FEED] = rendered("feed.atom.j2", feed=feed(roles, base), base=base)
    return files


def _index(roles: Sequence[SiteRole], has_feed: bool) -> Files:
    values = {"page": index_view(roles), "bands": bands(), "marks": marks(), "up": 0, "has_feed": has_feed}
    return {address.INDEX: rendered("index.html.j2", **values)}


def _roles(roles: Sequence[SiteRole], has_feed: bool) -> Files:
    """The published files as they are, the newest page also at the role's address, and a history beside them."""
    files: dict[str, bytes] = {}
    for role in roles:
        for version in role.versions:
            for name, content in version.files.items():
                files[address.version_file(role.slug, version.number, name)] = content
        files[address.role_page(role.slug)] = role.newest.files[PAGE]
        values = {"page": history_view(role), "up": 2, "has_feed": has_feed}
        files[address.history_page(role.slug)] = rendered("history.html.j2", **values)
    return files


def _method(roles: Sequence[SiteRole], has_feed: bool) -> Files:
    values = {"page": method_view(policies(roles)), "bands": bands(), "up": 0, "has_feed": has_feed}
    return {address.METHOD: rendered("methodology.html.j2", **values)}


def _schema(_roles: Sequence[SiteRole], _has_feed: bool) -> Files:
    return {address.SCHEMA: json_schema()}


PARTS: tuple[Part, ...] = (_index, _roles, _method, _schema)
