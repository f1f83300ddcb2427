"""`reviewer`: accounts and tokens from the command line, and decisions by token instead of by name."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path

import pytest
from factories_cli import Cli, Waiting, run_here
from factories_onet import FOLDER, SOFTWARE, a_release
from factories_publications import a_content, publish
from terminal_cli import Screen

SECRET = "a long night in Lisbon"
REASON = "Read, and it cannot stay."


def typed(monkeypatch: pytest.MonkeyPatch, given: bytes) -> None:
    """What comes on stdin, from a pipe."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), encoding="utf-8"))


def add(name: str, *options: str) -> None:
    run = run_here("reviewer", "add", name, "--oidc", f"https://login.example|{name}", "--quiet", *options)
    assert run.code == 0, run


def token(name: str, *options: str) -> str:
    run = run_here("reviewer", "token", name, "--quiet", *options)
    assert (run.code, run.err) == (0, ""), run
    return run.out.strip()


def bytes_kept(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(home.glob("store.sqlite*")))


def test_a_password_comes_on_stdin_and_is_shown_nowhere(cli: Cli, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, f"{SECRET}\n".encode())
    run = cli("reviewer", "add", "Ada Marsh", "--role", "admin", "--password-stdin", "--json")
    created = run.document["created_at"]
    account = {
        **{"name": "Ada Marsh", "role": "admin", "signs_in_by": ["password"], "subject": None},
        **{"created_at": created, "disabled_at": None},
    }
    assert run.document == {"ok": True, **account}
    listed = cli("reviewer", "list", "--json")
    assert listed.document == {"ok": True, "items": [account]}
    words = cli("reviewer", "list")
    assert words.out == "Ada Marsh  admin      signs in by password\n"
    told = "".join(said.out + said.err for said in (run, listed, words, cli("audit", "export")))
    assert [hidden for hidden in ("argon2", SECRET) if hidden in told] == []
    assert SECRET.encode() not in bytes_kept(home)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (b"", "has 0 characters"),
        (b"short\n", "has 5 characters"),
        (b"x" * 10_000_000, "expected 12 to 1000"),
        (b"Ada Marsh the third\n", "is the name"),
        (b"\xff\xfe but long enough", "is not UTF-8"),
    ],
)
def test_a_password_that_will_not_do_adds_nobody(
    given: bytes, said: str, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, given)
    run = cli("reviewer", "add", "Ada Marsh the third", "--password-stdin", "--json")
    assert (run.code, run.document["error"]["kind"]) == (3, "invalid_input")
    assert said in run.document["error"]["message"]
    assert cli("reviewer", "list", "--json").document["items"] == []


def test_without_a_terminal_the_password_is_no_argument_and_no_variable(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, b"")
    monkeypatch.setenv("ASSESS_ROLE_PASSWORD", SECRET)
    run = cli("reviewer", "add", "Ada", "--json")
    assert (run.code, run.document["error"]["kind"]) == (2, "usage")
    assert "--password-stdin" in run.document["error"]["message"]
    assert cli("reviewer", "add", "Ada", "--password", SECRET).code == 2


def test_a_terminal_asks_twice_and_shows_nothing_of_it(home: Path, cli: Cli) -> None:
    with Screen(["reviewer", "add", "Ada Marsh"]) as screen:
        screen.until("Password of Ada Marsh: ")
        screen.type("short")
        screen.until("Repeat for confirmation: ")
        screen.type("short")
        screen.until("has 5 characters")
        screen.until("Password of Ada Marsh: ")
        screen.type(SECRET)
        screen.until("Repeat for confirmation: ")
        screen.type(SECRET + "!")
        screen.until("Password of Ada Marsh: ")
        screen.type(SECRET)
        screen.until("Repeat for confirmation: ")
        screen.type(SECRET)
        assert screen.end() == 0
        assert "Ada Marsh has an account here: reviewer." in screen.words
        assert SECRET not in screen.raw
        assert "short" not in screen.text
    assert [one["name"] for one in cli("reviewer", "list", "--json").document["items"]] == ["Ada Marsh"]


