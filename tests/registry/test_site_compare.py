"""What a site says between roles: true in both directions, with versions, and made anew from what is published."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from importlib.resources import files as resources
from pathlib import Path

import pytest
from factories_registry import STAFF
from factories_site import (
    BASE,
    Page,
    a_registry,
    a_site,
    an_assessment,
    compared,
    many_roles,
    published,
    same_work,
)
from py_mini_racer import MiniRacer

from agent.registry.mapping import TaskMapping, TaskPair
from agent.registry.roles import Subject
from agent.registry.site.build import site_files
from agent.registry.site.compared import NEAREST, OFFERED, compare_roles
from agent.registry.site.panel import MARKER, with_panel
from agent.registry.site.versions import Registry, read_registry
from agent.registry.transitions_view import transition_view
from agent.schemas.assessment import CitedOverride
from agent.schemas.draft import Citation
from agent.store.publications import PublicationRow, Withdrawal

UPWARD = re.compile(r"\b(?:up|upwards?|higher|gain|safer|better|ris\w+|improv\w+|above)\b", re.IGNORECASE)
DOWNWARD = re.compile(r"\b(?:down|downwards?|lower|riskier|worse|fall\w*|drop\w*|below)\b", re.IGNORECASE)
SHARED = ("planning", "building")
LOW = (4, 4, 4, 4, 4)
CSS = resources("agent.publishing").joinpath("templates", "page.css").read_text(encoding="utf-8")


def low(folder: Path, **more: object) -> PublicationRow:
    return published(folder, an_assessment(title="Low", scores=LOW), slug="low-senior", **more)  # type: ignore[arg-type]


def high(folder: Path, version: int = 1, **more: object) -> PublicationRow:
    made = an_assessment(title="High", **more)  # type: ignore[arg-type]
    return published(folder, made, slug="high-senior", version=version)


@pytest.fixture
def two(tmp_path: Path) -> Registry:
    """A role and one with a higher score."""
    return read_registry([low(tmp_path), high(tmp_path)])


def links(page: Page) -> dict[str, str]:
    """The text of every link by its address; the last where an address stands twice."""
    targets = iter(attrs["href"] or "" for attrs in page.all("a"))
    return {next(targets): words for tag, words in page.words if tag == "a"}


def cut(page: bytes, name: str) -> Page:
    """One section of a page."""
    (found,) = re.findall(rf'<section id="{name}">.*?</section>', page.decode("utf-8"), re.DOTALL)
    return Page(found.encode("utf-8"))


# comparison pages


def test_a_comparison_names_what_is_kept_lost_and_gained_and_every_difference(two: Registry) -> None:
    site = a_site(two)
    text = Page(site["compare/low-senior--high-senior.html"]).text
    a, b = "Low (Senior) v1", "High (Senior) v1"
    assert f"{b} scores 13.1 points higher than {a}: 32.5 against 19.4 of 100." in text
    for row in ("Score 19.4 32.5 +13.1", "Zone Red Yellow", "Task resistance 2.00 3.00 +1.00", "Growth 0 0 0"):
        assert row in text
    assert f"40% of the working time of {a} is kept in {b}" in text
    kept = "20% of the time, task score {}"
    assert f"planning {kept.format(4)} planning {kept.format(3)} 20% 0.60" in text
    alone = "without a counterpart; suggested mapping, not confirmed Task Share Task score checking 20%"
    assert f"Lost tasks of {a} {alone} 4 shipping 20% 4" in text
    assert f"Gained tasks of {b} {alone} 3 shipping 20% 3" in text
    assert "An embedding model (words-1) suggested the pairs, each with a similarity of at least 0.50;" in text


@pytest.mark.parametrize("scores", [(3, 3, 3, 3, 3), (2, 3, 2, 2, 1), (5, 4, 3, 3, 3), LOW])
def test_no_sentence_of_a_comparison_is_false_for_the_way_that_it_goes(scores: tuple[int, ...], tmp_path: Path) -> None:
    registry = read_registry([low(tmp_path), high(tmp_path, scores=scores)])
    site, (b, a) = a_site(registry), registry.roles
    for first, second in ((a, b), (b, a)):
        page = Page(site[f"compare/{first.slug}--{second.slug}.html"])
        change = round(second.newest.result.score * 10) - round(first.newest.result.score * 10)
        assert bool(UPWARD.search(page.text)) == (change > 0), page.text
        assert bool(DOWNWARD.search(page.text)) == (change < 0), page.text
        assert ("the same score" in page.text) == (change == 0)
    if scores == LOW:
        assert a.newest.result.score == b.newest.result.score


def test_of_each_pair_there_is_a_page_a_direction_and_each_leads_to_the_other(two: Registry) -> None:
    site = a_site(two)
    pairs = ("low-senior--high-senior", "high-senior--low-senior")
    for there, back in (pairs, pairs[::-1]):
        found = links(Page(site[f"compare/{there}.html"]))
        assert found[f"../compare/{back}.html"] == "the other way round"


def test_a_comparison_leads_to_the_very_versions_that_it_names(tmp_path: Path) -> None:
    registry = read_registry([low(tmp_path), low(tmp_path, version=2), high(tmp_path)])
    found = links(Page(a_site(registry)["compare/low-senior--high-senior.html"]))
    assert found["../roles/low-senior/v2/index.html"] == "Low (Senior) v2"
    assert found["../roles/high-senior/v1/index.html"] == "High (Senior) v1"


def test_a_confirmed_mapping_is_named_with_who_confirmed_it_and_when(two: Registry) -> None:
    def confirmed(a: Subject, b: Subject) -> TaskMapping:
        return TaskMapping.model_validate(
            {
                "status": "confirmed",
                "from": a.revision,
                "to": b.revision,
                "pairs": [TaskPair(from_="t1", to="t2")],
                "reviewer": "Ben Ode",
                "auth": "local-unverified",
                "channel": "terminal",
                "confirmed_at": "2026-11-29T08:00:00Z",
            }
        )

    site = site_files(two, compare_roles(two, confirmed), BASE)
    text = Page(site["compare/low-senior--high-senior.html"]).text
    said = "Ben Ode (name not verified) went through the tasks of both roles and confirmed the pairs on 2026-11-29."
    assert f"Mapping confirmed by Ben Ode. {said}" in text
    assert "not confirmed" not in text
    assert "Similarity" not in text
    assert f"<loc>{BASE}compare/low-senior--high-senior.html</loc><lastmod>2026-11-29</lastmod>" in (
        site["sitemap.xml"].decode()
    )


def test_a_score_that_a_reviewer_set_is_said_to_be_that(tmp_path: Path) -> None:
    cited = (Citation(passage="p-staff", quote=STAFF.rstrip(".")),)
    override = CitedOverride(score=34.0, reason="The hiring that was observed is underrated.", citations=cited)
    site = a_site(read_registry([low(tmp_path), high(tmp_path, override=override)]))
    said = "The score of High (Senior) v1 was set by a reviewer; the formula gives 32.5."
    assert said in Page(site["compare/low-senior--high-senior.html"]).text


def test_two_levels_of_one_title_are_two_roles(tmp_path: Path) -> None:
    rows = [
        published(tmp_path, an_assessment(title="Low", seniority=level, scores=scores), slug=f"low-{level.lower()}")
        for level, scores in (("Junior", LOW), ("Senior", (3, 3, 3, 3, 3)))
    ]
    site = a_site(read_registry(rows))
    page = Page(site["compare/low-junior--low-senior.html"])
    assert "From Low (Junior) to Low (Senior)" in page.text
    assert "change of version" not in page.text
    assert (
        "Low (Senior) v1 shares 40% of the working time of Low (Junior) v1"
        in Page(site["roles/low-junior/next.html"]).text
    )


# which pairs have pages


def test_up_to_nine_roles_every_pair_has_pages(tmp_path: Path) -> None:
    registry = a_registry(tmp_path)
    assert len(compared(many_roles(registry, NEAREST + 1)).ways) == (NEAREST + 1) * NEAREST


def test_of_many_roles_those_have_pages_that_are_close_or_offered_or_confirmed(
    tmp_path: Path,
) -> None:
    registry = many_roles(a_registry(tmp_path), 40)
    far = (registry.roles[30].slug, registry.roles[39].slug)

    def mapping_of(a: Subject, b: Subject) -> TaskMapping:
        if {a.role.slug, b.role.slug} == set(far):
            return TaskMapping(status="confirmed", from_=a.revision, to=b.revision, pairs=(), reviewer="Ada Marsh")
        return same_work("planning")(a, b)

    found = compare_roles(registry, mapping_of)
    assert {(a, b) for a, b in found.ways} == {(b, a) for a, b in found.ways}
    assert far in found.ways
    assert far not in compared(registry, "planning").ways
    assert len(found.ways) < 40 * 39
    assert len(found.ways) <= 2 * 40 * (NEAREST + OFFERED) + 2
    for slug, rows in found.beside.items():
        assert len(rows) == 39
        assert {(slug, row.to.slug) for row in rows[:NEAREST]} <= set(found.ways)
        assert {(slug, item.to.slug) for item in found.next[slug].items[:OFFERED]} <= set(found.ways)
        assert [row.shared for row in rows] == sorted((row.shared for row in rows), reverse=True)


def test_a_role_that_is_offered_has_a_page_also_where_many_others_are_closer(tmp_path: Path) -> None:
    others = [
        published(tmp_path, an_assessment(title=f"Other {at}", scores=LOW), slug=f"other-{at}")
        for at in range(NEAREST + 1)
    ]

    def mapping_of(a: Subject, b: Subject) -> TaskMapping:
        apart = {a.role.slug, b.role.slug} == {"low-senior", "high-senior"}
        return same_work("planning", *(() if apart else ("building",)))(a, b)

    found = compare_roles(read_registry([low(tmp_path), high(tmp_path), *others]), mapping_of)
    assert [item.to.slug for item in found.next["low-senior"].items] == ["high-senior"]
    for slug, other in (("low-senior", "high-senior"), ("high-senior", "low-senior")):
        assert other not in [row.to.slug for row in found.beside[slug][:NEAREST]]
        assert (slug, other) in found.ways


def test_a_mapping_is_asked_for_once_for_each_two_roles(tmp_path: Path) -> None:
    asked: list[frozenset[str]] = []

    def mapping_of(a: Subject, b: Subject) -> TaskMapping:
        asked.append(frozenset((a.role.slug, b.role.slug)))
        return same_work()(a, b)

    compare_roles(many_roles(a_registry(tmp_path), 12), mapping_of)
    assert len(asked) == len(set(asked)) == 12 * 11 / 2


def test_every_role_stands_beside_every_other_whether_or_not_the_two_have_a_page(
    tmp_path: Path,
) -> None:
    registry = many_roles(a_registry(tmp_path), 30)
    site, found = a_site(registry), compared(registry)
    slug = registry.roles[-1].slug
    page = cut(site[f"roles/{slug}/next.html"], "beside")
    without = [words for tag, words in page.words if words == "no page"]
    pages = [href for href in page.values("href") if href.startswith("../../compare/")]
    assert len(pages) == sum(a == slug for a, _ in found.ways) < 29
    assert len(without) == 29 - len(pages)
    assert f"among the {NEAREST} closest of either role" in page.text
    versions = [href for href in page.values("href") if re.fullmatch(r"\.\./\.\./roles/[\w-]+/v1/index\.html", href)]
    assert len(set(versions)) == 29


def test_the_difference_beside_another_role_has_its_sign(two: Registry) -> None:
    site = a_site(two)
    down = cut(site["roles/high-senior/next.html"], "beside").text
    assert "Low (Senior) v1 19.4 −13.1 40% suggested mapping, not confirmed Compare" in down
    assert "High (Senior) v1 32.5 +13.1 40%" in cut(site["roles/low-senior/next.html"], "beside").text


# the choice of two roles


def options(page: Page) -> list[tuple[str, list[int]]]:
    """The slugs of the first choice, each with the positions of those that it has pages with."""
    found = [(str(attrs["value"]), str(attrs["data-with"])) for attrs in page.all("option") if "data-with" in attrs]
    return [(slug, [int(at) for at in partners.split()]) for slug, partners in found]


def test_the_choice_knows_the_pages_that_there_are(tmp_path: Path) -> None:
    site = a_site(many_roles(a_registry(tmp_path), 30))
    choices = options(Page(site["compare/index.html"]))
    pages = {f"compare/{slug}--{choices[at][0]}.html" for slug, partners in choices for at in partners}
    assert pages == {name for name in site if "--" in name}
    assert len(pages) < 30 * 29


def test_without_its_script_the_choice_leads_from_each_role_to_its_comparisons(two: Registry) -> None:
    page = Page(a_site(two)["compare/index.html"])
    assert ["hidden" in attrs for attrs in page.all("form")] == [True]
    found = links(page)
    for slug in ("low-senior", "high-senior"):
        assert found[f"../roles/{slug}/next.html"] == "Where to look next"
        assert f"../roles/{slug}/v1/index.html" in found


DOM = """
const listeners = {};
const on = (name, does) => { listeners[name] = does; };
const option = (index, value, text, partners) => ({ index, value, text, dataset: { with: partners } });
const all = [option(0, "a", "A v1, 20.0", "1"), option(1, "bé", "B v1, 30.0", "0"), option(2, "c", "C v1, 40.0", "")];
const select = (at) => ({ at, get selectedOptions() { return [all[this.at]]; },
                          set selectedIndex(to) { this.at = to; } });
