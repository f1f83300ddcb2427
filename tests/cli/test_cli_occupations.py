"""`import onet` and `occupations`: an imported release, confirmed occupations, a comparison."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from factories_cli import ROLE, Cli, Waiting
from factories_onet import FOLDER, NURSES, OTHER, SOFTWARE, WAREHOUSE, a_release
from terminal_cli import Screen

CHOICE_KEYS = {"title", "codes", "release", "reviewer", "auth", "channel", "decided_at"}


@pytest.fixture
def imported(home: Path, tmp_path: Path, cli: Cli) -> Path:
    """The folder of a release that the test's home has imported."""
    folder = a_release(tmp_path / FOLDER)
    assert cli("import", "onet", str(folder), "--quiet").code == 0
    return folder


def confirm(cli: Cli, title: str, *codes: str) -> None:
    options = [word for code in codes for word in ("--code", code)] or ["--none"]
    assert cli("occupations", "confirm", title, *options, "--reviewer", "Ada Marsh", "--quiet").code == 0


def test_an_import_says_what_it_took_left_out_and_under_which_licence(tmp_path: Path, cli: Cli) -> None:
    folder = a_release(tmp_path / FOLDER)
    run = cli("import", "onet", str(folder))
    assert (run.code, run.out) == (
        0,
        "O*NET 29.0 imported: 4 occupations, 7 tasks (5 rated), 10 names\n"
        "Task Statements.txt: 1 of 4 occupations have no tasks\n"
        "Task Ratings.txt: 1 rating not used, as O*NET recommends\n"
        "Task Ratings.txt: 1 rating without a value\n",
    )
    assert "U.S. Department of Labor" in run.err and "CC BY 4.0" in run.err
    document = cli("import", "onet", str(folder), "--json").document
    assert {name: document[name] for name in ("ok", "source", "version", "occupations", "tasks", "rated", "names")} == {
        "ok": True,
        "source": "O*NET",
        "version": "29.0",
        "occupations": 4,
        "tasks": 7,
        "rated": 5,
        "names": 10,
    }
    assert document["notes"][1] == {"file": "Task Ratings.txt", "note": "1 rating not used, as O*NET recommends"}
    assert "CC BY 4.0" in document["attribution"]


def test_an_onet_folder_with_missing_columns_is_a_clear_error_and_changes_nothing(
    imported: Path, tmp_path: Path, cli: Cli
) -> None:
    bad = a_release(tmp_path / "bad", Task_Ratings=b"O*NET-SOC Code\tTask ID\n15-1252.00\t201\n")
    run = cli("import", "onet", str(bad))
    assert (run.code, run.out) == (3, "")
    assert run.err.startswith(
        "error: Task Ratings.txt lacks the columns Scale ID, Data Value, Recommend Suppress: found O*NET-SOC Code, "
        "Task ID; expected O*NET-SOC Code, Task ID, Scale ID, Data Value, Recommend Suppress.\n"
        "hint: Download the text release"
    )
    error = cli("import", "onet", str(bad), "--json").document["error"]
    assert error["kind"] == "invalid_input"
    assert cli("occupations", "suggest", "Data Engineer", "--json").document["release"]["version"] == "29.0"


def test_a_folder_that_is_not_there_makes_no_home(home: Path, tmp_path: Path, cli: Cli) -> None:
    run = cli("import", "onet", str(tmp_path / "gone"))
    assert (run.code, run.out) == (3, "")
    assert f"There is no folder {tmp_path / 'gone'}." in run.err
    assert not home.exists()


