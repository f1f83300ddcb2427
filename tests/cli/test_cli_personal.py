"""`personal`: a published score at a person's own shares, and every way in which these can be wrong."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from factories_cli import Cli, Run
from published_cli import Document, document_of, forge, overridden
from terminal_cli import Screen

from agent.schemas.assessment import Assessment
from agent.scoring import score
from agent.scoring.personal import personal_score, scaled_shares

SLUG = "release-engineer-senior"


@pytest.fixture
def tasks(page: Path) -> list[dict[str, Any]]:
    """The published tasks."""
    found = document_of(page)["assessment"]["inputs"]["tasks"]
    assert isinstance(found, list)
    return found


@pytest.fixture
def published(tasks: list[dict[str, Any]]) -> dict[str, int]:
    return {task["id"]: task["share"] for task in tasks}


def inputs_of(page: Path) -> Any:
    return Assessment.model_validate(document_of(page)["assessment"]).inputs.scored()


def refused(run: Run) -> dict[str, Any]:
    error = run.document["error"]
    assert (run.code, run.document["ok"], error["kind"]) == (3, False, "invalid_input"), run
    assert isinstance(error, dict)
    return error


def test_without_options_a_pipe_gets_the_published_view_and_how_to_change_it(page: Path, cli: Cli) -> None:
    run = cli("personal", SLUG)
    assert run.code == 0
    first, second = run.out.splitlines()[:2]
    assert first == (
        "Your view of Release Engineer (Senior) at the published shares, not an assessment: 35.6 of 100, "
        "YELLOW (Urgent)"
    )
    assert second == "It is the same as the published score 35.6."
    assert "--share ID=PERCENT" in run.err
    assert "--without ID" in run.err


@pytest.mark.parametrize("role", [SLUG, "Release Engineer", "release engineer (senior)"])
def test_slug_title_and_id_name_the_same_page(role: str, page: Path, cli: Cli) -> None:
    run = cli("personal", role, "--json")
    assert (run.code, run.document["revision"]) == (0, document_of(page)["revision"])
    assert cli("personal", document_of(page)["record"]["assessment"], "--json").document == run.document


def test_a_path_will_do_and_needs_no_home(page: Path, cli: Cli, home: Path) -> None:
    inside = cli("personal", SLUG, "--json").document
    shutil.rmtree(home)
    assert cli("personal", str(page), "--json").document == inside
    assert cli("personal", str(page.parent), "--json").document == inside
    assert not home.exists()


def test_shares_are_computed_by_the_formula(
    page: Path, published: dict[str, int], tasks: list[dict[str, Any]], cli: Cli
) -> None:
    first, second, *rest = published
    own = {first: 70, second: 30, **dict.fromkeys(rest, 0)}
    options = [word for name in (first, second) for word in ("--share", f"{name}={own[name]}")]
    options += [word for name in rest for word in ("--without", name)]
    document = cli("personal", SLUG, *options, "--json").document
    result = personal_score(inputs_of(page), own)
    wanted = result.model_dump(mode="json", by_alias=True)
    for name in ("score", "unrounded", "zone", "label", "label_reason", "distance", "robustness", "task_resistance"):
        assert document[name] == wanted[name]
    official = score(inputs_of(page))
    assert document["difference"] == round(result.score - official.score, 1)
    names = ("score", "formula_score", "zone", "label")
    assert document["published"] == {name: getattr(official, name) for name in names}
    assert {task["id"]: task["share"] for task in document["tasks"]} == own
    assert {task["id"]: task["published"] for task in document["tasks"]} == published
    assert (document["ok"], document["view"]) == (True, "personal")
    assert "not an assessment" in document["notes"][0]
    assert len(document["notes"]) == 1


def test_ticks_are_scaled_and_said_to_be(page: Path, published: dict[str, int], cli: Cli) -> None:
    gone = next(iter(published))
    document = cli("personal", SLUG, "--without", gone, "--json").document
    assert {task["id"]: task["share"] for task in document["tasks"]} == scaled_shares(published, [gone])
    assert any("scaled to 100 by largest remainder" in note for note in document["notes"])
    assert "scaled to 100 by largest remainder" in cli("personal", SLUG, "--without", gone).out


def test_an_override_does_not_carry_over_and_is_said_not_to(page: Path, cli: Cli) -> None:
    forge(page, overridden(None, 4.0))
    document = cli("personal", str(page), "--json").document
    assert (document["score"], document["published"]["score"], document["difference"]) == (35.6, 39.6, -4.0)
    assert document["difference_to_formula"] == 0.0
    assert any("does not carry over" in note and "39.6" in note and "35.6" in note for note in document["notes"])
    out = cli("personal", str(page)).out
    assert "It is 4.0 points below the published score 39.6, the same as the formula score 35.6." in out


def test_what_was_saved_can_be_read_again_and_shared_as_a_link(
    page: Path, published: dict[str, int], tmp_path: Path, cli: Cli
) -> None:
    gone, file = next(iter(published)), tmp_path / "mine.json"
    saved = cli("personal", SLUG, "--without", gone, "--save", str(file), "--json").document
    assert json.loads(file.read_text(encoding="utf-8")) == {
        "format": "assess-role/personal/1",
        "role": "Release Engineer",
        "revision": document_of(page)["revision"],
        "shares": scaled_shares(published, [gone]),
    }
    assert cli("personal", SLUG, "--file", str(file), "--json").document == saved
    assert cli("personal", SLUG, "--fragment", saved["fragment"], "--json").document == saved
    link = f"https://example.org/index.html{saved['fragment']}"
    assert cli("personal", SLUG, "--fragment", link, "--json").document == saved


def test_a_file_by_hand_may_be_yaml(page: Path, published: dict[str, int], tmp_path: Path, cli: Cli) -> None:
    first, second = list(published)[:2]
    file = tmp_path / "mine.yaml"
    file.write_text(f"# mine\nshares: {{{first}: 60, {second}: 40}}\n", encoding="utf-8")
    document = cli("personal", SLUG, "--file", str(file), "--json").document
    assert [task["share"] for task in document["tasks"]][:3] == [60, 40, 0]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("shares: {t1: 60, t2: 30}", "shares: they sum to 90, 10 too few, expected exactly 100"),
        ("shares: {t1: 60, t99: 40}", "shares: found 't99', expected ids of tasks of this assessment: t1"),
        ("shares: {t1: 60.5, t2: 39.5}", "shares.t1: found 60.5, expected a whole number, 0 to 100"),
        ("shares: {t1: 110, t2: -10}", "shares.t2: found -10, expected 0 to 100"),
        ("without: [t1, t1]", "without: found 't1' 2 times, expected it once"),
        ("revision: sha256:0\nshares: {t1: 100}", "revision: found 'sha256:0', expected that of this assessment"),
        ("hello", "the file: found 'hello', expected a mapping with shares or without"),
    ],
)
def test_a_file_that_breaks_a_rule_is_a_clear_error(
    text: str, problem: str, page: Path, tmp_path: Path, cli: Cli
) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    error = refused(cli("personal", SLUG, "--file", str(file), "--json"))
    assert any(found.startswith(problem) for found in error["problems"]), error
    words = cli("personal", SLUG, "--file", str(file))
    assert (words.code, words.out) == (3, "")
    assert problem in words.err


@pytest.mark.parametrize("text", ["shares: {t1: 60, t1: 40}", "shares: ["])
def test_a_file_that_is_no_yaml_or_names_a_task_twice_is_refused(
    text: str, page: Path, tmp_path: Path, cli: Cli
) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    message = refused(cli("personal", SLUG, "--file", str(file), "--json"))["message"]
    assert "is neither YAML nor JSON" in message
    assert ("'t1' stands twice" in message) == ("t1" in text)


def test_several_ways_at_once_are_a_usage_error(page: Path, tmp_path: Path, cli: Cli) -> None:
    run = cli("personal", SLUG, "--without", "t1", "--fragment", "#t=t1:100&v=1&r=0", "--json")
    assert (run.code, run.document["error"]["kind"]) == (2, "usage")
    assert "--fragment and --share or --without" in run.document["error"]["message"]


def test_nothing_is_saved_when_the_shares_are_refused(page: Path, tmp_path: Path, cli: Cli) -> None:
    file = tmp_path / "mine.json"
    refused(cli("personal", SLUG, "--share", "t1=99", "--save", str(file), "--json"))
    assert not file.exists()


def test_a_role_that_is_not_published_and_a_file_that_is_not_there_are_not_found(page: Path, cli: Cli) -> None:
    for role in ("Pilot", "nowhere/assessment.json"):
        run = cli("personal", role, "--json")
        assert (run.code, run.document["error"]["kind"]) == (3, "not_found")


def test_a_version_that_is_not_there_is_named_and_goes_with_no_file(page: Path, cli: Cli) -> None:
    assert cli("personal", SLUG, "--version", "1", "--json").document["version"] == 1
    run = cli("personal", SLUG, "--version", "2", "--json")
    assert run.document["error"]["message"] == "Release Engineer (Senior) has no published version '2'; published: 1."
    assert "--version" in refused(cli("personal", str(page), "--version", "1", "--json"))["message"]


def test_changed_content_and_another_policy_are_refused(page: Path, cli: Cli) -> None:
    def other(content: Document) -> None:
        content["provenance"]["policy"] = content["result"]["policy"] = "aijri-0.9.0"

    whole = page.read_text(encoding="utf-8")
    page.write_text(whole.replace('"score": 35.6', '"score": 36.6', 1), encoding="utf-8")
    assert "is not what was published" in refused(cli("personal", str(page), "--json"))["message"]
    page.write_text(whole, encoding="utf-8")
    forge(page, other)
    error = refused(cli("personal", str(page), "--json"))
    assert "policy aijri-0.9.0" in error["message"]
    assert "index.html" in error["hint"]


def test_a_terminal_asks_for_each_task_with_the_published_share_as_default(
    page: Path, published: dict[str, int]
) -> None:
    first, second, *rest = published
    with Screen(["personal", SLUG]) as screen:
        screen.until(f"[{published[first]}]:")
        screen.type("x")
        screen.until("expected a whole percent, 0 to 100")
        screen.until(f"[{published[first]}]:")
        screen.type(str(published[first] + 5))
        for name in (second, *rest):
            screen.until(f"[{published[name]}]:")
            screen.type("")
        screen.until("they sum to 105, 5 too many")
        screen.until(f"[{published[first] + 5}]:")
        screen.type("")
        screen.until(f"[{published[second]}]:")
        screen.type(str(published[second] - 5))
        for name in rest:
            screen.until(f"[{published[name]}]:")
            screen.type("")
        screen.until("not an assessment")
        assert screen.end() == 0
        assert "On the page: index.html#t=" in screen.text
