"""`corpus` at a real terminal: questions, bars, Ctrl-C, a watched folder, 80 columns."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from factories_cli import Cli, Clipped
from factories_clippings import NOTE, write
from terminal_cli import Screen, run_process

from agent.cli.adding import ask_person
from agent.evidence.document import Document

PLAIN = "Payroll clerks settle the harbour's wages."
COLOUR = re.compile(r"\x1b\[(?:[1-9]|[34][0-9]|9[0-7])(?:;[0-9]+)*m")


def add(folder: Path, *options: str, **environment: str) -> Screen:
    return Screen(["corpus", "add", str(folder), "--without-bundled", *options], columns=80, **environment)


def items(cli: Cli) -> dict[str, dict[str, object]]:
    """Title to article."""
    return {item["title"]: item for item in cli("corpus", "list", "--json").document["items"]}


def test_a_person_is_asked_for_what_a_file_does_not_say(home: Path, tmp_path: Path, cli: Cli) -> None:
    folder = write(tmp_path / "own", {"plain.txt": PLAIN})
    with add(folder) as screen:
        screen.until("publisher: ")
        screen.type("Harbour Board")
        screen.until("author: ")
        screen.type("")
        screen.until("date (YYYY, YYYY-MM or YYYY-MM-DD): ")
        screen.type("spring")
        screen.until("'spring' is none; expected YYYY, YYYY-MM or YYYY-MM-DD.")
        screen.until("YYYY-MM-DD): ")
        screen.type("2026-03")
        screen.until("4 opinion): ")
        screen.type("2")
        screen.until("1 added")
        assert screen.end() == 0
    found = items(cli)["plain"]
    wanted = {"publisher": "Harbour Board", "author": None, "date": "2026-03", "tier": 2, "assumed": ["interested"]}
    assert {name: found[name] for name in wanted} == wanted


@pytest.mark.parametrize("option", ["--no-ask", "--quiet", "--dry-run"])
def test_nobody_is_asked_with(option: str, home: Path, tmp_path: Path) -> None:
    with add(write(tmp_path / "own", {"plain.txt": PLAIN}), option) as screen:
        assert screen.end() == 0
    assert "publisher" not in screen.words


def test_control_characters_of_a_title_do_not_reach_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert ask_person("red.pdf", Document(text=PLAIN, title="The \x1b[31mred\x1b[0m wages"), ()) == {}
    assert "\x1b" not in capsys.readouterr().err


def test_ctrl_c_at_a_question_changes_nothing_and_says_how_to_go_on(home: Path, tmp_path: Path, cli: Cli) -> None:
    folder = write(tmp_path / "own", {"plain.txt": PLAIN})
    with add(folder) as screen:
        screen.until("publisher: ")
        screen.interrupt(until="Interrupted.")
        assert screen.end() == 130
    assert "Interrupted. Type the same command again to go on" in screen.words
    assert "Traceback" not in screen.text
    assert "plain" not in items(cli)


def test_ctrl_c_during_an_ingest_keeps_what_was_embedded(home: Path, tmp_path: Path) -> None:
    pages = {
        f"{at:03}.txt": f"Office {at}\n\n" + f"Office {at} keeps {at + 2} payroll clerks. " * 25 for at in range(150)
    }
    folder = write(tmp_path / "own", pages)
    with add(folder, "--no-ask") as screen:
        screen.until("embed")
        screen.until(" 64/")
        screen.send(b"\x03")
        assert screen.end() == 130
    assert "Type the same command again to go on; what was embedded is kept." in screen.words
    assert "Traceback" not in screen.text
    done = run_process("corpus", "add", str(folder), "--without-bundled", "--json")
    document = json.loads(done.stdout)
    assert len(document["added"]) == 150
    assert document["embedded"] <= document["passages"] - 64


def test_bars_show_on_a_terminal_and_leave_the_result_alone(home: Path, tmp_path: Path) -> None:
    with add(write(tmp_path / "own", {"plain.txt": PLAIN}), "--no-ask") as screen:
        assert screen.end() == 0
    assert re.search(r"read +━* ?1/1", screen.text)
    assert re.search(r"embed +━* ?1/1", screen.text)
    assert screen.text.rstrip().endswith("1 added, 0 updated, 0 unchanged; 1 passage, 1 embedded")


@pytest.mark.parametrize(("options", "environment"), [(("--quiet",), {}), (("--no-ask",), {"NO_COLOR": "1"})])
def test_quiet_shows_no_bar_and_no_color_no_colour(
    options: tuple[str, ...], environment: dict[str, str], home: Path, tmp_path: Path
) -> None:
    with add(write(tmp_path / "own", {"plain.txt": PLAIN}), *options, **environment) as screen:
        assert screen.end() == 0
    assert COLOUR.search(screen.raw) is None
    assert ("embed  " in screen.text) == ("--quiet" not in options)


def test_a_watched_folder_says_one_line_a_change_until_ctrl_c(home: Path, tmp_path: Path, cli: Cli) -> None:
    folder = write(tmp_path / "own", {"plain.txt": PLAIN, "bad.md": b"\x00\x01"})
    with add(folder, "--watch", "--no-ask") as screen:
        screen.until("1 added, 0 updated, 0 unchanged, 1 left out")
        screen.until("Watching")
        write(folder, {"note.md": NOTE})
        change = " ".join(screen.until(" embedded").split())
        assert change.endswith(
            "1 added, 0 updated, 0 unchanged, 2 files not read again, 1 left out; 1 passage, 1 embedded"
        )
        screen.send(b"\x03")
        assert screen.end() == 130
    assert screen.words.count("left out: ") == 1
    assert f"Watching {folder}; Ctrl-C ends it." in screen.words
    assert "Stopped watching; what was added stays." in screen.words
    assert "Traceback" not in screen.text
    assert set(items(cli)) == {"plain", "Payroll software in three councils"}


@pytest.mark.parametrize(
    "command",
    [
        ("coverage", "Payroll Clerk"),
        ("coverage", "Zookeeper"),
        ("list",),
        ("check",),
        ("search", "payroll clerks"),
        ("add", "mine", "--no-ask"),
    ],
    ids=" ".join,
)
def test_nothing_is_wider_than_80_columns(
    command: tuple[str, ...], clipped: Clipped, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(clipped.folder, tmp_path / "mine")
    monkeypatch.chdir(tmp_path)
    root = str(Path(__file__).resolve().parents[2])
    with Screen(["corpus", *command], columns=80, PYTHONPATH=root) as screen:
        assert screen.end() == 0
    lines = [line.split("\r")[-1] for line in screen.text.split("\n")]
    assert [line for line in lines if len(line) > 80] == []


def test_the_coverage_of_a_role_is_a_table_at_80_columns(clipped: Clipped) -> None:
    with Screen(["corpus", "coverage", "Payroll Clerk"], columns=80) as screen:
        assert screen.end() == 0
    assert screen.text.splitlines()[0].split() == [
        *("FOR", "FOUND", "ON", "IT", "SOURCES", "TIERS", "1-4", "FRESH", "NO", "DATE", "NEWEST"),
    ]
