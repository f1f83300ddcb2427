"""The pages of a site: whole, valid, complete without a script, and made from the numbers alone."""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import posixpath
import re
from base64 import b64encode
from fractions import Fraction
from importlib.resources import files as resources
from pathlib import Path
from urllib.parse import unquote

import pytest
from factories_site import BASE, Page, a_registry, a_site, an_assessment, many_roles, published, three_rows
from lxml import etree

from agent.publishing.words import LENS_IMPACTS
from agent.registry.site.method import STATUSES, method_view
from agent.registry.site.panel import MARKER
from agent.registry.site.scales import bands, history_chart
from agent.registry.site.versions import Registry, read_registry
from agent.schemas.vocabulary import Zone
from agent.scoring import POLICY
from agent.scoring.arithmetic import Point
from agent.scoring.lens import OUTCOMES, REREADS
from agent.scoring.policy import Bounds, constants
from agent.scoring.zones import label

HOSTILE = '<script>alert(1)</script>\x1b[31m\u202e\uffff &amp; "q" {{ 7*7 }} ]]> <img src=x onerror=y>'
SHOWN = '<script>alert(1)</script>[31m &amp; "q" {{ 7*7 }} ]]> <img src=x onerror=y>'
LOST = "<i onclick=x>count</i>"
TASK = "<b onclick=x>sort</b> & file"
OWN = (
    "index.html",
    "methodology.html",
    "data/index.html",
    "compare/index.html",
    "compare/archivist-senior--release-engineer-senior.html",
    "compare/release-engineer-senior--archivist-senior.html",
    "roles/release-engineer-senior/next.html",
    "roles/archivist-senior/next.html",
    "roles/release-engineer-senior/history.html",
    "roles/archivist-senior/history.html",
)
"""The pages that the site itself makes."""
SCRIPTED = ("index.html", "compare/index.html")
LIMIT = 100_000


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    return a_registry(tmp_path_factory.mktemp("published"))


@pytest.fixture(scope="module")
def site(registry: Registry) -> dict[str, bytes]:
    return a_site(registry)


def test_every_version_stands_as_published_and_the_newest_at_the_role_s_own_address(
    registry: Registry, site: dict[str, bytes]
) -> None:
    folder = Path(registry.roles[1].newest.row.path).parent
    for version, name in itertools.product((1, 2), ("index.html", "assessment.json", "assessment.md")):
        content = (folder / f"v{version}" / name).read_bytes()
        assert site[f"roles/release-engineer-senior/v{version}/{name}"] == content
    before, after = (folder / "v2" / "index.html").read_bytes().split(MARKER)
    page = site["roles/release-engineer-senior/index.html"]
    assert page.startswith(before)
    assert page.endswith(after)


def test_a_site_is_these_files(registry: Registry) -> None:
    names = {"index.html", "methodology.html", "assessment.schema.json", "export.schema.json"}
    names |= {f"data/{name}" for name in ("index.html", "assessments.json", "assessments.csv", "tasks.csv")}
    names |= {"data/dimensions.csv", "data/citations.csv", *(name for name in OWN if name.startswith("compare/"))}
    for slug, versions in (("archivist-senior", (1,)), ("release-engineer-senior", (1, 2))):
        names |= {f"roles/{slug}/{name}" for name in ("index.html", "history.html", "next.html")}
        names |= {
            f"roles/{slug}/v{v}/{n}" for v in versions for n in ("index.html", "assessment.json", "assessment.md")
        }
    assert set(a_site(registry, None)) == names
    assert set(a_site(registry)) == names | {"sitemap.xml", "feed.atom"}


def test_the_same_registry_gives_the_same_bytes_in_whatever_order_it_is_read(tmp_path: Path) -> None:
    rows = three_rows(tmp_path)
    assert a_site(read_registry(rows)) == a_site(read_registry(rows[::-1]))


@pytest.mark.parametrize("name", OWN)
def test_a_page_is_valid_and_can_be_found_one_s_way_in(name: str, site: dict[str, bytes]) -> None:
    page = Page(site[name])
    assert page.tags[0] == ("html", {"lang": "en"})
    assert site[name].startswith(b"<!DOCTYPE html>")
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    inner = [href[1:] for href in page.values("href") if href.startswith("#")]
    named = [part for names in page.values("aria-labelledby") for part in names.split()]
    assert set(inner + named + page.values("for")) <= set(ids)
    outside = [tag for (tag, _), inside in zip(page.tags, page.inside, strict=True) if "svg" not in inside]
    landmarks = ("title", "header", "nav", "h1", "main", "footer")
    assert [tag for tag in outside if tag in landmarks] == list(landmarks)
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h\d", tag)]
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert all(attrs.get("scope") in ("col", "row") for attrs in page.all("th"))
    assert all(attrs.get("aria-label") for attrs in [*page.all("nav"), *page.all("form")])
    assert {attrs["id"] for tag, attrs in page.tags if tag in ("input", "select")} == set(page.values("for"))
    for attrs in page.all("svg"):
        seen = attrs.get("role") == "img" and (attrs.get("aria-label") or attrs.get("aria-labelledby"))
        assert seen or attrs.get("aria-hidden") == "true"


