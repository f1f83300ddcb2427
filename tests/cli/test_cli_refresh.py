"""`refresh`: what is due and why, in words and as JSON, and every way in which nothing is begun."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from endpoint_cli import Endpoint
from factories_cli import Cli, Run
from factories_publications import a_content, publish
from terminal_cli import Screen, run_process

from agent.cli.output import Terminal
from agent.cli.refreshing import show_checked
from agent.cli.views import refresh_lines, summary_lines
from agent.schemas.refresh import Due, RefreshReason
from agent.schemas.vocabulary import Section
from agent.store.publications import PublicationRow
from agent.workflow.refreshing import Checked
from agent.workflow.standing import Standing

SLUG = "release-engineer-senior"
ITEM = {
    *("role", "seniority", "slug", "version", "revision", "score", "label", "as_of", "due", "sections", "reasons"),
    *("running", "unreadable", "standing", "started"),
}
REFRESH = {"version", "revision", "score", "sections", "reasons", "changes"}


@pytest.fixture
def due(page: Path, cli: Cli) -> str:
    """A home whose published page cites an article that has left the corpus; the article's title."""
    (source, *_) = json.loads(page.read_bytes())["assessment"]["sources"]
    assert cli("corpus", "remove", source["article"]).code == 0
    return str(source["meta"]["title"])


def items(run: Run) -> list[dict[str, object]]:
    found = run.document["items"]
    assert isinstance(found, list) and all(set(item) == ITEM for item in found)
    return found


def waiting(cli: Cli) -> list[object]:
    return list(cli("queue", "--json").document["items"])


# dry runs


def test_a_version_that_nothing_speaks_against_is_not_due(page: Path, cli: Cli) -> None:
    run = cli("refresh", "--dry-run")
    first, second = run.out.splitlines()
    assert run.code == 0
    assert first.startswith("Release Engineer (Senior) v1: 35.6 of 100, YELLOW (Urgent), evidence as of ")
    assert second == "  nothing is due"
    # Without a model too: there is nothing to ask one.
    assert cli("refresh").out == run.out and cli("refresh", SLUG).code == 0


def test_a_dry_run_says_what_is_due_and_why_and_begins_nothing(due: str, cli: Cli, endpoint: Endpoint) -> None:
    run = cli("refresh", SLUG, "--dry-run")
    assert run.code == 0
    reasons = [line for line in run.out.splitlines() if line.startswith("  superseded  evidence: ")]
    assert len(reasons) == 1 and due in reasons[0] and "has left the corpus (" in reasons[0]
    assert ": evidence." in reasons[0]
    assert (endpoint.asked, waiting(cli)) == ([], [])


def test_a_dry_run_is_one_json_document(due: str, cli: Cli) -> None:
    run = cli("refresh", "--dry-run", "--json")
    (item,) = items(run)
    assert (run.code, run.err, run.document["ok"]) == (0, "", True)
    assert (item["slug"], item["version"], item["due"], item["running"], item["started"]) == (SLUG, 1, True, None, None)
    reasons = item["reasons"]
    assert isinstance(reasons, list) and {reason["kind"] for reason in reasons} == {"superseded"}
    assert all(set(reason) == {"kind", "section", "places", "message", "passages"} for reason in reasons)
    assert all(due in reason["message"] for reason in reasons)
    assert item["sections"] == list(dict.fromkeys(reason["section"] for reason in reasons))


def test_sections_that_are_asked_for_are_due(page: Path, cli: Cli) -> None:
    run = cli("refresh", SLUG, "--section", "growth", "--section", "tasks", "--dry-run", "--json")
    (item,) = items(run)
    assert item["sections"] == ["tasks", "growth"]
    text = cli("refresh", SLUG, "--section", "growth", "--dry-run").out
    assert text.splitlines()[1] == "  asked  growth: a person asked for it"


# without a model


