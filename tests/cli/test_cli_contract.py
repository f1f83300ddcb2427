"""The contract of the command line: exit codes, one JSON document, data on stdout and words on stderr."""

from __future__ import annotations

import getpass
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from endpoint_cli import Endpoint
from factories_cli import ROLE, Cli, Waiting
from terminal_cli import COMMAND, run_process

from agent.cli.audit import app as audit
from agent.cli.controls import app as controls
from agent.cli.corpus import app as corpus
from agent.cli.importing import app as importing
from agent.cli.inbox import app as inbox
from agent.cli.main import app
from agent.cli.occupations import app as occupations
from agent.cli.reviewer import app as reviewer
from agent.cli.site import app as site
from agent.cli.webhooks import app as webhooks

COMMANDS = (
    *("run", "resume", "queue", "show", "published", "refresh", "review", "approve", "send-back", "reject", "discard"),
    *("accept", "override", "edit", "score", "personal", "verify", "compare", "export", "mcp", "record", "doctor"),
    *("watch", "refresh", "config", "withdraw", "attention", "stats", "serve", "evals"),
)
CORPUS_COMMANDS = ("add", "list", "show", "edit", "search", "remove", "coverage", "check", "reindex")
OCCUPATION_COMMANDS = ("suggest", "confirm", "compare")
SITE_COMMANDS = ("build",)
AUDIT_COMMANDS = ("verify", "export")
CONTROLS_COMMANDS = ("plant", "list")
REVIEWER_COMMANDS = ("add", "list", "role", "password", "disable", "token", "tokens", "revoke")
INBOX_COMMANDS = ("answer",)
WEBHOOK_COMMANDS = ("deliver", "status")
SUMMARY_KEYS = {
    *("ok", "id", "role", "seniority", "status", "gate", "revision", "score", "zone", "label"),
    *("findings", "usage", "published"),
}


def test_the_tables_of_commands_in_this_test_are_complete() -> None:
    assert {command.name for command in app.registered_commands} == set(COMMANDS)
    assert {command.name for command in corpus.registered_commands} == set(CORPUS_COMMANDS)
    assert {command.name for command in occupations.registered_commands} == set(OCCUPATION_COMMANDS)
    assert [command.name for command in importing.registered_commands] == ["onet"]
    assert {command.name for command in audit.registered_commands} == set(AUDIT_COMMANDS)
    assert {command.name for command in reviewer.registered_commands} == set(REVIEWER_COMMANDS)
    assert {command.name for command in inbox.registered_commands} == set(INBOX_COMMANDS)
    assert {command.name for command in webhooks.registered_commands} == set(WEBHOOK_COMMANDS)
    assert {command.name for command in site.registered_commands} == set(SITE_COMMANDS)
    assert {command.name for command in controls.registered_commands} == set(CONTROLS_COMMANDS)


GROUPED = [
    *(("corpus", c) for c in CORPUS_COMMANDS),
    *(("occupations", c) for c in OCCUPATION_COMMANDS),
    ("import", "onet"),
    *(("site", c) for c in SITE_COMMANDS),
    *(("audit", c) for c in AUDIT_COMMANDS),
    *(("controls", c) for c in CONTROLS_COMMANDS),
    *(("reviewer", c) for c in REVIEWER_COMMANDS),
    ("inbox",),
    *(("inbox", c) for c in INBOX_COMMANDS),
    *(("webhooks", c) for c in WEBHOOK_COMMANDS),
]


