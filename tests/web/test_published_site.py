"""What is published under /published: the files of the site by their exact names, anew after every publication."""

from __future__ import annotations

import gzip
import re
import threading
from pathlib import Path

import pytest
from factories_web import Stock, Web, open_web
from factories_workflow import ANNA, REASON, a_settings, copy_home, make_home

from agent.registry.site.build import site_files
from agent.registry.site.compared import compare_roles
from agent.registry.site.place import MARKER
from agent.registry.site.versions import Registry, read_registry
from agent.web import site as site_module
from agent.web.site import Site, policy_of
from agent.workflow.comparing import open_comparer

MAX_PAGE = 100_000
"""Bytes of a role's page on the wire."""


def published(web: Web) -> Site:
    """The site once it was built."""
    web.site.bring_up_to_date()
    assert web.site.present is not None
    return web.site


def test_every_file_of_the_site_is_served_as_it_is_built_to_whoever_may_read(web: Web) -> None:
    published(web)
    browser, rows = web.browser(), web.desk.stores.publications.done()
    registry = read_registry(rows)
    with open_comparer(web.engine.settings) as comparer:
        files = site_files(registry, compare_roles(registry, comparer.mapping_of()), None)
    kinds = {"html": "text/html; charset=utf-8", "json": "application/json", "csv": "text/csv; charset=utf-8"}
    kinds["md"] = "text/markdown; charset=utf-8"
    for name, content in files.items():
        answer = browser.get(f"/published/{name}")
        kind = kinds[name.rpartition(".")[2]]
        assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
        assert answer.content == content
        assert web.visitor().get(f"/published/{name}").headers["location"] == "/login"


def test_a_folder_is_its_index_and_gets_the_slash_that_its_links_need(web: Web) -> None:
    published(web)
    browser = web.browser()
    [row] = web.desk.stores.publications.done()
    folder = f"/published/roles/{row.slug}/v1/"
    assert browser.get(folder).content == browser.get(f"{folder}index.html").content
    assert browser.get(folder[:-1]).headers["location"] == folder
    assert browser.get("/published").headers["location"] == "/published/"
    assert row.role in browser.get("/published/").text
    assert browser.get("/published/roles/").status_code == 404


def test_a_page_may_do_what_its_own_policy_says_and_no_more(web: Web) -> None:
    published(web)
    browser = web.browser()
    for name in ("index.html", "methodology.html"):
        page = browser.get(f"/published/{name}")
        [own] = re.findall(r'Content-Security-Policy" content="([^"]*)"', page.text)
        header = page.headers["content-security-policy"].split("; ")
        assert set(header) == {*own.split("; "), "frame-ancestors 'none'"}
        assert page.headers["x-frame-options"] == "DENY"
    data = browser.get("/published/data/assessments.json").headers["content-security-policy"]
    assert "script-src" not in data


@pytest.mark.parametrize(
    "policy",
    [
        "script-src 'unsafe-inline' https://evil.example",
        "default-src *",
        "script-src 'sha256-short='",
        "script-src 'nonce-abc'",
    ],
)
def test_no_page_gets_more_by_naming_it(policy: str) -> None:
    page = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'.encode()
    assert policy_of(page) == policy_of(b"")


def test_a_page_of_a_role_is_light_on_the_wire(web: Web) -> None:
    published(web)
    browser = web.browser()
    [row] = web.desk.stores.publications.done()
    for address in (f"/published/roles/{row.slug}/", f"/published/roles/{row.slug}/v1/"):
        with browser.stream("GET", address, headers={"accept-encoding": "gzip"}) as answer:
            wire = b"".join(answer.iter_raw())
        assert answer.headers["content-encoding"] == "gzip"
        assert len(gzip.decompress(wire)) > 3 * len(wire)
        assert len(wire) <= MAX_PAGE