def test_without_a_model_what_is_due_is_said_and_nothing_is_begun(due: str, cli: Cli) -> None:
    run = cli("refresh", SLUG)
    assert run.code == 4
    assert due in run.out and "superseded" in run.out
    assert run.err.startswith("error: 1 published role is due, and no model is connected.\nhint: ")
    assert "assess-role refresh ROLE --by-hand" in run.err
    assert waiting(cli) == []


def test_without_a_model_the_list_stands_beside_the_error(due: str, cli: Cli) -> None:
    run = cli("refresh", "--json")
    (item,) = items(run)
    assert (run.code, run.document["ok"], run.document["error"]["kind"]) == (4, False, "needs_model")
    assert (item["due"], item["started"]) == (True, None)


def test_by_hand_it_is_begun_without_a_model(due: str, cli: Cli) -> None:
    run = cli("refresh", SLUG, "--by-hand", "--json")
    (item,) = items(run)
    started = item["started"]
    assert isinstance(started, dict)
    assert (run.code, started["status"], started["gate"]) == (0, "waiting", "inputs")
    assert set(started["refresh"]) == REFRESH


# with one


def test_a_refresh_is_begun_shown_and_refused_a_second_time(due: str, cli: Cli, endpoint: Endpoint) -> None:
    run = cli("refresh", SLUG)
    assert run.code == 0, run
    assert set(endpoint.schemas) <= {"EvidenceAnswer", "TasksAnswer", "GrowthAnswer"}
    assert "refreshes version 1, 35.6 of 100" in run.out
    (name,) = (item["id"] for item in waiting(cli))  # type: ignore[index]
    assert f"assess-role review {name}" in run.err

    shown = cli("show", name)
    lines = shown.out.splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("Refresh of version 1: score 35.6 to "))
    assert lines[at + 1] == "Due:" and due in lines[at + 2]
    assert "Changed since:" in lines[at:]
    document = cli("show", name, "--json").document
    assert set(document["refresh"]) == REFRESH and document["refresh"]["version"] == 1

    again = cli("refresh", SLUG, "--json")
    assert (again.code, again.document["error"]["kind"]) == (3, "conflict")
    assert name in again.document["error"]["message"]
    listed = cli("refresh", "--dry-run")
    assert listed.code == 0 and f"  being refreshed: {name}" in listed.out
    (everything,) = items(cli("refresh", "--json"))
    assert (everything["running"], everything["started"]) == (name, None)
    assert len(waiting(cli)) == 1


def test_what_is_being_refreshed_needs_no_model(due: str, cli: Cli) -> None:
    assert cli("refresh", SLUG, "--by-hand").code == 0
    run = cli("refresh", "--json")
    (item,) = items(run)
    assert (run.code, run.document["ok"], item["due"]) == (0, True, True)
    assert item["running"]
    named = cli("refresh", SLUG)
    assert named.code == 3 and "is being refreshed already" in named.err


def test_a_refresh_that_stops_has_its_exit_code_and_is_carried_on(due: str, cli: Cli, endpoint: Endpoint) -> None:
    endpoint.status = 400
    run = cli("refresh", "--json")
    (item,) = items(run)
    started = item["started"]
    assert isinstance(started, dict)
    assert (run.code, run.document["ok"], started["status"]) == (5, False, "failed")
    shown = cli("show", started["id"]).out
    assert "Due:" in shown and "Changed since" not in shown and "not scorable" not in shown
    endpoint.status = 200
    assert cli("resume", started["id"], "--json").document["status"] == "waiting"


# what cannot be refreshed


@pytest.mark.parametrize(
    "arguments", [("--section", "evidence"), (SLUG, "--section", "frame"), (SLUG, "--section", "x")]
)
def test_a_section_takes_a_role_and_is_one_that_can_be_drafted_again(
    arguments: tuple[str, ...], cli: Cli, home: Path
) -> None:
    run = cli("refresh", *arguments)
    assert (run.code, run.out) == (2, "")
    assert "section" in run.err or "frame" in run.err
    assert not home.exists()
    document = cli("refresh", *arguments, "--json").document
    assert document["error"]["kind"] == "usage"