def test_suggestions_have_reasons_and_their_source(imported: Path, cli: Cli) -> None:
    run = cli("occupations", "suggest", "Data Engineer")
    assert run.out.splitlines()[0] == (
        f"{WAREHOUSE}  Data Warehousing Specialists  (1.00, alternate title: Data Engineer)"
    )
    assert "Source: O*NET 29.0 Database" in run.err
    assert 'Next: assess-role occupations confirm "Data Engineer"' in run.err
    document = cli("occupations", "suggest", "Software developer", "--json").document
    assert (document["ok"], document["title"], document["confirmed"]) == (True, "Software developer", None)
    assert document["items"][0] == {
        "code": SOFTWARE,
        "title": "Software Developers",
        "description": "Plan, write and test computer programs.",
        "score": 1.0,
        "reason": "its title",
    }
    assert "CC BY 4.0" in document["attribution"]


def test_a_title_without_a_suggestion_is_said(imported: Path, cli: Cli) -> None:
    run = cli("occupations", "suggest", "Prompt Artist")
    assert (run.code, run.out) == (0, "No official occupation has a name like Prompt Artist.\n")


def test_meaning_finds_what_words_do_not(imported: Path, cli: Cli) -> None:
    assert cli("occupations", "suggest", "Programmer", "--json").document["items"] == []
    items = cli("occupations", "suggest", "Programmer", "--by-meaning", "--json").document["items"]
    assert items[0]["code"] == SOFTWARE
    assert items[0]["reason"] == "its title is close in meaning"


@pytest.mark.parametrize(("codes", "kept"), [([SOFTWARE, WAREHOUSE], [WAREHOUSE, SOFTWARE]), ([], [])])
def test_several_occupations_or_none_are_recorded_with_who_and_when(
    codes: list[str], kept: list[str], imported: Path, cli: Cli
) -> None:
    options = [word for code in codes for word in ("--code", code)] or ["--none"]
    document = cli("occupations", "confirm", "Data Engineer", *options, "--reviewer", "Ada Marsh", "--json").document
    assert document.keys() == {"ok", *CHOICE_KEYS}
    decided = {name: document[name] for name in CHOICE_KEYS - {"decided_at"}}
    assert decided == {
        "title": "Data Engineer",
        "codes": kept,
        "release": "O*NET 29.0",
        "reviewer": "Ada Marsh",
        "auth": "local-unverified",
        "channel": "script",
    }
    shown = cli("occupations", "suggest", "data engineer", "--json").document["confirmed"]
    assert shown == {**decided, "decided_at": document["decided_at"]}


@pytest.mark.parametrize(
    ("options", "code", "kind", "said"),
    [
        (("--code", "99-9999.00"), 3, "not_found", "O*NET 29.0 has no occupation 99-9999.00."),
        (
            ("--code", "developer"),
            3,
            "invalid_input",
            "'developer' is no O*NET-SOC code: expected the form 15-1252.00.",
        ),
        (("--code", SOFTWARE, "--none"), 3, "invalid_input", "`--code` and `--none` exclude each other."),
        ((), 3, "invalid_input", "There is no terminal to ask at"),
    ],
)
def test_a_confirmation_that_cannot_be_recorded_is_a_clear_error(
    options: tuple[str, ...], code: int, kind: str, said: str, imported: Path, cli: Cli
) -> None:
    run = cli("occupations", "confirm", "Data Engineer", *options, "--reviewer", "Ada Marsh", "--json")
    error = run.document["error"]
    assert (run.code, error["kind"]) == (code, kind)
    assert said in error["message"]
    assert cli("occupations", "suggest", "Data Engineer", "--json").document["confirmed"] is None


def test_a_code_without_its_detail_is_refused_with_the_one_that_may_be_meant(imported: Path, cli: Cli) -> None:
    run = cli("occupations", "confirm", "Coder", "--code", "15-1252", "--reviewer", "Ada Marsh")
    assert run.code == 3
    assert "hint: Did you mean 15-1252.00?" in run.err


@pytest.mark.parametrize(
    ("reviewer", "said"), [((), "`--reviewer` is missing"), (("--reviewer", " "), "is not a name of 1 to 100")]
)
def test_a_script_has_to_say_who_decides(reviewer: tuple[str, ...], said: str, imported: Path, cli: Cli) -> None:
    run = cli("occupations", "confirm", "Coder", "--none", *reviewer)
    assert run.code == 3
    assert said in run.err


