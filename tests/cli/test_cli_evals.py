"""`assess-role evals` starts the evals of its checkout, hands its options on, and says where there is no checkout."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from factories_cli import Cli

import agent

Started = list[tuple[list[str], dict[str, Any]]]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Started]:
    """Keeps what would be started, which ends with the given exit code."""

    def ending(code: int) -> Started:
        seen: Started = []

        def run(words: list[str], **options: Any) -> SimpleNamespace:
            seen.append((words, options))
            return SimpleNamespace(returncode=code)

        monkeypatch.setattr(subprocess, "run", run)
        return seen

    return ending


@pytest.mark.parametrize("code", [0, 3, 6])
def test_options_are_handed_on_and_the_exit_code_is_that_of_the_evals(
    code: int, started: Callable[[int], Started], cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = started(code)
    monkeypatch.chdir(tmp_path)
    words = (
        "--suite",
        "roles",
        "--suite",
        "ragas",
        "--live",
        "--max-tokens",
        "9",
        "--json",
        "r.json",
        "--html",
        "r.html",
    )
    assert cli("evals", *words).code == code
    handed_on = ["--live", "--max-tokens", "9", "--suite", "roles", "--suite", "ragas"]
    files = ["--json", str(tmp_path / "r.json"), "--html", str(tmp_path / "r.html")]
    top = Path(agent.__file__).resolve().parents[1]
    assert seen == [([sys.executable, "-m", "evals", *handed_on, *files], {"cwd": top, "check": False})]


def test_an_unknown_suite_is_a_usage_error(started: Callable[[int], Started], cli: Cli) -> None:
    seen = started(0)
    run = cli("evals", "--suite", "everything")
    assert (run.code, seen) == (2, [])
    assert "'everything'" in run.err and "roles" in run.err


def test_without_a_checkout_it_says_what_is_missing_and_where_to_find_it(
    started: Callable[[int], Started], cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = started(0)
    monkeypatch.setattr(agent, "__file__", str(tmp_path / "agent" / "__init__.py"))
    run = cli("evals")
    assert (run.code, run.out, seen) == (4, "", [])
    assert run.err.startswith("error: The evals are no part of the installed package: found no evals folder in ")
    assert "hint: Run them in a checkout: pip install" in run.err


def test_an_interruption_ends_it_with_its_own_code(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess, "run", interrupted)
    assert cli("evals").code == 130
