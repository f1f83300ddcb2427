"""One database, opened: schema up to date, short transactions, failures in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from agent.errors import Prerequisite, StorageFailed
from agent.store import sqlite
from agent.store.migrations import VERSIONS

MIGRATION_WAIT_S = 60


class Database:
    """The store's connection pool. Safe to share between threads; open one a process."""

    def __init__(self, engine: Engine, path: Path) -> None:
        self._engine = engine
        self.path = path
        """The database file."""

    @classmethod
    def open(cls, location: str | Path) -> Database:
        """Open the store at a file path or a `sqlite:///` URL; create or upgrade its schema when needed.

        Raises StorageFailed when the file or its folder cannot be used, Prerequisite when the store was written by a
        newer version or the URL names a database this version cannot use.
        """
        path = _file_of(location)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageFailed(
                f"The folder {path.parent} cannot be created: {error.strerror or error}.",
                hint="Choose a folder you can write to with ASSESS_ROLE_HOME.",
            ) from error
        database = cls(sqlite.sqlite_engine(path), path)
        try:
            database._bring_up_to_date()
        except BaseException:
            database.close()
            raise
        return database

    @classmethod
    def of_home(cls, home: Path) -> Database:
        """See `open`: the store of a home folder."""
        return cls.open(home / "store.sqlite")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one consistent state. Raises StorageFailed when the file cannot be read."""
        with self._failures_in_words(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction, begun as a writer: committed at the end, rolled back when an exception leaves the block.

        Do nothing slow inside it. Raises StorageFailed when the file cannot be written or stays locked for 10 s;
        IntegrityError of SQLAlchemy passes through, so that a unique key can decide a race.
        """
        with self._failures_in_words(), self._engine.connect() as connection:
            writer = connection.execution_options(**{sqlite.WRITES: True})
            with writer.begin():
                yield writer

    def close(self) -> None:
        """Close every connection that is not in use."""
        self._engine.dispose()

    @contextmanager
    def _failures_in_words(self) -> Iterator[None]:
        try:
            yield
        except sqlite.DRIVER_ERRORS as error:
            failure = sqlite.storage_failure(error, self.path)
            if failure is None:
                raise
            raise failure from error

    def _stored_version(self) -> str | None:
        with self.read() as connection:
            tables = sqlite.table_names(connection)
            if "alembic_version" in tables:
                return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
        if tables:
            raise StorageFailed(
                f"The file {self.path} is a database of another program: it has {', '.join(sorted(tables)[:3])}.",
                hint="Move the file away, or choose another folder with ASSESS_ROLE_HOME.",
            )
        return None

    def _bring_up_to_date(self) -> None:
        if self._is_current():
            return
        lock = FileLock(self.path.with_name(self.path.name + ".lock"), timeout=MIGRATION_WAIT_S)
        with _lock_failures(self.path), lock:
            if self._is_current():
                return
            with self._failures_in_words():
                sqlite.use_write_ahead_log(self._engine)
            with self.write() as connection:
                _upgrade(connection)

    def _is_current(self) -> bool:
        version = self._stored_version()
        if version is not None and version not in VERSIONS:
            raise Prerequisite(
                f"The store {self.path} has schema version {version}; this assess-role knows up to {VERSIONS[-1]}.",
                hint="Upgrade assess-role, or choose another folder with ASSESS_ROLE_HOME.",
            )
        return version == VERSIONS[-1]


def _file_of(location: str | Path) -> Path:
    if isinstance(location, Path) or "://" not in location:
        return Path(location)
    try:
        url = make_url(location)
    except ArgumentError as error:
        raise Prerequisite(
            f"{location!r} is not a database URL.", hint="Give a file path or sqlite:////absolute/path/to/store.db."
        ) from error
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        raise Prerequisite(
            f"The store cannot live at {url.render_as_string(hide_password=True)}: expected a SQLite file.",
            hint="Give a file path or sqlite:////absolute/path/to/store.db.",
        )
    return Path(url.database)


@contextmanager
def _lock_failures(path: Path) -> Iterator[None]:
    try:
        yield
    except Timeout as error:
        raise StorageFailed(
            f"Another process has been setting up the store {path} for more than {MIGRATION_WAIT_S} s.",
            hint="End the other assess-role command, then try again.",
        ) from error
    except OSError as error:
        raise StorageFailed(
            f"The lock file beside {path} cannot be written: {error.strerror or error}.",
            hint="Make the folder writable, or choose another one with ASSESS_ROLE_HOME.",
        ) from error


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "agent.store:migrations")
    command.upgrade(config, "head")