def test_nothing_published_is_nothing_due(corpus_home: Path, cli: Cli) -> None:
    run = cli("refresh")
    assert (run.code, run.out, run.err) == (0, "", "Nothing is published yet.\n")
    assert cli("refresh", "--json").document == {"ok": True, "items": []}
    named = cli("refresh", SLUG)
    assert (named.code, named.err.splitlines()[-1]) == (3, "hint: `assess-role ROLE` begins one.")


def test_an_unknown_role_is_not_found_and_the_published_ones_are_named(page: Path, cli: Cli) -> None:
    run = cli("refresh", "Sailor", "--json")
    assert (run.code, run.document["error"]["kind"]) == (3, "not_found")
    assert "Release Engineer (Senior) v1" in run.document["error"]["message"]
    # A file lies outside the registry: it can be compared, and not refreshed.
    assert run.document["error"]["hint"] == "`assess-role published` lists what is."
    assert cli("refresh", str(page)).code == 3


@pytest.fixture
def registry(corpus_home: Path) -> Path:
    """A home with two versions of one role and one of another."""
    for content in (a_content(), a_content(growth=1), a_content("Data Engineer")):
        publish(corpus_home, content)
    return corpus_home


def test_an_older_version_is_refused_and_the_newest_one_named(registry: Path, cli: Cli) -> None:
    run = cli("refresh", f"{SLUG}@1")
    assert run.code == 3
    assert run.err.startswith("error: Release Engineer (Senior) v1 is not the newest version, which is v2.\nhint: ")
    assert f"assess-role refresh {SLUG}" in run.err
    assert cli("refresh", f"{SLUG}@2").code == 0


def test_only_the_newest_version_of_each_role_is_checked(registry: Path, cli: Cli) -> None:
    found = items(cli("refresh", "--json"))
    assert [(item["slug"], item["version"]) for item in found] == [("data-engineer-senior", 1), (SLUG, 2)]


@pytest.mark.parametrize("text", [None, "", "{}", "no JSON", '{"format": "assess-role/published/9"}'])
def test_a_file_that_is_gone_or_damaged_is_named_and_the_others_are_checked(
    registry: Path, cli: Cli, text: str | None
) -> None:
    file = registry / "published" / SLUG / "v2" / "assessment.json"
    file.unlink()
    if text is not None:
        file.write_text(text, encoding="utf-8")
    run = cli("refresh", "--dry-run", "--json")
    good, bad = items(run)
    assert (run.code, run.document["ok"], run.document["error"]["kind"]) == (3, False, "invalid_input")
    assert (good["unreadable"], good["as_of"], bad["due"], bad["as_of"]) == (None, "2026-11-20", False, None)
    assert str(bad["unreadable"]).startswith(("Release Engineer (Senior) v2 cannot be read", "The files of Release"))
    assert run.document["error"]["problems"] == [f"{SLUG} v2: {bad['unreadable']}"]
    plain = cli("refresh")
    assert plain.code == 3
    assert "Release Engineer (Senior) v2: not checked" in plain.out and str(bad["unreadable"]) in plain.out
    assert plain.err.startswith("error: 1 publication could not be checked.\nhint: ")


def test_a_file_of_another_revision_is_not_what_was_published(registry: Path, cli: Cli) -> None:
    folder = registry / "published" / SLUG
    shutil.copy(folder / "v1" / "assessment.json", folder / "v2" / "assessment.json")
    run = cli("refresh", SLUG, "--section", "growth", "--by-hand")
    assert run.code == 3 and "its file holds revision sha256:" in run.out
    assert waiting(cli) == []


# pipes and terminals


def test_a_pipe_gets_whole_lines_without_colours_or_control_characters(due: str) -> None:
    for more in ({}, {"NO_COLOR": "1"}):
        run = run_process("refresh", SLUG, "--dry-run", **more)
        assert run.returncode == 0 and "\x1b" not in run.stdout + run.stderr
        (line,) = [line for line in run.stdout.splitlines() if line.startswith("  superseded  evidence")]
        assert len(line) > 80 and run.stderr == ""