@pytest.mark.parametrize("words", [(), *((c,) for c in COMMANDS), *GROUPED])
def test_help_has_an_example_and_fits_80_columns(
    words: tuple[str, ...], cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    run = cli(*words, "--help")
    assert run.code == 0
    assert "Example" in run.out
    assert [line for line in run.out.splitlines() if len(line) > 80] == []


def test_the_list_of_commands_cuts_no_description(cli: Cli) -> None:
    assert "..." not in cli("--help").out.replace("[ARGS]...", "")
    for group in ("corpus", "occupations", "import", "site", "audit", "controls", "reviewer", "inbox", "webhooks"):
        assert "..." not in cli(group, "--help").out.replace("[ARGS]...", "")


def test_without_arguments_the_help_is_shown_as_a_usage_error(cli: Cli) -> None:
    run = cli()
    assert (run.code, run.out) == (2, "")
    assert "assess-role queue" in run.err


def test_a_mistyped_command_is_refused_with_the_command_that_was_meant(cli: Cli) -> None:
    run = cli("queu")
    assert run.code == 2
    assert "did you mean 'queue'" in run.err
    assert "assess-role run 'queu'" in run.err


def test_a_mistyped_command_with_an_argument_is_no_role_of_several_words(cli: Cli) -> None:
    run = cli("aprove", "an-id", "--revision", "sha256:12", "--reviewer", "Ada Marsh")
    assert run.code == 2
    assert "did you mean 'approve'" in run.err


@pytest.mark.parametrize(
    ("arguments", "quoted"),
    [
        (("ML", "Platform", "Engineer"), 'assess-role "ML Platform Engineer"'),
        (("ML", "Platform", "--quiet", "Engineer", "-s", "Senior"), 'assess-role "ML Platform Engineer"'),
        (("run", "data", "engineer"), 'assess-role "data engineer"'),
        (("--recorded", "data", "engineer"), 'assess-role "data engineer"'),
        (("record", "Data", "Engineer"), 'assess-role record "Data Engineer"'),
        (("personal", "Data", "Engineer"), 'assess-role personal "Data Engineer"'),
        (("refresh", "Data", "Engineer"), 'assess-role refresh "Data Engineer"'),
        (("watch", "Data", "Engineer"), 'assess-role watch "Data Engineer"'),
        (
            ("withdraw", "Data", "Engineer", "--reason", "x", "--reviewer", "y"),
            'assess-role withdraw "Data Engineer"',
        ),
        (("refresh", "Data", "Engineer", "--dry-run"), 'assess-role refresh "Data Engineer"'),
    ],
)
def test_a_role_without_quotes_is_a_usage_error_that_shows_them(
    arguments: tuple[str, ...], quoted: str, cli: Cli, home: Path
) -> None:
    run = cli(*arguments)
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith(f"error: A role of several words needs quotes: {quoted}\nhint: ")
    assert not home.exists()


def test_help_is_a_word_too(cli: Cli) -> None:
    assert cli("help") == cli("--help")
    assert cli("help", "review") == cli("review", "--help")
    assert cli("help", "corpus", "add") == cli("corpus", "add", "--help")


def test_the_options_of_the_main_job_may_stand_first(corpus_home: Path, cli: Cli, endpoint: Endpoint) -> None:
    run = cli("--recorded", ROLE)
    assert (run.code, endpoint.asked) == (4, [])
    assert f"There is no recording of {ROLE}" in run.err


@pytest.mark.parametrize(
    "arguments", [("queue", "--bogus"), ("approve", "x"), ("queu",), ("run",), ("corpus", "nothing")]
)
def test_a_usage_error_is_spelled_as_every_other_error(arguments: tuple[str, ...], cli: Cli) -> None:
    run = cli(*arguments)
    first, *_, last = run.err.splitlines()
    assert (run.code, run.out) == (2, "")
    assert first.startswith("error: ")
    assert last.startswith("hint: `assess-role")


@pytest.mark.parametrize("arguments", [("queue", "--bogus"), ("approve", "x"), ("queu",), ("corpus", "nothing")])
def test_a_usage_error_is_one_json_document_with_json(arguments: tuple[str, ...], cli: Cli) -> None:
    run = cli(*arguments, "--json")
    assert run.code == 2
    assert run.err == ""
    assert run.document["ok"] is False
    assert run.document["error"]["kind"] == "usage"
    assert run.document["error"]["message"]
    assert "--help" in run.document["error"]["hint"]


@pytest.mark.parametrize(
    "arguments", [(ROLE, "--json"), ("--json", ROLE), ("run", ROLE, "--json"), ("run", "queue", "--json")]
)
def test_a_role_is_the_main_job_wherever_its_options_stand(
    arguments: tuple[str, ...], cli: Cli, corpus_home: object
) -> None:
    run = cli(*arguments)
    assert run.code == 4
    assert run.document["error"]["kind"] == "needs_model"
    assert ("queue" if "queue" in arguments else ROLE) in run.document["error"]["message"]


def test_run_prints_the_agreed_document(waiting: Waiting) -> None:
    document = waiting.document
    assert set(document) >= SUMMARY_KEYS
    assert document["revision"].startswith("sha256:")
    assert len(document["revision"]) == 71
    assert (document["ok"], document["role"], document["seniority"]) == (True, ROLE, "Senior")
    assert (document["status"], document["gate"], document["published"]) == ("waiting", "inputs", None)
    assert (document["score"], document["zone"], document["label"]) == (35.6, "YELLOW", "YELLOW (Urgent)")
    assert document["findings"] == {"block": 0, "review": 0}
    assert document["usage"]["calls"] == 5
    assert document["usage"]["output_tokens"] == 1500
    assert document["usage"]["input_tokens"] > 1500


def test_show_and_resume_print_the_document_of_run(waiting: Waiting, cli: Cli) -> None:
    assert cli("show", waiting.id, "--json").document == waiting.document
    assert cli("resume", waiting.id, "--json").document == waiting.document


def test_queue_prints_the_agreed_items(waiting: Waiting, cli: Cli) -> None:
    document = cli("queue", "--json").document
    opened = document["items"][0].pop("opened_at")
    assert opened.endswith("Z")
    assert document == {
        "ok": True,
        "items": [
            {
                "id": waiting.id,
                "role": ROLE,
                "seniority": "Senior",
                "gate": "inputs",
                "revision": waiting.revision,
                "score": 35.6,
                "zone": "YELLOW",
                "label": "YELLOW (Urgent)",
                "findings": {"block": 0, "review": 0},
                "claimed_by": None,
                "claimed_until": None,
                "requested_by": getpass.getuser(),
                "risk": {
                    "fabricated": 0,
                    "misattributed": 0,
                    "unsupported": 0,
                    "fragile": False,
                    "single_source": 0,
                    "disagreements": 0,
                },
            }
        ],
    }


def test_corpus_search_prints_the_agreed_items(corpus_home: object, cli: Cli) -> None:
    items = cli("corpus", "search", "software developer job postings", "--limit", "3", "--json").document["items"]
    assert len(items) == 3
    for item in items:
        assert set(item) >= {"passage", "article", "title", "publisher", "date", "tier", "text", "score"}


@pytest.mark.parametrize(
    "arguments", [("queue",), ("published",), ("doctor", "--offline"), ("config",), ("corpus", "list")]
)
def test_empty_lists_and_checks_are_one_json_document(
    arguments: tuple[str, ...], corpus_home: object, cli: Cli
) -> None:
    run = cli(*arguments, "--json")
    assert (run.code, run.err, run.document["ok"]) == (0, "", True)


def test_stdout_is_data_and_stderr_is_words(waiting: Waiting, cli: Cli) -> None:
    queue = cli("queue")
    assert queue.out.splitlines()[1].startswith(waiting.id)
    assert "Next: assess-role review" in queue.err
    assert cli("published").out == ""


def test_quiet_leaves_only_the_result(corpus_home: object, cli: Cli, endpoint: Endpoint) -> None:
    run = cli("run", ROLE, "--quiet")
    assert (run.code, run.err) == (0, "")
    assert "status: waiting at gate inputs" in run.out


def test_a_run_says_beforehand_what_it_will_call(corpus_home: object, cli: Cli, endpoint: Endpoint) -> None:
    plan = cli("run", ROLE, "--dry-run", "--json").document
    assert plan["calls"] == {"to_gate_inputs": 5, "commentary": 1, "lens": 1, "redrafts_per_section": 2}
    assert endpoint.asked == []
    assert "5 model calls to the first checkpoint" in cli("run", ROLE).err


def test_no_colour_reaches_a_pipe(waiting: Waiting) -> None:
    shown = run_process("show", waiting.id)
    assert shown.returncode == 0
    assert "\x1b" not in shown.stdout + shown.stderr


def test_lines_in_a_pipe_have_no_padding(waiting: Waiting, cli: Cli) -> None:
    assert [line for line in cli("show", waiting.id).out.splitlines() if line != line.rstrip()] == []


@pytest.mark.parametrize("arguments", ["corpus list --json", "show {id}", "queue"])
def test_a_reader_that_leaves_the_pipe_causes_no_traceback(arguments: str, waiting: Waiting) -> None:
    script = (
        "import sys, subprocess; p = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.PIPE)"
    )
    script += "; p.stdout.read(1); p.stdout.close(); print(p.stderr.read().decode()); print(p.wait())"
    words = arguments.format(id=waiting.id).split()
    found = subprocess.run(
        [sys.executable, "-c", script, *COMMAND, *words], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    assert "Traceback" not in found
    assert "BrokenPipe" not in found
    assert found.splitlines()[-1] == "0"


def test_shell_completion_is_offered() -> None:
    shown = run_process("--show-completion", "bash", SHELL="/bin/bash")
    assert shown.returncode == 0
    assert "_ASSESS_ROLE_COMPLETE=complete_bash" in shown.stdout
    words = {"COMP_WORDS": "assess-role que", "COMP_CWORD": "1", "_ASSESS_ROLE_COMPLETE": "complete_bash"}
    assert run_process(**words).stdout.split() == ["queue"]


def test_the_version_is_printed_and_nothing_else(cli: Cli) -> None:
    run = cli("--version")
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith("assess-role ")


def test_help_loads_neither_graph_nor_index_nor_model() -> None:
    script = "import sys; from agent.cli.main import execute; execute(['--help']); "
    script += "print([m for m in ('langgraph', 'chromadb', 'openai', 'sqlalchemy', 'pydantic') if m in sys.modules])"
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment
    ).stdout
    assert json.loads(found.splitlines()[-1].replace("'", '"')) == []