const [from, to] = [select(0), select(0)];
let shown = [], went = null;
const form = { hidden: true, elements: { from, to }, addEventListener: on };
const picked = { replaceChildren: (...nodes) => { shown = nodes; },
                 querySelector: () => shown.find((node) => node.href) ?? null };
globalThis.document = { getElementById: (id) => (id === "pick" ? form : picked), createElement: () => ({}) };
globalThis.addEventListener = on;
globalThis.location = { assign: (address) => { went = address; } };
"""


@pytest.fixture
def picker() -> Iterator[MiniRacer]:
    engine = MiniRacer()
    engine.eval(DOM)
    engine.eval(resources("agent.registry.site").joinpath("templates", "pick.js").read_text(encoding="utf-8"))
    yield engine
    engine.close()


def chosen(engine: MiniRacer, one: int, two_: int) -> object:
    return json.loads(str(engine.eval(f"from.at = {one}; to.at = {two_}; listeners.input(); JSON.stringify(shown)")))


def test_the_script_leads_to_the_page_of_the_two_that_are_chosen(picker: MiniRacer) -> None:
    assert picker.eval("form.hidden") is False
    first = [{"href": "a--b%C3%A9.html", "textContent": "From A v1, 20.0 to B v1, 30.0"}]
    assert json.loads(str(picker.eval("JSON.stringify(shown)"))) == first
    assert chosen(picker, 1, 0) == [{"href": "b%C3%A9--a.html", "textContent": "From B v1, 30.0 to A v1, 20.0"}]
    picker.eval("listeners.submit({ preventDefault: () => {} })")
    assert picker.eval("went") == "b%C3%A9--a.html"


def test_the_script_says_where_two_have_no_page_and_leads_to_their_numbers(picker: MiniRacer) -> None:
    assert chosen(picker, 0, 2) == [
        "These two have no page of their own. ",
        {"href": "../roles/a/next.html#beside", "textContent": "Every role beside A v1, 20.0"},
    ]
    assert chosen(picker, 1, 1) == ["Choose two different roles."]
    picker.eval("listeners.submit({ preventDefault: () => {} })")
    assert picker.eval("went") is None


# the panel of a role's page


def test_the_panel_stands_in_the_page_at_the_role_s_address_and_says_that_nobody_approved_it(two: Registry) -> None:
    site = a_site(two)
    page = site["roles/low-senior/index.html"]
    whole, panel = Page(page), cut(page, "where-next")
    at = [(tag, attrs) for tag, attrs in whole.tags].index(("section", {"id": "where-next"}))
    assert whole.inside[at][-1] == "main"
    assert "generated from what is published now" in panel.text
    assert "it is not part of the approved page, which stands unchanged as version 1" in panel.text
    assert "1 of 1 other published role scores higher than Low (Senior) v1 (19.4) and shares at least 20%" in panel.text
    assert "High (Senior) v1 32.5 +13.1 40% YELLOW (Urgent) High (Senior) v1 shares 40%" in panel.text
    way = transition_view(compared(two).ways[("low-senior", "high-senior")])
    for title, tasks in (("Kept", [pair.before for pair in way.kept]), ("Lost", way.lost), ("Gained", way.gained)):
        assert tasks
        assert f"{title}: {', '.join(f'{task.name} ({task.share})' for task in tasks)}" in panel.text
    assert way.mapping in panel.text
    found = links(panel)
    assert found["../../roles/low-senior/v1/index.html"] == "version 1"
    assert found["../../roles/high-senior/v1/index.html"] == "High (Senior) v1"
    assert found["../../compare/low-senior--high-senior.html"] == "Task by task to High (Senior) v1"
    assert {"../../index.html", "../../data/index.html", "../../roles/low-senior/next.html"} <= set(found)
    assert len(whole.values("id")) == len(set(whole.values("id")))


def test_every_link_of_a_panel_leads_to_a_file(two: Registry) -> None:
    site = a_site(two)
    for slug in ("low-senior", "high-senior"):
        hrefs = cut(site[f"roles/{slug}/index.html"], "where-next").values("href")
        assert hrefs
        assert {href.removeprefix("../../") for href in hrefs} - set(site) == set()


def test_the_approved_page_has_no_panel_and_keeps_its_bytes(two: Registry) -> None:
    site = a_site(two)
    for role in two.roles:
        approved = (Path(role.newest.row.path) / "index.html").read_bytes()
        assert site[f"roles/{role.slug}/v1/index.html"] == approved
        assert approved.count(MARKER) == 1
        assert b"where-next" not in approved


def the_others(registry: Registry, slug: str = "low-senior") -> tuple[list[str], dict[str, str]]:
    """What a panel says of the roles that its own is not, a line each, and its links."""
    panel = cut(a_site(registry)[f"roles/{slug}/index.html"], "where-next")
    said = panel.text.partition("Other roles that this page names as published now ")[2].partition(" Every other role")[
        0
    ]
    return [line for line in said.split(" | ") if line], links(panel)


def test_the_panel_has_the_roles_that_a_role_is_not_as_they_are_published_now(tmp_path: Path) -> None:
    is_not = ("high", "Low", "Gardener")
    plain = published(tmp_path, an_assessment(title="Low", scores=LOW, is_not=is_not), slug="low-senior")
    none = "no assessment of it is published here"
    [said], _ = the_others(read_registry([plain]))
    assert said.startswith(f"high: {none} Low: {none} Gardener: {none}")

    first, second = high(tmp_path), high(tmp_path, 2, growth=1)
    [said], found = the_others(read_registry([plain, first, second]))
    assert said.startswith(f"high: High (Senior) v2 , score {second.score:.1f}, {second.label} Low: {none}")
    assert found["../../roles/high-senior/v2/index.html"] == "High (Senior) v2"

    junior = published(tmp_path, an_assessment(title="High", seniority="Junior"), slug="high-junior")
    [said], _ = the_others(read_registry([plain, first, junior]))
    assert "high: High (Junior) v1 , score" in said and "; High (Senior) v1 , score" in said


def test_a_withdrawn_role_is_named_as_one_that_is_not_published(tmp_path: Path) -> None:
    plain = published(tmp_path, an_assessment(title="Low", scores=LOW, is_not=("High",)), slug="low-senior")
    gone = Withdrawal(
        reviewer="Ada", auth="local-unverified", channel="script", reason="Wrong.", withdrawn_at="2026-12-01T00:00:00Z"
    )
    row = high(tmp_path).model_copy(update={"withdrawn": gone})
    [said], found = the_others(read_registry([plain, row]))
    assert said.startswith("High: no assessment of it is published here")
    assert not [href for href in found if "high-senior" in href]


def test_a_panel_of_a_role_that_names_no_other_has_no_such_list(two: Registry) -> None:
    assert b"Other roles that this page names" not in a_site(two)["roles/low-senior/index.html"]


def test_where_nothing_fits_the_panel_offers_nothing_and_says_so(tmp_path: Path) -> None:
    site = a_site(read_registry([low(tmp_path), high(tmp_path)]), BASE, "nothing alike")
    for slug, said in (
        ("high-senior", "Nothing fits: of 1 other published role, none scores higher than High (Senior) v1 (32.5)."),
        ("low-senior", "1 scores higher than Low (Senior) v1 (19.4), and it shares less than 20% of its working time."),
    ):
        panel = cut(site[f"roles/{slug}/index.html"], "where-next")
        assert said in panel.text
        assert panel.all("table") == []
        assert not [href for href in panel.values("href") if "--" in href]
    assert "No task of Low (Senior) v1 has a counterpart" in Page(site["compare/low-senior--high-senior.html"]).text


def test_a_panel_names_the_best_and_leads_to_the_others(tmp_path: Path) -> None:
    rows = [
        published(tmp_path, an_assessment(title=f"High {at}", growth=at % 3), slug=f"high-{at}")
        for at in range(OFFERED + 2)
    ]
    site = a_site(read_registry([low(tmp_path), *rows]))
    panel = cut(site["roles/low-senior/index.html"], "where-next")
    assert len(panel.all("tbody")) == OFFERED
    assert f"The best {OFFERED} stand here; all others with their numbers" in panel.text
    assert panel.values("href").count("../../roles/low-senior/next.html#beside") == 1
    assert "High 2 (Senior) v1 shares" in panel.text


def test_the_panel_needs_no_style_or_script_that_the_page_does_not_have(two: Registry) -> None:
    page = a_site(two)["roles/low-senior/index.html"]
    panel = cut(page, "where-next")
    assert {tag for tag, _ in panel.tags}.isdisjoint({"style", "script", "link"})
    assert panel.values("style") == []
    used = {name for names in panel.values("class") for name in names.split()}
    assert {name for name in used if not re.search(rf"\.{name}\b", CSS)} == set()
    assert {"rows", "n", "kind", "zone"} <= used
    # Their links are not printed, and the panel's are part of sentences.
    assert used.isdisjoint({"basis", "note"})


def test_a_page_from_before_there_was_a_marker_is_left_as_it_is_and_its_history_leads_on(tmp_path: Path) -> None:
    rows = [low(tmp_path), high(tmp_path)]
    page = Path(rows[0].path) / "index.html"
    page.write_bytes(page.read_bytes().replace(MARKER + b"\n", b""))
    site = a_site(read_registry(rows))
    assert site["roles/low-senior/index.html"] == page.read_bytes()
    history = links(Page(site["roles/low-senior/history.html"]))
    assert history["../../roles/low-senior/next.html"] == "where to look next"
    assert "High (Senior) v1 shares 40%" in Page(site["roles/low-senior/next.html"]).text
    assert b"where-next" in site["roles/high-senior/index.html"]


def test_a_page_with_two_markers_gets_no_panel() -> None:
    assert with_panel(MARKER + MARKER, b"panel") == MARKER + MARKER
    assert with_panel(b"a" + MARKER + b"b", b"panel\n") == b"apanelb"


# what changes with a publication


def test_after_a_new_version_of_another_role_panel_and_comparison_name_it_with_its_score(tmp_path: Path) -> None:
    rows = [low(tmp_path), high(tmp_path)]
    before = a_site(read_registry(rows))
    rows.append(high(tmp_path, 2, scores=(2, 2, 3, 3, 3)))
    registry = read_registry(rows)
    after = a_site(registry)
    score = f"{registry.roles[0].newest.result.score:.1f}"
    assert score != "32.5"
    names = ("roles/low-senior/index.html", "compare/low-senior--high-senior.html", "roles/low-senior/next.html")
    for name in (*names, "compare/index.html"):
        old, new = Page(before[name]), Page(after[name])
        assert "High (Senior) v1" in old.text
        assert "High (Senior) v2" not in old.text
        assert "High (Senior) v1" not in new.text
        assert "High (Senior) v2" in new.text
        assert ("32.5" in old.text, score in old.text) == (True, False)
        assert ("32.5" in new.text, score in new.text) == (False, True)
        versions = [href for href in new.values("href") if "roles/high-senior/v" in href]
        assert versions
        assert {href.rpartition("high-senior/")[2] for href in versions} == {"v2/index.html"}
    assert before["roles/low-senior/v1/index.html"] == after["roles/low-senior/v1/index.html"]


# little or damaged


def test_a_site_of_one_role_says_that_there_is_nothing_to_compare(tmp_path: Path) -> None:
    site = a_site(read_registry([low(tmp_path)]))
    assert [name for name in site if "--" in name] == []
    choice = Page(site["compare/index.html"])
    assert "One role is published, so that there is nothing to compare it with." in choice.text
    assert choice.all("form") == choice.all("script") == []
    assert "script-src" not in site["compare/index.html"].decode()
    said = "Nowhere to look: no role but Low (Senior) v1 is published."
    assert said in cut(site["roles/low-senior/index.html"], "where-next").text
    alone = Page(site["roles/low-senior/next.html"]).text
    assert said in alone
    assert "There is no other role to set beside Low (Senior) v1." in alone


def test_a_role_that_cannot_be_shown_is_compared_with_nothing_and_no_count_hides_it(tmp_path: Path) -> None:
    rows = [low(tmp_path), high(tmp_path)]
    shutil.rmtree(rows[1].path)
    site = a_site(read_registry(rows))
    assert [name for name in site if "high" in name] == []
    text = Page(site["roles/low-senior/next.html"]).text
    assert "Nowhere to look: no other published role that could be read stands beside Low (Senior) v1." in text
    assert not [name for name, content in site.items() if str(tmp_path).encode() in content or b"High (" in content]


def test_where_the_newest_version_cannot_be_shown_the_one_before_it_is_compared(tmp_path: Path) -> None:
    rows = [low(tmp_path), high(tmp_path), high(tmp_path, 2, scores=(2, 2, 3, 3, 3))]
    shutil.rmtree(rows[2].path)
    registry = read_registry(rows)
    site = a_site(registry)
    assert "High (Senior) v1 scores 13.1 points higher" in Page(site["compare/low-senior--high-senior.html"]).text
    assert "that could be read" not in Page(site["roles/low-senior/next.html"]).text


def test_two_roles_of_one_content_are_not_compared(tmp_path: Path) -> None:
    made = an_assessment()
    registry = read_registry([published(tmp_path, made, slug=slug) for slug in ("a", "b")])
    found = compared(registry)
    assert (found.ways, found.beside) == ({}, {"a": (), "b": ()})
    assert [name for name in a_site(registry) if "--" in name] == []


def test_the_panel_of_a_role_with_several_versions_has_the_history_of_its_score(tmp_path: Path) -> None:
    registry = read_registry([low(tmp_path), high(tmp_path), high(tmp_path, 2, growth=2)])
    site = a_site(registry)
    panel = cut(site["roles/high-senior/index.html"], "where-next")
    first, second = (f"{version.result.score:.1f}" for version in registry.roles[0].versions)
    assert "The score over the published versions" in panel.text
    assert first != second
    assert f"{first} v1" in panel.text
    assert f"{second} v2" in panel.text
    assert "The score over the published versions" not in cut(site["roles/low-senior/index.html"], "where-next").text
