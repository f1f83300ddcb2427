from __future__ import annotations

from pathlib import Path

import pytest
from factories_records import TickingStamps
from sqlalchemy import text

from agent.errors import Prerequisite
from agent.schemas.occupation import NameKind, Occupation, OccupationChoice, OfficialName, OfficialTask
from agent.store.database import Database
from agent.store.occupations import OccupationStore

CODE, OTHER = "15-1252.00", "29-1141.00"
DEVELOPERS = Occupation(code=CODE, title="Software Developers", description="They write programs.")
NURSES = Occupation(code=OTHER, title="Registered Nurses", description="")
TASK = OfficialTask(id=7, occupation=CODE, text="Write code.", kind="Core", importance=4.5, relevance=None)
NAME = OfficialName(occupation=CODE, kind=NameKind.TITLE, text="Software Developers", words="software developer")


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return Database.open(tmp_path / "store.sqlite")


@pytest.fixture
def store(db: Database) -> OccupationStore:
    return OccupationStore(db, TickingStamps())


def confirm(store: OccupationStore, title: str, *codes: str, reviewer: str = "Ada Marsh") -> OccupationChoice:
    return store.choose(
        title, codes, release="O*NET 29.0", reviewer=reviewer, auth="local-unverified", channel="script"
    )


def events(db: Database) -> list[tuple[str, str]]:
    with db.read() as connection:
        return [tuple(row) for row in connection.execute(text("SELECT actor, event FROM audit ORDER BY serial"))]


def test_a_release_comes_back_as_it_was_put(store: OccupationStore) -> None:
    facts = store.replace(version="29.0", found=[DEVELOPERS, NURSES], tasks=[TASK], names=[NAME])
    assert (facts.occupations, facts.tasks, facts.rated, facts.names) == (2, 1, 0, 1)
    assert store.release() == facts
    assert store.occupations([CODE, OTHER, "11-1111.00"]) == {CODE: DEVELOPERS, OTHER: NURSES}
    assert (store.tasks(CODE), store.tasks(OTHER), store.names()) == ((TASK,), (), (NAME,))


def test_another_release_takes_the_place_of_the_first(store: OccupationStore) -> None:
    store.replace(version="29.0", found=[DEVELOPERS], tasks=[TASK], names=[NAME])
    store.replace(version=None, found=[NURSES], tasks=[], names=[])
    assert store.release().name == "O*NET"
    assert (store.occupations([CODE, OTHER]), store.tasks(CODE), store.names()) == ({OTHER: NURSES}, (), ())


def test_a_release_that_cannot_be_put_leaves_the_former_one(store: OccupationStore) -> None:
    store.replace(version="29.0", found=[DEVELOPERS], tasks=[TASK], names=[NAME])
    with pytest.raises(Exception, match="FOREIGN KEY"):
        store.replace(version="30.0", found=[NURSES], tasks=[TASK], names=[])
    assert (store.release().version, store.tasks(CODE)) == ("29.0", (TASK,))


def test_without_an_import_the_release_is_missing_and_the_hint_says_how_to_import(store: OccupationStore) -> None:
    with pytest.raises(Prerequisite, match="No official occupations are imported") as caught:
        store.release()
    assert "assess-role import onet" in str(caught.value.hint)


def test_the_last_confirmation_of_a_title_counts_case_and_spacing_aside(store: OccupationStore, db: Database) -> None:
    assert store.choice("Data Engineer") is None
    confirm(store, "Data Engineer", OTHER)
    last = confirm(store, "data  ENGINEER", OTHER, CODE, CODE, reviewer="Bo Lind")
    assert last.codes == (CODE, OTHER)
    assert store.choice(" Data Engineer") == last
    with db.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM occupation_choices")).scalar_one() == 2
    assert events(db) == [("Ada Marsh", "occupations confirmed"), ("Bo Lind", "occupations confirmed")]


def test_that_no_occupation_fits_is_an_answer_too(store: OccupationStore) -> None:
    assert confirm(store, "Prompt Artist").codes == ()
    assert store.choice("prompt artist") is not None


def test_confirmations_outlive_the_release(store: OccupationStore) -> None:
    store.replace(version="29.0", found=[DEVELOPERS], tasks=[TASK], names=[NAME])
    choice = confirm(store, "Developer", CODE)
    store.replace(version="30.0", found=[NURSES], tasks=[], names=[])
    assert store.choice("Developer") == choice


def test_a_store_of_the_second_schema_gets_the_tables_and_keeps_what_it_has(tmp_path: Path) -> None:
    from alembic import command
    from alembic.config import Config

    from agent.store.sqlite import sqlite_engine

    engine = sqlite_engine(tmp_path / "old.sqlite")
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", "agent.store:migrations")
        command.upgrade(config, "0002")
        connection.execute(text("INSERT INTO corpus_facts VALUES ('digest', 'kept')"))
    engine.dispose()
    db = Database.open(tmp_path / "old.sqlite")
    store = OccupationStore(db, TickingStamps())
    store.replace(version="29.0", found=[DEVELOPERS], tasks=[TASK], names=[NAME])
    assert store.tasks(CODE) == (TASK,)
    with db.read() as connection:
        assert connection.execute(text("SELECT value FROM corpus_facts")).scalar_one() == "kept"