def test_a_terminal_gets_wrapped_lines_and_the_progress(due: str) -> None:
    with Screen(("refresh", SLUG, "--dry-run"), columns=80) as screen:
        assert screen.end() == 0
    assert "checking 1 published role" in screen.words and due in screen.words
    assert [line for line in screen.text.splitlines() if len(line.rstrip()) > 80] == []


def test_quiet_leaves_the_result_alone(due: str, cli: Cli) -> None:
    loud, quiet = cli("refresh", "--dry-run"), cli("refresh", "--dry-run", "--quiet")
    assert (quiet.out, quiet.err) == (loud.out, "")


# lines of a refresh


def a_document(**changes: object) -> dict[str, object]:
    refresh = {"version": 2, "score": 47.5, "reasons": ["evidence: old (stale)"], "changes": ["growth: 0 to 1"]}
    return {
        **{"role": "Data Engineer", "seniority": "Senior", "id": "d-1", "status": "waiting", "gate": "inputs"},
        **{"reason": None, "findings": {"block": 0, "review": 0}, "published": None, "label": "GREEN (Stable)"},
        **{"revision": "sha256:1", "score": 50.0, "refresh": refresh},
        **changes,
    }


def test_the_lines_of_a_refresh_name_reasons_changes_and_both_scores() -> None:
    assert refresh_lines(a_document()) == [
        "",
        "Refresh of version 2: score 47.5 to 50.0",
        "Due:",
        "  evidence: old (stale)",
        "Changed since:",
        "  growth: 0 to 1",
    ]
    assert "refreshes version 2, 47.5 of 100" in summary_lines(a_document())
    assert refresh_lines(a_document(refresh=None)) == []
    unchanged = {"version": 2, "score": 47.5, "reasons": [], "changes": []}
    assert refresh_lines(a_document(refresh=unchanged))[-1] == "  nothing but the day of the evidence"
    assert refresh_lines(a_document(score=None))[1] == "Refresh of version 2: score 47.5 to not scorable"


@pytest.mark.parametrize("changes", [{"status": "failed", "revision": None}, {"status": "abstained"}])
def test_where_nothing_is_drafted_yet_nothing_is_said_to_have_changed_or_stayed(changes: dict[str, object]) -> None:
    assert refresh_lines(a_document(score=None, **changes)) == [
        "",
        "Refresh of version 2, 47.5 of 100",
        "Due:",
        "  evidence: old (stale)",
    ]


# what a person left


def test_what_a_person_left_is_printed_in_a_line_and_nothing_is_due(capsys: pytest.CaptureFixture[str]) -> None:
    message = "“On pay” (Office of pay, 2026-03-01) has “less”; against the claim: it is the opposite."
    reason = RefreshReason(
        kind=Due.CONTRADICTED, section=Section.EVIDENCE, places=("evidence.wages.claims.0",), message=message
    )
    left = Standing(reason, version=2, decided_by="Ada\x1b Marsh", decided_at="2026-03-10T09:00:00Z")
    row = PublicationRow(
        assessment="release-engineer-1",
        revision="sha256:0",
        slug=SLUG,
        version=2,
        role="Release Engineer",
        seniority="Senior",
        score=35.6,
        zone="yellow",
        label="YELLOW (Urgent)",
        status="done",
        path="published",
        published_at="2026-03-10T09:00:00Z",
    )
    show_checked(Terminal(), [Checked(row, "2026-03-10", (), standing=(left,))])
    assert capsys.readouterr().out.splitlines() == [
        "Release Engineer (Senior) v2: 35.6 of 100, YELLOW (Urgent), evidence as of 2026-03-10",
        "  nothing is due",
        f"  stands  contradicted  evidence: {message} (1 place: evidence.wages.claims.0); left so in v2 by Ada Marsh "
        "on 2026-03-10",
    ]
