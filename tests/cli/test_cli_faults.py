"""Faults outside: disk, permissions, endpoint, budget, Ctrl-C. A clear error, nothing half-written, and a way on."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from endpoint_cli import KEY, Endpoint, an_endpoint, answer
from factories_cli import ROLE, Cli, Waiting
from terminal_cli import COMMAND, PATIENCE_S, run_process

COMMANDS = (("queue",), ("corpus", "list"), (ROLE,), ("doctor", "--offline"), ("show", "x"), ("published",))


def no_traceback(run: subprocess.CompletedProcess[str]) -> None:
    assert "Traceback" not in run.stdout + run.stderr, run.stderr


@pytest.mark.parametrize("command", [*COMMANDS, ("config",)])
def test_a_home_that_is_a_file_is_a_storage_error(
    command: tuple[str, ...], tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.write_text("mine", encoding="utf-8")
    monkeypatch.setenv("ASSESS_ROLE_HOME", str(file))
    run = cli(*command, "--json")
    assert file.read_text(encoding="utf-8") == "mine"
    if command == ("config",):
        assert run.code == 0
        return
    assert run.code == 4
    if command[0] == "doctor":
        assert [check["check"] for check in run.document["checks"] if not check["ok"]] == ["home", "store"]
    else:
        assert run.document["error"]["kind"] == "storage"
        assert "ASSESS_ROLE_HOME" in run.document["error"]["hint"]


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A folder on a read-only file system; root ignores permissions, so a mount is needed there."""
    folder = tmp_path / "frozen"
    folder.mkdir()
    if os.geteuid() != 0:
        folder.chmod(0o555)
        yield folder
        folder.chmod(0o755)
        return
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", folder], capture_output=True, check=False
    ).returncode:
        pytest.skip("neither a plain user nor allowed to mount")
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_read_only_home_is_a_storage_error(
    command: tuple[str, ...], read_only: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSESS_ROLE_HOME", str(read_only / "home"))
    run = cli(*command)
    assert run.code == 4, run
    assert "Read-only" in run.out + run.err or "Permission denied" in run.out + run.err


@pytest.fixture
def little_room(tmp_path: Path) -> Iterator[Path]:
    """A folder on a file system of 4 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("takes the right to mount")
    yield folder
    subprocess.run(["umount", folder], check=True)


def fill(folder: Path, *, leave: int) -> Path:
    """Use up the folder's file system but for `leave` bytes."""
    file = folder / "filler"
    with file.open("wb") as filler:
        filler.write(b"x" * max(0, shutil.disk_usage(folder).free - leave))
    return file


@pytest.mark.parametrize("leave", [0, 100_000, 1_500_000])
def test_a_disk_that_fills_up_at_first_use_is_a_storage_error(leave: int, little_room: Path) -> None:
    filler = fill(little_room, leave=leave)
    run = run_process("corpus", "list", "--json", ASSESS_ROLE_HOME=str(little_room / "home"))
    no_traceback(run)
    assert run.returncode == 4, run
    assert '"kind": "storage"' in run.stdout
    filler.unlink()


def test_a_disk_that_fills_up_during_a_run_is_a_storage_error_and_the_run_goes_on_later(
    corpus_home: Path, little_room: Path, endpoint: Endpoint
) -> None:
    home = little_room / "home"
    shutil.copytree(corpus_home, home)

    def filling(schema: str, message: str) -> dict[str, object]:
        fill(little_room, leave=0)
        return answer(schema, message)

    endpoint.answers = filling
    run = run_process(ROLE, ASSESS_ROLE_HOME=str(home))
    no_traceback(run)
    assert run.returncode == 4, run
    assert "full" in run.stdout + run.stderr
    (little_room / "filler").unlink()
    endpoint.answers = answer
    stopped = run_process("queue", ASSESS_ROLE_HOME=str(home)).stderr
    assert "assess-role resume release-engineer-" in stopped
    name = stopped.split()[-1]
    resumed = run_process("resume", name, ASSESS_ROLE_HOME=str(home))
    assert (resumed.returncode, "status: waiting at gate inputs" in resumed.stdout) == (0, True), resumed


def test_a_limit_on_file_size_is_a_storage_error(home: Path) -> None:
    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    run = subprocess.run(
        [*COMMAND, "corpus", "list", "--json"],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
        preexec_fn=limit,
    )
    no_traceback(run)
    assert run.returncode == 4, run
    assert '"kind": "storage"' in run.stdout


def test_an_endpoint_without_a_model_name_is_refused_before_anything_is_kept(
    corpus_home: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    run = cli(ROLE, "--json")
    assert (run.code, run.document["error"]["kind"]) == (4, "prerequisite")
    assert "ASSESS_ROLE_MODEL" in run.document["error"]["hint"]


@pytest.mark.parametrize("status", [401, 404])
def test_an_endpoint_that_refuses_fails_the_run_in_a_way_that_can_be_resumed(
    status: int, corpus_home: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    with an_endpoint(status=status) as broken:
        for name, value in broken.environment().items():
            monkeypatch.setenv(name, value)
        worded = cli(ROLE)
        run = cli("resume", "release", "--json")
    assert (worded.code, run.code) == (5, 5)
    assert run.document["ok"] is False
    assert (run.document["status"], run.document["score"]) == ("failed", None)
    assert run.document["error"]["kind"] == "upstream"
    assert f"HTTP {status}" in run.document["error"]["message"]
    assert f"Next: assess-role resume {run.document['id']}" in worded.err
    assert KEY not in worded.out + worded.err + run.out
    with an_endpoint() as working:
        monkeypatch.setenv("OPENAI_BASE_URL", working.url)
        healed = cli("resume", "release", "--json")
    assert (healed.code, healed.document["status"]) == (0, "waiting")
    assert "error" not in healed.document


def test_an_endpoint_that_is_down_is_an_upstream_error(
    corpus_home: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.llm.retry.RetryPolicy.wait_s", lambda *_: 0.0)
    with an_endpoint() as gone:
        environment = gone.environment()
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    run = cli(ROLE, "--json")
    assert (run.code, run.document["error"]["kind"]) == (5, "upstream")
    assert "no connection" in run.document["error"]["message"]


def test_a_token_budget_that_is_too_small_stops_before_the_call_and_can_be_raised(
    corpus_home: Path, cli: Cli, endpoint: Endpoint
) -> None:
    run = cli(ROLE, "--max-tokens", "10", "--json")
    assert (run.code, run.document["ok"], run.document["error"]["kind"]) == (5, False, "budget")
    assert endpoint.asked == []
    healed = cli("resume", run.document["id"], "--max-tokens", "1000000", "--json")
    assert (healed.code, healed.document["status"]) == (0, "waiting")


def test_ctrl_c_leaves_at_once_with_130_and_no_answer_is_paid_twice(corpus_home: Path, endpoint: Endpoint) -> None:
    endpoint.hang_on = "TasksAnswer"
    process = subprocess.Popen([*COMMAND, ROLE, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert endpoint.hanging.wait(timeout=PATIENCE_S)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=10)
    assert (process.returncode, "Traceback" in err) == (130, False), err
    assert '"kind": "interrupted"' in out
    name = next(word for word in out.split() if word.startswith("release-engineer-")).rstrip(";")
    endpoint.hang_on = None
    before = set(endpoint.schemas) - {"TasksAnswer"}
    endpoint.asked.clear()
    resumed = run_process("resume", name, "--json")
    assert (resumed.returncode, '"status": "waiting"' in resumed.stdout) == (0, True), resumed
    assert "TasksAnswer" in endpoint.schemas
    assert "FrameAnswer" in before
    assert "FrameAnswer" not in endpoint.schemas


def test_a_config_file_that_is_wrong_is_named_by_every_command(home: Path, cli: Cli) -> None:
    home.mkdir()
    (home / "config.toml").write_text('modell = "x"\n', encoding="utf-8")
    for command in (("queue",), ("corpus", "list"), (ROLE,), ("doctor",), ("config",), ("record", ROLE)):
        run = cli(*command, "--json")
        assert (run.code, run.document["error"]["kind"]) == (3, "invalid_input"), command
        assert "modell" in run.document["error"]["message"]
    assert [file.name for file in home.iterdir()] == ["config.toml"]


def test_the_key_stands_nowhere_after_a_run_to_publication(corpus_home: Path, cli: Cli, endpoint: Endpoint) -> None:
    said = ""
    document = cli(ROLE, "--json").document
    for _ in range(2):
        run = cli("approve", document["id"], "--revision", document["revision"], "--reviewer", "Ada Marsh", "--json")
        document, said = run.document, said + run.out + run.err
    assert document["status"] == "published"
    said += cli("doctor").out + cli("config").out + cli("show", document["id"]).out
    assert endpoint.keys == {f"Bearer {KEY}"}
    assert KEY not in said
    holding = [file for file in corpus_home.rglob("*") if file.is_file() and KEY.encode() in file.read_bytes()]
    assert holding == []


def test_a_damaged_store_is_a_storage_error(waiting: Waiting, cli: Cli) -> None:
    for name in ("store.sqlite", "store.sqlite-wal", "store.sqlite-shm"):
        (waiting.home / name).unlink(missing_ok=True)
    (waiting.home / "store.sqlite").write_bytes(b"no database at all" * 100)
    run = cli("queue", "--json")
    assert (run.code, run.document["error"]["kind"]) == (4, "storage")


def test_damaged_checkpoints_are_a_storage_error(waiting: Waiting, cli: Cli) -> None:
    for file in waiting.home.glob("checkpoints.sqlite*"):
        file.unlink()
    (waiting.home / "checkpoints.sqlite").write_bytes(b"no database at all" * 100)
    run = cli("resume", waiting.id, "--json")
    assert (run.code, run.document["error"]["kind"]) == (4, "storage")
    assert cli("queue").code == 0
