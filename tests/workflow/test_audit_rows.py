"""`audit verify` holds the rows of the store against the trail: what is missing, put in or changed in them shows."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import typer
from edits_workflow import with_task_score
from factories_workflow import REASON, a_settings, copy_home, open_desk

from agent.cli.auditing import verify_trail
from agent.cli.output import Terminal
from agent.review.service import Reviewer
from agent.store.accounts import AccountRole
from agent.store.audit_trail import AuditTrail
from agent.store.database import Database
from agent.store.documents import to_text

ANNA = Reviewer(name="Anna", auth="token", channel="script")
BEN = Reviewer(name="Ben", auth="token", channel="script")
FORGED = "sha256:" + "f" * 64
SINCE = ("document", "approval", "claim", "role")
"""What entries of earlier versions do not say."""


@pytest.fixture(scope="session")
def _eventful_home(widget_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = copy_home(widget_home, tmp_path_factory.mktemp("eventful") / "home")
    with open_desk(home) as desk:
        for by in (ANNA, BEN):
            subject = f"https://login.example|{by.name}"
            desk.stores.accounts.add(
                by.name, AccountRole.REVIEWER, password=None, subject=subject, by="operator", auth="token"
            )
        assessment, service = desk.start().id, desk.stores.review
        revision = desk.waiting(assessment).revision
        asked = service.comment(assessment, revision, ANNA, "", "Read this once more, please.")
        service.comment(assessment, revision, BEN, "evidence.wages.claims.0", "Which year is this from?")
        service.resolve(asked.id, ANNA)
        service.claim(desk.waiting(assessment).id, BEN)
        desk.runner.decide(assessment, lambda it: it.send_back(assessment, revision, BEN, REASON))
        edited = desk.waiting(assessment).revision
        change = with_task_score(desk.content(assessment), 4)
        desk.runner.decide(assessment, lambda it: it.edit(assessment, edited, ANNA, change))
        for by in (ANNA, BEN, BEN):
            desk.approve(assessment, by)
        row = desk.stores.publications.of(assessment)
        assert row is not None
        desk.stores.publications.withdraw(
            assessment, row.revision, reviewer="Anna", auth="token", channel="script", reason="A wrong year."
        )
    return home


@pytest.fixture
def home(_eventful_home: Path, tmp_path: Path) -> Path:
    """A home of the test's own in which everything happened once: comments, a send-back, an edit, an approval that was
    not enough, a publication and its withdrawal."""
    return copy_home(_eventful_home, tmp_path / "home")


def tamper(home: Path, *changes: str) -> None:
    """What somebody can do who opens the file itself; the trail stays as it is."""
    with closing(sqlite3.connect(home / "store.sqlite")) as connection, connection:
        for name in ("withdrawals_no_update", "withdrawals_no_delete"):
            connection.execute(f"DROP TRIGGER IF EXISTS {name}")
        for change in changes:
            assert connection.execute(change).rowcount > 0, change


def found(home: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The problems that the command names, which then exits with 6; none where it does not."""
    try:
        verify_trail(Terminal(as_json=True), a_settings(home), ())
    except typer.Exit as ended:
        assert ended.exit_code == 6
        return list(json.loads(capsys.readouterr().out)["error"]["problems"])
    assert json.loads(capsys.readouterr().out)["ok"] is True
    return []


def of_the_trail(home: Path) -> tuple[str, ...]:
    """What the trail and the rows show without the page, which names an entry of the trail as it was."""
    db = Database.of_home(home)
    problems = AuditTrail(db).problems()
    db.close()
    return problems


def as_an_earlier_version_left_it(home: Path) -> None:
    """Take what entries say since then out of the trail, and chain it as it would have been."""
    db = Database.of_home(home)
    previous = ""
    with closing(sqlite3.connect(home / "store.sqlite")) as connection, connection:
        connection.execute("DROP TRIGGER audit_no_update")
        for entry in AuditTrail(db).entries():
            detail = entry.detail if entry.event == "requested" else _without(entry.detail, *SINCE)
            now = entry.model_copy(update={"detail": detail, "previous": previous})
            previous = now.computed()
            connection.execute(
                "UPDATE audit SET detail = ?, previous = ?, hash = ? WHERE serial = ?",
                (to_text(detail), now.previous, previous, entry.serial),
            )
    db.close()


def _without(detail: dict[str, object], *names: str) -> dict[str, object]:
    return {name: value for name, value in detail.items() if name not in names}


