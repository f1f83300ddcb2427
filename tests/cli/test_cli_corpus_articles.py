"""`corpus list`, `show`, `edit`, `remove`, `search`, `check`, `reindex` and `coverage`."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from factories_cli import Cli, Clipped, Run

UNKNOWN_ID = "a-ffffffffffff"


def ids(cli: Cli) -> dict[str, str]:
    """Title to id."""
    return {item["title"]: item["article"] for item in cli("corpus", "list", "--json").document["items"]}


def failed(run: Run, kind: str, code: int) -> dict[str, Any]:
    assert (run.code, run.err) == (code, ""), run
    error = run.document["error"]
    assert error["kind"] == kind
    assert isinstance(error, dict)
    return error


def test_an_article_is_shown_with_what_was_assumed_and_its_copies(clipped: Clipped, cli: Cli) -> None:
    by_title = ids(cli)
    copy, first = by_title["A year with the payroll agent"], by_title["A month with the payroll agent"]
    lines = cli("corpus", "show", copy).out.splitlines()
    assert lines[:9] == [
        "title: A year with the payroll agent",
        "publisher: Example Weekly",
        "author: Jo Verne",
        "date: 2026-04-09",
        "url: https://weekly.example/payroll-captured",
        "tier: 4 (assumed)",
        "interested: no (assumed)",
        lines[7],
        "text_kind: full",
    ]
    assert f"counts as one source with {first}" in lines
    document = cli("corpus", "show", copy, "--json").document
    assert (document["copies"], document["active"], document["edited"]) == ([first], True, [])
    assert [set(passage) >= {"id", "text", "start", "end"} for passage in document["passages"]] == [True]


def test_a_passage_of_a_pdf_names_its_page(clipped: Clipped, cli: Cli) -> None:
    survey = ids(cli)["Payroll survey 2026"]
    assert ", pp. 1-2\n" in cli("corpus", "show", survey).out
    [hit] = cli("corpus", "search", "corrections took 27 percent of a week", "--limit", "1", "--json").document["items"]
    assert (hit["article"], hit["page"], [page for _, page in hit["pages"]]) == (survey, 1, [1, 2])


def test_an_edit_is_marked_and_a_later_reading_keeps_it(clipped: Clipped, tmp_path: Path, cli: Cli) -> None:
    folder = shutil.copytree(clipped.folder, tmp_path / "mine")
    assert cli("corpus", "add", str(folder / "survey.pdf")).code == 0
    survey = next(
        item["article"]
        for item in cli("corpus", "list", "--json").document["items"]
        if item["title"] == "Payroll survey 2026" and item["article"] not in clipped.run.document["added"]
    )
    changed = cli("corpus", "edit", survey, "--date", "2026-03-01", "--tier", "1", "--tag", "Survey", "--json")
    document = changed.document
    assert (document["date"], document["tier"], document["tags"]) == ("2026-03-01", 1, ["survey"])
    assert document["assumed"] == ["publisher", "interested"]
    assert "date: 2026-03-01 (edited)" in cli("corpus", "show", survey).out
    again = cli("corpus", "add", str(folder / "survey.pdf"), "--publisher", "Office", "--json").document
    assert again["updated"] == [survey]
    shown = cli("corpus", "show", survey, "--json").document
    assert (shown["publisher"], shown["date"], shown["tier"]) == ("Office", "2026-03-01", 1)
    assert [hit["article"] for hit in hits(cli, "payroll survey", "--tier", "1")] == [survey]


def hits(cli: Cli, *arguments: str) -> list[dict[str, Any]]:
    items = cli("corpus", "search", *arguments, "--limit", "1", "--json").document["items"]
    assert isinstance(items, list)
    return items


def test_tags_choose_what_is_listed(clipped: Clipped, cli: Cli) -> None:
    note = ids(cli)["Payroll software in three councils"]
    cli("corpus", "edit", note, "--tag", "Councils")
    run = cli("corpus", "list", "--tag", "COUNCILS", "--json")
    assert [item["article"] for item in run.document["items"]] == [note]
    nothing = cli("corpus", "list", "--tag", "nowhere")
    assert (nothing.code, nothing.out, nothing.err) == (0, "", "No article fits.\n")


def test_a_removed_article_is_not_found_any_more_and_can_still_be_shown(clipped: Clipped, cli: Cli) -> None:
    harbour = ids(cli)["Payroll clerks of the harbour"]
    removed = cli("corpus", "remove", harbour)
    assert removed.out == f"removed {harbour}\n"
    assert removed.err == "It comes back when its file or address is added again, also with its folder.\n"
    assert harbour not in ids(cli).values()
    assert harbour not in {hit["article"] for hit in hits(cli, "payroll clerks of the harbour")}
    assert "has left the corpus" in cli("corpus", "show", harbour).out
    failed(cli("corpus", "edit", harbour, "--tier", "1", "--json"), "not_found", 3)


def test_a_removed_article_comes_back_with_its_folder_as_was_said(home: Path, tmp_path: Path, cli: Cli) -> None:
    note = tmp_path / "own" / "note.md"
    note.parent.mkdir()
    note.write_text("Payroll clerks settle 11% more wages than the year before, the harbour says.", encoding="utf-8")
    add = ("corpus", "add", str(note.parent), "--without-bundled", "--json")
    [article] = cli(*add).document["added"]
    assert cli("corpus", "remove", article).code == 0
    assert ids(cli) == {}
    assert cli(*add).document["added"] == [article]


@pytest.mark.parametrize("command", [("show",), ("edit", "--tier", "1"), ("remove",)])
def test_an_unknown_article_is_not_found(command: tuple[str, ...], clipped: Clipped, cli: Cli) -> None:
    name, *options = command
    error = failed(cli("corpus", name, UNKNOWN_ID, *options, "--json"), "not_found", 3)
    assert UNKNOWN_ID in error["message"]


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ((), "Nothing to change was given."),
        (("--date", "soon"), "`--date` is 'soon'"),
        (("--publisher", " "), "cannot be edited: `publisher`"),
    ],
)
def test_a_wrong_edit_is_refused_and_changes_nothing(
    options: tuple[str, ...], wanted: str, clipped: Clipped, cli: Cli
) -> None:
    note = ids(cli)["Payroll software in three councils"]
    before = cli("corpus", "show", note).out
    assert wanted in failed(cli("corpus", "edit", note, *options, "--json"), "invalid_input", 3)["message"]
    assert cli("corpus", "show", note).out == before


def test_a_date_or_tier_narrows_a_search(clipped: Clipped, cli: Cli) -> None:
    assert [hit["tier"] for hit in hits(cli, "payroll clerks", "--tier", "2")] == [2]
    assert [hit["title"] for hit in hits(cli, "payroll clerks", "--since", "2026-06-01")] == ["Payroll letter, June"]
    failed(cli("corpus", "search", "payroll", "--since", "June", "--json"), "invalid_input", 3)


def test_a_sound_corpus_passes_the_check(clipped: Clipped, cli: Cli) -> None:
    assert cli("corpus", "check", "--json").document == {
        "ok": True,
        "articles": 12,
        "passages": 12,
        "segments": 1,
        "self_query": 1.0,
        "problems": [],
    }
    words = cli("corpus", "check")
    assert (words.code, words.err) == (0, "")
    assert words.out == (
        "12 articles, 12 passages, 1 index segment: store and index agree; 100.0% of a sample found by its own vector\n"
    )


def test_a_damaged_segment_misses_the_threshold_until_a_reindex_mends_it(clipped: Clipped, cli: Cli) -> None:
    segment = next((clipped.home / "index").glob("passages-*"))
    for file in sorted(segment.rglob("*.sqlite3")):
        file.write_bytes(b"nonsense" * 100)
    error = failed(cli("corpus", "check", "--json"), "threshold", 6)
    assert "corpus reindex" in error["hint"]
    words = cli("corpus", "check")
    assert (words.code, words.out) == (6, "")
    assert "wrong with the corpus" in words.err
    assert cli("corpus", "reindex", "--json").document == {"ok": True, "embedded": 0}
    assert cli("corpus", "check").code == 0


def test_coverage_counts_by_section_and_dimension(clipped: Clipped, cli: Cli) -> None:
    run = cli("corpus", "coverage", "Payroll Clerk", "--as-of", "2026-11-20", "--json")
    document = run.document
    assert (run.code, run.err, document["ok"], document["role"]) == (0, "", True, "Payroll Clerk")
    assert [group["name"] for group in document["groups"]] == [
        "tasks",
        "evidence.job_postings",
        "evidence.company_actions",
        "evidence.wages",
        "evidence.tool_maturity",
        "evidence.expert_consensus",
        "barriers",
        "growth",
    ]
    tasks = document["groups"][0]
    assert tasks == {
        "name": "tasks",
        "passages": 11,
        "speaking": 11,
        "sources": 5,
        "tiers": {"1": 0, "2": 1, "3": 0, "4": 10},
        "fresh": 5,
        "undated": 6,
        "newest": "2026-06-05",
        "missing": [],
    }
    assert (document["sources"], document["needed"], document["stops"]) == (5, 3, "")


def test_coverage_is_a_table_with_what_is_missing_below(clipped: Clipped, cli: Cli) -> None:
    lines = cli("corpus", "coverage", "Payroll Clerk", "--as-of", "2029-01-01").out.splitlines()
    assert lines[:2] == [
        "FOR               FOUND  ON IT  SOURCES  TIERS 1-4  FRESH  NO DATE  NEWEST",
        "tasks             11     11     5        0/1/0/10   0      6        2026-06-05",
    ]
    assert lines[9:12] == ["", "Missing:", "  tasks: anything dated within 24 months"]
    assert lines[-2:] == ["5 independent sources name the role; 3 are needed.", "An assessment can be begun."]


def test_coverage_of_a_role_that_nothing_speaks_of_says_why_no_assessment_would_be_begun(
    clipped: Clipped, cli: Cli
) -> None:
    run = cli("corpus", "coverage", "Zookeeper")
    assert run.code == 0
    assert "  wages: any passage that names the role\n" in run.out
    assert run.out.splitlines()[-1] == (
        "An assessment would not be begun: 0 independent sources in the corpus speak of Zookeeper or a named proxy; "
        "3 are needed."
    )
    assert cli("corpus", "coverage", "Zookeeper", "--alias", "payroll clerk", "--json").document["stops"] == ""
    by_proxy = cli(
        "corpus", "coverage", "Zookeeper", "--proxy", "payroll clerk", "--proxy", "keeper", "--json"
    ).document
    assert (by_proxy["stops"], by_proxy["proxies"]) == ("", ["payroll clerk", "keeper"])


def test_a_passage_that_copies_hold_too_is_shown_once_and_says_so(home: Path, tmp_path: Path, cli: Cli) -> None:
    text = " ".join(f"Payroll clerks of office {at} settle {at * 7} cases a week." for at in range(12))
    files = [tmp_path / f"{name}.txt" for name in ("one", "two", "three")]
    for file in files:
        file.write_text(text, encoding="utf-8")
    assert cli("corpus", "add", *map(str, files), "--without-bundled").code == 0
    [hit] = cli("corpus", "search", "payroll clerks", "--json").document["items"]
    assert len(hit["copies"]) == 2
    assert "tier 4 (assumed), also in 2 copies\n" in cli("corpus", "search", "payroll clerks").out


def test_coverage_of_a_recorded_role_says_in_one_line_what_it_rests_on(corpus_home: Path, cli: Cli) -> None:
    asked = ("corpus", "coverage", "data engineer", "--seniority", "mid-level")
    own, run = cli(*asked, "--json").document, cli(*asked, "--alias", "ETL developer of ours")
    counts = f"{len(own['aliases']) + 1} aliases, {len(own['proxies'])} proxies"
    assert run.err == f"As recorded for Data Engineer (Mid-level): {counts}; evidence as of {own['as_of']}.\n"
    other = cli("corpus", "coverage", "Data Engineer", "--seniority", "Principal", "--json").document
    assert (other["recorded"], other["aliases"]) == (False, [])


def test_the_help_of_coverage_explains_every_column(clipped: Clipped, cli: Cli) -> None:
    head = cli("corpus", "coverage", "Payroll Clerk").out.splitlines()[0]
    words = cli("corpus", "coverage", "--help").out
    for column in re.split(r"\s{2,}", head):
        assert re.search(rf"^\W*{column}\s{{2,}}\w", words, re.MULTILINE), column


@pytest.mark.parametrize(
    ("arguments", "code", "wanted"),
    [
        (("Payroll", "Clerk"), 2, 'assess-role corpus coverage "Payroll Clerk"'),
        (("Payroll Clerk", "--as-of", "soon"), 3, "soon"),
        (("?",), 3, "?"),
    ],
)
def test_wrong_arguments_of_coverage_are_named(
    arguments: tuple[str, ...], code: int, wanted: str, clipped: Clipped, cli: Cli
) -> None:
    run = cli("corpus", "coverage", *arguments)
    assert (run.code, run.out) == (code, "")
    assert wanted in run.err


def test_a_passage_of_a_former_version_is_shown_in_its_text(home: Path, tmp_path: Path, cli: Cli) -> None:
    note = tmp_path / "note.md"
    note.write_text("Payroll clerks settle 11% more wages than the year before, the harbour says.", encoding="utf-8")
    [article] = cli("corpus", "add", str(note), "--without-bundled", "--json").document["added"]
    [old] = cli("corpus", "show", article, "--json").document["passages"]
    note.write_text("Payroll clerks settle 12% more wages than the year before, the harbour says.", encoding="utf-8")
    assert cli("corpus", "add", str(note), "--json").document["updated"] == [article]
    shown = cli("corpus", "show", old["id"], "--json").document
    assert (shown["active"], shown["article_text"], shown["text"]) == (False, old["text"], old["text"])
    words = cli("corpus", "show", old["id"]).out
    assert "has left the search" in words and f">>> {old['text']} <<<" in " ".join(words.split())
    assert cli("corpus", "show", "p-000000000000").code == 3


def test_a_search_takes_a_year_or_a_month_as_a_day(clipped: Clipped, cli: Cli) -> None:
    wanted = ("2026", "2026-01", "2026-01-01")
    days = [cli("corpus", "search", "payroll", "--since", since, "--json").document["items"] for since in wanted]
    assert days[0] == days[1] == days[2]
    assert cli("corpus", "search", "payroll", "--since", "soon").code == 3
