"""A newcomer's first hour: the installed wheel, an empty folder, an empty home, no key, no server."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from factories_packaging import Installed

ROLE = "ML Platform Engineer"
BY = ("--reviewer", "Ada Marsh")
REASON = "Read in its source; it is right as it stands."


def revision(document: dict[str, object]) -> tuple[str, ...]:
    return (str(document["id"]), "--revision", str(document["revision"]))


def open_findings(installed: Installed, document: dict[str, object]) -> list[str]:
    """Names of the findings that a person has to accept, from the store's own document."""
    shown = installed.run("show", str(document["id"]), "--revision", str(document["revision"]), COLUMNS="400")
    words = shown.stdout.replace("(", " ").replace(")", " ").split()
    return sorted({word.strip(".,:;") for word in words if word.startswith("G-") and "@" in word})


def approved(installed: Installed, document: dict[str, object]) -> dict[str, object]:
    """The assessment one gate further, with its REVIEW findings accepted by name where it has any."""
    findings = document["findings"]
    assert isinstance(findings, dict)
    assert findings["block"] == 0
    if findings["review"]:
        named = [part for name in open_findings(installed, document) for part in ("--finding", name)]
        document = installed.json("accept", *revision(document), *BY, "--reason", REASON, *named)
    return installed.json("approve", *revision(document), *BY)


@pytest.fixture(scope="module")
def published(installed: Installed) -> dict[str, object]:
    """The main job, from nothing to a publication."""
    first = installed.json(ROLE)
    assert (first["status"], first["gate"], first["role"]) == ("waiting", "inputs", ROLE)
    second = approved(installed, first)
    assert (second["status"], second["gate"]) == ("waiting", "publication")
    third = approved(installed, second)
    assert (third["status"], third["gate"]) == ("published", None)
    return third


def pages(document: dict[str, object]) -> Path:
    publication = document["published"]
    assert isinstance(publication, dict)
    return Path(str(publication["path"]))


def test_the_page_is_in_the_publish_folder_below_the_home(installed: Installed, published: dict[str, object]) -> None:
    folder = pages(published)
    assert folder.is_relative_to(installed.home)
    assert {"assessment.json", "assessment.md", "index.html"} <= {path.name for path in folder.iterdir()}
    assert list(installed.folder.iterdir()) == []


def test_published_lists_it(installed: Installed, published: dict[str, object]) -> None:
    (item,) = installed.json("published")["items"]
    same = ("id", "role", "seniority", "revision", "score", "zone", "label")
    assert {name: item[name] for name in same} == {name: published[name] for name in same}
    assert (item["version"], item["path"]) == (1, str(pages(published)))


def test_scoring_what_was_published_gives_the_same_score(installed: Installed, published: dict[str, object]) -> None:
    again = installed.json("score", str(pages(published) / "assessment.json"))
    assert (again["score"], again["zone"], again["label"]) == tuple(published[n] for n in ("score", "zone", "label"))


def test_nothing_waits_any_more(installed: Installed, published: dict[str, object]) -> None:
    assert installed.json("queue")["items"] == []


def test_doctor_finds_everything_in_order(installed: Installed, published: dict[str, object]) -> None:
    checks = installed.json("doctor", "--offline")["checks"]
    assert [check for check in checks if not check["ok"]] == []


def test_only_the_runtime_is_installed(installed: Installed) -> None:
    listing = subprocess.run([*installed.pip, "list", "--format=json"], capture_output=True, text=True, check=True)
    names = {str(item["name"]).lower() for item in json.loads(listing.stdout)}
    assert {"assess-role", "chromadb", "langgraph"} <= names
    assert names & {"deepeval", "ragas", "instructor", "langchain-community", "pytest", "hypothesis", "torch"} == set()


def test_the_installed_package_is_consistent(installed: Installed) -> None:
    check = subprocess.run([*installed.pip, "check"], capture_output=True, text=True, check=False)
    assert check.returncode == 0, check.stdout


def test_an_unknown_role_without_a_model_is_exit_4_and_names_the_ways_to_connect_one(installed: Installed) -> None:
    run = installed.run("Lighthouse Keeper", "--json")
    error = json.loads(run.stdout)["error"]
    assert (run.returncode, error["kind"]) == (4, "needs_model")
    assert "OPENAI_API_KEY" in error["hint"]
    assert "OPENAI_BASE_URL" in error["hint"]


@pytest.mark.parametrize(
    "environment", [{}, {"NO_COLOR": "1"}, {"COLUMNS": "80"}, {"TERM": "dumb"}, {"LANG": "C", "COLUMNS": "80"}]
)
@pytest.mark.parametrize("arguments", [("--help",), ("published",), ("show", "ml-platform")])
def test_output_into_a_pipe_has_no_escape_codes_and_fits_the_width(
    installed: Installed, published: dict[str, object], arguments: tuple[str, ...], environment: dict[str, str]
) -> None:
    run = installed.run(*arguments, **environment)
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip()
    assert "\x1b" not in run.stdout + run.stderr
    assert "Traceback" not in run.stderr
    if "COLUMNS" in environment and arguments == ("--help",):
        assert max(map(len, run.stdout.splitlines())) <= 80


def test_the_evals_are_said_to_be_in_a_checkout_only(installed: Installed) -> None:
    run = installed.run("evals")
    assert (run.returncode, run.stdout) == (4, "")
    assert run.stderr.startswith("error: The evals are no part of the installed package")