@pytest.mark.parametrize("name", OWN)
def test_a_page_asks_for_nothing_from_outside(name: str, site: dict[str, bytes]) -> None:
    page = Page(site[name])
    assert {tag for tag, _ in page.tags}.isdisjoint({"img", "iframe", "object", "embed", "video", "audio", "base"})
    assert page.values("src") == page.values("srcset") == page.values("style") == page.values("action") == []
    assert not [key for _, attrs in page.tags for key in attrs if key.startswith("on")]
    for tag, attrs in page.tags:
        href = attrs.get("href") or ""
        if ":" in href and href != "data:,":
            assert (tag, attrs["rel"]) == ("a", "noopener noreferrer nofollow")
            assert href.startswith("https://")
    assert not re.search(rb"url\(|@import", site[name])
    (policy,) = (attrs["content"] for attrs in page.all("meta") if attrs.get("http-equiv"))
    assert "default-src 'none'" in str(policy)


@pytest.mark.parametrize("name", OWN)
def test_every_link_inside_the_site_leads_to_one_of_its_files(name: str, site: dict[str, bytes]) -> None:
    links = [href for href in Page(site[name]).values("href") if ":" not in href and not href.startswith("#")]
    targets = {posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(h.partition("#")[0]))) for h in links}
    assert targets
    assert targets - set(site) == set()
    ids = {file: Page(content).values("id") for file, content in site.items() if file in OWN}
    for href in links:
        file, _, fragment = href.partition("#")
        assert not fragment or fragment in ids[posixpath.normpath(posixpath.join(posixpath.dirname(name), file))]


@pytest.mark.parametrize("name", OWN)
def test_every_page_leads_to_roles_comparisons_data_method_schema_and_feed(name: str, site: dict[str, bytes]) -> None:
    hrefs = Page(site[name]).values("href")
    targets = {posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(href))) for href in hrefs}
    wanted = {"index.html", "compare/index.html", "data/index.html", "methodology.html"}
    assert wanted | {"assessment.schema.json", "feed.atom"} <= targets


@pytest.mark.parametrize("name", OWN)
def test_a_page_has_at_most_100_kb(name: str, site: dict[str, bytes]) -> None:
    assert len(site[name]) <= LIMIT


def test_no_page_of_a_site_of_seventy_roles_has_more_than_100_kb(registry: Registry) -> None:
    files = a_site(many_roles(registry, 70))
    own = [name for name in files if name.endswith(".html") and not re.fullmatch(r"roles/.+/index\.html", name)]
    assert len([name for name in own if name.endswith("next.html")]) == 70
    assert {name: len(files[name]) for name in own if len(files[name]) > LIMIT} == {}


def test_without_its_script_the_index_is_the_whole_list_and_no_form(site: dict[str, bytes]) -> None:
    page = Page(site["index.html"])
    rows = [
        attrs for attrs, inside in zip(page.tags, page.inside, strict=True) if "tbody" in inside and attrs[0] == "tr"
    ]
    assert len(rows) == 2
    assert not [attrs for _, attrs in rows if "hidden" in attrs]
    assert [("hidden" in attrs) for attrs in page.all("form")] == [True]


def test_the_one_script_is_the_one_that_the_page_s_policy_allows(site: dict[str, bytes]) -> None:
    for name in SCRIPTED:
        (script,) = re.findall(r"<script>(.*?)</script>", site[name].decode(), re.DOTALL)
        digest = b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"script-src 'sha256-{digest}'" in site[name].decode()
    assert tuple(name for name in OWN if b"<script" in site[name] or b"script-src" in site[name]) == SCRIPTED


