from __future__ import annotations

from agent.grounding.coverage import GroupCoverage, coverage_of
from agent.schemas.article import ArticleMeta, Passage
from agent.schemas.draft import RoleFrame

FRAME = RoleFrame(
    title="Widget Engineer",
    seniority="mid-level",
    function="Builds widgets.",
    aliases=("widget maker",),
    proxies=(),
    is_not=(),
    experience="Some.",
    seniority_note="More.",
    tags=(),
)


def a_passage(name: str, text: str = "Widget engineers are hired.", *, work: str = "", **meta: object) -> Passage:
    values = {
        "title": "On work",
        "publisher": f"Office {name}",
        "author": None,
        "date": "2026-01",
        "url": f"https://example.org/{name}",
        "tier": 2,
        "interested": False,
        "retrieved": "2026-02-01",
        "text_kind": "full",
        **meta,
    }
    return Passage(
        id=f"p-{name}",
        article=f"a-{name}",
        meta=ArticleMeta.model_validate(values),
        text=text,
        start=0,
        end=len(text),
        text_hash="sha256:0",
        work=work,
    )


def test_only_what_names_the_role_counts_and_what_is_missing_is_said() -> None:
    passages = [
        a_passage("a", tier=1),
        a_passage("b", "Every widget maker was asked.", tier=4, date="unknown"),
        a_passage("c", "Nurses were asked."),
    ]
    found = coverage_of(FRAME, {"tasks": passages}, as_of="2026-02-25").groups
    assert found == (
        GroupCoverage(
            name="tasks",
            passages=3,
            speaking=2,
            sources=2,
            tiers={1: 1, 2: 0, 3: 0, 4: 1},
            fresh=1,
            undated=1,
            newest="2026-01",
            missing=(),
        ),
    )


def test_a_group_says_what_it_lacks() -> None:
    groups = {
        "evidence.wages": [a_passage("a", "Nurses earn more.")],
        "evidence.job_postings": [a_passage("b", "Postings for widget engineers fell.", tier=4, date="2023-12")],
    }
    found = {group.name: group.missing for group in coverage_of(FRAME, groups, as_of="2026-02-25").groups}
    assert found == {
        "evidence.wages": ("any passage that names the role",),
        "evidence.job_postings": (
            "a second source",
            "primary data or named research",
            "anything dated within 24 months",
        ),
    }


def test_a_date_is_fresh_for_24_months() -> None:
    for date, fresh in [("2024-02", 1), ("2024-01", 0), ("2026", 1), ("2024", 0), ("unknown", 0)]:
        group = coverage_of(FRAME, {"tasks": [a_passage("a", date=date)]}, as_of="2026-02-25").groups[0]
        assert (date, group.fresh) == (date, fresh)


def test_copies_and_one_publisher_are_one_source() -> None:
    passages = [a_passage("a"), a_passage("b", publisher="OFFICE A"), a_passage("c", work="a-a")]
    found = coverage_of(FRAME, {"tasks": passages}, as_of="2026-02-25")
    assert (found.sources, found.groups[0].sources) == (1, 1)


def test_an_assessment_stops_where_too_few_sources_speak_of_the_role() -> None:
    few = {"tasks": [a_passage("a"), a_passage("b")], "growth": [a_passage("a")]}
    enough = {"tasks": [a_passage("a"), a_passage("b")], "growth": [a_passage("c")]}
    assert "2 independent sources" in coverage_of(FRAME, few, as_of="2026-02-25").stops
    assert coverage_of(FRAME, enough, as_of="2026-02-25").stops == ""


def test_an_assessment_stops_where_a_section_has_nothing_to_read() -> None:
    groups = {
        "tasks": [a_passage("a"), a_passage("b"), a_passage("c")],
        "evidence.wages": [],
        "evidence.job_postings": [],
        "growth": [],
        "barriers": [a_passage("d")],
    }
    found = coverage_of(FRAME, groups, as_of="2026-02-25")
    assert found.stops == "The corpus has no passage for evidence, growth."


def test_a_section_with_one_dimension_found_is_not_empty() -> None:
    groups = {
        "evidence.wages": [],
        "evidence.job_postings": [a_passage("a"), a_passage("b"), a_passage("c")],
    }
    assert coverage_of(FRAME, groups, as_of="2026-02-25").stops == ""


def test_a_dimension_counts_only_what_speaks_of_its_subject() -> None:
    passages = [a_passage("a", "Widget engineers earn more."), a_passage("b", "Widget engineers were counted.")]
    found = coverage_of(FRAME, {"evidence.wages": passages, "tasks": passages}, as_of="2026-02-25").groups
    assert [(group.name, group.speaking, group.sources) for group in found] == [
        ("evidence.wages", 1, 1),
        ("tasks", 2, 2),
    ]
