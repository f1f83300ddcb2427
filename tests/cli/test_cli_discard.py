"""`discard`: a run that stopped ends with a name and a reason, and nothing else can be ended so."""

from __future__ import annotations

from pathlib import Path

import pytest
from endpoint_cli import Endpoint, an_endpoint
from factories_cli import ROLE, Cli, Run, Waiting
from filelock import FileLock

from agent.settings import read_settings
from agent.workflow.wiring import open_stores

ADA = ("--reviewer", "Ada Marsh", "--json")
REASON = "Started twice by mistake."


def discard(cli: Cli, assessment: str, reason: str = REASON) -> Run:
    return cli("discard", assessment, "--reason", reason, *ADA)


@pytest.fixture
def failed(corpus_home: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> str:
    """The id of a run whose endpoint refused the key."""
    with an_endpoint(status=401) as server, monkeypatch.context() as patch:
        for name, value in server.environment().items():
            patch.setenv(name, value)
        run = cli(ROLE, "--json")
    assert run.document["status"] == "failed", run
    return str(run.document["id"])


def test_a_failed_run_ends_and_the_audit_trail_says_by_whom_and_why(failed: str, cli: Cli) -> None:
    run = discard(cli, failed)
    assert (run.code, run.document["status"], run.document["reason"]) == (0, "rejected", REASON)
    assert failed not in cli("queue").err
    with open_stores(read_settings()) as stores:
        last = stores.assessments.history(failed)[-1]
    assert (last.event, last.detail) == (
        "status: rejected",
        {"message": REASON, "reviewer": "Ada Marsh", "auth": "local-unverified", "channel": "script"},
    )


def test_a_discarded_run_goes_on_by_no_command(failed: str, cli: Cli, endpoint: Endpoint) -> None:
    discard(cli, failed)
    resumed = cli("resume", failed, "--max-tokens", "90000", "--json")
    assert (resumed.code, resumed.document["status"]) == (0, "rejected")
    reviewed = cli("review", failed)
    assert reviewed.code == 3
    assert "its status is rejected" in reviewed.err
    assert endpoint.asked == []


@pytest.mark.parametrize("reason", ["", "no", "   short   "])
def test_discarding_takes_a_reason_and_a_name(reason: str, failed: str, cli: Cli) -> None:
    assert discard(cli, failed, reason).document["error"]["kind"] == "invalid_input"
    nameless = cli("discard", failed, "--reason", REASON, "--reviewer", " ", "--json")
    assert nameless.document["error"]["kind"] == "invalid_input"
    assert cli("show", failed, "--json").document["status"] == "failed"


def test_a_run_that_needs_a_model_can_be_discarded(waiting: Waiting, cli: Cli) -> None:
    approved = cli("approve", waiting.id, "--revision", waiting.revision, *ADA)
    assert approved.document["status"] == "needs_model"
    assert discard(cli, waiting.id).document["status"] == "rejected"


def test_what_is_up_for_review_is_not_discarded(waiting: Waiting, cli: Cli) -> None:
    run = discard(cli, waiting.id)
    assert (run.code, run.document["error"]["kind"]) == (3, "conflict")
    assert f"assess-role review {waiting.id}" in run.document["error"]["hint"]
    assert cli("show", waiting.id, "--json").document == waiting.document


def test_what_has_ended_is_not_discarded(waiting: Waiting, cli: Cli, endpoint: Endpoint) -> None:
    second = cli("approve", waiting.id, "--revision", waiting.revision, *ADA).document
    cli("approve", waiting.id, "--revision", second["revision"], *ADA)
    run = discard(cli, waiting.id)
    assert (run.code, run.document["error"]["kind"]) == (3, "conflict")
    assert cli("show", waiting.id, "--json").document["status"] == "published"


def test_what_was_approved_for_publication_is_not_discarded(waiting: Waiting, cli: Cli, endpoint: Endpoint) -> None:
    from agent.review.service import Reviewer

    second = cli("approve", waiting.id, "--revision", waiting.revision, *ADA).document
    with open_stores(read_settings()) as stores:
        stores.review.approve(waiting.id, second["revision"], Reviewer(name="Ada Marsh", channel="script"))
    run = discard(cli, waiting.id)
    assert (run.code, run.document["error"]["kind"]) == (3, "conflict")
    assert cli("resume", waiting.id, "--json").document["status"] == "published"


def test_what_another_process_works_on_is_not_discarded(failed: str, home: Path, cli: Cli) -> None:
    with FileLock(home / "locks" / f"{failed}.lock"):
        assert discard(cli, failed).document["error"]["kind"] == "conflict"
    assert discard(cli, failed).code == 0