def test_the_index_shows_the_newest_version_of_each_role_and_what_it_is_found_by(
    registry: Registry, site: dict[str, bytes]
) -> None:
    page = Page(site["index.html"])
    archivist, engineer = (role.newest for role in registry.roles)
    assert [attrs for attrs in page.all("tr") if attrs] == [
        {
            "data-zone": archivist.row.zone,
            "data-score": f"{archivist.result.score:.1f}",
            "data-level": "0",
            "data-tags": "1 0",
            "data-also": "Records Keeper",
        },
        {
            "data-zone": engineer.row.zone,
            "data-score": f"{engineer.result.score:.1f}",
            "data-level": "0",
            "data-tags": "2",
            "data-also": "",
        },
    ]
    for version in (archivist, engineer):
        result, role = version.result, version.document.assessment.role
        for shown in (role.title, f"{result.score:.1f}", result.label, version.day, f"version {version.number},"):
            assert shown in page.text
        low, high = result.robustness.joint_low, result.robustness.joint_high
        assert f"{result.score:.1f}, joint range {low:.1f} to {high:.1f}" in page.values("aria-label")
        assert page.values("x1").count(f"{low}%") >= 2
    options = [words for tag, words in page.words if tag == "option"]
    orders = ("by name", "highest score first", "lowest score first")
    assert options == [
        *("all", "Green", "Yellow"),
        *("all", "law", "paper", "software"),
        *("all", "Senior"),
        *orders,
    ]


def test_a_history_shows_every_version_and_what_changed(registry: Registry, site: dict[str, bytes]) -> None:
    role = registry.roles[1]
    page = Page(site["roles/release-engineer-senior/history.html"])
    first, second = role.versions
    for version, reviewer in ((first, "Ada Marsh"), (second, "Ben Ode")):
        shown = f"{version.day} {version.result.score:.1f} {version.result.label} {version.document.assessment.as_of}"
        assert f"Version {version.number} {shown} {reviewer}" in page.text
        assert version.row.revision in page.text
    was, now = first.result.score, second.result.score
    assert f"The score moved from {was:.1f} to {now:.1f} (+{now - was:.1f}). The zone changed from" in page.text
    assert "Task “building”: score 3 2" in page.text
    assert len(page.all("circle")) == 2


def test_the_chart_stands_by_the_numbers(registry: Registry) -> None:
    chart = history_chart(registry.roles[1].versions)
    first, second = chart.points
    assert first.x < second.x
    assert second.y < first.y
    assert all(point.high < point.y < point.low for point in chart.points)
    for point in chart.points:
        (inside,) = [zone for zone, top, height in chart.bands if top <= point.y < top + height]
        assert inside is point.zone
    assert [mark.score for mark in chart.marks] == ["0", "25", "48", "100"]


def test_only_as_many_versions_are_named_as_there_is_room_for(registry: Registry) -> None:
    version = registry.roles[0].newest
    names = [point.name for point in history_chart([version] * 30).points]
    assert len([name for name in names if name]) <= 8
    assert names[-1] == "v1"


def test_outside_text_is_text_on_every_page_and_in_the_feed(tmp_path: Path) -> None:
    named = {"title": HOSTILE, "seniority": HOSTILE[:60], "aliases": (HOSTILE,), "tags": (HOSTILE,)}
    rows = (
        published(tmp_path, an_assessment(**named, names=(TASK, LOST, *"cde")), slug="a", reviewer=HOSTILE),
        published(tmp_path, an_assessment(title="Low", names=(TASK, LOST, *"cde"), scores=(4, 4, 4, 4, 4)), slug="b"),
    )
    registry = read_registry(rows)
    assert registry.left_out == ()
    files = a_site(registry, BASE, TASK)
    pages = ("index.html", "roles/a/history.html", "roles/b/next.html", "compare/index.html", "roles/b/index.html")
    for name in (*pages, "compare/a--b.html", "compare/b--a.html"):
        page = Page(files[name])
        assert SHOWN in page.text
        assert "onerror" not in [key for _, attrs in page.tags for key in attrs]
        assert len(page.all("script")) == (1 if name.endswith("index.html") else 0)
        assert (LOST in page.text) == ("--" in name or name.startswith("roles/b/"))
        assert (TASK in page.text) == (name not in ("index.html", "roles/a/history.html", "compare/index.html"))
        assert not re.search(b"[\x1b]|\xe2\x80\xae|\xef\xbf\xbf", files[name])
    titles = etree.fromstring(files["feed.atom"]).findall(".//{*}entry/{*}title")
    assert [SHOWN in (title.text or "") for title in titles] == [True, False]


def test_the_page_on_the_method_gives_every_constant_with_value_and_status(site: dict[str, bytes]) -> None:
    text = Page(site["methodology.html"]).text
    for constant in constants():
        assert f"{constant.name} {constant.value.replace('-', '−')} {STATUSES[constant.status]}" in text
    assert len(constants()) > 40
    assert f"3 of the published versions were scored with {POLICY.version}." in text


