from __future__ import annotations

import hashlib
import json
import os
import select
import signal
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from factories_evidence import a_corpus, an_article_about, run_beside
from factories_formats import SENTENCE
from factories_kinds import NAMES, a_page, samples
from factories_readers import COPIES, REPORTS, held_files, read_all, write_files

from agent.evidence import worker as worker_module
from agent.evidence.document import Document, ReadOptions, Unreadable
from agent.evidence.extraction import extracted, read_whole
from agent.evidence.formats.kinds import Kind
from agent.evidence.worker import IN_FLIGHT, Extraction, Limits, extract

LIMIT_S = 30
MEMORY_BYTES = 400_000_000


def reasons(extractions: list[Extraction]) -> list[str]:
    """Of each file its text, or why there is none."""
    return [
        extraction.documents[0].text if extraction.documents else extraction.skipped[0].reason
        for extraction in extractions
    ]


def read_files(*files: Path, **options: object) -> list[Extraction]:
    return list(extract(files, ReadOptions(**options)))  # type: ignore[arg-type]


def processes(extractions: list[Extraction]) -> set[str | None]:
    return {document.title for extraction in extractions for document in extraction.documents}


def is_running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def children(process: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{process}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return found


def has_ended(process: int) -> bool:
    """Waits for a process that is not ours to wait for."""
    try:
        handle = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    try:
        waiting = select.poll()
        waiting.register(handle, select.POLLIN)
        return bool(waiting.poll(LIMIT_S * 1000))
    finally:
        os.close(handle)


def test_an_extraction_says_what_was_read_and_how_it_was_found(tmp_path: Path) -> None:
    file, page = tmp_path / "a.md", tmp_path / "b.html"
    file.write_text(f"# Head\n\n{SENTENCE}")
    page.write_bytes(a_page())
    first, second = read_files(file, page)
    state, data = file.stat(), file.read_bytes()
    assert first == Extraction(
        file,
        hashlib.sha256(data).hexdigest(),
        state.st_size,
        state.st_mtime_ns,
        (Document(data.decode(), title="Head"),),
    )
    assert (second.path, second.documents[0].title) == (page, "Jobs down")


def test_a_file_that_hoards_crashes_or_raises_costs_itself_and_nothing_else(tmp_path: Path) -> None:
    texts = ["one", "two", "hoard", "three", "exit 3", "four", "raise", "refuse", "five", "quit", "six"]
    done = read_all(tmp_path, *texts, memory_bytes=MEMORY_BYTES)
    assert reasons(done) == [
        "one",
        "two",
        "reading it needed more than 0.4 GB of memory",
        "three",
        "its reader crashed (exit code 3)",
        "four",
        "its reader failed: ZeroDivisionError",
        "it is encrypted",
        "five",
        "its reader failed: SystemExit",
        "six",
    ]
    assert [extraction.path.name for extraction in done] == [f"{number}.md" for number in range(len(texts))]


def test_a_file_that_hangs_costs_its_time_and_nothing_else(tmp_path: Path) -> None:
    done = read_all(tmp_path, "one", "hang", "two", "hang", "three", timeout_s=3.0)
    late = "reading it took more than 3 s"
    assert reasons(done) == ["one", late, "two", late, "three"]


def test_results_come_in_the_order_of_the_files_with_any_number_of_workers(tmp_path: Path) -> None:
    texts = [f"text {number}" for number in range(60)]
    assert reasons(read_all(tmp_path, *texts, workers=3)) == texts


def test_what_a_reader_prints_reaches_nobody(tmp_path: Path) -> None:
    write_files(tmp_path, "print", "more")
    code = (
        "import sys; from pathlib import Path; from factories_readers import *\n"
        "if __name__ == '__main__':\n"
        "    files = sorted(Path(sys.argv[1]).iterdir())\n"
        "    print([len(e.documents) for e in extract(files, ReadOptions(), Limits(reader=READER))])\n"
    )
    process = run_beside(code, str(tmp_path))
    assert (process.communicate(timeout=LIMIT_S), process.returncode) == (("[1, 1]\n", ""), 0)


def test_what_a_file_leaves_in_memory_is_not_held_against_those_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "FILES_A_WORKER", 4)
    texts = ["leave 30"] * 24
    assert reasons(read_all(tmp_path, *texts, workers=1, memory_bytes=MEMORY_BYTES)) == texts


def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "_Workers", lambda *_: pytest.fail("a worker was started"))


