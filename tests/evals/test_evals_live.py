"""A live run says what it takes before it asks anything, and asks nothing where no model is configured."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from agent.errors import NeedsModel, Prerequisite
from agent.llm.openai_endpoint import OpenAIModel
from evals.live import REQUESTS_A_CALL, TOKENS_A_CALL, connected
from evals.suites.context import Mode


@pytest.fixture(autouse=True)
def _own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ASSESS_ROLE_HOME", str(tmp_path))


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address at which nobody listens: a request would fail."""
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("ASSESS_ROLE_MODEL", "a-judge")


def test_it_says_how_many_calls_and_tokens_it_takes_and_asks_nothing_yet(endpoint: None) -> None:
    said: list[str] = []
    context = connected(["roles", "deepeval"], None, say=said.append)
    assert context.mode is Mode.LIVE and context.model is not None
    (line,) = said
    calls = int(line.split("at most ")[1].split(" calls")[0])
    assert calls > 50
    assert "to a-judge at http://127.0.0.1:9/v1, each asked once more" in line
    assert f"does not fit; at most {8 * calls:,} requests with retries of a failing endpoint, and" in line
    assert f"at most {TOKENS_A_CALL * calls:,} tokens together (--max-tokens)" in line


def test_the_bound_of_requests_is_what_the_endpoint_makes_of_a_call_at_most() -> None:
    retries = inspect.signature(OpenAIModel).parameters["retries"].default
    assert 2 * (1 + retries) == REQUESTS_A_CALL


def test_a_bound_on_tokens_is_taken_as_given_and_suites_without_a_judge_take_no_call(endpoint: None) -> None:
    said: list[str] = []
    connected(["roles", "retrieval", "seeded"], 7000, say=said.append)
    assert said[0].startswith("Live: at most 0 calls") and "at most 7,000 tokens" in said[0]


def test_without_a_model_it_says_how_to_connect_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NeedsModel, match="none is configured") as caught:
        connected(["deepeval"], None, say=print)
    assert "OPENAI_BASE_URL" in (caught.value.hint or "")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    with pytest.raises(Prerequisite, match="no model is named"):
        connected(["deepeval"], None, say=print)
