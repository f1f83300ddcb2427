"""Values and runs of the command line for its tests."""

from __future__ import annotations

import contextlib
import io
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from agent.cli.main import execute
from agent.settings import read_settings
from agent.workflow.wiring import open_stores

ROLE = "Release Engineer"
OURS = ("ASSESS_ROLE_", "OPENAI_", "OTEL_")


@dataclass(frozen=True)
class Run:
    """What one command line did."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """stdout as the one JSON document it has to be."""
        document = json.loads(self.out)
        assert isinstance(document, dict)
        return document


Cli = Callable[..., Run]


def run_here(*arguments: str) -> Run:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = execute(arguments)
    return Run(code, out.getvalue(), err.getvalue())


@dataclass(frozen=True)
class Waiting:
    """An assessment that waits at gate 1 in a home of its own."""

    home: Path
    id: str
    revision: str
    document: dict[str, Any]


@dataclass(frozen=True)
class Clipped:
    """A home into which a folder was added, and what the command said."""

    home: Path
    folder: Path
    run: Run


@contextlib.contextmanager
def _in_home(home: Path, more: dict[str, str] | None = None) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        clean_environment(patch, home)
        for name, value in (more or {}).items():
            patch.setenv(name, value)
        yield


def clean_environment(patch: pytest.MonkeyPatch, home: Path) -> None:
    for name in list(os.environ):
        if name.startswith(OURS) or name in ("EDITOR", "VISUAL", "COLUMNS", "NO_COLOR", "FORCE_COLOR"):
            patch.delenv(name)
    patch.setenv("ASSESS_ROLE_HOME", str(home))


BY = ("--reviewer", "Ada Marsh", "--json")


def accepted(assessment: str, revision: str) -> str:
    """The revision in which a person has accepted what the guard wants a person to look at."""
    with open_stores(read_settings()) as stores:
        content = stores.review.revision(assessment, revision)
    done = {acceptance.finding for acceptance in content.accepted}
    asked = [f.id for f in content.guard.findings if f.id not in done]
    if not asked:
        return revision
    findings = [word for name in asked for word in ("--finding", name)]
    run = run_here("accept", assessment, "--revision", revision, "--reason", "Read, and good enough.", *findings, *BY)
    assert run.code == 0, run
    return str(run.document["revision"])
