"""Running the suites: nothing passes by saying nothing, and the exit code says what came of it."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from factories_evals import a_baseline, a_control, a_verdict

from agent.cli.evals import SuiteName
from agent.errors import AssessorError, InvalidInput
from evals import __main__ as command
from evals import running
from evals.report import compile as compiling
from evals.suites.committed import check_ratchet
from evals.suites.context import Context, load_context
from evals.suites.verdict import Outcome, Verdict

Stub = Callable[..., None]


@pytest.fixture(autouse=True)
def _environment_as_before() -> Iterator[None]:
    """A run is a process of its own and changes its environment to the end."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def suite(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Stub:
    """Makes `roles` the only suite, which says these verdicts and then raises what was given."""
    monkeypatch.setattr(compiling, "FILE", tmp_path / "none.json")
    monkeypatch.setattr(command, "read_baseline", a_baseline)

    def stub(*verdicts: Verdict, error: Exception | None = None) -> None:
        def run(context: Context) -> Iterator[Verdict]:
            yield from verdicts
            if error is not None:
                raise error

        module = ModuleType("stub_suite")
        module.run = run  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "stub_suite", module)
        monkeypatch.setattr(running, "SUITES", {"roles": "stub_suite"})
        monkeypatch.setattr(command, "SUITES", {"roles": "stub_suite"})

    return stub


@pytest.fixture(scope="module")
def context() -> Context:
    return load_context()


def test_the_command_line_knows_every_suite() -> None:
    assert [name.value for name in SuiteName] == list(running.SUITES)


def test_a_suite_that_raises_keeps_what_it_said_and_fails_with_the_message(suite: Stub, context: Context) -> None:
    error = InvalidInput("The golden passages are not valid: q001.", problems=("q001.", "q002."), hint="Mend them.")
    suite(a_verdict(), a_control(), error=error)
    *said, last = running.run_suite("roles", context).verdicts
    assert said == [a_verdict(), a_control()]
    assert (last.outcome, last.metric) == (Outcome.FAILED, "suite")
    assert last.message == "The golden passages are not valid: q001. q002. Mend them."


def test_a_suite_that_measures_nothing_fails(suite: Stub, context: Context) -> None:
    suite(a_control())
    assert [v.message for v in running.run_suite("roles", context).verdicts if v.outcome is Outcome.FAILED] == [
        "The suite measured nothing."
    ]


def test_a_suite_without_a_control_fails(suite: Stub, context: Context) -> None:
    suite(a_verdict())
    failed = [v.message for v in running.run_suite("roles", context).verdicts if v.outcome is Outcome.FAILED]
    assert failed == ["The suite has no negative control: nothing shows that it can fail."]


def test_a_bug_fails_its_suite_keeps_its_traceback_and_the_run_goes_on(
    suite: Stub, context: Context, capsys: pytest.CaptureFixture[str]
) -> None:
    suite(a_verdict(), a_control(), error=ZeroDivisionError("a\nbug"))
    first, second = running.run_suites(["roles", "roles"], context, say=lambda _: None)
    assert first.verdicts == second.verdicts
    *said, last = first.verdicts
    assert said == [a_verdict(), a_control()]
    assert (last.outcome, last.metric, last.message) == (Outcome.FAILED, "suite", "broke: ZeroDivisionError: a bug")
    assert "Traceback" in capsys.readouterr().err


