from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from agent.errors import Prerequisite, StorageFailed
from agent.store import sqlite
from agent.store.database import Database
from agent.store.migrations import VERSIONS
from agent.store.tables import corpus_facts, metadata, passages

CHECKOUT = Path(__file__).resolve().parents[2]


def a_database(folder: Path) -> Database:
    return Database.open(folder / "home" / "store.db")


def put(db: Database, name: str, value: str = "v") -> None:
    with db.write() as connection:
        connection.execute(insert(corpus_facts).values(name=name, value=value))


def names(db: Database) -> list[str]:
    with db.read() as connection:
        return list(connection.execute(select(corpus_facts.c.name).order_by(corpus_facts.c.name)).scalars())


def run_python(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_an_empty_home_becomes_a_store_with_every_table(tmp_path: Path) -> None:
    db = a_database(tmp_path)
    with db.read() as connection:
        found = set(connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars())
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    assert set(metadata.tables) <= found
    assert version == VERSIONS[-1]


def test_the_migrated_schema_is_the_schema_of_the_tables_module(tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    def is_ours(name: str | None, kind: str, parents: object) -> bool:
        return kind != "table" or not str(name).startswith("passage_words")

    db = a_database(tmp_path)
    with db.read() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_ours, "compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_migration_scripts_form_one_line_that_ends_at_the_known_head() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", "agent.store:migrations")
    scripts = ScriptDirectory.from_config(config)
    assert [script.revision for script in scripts.walk_revisions()][::-1] == list(VERSIONS)


def test_connections_are_durable_and_enforce_foreign_keys(tmp_path: Path) -> None:
    with a_database(tmp_path).read() as connection:
        found = {
            pragma: connection.execute(text(f"PRAGMA {pragma}")).scalar_one()
            for pragma in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}


def test_a_write_that_raises_leaves_nothing(tmp_path: Path) -> None:
    db = a_database(tmp_path)
    put(db, "before")
    with pytest.raises(RuntimeError, match="in the middle"), db.write() as connection:
        connection.execute(insert(corpus_facts).values(name="half", value="v"))
        raise RuntimeError("in the middle")
    assert names(db) == ["before"]


def test_a_broken_unique_key_is_left_to_the_caller(tmp_path: Path) -> None:
    db = a_database(tmp_path)
    put(db, "once")
    with pytest.raises(IntegrityError):
        put(db, "once")


def test_a_missing_parent_row_is_refused(tmp_path: Path) -> None:
    row = {"id": "p-1", "article": "a-none", "text": "t", "text_hash": "h", "start": 0, "end": 1}
    with pytest.raises(IntegrityError), a_database(tmp_path).write() as connection:
        connection.execute(insert(passages).values(**row, suspicious=False, active=True))


def test_a_mistake_in_a_statement_stays_a_bug(tmp_path: Path) -> None:
    with pytest.raises(OperationalError), a_database(tmp_path).read() as connection:
        connection.execute(text("SELECT nothing FROM nowhere"))


def test_writers_in_many_threads_wait_for_each_other(tmp_path: Path) -> None:
    db = a_database(tmp_path)
    put(db, "count", "0")

    def increment() -> None:
        for _ in range(10):
            with db.write() as connection:
                row = corpus_facts.c.name == "count"
                value = connection.execute(select(corpus_facts.c.value).where(row)).scalar_one()
                connection.execute(corpus_facts.update().where(row).values(value=str(int(value) + 1)))

    threads = [threading.Thread(target=increment) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.read() as connection:
        assert connection.execute(select(corpus_facts.c.value)).scalar_one() == "40"


def test_processes_that_open_an_empty_home_at_once_all_succeed(tmp_path: Path) -> None:
    code = (
        "import sys; from sqlalchemy import insert; from agent.store.database import Database;"
        "from agent.store.tables import corpus_facts; db = Database.open(sys.argv[1]);"
        "connection = db.write(); c = connection.__enter__();"
        "c.execute(insert(corpus_facts).values(name=sys.argv[2], value='v')); connection.__exit__(None, None, None)"
    )
    path = tmp_path / "home" / "store.db"
    runs = [run_python(code, str(path), str(number)) for number in range(4)]
    assert [(run.communicate()[1], run.returncode) for run in runs] == [("", 0)] * 4
    assert names(Database.open(path)) == ["0", "1", "2", "3"]


def test_opening_a_current_store_imports_no_alembic(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    Database.open(path).close()
    run = run_python(
        "import sys; from agent.store.database import Database; Database.open(sys.argv[1]);"
        "print('alembic' in sys.modules)",
        str(path),
    )
    assert run.communicate() == ("False\n", "")


def test_a_process_killed_while_migrating_leaves_a_home_that_opens(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    run = run_python(
        "import os, signal, sys; from agent.store import sqlite; from agent.store.database import Database;"
        "sqlite.create_word_index = lambda connection: os.kill(os.getpid(), signal.SIGKILL);"
        "Database.open(sys.argv[1])",
        str(path),
    )
    run.communicate()
    assert run.returncode == -9
    assert names(Database.open(path)) == []


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    db = a_database(tmp_path)
    with db.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    db.close()
    with pytest.raises(Prerequisite, match=r"schema version 9999; this assess-role knows up to") as caught:
        Database.open(db.path)
    assert caught.value.hint is not None and "Upgrade assess-role" in caught.value.hint


def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.write_bytes(b"these are not the bytes of a database" * 100)
    with pytest.raises(StorageFailed, match="the file is not a database") as caught:
        Database.open(path)
    assert str(path) in caught.value.message
    assert path.read_bytes() == b"these are not the bytes of a database" * 100


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    with pytest.raises(StorageFailed, match="database of another program: it has bookmarks"):
        Database.open(path)


def test_a_home_that_cannot_be_created_is_a_storage_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageFailed, match="cannot be created") as caught:
        Database.open(tmp_path / "file" / "home" / "store.db")
    assert caught.value.hint is not None and "ASSESS_ROLE_HOME" in caught.value.hint


def test_a_folder_in_place_of_the_file_is_a_storage_failure(tmp_path: Path) -> None:
    (tmp_path / "store.db").mkdir()
    with pytest.raises(StorageFailed, match="it cannot be opened"):
        Database.open(tmp_path / "store.db")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_read_only_home_is_a_storage_failure(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o500)
    with pytest.raises(StorageFailed):
        Database.open(home / "store.db")


def test_a_store_that_may_not_be_written_is_a_storage_failure(tmp_path: Path) -> None:
    db = a_database(tmp_path)
    with pytest.raises(StorageFailed, match="it is read-only"), db.write() as connection:
        connection.execute(text("PRAGMA query_only=ON"))
        connection.execute(insert(corpus_facts).values(name="n", value="v"))


def test_a_full_disk_is_a_storage_failure_and_keeps_what_was_there(tmp_path: Path) -> None:
    db = a_database(tmp_path)
    put(db, "before")
    with pytest.raises(StorageFailed, match="the disk is full"), db.write() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.execute(text(f"PRAGMA max_page_count={pages + 2}"))
        connection.execute(insert(corpus_facts).values(name="large", value="x" * 1_000_000))
    assert names(db) == ["before"]


def test_a_store_that_stays_locked_is_a_storage_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_MS", 50)
    db = a_database(tmp_path)
    with db.write(), pytest.raises(StorageFailed, match="another process holds it for too long"), db.write():
        pytest.fail("two writers at once")


@pytest.mark.parametrize(
    "location", ["postgresql://u:secret@host/db", "sqlite://", "sqlite:///:memory:", "not a scheme://x"]
)
def test_a_url_that_names_no_sqlite_file_is_refused_without_showing_its_password(location: str) -> None:
    with pytest.raises(Prerequisite) as caught:
        Database.open(location)
    assert "secret" not in caught.value.message


def test_a_path_and_its_url_name_the_same_store(tmp_path: Path) -> None:
    db = Database.open(tmp_path / "store.db")
    put(db, "fact")
    assert names(Database.open(f"sqlite:///{tmp_path / 'store.db'}")) == ["fact"]
