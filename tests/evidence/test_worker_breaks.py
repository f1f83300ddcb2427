"""What happens when the workers themselves fail, and what they may not do."""

from __future__ import annotations

import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from agent.errors import Prerequisite
from agent.evidence import worker as worker_module
from agent.evidence.document import Document, ReadOptions
from agent.evidence.worker import Extraction, Limits, extract


def reaches_out(name: str, data: bytes, options: ReadOptions) -> Iterator[Document]:
    """Does what no reader may do, as the file says."""
    match data.decode():
        case "connect":
            socket.create_connection(("127.0.0.1", 9), timeout=1)
        case "look up":
            socket.getaddrinfo("example.org", 80)
        case "run":
            subprocess.run(["true"], check=True)
        case "leave":
            raise SystemExit(0)
        case "signal":
            signal.raise_signal(signal.SIGSEGV)
    yield Document(data.decode())


READER = "test_worker_breaks:reaches_out"


def some_files(folder: Path, *texts: str) -> list[Path]:
    files = [folder / f"{number}.md" for number in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text)
    return files


def outcomes(extractions: list[Extraction]) -> list[str]:
    return [
        found.documents[0].text if found.documents else ", ".join(skipped.reason for skipped in found.skipped)
        for found in extractions
    ]


def breaking(monkeypatch: pytest.MonkeyPatch, name: str, times: int) -> list[str]:
    """Makes the workers seem broken so many times when the file of this name is waited for."""
    original = worker_module._Workers._outcome
    broken: list[str] = []

    def outcome(
        self: worker_module._Workers, pool: worker_module._Pool, path: Path, future: Future[Extraction]
    ) -> Extraction:
        if path.name == name and len(broken) < times:
            broken.append(name)
            raise worker_module._Broken("they are gone")
        return original(self, pool, path, future)

    monkeypatch.setattr(worker_module._Workers, "_outcome", outcome)
    return broken


def test_a_reader_gets_neither_to_the_network_nor_to_other_programs(tmp_path: Path) -> None:
    files = some_files(tmp_path, "connect", "look up", "run", "a text")
    refused = "its reader failed: PermissionError"
    done = outcomes(list(extract(files, ReadOptions(), Limits(reader=READER))))
    assert done == [refused, refused, refused, "a text"]


def test_a_reader_that_ends_its_process_in_any_way_costs_one_file(tmp_path: Path) -> None:
    files = some_files(tmp_path, "leave", "one", "signal", "two")
    done = outcomes(list(extract(files, ReadOptions(), Limits(reader=READER))))
    assert done == ["its reader failed: SystemExit", "one", "its reader crashed (exit code -11)", "two"]


def test_files_are_read_anew_by_other_workers_when_the_workers_break(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [f"text {number}" for number in range(20)]
    broken = breaking(monkeypatch, "3.md", worker_module.ATTEMPTS - 1)
    done = list(extract(some_files(tmp_path, *texts), ReadOptions(), Limits(reader=READER)))
    assert outcomes(done) == texts
    assert len(broken) == worker_module.ATTEMPTS - 1


def test_a_file_that_breaks_the_workers_each_time_is_left_out_and_the_rest_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaking(monkeypatch, "1.md", 99)
    done = list(extract(some_files(tmp_path, "one", "two", "three"), ReadOptions(), Limits(reader=READER)))
    assert outcomes(done) == ["one", "its reader crashed", "three"]


def test_workers_that_say_nothing_are_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "START_S", 0.0)
    monkeypatch.setattr(worker_module, "LOOK_S", 0.001)
    limits = Limits(reader=READER, timeout_s=0.001)
    with pytest.raises(Prerequisite, match="they gave no answer"):
        list(extract(some_files(tmp_path, "one"), ReadOptions(), limits))


def test_processes_that_cannot_be_started_are_an_error_and_no_file_is_blamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONHOME", str(tmp_path))
    with pytest.raises(Prerequisite, match="The processes that read files cannot be started"):
        list(extract(some_files(tmp_path, "one"), ReadOptions(), Limits(reader=READER)))


def test_a_worker_ends_at_its_limit_even_when_nobody_is_left_to_stop_it(tmp_path: Path) -> None:
    code = (
        "from agent.evidence.worker import _limited\n"
        "import threading\n"
        "with _limited(4_000_000_000, 0.05):\n    threading.Event().wait(60)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], timeout=30, check=False)
    assert done.returncode == -signal.SIGALRM


def test_the_limits_of_one_file_are_lifted_after_it() -> None:
    before = (resource.getrlimit(resource.RLIMIT_AS), signal.getitimer(signal.ITIMER_REAL))
    with worker_module._limited(8_000_000_000, 60):
        assert resource.getrlimit(resource.RLIMIT_AS)[0] == 8_000_000_000
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 50
    assert (resource.getrlimit(resource.RLIMIT_AS), signal.getitimer(signal.ITIMER_REAL)) == before
