"""The workflow file of the evals for a CI service runs commands that there are, and asks a model only where one is."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from agent.cli.main import app

ROOT = Path(__file__).resolve().parents[2]
INSTALL = "python3 -m venv .venv && .venv/bin/pip install -q -c constraints.txt -e '.[evals]'"
CONFIGURED = "steps.model.outputs.configured == 'yes'"


@pytest.fixture(scope="module")
def workflow() -> dict[Any, Any]:
    document = yaml.safe_load((ROOT / ".github" / "workflows" / "evals.yml").read_text(encoding="utf-8"))
    assert isinstance(document, dict)
    return document


def commands(workflow: dict[Any, Any], job: str) -> Iterator[list[str]]:
    """The words of every line that a job runs."""
    for step in workflow["jobs"][job]["steps"]:
        for line in str(step.get("run", "")).splitlines():
            yield shlex.split(line)


@pytest.mark.parametrize("job", ["replayed", "live"])
def test_every_command_and_option_exists(job: str, workflow: dict[Any, Any]) -> None:
    run = [words for words in commands(workflow, job) if words and words[0] == ".venv/bin/assess-role"]
    assert len(run) == 1
    _, name, *arguments = run[0]
    command = typer.main.get_command(app).commands[name]  # type: ignore[attr-defined]
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in arguments if word.startswith("--")} - known == set()
    assert ("--live" in arguments) == (job == "live")


@pytest.mark.parametrize("job", ["replayed", "live"])
def test_it_installs_with_constraints_what_there_is(job: str, workflow: dict[Any, Any]) -> None:
    assert INSTALL in [step.get("run") for step in workflow["jobs"][job]["steps"]]
    assert (ROOT / "constraints.txt").is_file()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "evals" in project["optional-dependencies"]


def test_telemetry_is_off_in_every_job(workflow: dict[Any, Any]) -> None:
    off = {"DEEPEVAL_TELEMETRY_OPT_OUT": "1", "RAGAS_DO_NOT_TRACK": "true", "ANONYMIZED_TELEMETRY": "False"}
    assert off.items() <= workflow["env"].items()


def test_the_offline_job_knows_no_secret(workflow: dict[Any, Any]) -> None:
    assert "secrets." not in str(workflow["jobs"]["replayed"])


def test_the_live_job_is_scheduled_and_does_nothing_without_a_secret(workflow: dict[Any, Any]) -> None:
    # YAML 1.1 reads the key `on` as true.
    assert workflow[True]["schedule"]
    live = workflow["jobs"]["live"]
    assert "github.event_name == 'schedule'" in live["if"]
    first, *others = live["steps"]
    assert first["id"] == "model" and "$OPENAI_API_KEY$OPENAI_BASE_URL" in first["run"]
    assert [step["name"] for step in others if "name" in step and CONFIGURED not in step["if"]] == []
    assert all(CONFIGURED in step["if"] for step in others)


def test_a_report_is_kept_also_of_a_run_that_failed(workflow: dict[Any, Any]) -> None:
    for job in workflow["jobs"].values():
        last = job["steps"][-1]
        written = re.findall(r"--(?:json|html) (\S+)\.", str(job["steps"]))
        assert last["if"].startswith("always()")
        assert set(written) == {last["with"]["path"].removesuffix(".*")}
