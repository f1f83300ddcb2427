"""Both places that the index can lie in: a folder, and a Chroma server of our own on the loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from preloaded import index_checks_forked

from agent.evidence.places import FolderPlace, Place, ServerPlace

START_S = 60

PlaceMaker = Callable[[], Place]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class ChromaServer:
    """`chroma run` on a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        command = [str(Path(sys.executable).parent / "chroma"), "run", "--path", str(folder)]
        self._process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(self.port)],
            env={**os.environ, "ANONYMIZED_TELEMETRY": "False", "DO_NOT_TRACK": "1"},
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + START_S
        while not answers(self.port):
            if self._exited() or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"chroma run did not answer at {self.url} within {START_S} s")

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def _exited(self) -> bool:
        try:
            self._process.wait(0.1)
        except subprocess.TimeoutExpired:
            return False
        return True


@pytest.fixture(scope="session", autouse=True)
def _checks() -> Iterator[None]:
    with index_checks_forked():
        yield


@pytest.fixture(scope="session")
def chroma_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    server = ChromaServer(tmp_path_factory.mktemp("chroma"))
    yield server
    server.stop()


@pytest.fixture
def mortal_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    """A server that the test may stop."""
    server = ChromaServer(tmp_path_factory.mktemp("mortal"))
    yield server
    server.stop()


@pytest.fixture(params=["folder", "server"])
def a_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PlaceMaker]:
    """Opens the same place anew at every call, as another process would."""
    opened: list[Place] = []

    def make() -> Place:
        if request.param == "folder":
            place: Place = FolderPlace(tmp_path / "home" / "index")
        else:
            place = ServerPlace(request.getfixturevalue("chroma_server").url)
        opened.append(place)
        return place

    yield make
    for place in opened:
        place.close()