@pytest.mark.parametrize(
    ("arguments", "code", "kind", "said"),
    [
        (("add", "Ada", "--oidc", "1", "--role", "owner"), 3, "invalid_input", "expected requester, reviewer, admin"),
        (("add", "Ada", "--oidc", "1"), 3, "invalid_input", "names no issuer"),
        (("add", "Ada", "--oidc", "https://login.example|"), 3, "invalid_input", "1 to 255 printable"),
        (("add", "Ada\u202e", "--oidc", "https://login.example|1"), 3, "invalid_input", "is not a name"),
        (("add", "ben", "--oidc", "https://login.example|1"), 3, "conflict", "There is a reviewer Ben already"),
        (("add", "Ada", "--oidc", "https://login.example|Ben"), 3, "conflict", "Another reviewer"),
        (("role", "Zoe", "admin"), 3, "not_found", "There is no reviewer Zoe"),
        (("role", "Ben", "reviewer"), 3, "conflict", "Ben is the last admin"),
        (("disable", "BEN"), 3, "conflict", "Ben is the last admin"),
        (("revoke", "t-00000000"), 3, "not_found", "no token t-00000000"),
        (("tokens", "Zoe"), 3, "not_found", "There is no reviewer Zoe"),
    ],
)
def test_what_is_wrong_is_said_with_its_kind(
    arguments: tuple[str, ...], code: int, kind: str, said: str, cli: Cli
) -> None:
    add("Ben", "--role", "admin")
    add("Cora", "--role", "requester")
    run = cli("reviewer", *arguments, "--json")
    assert (run.code, run.document["error"]["kind"]) == (code, kind)
    assert said in run.document["error"]["message"]


