"""`webhooks`: delivering from cron, where it stands, and what `doctor` and `config` say of it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from factories_cli import Cli
from queues_cli import Queue

SECRET = "whsec-41c0-of-the-test"


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a webhook that nobody listens at, set with user, path and secret."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        monkeypatch.setenv("ASSESS_ROLE_WEBHOOK_URL", f"http://ada:pa55word@127.0.0.1:{port}/t0ken")
        monkeypatch.setenv("ASSESS_ROLE_WEBHOOK_SECRET", SECRET)
        yield f"http://127.0.0.1:{port}"


def test_without_an_address_delivering_says_what_to_set(cli: Cli) -> None:
    run = cli("webhooks", "deliver", "--json")
    assert (run.code, run.document["error"]["kind"]) == (4, "prerequisite")
    assert "ASSESS_ROLE_WEBHOOK_URL" in run.document["error"]["hint"]
    status = cli("webhooks", "status", "--json")
    assert status.document == {
        "ok": True,
        "address": None,
        "signed": False,
        "begun": False,
        "pending": 0,
        "attempts": 0,
        "due_at": None,
        "last_error": None,
        "skipped": 0,
    }
    assert "No webhook is set" in cli("webhooks", "status").err


def test_a_delivery_that_is_not_taken_is_an_error_with_what_is_pending_and_status_says_so(
    home: Path, cli: Cli, nowhere: str
) -> None:
    assert cli("webhooks", "deliver", "--json").document == {
        "ok": True,
        "sent": 0,
        "skipped": 0,
        "pending": 0,
        "attempts": 0,
        "due_at": None,
    }
    Queue(home).add("widget-1")
    run = cli("webhooks", "deliver", "--json")
    assert (run.code, run.document["error"]["kind"], run.document["pending"]) == (5, "upstream", 1)
    assert run.document["error"]["message"] == f"The webhook at {nowhere} did not take an event: it cannot be reached."
    later = cli("webhooks", "deliver")
    assert (later.code, later.out) == (0, "")
    assert "1 pending, due at" in later.err
    shown = cli("webhooks", "status").out
    assert shown.startswith(f"address: {nowhere}\npending: 1, tried 1 time")
    assert "last error: it cannot be reached" in shown


def test_neither_doctor_nor_config_nor_status_shows_a_secret(home: Path, cli: Cli, nowhere: str) -> None:
    said = ""
    for words in (("webhooks", "status"), ("webhooks", "deliver"), ("config",), ("config", "--json")):
        run = cli(*words)
        said += run.out + run.err
    assert nowhere in said
    for secret in (SECRET, "pa55word", "t0ken"):
        assert secret not in said


def test_doctor_says_that_the_webhook_takes_nothing(corpus_home: Path, cli: Cli, nowhere: str) -> None:
    def found() -> dict[str, object]:
        document = cli("doctor", "--offline", "--json").document
        return next(dict(check) for check in document["checks"] if check["check"] == "webhook")

    assert found() == {"check": "webhook", "ok": True, "found": f"{nowhere}, not begun", "hint": ""}
    cli("webhooks", "deliver")
    Queue(corpus_home).add("widget-1")
    cli("webhooks", "deliver")
    check = found()
    assert (check["ok"], check["found"]) == (False, f"{nowhere}, 1 event pending; it cannot be reached")
