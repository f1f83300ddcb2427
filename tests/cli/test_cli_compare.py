"""`compare`: what is published is compared and ranked, a mapping is confirmed by a person, and bad input is refused."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from factories_cli import Cli, Run
from factories_publications import a_content, a_file, publish
from terminal_cli import Screen, run_process

from agent.schemas.draft import Inputs

SUGGESTED = "suggested mapping, not confirmed"
LOW = a_content(
    "Data Engineer",
    seniority="Mid-level",
    function="Builds and maintains pipelines that move and shape data",
    tasks=(
        ("Building ingestion and loading jobs", 30, 4),
        ("Testing and assuring data quality", 20, 4),
        ("Applying privacy and access rules", 20, 3),
        ("Clarifying requirements with users", 20, 2),
        ("Writing the weekly newsletter", 10, 4),
    ),
)
HIGH = a_content(
    "ML Platform Engineer",
    seniority="Senior",
    function="Builds and runs the platform on which models are trained and served",
    tasks=(
        ("Building data ingestion pipelines", 20, 3),
        ("Testing data quality", 20, 3),
        ("Privacy and access governance", 20, 2),
        ("Negotiating with suppliers of chips", 30, 1),
        ("Clarifying user requirements", 10, 2),
    ),
)
A, B = "Data Engineer", "ml-platform-engineer-senior"
BY = ("--reviewer", "Ada Marsh")


@pytest.fixture
def two(home: Path) -> Path:
    """A home in which two roles are published."""
    publish(home, LOW)
    publish(home, HIGH)
    return home


def an_error(run: Run, kind: str, code: int = 3) -> dict[str, str]:
    assert (run.code, run.err, run.document["error"]["kind"]) == (code, "", kind), run
    error = run.document["error"]
    assert isinstance(error, dict)
    return error


def pairs_of(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [(pair["from"], pair["to"]) for pair in document["mapping"]["pairs"]]


def test_two_roles_are_compared_by_the_bundled_model(two: Path, cli: Cli) -> None:
    document = cli("compare", A, B, "--json").document
    assert set(document) == {
        *("ok", "from", "to", "change_of_version", "direction", "differences", "mapping"),
        *("kept_share", "kept", "lost", "gained", "sentences"),
    }
    assert (document["ok"], document["direction"], document["change_of_version"]) == (True, "up", False)
    assert pairs_of(document) == [("t1", "t1"), ("t2", "t2"), ("t3", "t3"), ("t4", "t5")]
    assert document["kept_share"] == 20 + 20 + 20 + 10
    assert [task["name"] for task in document["lost"]] == ["Writing the weekly newsletter"]
    assert [task["name"] for task in document["gained"]] == ["Negotiating with suppliers of chips"]
    mapping = document["mapping"]
    assert (mapping["status"], mapping["reviewer"], mapping["confirmed_at"]) == ("suggested", None, None)
    assert mapping["embedding"].startswith("all-MiniLM-L6-v2")
    assert all(pair["similarity"] >= mapping["threshold"] for pair in mapping["pairs"])
    pair = {name: document[name] for name in ("from", "to")}
    assert [(role["slug"], role["version"], role["registered"]) for role in pair.values()] == [
        ("data-engineer-mid-level", 1, True),
        (B, 1, True),
    ]


def test_the_result_stands_first_and_a_suggestion_says_so_wherever_it_shows(two: Path, cli: Cli) -> None:
    run = cli("compare", A, B)
    assert run.code == 0
    lines = run.out.splitlines()
    assert lines[0].startswith("ML Platform Engineer (Senior) v1 scores ")
    assert "points higher than Data Engineer (Mid-level) v1" in lines[0]
    for title in ("Tasks kept, 70% of the time", "Tasks lost", "Tasks gained"):
        assert [SUGGESTED in line for line in lines if line.startswith(title)] == [True]
    assert "--confirm FILE --reviewer NAME" in run.err
    assert [line for line in lines if line != line.rstrip()] == []


def test_a_downward_move_offers_nothing_and_says_that_it_is_lower(two: Path, cli: Cli) -> None:
    run = cli("compare", B, A)
    assert "points lower than ML Platform Engineer (Senior) v1" in run.out
    assert not any(word in run.out for word in ("higher", "safer", "gain "))
    assert cli("compare", B).out == (
        "Nothing fits: of 1 other published role, none scores higher than ML Platform Engineer (Senior) v1 "
        f"({HIGH.result.score if HIGH.result else 0}).\n"
    )


def test_a_role_alone_is_told_where_to_look_next(two: Path, cli: Cli) -> None:
    run = cli("compare", A)
    assert run.out.startswith("1 of 1 other published role scores higher than Data Engineer (Mid-level) v1")
    assert "shares 70% of the working time of Data Engineer (Mid-level) v1, most of it “" in run.out
    assert SUGGESTED in run.out
    assert f"Next: assess-role compare data-engineer-mid-level@1 {B}@1" in run.err
    document = cli("compare", A, "--json").document
    assert set(document) == {"ok", "from", "items", "sentence", "left_out"}
    [item] = document["items"]
    assert set(item) == {"to", "shared", "gain", "reason", "transition"}
    assert (item["to"]["slug"], item["to"]["version"], item["shared"]) == (B, 1, 70)
    assert item["transition"]["mapping"]["status"] == "suggested"


def test_a_registry_of_one_role_has_nowhere_to_look(home: Path, cli: Cli) -> None:
    publish(home, LOW)
    run = cli("compare", A)
    assert (run.code, run.out) == (0, "Nowhere to look: no role but Data Engineer (Mid-level) v1 is published.\n")


# a mapping that a person confirms


def confirmed(cli: Cli, folder: Path, change: Callable[[dict[str, Any]], None], *, by: tuple[str, ...] = BY) -> Run:
    document = cli("compare", A, B, "--json").document
    change(document)
    file = folder / "mapping.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    return cli("compare", A, B, "--confirm", str(file), *by, "--json")


def drop_last(document: dict[str, Any]) -> None:
    document["mapping"]["pairs"].pop()


def test_a_script_confirms_a_mapping_which_is_used_from_then_on(two: Path, cli: Cli, tmp_path: Path) -> None:
    document = confirmed(cli, tmp_path, drop_last).document
    assert (document["mapping"]["status"], document["kept_share"]) == ("confirmed", 60)
    again = cli("compare", A, B, "--json").document
    assert again == document
    back = cli("compare", B, A, "--json").document
    assert (back["mapping"]["status"], back["kept_share"], pairs_of(back)) == (
        "confirmed",
        60,
        [(two_, one) for one, two_ in pairs_of(document)],
    )
    shown = cli("compare", A, B)
    assert (SUGGESTED in shown.out, shown.err) == (False, "")
    assert "Tasks kept, 60% of the time (mapping confirmed by Ada Marsh)" in shown.out
    assert "(mapping confirmed by Ada Marsh)" in cli("compare", A).out
    with sqlite3.connect(two / "store.sqlite") as store:
        found = store.execute("SELECT actor, assessment FROM audit WHERE event = 'task mapping confirmed'").fetchall()
    assert sorted(found) == [("Ada Marsh", "data-engineer-mid-level-00000001"), ("Ada Marsh", f"{B}-00000001")]


def test_a_confirmed_mapping_carries_over_to_a_version_with_the_same_tasks_and_says_of_which_it_was(
    two: Path, cli: Cli, tmp_path: Path
) -> None:
    before = confirmed(cli, tmp_path, drop_last).document["mapping"]
    publish(two, HIGH.model_copy(update={"as_of": "2026-11-27"}))
    document = cli("compare", A, B, "--json").document
    mapping = document["mapping"]
    assert (document["to"]["version"], document["kept_share"]) == (2, 60)
    assert {**mapping, "status": "confirmed", "versions": None, "carried_to": None} == before
    assert (mapping["status"], mapping["versions"]) == ("carried", {"from": 1, "to": 1})
    assert mapping["carried_to"] == {name: document[name]["revision"] for name in ("from", "to")}
    words = f"(mapping confirmed by Ada Marsh on {before['confirmed_at'][:10]} for v1 and v1, carried over)"
    shown = cli("compare", A, B)
    assert shown.out.count(words) == 6
    assert (SUGGESTED in shown.out, shown.err) == (False, "")
    assert words in cli("compare", A).out
    again = confirmed(cli, tmp_path, lambda _: None).document["mapping"]
    assert (again["status"], again["to"]) == ("confirmed", document["to"]["revision"])
    publish(two, HIGH.model_copy(update={"inputs": _renamed(HIGH.inputs)}))
    assert cli("compare", A, B, "--json").document["mapping"]["status"] == "suggested"


def _renamed(inputs: Inputs) -> Inputs:
    first, *others = inputs.tasks
    return inputs.model_copy(update={"tasks": (first.model_copy(update={"name": f"{first.name} daily"}), *others)})


def test_a_confirmed_mapping_needs_no_embedding_model(
    two: Path, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert confirmed(cli, tmp_path, drop_last).code == 0

    def refuse(*_: object) -> None:
        raise AssertionError("embedded")

    monkeypatch.setattr("agent.evidence.queries.QueryEmbedder.embed", refuse)
    assert cli("compare", A, B).code == 0


def unknown_task(document: dict[str, Any]) -> None:
    document["mapping"]["pairs"][0]["to"] = "t77"


def other_revision(document: dict[str, Any]) -> None:
    document["mapping"]["to"] = "sha256:" + "0" * 64


@pytest.mark.parametrize(
    ("change", "by", "kind", "said"),
    [
        (unknown_task, BY, "invalid_input", "has no task 't77'"),
        (other_revision, BY, "conflict", "compared are sha256:"),
        (lambda document: document["mapping"].pop("pairs"), BY, "invalid_input", "pairs: missing"),
        (drop_last, ("--reviewer", " \n"), "invalid_input", "is not a name"),
    ],
)
def test_a_mapping_that_breaks_a_rule_is_refused_and_nothing_is_kept(
    change: Callable[[dict[str, Any]], None],
    by: tuple[str, ...],
    kind: str,
    said: str,
    two: Path,
    cli: Cli,
    tmp_path: Path,
) -> None:
    assert said in an_error(confirmed(cli, tmp_path, change, by=by), kind)["message"]
    assert cli("compare", A, B, "--json").document["mapping"]["status"] == "suggested"


@pytest.mark.parametrize("arguments", [(A, B, "--confirm", "m.json"), (A, "--confirm", "m.json", *BY)])
def test_confirming_needs_two_roles_and_a_name(arguments: tuple[str, ...], two: Path, cli: Cli) -> None:
    assert (
        "--confirm needs A, B and --reviewer" in an_error(cli("compare", *arguments, "--json"), "usage", 2)["message"]
    )


def test_a_person_is_asked_about_each_pair_and_may_name_another_task(two: Path, cli: Cli) -> None:
    with Screen(["compare", A, B, *BY], columns=80) as screen:
        before = screen.until("confirm the mapping? [y/N]")
        assert "points higher than" in before
        assert [line for line in screen.text.splitlines() if len(line) > 80] == []
        screen.type("y")
        assert "Building ingestion" in screen.until("> ")
        screen.type("y")
        screen.until("> ")
        screen.type("x")
        assert "No such key 'x'" in screen.until("> ")
        screen.type("n")
        screen.until("> ")
        screen.type("o")
        screen.until("(empty: back)")
        screen.type("t1")
        screen.until("There is no free task 't1'")
        screen.until("(empty: back)")
        screen.type("t4")
        screen.until("> ")
        screen.type("y")
        assert "no task is suggested" in screen.until("> ")
        screen.type("n")
        screen.until("confirmed by Ada Marsh? [Y/n]")
        screen.type("")
        assert screen.end() == 0
        assert "(mapping confirmed by Ada Marsh)" in screen.words
    document = cli("compare", A, B, "--json").document
    assert pairs_of(document) == [("t1", "t1"), ("t3", "t4"), ("t4", "t5")]
    assert (document["mapping"]["channel"], document["mapping"]["reviewer"]) == ("terminal", "Ada Marsh")


@pytest.mark.parametrize("typed", ["", "y"])
def test_who_leaves_the_questions_confirms_nothing(typed: str, two: Path, cli: Cli) -> None:
    with Screen(["compare", A, B]) as screen:
        screen.until("confirm the mapping? [y/N]")
        screen.type(typed)
        if typed:
            screen.until("> ")
            screen.interrupt(until="Nothing was decided")
        assert screen.end() == (130 if typed else 0)
    assert cli("compare", A, B, "--json").document["mapping"]["status"] == "suggested"


def test_nothing_is_asked_with_no_ask(two: Path) -> None:
    with Screen(["compare", A, B, "--no-ask"]) as screen:
        assert screen.end() == 0
        assert "[y/N]" not in screen.text


def test_no_colour_and_no_question_reach_a_pipe(two: Path) -> None:
    run = run_process("compare", A, B)
    assert (run.returncode, "\x1b" in run.stdout + run.stderr, "[y/N]" in run.stdout) == (0, False, False)


# bad input


def test_a_role_and_itself_are_refused(two: Path, cli: Cli) -> None:
    for other in (A, "data-engineer-mid-level@1", str(two / "published" / "data-engineer-mid-level" / "v1")):
        error = an_error(cli("compare", A, other, "--json"), "invalid_input")
        assert "Data Engineer (Mid-level) v1 was compared with itself" in error["message"]


def test_two_versions_of_a_role_are_compared_as_such(two: Path, cli: Cli) -> None:
    publish(two, a_content("Data Engineer", seniority="Mid-level", growth=1))
    document = cli("compare", f"{A}@1", A, "--json").document
    assert (document["change_of_version"], document["from"]["version"], document["to"]["version"]) == (True, 1, 2)
    assert any("a change of version" in sentence for sentence in document["sentences"])


def test_an_unknown_role_is_answered_with_what_is_published(two: Path, cli: Cli) -> None:
    for arguments in (("Plumber",), (A, "Plumber"), ("Plumber", A)):
        message = an_error(cli("compare", *arguments, "--json"), "not_found")["message"]
        assert "Published: Data Engineer (Mid-level) v1, ML Platform Engineer (Senior) v1." in message


def test_an_empty_registry_says_that_nothing_is_published(home: Path, cli: Cli) -> None:
    assert "Nothing is published yet" in an_error(cli("compare", "Plumber", "--json"), "not_found")["message"]


@pytest.mark.parametrize("damage", ["gone", "changed", "another"])
def test_a_publication_whose_files_are_gone_or_damaged_is_named(damage: str, two: Path, cli: Cli) -> None:
    folder = two / "published" / B / "v1"
    file = folder / "assessment.json"
    if damage == "gone":
        shutil.rmtree(folder)
    elif damage == "changed":
        file.write_text(file.read_text(encoding="utf-8").replace("suppliers", "vendors"), encoding="utf-8")
    else:
        shutil.copy(two / "published" / "data-engineer-mid-level" / "v1" / "assessment.json", file)
    error = an_error(cli("compare", A, B, "--json"), "not_found" if damage == "gone" else "invalid_input")
    assert "ML Platform Engineer (Senior) v1" in error["message"]
    document = cli("compare", A, "--json").document
    assert document["items"] == []
    assert [(left["slug"], left["version"]) for left in document["left_out"]] == [(B, 1)]
    assert "that could be read" in document["sentence"]
    assert "Left out:\n  ML Platform Engineer (Senior) v1: " in cli("compare", A).err


def test_a_file_of_another_home_can_be_compared_and_says_that_it_is_not_registered(
    two: Path, cli: Cli, tmp_path: Path
) -> None:
    other = a_file(tmp_path / "elsewhere", a_content("Release Engineer"))
    document = cli("compare", A, str(other), "--json").document
    assert (document["to"]["role"], document["to"]["registered"]) == ("Release Engineer", False)
    inside = cli("compare", str(other), str(two / "published" / B / "v1"), "--json").document
    assert (inside["from"]["registered"], inside["to"]["registered"]) == (False, True)
    assert "not in this registry" in cli("compare", A, str(other)).out


@pytest.mark.parametrize("text", ["", "[]", "words", '{"format": "assess-role/published/1"}', "{"])
def test_a_file_that_is_no_published_assessment_is_refused(text: str, two: Path, cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "page.json"
    file.write_text(text, encoding="utf-8")
    an_error(cli("compare", A, str(file), "--json"), "invalid_input")
    an_error(cli("compare", A, str(tmp_path / "none.json"), "--json"), "not_found")


def test_words_of_a_page_cannot_drive_the_terminal(two: Path, cli: Cli) -> None:
    names = ("\x1b[2Jplanning\u202e", "building", "checking", "shipping", "advising")
    publish(two, a_content("Plumber\x1b[31m", tasks=tuple((name, 20, 1) for name in names)))
    for run in (cli("compare", A, "plumber\x1b[31m"), cli("compare", A)):
        assert "\x1b" not in run.out + run.err
        assert "\u202e" not in run.out + run.err
