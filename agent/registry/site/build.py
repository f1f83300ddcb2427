"""The files of a site. Each part takes what there is to show and gives files; a further part is one more line of
`PARTS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from agent.publishing import json_schema
from agent.registry.export_formats import json_schema as export_schema
from agent.registry.site import address
from agent.registry.site.compared import NEAREST, Compared
from agent.registry.site.comparisons import compare_view, next_view, pick_view
from agent.registry.site.data import data_files, data_view
from agent.registry.site.feed import feed, sitemap
from agent.registry.site.method import method_view
from agent.registry.site.others import others_view
from agent.registry.site.pages import history_view, index_view, policies, withdrawn_view
from agent.registry.site.panel import with_panel
from agent.registry.site.render import rendered
from agent.registry.site.scales import bands, marks
from agent.registry.site.versions import PAGE, Registry, SiteRole

Files = Mapping[str, bytes]
"""Contents by path within the site."""


@dataclass(frozen=True)
class Material:
    """What the parts of a site are made from."""

    roles: Sequence[SiteRole]
    """Those of which a version stands."""
    withdrawn: Sequence[SiteRole]
    """Those of which none does, as far as it can be shown; there is at least one role of both kinds."""
    lost: frozenset[str]
    """Slugs of the roles that have a version that stands and cannot be shown."""
    compared: Compared
    has_feed: bool
    """There is a feed that pages can name."""


Part = Callable[[Material], Files]


def site_files(registry: Registry, compared: Compared, base: str | None) -> Files:
    """Every file of the site of `registry`, which has at least one role, also if it was withdrawn, and was compared;
    sitemap and feed only with `base`, the address that `base_address` gives. The same registry and mappings give the
    same bytes."""
    lost = frozenset(row.slug for row in registry.lost if row.withdrawn is None)
    material = Material(registry.roles, registry.withdrawn, lost, compared, base is not None)
    files: dict[str, bytes] = {}
    for part in PARTS:
        files |= part(material)
    if base is not None:
        places = sitemap(material.roles, material.withdrawn, base, material.compared.ways)
        files[address.SITEMAP] = rendered("sitemap.xml.j2", places=places)
        files[address.FEED] = rendered(
            "feed.atom.j2", feed=feed((*material.roles, *material.withdrawn), base), base=base
        )
    return files


def _index(of: Material) -> Files:
    values = {"page": index_view(of.roles), "bands": bands(), "marks": marks(), "up": 0, "has_feed": of.has_feed}
    return {address.INDEX: rendered("index.html.j2", **values)}


def _roles(of: Material) -> Files:
    """The newest page that stands with a panel at the role's address, and beside it where to look next. What the page
    says of the roles that it is not is as of its publication; the panel has them as they are now."""
    files: dict[str, bytes] = {}
    for role in of.roles:
        values = {
            "page": next_view(role, of.compared),
            "nearest": NEAREST,
            "top": marks()[-1].score,
            "up": 2,
            "has_feed": of.has_feed,
        }
        panel = rendered("panel.html.j2", others=others_view(role, of.roles), **values)
        files[address.role_page(role.slug)] = with_panel(role.newest.files[PAGE], panel)
        files[address.next_page(role.slug)] = rendered("next.html.j2", **values)
    return files


def _withdrawn(of: Material) -> Files:
    """Where no version stands, a page that says so at the role's address."""
    files: dict[str, bytes] = {}
    for role in of.withdrawn:
        view = withdrawn_view(role, is_lost=role.slug in of.lost)
        values = {"page": view, "up": 2, "has_feed": of.has_feed}
        files[address.role_page(role.slug)] = rendered("withdrawn.html.j2", **values)
    return files


def _versions(of: Material) -> Files:
    """The published files as they are, also those of what was withdrawn, and a history of each role."""
    files: dict[str, bytes] = {}
    for role in (*of.roles, *of.withdrawn):
        for version in role.versions:
            for name, content in version.files.items():
                files[address.version_file(role.slug, version.number, name)] = content
        values = {"page": history_view(role), "up": 2, "has_feed": of.has_feed}
        files[address.history_page(role.slug)] = rendered("history.html.j2", **values)
    return files


def _compare(of: Material) -> Files:
    """The choice of two roles, and a page for every pair that has one."""
    values = {"page": pick_view(of.roles, of.compared), "up": 1, "has_feed": of.has_feed}
    files = {address.COMPARE: rendered("pick.html.j2", **values)}
    roles = {role.slug: role for role in of.roles}
    for (before, after), way in of.compared.ways.items():
        values = {"page": compare_view(way, roles), "bands": bands(), "up": 1, "has_feed": of.has_feed}
        files[address.compare_page(before, after)] = rendered("compare.html.j2", **values)
    return files


def _method(of: Material) -> Files:
    values = {"page": method_view(policies(of.roles)), "bands": bands(), "up": 0, "has_feed": of.has_feed}
    return {address.METHOD: rendered("methodology.html.j2", **values)}


def _data(of: Material) -> Files:
    """The tables, the schemas of what can be downloaded, and the page that says what is in them."""
    made, files = data_files(of.roles)
    schemas = {address.SCHEMA: json_schema(), address.EXPORT_SCHEMA: export_schema()}
    values = {"page": data_view(of.roles, made, files, schemas), "up": 1, "has_feed": of.has_feed}
    return {**files, **schemas, address.DATA: rendered("data.html.j2", **values)}


PARTS: tuple[Part, ...] = (_index, _roles, _withdrawn, _versions, _compare, _method, _data)
