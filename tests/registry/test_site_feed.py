"""Feed and sitemap against what their formats ask for (RFC 4287; sitemaps.org)."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from factories_site import BASE, a_registry, a_site
from lxml import etree

from agent.errors import InvalidInput
from agent.registry.site.address import base_address
from agent.registry.site.versions import Registry

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    return a_registry(tmp_path_factory.mktemp("published"))


def feed_of(registry: Registry, base: str = BASE) -> etree._Element:
    return etree.fromstring(a_site(registry, base)["feed.atom"])


def texts(parent: etree._Element, name: str) -> list[str]:
    return [element.text or "" for element in parent.findall(ATOM + name)]


def links(parent: etree._Element) -> dict[str, str]:
    return {link.get("rel", ""): link.get("href", "") for link in parent.findall(f"{ATOM}link")}


def test_the_feed_has_what_the_standard_asks_for(registry: Registry) -> None:
    feed = feed_of(registry)
    assert feed.tag == f"{ATOM}feed"
    for parent in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            (text,) = texts(parent, name)
            assert text
        assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", texts(parent, "id")[0])
        (updated,) = texts(parent, "updated")
        assert datetime.fromisoformat(updated).tzinfo is not None
        assert "T" in updated
        known = {"id", "title", "updated", "published", "author", "generator", "link", "category", "summary", "entry"}
        assert {child.tag.removeprefix(ATOM) for child in parent} <= known
    assert [author.findtext(f"{ATOM}name") for author in feed.findall(f"{ATOM}author")] == ["assess-role"]
    assert links(feed) == {"self": f"{BASE}feed.atom", "alternate": f"{BASE}index.html"}
    ids = [text for parent in (feed, *feed.findall(f"{ATOM}entry")) for text in texts(parent, "id")]
    assert len(ids) == len(set(ids)) == 4


def test_the_feed_has_one_entry_a_published_version_newest_first_in_words_of_its_numbers(registry: Registry) -> None:
    feed = feed_of(registry)
    assert [
        (*texts(entry, "title"), *texts(entry, "updated"), *texts(entry, "summary"), links(entry)["alternate"])
        for entry in feed.findall(f"{ATOM}entry")
    ] == [
        (
            "Release Engineer (Senior), version 2: 48.3, GREEN (Stable)",
            "2026-11-22T10:30:00Z",
            "The score moved from 32.5 to 48.3 (+15.8). The zone changed from Yellow to Green. 6 numbers of the inputs "
            "changed. Drafted by a language model (desk-1, replayed from a recording), approved by Ben Ode at both "
            "gates (name not verified).",
            f"{BASE}roles/release-engineer-senior/v2/index.html",
        ),
        (
            "Release Engineer (Senior), version 1: 32.5, YELLOW (Urgent)",
            "2026-11-21T10:30:00Z",
            "First publication: 32.5 of 100, YELLOW (Urgent). Drafted by a language model (desk-1, replayed from a "
            "recording), approved by Ada Marsh at both gates (name not verified).",
            f"{BASE}roles/release-engineer-senior/v1/index.html",
        ),
        (
            "Archivist (Senior), version 1: 32.5, YELLOW (Urgent)",
            "2026-11-19T08:00:00Z",
            "First publication: 32.5 of 100, YELLOW (Urgent). Drafted by a language model (desk-1, replayed from a "
            "recording), approved by Ada Marsh at both gates (name not verified).",
            f"{BASE}roles/archivist-senior/v1/index.html",
        ),
    ]
    assert texts(feed, "updated") == ["2026-11-22T10:30:00Z"]


def test_the_ids_of_entries_stay_when_the_site_moves(registry: Registry) -> None:
    here, there = (feed_of(registry, base) for base in (BASE, "https://example.net/"))
    assert [texts(e, "id") for e in here.iter(f"{ATOM}entry")] == [texts(e, "id") for e in there.iter(f"{ATOM}entry")]
    assert texts(here, "id") != texts(there, "id")


def test_the_sitemap_names_every_page_once_with_the_day_it_changed(registry: Registry) -> None:
    files = a_site(registry)
    found = etree.fromstring(files["sitemap.xml"])
    assert found.tag == f"{MAP}urlset"
    places = [(url.findtext(f"{MAP}loc"), url.findtext(f"{MAP}lastmod")) for url in found]
    assert places == [
        (f"{BASE}index.html", "2026-11-22"),
        (f"{BASE}compare/index.html", "2026-11-22"),
        (f"{BASE}data/index.html", "2026-11-22"),
        (f"{BASE}methodology.html", None),
        (f"{BASE}roles/archivist-senior/index.html", "2026-11-19"),
        (f"{BASE}roles/archivist-senior/next.html", "2026-11-22"),
        (f"{BASE}roles/archivist-senior/history.html", "2026-11-19"),
        (f"{BASE}roles/release-engineer-senior/index.html", "2026-11-22"),
        (f"{BASE}roles/release-engineer-senior/next.html", "2026-11-22"),
        (f"{BASE}roles/release-engineer-senior/history.html", "2026-11-22"),
        (f"{BASE}roles/release-engineer-senior/v1/index.html", "2026-11-21"),
        (f"{BASE}compare/archivist-senior--release-engineer-senior.html", "2026-11-22"),
        (f"{BASE}compare/release-engineer-senior--archivist-senior.html", "2026-11-22"),
    ]
    assert {str(place).removeprefix(BASE) for place, _ in places} <= set(files)


def test_pages_name_the_feed_only_where_there_is_one(registry: Registry) -> None:
    for name in ("index.html", "methodology.html", "roles/archivist-senior/history.html"):
        assert b"feed.atom" in a_site(registry)[name]
        assert b"feed.atom" not in a_site(registry, None)[name]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("https://example.org", "https://example.org/"),
        ("http://example.org:8080/pages//", "http://example.org:8080/pages/"),
        ("https://example.org/dé pôt", "https://example.org/d%C3%A9%20p%C3%B4t/"),
        ("https://example.org/a%20b/", "https://example.org/a%20b/"),
    ],
)
def test_a_base_address_ends_in_a_slash(given: str, expected: str) -> None:
    assert base_address(given) == expected


@pytest.mark.parametrize(
    "given",
    [
        *("", "example.org", "/pages", "ftp://example.org/", "https://", "https://example.org:0/", "https://[x/"),
        *(
            "https://example.org/?a=b",
            "https://example.org/#top",
            "https://me:key@example.org/",
            "https://example.org/\n",
        ),
    ],
)
def test_what_is_no_address_of_a_folder_is_refused(given: str) -> None:
    with pytest.raises(InvalidInput, match=r"`--base-url` is .*: expected the address of the site's folder"):
        base_address(given)
