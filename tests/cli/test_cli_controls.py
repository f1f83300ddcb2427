"""`controls` and `attention` on the command line, and that no surface tells a control before it is decided."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from factories_cli import BY, Cli, Run, Waiting, accepted
from sqlalchemy import insert
from test_mcp_tools import answer

from agent.review.identity import secret_digest
from agent.settings import read_settings
from agent.store.accounts import AccountRole, TokenRow
from agent.store.tables import publications
from agent.workflow.wiring import open_stores

EVE = ("--reviewer", "Eve", "--json")


def plant(cli: Cli, waiting: Waiting, *more: str) -> Run:
    return cli("controls", "plant", waiting.id, *more, *EVE)


def decided(cli: Cli, control: str, action: str = "approve") -> Run:
    revision = accepted(control, cli("show", control, "--json").document["revision"])
    more = () if action == "approve" else ("--reason", "The score of a task is wrong.")
    return cli(action, control, "--revision", revision, *more, *BY)


def a_token(name: str, role: AccountRole) -> str:
    secret = f"{name.replace(' ', '-')}-secret-of-at-least-32-characters"
    with open_stores(read_settings()) as stores:
        stores.accounts.add(name, role, password=None, subject=None, by=name, auth="token")
        stores.accounts.add_token(
            TokenRow(
                id=name,
                digest=secret_digest(secret),
                reviewer=name,
                scopes=("read", "run", "decide"),
                created_at="2026-01-01T00:00:00Z",
                expires_at="2999-01-01T00:00:00Z",
                revoked_at=None,
            ),
            by=name,
            auth="token",
        )
    return secret


def test_no_surface_tells_a_control_before_it_is_decided(waiting: Waiting, cli: Cli) -> None:
    before = answer("queue")["items"]
    document = plant(cli, waiting, "--seed", "3").document
    name, what = document["id"], document["what"]
    seen = [
        cli("queue"),
        cli("queue", "--json"),
        cli("show", name),
        cli("show", name, "--json"),
        cli("show", name, "--yaml"),
        cli("resume", name, "--json"),
        cli("doctor", "--offline", "--json"),
        cli("published", "--json"),
        cli("attention", "--json"),
        cli("export", "--format", "json"),
    ]
    told = [run.out + run.err for run in seen]
    told += [json.dumps(answer("queue")), json.dumps(answer("show", id=name)), json.dumps(answer("published"))]
    for text in told:
        without = text.replace('"control": null', "").replace("controllable", "")
        assert ("control" in without.lower(), "planted" in without, what in without) == (False, False, False)
    assert [set(item) for item in answer("queue")["items"]] == [set(before[0])] * 2
    own, other = answer("show", id=name), answer("show", id=waiting.id)
    assert set(own) == set(other)
    assert own["usage"] == other["usage"]


def test_a_decision_tells_what_it_was(waiting: Waiting, cli: Cli) -> None:
    document = plant(cli, waiting, "--kind", "evidence_sign", "--seed", "1").document
    run = decided(cli, document["id"])
    assert (run.code, run.document["status"], run.document["published"]) == (0, "rejected", None)
    planted = {key: document[key] for key in ("kind", "place", "what", "planted_by")}
    assert run.document["control"] == {**planted, "caught": False}
    shown = cli("show", document["id"])
    assert "This was a control, with an error that Eve planted" in shown.out
    assert cli("show", document["id"], "--json").document["control"]["caught"] is False
    assert document["id"] not in cli("queue").out + cli("queue").err
    assert cli("published", "--json").document["items"] == []


def test_what_was_planted_is_listed_for_who_planted_it_and_for_everybody_once_it_is_decided(
    waiting: Waiting, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = plant(cli, waiting, "--kind", "evidence_sign").document
    monkeypatch.setenv("ASSESS_ROLE_REVIEWER", "Ada Marsh")
    assert cli("controls", "list", "--json").document == {"ok": True, "items": []}
    monkeypatch.setenv("ASSESS_ROLE_REVIEWER", "Eve")
    [item] = cli("controls", "list", "--json").document["items"]
    assert item == {**{k: v for k, v in document.items() if k != "ok"}, "state": "open", "decided": []}
    monkeypatch.setenv("ASSESS_ROLE_REVIEWER", "Ada Marsh")
    decided(cli, document["id"], "reject")
    [item] = cli("controls", "list", "--json").document["items"]
    assert (item["state"], item["decided"]) == ("decided", [{"reviewer": "Ada Marsh", "caught": True}])
    assert "Ada Marsh: caught" in cli("controls", "list").out


def test_with_accounts_open_ones_are_listed_for_an_admin_by_token(
    waiting: Waiting, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = plant(cli, waiting).document
    secrets = {name: a_token(name, role) for name, role in (("Zoe", AccountRole.ADMIN), ("Ben", AccountRole.REVIEWER))}
    listed = {}
    for name, secret in secrets.items():
        monkeypatch.setenv("ASSESS_ROLE_TOKEN", secret)
        listed[name] = [item["id"] for item in cli("controls", "list", "--json").document["items"]]
    assert listed == {"Zoe": [document["id"]], "Ben": []}
    refused = cli("controls", "plant", waiting.id, "--reviewer", "Ben", "--json")
    assert (refused.code, refused.document["error"]["kind"]) == (3, "forbidden")


@pytest.mark.parametrize(
    ("more", "kind", "said"),
    [
        (("--kind", "spelling"), "invalid_input", "There is no kind 'spelling'; there are evidence_sign"),
        (("--seed", "-1"), "usage", "seed"),
    ],
)
def test_what_cannot_be_planted_is_refused_in_words(
    more: tuple[str, ...], kind: str, said: str, waiting: Waiting, cli: Cli
) -> None:
    error = plant(cli, waiting, *more).document["error"]
    assert error["kind"] == kind
    assert said in error["message"]


def test_an_unknown_assessment_is_not_found(corpus_home: Path, cli: Cli) -> None:
    run = cli("controls", "plant", "nobody", *EVE)
    assert (run.code, run.document["error"]["kind"]) == (3, "not_found")


def test_attention_counts_with_what_each_share_is_of(waiting: Waiting, cli: Cli) -> None:
    assert cli("attention").out == ""
    assert "Nobody has decided anything yet." in cli("attention").err
    document = plant(cli, waiting, "--kind", "evidence_sign").document
    decided(cli, document["id"], "reject")
    found = cli("attention", "--json").document
    assert found["all"]["caught"] == {"caught": 1, "of": 1, "low": 0.207, "high": 1.0}
    assert found["kinds"] == {"evidence_sign": found["all"]["caught"]}
    [ada] = found["reviewers"]
    assert (ada["reviewer"], ada["decisions"]["reject"], ada["overridden"]) == ("Ada Marsh", 1, None)
    assert ada["passages_opened"] is None
    lines = cli("attention").out.splitlines()
    assert lines[0] == "All together"
    assert "  planted errors caught: 1 of 1 (95% interval 21 to 100%)" in lines
    assert lines[-1] == "planted evidence_sign: 1 of 1 (95% interval 21 to 100%)"
    assert cli("attention", "--reviewer", "ada marsh", "--json").document["reviewers"] == [ada]
    unknown = cli("attention", "--reviewer", "Nobody", "--json")
    assert (unknown.code, unknown.document["error"]["kind"]) == (3, "not_found")


def test_with_accounts_a_reviewer_reads_their_own_numbers_and_an_admin_everybodys(
    waiting: Waiting, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided(cli, waiting.id, "reject")
    secrets = {
        name: a_token(name, role) for name, role in (("Zoe", AccountRole.ADMIN), ("Ada Marsh", AccountRole.REVIEWER))
    }
    monkeypatch.setenv("ASSESS_ROLE_TOKEN", secrets["Ada Marsh"])
    assert cli("attention", "--json").document["error"]["kind"] == "forbidden"
    assert cli("attention", "--reviewer", "Zoe", "--json").document["error"]["kind"] == "forbidden"
    own = cli("attention", "--reviewer", "Ada Marsh", "--json").document
    assert [one["reviewer"] for one in own["reviewers"]] == ["Ada Marsh"]
    assert (own["all"], own["kinds"]) == (None, {})
    monkeypatch.setenv("ASSESS_ROLE_TOKEN", secrets["Zoe"])
    assert cli("attention", "--json").document["all"]["decisions"] == own["reviewers"][0]["decisions"]


def test_a_publication_that_is_forced_in_reaches_no_list_site_refresh_or_table(waiting: Waiting, cli: Cli) -> None:
    document = plant(cli, waiting).document
    revision = decided(cli, document["id"]).document["revision"]
    folder = waiting.home / "published" / "release-engineer-senior" / "v1"
    values = {"assessment": document["id"], "revision": revision, "slug": "release-engineer-senior", "version": 1}
    values |= {"role": "Release Engineer", "seniority": "Senior", "score": "50.0", "zone": "GREEN", "label": "GREEN"}
    values |= {"status": "done", "path": str(folder), "published_at": "2026-02-25T10:00:00Z"}
    with open_stores(read_settings()) as stores, stores.db.write() as connection:
        connection.execute(insert(publications).values(values))
    assert cli("published", "--json").document["items"] == []
    assert cli("refresh", "--dry-run", "--json").document["items"] == []
    assert cli("export", "--format", "json").document["assessments"] == []
    built = cli("site", "build", str(waiting.home / "site"), "--json")
    assert (built.code, built.document["error"]["kind"]) == (3, "not_found")
    assert not (waiting.home / "site").exists()
    assert cli("withdraw", "Release Engineer", "--revision", revision, "--reason", "Never published.", *BY).code == 3
    assert cli("resume", document["id"], "--json").document["status"] == "rejected"
    assert cli("audit", "verify").code == 6
    assert not folder.exists()
