"""A command line in this process, home folders that are ready, and a model server on loopback."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

import pytest
import typer.main
from endpoint_cli import Endpoint, an_endpoint
from factories_cli import BY, ROLE, Cli, Clipped, Waiting, _in_home, accepted, clean_environment, run_here
from factories_clippings import a_scan, clippings, write
from preloaded import index_checks_forked

from agent.evidence import embedding


@pytest.fixture(scope="session", autouse=True)
def _built_once() -> Iterator[None]:
    """A process builds its commands and loads the embedding model once; so does this one, for all command lines."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typer.main, "get_command", cache(typer.main.get_command))
        patch.setattr(embedding, "_load", lru_cache(maxsize=1)(embedding._load))
        with index_checks_forked():
            yield


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
def _clipped(tmp_path_factory: pytest.TempPathFactory) -> Clipped:
    base = tmp_path_factory.mktemp("clipped")
    folder = write(base / "clippings", {**clippings(), "scan.pdf": a_scan(), "picture.png": b"\x89PNG"})
    with _in_home(base / "home"):
        run = run_here("corpus", "add", str(folder), "--without-bundled", "--json")
    return Clipped(base / "home", folder, run)


@pytest.fixture
def clipped(_clipped: Clipped, home: Path) -> Clipped:
    """A home with nothing but a folder of clippings, one of every format. The folder is shared: do not change it."""
    shutil.copytree(_clipped.home, home)
    return Clipped(home, _clipped.folder, _clipped.run)


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


@pytest.fixture(scope="session")
def _published(_waiting: Waiting, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one published page."""
    home = tmp_path_factory.mktemp("published") / "home"
    shutil.copytree(_waiting.home, home)
    document = _waiting.document
    with an_endpoint() as endpoint, _in_home(home, endpoint.environment()):
        for _ in range(2):
            revision = accepted(_waiting.id, document["revision"])
            document = run_here("approve", _waiting.id, "--revision", revision, *BY).document
    assert document["status"] == "published", document
    return home


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    """A connected model."""
    with an_endpoint() as server:
        for name, value in server.environment().items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.fixture
def page(_published: Path, home: Path, tmp_path: Path) -> Path:
    """A published assessment.json, in the home that published it."""
    shutil.copytree(_published, home)
    (file,) = _published.glob("published/*/v1/assessment.json")
    return Path(shutil.copy(file, tmp_path / "assessment.json"))