def test_a_home_in_which_everything_happened_holds(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert found(home, capsys) == []


ATTACKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "DELETE FROM decisions",
        (
            "(decided: send_back by Ben on ",
            "(decided: edit by Anna on ",
            "(decided: approve by Ben on ",
            "(decided: approve by Ben on ",
        ),
    ),
    ("DELETE FROM decisions WHERE action = 'edit'", ("(decided: edit by Anna on ",)),
    ("DELETE FROM publications", ("(publishing by assess-role on ",)),
    (
        "DELETE FROM approvals",
        (
            "(approved, not alone by Anna on ",
            "(decided: approve by Ben on ",
            "(decided: approve by Ben on ",
        ),
    ),
    ("DELETE FROM approvals WHERE reviewer = 'Anna'", ("(approved, not alone by Anna on ",)),
    (
        "UPDATE approvals SET reviewer = 'Mallory' WHERE reviewer = 'Anna'",
        ("by Mallory in ", "(approved, not alone by Anna on "),
    ),
    ("UPDATE approvals SET auth = 'password' WHERE reviewer = 'Anna'", ("has another auth",)),
    ("DELETE FROM comments", ("(commented by Anna on ", "(commented by Ben on ")),
    ("UPDATE comments SET text = 'Well done.' WHERE author = 'Ben'", ("(by Ben) was changed: the trail (entry ",)),
    ("UPDATE comments SET author = 'Mallory' WHERE author = 'Ben'", ("has another author",)),
    ("UPDATE comments SET claim = 'Another.' WHERE author = 'Ben'", ("has another claim",)),
    (
        "UPDATE comments SET resolved_by = NULL, resolved_at = NULL WHERE author = 'Anna'",
        ("has another resolved_by and another resolved_at",),
    ),
    (
        "UPDATE comments SET resolved_by = 'Ben', resolved_at = created_at WHERE author = 'Ben'",
        ("has another resolved_by and another resolved_at",),
    ),
    (
        "INSERT INTO comments SELECT 'c-forged', assessment, revision, place, claim, author, auth, channel, text,"
        " created_at, resolved_by, resolved_at FROM comments WHERE author = 'Ben'",
        ("comment c-forged (by Ben) has no entry",),
    ),
    (
        "UPDATE decisions SET reason = 'All is well.' WHERE action = 'send_back'",
        ("(send_back by Ben) was changed: the trail (entry ",),
    ),
    ("UPDATE decisions SET reason = 'Looked at.' WHERE gate = 'publication'", ("has another reason",)),
    ("UPDATE decisions SET document = '{}' WHERE action = 'edit'", ("(edit by Anna) was changed: the trail (entry ",)),
    ("UPDATE decisions SET document = NULL WHERE action = 'edit'", ("has another document",)),
    (
        "UPDATE decisions SET document = replace(document, 'year', 'month') WHERE action = 'send_back'",
        ("has another document",),
    ),
    ("UPDATE decisions SET document = '{}' WHERE gate = 'publication'", ("has another document",)),
    ("UPDATE decisions SET channel = 'web' WHERE action = 'edit'", ("has another channel",)),
    (
        "UPDATE revisions SET document = replace(document, 'survey', 'study')",
        ("has the hash sha256:",) * 3,
    ),
    ("UPDATE revisions SET document = 'no JSON' WHERE number = 2", ("has the hash sha256:",)),
    ("UPDATE revisions SET document = x'00ff' WHERE number = 2", ("has the hash of no text",)),
    ("DELETE FROM revisions WHERE number = 1", ("(frozen by assess-role on ",)),
    (
        f"UPDATE revisions SET hash = '{FORGED}' WHERE number = 1",
        (f"revision {FORGED} of ", "was changed: its document has the hash", "(frozen by assess-role on "),
    ),
    ("UPDATE revisions SET origin = 'draft' WHERE origin = 'edit'", ("has another origin",)),
    ("UPDATE publications SET score = '99.9'", ("v1 was changed: its revision has another score",)),
    (
        "UPDATE publications SET zone = 'GREEN', label = 'GREEN (Stable)', seniority = 'chief'",
        ("v1 was changed: its revision has another zone and another label and another seniority",),
    ),
    ("UPDATE publications SET version = 2", ("v2 was changed: the trail (entry ",)),
    ("UPDATE publications SET slug = 'gadget-engineer'", ("publication gadget-engineer v1 was changed",)),
    ("UPDATE publications SET role = 'Gadget Engineer'", ("has another role",)),
    ("UPDATE publications SET status = 'pending'", ("has another status",)),
    ("UPDATE publications SET published_at = '2020-01-01T00:00:00Z'", ("has another published_at",)),
    ("DELETE FROM withdrawals", ("(withdrawn by Anna on ",)),
    ("UPDATE withdrawals SET reason = 'A wrong sum.'", ("has another reason",)),
)


@pytest.mark.parametrize(("attack", "said"), ATTACKS, ids=[attack for attack, _ in ATTACKS])
def test_what_is_missing_put_in_or_changed_in_the_rows_is_named(
    attack: str, said: tuple[str, ...], home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tamper(home, attack)
    problems = found(home, capsys)
    assert len(problems) == len(said), problems
    for part, problem in zip(said, problems, strict=True):
        assert part in problem


def test_a_home_of_an_earlier_version_still_holds(home: Path) -> None:
    as_an_earlier_version_left_it(home)
    assert of_the_trail(home) == ()


@pytest.mark.parametrize(
    ("attack", "said"),
    [
        ("DELETE FROM decisions WHERE action = 'edit'", "(decided: edit by Anna on "),
        ("DELETE FROM approvals WHERE reviewer = 'Anna'", "(approved, not alone by Anna on "),
        ("UPDATE approvals SET reviewer = 'Mallory' WHERE reviewer = 'Anna'", "by Mallory in "),
        ("UPDATE comments SET text = 'Well done.' WHERE author = 'Ben'", "has another text"),
        ("UPDATE decisions SET reason = 'All is well.' WHERE action = 'send_back'", "has another reason"),
        ("UPDATE revisions SET document = '{}' WHERE number = 1", "has the hash sha256:"),
        ("UPDATE publications SET score = '99.9'", "its revision has another score"),
    ],
)
def test_what_a_home_of_an_earlier_version_kept_is_compared(attack: str, said: str, home: Path) -> None:
    as_an_earlier_version_left_it(home)
    tamper(home, attack)
    assert said in " ".join(of_the_trail(home))


def test_what_an_earlier_entry_does_not_say_is_not_compared(home: Path) -> None:
    as_an_earlier_version_left_it(home)
    tamper(
        home,
        "UPDATE decisions SET document = '{}' WHERE action = 'edit'",
        "UPDATE comments SET claim = 'Another.' WHERE author = 'Ben'",
        "UPDATE publications SET role = 'Gadget Engineer'",
        "DELETE FROM approvals WHERE reviewer = 'Ben'",
    )
    assert of_the_trail(home) == ()
