"""`doctor` and `config`: every check says what it found and what to do, and never shows a key."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from endpoint_cli import KEY, MODEL, Endpoint, an_endpoint
from factories_cli import ROLE, Cli, Waiting


def checks(cli: Cli, *more: str) -> tuple[int, dict[str, dict[str, Any]]]:
    run = cli("doctor", "--json", *more)
    assert KEY not in run.out + run.err
    assert run.document["ok"] == (run.code == 0)
    return run.code, {check["check"]: check for check in run.document["checks"]}


def test_a_fresh_home_is_all_ok(home: Path, cli: Cli) -> None:
    code, found = checks(cli)
    assert code == 0
    assert [name for name, check in found.items() if not check["ok"]] == []
    assert list(found) == ["versions", "home", "model", "corpus", "paused", "recordings"]
    assert "none connected" in found["model"]["found"]
    assert "58 articles" in found["corpus"]["found"] or "articles" in found["corpus"]["found"]
    assert found["paused"]["found"].startswith("0 unfinished")
    worded = cli("doctor")
    assert worded.code == 0
    assert all(line.startswith(("ok ", "   ")) for line in worded.out.splitlines())


def test_a_model_endpoint_that_answers_and_has_the_model_is_ok(corpus_home: Path, endpoint: Endpoint, cli: Cli) -> None:
    code, found = checks(cli)
    assert (code, found["model"]["ok"]) == (0, True)
    assert found["model"]["found"] == f"{MODEL} at {endpoint.url}"


@pytest.mark.parametrize(
    ("status", "models", "found", "hint"),
    [
        (401, (MODEL,), "HTTP 401", "OPENAI_API_KEY"),
        (404, (MODEL,), "HTTP 404", "/v1"),
        (500, (MODEL,), "HTTP 500", "later"),
        (200, ("other", "another"), f"no model {MODEL}; it has another, other", "ASSESS_ROLE_MODEL"),
        (200, "not a list", "does not list models", "/v1"),
    ],
)
def test_a_model_endpoint_that_does_not_fit_fails_with_what_to_do(
    status: int, models: object, found: str, hint: str, corpus_home: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    with an_endpoint(status=status, models=models) as endpoint:
        for name, value in endpoint.environment().items():
            monkeypatch.setenv(name, value)
        code, by_name = checks(cli)
    assert (code, by_name["model"]["ok"]) == (4, False)
    assert found in by_name["model"]["found"]
    assert hint in by_name["model"]["hint"]
    assert [name for name, check in by_name.items() if not check["ok"]] == ["model"]


def test_an_endpoint_that_is_down_fails_and_is_not_asked_offline(
    corpus_home: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    with an_endpoint() as endpoint:
        environment = endpoint.environment()
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    code, found = checks(cli)
    assert (code, "cannot be reached" in found["model"]["found"]) == (4, True)
    code, found = checks(cli, "--offline")
    assert (code, "not probed" in found["model"]["found"]) == (0, True)


def test_half_a_configuration_is_named(corpus_home: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    _, found = checks(cli)
    assert not found["model"]["ok"]
    assert "ASSESS_ROLE_MODEL" in found["model"]["hint"]
    assert [name for name, check in found.items() if not check["ok"]] == ["model"]
    assert {"corpus", "paused", "recordings"} <= found.keys()


def test_a_damaged_index_names_the_command_that_mends_it(corpus_home: Path, cli: Cli) -> None:
    index = next((corpus_home / "index").glob("passages-*"))
    for file in index.rglob("*"):
        if file.is_file() and file.name != "complete.json":
            file.write_bytes(b"damaged")
    code, found = checks(cli)
    failed = [check for check in found.values() if not check["ok"]]
    assert code == 4
    assert len(failed) == 1
    assert "corpus reindex" in failed[0]["hint"]
    assert cli("corpus", "reindex").code == 0
    assert checks(cli)[0] == 0


def test_a_lost_index_is_built_again_without_a_word(corpus_home: Path, cli: Cli) -> None:
    shutil.rmtree(corpus_home / "index")
    assert checks(cli)[0] == 0


def test_a_thread_that_lost_its_gate_is_reported_not_dropped(waiting: Waiting, cli: Cli) -> None:
    with sqlite3.connect(waiting.home / "checkpoints.sqlite") as connection:
        connection.execute("DELETE FROM checkpoints")
        connection.execute("DELETE FROM writes")
    code, found = checks(cli)
    assert (code, found["paused"]["ok"]) == (4, False)
    assert waiting.id in found["paused"]["found"]
    assert cli("queue", "--json").document["items"][0]["id"] == waiting.id


def test_an_assessment_that_stopped_is_named_with_the_command_that_goes_on(
    corpus_home: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    with an_endpoint(status=401) as endpoint:
        for name, value in endpoint.environment().items():
            monkeypatch.setenv(name, value)
        stopped = cli(ROLE, "--json").document["id"]
        _, found = checks(cli, "--offline")
    assert found["paused"]["ok"]
    assert stopped in found["paused"]["hint"]
    assert "assess-role resume" in found["paused"]["hint"]
    assert f"assess-role resume {stopped}" in cli("queue").err


def test_config_shows_where_each_setting_comes_from_and_no_secret(
    home: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.mkdir()
    (home / "config.toml").write_text('model = "from-file"\nmax_concurrency = 2\n', encoding="utf-8")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://ada:{KEY}@127.0.0.1:9/v1?key={KEY}")
    run = cli("config", "--json")
    items = {item["setting"]: (item["value"], item["source"]) for item in run.document["items"]}
    assert items["api_key"] == ("set", "OPENAI_API_KEY")
    assert items["base_url"] == ("http://127.0.0.1:9/v1", "OPENAI_BASE_URL")
    assert items["model"] == ("from-file", "config.toml")
    assert items["max_concurrency"] == ("2", "config.toml")
    assert items["timeout_s"] == ("180.0", "default")
    assert KEY not in run.out + cli("config").out + cli("doctor", "--offline").out
