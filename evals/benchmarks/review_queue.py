"""The review queue in a browser, measured on this machine: pages, scores and many reviewers at once.

    .venv/bin/python evals/benchmarks/review_queue.py [ASSESSMENTS] [OPEN] [REVIEWERS]

A recorded role is drafted once up to its first gate; its rows are then copied under other ids, so that every assessment
is as large as a real one, those that wait with their drafts and checkpoints. The server runs in this process on
127.0.0.1 and is asked over a socket: what is printed holds the client too. Nothing is called over the network. The home
lies in a temporary folder, which is removed.
"""

from __future__ import annotations

import os
import platform
import secrets
import socket
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn

from agent.review.identity import Scope
from agent.review.keeping import new_token
from agent.review.service import Reviewer
from agent.settings import Settings
from agent.store.accounts import AccountRole
from agent.web.app import application
from agent.web.desk import Desk
from agent.web.visitor import Door, LocalKey
from agent.web.worker import Worker
from agent.workflow.engine import Engine, open_runner, request_for

ROLE = "ML Platform Engineer"
REQUESTS = 50
REASON = "Measured, and not wanted."
OPERATOR = Reviewer(name="operator", channel="script")
COPIED = ("assessments", "revisions", "reviews")
"""Tables of an assessment, those that others refer to first."""
INPUTS = {
    "role": ROLE,
    "tasks": [{"name": f"Task {at}", "share": 20, "score": 3, "bucket": "augmentation"} for at in range(5)],
    "evidence": dict.fromkeys(("job_postings", "company_actions", "wages", "tool_maturity", "expert_consensus"), 1),
    "barriers": dict.fromkeys(("regulatory", "physical", "union", "liability", "cultural"), 0),
    "growth": 0,
    "principles": dict.fromkeys(("physicality", "interpersonal", "judgment"), 1),
}


say = sys.stdout.write


def copy_rows(file: Path, table: str, column: str, before: str, names: Sequence[str]) -> None:
    """Copy the rows of one assessment under each of these names, which are as long as its own, wherever it is named."""
    with sqlite3.connect(file) as db:
        rows = db.execute(f"SELECT * FROM {table} WHERE {column} = ?", (before,)).fetchall()
        marks = ",".join("?" * len(rows[0])) if rows else ""
        for name in names:
            db.executemany(f"INSERT INTO {table} VALUES ({marks})", [_renamed(row, before, name) for row in rows])


def _renamed(row: Sequence[object], before: str, name: str) -> list[object]:
    values: list[object] = []
    for value in row:
        if isinstance(value, bytes):
            values.append(value.replace(before.encode(), name.encode()))
        else:
            values.append(value.replace(before, name) if isinstance(value, str) else value)
    return values


def fill(engine: Engine, home: Path, assessments: int, waiting: int) -> list[str]:
    """Ids of those that wait; the rest was decided about."""
    first = engine.runner.start(request_for(engine, ROLE, recorded=True)).id
    stem = first.rpartition("-")[0]
    names = [f"{stem}-{at:08x}" for at in range(1, assessments)]
    for table in COPIED:
        copy_rows(home / "store.sqlite", table, "id" if table == "assessments" else "assessment", first, names)
    opened = [first, *names[: waiting - 1]]
    copy_rows(home / "store.sqlite", "drafts", "assessment", first, opened[1:])
    for table in ("checkpoints", "writes"):
        copy_rows(home / "checkpoints.sqlite", table, "thread_id", first, opened[1:])
    with sqlite3.connect(home / "store.sqlite") as db:
        ended = [(name,) for name in names[waiting - 1 :]]
        db.executemany("UPDATE reviews SET status = 'decided' WHERE assessment = ?", ended)
        db.executemany("UPDATE assessments SET status = 'rejected' WHERE id = ?", ended)
    return opened


