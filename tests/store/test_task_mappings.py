"""A confirmed mapping is kept once a pair of revisions, found from both sides, and never without its audit entry."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from factories_records import HASH, OTHER, Records
from sqlalchemy import text

from agent.store.database import Database
from agent.store.sqlite import sqlite_engine, use_write_ahead_log
from agent.store.task_mappings import TaskMappingRow, TaskMappingStore

OWNERS = {HASH: "widget-1", OTHER: "gadget-1"}


class Mappings(Records):
    """The stores with one more assessment, and the mappings."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.add("gadget-1")
        self.mappings = TaskMappingStore(self.db, self.stamps)

    def confirm(self, a: str, b: str, *pairs: tuple[str, str], reviewer: str = "Ada Marsh") -> TaskMappingRow:
        return self.mappings.confirm(
            a, b, pairs, assessments=OWNERS, reviewer=reviewer, auth="local-unverified", channel="script"
        )


@pytest.fixture
def store(tmp_path: Path) -> Mappings:
    return Mappings(tmp_path)


def test_a_mapping_is_found_from_both_sides(store: Mappings) -> None:
    kept = store.confirm(OTHER, HASH, ("t1", "t2"), ("t3", "t1"))
    assert kept.pairs == (("t1", "t2"), ("t3", "t1"))
    assert store.mappings.of(OTHER, HASH) == kept
    turned = store.mappings.of(HASH, OTHER)
    assert turned is not None
    assert turned.pairs == (("t2", "t1"), ("t1", "t3"))
    assert ((kept.first, kept.second), (turned.first, turned.second)) == ((OTHER, HASH), (HASH, OTHER))
    assert (turned.reviewer, turned.auth, turned.channel) == ("Ada Marsh", "local-unverified", "script")
    assert turned.confirmed_at.startswith("2026-02-25T10:")


def test_all_mappings_are_read_at_once_by_their_revisions(store: Mappings) -> None:
    assert store.mappings.all() == ()
    store.confirm(OTHER, HASH, ("t1", "t2"))
    first, second = sorted((HASH, OTHER))
    assert store.mappings.all() == (store.mappings.of(first, second),)


def test_nobody_confirmed_what_is_not_there(store: Mappings) -> None:
    assert store.mappings.of(HASH, OTHER) is None


def test_a_mapping_without_a_pair_is_a_mapping(store: Mappings) -> None:
    store.confirm(HASH, OTHER)
    found = store.mappings.of(HASH, OTHER)
    assert found is not None
    assert found.pairs == ()


def test_a_later_mapping_takes_the_place_and_both_stay_in_both_audit_trails(store: Mappings) -> None:
    store.confirm(HASH, OTHER, ("t1", "t1"))
    store.confirm(OTHER, HASH, ("t2", "t3"), reviewer="Bo Lind")
    found = store.mappings.of(HASH, OTHER)
    assert found is not None
    assert (found.pairs, found.reviewer) == ((("t3", "t2"),), "Bo Lind")
    for assessment, revision, other in (("widget-1", HASH, OTHER), ("gadget-1", OTHER, HASH)):
        entries = [e for e in store.assessments.history(assessment) if e.event == "task mapping confirmed"]
        assert [(e.actor, e.revision, e.detail["with"]) for e in entries] == [
            ("Ada Marsh", revision, other),
            ("Bo Lind", revision, other),
        ]
        assert [e.detail["pairs"] for e in entries] == [[["t1", "t1"]], [["t3", "t2"]]]


def test_a_store_of_the_former_version_keeps_what_it_has_and_takes_mappings(tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite"
    engine = sqlite_engine(file)
    use_write_ahead_log(engine)
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", "agent.store:migrations")
        command.upgrade(config, "0002")
        connection.execute(text("INSERT INTO corpus_facts VALUES ('kept', 'as it was')"))
    engine.dispose()
    with sqlite3.connect(file) as plain:
        assert plain.execute("SELECT 1 FROM sqlite_master WHERE name = 'task_mappings'").fetchone() is None
    with Database.open(file).read() as connection:
        assert (
            connection.execute(text("SELECT value FROM corpus_facts WHERE name = 'kept'")).scalar_one() == "as it was"
        )
    assert Mappings(tmp_path).confirm(HASH, OTHER, ("t1", "t1")).pairs == (("t1", "t1"),)