def test_without_a_baseline_a_run_fails_unless_it_writes_one(
    suite: Stub, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    suite(a_verdict(), a_control())
    written: list[object] = []
    monkeypatch.setattr(command, "read_baseline", lambda: None)
    monkeypatch.setattr(command, "write_baseline", written.append)
    assert command.main([]) == 6
    assert "There is no baseline: found no evals/report/baseline.json." in capsys.readouterr().out
    assert (command.main(["--write-baseline"]), len(written)) == (0, 1)


@pytest.mark.parametrize(
    ("outcome", "code", "word"),
    [(Outcome.PASSED, 0, "1 passed, 0 failed;"), (Outcome.FAILED, 6, "FAILED"), (Outcome.STALE, 6, "STALE, not run")],
)
def test_the_exit_code_is_6_for_a_failure_and_for_what_is_stale(
    outcome: Outcome, code: int, word: str, suite: Stub, capsys: pytest.CaptureFixture[str]
) -> None:
    suite(a_verdict(outcome=outcome), a_control())
    assert command.main([]) == code
    assert word in capsys.readouterr().out


def test_a_control_that_was_not_noticed_makes_the_exit_code_6(suite: Stub) -> None:
    suite(a_verdict(), a_control(Outcome.FAILED))
    assert command.main([]) == 6


def test_the_report_is_written_as_json_and_page(suite: Stub, tmp_path: Path) -> None:
    suite(a_verdict(), a_control())
    json_file, html_file = tmp_path / "report.json", tmp_path / "report.html"
    assert command.main(["--json", str(json_file), "--html", str(html_file)]) == 0
    document = json.loads(json_file.read_text(encoding="utf-8"))
    assert (document["format"], document["ok"], document["mode"]) == ("assess-role/evals/1", True, "replay")
    assert html_file.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--json", "/no/such/folder/x.json"], 3, "there is no folder /no/such/folder"),
        (["--max-tokens", "5"], 3, "it takes --live"),
        (["--write-baseline", "--suite", "roles"], 3, "A baseline is of every suite"),
        (["--live"], 4, "none is configured"),
    ],
)
def test_bad_input_is_told_in_one_sentence_before_anything_runs(
    arguments: list[str],
    code: int,
    message: str,
    suite: Stub,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("ASSESS_ROLE_HOME", str(tmp_path))
    suite(a_verdict(), a_control())
    assert command.main(arguments) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("error: ") and message in said.err


@pytest.mark.parametrize("option", ["--json", "--html"])
@pytest.mark.parametrize(("name", "problem"), [("", "it is a folder"), ("none/report", "there is no folder")])
def test_a_file_that_cannot_be_written_is_told_before_anything_runs(
    option: str, name: str, problem: str, suite: Stub, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    suite(a_verdict(), a_control())
    assert command.main([option, str(tmp_path / name)]) == 3
    said = capsys.readouterr()
    assert (said.out, said.err.count("…")) == ("", 0)
    assert said.err.startswith(f"error: The report cannot be written to {tmp_path / name}: {problem}")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"mutants": {"antonym": {"cases"', "are not valid: file: Invalid JSON"),
        ('{"mutants": {"antonym": {"cases": "many"}}}', "are not valid: mutants.antonym.cases"),
        ('{"mutants": {}}', "have no controls"),
        (None, "are missing: found no"),
    ],
)
def test_counts_of_seeded_errors_that_are_not_whole_are_told_with_their_file(
    text: str | None, problem: str, tmp_path: Path
) -> None:
    file = tmp_path / "ratchet.json"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(AssessorError, match=re.escape(problem)) as caught:
        check_ratchet(file)
    assert str(file) in caught.value.message and caught.value.exit_code == 3


def test_the_committed_counts_are_looked_at_before_anything_runs(
    suite: Stub, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged() -> None:
        raise InvalidInput("The counts of seeded errors are not valid.")

    suite(a_verdict(), a_control())
    monkeypatch.setattr(command, "check_ratchet", damaged)
    assert command.main(["--suite", "roles"]) == 0
    monkeypatch.setattr(command, "SUITES", {"seeded": "stub_suite"})
    capsys.readouterr()
    assert command.main([]) == 3
    assert capsys.readouterr().err == "error: The counts of seeded errors are not valid.\n"


def test_a_missing_extra_is_said_with_how_to_install_it(
    suite: Stub, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    suite(a_verdict(), a_control())
    monkeypatch.setattr(command, "find_spec", lambda name: None)
    assert command.main([]) == 4
    assert "not installed: deepeval, ragas" in capsys.readouterr().err


def test_offline_no_variable_is_left_that_leads_to_a_server(suite: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    suite(a_verdict(), a_control())
    assert command.main([]) == 0
    assert "OPENAI_BASE_URL" not in os.environ
