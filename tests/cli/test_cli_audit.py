"""`audit verify` holds the trail against itself, the pages and what was written down; `audit export` prints it."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from factories_cli import Cli, Run
from published_cli import document_of

from agent.cli.auditing import NOTHING


def an_error(run: Run, kind: str, code: int) -> dict[str, object]:
    assert (run.code, run.err, run.document["error"]["kind"]) == (code, "", kind), run
    error = run.document["error"]
    assert isinstance(error, dict)
    return error


def tamper(home: Path, change: Callable[[sqlite3.Connection], object]) -> None:
    with closing(sqlite3.connect(home / "store.sqlite")) as connection, connection:
        connection.execute("DROP TRIGGER audit_no_update")
        connection.execute("DROP TRIGGER audit_no_delete")
        change(connection)


def test_a_whole_trail_is_verified_against_the_published_page(page: Path, cli: Cli) -> None:
    run = cli("audit", "verify", "--json")
    mark = document_of(page)["record"]["audit"]
    assert run.code == 0
    assert run.document == {
        "ok": True,
        "entries": run.document["entries"],
        "pages": 1,
        "last": run.document["last"],
        "unread": [],
    }
    assert isinstance(run.document["entries"], int)
    assert run.document["entries"] > mark["serial"]
    text = cli("audit", "verify")
    last = f"last entry: {run.document['last']['serial']}:{run.document['last']['hash']}"
    assert text.out.splitlines()[0].endswith("entries, held against 1 published page and 0 marks")
    assert text.out.splitlines()[-1] == last
    assert cli("audit", "verify", "--mark", last.removeprefix("last entry: ")).code == 0


def test_a_changed_entry_is_named_and_the_exit_code_is_6(page: Path, home: Path, cli: Cli) -> None:
    tamper(home, lambda c: c.execute("UPDATE audit SET actor = 'Mallory' WHERE event = 'decided: approve'"))
    error = an_error(cli("audit", "verify", "--json"), "threshold", 6)
    problems = error["problems"]
    assert isinstance(problems, list)
    assert "was changed" in problems[0]
    assert any("has no entry" in problem for problem in problems)
    assert "was changed" in cli("audit", "verify").err


def test_a_trail_that_was_cut_off_does_not_have_the_entry_that_the_page_names(page: Path, home: Path, cli: Cli) -> None:
    serial = document_of(page)["record"]["audit"]["serial"]
    tamper(home, lambda c: c.execute("DELETE FROM audit WHERE serial >= ?", (serial,)))
    error = an_error(cli("audit", "verify", "--json"), "threshold", 6)
    assert f"entry {serial} is another than was written down: none here" in str(error["problems"])


@pytest.mark.parametrize("mark", ["", "4", "x:sha256:" + "a" * 64, "4:sha256:abc", "0:sha256:" + "a" * 64])
def test_what_is_no_mark_is_refused_with_what_is_expected(mark: str, page: Path, cli: Cli) -> None:
    error = an_error(cli("audit", "verify", "--mark", mark, "--json"), "invalid_input", 3)
    assert "expected the number of an entry and its hash" in str(error["message"])


def test_a_mark_of_another_trail_does_not_fit(page: Path, cli: Cli) -> None:
    assert cli("audit", "verify", "--mark", "2:sha256:" + "a" * 64).code == 6


def test_a_page_that_cannot_be_read_is_named_and_the_rest_is_verified(
    page: Path, home: Path, cli: Cli, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(home / "store.sqlite")) as connection, connection:
        connection.execute("UPDATE publications SET path = ?", (str(tmp_path / "gone"),))
    run = cli("audit", "verify", "--json")
    assert run.code == 0
    assert run.document["pages"] == 0
    assert "was not held against the trail" in str(run.document["unread"])


@pytest.mark.parametrize("name", ["index.html", "assessment.md"])
def test_a_published_file_that_was_changed_is_named_by_audit_and_left_out_of_the_site(
    name: str, page: Path, _published: Path, home: Path, cli: Cli, tmp_path: Path
) -> None:
    assert cli("site", "build", str(tmp_path / "site")).code == 0
    folder = tmp_path / "elsewhere"
    (published,) = _published.glob("published/*/v1")
    shutil.copytree(published, folder)
    with closing(sqlite3.connect(home / "store.sqlite")) as connection, connection:
        connection.execute("UPDATE publications SET path = ?", (str(folder),))
    file = folder / name
    file.write_text(file.read_text(encoding="utf-8").replace("35.6", "88.8"), encoding="utf-8")
    error = an_error(cli("audit", "verify", "--json"), "threshold", 6)
    assert error["problems"] == [f"{file} is not the file that was published: it was changed since"]
    run = cli("site", "build", str(tmp_path / "site"))
    assert run.code == 3
    assert "is not the file that was published" in run.err


def test_the_export_is_one_json_object_a_line_and_of_one_assessment_if_asked(page: Path, cli: Cli) -> None:
    lines = [json.loads(line) for line in cli("audit", "export").out.splitlines()]
    assert [line["serial"] for line in lines] == list(range(1, len(lines) + 1))
    assert {"at", "actor", "event", "assessment", "revision", "detail", "previous", "hash"} <= set(lines[0])
    name = document_of(page)["record"]["assessment"]
    own = [json.loads(line) for line in cli("audit", "export", "--assessment", name).out.splitlines()]
    assert own == [line for line in lines if line["assessment"] == name]
    assert own
    assert cli("audit", "export", "--assessment", "nothing-here").code == 3


def test_an_empty_home_has_an_empty_trail(home: Path, cli: Cli) -> None:
    assert NOTHING in cli("audit", "verify").out
    assert cli("audit", "verify", "--json").document == {
        "ok": True, "entries": 0, "pages": 0, "last": None, "unread": [],
    }  # fmt: skip
    assert cli("audit", "export").out == ""
