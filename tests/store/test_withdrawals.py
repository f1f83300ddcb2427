"""A published version is withdrawn once, by somebody, for a reason, and never without its audit entry."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from factories_records import HASH, OTHER, Records, a_publication
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import IntegrityError

from agent.errors import AssessorError, Conflict, NotFound
from agent.store.audit_trail import AuditTrail
from agent.store.database import Database
from agent.store.publications import PublicationRow, PublicationStore, Withdrawal
from agent.store.sqlite import sqlite_engine, use_write_ahead_log
from agent.store.tables import withdrawals

WHY = "A source that carried the score was retracted."


def a_published_record(folder: Path) -> Records:
    records = Records(folder)
    records.publications.claim(a_publication(), "/pages")
    records.publications.finish("widget-1", HASH)
    return records


def withdraw(records: Records, *, revision: str = HASH, reviewer: str = "Ada Marsh") -> PublicationRow:
    return records.publications.withdraw(
        "widget-1", revision, reviewer=reviewer, auth="local-unverified", channel="script", reason=WHY
    )


def test_a_withdrawal_stands_with_its_publication_and_changes_nothing_else(tmp_path: Path) -> None:
    records = a_published_record(tmp_path)
    [before] = records.publications.done()
    assert before.withdrawn is None
    row = withdraw(records)
    assert row.withdrawn is not None
    at = row.withdrawn.withdrawn_at
    assert row.withdrawn == Withdrawal(
        reviewer="Ada Marsh", auth="local-unverified", channel="script", reason=WHY, withdrawn_at=at
    )
    assert records.publications.done() == (row,) == (before.model_copy(update={"withdrawn": row.withdrawn}),)
    assert records.publications.of("widget-1") == row
    assert row.withdrawn.words == f"by Ada Marsh on 2026-02-25: {WHY}"


def test_the_audit_trail_says_who_withdrew_what_and_why(tmp_path: Path) -> None:
    records = a_published_record(tmp_path)
    row = withdraw(records)
    assert row.withdrawn is not None
    entry = AuditTrail(records.db).entries("widget-1")[-1]
    assert (entry.event, entry.actor, entry.revision, entry.at) == (
        "withdrawn",
        "Ada Marsh",
        HASH,
        row.withdrawn.withdrawn_at,
    )
    detail = {"slug": row.slug, "version": 1, "auth": "local-unverified", "channel": "script", "reason": WHY}
    assert entry.detail == detail
    assert AuditTrail(records.db).problems() == ()


def test_withdrawing_twice_is_a_conflict_that_says_who_did_it_when(tmp_path: Path) -> None:
    records = a_published_record(tmp_path)
    first = withdraw(records)
    with pytest.raises(Conflict, match=r"v1 was withdrawn already by Ada Marsh on 2026-02-25: A source"):
        withdraw(records, reviewer="Ben Ode")
    assert records.publications.done() == (first,)
    assert records.events().count("withdrawn") == 1


def test_of_many_at_once_one_withdraws(tmp_path: Path) -> None:
    records = a_published_record(tmp_path)
    start, ended = threading.Barrier(6), []

    def try_it(at: int) -> None:
        start.wait()
        try:
            withdraw(records, reviewer=f"Person {at}")
            ended.append("done")
        except Conflict:
            ended.append("conflict")

    threads = [threading.Thread(target=try_it, args=(at,)) for at in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["conflict"] * 5 + ["done"]
    assert records.events().count("withdrawn") == 1


def test_what_is_pending_or_was_never_published_is_not_withdrawn(tmp_path: Path) -> None:
    records = Records(tmp_path)
    records.publications.claim(a_publication(), "/pages")
    with pytest.raises(Conflict, match="is pending: only what stands published can be withdrawn"):
        withdraw(records)
    with pytest.raises(NotFound, match="Nothing was published of widget-1 as sha256:bbb"):
        withdraw(records, revision=OTHER)
    assert "withdrawn" not in records.events()


def test_without_its_audit_entry_nothing_is_withdrawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records = a_published_record(tmp_path)

    def refused(*_: object, **__: object) -> None:
        raise AssessorError("the trail takes nothing")

    monkeypatch.setattr("agent.store.publications.append", refused)
    with pytest.raises(AssessorError, match="the trail takes nothing"):
        withdraw(records)
    [row] = records.publications.done()
    assert row.withdrawn is None


def test_a_withdrawal_is_neither_changed_nor_taken_back(tmp_path: Path) -> None:
    records = a_published_record(tmp_path)
    withdraw(records)
    for change in (update(withdrawals).values(reason="Another reason."), delete(withdrawals)):
        with pytest.raises(IntegrityError, match="a withdrawal is only ever recorded"), records.db.write() as opened:
            opened.execute(change)


def test_a_withdrawal_that_somebody_put_in_shows_in_the_trail(tmp_path: Path) -> None:
    records = a_published_record(tmp_path)
    with records.db.write() as connection:
        connection.execute(
            insert(withdrawals).values(
                assessment="widget-1",
                revision=HASH,
                reviewer="Nobody",
                auth="local-unverified",
                channel="script",
                reason=WHY,
                withdrawn_at="2026-02-25T12:00:00Z",
            )
        )
    assert AuditTrail(records.db).problems() == (f"withdrawal of {HASH} of widget-1 by Nobody has no entry",)


def test_the_next_version_after_a_withdrawn_one_has_the_next_number(tmp_path: Path) -> None:
    records = a_published_record(tmp_path)
    withdraw(records)
    records.add("widget-2")
    row = records.publications.claim(a_publication(assessment="widget-2", revision=OTHER), "/pages")
    assert (row.version, row.withdrawn) == (2, None)


def test_a_store_of_the_former_version_keeps_its_publications_and_takes_withdrawals(tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite"
    engine = sqlite_engine(file)
    use_write_ahead_log(engine)
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", "agent.store:migrations")
        command.upgrade(config, "0005")
        connection.execute(
            text(
                "INSERT INTO assessments VALUES ('widget-1', 'Widget Engineer', 'Mid', 'published', '1', '{}', NULL,"
                " '2026-02-25T09:00:00Z', '2026-02-25T09:00:00Z')"
            )
        )
        connection.execute(
            text(
                "INSERT INTO publications VALUES ('widget-1', :revision, 'widget-engineer-mid', 1, 'Widget Engineer',"
                " 'Mid', '47.5', 'YELLOW', 'YELLOW (Urgent)', 'done', '/pages/v1', '2026-02-25T10:00:00Z')"
            ),
            {"revision": HASH},
        )
    engine.dispose()
    db = Database.open(file)
    store = PublicationStore(db, Records(tmp_path / "clock").stamps)
    [row] = store.done()
    assert (row.score, row.withdrawn) == (47.5, None)
    store.withdraw("widget-1", HASH, reviewer="Ada Marsh", auth="local-unverified", channel="script", reason=WHY)
    [row] = store.done()
    assert row.withdrawn is not None
    assert row.withdrawn.reason == WHY
