"""Everything only SQLite knows: connection settings, transactions, failures, and the FTS5 word index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from sqlalchemy import Connection, Engine, bindparam, create_engine, event, text
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from agent.errors import StorageFailed

BUSY_TIMEOUT_MS = 10_000
TITLE_WEIGHT = 1.0
"""Weight of a word in the article's title against one in the passage, in bm25."""
WRITES = "assess_role_writes"
"""Execution option of a connection whose transaction takes the write lock at once."""

DRIVER_ERRORS = (DBAPIError, sqlite3.DatabaseError)
"""What a failing driver raises, with and without SQLAlchemy around it."""

_FAILURES = (
    ("SQLITE_FULL", "the disk is full", "Free some space and run the command again; nothing was half-written."),
    ("SQLITE_READONLY", "it is read-only", "Make the folder writable, or choose another one with ASSESS_ROLE_HOME."),
    ("SQLITE_CANTOPEN", "it cannot be opened", "Check the folder's permissions, or set ASSESS_ROLE_HOME to another."),
    ("SQLITE_PERM", "access is not permitted", "Check the folder's permissions, or set ASSESS_ROLE_HOME to another."),
    ("SQLITE_NOTADB", "the file is not a database", "Move the file away; assess-role then starts a new store."),
    ("SQLITE_CORRUPT", "the database is damaged", "Restore it from a backup, or move the file away to start anew."),
    ("SQLITE_BUSY", "another process holds it for too long", "Wait for the other command to end, then try again."),
    (
        "SQLITE_LOCKED",
        "another process holds it for too long",
        "Wait for the other command to end, then try again.",
    ),
    ("SQLITE_IOERR", "reading or writing the file failed", "Check the disk and its free space, then try again."),
)


def sqlite_engine(path: Path) -> Engine:
    """An engine on the database file at `path`: durable, with foreign keys, waiting for a lock instead of failing."""
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})

    @event.listens_for(engine, "connect")
    def _settle(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        # The driver's own implicit BEGIN would start write transactions as readers; ours are explicit.
        connection.isolation_level = None
        cursor = connection.cursor()
        for setting in (f"busy_timeout={BUSY_TIMEOUT_MS}", "foreign_keys=ON", "synchronous=FULL"):
            cursor.execute(f"PRAGMA {setting}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def use_write_ahead_log(engine: Engine) -> None:
    """Switch the file to WAL, which it then keeps. Call it with the migration lock held: two switches at once fail."""
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA journal_mode=WAL")
    finally:
        connection.close()


def storage_failure(error: DBAPIError | sqlite3.DatabaseError, path: Path) -> StorageFailed | None:
    """What a driver's error means for a user; `None` when it is a mistake in a statement, that is a bug."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    name = getattr(cause, "sqlite_errorname", "")
    for prefix, found, hint in _FAILURES:
        if name.startswith(prefix):
            return StorageFailed(f"The store {path} cannot be used: {found} ({cause}).", hint=hint)
    return None


def table_names(connection: Connection) -> set[str]:
    """The tables that the file has."""
    return set(connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars())


def create_word_index(connection: Connection) -> None:
    """Create the full-text index over active passages; its row id is the number in the passage's id."""
    connection.execute(
        text(
            "CREATE VIRTUAL TABLE passage_words USING fts5"
            "(text, title, tokenize = 'porter unicode61 remove_diacritics 2')"
        )
    )


def index_words(connection: Connection, rows: Iterable[tuple[str, str, str]]) -> None:
    """Put (passage id, text, title) into the word index, replacing what was there."""
    values = [{"number": _number(passage), "text": body, "title": title} for passage, body, title in rows]
    if values:
        unindex_words(connection, [f"p-{value['number']:012x}" for value in values])
        connection.execute(
            text("INSERT INTO passage_words(rowid, text, title) VALUES (:number, :text, :title)"), values
        )


def unindex_words(connection: Connection, passages: Sequence[str]) -> None:
    """Take passages out of the word index; ids that are not in it are ignored."""
    if passages:
        connection.execute(
            text("DELETE FROM passage_words WHERE rowid = :number"),
            [{"number": _number(passage)} for passage in passages],
        )


def indexed_words(connection: Connection) -> set[str]:
    """Ids of the passages in the word index."""
    return {f"p-{number:012x}" for number in connection.execute(text("SELECT rowid FROM passage_words")).scalars()}


def clear_words(connection: Connection) -> None:
    """Empty the word index."""
    connection.execute(text("DELETE FROM passage_words"))


def find_words(
    connection: Connection,
    match: str,
    *,
    limit: int,
    not_after: str | None = None,
    not_before: str | None = None,
    tiers: Sequence[int] | None = None,
) -> list[tuple[str, float]]:
    """(id, bm25 score, higher is better) of active passages that match an FTS5 expression, best first, ties by id.

    Dates are `YYYY-MM-DD`. A partial date counts from its first day; an unknown one passes `not_after` and never
    `not_before`.
    """
    conditions = ["passage_words MATCH :match", "p.active", "a.active"]
    values: dict[str, object] = {"match": match, "limit": limit}
    if not_after is not None:
        conditions.append("(a.date = 'unknown' OR substr(a.date || '-01-01', 1, 10) <= :not_after)")
        values["not_after"] = not_after
    if not_before is not None:
        conditions.append("(a.date <> 'unknown' AND substr(a.date || '-01-01', 1, 10) >= :not_before)")
        values["not_before"] = not_before
    if tiers is not None:
        conditions.append("a.tier IN :tiers")
        values["tiers"] = list(tiers)
    statement = text(
        f"SELECT p.id, -bm25(passage_words, 1.0, {TITLE_WEIGHT}) AS score FROM passage_words"
        " JOIN passages AS p ON p.id = printf('p-%012x', passage_words.rowid)"
        " JOIN articles AS a ON a.id = p.article"
        f" WHERE {' AND '.join(conditions)}"
        " ORDER BY score DESC, p.id LIMIT :limit"
    )
    if tiers is not None:
        statement = statement.bindparams(bindparam("tiers", expanding=True))
    return [(passage, float(score)) for passage, score in connection.execute(statement, values)]


def score_words(connection: Connection, match: str, passages: Sequence[str]) -> dict[str, float]:
    """bm25 score as in `find_words` of those of these passages that match an FTS5 expression."""
    # Without the plus SQLite runs the expression once a row id, each time counting its words in the whole corpus.
    statement = text(
        f"SELECT rowid, -bm25(passage_words, 1.0, {TITLE_WEIGHT}) AS score FROM passage_words"
        " WHERE passage_words MATCH :match AND +rowid IN :numbers"
    ).bindparams(bindparam("numbers", expanding=True))
    values = {"match": match, "numbers": [_number(passage) for passage in passages]}
    return {f"p-{number:012x}": float(score) for number, score in connection.execute(statement, values)}


def _number(passage: str) -> int:
    return int(passage.removeprefix("p-"), 16)
