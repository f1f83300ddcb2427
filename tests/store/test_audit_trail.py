"""The audit trail is a chain: what is changed, removed or put in afterwards shows."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest
from alembic import command
from alembic.config import Config
from factories_records import HASH, OTHER, Records, TickingStamps, a_publication
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from agent.schemas.record import AuditMark
from agent.store.audit import append
from agent.store.audit_trail import AuditTrail
from agent.store.database import Database
from agent.store.publications import Publication
from agent.store.reviews import ReviewStore
from agent.store.sqlite import sqlite_engine

Change = Callable[[sqlite3.Connection], object]


class StandingStamps(TickingStamps):
    """A clock that stands still."""

    def now(self) -> str:
        return "2026-02-25T11:00:00Z"


def a_record(folder: Path) -> Records:
    """A request, a review, a decision and a publication."""
    folder.mkdir(parents=True, exist_ok=True)
    records = Records(folder)
    records.open()
    records.reviews.decide(
        assessment="widget-1", revision=HASH, action="approve", reviewer="Anna", auth="local", channel="script"
    )
    records.publications.claim(
        Publication(
            assessment="widget-1",
            revision=HASH,
            slug="widget",
            role="Widget Engineer",
            seniority="Senior",
            score=47.5,
            zone="YELLOW",
            label="YELLOW",
        ),
        "published",
    )
    records.publications.finish("widget-1", HASH)
    return records


def problems(records: Records, *marks: AuditMark) -> tuple[str, ...]:
    return AuditTrail(records.db).problems(marks)


def tamper(folder: Path, change: Change) -> None:
    """What somebody can do who opens the file itself."""
    with closing(sqlite3.connect(folder / "store.sqlite")) as connection, connection:
        for name in ("audit_no_update", "audit_no_delete"):
            connection.execute(f"DROP TRIGGER IF EXISTS {name}")
        change(connection)


def test_each_entry_holds_the_hash_of_the_one_before_it(tmp_path: Path) -> None:
    records = a_record(tmp_path)
    trail = AuditTrail(records.db).entries()
    assert [entry.event for entry in trail] == [
        "requested",
        "review opened: inputs",
        "decided: approve",
        "publishing",
        "published",
    ]
    assert [entry.serial for entry in trail] == [1, 2, 3, 4, 5]
    assert [entry.previous for entry in trail] == ["", *(entry.hash for entry in trail[:-1])]
    assert all(entry.hash == entry.computed() for entry in trail)
    assert problems(records) == ()


@pytest.mark.parametrize("change", ["UPDATE audit SET actor = 'Ben'", "DELETE FROM audit WHERE serial = 5"])
def test_the_table_takes_no_change_and_no_removal(change: str, tmp_path: Path) -> None:
    records = a_record(tmp_path)
    with (
        closing(sqlite3.connect(tmp_path / "store.sqlite")) as connection,
        pytest.raises(sqlite3.IntegrityError, match="only appended to"),
    ):
        connection.execute(change)
    assert problems(records) == ()


@settings(max_examples=30, deadline=None)
@given(serial=st.integers(1, 5), column=st.sampled_from(["at", "actor", "event", "assessment", "revision", "detail"]))
def test_a_change_of_any_field_of_any_entry_shows(
    serial: int, column: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("trail")
    records = a_record(folder)
    value = '{"gate":"none"}' if column == "detail" else "another"
    tamper(folder, lambda c: c.execute(f'UPDATE audit SET "{column}" = ? WHERE serial = ?', (value, serial)))
    assert f"entry {serial} was changed" in " ".join(problems(records))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("DELETE FROM audit WHERE serial = 2", "before entry 3 something was removed or put in"),
        ("UPDATE audit SET serial = 9 WHERE serial = 2", "entry 9 was changed"),
        (
            "INSERT INTO audit SELECT 6, at, actor, event, assessment, revision, detail, previous, hash FROM audit"
            " WHERE serial = 3",
            "before entry 6 something was removed or put in",
        ),
    ],
)
def test_what_is_removed_moved_or_put_in_shows(change: str, said: str, tmp_path: Path) -> None:
    records = a_record(tmp_path)
    tamper(tmp_path, lambda c: c.execute(change))
    assert said in " ".join(problems(records))


def test_an_end_that_is_cut_off_shows_against_a_mark(tmp_path: Path) -> None:
    records = a_record(tmp_path)
    records.add("widget-2")
    last = AuditTrail(records.db).entries()[-1]
    tamper(tmp_path, lambda c: c.execute("DELETE FROM audit WHERE serial = 6"))
    assert problems(records) == ()
    assert problems(records, last.mark) == (f"entry 6 is another than was written down: none here, {last.hash} there",)


def test_a_trail_that_is_written_anew_shows_against_the_mark_of_a_page(tmp_path: Path) -> None:
    records, other = a_record(tmp_path / "one"), a_record(tmp_path / "two")
    mark = records.publications.mark("widget-1", HASH)
    assert mark.serial == 4
    assert problems(records, mark) == ()
    other.add("widget-2")
    assert problems(other, mark) == ()
    tamper(tmp_path / "two", lambda c: c.execute("UPDATE audit SET actor = 'Ben' WHERE serial = 3"))
    rewritten = list(AuditTrail(other.db).entries())
    previous = ""
    for entry in rewritten:
        now = entry.model_copy(update={"previous": previous})
        values = (now.previous, now.computed(), now.serial)
        tamper(
            tmp_path / "two",
            lambda c, values=values: c.execute("UPDATE audit SET previous = ?, hash = ? WHERE serial = ?", values),
        )
        previous = now.computed()
    assert not any("was changed" in problem for problem in problems(other))
    assert "entry 4 is another than was written down" in " ".join(problems(other, mark))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE decisions SET reviewer = 'Ben'", "decision widget-1/1/decision (approve by Ben) has no entry"),
        ("UPDATE decisions SET action = 'reject'", "decision widget-1/1/decision (reject by Anna) has no entry"),
    ],
)
def test_a_decision_without_its_entry_shows_and_so_does_the_entry(change: str, said: str, tmp_path: Path) -> None:
    records = a_record(tmp_path)
    tamper(tmp_path, lambda c: c.execute(change))
    assert problems(records) == (said, "entry 3 (decided: approve by Anna on widget-1) has no decision")


def test_two_decisions_that_differ_in_their_reason_alone_have_an_entry_each(tmp_path: Path) -> None:
    records = Records(tmp_path)
    still = ReviewStore(records.db, StandingStamps())
    for serial, reason in ((1, "The year is wrong."), (2, "The sum is wrong.")):
        records.open(serial=serial)
        still.decide(
            assessment="widget-1", revision=HASH, action="send_back", reviewer="Anna", auth="local", channel="script",
            reason=reason,
        )  # fmt: skip
    assert problems(records) == ()
    tamper(tmp_path, lambda c: c.execute("UPDATE decisions SET reason = 'None.' WHERE id = 'widget-1/2/decision'"))
    changed = "decision widget-1/2/decision (send_back by Anna) was changed: the trail (entry 5) has another reason"
    assert problems(records) == (changed,)
    tamper(tmp_path, lambda c: c.execute("DELETE FROM decisions WHERE id = 'widget-1/1/decision'"))
    assert len(problems(records)) == 2


def test_a_publication_without_its_entry_shows_and_so_does_the_entry(tmp_path: Path) -> None:
    records = a_record(tmp_path)
    tamper(tmp_path, lambda c: c.execute(f"UPDATE publications SET revision = '{OTHER}'"))
    assert problems(records) == (
        "publication widget v1 has no entry",
        "entry 4 (publishing by assess-role on widget-1) has no publication",
    )


def test_a_publication_that_is_under_way_has_the_entry_of_its_beginning(tmp_path: Path) -> None:
    records = a_record(tmp_path)
    records.add("widget-2")
    records.publications.claim(a_publication(assessment="widget-2", revision=OTHER, slug="widget"), "published")
    assert problems(records) == ()


def test_a_finished_publication_that_is_put_back_shows(tmp_path: Path) -> None:
    records = a_record(tmp_path)
    tamper(tmp_path, lambda c: c.execute("UPDATE publications SET status = 'pending'"))
    assert problems(records) == ("publication widget v1 was changed: the trail (entry 4) has another status",)


def test_writers_side_by_side_make_one_chain(tmp_path: Path) -> None:
    records = a_record(tmp_path)
    threads = [Thread(target=records.add, args=(f"other-{at}",)) for at in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(AuditTrail(records.db).entries()) == 5 + 12
    assert problems(records) == ()


def test_the_entries_of_an_earlier_version_are_chained_when_its_store_is_opened(tmp_path: Path) -> None:
    engine = sqlite_engine(tmp_path / "store.sqlite")
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", "agent.store:migrations")
        command.upgrade(config, "0004")
        for serial in (1, 2, 3):
            connection.execute(
                text(
                    "INSERT INTO audit (serial, at, actor, event, assessment, revision, detail)"
                    " VALUES (:serial, '2026-02-25T10:00:00Z', 'Zoë', 'noted', NULL, NULL, :detail)"
                ),
                {"serial": serial, "detail": '{"ä":1,"b":[1.5]}'},
            )
    engine.dispose()
    db = Database.open(tmp_path / "store.sqlite")
    trail = AuditTrail(db).entries()
    assert [entry.detail for entry in trail] == [{"ä": 1, "b": [1.5]}] * 3
    assert trail[0].previous == ""
    assert AuditTrail(db).problems() == ()
    with db.write() as connection:
        append(connection, at="2026-02-25T10:00:01Z", actor="Zoë", event="noted")
    assert AuditTrail(db).problems() == ()
    assert AuditTrail(db).entries()[-1].previous == trail[-1].hash
    db.close()