def test_a_subject_is_of_the_issuer_in_the_settings_or_of_the_one_it_names(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSESS_ROLE_OIDC_ISSUER", "https://login.example")
    for name, given, kept in (
        ("Ada", "248289761001", "https://login.example|248289761001"),
        ("Ben", "auth0|17", "https://login.example|auth0|17"),
        ("Cora", "https://other.example|auth0|17", "https://other.example|auth0|17"),
    ):
        run = cli("reviewer", "add", name, "--oidc", given, "--json")
        assert (run.document["subject"], run.document["signs_in_by"]) == (kept, ["oidc"])


def test_roles_change_and_accounts_close(cli: Cli) -> None:
    add("Ada", "--role", "admin")
    add("Ben")
    assert cli("reviewer", "role", "ben", "requester", "--json").document["role"] == "requester"
    assert cli("reviewer", "disable", "Ben", "--json").document["disabled_at"].endswith("Z")
    assert "closed 2" in cli("reviewer", "list").out


def test_a_new_password_is_set_from_stdin(cli: Cli, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add("Ada")
    typed(monkeypatch, SECRET.encode())
    assert cli("reviewer", "password", "ada", "--password-stdin", "--json").document["signs_in_by"] == [
        *("password", "oidc")
    ]


def test_a_token_is_printed_once_alone_on_stdout_and_listed_without_its_secret(cli: Cli, home: Path) -> None:
    add("Ada")
    run = cli("reviewer", "token", "ada", "--scope", "decide", "--scope", "read", "--days", "30")
    secret = run.out.strip()
    assert (run.code, run.out) == (0, f"{secret}\n")
    assert secret.startswith("ar_")
    assert secret not in run.err
    listed = cli("reviewer", "tokens", "--json")
    (item,) = listed.document["items"]
    created, expires = item.pop("created_at"), item.pop("expires_at")
    assert created < expires
    assert item == {
        **{"id": item["id"], "reviewer": "Ada", "scopes": ["read", "decide"], "revoked_at": None, "state": "valid"}
    }
    revoked = cli("reviewer", "revoke", item["id"], "--json").document
    assert (revoked["id"], revoked["state"]) == (item["id"], "revoked")
    assert cli("reviewer", "tokens", "Ada", "--json").document["items"][0]["state"] == "revoked"
    told = "".join(cli(*words).out for words in (("reviewer", "tokens"), ("audit", "export")))
    kept = bytes_kept(home)
    assert item["id"] in told
    assert secret not in listed.out + told
    assert secret.removeprefix("ar_").encode() not in kept


@pytest.mark.parametrize(
    ("options", "kind"),
    [(("--scope", "write"), 3), (("--days", "0"), 3), (("--days", "366"), 3), (("--scope", "decide"), 3)],
)
def test_a_token_beyond_what_may_be_is_not_made(options: tuple[str, ...], kind: int, cli: Cli) -> None:
    add("Cora", "--role", "requester")
    run = cli("reviewer", "token", "Cora", *options)
    assert (run.code, run.out) == (kind, "")
    assert cli("reviewer", "tokens", "--json").document["items"] == []


def test_with_a_token_set_the_command_is_its_persons_and_takes_an_admin(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    add("Ada", "--role", "admin")
    add("Ben")
    tokens = {name: token(name) for name in ("Ada", "Ben")}
    reading = token("Ada", "--scope", "read")
    for secret, said in (
        (tokens["Ben"], "Ben is a reviewer, and accounts are kept by an admin"),
        (reading, "is for read, and this takes decide"),
        ("ar_" + "x" * 43, "none that is valid here"),
    ):
        monkeypatch.setenv("ASSESS_ROLE_TOKEN", secret)
        run = cli("reviewer", "role", "Ben", "admin", "--json")
        assert (run.code, run.document["error"]["kind"]) == (3, "forbidden")
        assert said in run.document["error"]["message"]
        assert secret not in run.out + run.err
    monkeypatch.setenv("ASSESS_ROLE_TOKEN", tokens["Ada"])
    assert cli("reviewer", "role", "Ben", "admin").code == 0
    last = json.loads(cli("audit", "export").out.splitlines()[-1])
    assert (last["actor"], last["detail"]["auth"]) == ("Ada", "token")


def test_by_token_a_decision_needs_no_name_and_refuses_another(
    waiting: Waiting, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    add("Ada")
    monkeypatch.setenv("ASSESS_ROLE_TOKEN", token("Ada"))
    words = ("reject", waiting.id, "--revision", waiting.revision, "--reason", REASON)
    other = cli(*words, "--reviewer", "Ben", "--json")
    assert (other.code, other.document["error"]["kind"]) == (3, "invalid_input")
    assert "The token is Ada's, and the name given is Ben" in other.document["error"]["message"]
    assert cli(*words, "--json").document["status"] == "rejected"
    (entry,) = [
        one for one in map(json.loads, cli("audit", "export").out.splitlines()) if one["event"] == "decided: reject"
    ]
    assert (entry["actor"], entry["detail"]["auth"], entry["detail"]["channel"]) == ("Ada", "token", "script")


@pytest.mark.parametrize(
    "words",
    [
        ("approve", "x", "--revision", "r"),
        ("send-back", "x", "--revision", "r", "--reason", REASON),
        ("reject", "x", "--revision", "r", "--reason", REASON),
        ("discard", "x", "--reason", REASON),
        ("accept", "x", "--revision", "r", "--reason", REASON, "--finding", "f"),
        ("override", "x", "--revision", "r", "--reason", REASON, "--score", "5", "--passage", "p", "--quote", "q"),
        ("edit", "x", os.devnull, "--revision", "r"),
        ("withdraw", "x", "--reason", REASON, "--revision", "r"),
        ("compare", "x", "y", "--confirm", "mapping.json"),
    ],
)
def test_without_a_token_a_script_has_to_say_who_decides_and_with_one_it_need_not(
    words: tuple[str, ...], corpus_home: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    nameless = cli(*words, "--json")
    assert (nameless.code, nameless.document["error"]["kind"]) == (2, "usage")
    assert "--reviewer" in nameless.document["error"]["message"]
    add("Ada")
    monkeypatch.setenv("ASSESS_ROLE_TOKEN", token("Ada"))
    run = cli(*words, "--json")
    assert (run.code, run.document["error"]["kind"]) == (3, "not_found")


def test_what_a_token_decides_elsewhere_is_its_persons_too(
    home: Path, tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    low, high = a_content(), a_content("Data Engineer", barriers=(2, 2, 2, 2, 2))
    publish(home, low)
    publish(home, high)
    assert cli("import", "onet", str(a_release(tmp_path / FOLDER)), "--quiet").code == 0
    mapping = tmp_path / "mapping.json"
    mapping.write_text(cli("compare", "release-engineer-senior", "Data Engineer", "--json").out, encoding="utf-8")
    add("Ada")
    reading, deciding = token("Ada", "--scope", "read"), token("Ada")
    confirm = ("occupations", "confirm", "Coder", "--code", SOFTWARE)
    compare = ("compare", "release-engineer-senior", "Data Engineer", "--confirm", str(mapping))
    withdraw = ("withdraw", "release-engineer-senior", "--revision", low.revision(), "--reason", REASON)
    for words in (confirm, compare, withdraw):
        monkeypatch.setenv("ASSESS_ROLE_TOKEN", reading)
        assert cli(*words, "--json").document["error"]["kind"] == "forbidden", words
        monkeypatch.setenv("ASSESS_ROLE_TOKEN", deciding)
        refused = cli(*words, "--reviewer", "Ben", "--json")
        assert "The token is Ada's" in refused.document["error"]["message"], words
        document = cli(*words, "--json").document
        kept = document.get("mapping") or document.get("withdrawn") or document
        assert (kept["reviewer"], kept["auth"], kept["channel"]) == ("Ada", "token", "script"), words


def test_what_the_review_service_does_not_decide_takes_somebody_who_is_known_too(corpus_home: Path, cli: Cli) -> None:
    add("Ada")
    add("Ben")
    for words in (
        ("discard", "x", "--reason", REASON),
        ("withdraw", "x", "--reason", REASON, "--revision", "r"),
        ("occupations", "confirm", "Coder", "--none"),
    ):
        run = cli(*words, "--reviewer", "Ada", "--json")
        assert (run.code, run.document["error"]["kind"]) == (3, "forbidden"), words
        assert "Ada is a name that was given" in run.document["error"]["message"]