@pytest.mark.parametrize("words", [("suggest", "Coder"), ("confirm", "Coder", "--none", "--reviewer", "Ada Marsh")])
def test_without_an_import_every_command_says_how_to_import(words: tuple[str, ...], home: Path, cli: Cli) -> None:
    run = cli("occupations", *words)
    assert (run.code, run.out) == (4, "")
    assert "No official occupations are imported." in run.err
    assert "assess-role import onet DIR" in run.err


def test_a_person_at_a_terminal_is_asked_and_asked_again_after_an_unknown_code(imported: Path, cli: Cli) -> None:
    with Screen(["occupations", "confirm", "Data Engineer", "--reviewer", "Ada Marsh"], columns=80) as screen:
        screen.until("alternate title: Data Engineer")
        screen.until("(empty: leave it): ")
        screen.type("99-9999.00")
        screen.until("has no occupation 99-9999.00")
        screen.until("(empty: leave it): ")
        screen.type(f"{WAREHOUSE}, {SOFTWARE}")
        screen.until("Record 2 occupations for this role as Ada Marsh? [y/N]: ")
        screen.type("y")
        screen.until(f"confirmed for Data Engineer: {SOFTWARE} Software Developers")
        assert screen.end() == 0
    assert [line for line in screen.text.splitlines() if len(line) > 80] == []
    confirmed = cli("occupations", "suggest", "Data Engineer", "--json").document["confirmed"]
    assert (confirmed["codes"], confirmed["channel"], confirmed["reviewer"]) == (
        [WAREHOUSE, SOFTWARE],
        "terminal",
        "Ada Marsh",
    )


@pytest.mark.parametrize(("answer", "sure"), [("", None), (NURSES, "n")])
def test_an_empty_answer_or_a_no_records_nothing(answer: str, sure: str | None, imported: Path, cli: Cli) -> None:
    with Screen(["occupations", "confirm", "Data Engineer"], columns=80) as screen:
        screen.until("(empty: leave it): ")
        screen.type(answer)
        if sure is not None:
            screen.until("[y/N]: ")
            screen.type(sure)
        screen.until("Nothing was recorded.")
        assert screen.end() == 0
    assert cli("occupations", "suggest", "Data Engineer", "--json").document["confirmed"] is None


def test_a_comparison_has_both_sides_the_source_and_changes_no_score(
    waiting: Waiting, tmp_path: Path, cli: Cli
) -> None:
    assert cli("import", "onet", str(a_release(tmp_path / FOLDER)), "--quiet").code == 0
    confirm(cli, ROLE, SOFTWARE, WAREHOUSE)
    before = cli("show", waiting.id, "--json").out
    document = cli("occupations", "compare", waiting.id[:9], "--json").document
    assert document.keys() == {
        *("ok", "id", "role", "seniority", "revision", "confirmed", "release", "embedding", "threshold"),
        *("coverage_percent", "unmatched_share_percent", "occupations", "official", "assessed", "attribution"),
    }
    assert (document["ok"], document["id"], document["role"], document["revision"]) == (
        True,
        waiting.id,
        ROLE,
        waiting.revision,
    )
    assert [part["code"] for part in document["occupations"]] == [WAREHOUSE, SOFTWARE]
    assert [line["id"] for line in document["official"]] == [101, 102, 104, 103, 201, 202]
    assert sum(row["share"] for row in document["assessed"]) == 100
    assert all(row["nearest"][0]["similarity"] <= 1 for row in document["assessed"])
    assert "CC BY 4.0" in document["attribution"]
    assert cli("show", waiting.id, "--json").out == before