@contextmanager
def serving(engine: Engine) -> Iterator[str]:
    """The address of a server over an engine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    door = Door(engine.stores.accounts, LocalKey("Anna"))
    app = application(Desk(engine, door, Worker(engine)), hosts=frozenset({f"127.0.0.1:{port}"}))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


def timed(call: Callable[[], httpx.Response]) -> list[float]:
    """Milliseconds of each of the requests, the first of which is passed over."""
    found = []
    for _ in range(REQUESTS + 1):
        begun = time.perf_counter()
        call().raise_for_status()
        found.append(1000 * (time.perf_counter() - begun))
    return found[1:]


def shown(name: str, found: Sequence[float], goal: str) -> None:
    """A line of the table."""
    at_95 = statistics.quantiles(found, n=20)[-1]
    say(f"| {name} | {statistics.median(found):.0f} | {at_95:.0f} | {max(found):.0f} | {len(found)} | {goal} |\n")


def reviewed(address: str, token: str, assessment: str) -> list[float]:
    """One reviewer's way through one review: milliseconds of each request. Raises for an answer that is a failure."""
    took = []
    api = f"/api/v1/assessments/{assessment}"
    with httpx.Client(base_url=address, headers={"authorization": f"Bearer {token}"}, timeout=120) as client:
        revision = ""
        for step in ("queue", "standing", "claim", "open", "comment", "decide"):
            begun = time.perf_counter()
            if step == "queue":
                answer = client.get("/")
            elif step == "standing":
                answer = client.get(api)
                revision = answer.raise_for_status().json()["revision"]
            elif step == "claim":
                answer = client.post(f"{api}/claim", json={})
            elif step == "open":
                answer = client.get(f"/review/{assessment}")
            elif step == "comment":
                answer = client.post(f"{api}/comments", json={"revision": revision, "text": REASON})
            else:
                body = {"action": "reject", "revision": revision, "reason": REASON}
                answer = client.post(f"{api}/decisions", json=body)
            answer.raise_for_status()
            took.append(1000 * (time.perf_counter() - begun))
    return took


def main(assessments: int = 10_000, waiting: int = 500, reviewers: int = 50) -> None:
    """Measure everything and print a table."""
    with tempfile.TemporaryDirectory(prefix="assess-role-queue-") as folder:
        home = Path(folder)
        settings = Settings(home=home, publish_dir=home / "published", reviewer="Anna")
        with open_runner(settings) as engine:
            names = fill(engine, home, assessments, waiting)
            tokens = [_token(engine, f"Reviewer {at}") for at in range(reviewers)]
            load = os.getloadavg()[0]
            with serving(engine) as address:
                size = sum(file.stat().st_size for file in home.rglob("*.sqlite")) / 1e9
                say(f"{assessments} assessments, {waiting} wait, {size:.1f} GB; {platform.machine()}, ")
                say(f"{os.cpu_count()} processors, load {load:.1f} before\n\n")
                say("| request | p50 ms | p95 ms | max ms | n | goal |\n|---|---|---|---|---|---|\n")
                client = httpx.Client(base_url=address, headers={"authorization": f"Bearer {tokens[0]}"}, timeout=60)
                with client:
                    shown("queue page", timed(lambda: client.get("/")), "200")
                    shown("queue, JSON", timed(lambda: client.get("/api/v1/queue")), "")
                    shown("score", timed(lambda: client.post("/api/v1/score", json=INPUTS)), "100")
                    shown("review page", timed(lambda: client.get(f"/review/{names[-1]}")), "")
                begun = time.perf_counter()
                with ThreadPoolExecutor(reviewers) as pool:
                    took = list(pool.map(lambda pair: reviewed(address, *pair), zip(tokens, names, strict=False)))
                whole = time.perf_counter() - begun
                shown(f"{reviewers} reviewers at once", [one for each in took for one in each], "no error")
                left = len(engine.stores.reviews.waiting())
                say(f"\n{sum(map(len, took))} requests of {len(took)} reviewers in {whole:.1f} s, no error. ")
                say(f"{waiting - left} decided, load {os.getloadavg()[0]:.1f} after.\n")


def _token(engine: Engine, name: str) -> str:
    accounts = engine.stores.accounts
    accounts.add(name, AccountRole.REVIEWER, password=secrets.token_hex(8), subject=None, by="operator", auth="script")
    return new_token(accounts, engine.stores.stamps, name, OPERATOR, scopes=tuple(Scope))[0]


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
