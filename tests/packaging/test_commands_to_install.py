"""The two commands of the README are the ones that are tested: `.ci/run` and these tests run what it says."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
USE = 'python3 -m venv .venv && .venv/bin/pip install -q . && .venv/bin/assess-role "ML Platform Engineer"'
TEST = (
    "python3 -m venv .venv && .venv/bin/pip install -q -c constraints.txt -e '.[evals,test]' "
    "&& .venv/bin/python -m pytest -n auto --dist loadfile"
)


@pytest.mark.parametrize("command", [USE, TEST], ids=["use", "test"])
def test_the_readme_gives_one_command_each_to_use_and_to_test(command: str) -> None:
    assert command in (ROOT / "README.md").read_text(encoding="utf-8")


def test_ci_calls_the_command_that_the_documents_give() -> None:
    assert TEST in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert TEST in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_ci_is_a_program_that_stops_at_the_first_failure() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "set -euo pipefail" in script.read_text(encoding="utf-8")
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0
