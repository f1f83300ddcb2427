"""`inbox`: what waits in the human-interrupt shape, and answers from a file or a pipe."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from endpoint_cli import Endpoint
from factories_cli import Cli, Waiting

ACCEPT = '{"type": "accept", "args": null}'


def piped(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_the_inbox_lists_what_waits_as_one_document(waiting: Waiting, cli: Cli) -> None:
    document = cli("inbox", "--json").document
    assert document["ok"] is True
    [item] = document["items"]
    assert set(item) == {"action_request", "config", "description"}
    args = item["action_request"]["args"]
    assert (args["id"], args["revision"], args["score"]) == (waiting.id, waiting.revision, 35.6)
    shown = cli("inbox")
    assert shown.out.startswith(f"{waiting.id}\n\n**")
    assert waiting.revision in shown.out


def test_an_accept_from_a_pipe_approves_through_the_channel_inbox(
    waiting: Waiting, cli: Cli, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    piped(monkeypatch, ACCEPT)
    run = cli("inbox", "answer", waiting.id, "-", "--revision", waiting.revision, "--reviewer", "Ada Marsh", "--json")
    assert (run.code, run.document["status"], run.document["gate"]) == (0, "waiting", "publication")
    trail = [json.loads(line) for line in cli("audit", "export").out.splitlines()]
    decided = next(entry for entry in trail if entry["event"] == "decided: approve")
    assert (decided["actor"], decided["detail"]["channel"]) == ("Ada Marsh", "inbox")


def test_an_answer_that_names_its_revision_needs_no_option_and_a_wrong_one_decides_nothing(
    waiting: Waiting, cli: Cli, tmp_path: Path
) -> None:
    request = cli("inbox", "--json").document["items"][0]["action_request"]
    request["args"]["revision"] = "sha256:" + "0" * 64
    (file := tmp_path / "answer.json").write_text(json.dumps({"type": "accept", "args": request}), encoding="utf-8")
    run = cli("inbox", "answer", waiting.id, str(file), "--json")
    assert (run.code, run.document["error"]["kind"]) == (3, "conflict")
    assert [item["revision"] for item in cli("queue", "--json").document["items"]] == [waiting.revision]


def test_an_answer_without_a_revision_is_refused(waiting: Waiting, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    piped(monkeypatch, ACCEPT)
    run = cli("inbox", "answer", waiting.id, "-", "--json")
    assert (run.code, run.document["error"]["kind"]) == (3, "invalid_input")
    assert "--revision" in run.document["error"]["hint"]


def test_an_ignore_leaves_it_waiting(waiting: Waiting, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    piped(monkeypatch, '[{"type": "ignore", "args": null}]')
    run = cli("inbox", "answer", waiting.id, "-", "--revision", waiting.revision, "--json")
    assert (run.code, run.document["status"], run.document["revision"]) == (0, "waiting", waiting.revision)
    assert "deferred" in cli("audit", "export").out
