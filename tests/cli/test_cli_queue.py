"""`queue`: order, filters, the line for a shell prompt, and how little it loads."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from factories_cli import Cli
from queues_cli import Queue
from terminal_cli import Screen

from agent.schemas.risk import Risk
from agent.schemas.vocabulary import Gate


def ago(**span: int) -> str:
    return (datetime.now(UTC) - timedelta(**span)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture
def queue(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Queue]:
    """A plain old review, a risky one that Ada holds, a blocked one at gate 2; Ada looks."""
    monkeypatch.setenv("ASSESS_ROLE_REVIEWER", "Ada  Marsh")
    found = Queue(home)
    found.add("plain-1", opened_at=ago(days=2, hours=3))
    found.add("risky-1", role="Data Engineer", risk=Risk(fragile=True, single_source=2), holder="Ada Marsh")
    found.add("worst-1", zone=None, gate=Gate.PUBLICATION, risk=Risk(fabricated=1), block=1, opened_at=ago(hours=1))
    yield found
    found.db.close()


def ids(cli: Cli, *options: str) -> list[str]:
    return [item["id"] for item in cli("queue", *options, "--json").document["items"]]


def test_the_queue_lists_the_riskiest_first(queue: Queue, cli: Cli) -> None:
    assert ids(cli) == ["worst-1", "risky-1", "plain-1"]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (("--gate", "publication"), ["worst-1"]),
        (("--zone", "yellow"), ["risky-1", "plain-1"]),
        (("--role", "DATA engineer"), ["risky-1"]),
        (("--mine",), ["risky-1"]),
        (("--free",), ["worst-1", "plain-1"]),
        (("--free", "--gate", "inputs"), ["plain-1"]),
        (("--zone", "GREEN"), []),
    ],
)
def test_a_filter_narrows_the_queue(options: tuple[str, ...], found: list[str], queue: Queue, cli: Cli) -> None:
    assert ids(cli, *options) == found


def test_an_item_says_what_is_risky_who_asked_and_who_holds_it_until_when(queue: Queue, cli: Cli) -> None:
    item = cli("queue", "--mine", "--json").document["items"][0]
    assert item["risk"] == {
        "fabricated": 0,
        "misattributed": 0,
        "unsupported": 0,
        "fragile": True,
        "single_source": 2,
        "disagreements": 0,
    }
    assert (item["claimed_by"], item["requested_by"]) == ("Ada Marsh", "Cleo")
    assert item["claimed_until"] > ago(minutes=0)


def test_the_table_shows_risk_and_holder_at_80_columns(queue: Queue) -> None:
    with Screen(["queue"], columns=80) as screen:
        assert screen.end() == 0
        lines = screen.text.splitlines()
    assert [line for line in lines if len(line) > 80] == []
    assert "fragile zone, 2 of one source" in screen.words
    assert "held by Ada Marsh until 2" in screen.words
    assert "1 fabricated" in screen.words


def test_where_nothing_fits_the_queue_says_how_many_wait(queue: Queue, cli: Cli) -> None:
    run = cli("queue", "--zone", "RED")
    assert (run.code, run.out, run.err) == (0, "", "None of the 3 that wait for review fits.\n")


def test_the_brief_says_how_many_wait_how_many_nobody_can_approve_and_what_one_holds(queue: Queue, cli: Cli) -> None:
    queue.add("recent-1", opened_at=ago(minutes=5))
    assert cli("queue", "--brief").out == "4 wait (1 blocked, oldest 276 d), 1 held by you\n".replace(
        "276 d", f"{(datetime.now(UTC) - datetime(2026, 2, 25, 10, tzinfo=UTC)).days} d"
    )
    assert cli("queue", "--brief", "--free", "--gate", "inputs").out == "2 wait (oldest 2 d)\n"
    assert cli("queue", "--brief", "--gate", "publication").out == "1 waits (1 blocked, oldest 1 h)\n"
    assert re.fullmatch(r"1 waits \(oldest [5-6] min\)\n", cli("queue", "--brief", "--role", "recent").out)


def test_the_brief_is_empty_where_nothing_waits_and_makes_no_home(home: Path, cli: Cli) -> None:
    run = cli("queue", "--brief")
    assert (run.code, run.out, run.err) == (0, "", "")
    assert not home.exists()
    Queue(home).db.close()
    run = cli("queue", "--brief")
    assert (run.code, run.out, run.err) == (0, "", "")


def test_a_token_that_is_not_valid_holds_nothing_and_is_said(
    queue: Queue, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSESS_ROLE_TOKEN", "no-token-of-this-home")
    run = cli("queue", "--mine", "--json")
    assert (run.code, run.document["error"]["kind"]) == (3, "forbidden")
    assert cli("queue", "--brief").out.endswith(" d)\n")


@pytest.mark.parametrize("options", [("--brief", "--json"), ("--mine", "--free"), ("--gate", "third"), ("--zone", "x")])
def test_options_that_do_not_go_together_are_a_usage_error(options: tuple[str, ...], cli: Cli, home: Path) -> None:
    assert cli("queue", *options).code == 2
    assert not home.exists()


def test_the_brief_loads_neither_graph_nor_review_service_nor_what_draws_tables(queue: Queue) -> None:
    code = "import sys; from agent.cli.main import execute; execute(['queue', '--brief']); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ})
    line, modules = run.stdout.splitlines()
    assert line.startswith("3 wait (1 blocked, ")
    loaded = set(modules.split())
    assert {name.partition(".")[0] for name in loaded} & {"langgraph", "chromadb", "openai", "numpy", "rich"} == set()
    rooms = {name.split(".")[1] for name in loaded if name.startswith("agent.")}
    assert rooms & {"grounding", "scoring", "drafting", "evidence", "llm"} == set()
    assert {name for name in loaded if name.startswith("agent.review.")} == {"agent.review.queue"}