def left_to_workers(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that are not read in this process; none is read at all."""
    asked: list[Path] = []

    class Nobody:
        def __init__(self, *_: object) -> None: ...

        def read(self, files: Sequence[Path]) -> Iterator[Extraction]:
            asked.extend(files)
            return iter(())

    monkeypatch.setattr(worker_module, "_Workers", Nobody)
    return asked


def test_plain_text_needs_no_process_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    no_worker(monkeypatch)
    files = write_files(tmp_path, SENTENCE, "", "MZ\x00\x01" * 400, "MZ Wallace hires.")
    (tmp_path / "none.md").symlink_to("nowhere")
    assert reasons(read_files(*files, tmp_path / "none.md")) == [
        SENTENCE,
        "it is empty",
        "it is a program",
        "MZ Wallace hires.",
        "it cannot be read: No such file or directory",
    ]
    assert read_files() == []


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in (Kind.PLAIN, Kind.CSV)])
def test_what_only_calls_itself_text_is_read_in_a_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> None:
    asked = left_to_workers(monkeypatch)
    file = tmp_path / "a.md"
    file.write_bytes(samples()[kind])
    assert (read_files(file), asked) == ([], [file])


@pytest.mark.parametrize("data", [b"word " * 100_000, "Löhne ".encode("cp1252") * 40], ids=["large", "old encoding"])
def test_a_text_that_takes_work_is_read_in_a_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes
) -> None:
    asked = left_to_workers(monkeypatch)
    file = tmp_path / "a.md"
    file.write_bytes(data)
    assert (read_files(file), asked) == ([], [file])


def test_texts_before_the_first_other_file_wait_for_no_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = left_to_workers(monkeypatch)
    first, second = write_files(tmp_path, "one", "two")
    page = tmp_path / "a.html"
    page.write_bytes(a_page())
    assert reasons(read_files(first, page, second)) == ["one"]
    assert asked == [page, second]


def shortened(file: Path) -> None:
    file.write_text("w")


def replaced(file: Path) -> None:
    other = file.with_name("other")
    other.write_text("other")
    other.replace(file)


def written_over(file: Path) -> None:
    file.write_text("other")
    os.utime(file, ns=(7, 7))


def lengthened(file: Path) -> None:
    file.write_text("words and more of them")


@pytest.mark.parametrize("change", [shortened, lengthened, replaced, written_over])
def test_a_file_that_changes_while_it_is_read_is_left_out(tmp_path: Path, change: Callable[[Path], None]) -> None:
    file = tmp_path / "a.md"
    file.write_text("words")
    changes = iter([change])

    def read(descriptor: int, size: int) -> bytes:
        for change_once in changes:
            change_once(file)
        return os.read(descriptor, size)

    with pytest.raises(Unreadable, match=r"\Ait changed while it was read\Z"):
        read_whole(file, 1_000, read=read)


def test_a_file_that_is_gone_or_too_large_or_none_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    good, large, pipe, page = (tmp_path / name for name in ("good.md", "large.md", "pipe.md", "page.html"))
    good.write_text("words")
    large.write_text("words " * 1_000)
    os.mkfifo(pipe)
    page.write_bytes(a_page("Words."))
    for others in ([], [page]):
        done = read_files(good, tmp_path / "gone.md", large, pipe, tmp_path, *others, max_bytes=5_000)
        assert reasons(done)[:5] == [
            "words",
            "it cannot be read: No such file or directory",
            "it has 0.0 MB, at most 0 MB are read",
            "it is no regular file",
            "it is no regular file",
        ]


def test_every_kind_comes_through_a_worker_as_it_is_read(tmp_path: Path) -> None:
    files = []
    for kind, data in samples().items():
        files.append(tmp_path / NAMES[kind])
        files[-1].write_bytes(data)
    assert list(extract([tmp_path / "a.pdf", *files], ReadOptions()))[1:] == [
        extracted(file, ReadOptions()) for file in files
    ]


def test_workers_hold_nothing_of_the_store_open(tmp_path: Path) -> None:
    home = tmp_path / "home"
    corpus = a_corpus(home)
    corpus.take([an_article_about("one", "welders")])
    assert corpus.search(["welders"], limit=1)
    mine = held_files()
    assert any(path.startswith(str(home)) for path in mine)
    done = read_all(tmp_path, "a", "b", reader=REPORTS)
    held = [line for extraction in done for line in extraction.documents[0].text.splitlines()]
    assert held
    assert [path for path in held if path.startswith(str(home))] == []


def test_at_most_so_many_workers_read_and_none_is_left(tmp_path: Path) -> None:
    done = read_all(tmp_path, *["x"] * 12, reader=REPORTS, workers=2)
    used = processes(done)
    assert len(used) in (1, 2)
    assert str(os.getpid()) not in used
    assert [process for process in used if is_running(int(str(process)))] == []


def test_no_worker_is_left_when_nobody_wants_the_rest(tmp_path: Path) -> None:
    files = write_files(tmp_path, *["x"] * 40)
    reading = extract(files, ReadOptions(), Limits(reader=REPORTS))
    process = next(reading).documents[0].title
    reading.close()  # type: ignore[attr-defined]
    assert not is_running(int(str(process)))


class Counted(list[Path]):
    """Files, and how many of them were taken to be read."""

    taken = 0

    def __iter__(self) -> Iterator[Path]:
        for file in list.__iter__(self):
            Counted.taken += 1
            yield file

    def __getitem__(self, at: Any) -> Any:
        found = list.__getitem__(self, at)
        return Counted(found) if isinstance(at, slice) else found


def test_no_more_files_are_taken_ahead_than_may_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Counted, "taken", 0)
    files = Counted(write_files(tmp_path, *["x"] * 60))
    reading = extract(files, ReadOptions(), Limits(reader=REPORTS))
    taken = []
    for _ in range(3):
        next(reading)
        taken.append(Counted.taken)
    reading.close()  # type: ignore[attr-defined]
    assert taken == [IN_FLIGHT, IN_FLIGHT + 1, IN_FLIGHT + 2]


def test_thousands_of_texts_pass_through_without_staying_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "FILES_A_WORKER", 0)
    files = write_files(tmp_path, *["x"] * 2_000)
    reading = extract(files, ReadOptions(), Limits(reader=COPIES))
    next(reading)
    tracemalloc.start()
    try:
        rest = sum(len(extraction.documents[0].text) for extraction in reading)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert rest == 1_999 * 250_000
    assert most < 3 * IN_FLIGHT * 250_000


INTERRUPTED = """
import sys
from pathlib import Path
from factories_readers import *

if __name__ == "__main__":
    files = sorted(Path(sys.argv[1]).glob("*.md"))
    try:
        for extraction in extract(files, ReadOptions(), Limits(reader=READER)):
            print(extraction.documents[0].text, flush=True)
    except KeyboardInterrupt:
        print("interrupted", flush=True)
        raise SystemExit(130)
"""


def a_reading_program(folder: Path, *, session: bool) -> tuple[subprocess.Popen[str], list[int]]:
    """A program that has read one file and hangs on the next two, and all its processes."""
    marks = [folder / "mark0", folder / "mark1"]
    write_files(folder, "one", *(f"mark {mark}" for mark in marks))
    here = Path(__file__).resolve()
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, str(folder)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(here.parents[2]), str(here.parent)])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=session,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "one\n"
    deadline = time.monotonic() + LIMIT_S
    while not all(mark.exists() and mark.read_text() for mark in marks):
        assert time.monotonic() < deadline
    return process, children(process.pid)


@pytest.mark.parametrize("whole_group", [True, False], ids=["ctrl-c", "one process"])
def test_an_interrupt_ends_the_workers_at_once_and_in_silence(tmp_path: Path, whole_group: bool) -> None:
    process, workers = a_reading_program(tmp_path, session=True)
    assert len(workers) >= 2
    if whole_group:
        os.killpg(process.pid, signal.SIGINT)
    else:
        process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=LIMIT_S)
    assert (process.returncode, out, err) == (130, "interrupted\n", "")
    assert all(has_ended(worker) for worker in workers)


def test_workers_end_with_a_program_that_was_killed(tmp_path: Path) -> None:
    process, workers = a_reading_program(tmp_path, session=False)
    process.kill()
    process.communicate(timeout=LIMIT_S)
    assert len(workers) >= 2
    assert all(has_ended(worker) for worker in workers)


def test_reading_is_the_same_for_a_program_without_a_terminal(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_bytes(a_page())
    code = (
        "import sys, json; from pathlib import Path\n"
        "from agent.evidence.worker import extract; from agent.evidence.document import ReadOptions\n"
        "if __name__ == '__main__':\n"
        "    print(json.dumps([d.title for e in extract([Path(sys.argv[1])], ReadOptions()) for d in e.documents]))\n"
    )
    process = run_beside(code, str(page))
    out, err = process.communicate("", timeout=LIMIT_S)
    assert (json.loads(out), err) == (["Jobs down"], "")