def test_a_decision_that_publishes_is_on_the_site_without_anybody_building_it(stock: Stock, tmp_path: Path) -> None:
    with open_web(copy_home(stock.home, tmp_path / "home"), site=True) as web:
        browser, revision = web.browser(), web.revision(stock.publication)
        approve = {"action": "approve", "revision": revision}
        address = f"/api/v1/assessments/{stock.publication}/decisions"
        assert browser.post(address, json=approve, headers={"x-csrf": web.csrf(browser)}).status_code == 200
        web.settle()
        published(web)
        row = web.desk.stores.publications.of(stock.publication)
        assert row is not None
        page = browser.get(f"/published/roles/{row.slug}/v{row.version}/")
        assert (page.status_code, revision in page.text) == (200, True)


def test_a_withdrawal_is_on_the_site_and_the_former_site_is_gone_after_the_next(web: Web) -> None:
    site, browser = published(web), web.browser()
    first = site.present
    [row] = web.desk.stores.publications.done()
    assert first is not None and "withdrawn" not in browser.get(f"/published/roles/{row.slug}/").text.casefold()
    web.desk.stores.publications.withdraw(
        row.assessment, row.revision, reviewer="Anna", auth=ANNA.auth, channel="script", reason=REASON
    )
    published(web)
    assert site.present != first
    assert REASON in browser.get(f"/published/roles/{row.slug}/").text
    kept = sorted(path.name for path in (web.engine.settings.home / "served").iterdir())
    assert kept == sorted([first.folder.name, site.present.folder.name])  # type: ignore[union-attr]