def test_a_comparison_at_a_terminal_fits_80_columns_and_says_that_it_suggests(
    waiting: Waiting, tmp_path: Path, cli: Cli
) -> None:
    assert cli("import", "onet", str(a_release(tmp_path / FOLDER)), "--quiet").code == 0
    confirm(cli, ROLE, SOFTWARE, WAREHOUSE, OTHER)
    with Screen(["occupations", "compare", waiting.id], columns=80) as screen:
        assert screen.end() == 0
    assert [line for line in screen.text.splitlines() if len(line) > 80] == []
    assert "Confirmed by Ada Marsh on" in screen.words
    assert f"{OTHER} Computer Occupations, All Other: O*NET 29.0 has no tasks of it that weigh anything" in screen.words
    assert "covered by weight" in screen.words
    assert "Mean of the occupations:" in screen.words
    assert "Official tasks without a counterpart, by occupation, the weightiest first:" in screen.words
    assert "Assessed tasks without a counterpart, " in screen.words
    assert "A counterpart is a suggestion" in screen.words
    assert "Source: O*NET 29.0 Database by the U.S. Department of Labor" in screen.words


def test_a_role_without_a_confirmed_occupation_is_not_compared(waiting: Waiting, tmp_path: Path, cli: Cli) -> None:
    assert cli("import", "onet", str(a_release(tmp_path / FOLDER)), "--quiet").code == 0
    run = cli("occupations", "compare", waiting.id)
    assert (run.code, run.out) == (4, "")
    assert f"Nobody has confirmed the official occupation of {ROLE}." in run.err
    assert f'assess-role occupations confirm "{ROLE}"' in run.err


def test_a_role_that_no_occupation_fits_is_told_so(waiting: Waiting, tmp_path: Path, cli: Cli) -> None:
    assert cli("import", "onet", str(a_release(tmp_path / FOLDER)), "--quiet").code == 0
    confirm(cli, ROLE)
    run = cli("occupations", "compare", waiting.id)
    assert run.code == 0
    assert "no official occupation fits" in run.out and "There is nothing to compare." in run.out
    document = cli("occupations", "compare", waiting.id, "--json").document
    assert (document["coverage_percent"], document["official"], document["occupations"]) == (None, [], [])


def test_a_confirmed_code_that_a_later_release_lacks_has_to_be_confirmed_anew(
    waiting: Waiting, tmp_path: Path, cli: Cli
) -> None:
    assert cli("import", "onet", str(a_release(tmp_path / FOLDER)), "--quiet").code == 0
    confirm(cli, ROLE, NURSES)
    rows = [line for line in (tmp_path / FOLDER / "Occupation Data.txt").read_text().splitlines() if NURSES not in line]
    later = a_release(tmp_path / "db_30_0_text", Occupation_Data="\n".join(rows).encode())
    assert cli("import", "onet", str(later), "--quiet").code == 0
    run = cli("occupations", "compare", waiting.id)
    assert run.code == 3
    assert f"Ada Marsh confirmed {NURSES} for {ROLE} from O*NET 29.0; O*NET 30.0 has no such occupation." in run.err


def test_an_unknown_assessment_is_not_compared(imported: Path, cli: Cli) -> None:
    run = cli("occupations", "compare", "nothing-1234", "--json")
    assert (run.code, run.document["error"]["kind"]) == (3, "not_found")


def test_a_published_assessment_is_compared_too(_published: Path, home: Path, tmp_path: Path, cli: Cli) -> None:
    shutil.copytree(_published, home)
    assert cli("import", "onet", str(a_release(tmp_path / FOLDER)), "--quiet").code == 0
    confirm(cli, ROLE, SOFTWARE)
    (page,) = cli("published", "--json").document["items"]
    document = cli("occupations", "compare", page["id"], "--json").document
    assert (document["ok"], document["revision"]) == (True, page["revision"])
    assert [line["id"] for line in document["official"]] == [201, 202]


def test_a_title_of_several_words_needs_quotes(cli: Cli) -> None:
    run = cli("occupations", "suggest", "Data", "Engineer")
    assert run.code == 2
    assert 'assess-role occupations suggest "Data Engineer"' in run.err