def test_the_page_on_the_method_follows_the_policy() -> None:
    changes = {"green_line": 50, "yellow_line": 20, "evidence_weight": Fraction("0.06"), "stale_months": 7}
    other = dataclasses.replace(POLICY, **changes)  # type: ignore[arg-type]
    view, was = method_view((), other), method_view(())
    assert view.formula[1].value == "raw = TR × (1 + 0.06·E) × (1 + 0.02·B) × (1 + 0.05·G)"
    assert was.formula[1].value == "raw = TR × (1 + 0.04·E) × (1 + 0.02·B) × (1 + 0.05·G)"
    moved = [row.rule.replace("48", "50").replace("25", "20") for row in was.labels]
    assert [row.rule for row in view.labels] == moved != [row.rule for row in was.labels]
    assert [mark.score for mark in view.marks] == ["0", "20", "50", "100"]
    assert "7 months" in view.evidence[-1]


def test_the_lens_on_the_method_page_follows_the_policy(site: dict[str, bytes]) -> None:
    changes = {
        "share_total": 90,
        "lens_share_move": 7,
        "lens_barrier_rise": 2,
        "lens_recursive_growth": 1,
        "lens_reread_step": 3,
        "fragile_band": Bounds(41, 57),
        "enhanced_scores": Bounds(2, 3),
        "unchanged_scores": Bounds(1, 4),
        "displaced_scores": Bounds(5, 5),
        "unknown_value": 1,
    }
    was = {line.name: line.value for line in method_view(()).lens}
    now = {line.name: line.value for line in method_view((), dataclasses.replace(POLICY, **changes)).lens}  # type: ignore[arg-type]
    assert list(was) == list(now) and len(was) == 9
    assert {name for name in was if was[name] != now[name]} == {
        *("Tasks", "Changes from the base", "Conservative re-reads", "Fragile")
    }
    for name, said in (
        ("Tasks", "sum to 90% again. A share moves by at most 7 percentage points."),
        ("Tasks", "Enhanced 2 to 3, Unchanged 1 to 4 and Displaced 5 to 5."),
        ("Changes from the base", "an unknown one counts from 1. Barriers rise by at most +2 in total. Growth of +1 "),
        ("Conservative re-reads", "read 3 worse"),
        ("Fragile", "lies in 41 to 57."),
    ):
        assert said in now[name]
    for axes in REREADS:
        assert axes.name in was["Conservative re-reads"]
    assert all(name in was["Outcome"] for name in OUTCOMES.values())
    text = Page(site["methodology.html"]).text
    assert all(f"{name} {value}" in text for name, value in was.items())
    assert " ".join(LENS_IMPACTS.values()) in text


def test_the_method_names_the_labels_that_code_gives() -> None:
    given = {
        label(score, point=Point(0, evidence, 0, growth), exposed=exposed, resistance=resistance).text
        for score in (10.0, 30.0, 60.0)
        for evidence in (-10, 0)
        for growth in (0, 2)
        for exposed in (0, 100)
        for resistance in (Fraction(1), Fraction(4))
    }
    labels = method_view(()).labels
    assert {row.label for row in labels} == given
    assert [row.status for row in labels] == [
        "line stated, cut derived",
        "line stated, cut ours",
        "line stated, cut ours",
        "stated",
        "stated",
        "line stated, cut ours",
        "stated",
    ]


def test_no_number_of_the_method_is_typed_into_a_template() -> None:
    shown = ("methodology", "index", "history", "compare", "next", "panel", "pick", "parts")
    for name in (f"{name}.html.j2" for name in shown):
        template = resources("agent.registry.site").joinpath("templates", name).read_text(encoding="utf-8")
        words = re.sub(r"<[^>]*>|\{%.*?%\}|\{\{.*?\}\}", "", template, flags=re.DOTALL)
        assert re.findall(r"\d+", words) == []


def test_the_zones_fill_the_scale() -> None:
    assert [(band.zone, band.start, band.width) for band in bands()] == [
        (Zone.RED, 0.0, 25.0),
        (Zone.YELLOW, 25.0, 23.0),
        (Zone.GREEN, 48.0, 52.0),
    ]


def test_the_schema_is_the_one_of_the_published_document(site: dict[str, bytes]) -> None:
    assert (
        site["assessment.schema.json"] == resources("agent.publishing").joinpath("assessment.schema.json").read_bytes()
    )