def test_the_former_site_is_served_until_the_next_one_is_whole(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    site, browser = published(web), web.browser()
    before = browser.get("/published/").content
    [row] = web.desk.stores.publications.done()
    begun, go_on, builds = threading.Event(), threading.Event(), []
    place = site_module.place_site

    def slow(*args: object, **options: object) -> None:
        builds.append(args)
        begun.set()
        assert go_on.wait(60)
        place(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(site_module, "place_site", slow)
    web.desk.stores.publications.withdraw(
        row.assessment, row.revision, reviewer="Anna", auth=ANNA.auth, channel="script", reason=REASON
    )
    builder = threading.Thread(target=site.bring_up_to_date)
    builder.start()
    assert begun.wait(60)
    site.bring_up_to_date()
    assert browser.get("/published/").content == before
    go_on.set()
    builder.join()
    assert browser.get("/published/").content != before
    assert len(builds) == 1


def test_a_build_that_fails_leaves_the_former_site_and_is_tried_again(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, browser = published(web), web.browser()
    before = browser.get("/published/").content
    [row] = web.desk.stores.publications.done()
    web.desk.stores.publications.withdraw(
        row.assessment, row.revision, reviewer="Anna", auth=ANNA.auth, channel="script", reason=REASON
    )

    def full(*args: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(site_module, "place_site", full)
        with pytest.raises(OSError, match="No space"):
            site.bring_up_to_date()
    assert browser.get("/published/").content == before
    published(web)
    assert browser.get("/published/").content != before


def test_a_server_that_starts_anew_serves_what_was_built_and_builds_nothing_twice(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = published(web).present
    again = Site(a_settings(web.engine.settings.home), web.desk.stores)
    assert again.present == first

    def never(*args: object, **options: object) -> None:
        raise AssertionError("built again")

    monkeypatch.setattr(site_module, "place_site", never)
    again.bring_up_to_date()
    assert again.present == first


def test_without_a_publication_there_is_no_site_and_the_answer_says_so(tmp_path: Path) -> None:
    with open_web(make_home(tmp_path / "home")) as web:
        web.site.bring_up_to_date()
        answer = web.browser().get("/published/")
        assert (answer.status_code, "Nothing is published yet" in answer.text) == (404, True)


def test_what_is_published_and_not_built_yet_says_that_it_is_being_made_and_never_that_it_is_not_there(
    web: Web, stock: Stock
) -> None:
    browser = web.browser()
    link = re.search(r'Published: <a href="([^"]+)"', browser.get(f"/review/{stock.published}").text)
    assert link is not None
    for address in (link[1], f"{link[1]}assessment.json", f"{link[1]}../", "/published/", "/published/data/"):
        answer = browser.get(address)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "3"), address
        assert "This page is being made" in answer.text and 'http-equiv="refresh"' in answer.text
    assert browser.get(link[1][:-1]).headers["location"] == link[1]
    assert web.visitor().get(link[1]).headers["location"] == "/login"
    assert browser.get("/published/roles/nothing/v1/").status_code == 404
    published(web)
    assert browser.get(link[1]).status_code == 200


def test_a_new_version_is_being_made_while_the_former_site_is_served(web: Web, stock: Stock) -> None:
    published(web)
    web.desk.approve(stock.publication)
    row = web.desk.stores.publications.of(stock.publication)
    assert row is not None
    browser, folder = web.browser(), f"/published/roles/{row.slug}/"
    assert [browser.get(f"{folder}v{n}/").status_code for n in (1, row.version, row.version + 1)] == [200, 503, 404]
    assert browser.get(folder).status_code == 200
    published(web)
    assert browser.get(f"{folder}v{row.version}/").status_code == 200


def test_a_publication_that_cannot_be_shown_is_not_said_to_be_being_made(
    web: Web, stock: Stock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(rows: object) -> Registry:
        return Registry((), (), (), (), ())

    monkeypatch.setattr(site_module, "read_registry", lost)
    web.site.bring_up_to_date()
    [row] = web.desk.stores.publications.done()
    answer = web.browser().get(f"/published/roles/{row.slug}/v1/")
    assert (answer.status_code, "retry-after" in answer.headers) == (503, False)
    assert "missing or not what was published" in answer.text


def test_a_version_that_was_withdrawn_says_so_at_its_address_and_keeps_its_bytes(web: Web) -> None:
    published(web)
    browser = web.browser()
    [row] = web.desk.stores.publications.done()
    folder = f"/published/roles/{row.slug}/v1/"
    before = {name: browser.get(f"{folder}{name}") for name in ("", "index.html", "assessment.json", "assessment.md")}
    assert all("x-withdrawn" not in answer.headers for answer in before.values())
    gone = web.desk.stores.publications.withdraw(
        row.assessment, row.revision, reviewer="Anna <b>", auth=ANNA.auth, channel="script", reason=f"{REASON} <script>"
    ).withdrawn
    assert gone is not None
    for _ in range(2):
        for name in ("", "index.html"):
            page = browser.get(f"{folder}{name}")
            assert "Anna &lt;b&gt; (name not verified)" in page.text and gone.day in page.text
            assert f"{REASON} &lt;script&gt;" in page.text and '<a href="?as-approved">' in page.text
            assert row.revision not in page.text
            kept = browser.get(f"{folder}{name}?as-approved")
            assert (kept.status_code, kept.content) == (200, before[name].content)
            assert kept.headers["content-security-policy"] == before[name].headers["content-security-policy"]
            assert kept.headers["x-withdrawn"] == gone.withdrawn_at
        for name in ("assessment.json", "assessment.md"):
            kept = browser.get(f"{folder}{name}")
            assert (kept.content, kept.headers["x-withdrawn"]) == (before[name].content, gone.withdrawn_at)
        published(web)


def test_no_name_leads_out_of_the_site(web: Web, tmp_path: Path) -> None:
    site = published(web).present
    assert site is not None
    secret = tmp_path / "secret.html"
    secret.write_text("the secret of the house", encoding="utf-8")
    (site.folder / "unlisted.html").write_text("the secret of the house", encoding="utf-8")
    (site.folder / "methodology.html").unlink()
    (site.folder / "methodology.html").symlink_to(secret)
    (site.folder / "compare").rename(tmp_path / "elsewhere")
    (site.folder / "compare").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "index.html").write_text("the secret of the house", encoding="utf-8")
    browser = web.browser()
    names = ("unlisted.html", "methodology.html", "compare/", MARKER, f"../{site.folder.name}/index.html")
    for name in names:
        answer = browser.get(f"/published/{name}")
        assert (answer.status_code, "secret of" in answer.text) == (404, False), name
        assert site.read(name) is None
