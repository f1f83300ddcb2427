"""A command line in this process, home folders that are ready, and a model server on loopback."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from endpoint_cli import Endpoint, an_endpoint

from agent.cli.main import execute

ROLE = "Release Engineer"
OURS = ("ASSESS_ROLE_", "OPENAI_")


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


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home folder of the test, not made yet; no model connected."""
    folder = tmp_path / "home"
    clean_environment(monkeypatch, folder)
    return folder


@pytest.fixture
def cli() -> Cli:
    """Run a command line in this process."""
    return run_here


@pytest.fixture(scope="session")
def _corpus_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus") / "home"
    with _in_home(folder):
        assert run_here("corpus", "list").code == 0
    return folder


@pytest.fixture
def corpus_home(_corpus_home: Path, home: Path) -> Path:
    """The home folder with the bundled corpus taken over."""
    shutil.copytree(_corpus_home, home)
    return home


@pytest.fixture(scope="session")
def _waiting(_corpus_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Waiting:
    folder = tmp_path_factory.mktemp("waiting") / "home"
    shutil.copytree(_corpus_home, folder)
    with an_endpoint() as endpoint, _in_home(folder, endpoint.environment()):
        run = run_here("run", ROLE, "--json")
    document = run.document
    assert (run.code, document["status"]) == (0, "waiting"), run
    return Waiting(folder, document["id"], document["revision"], document)


@pytest.fixture
def waiting(_waiting: Waiting, home: Path) -> Waiting:
    """An assessment at gate 1 in the test's home; no model connected."""
    shutil.copytree(_waiting.home, home)
    return Waiting(home, _waiting.id, _waiting.revision, _waiting.document)


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    """A connected model."""
    with an_endpoint() as server:
        for name, value in server.environment().items():
            monkeypatch.setenv(name, value)
        yield server
