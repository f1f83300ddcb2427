"""`export`: to a pipe, to a file, in every format; what cannot be read is named and changes the exit code."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pyarrow.parquet
import pytest
from factories_cli import Cli
from terminal_cli import COMMAND, Screen, run_process

SCHEMA = Path(__file__).parents[2] / "agent" / "registry" / "export.schema.json"


@pytest.fixture
def file(_published: Path, home: Path, cli: Cli) -> Path:
    """The one published assessment.json of this home, which may be changed."""
    shutil.copytree(_published, home)
    # The store names the folder it was published to, which other tests share.
    (shared,) = _published.glob("published/*/v1/assessment.json")
    return shared


def test_csv_goes_to_a_pipe_as_it_is(file: Path) -> None:
    run = subprocess.run([*COMMAND, "export"], capture_output=True, check=False)
    assert run.returncode == 0, run.stderr
    (row,) = csv.DictReader(io.StringIO(run.stdout.decode("utf-8"), newline=""))
    document = json.loads(file.read_bytes())
    result = document["assessment"]["result"]
    assert (row["role"], row["revision"], row["score"]) == (
        "Release Engineer",
        document["revision"],
        str(result["score"]),
    )
    assert (row["approved_inputs_by"], row["approved_by"], row["drafted_by"]) == ("Ada Marsh", "Ada Marsh", "desk-1")
    assert run.stderr.decode("utf-8") == "1 assessment.\n"


def test_parquet_goes_to_a_file_and_names_what_it_holds(file: Path, tmp_path: Path, cli: Cli) -> None:
    out = tmp_path / "new" / "citations.parquet"
    run = cli("export", "--format", "parquet", "--table", "citations", "--output", str(out))
    read = pyarrow.parquet.read_table(out).to_pylist()
    sources = {s["passage"]: s["meta"] for s in json.loads(file.read_bytes())["assessment"]["sources"]}
    assert (run.code, run.out) == (0, "")
    assert run.err == f"{len(read)} rows of 1 assessment written to {out}.\n"
    assert {row["passage"] for row in read} == set(sources)
    assert all(row["publisher"] == sources[row["passage"]]["publisher"] for row in read)


def test_json_is_one_document(file: Path, cli: Cli) -> None:
    run = cli("export", "--format", "json")
    document = run.document
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_bytes())).validate(document)
    assert (run.code, document["ok"], len(document["assessments"]), len(document["tasks"])) == (0, True, 1, 5)


def test_parquet_is_refused_at_a_terminal(file: Path) -> None:
    with Screen(("export", "--format", "parquet")) as screen:
        code = screen.end()
    assert code == 2
    assert "--output" in screen.words


def test_a_table_is_no_choice_for_json(cli: Cli) -> None:
    run = cli("export", "--format", "json", "--table", "tasks")
    assert (run.code, run.out) == (2, "")
    assert "`assess-role export --help`" in run.err


def test_an_empty_home_gives_a_header_and_says_so(home: Path) -> None:
    run = run_process("export", "--table", "tasks")
    assert (run.returncode, run.stdout) == (0, "slug,version,role,seniority,task,name,share,score,bucket\n")
    assert run.stderr == "Nothing is published yet.\n"


def test_a_folder_is_no_file_to_write_to(file: Path, tmp_path: Path, cli: Cli) -> None:
    run = cli("export", "--output", str(tmp_path))
    assert run.code == 3
    assert "is a folder" in run.err


@pytest.fixture
def gone(file: Path) -> Iterator[Path]:
    """The published file has been moved away."""
    file.rename(file.with_suffix(".away"))
    yield file
    file.with_suffix(".away").rename(file)


def test_a_missing_file_is_named_with_exit_code_3(gone: Path, tmp_path: Path, cli: Cli) -> None:
    out = tmp_path / "tasks.csv"
    run = cli("export", "--table", "tasks", "--output", str(out))
    assert (run.code, run.out) == (3, "")
    assert run.err.startswith("error: 1 publication cannot be exported, and the tables are without: ")
    assert f"There is no published assessment at {gone}" in run.err
    assert out.read_bytes().count(b"\r\n") == 1


def test_a_missing_file_is_an_error_in_the_json_document(gone: Path, cli: Cli) -> None:
    run = cli("export", "--format", "json")
    document = run.document
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_bytes())).validate(document)
    assert (run.code, document["ok"], document["error"]["kind"]) == (3, False, "invalid_input")
    assert (document["assessments"], document["unreadable"][0]["version"]) == ([], 1)


def test_the_command_line_loads_no_table_library_to_refuse_a_wrong_format() -> None:
    script = "import sys; from agent.cli.main import execute; execute(['export', '--format', 'xlsx']); "
    script += "print([m for m in ('pyarrow', 'sqlalchemy') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert found.splitlines()[-1] == "[]"
