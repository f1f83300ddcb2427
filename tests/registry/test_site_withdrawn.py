"""What a site says of withdrawn versions: their files stay, and only what stands is listed, compared and exported."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote

import pytest
from factories_site import BASE, Page, a_site, an_assessment, published, three_rows
from lxml import etree

from agent.registry.export import export
from agent.registry.export_formats import json_bytes
from agent.registry.site.versions import read_registry
from agent.store.publications import PublicationRow, Withdrawal

ATOM = "{http://www.w3.org/2005/Atom}"
WHY = "A source <b>was</b> retracted."
ROLE, OTHER = "release-engineer-senior", "archivist-senior"
FILES = ("index.html", "assessment.json", "assessment.md")


def withdrawn(rows: Sequence[PublicationRow], *which: tuple[str, int], reason: str = WHY) -> list[PublicationRow]:
    """The rows, those that are named withdrawn a day a version after the last publication."""
    return [
        row.model_copy(
            update={
                "withdrawn": Withdrawal(
                    reviewer="Cy Lund",
                    auth="local-unverified",
                    channel="script",
                    reason=reason,
                    withdrawn_at=f"2026-12-{row.version:02}T08:00:00Z",
                )
            }
        )
        if (row.slug, row.version) in which
        else row
        for row in rows
    ]


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> tuple[PublicationRow, ...]:
    return three_rows(tmp_path_factory.mktemp("published"))


def site_of(rows: Sequence[PublicationRow], base: str | None = BASE) -> dict[str, bytes]:
    registry = read_registry(rows)
    assert (registry.left_out, registry.notes) == ((), ())
    return a_site(registry, base)


@pytest.fixture(scope="module")
def second_gone(rows: tuple[PublicationRow, ...]) -> dict[str, bytes]:
    """A site whose one role of two versions has its second withdrawn."""
    return site_of(withdrawn(rows, (ROLE, 2)))


@pytest.fixture(scope="module")
def role_gone(rows: tuple[PublicationRow, ...]) -> dict[str, bytes]:
    """A site in which no version of one role stands."""
    return site_of(withdrawn(rows, (ROLE, 1), (ROLE, 2)))


@pytest.fixture(scope="module")
def all_gone(rows: tuple[PublicationRow, ...]) -> dict[str, bytes]:
    """A site of which nothing stands."""
    return site_of(withdrawn(rows, (ROLE, 1), (ROLE, 2), (OTHER, 1)))


SITES = ("second_gone", "role_gone", "all_gone")


@pytest.mark.parametrize("name", SITES)
def test_files_of_withdrawn_versions_stay_byte_for_byte(
    name: str, rows: tuple[PublicationRow, ...], request: pytest.FixtureRequest
) -> None:
    site = request.getfixturevalue(name)
    for row in rows:
        for file in FILES:
            assert site[f"roles/{row.slug}/v{row.version}/{file}"] == (Path(row.path) / file).read_bytes()


@pytest.mark.parametrize("name", SITES)
def test_every_page_is_valid_and_no_link_of_it_is_dead(name: str, request: pytest.FixtureRequest) -> None:
    site = request.getfixturevalue(name)
    for path, content in site.items():
        if not path.endswith(".html") or "/v1/" in path or "/v2/" in path:
            continue
        page = Page(content)
        for target in page.values("href"):
            if target.startswith(("#", "data:", "http")):
                continue
            wanted = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(target.partition("#")[0])))
            assert wanted in site, (path, target)
    for place in etree.fromstring(site["sitemap.xml"]).iter("{*}loc"):
        assert (place.text or "").removeprefix(BASE) in site


def test_the_same_registry_gives_the_same_bytes(rows: tuple[PublicationRow, ...]) -> None:
    for which in (((ROLE, 2),), ((ROLE, 1), (ROLE, 2))):
        made = withdrawn(rows, *which)
        assert site_of(made) == site_of(made[::-1])


def test_the_role_s_own_address_shows_the_newest_version_that_stands(
    rows: tuple[PublicationRow, ...], second_gone: dict[str, bytes]
) -> None:
    assert rows[1].revision.encode() in second_gone[f"roles/{ROLE}/index.html"]
    assert rows[2].revision.encode() not in second_gone[f"roles/{ROLE}/index.html"]


def test_where_none_stands_a_short_page_says_when_by_whom_and_why_with_links(role_gone: dict[str, bytes]) -> None:
    content = role_gone[f"roles/{ROLE}/index.html"]
    page = Page(content)
    assert len(content) < 30_000
    for version, day in ((1, "2026-11-21"), (2, "2026-11-22")):
        assert (
            f", published {day}, was withdrawn by Cy Lund (name not verified) on 2026-12-{version:02}: {WHY}"
        ) in page.text
    assert "No version of this role stands." in page.text
    assert not page.all("b")
    links = page.values("href")
    assert {
        "../../roles/release-engineer-senior/v1/index.html",
        "../../roles/release-engineer-senior/v2/index.html",
    } <= {*links}
    assert "../../roles/release-engineer-senior/history.html" in links
    assert f"roles/{ROLE}/next.html" not in role_gone


def test_a_version_that_stands_and_cannot_be_shown_is_not_said_to_be_withdrawn(tmp_path: Path) -> None:
    first, last = three_rows(tmp_path)[1:]
    (Path(last.path) / "index.html").unlink()
    registry = read_registry(withdrawn((first, last), (ROLE, 1)))
    assert (registry.roles, [role.slug for role in registry.withdrawn]) == ((), [ROLE])
    page = Page(a_site(registry)[f"roles/{ROLE}/index.html"])
    assert "Another version stands, and cannot be shown here." in page.text
    assert "No version of this role stands" not in page.text


def test_index_comparisons_panel_and_data_have_only_what_stands(
    rows: tuple[PublicationRow, ...], second_gone: dict[str, bytes], role_gone: dict[str, bytes]
) -> None:
    index = Page(second_gone["index.html"]).text
    assert "2 roles, 2 published versions, the last on 2026-11-21" in index
    assert "version 2" not in index
    for name in ("compare/index.html", f"compare/{OTHER}--{ROLE}.html", f"roles/{OTHER}/next.html"):
        text = Page(second_gone[name]).text
        assert "Release Engineer (Senior) v1" in text, name
        assert "Release Engineer (Senior) v2" not in text, name
    data = json.loads(second_gone["data/assessments.json"])
    assert [(row["slug"], row["version"]) for row in data["assessments"]] == [(OTHER, 1), (ROLE, 1)]
    assert second_gone["data/assessments.json"] == json_bytes(export(rows[:2]))
    shown = [name for name in role_gone if not name.startswith((f"roles/{ROLE}/", "feed.atom", "sitemap.xml"))]
    assert [name for name in shown if ROLE in name or ROLE.encode() in role_gone[name]] == []
    assert (
        "There is no other role to set beside Archivist (Senior) v1."
        in Page(role_gone[f"roles/{OTHER}/next.html"]).text
    )


def test_the_panel_s_chart_has_only_the_versions_that_stand(rows: tuple[PublicationRow, ...]) -> None:
    panel = site_of(rows)[f"roles/{ROLE}/index.html"]
    assert b"Version 1, 2026-11-21" in panel and b"Version 2, 2026-11-22" in panel
    assert b"Version 1, 2026-11-21" not in site_of(withdrawn(rows, (ROLE, 1)))[f"roles/{ROLE}/index.html"]


def test_a_history_marks_each_withdrawn_version_with_day_and_reason(
    second_gone: dict[str, bytes], role_gone: dict[str, bytes]
) -> None:
    text = Page(second_gone[f"roles/{ROLE}/history.html"]).text
    assert "withdrawn 2026-12-02" in text and "withdrawn 2026-12-01" not in text
    assert f"by Cy Lund (name not verified) on 2026-12-02: {WHY}" in text
    assert "2 published versions, 1 withdrawn" in text
    assert "Version 2, 2026-11-22, withdrawn: " in text and "Version 1, 2026-11-21: " in text
    both = Page(role_gone[f"roles/{ROLE}/history.html"]).text
    assert "withdrawn 2026-12-01" in both and "withdrawn 2026-12-02" in both
    assert "the newest assessment" not in both and "all withdrawn" in both


def test_the_feed_has_an_entry_for_the_withdrawal_beside_those_of_the_versions(
    rows: tuple[PublicationRow, ...], second_gone: dict[str, bytes]
) -> None:
    before = {
        entry.findtext(f"{ATOM}id") for entry in etree.fromstring(site_of(rows)["feed.atom"]).iter(f"{ATOM}entry")
    }
    feed = etree.fromstring(second_gone["feed.atom"])
    entries = {entry.findtext(f"{ATOM}id"): entry for entry in feed.iter(f"{ATOM}entry")}
    (more,) = entries.keys() - before
    entry = entries[more]
    assert (len(entries), before - entries.keys()) == (4, set())
    assert entry.findtext(f"{ATOM}title") == "Release Engineer (Senior), version 2: withdrawn"
    assert entry.findtext(f"{ATOM}updated") == feed.findtext(f"{ATOM}updated") == "2026-12-02T08:00:00Z"
    assert entry.find(f"{ATOM}link").get("href") == f"{BASE}roles/{ROLE}/history.html"
    assert entry.findtext(f"{ATOM}summary") == (
        f"Version 2 of 2026-11-22 was withdrawn by Cy Lund (name not verified) on 2026-12-02: {WHY}"
    )


def test_the_sitemap_lists_no_withdrawn_version(second_gone: dict[str, bytes], role_gone: dict[str, bytes]) -> None:
    def places(site: dict[str, bytes]) -> dict[str, str]:
        found = etree.fromstring(site["sitemap.xml"])
        return {
            url.findtext("{*}loc").removeprefix(BASE): url.findtext("{*}lastmod") or "" for url in found.iter("{*}url")
        }

    here = {name: day for name, day in places(second_gone).items() if name.startswith(f"roles/{ROLE}/")}
    last = "2026-12-02"
    assert here == {f"roles/{ROLE}/{name}.html": last for name in ("index", "next", "history")}
    gone = {name: day for name, day in places(role_gone).items() if ROLE in name}
    assert gone == {f"roles/{ROLE}/{name}.html": last for name in ("index", "history")}


def test_a_later_version_of_a_withdrawn_role_takes_its_address(
    rows: tuple[PublicationRow, ...], tmp_path: Path
) -> None:
    third = published(tmp_path, an_assessment(growth=2), version=3)
    site = site_of([*withdrawn(rows, (ROLE, 1), (ROLE, 2)), third])
    assert third.revision.encode() in site[f"roles/{ROLE}/index.html"]
    assert f"roles/{ROLE}/next.html" in site


def test_a_site_of_which_nothing_stands_says_so(all_gone: dict[str, bytes]) -> None:
    assert "0 roles, 0 published versions" in Page(all_gone["index.html"]).text
    assert "No role is published that stands" in Page(all_gone["compare/index.html"]).text
    assert json.loads(all_gone["data/assessments.json"])["assessments"] == []
    assert f"roles/{OTHER}/history.html" in all_gone
