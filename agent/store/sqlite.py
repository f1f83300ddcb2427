"""Everything only SQLite knows: connection settings, transactions, failures, and the FTS5 word index."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from sqlalchemy import Connection, Engine, Row, bindparam, create_engine, event, text
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from agent.errors import StorageFailed
from agent.store.admission import Admission, admitted
from agent.store.chunks import steps

BUSY_TIMEOUT_MS = 10_000
TITLE_WEIGHT = 1.0
"""Weight of a word in the article's title against one in the passage, in bm25."""
WRITES = "assess_role_writes"
"""Execution option of a connection whose transaction takes the write lock at once."""

WORDS = "passage_words"
"""The full-text index."""
_NEXT_WORDS, _FORMER_WORDS = f"{WORDS}_next", f"{WORDS}_former"

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


def create_word_index(connection: Connection, *, name: str = WORDS) -> None:
    """Create the full-text index over active passages; its row id is the number in the passage's id."""
    connection.execute(
        text(f"CREATE VIRTUAL TABLE {name} USING fts5(text, title, tokenize = 'porter unicode61 remove_diacritics 2')")
    )


def index_words(connection: Connection, rows: Iterable[tuple[str, str, str]]) -> None:
    """Put (passage id, text, title) into the word index, replacing what was there."""
    values = list(rows)
    unindex_words(connection, [passage for passage, _, _ in values])
    _put_words(connection, WORDS, values)


def unindex_words(connection: Connection, passages: Sequence[str]) -> None:
    """Take passages out of the word index; ids that are not in it are ignored."""
    there = text(f"SELECT rowid FROM {WORDS} WHERE rowid IN :numbers").bindparams(bindparam("numbers", expanding=True))
    gone: list[int] = []
    for numbers in steps(map(_number, passages), 500):
        gone.extend(connection.execute(there, {"numbers": numbers}).scalars())
    if gone:
        connection.execute(text(f"DELETE FROM {WORDS} WHERE rowid = :number"), [{"number": number} for number in gone])


def begin_words(connection: Connection) -> None:
    """Begin a word index that is to take the place of the present one; one that was begun before is dropped."""
    connection.execute(text(f"DROP TABLE IF EXISTS {_NEXT_WORDS}"))
    create_word_index(connection, name=_NEXT_WORDS)


def prepare_words(connection: Connection, rows: Iterable[tuple[str, str, str]]) -> None:
    """Put (passage id, text, title) into the word index that was begun. Ids in ascending order are taken quickest."""
    _put_words(connection, _NEXT_WORDS, list(rows))


def swap_words(connection: Connection) -> None:
    """Put the prepared word index in the place of the present one, which `drop_words` deletes."""
    connection.execute(text(f"ALTER TABLE {WORDS} RENAME TO {_FORMER_WORDS}"))
    connection.execute(text(f"ALTER TABLE {_NEXT_WORDS} RENAME TO {WORDS}"))


def drop_words(connection: Connection) -> None:
    """Delete word indexes that no search uses."""
    for name in (_FORMER_WORDS, _NEXT_WORDS):
        connection.execute(text(f"DROP TABLE IF EXISTS {name}"))


def has_unused_words(connection: Connection) -> bool:
    """Whether `drop_words` has anything to do."""
    return not table_names(connection).isdisjoint((_FORMER_WORDS, _NEXT_WORDS))


def _put_words(connection: Connection, name: str, rows: Sequence[tuple[str, str, str]]) -> None:
    # FTS5 appends ascending row ids at half the cost of others.
    values = sorted((_number(passage), body, title) for passage, body, title in rows)
    if values:
        connection.execute(
            text(f"INSERT INTO {name}(rowid, text, title) VALUES (:number, :text, :title)"),
            [{"number": number, "text": body, "title": title} for number, body, title in values],
        )


def indexed_words(connection: Connection) -> set[str]:
    """Ids of the passages in the word index."""
    return {f"p-{number:012x}" for number in connection.execute(text("SELECT rowid FROM passage_words")).scalars()}


def find_words(
    connection: Connection,
    match: str,
    *,
    limit: int,
    not_after: str | None = None,
    not_before: str | None = None,
    tiers: Sequence[int] | None = None,
    share: float = 1.0,
) -> list[tuple[str, float]]:
    """(id, bm25 score, higher is better) of active passages that match an FTS5 expression, best first, ties by id.

    Dates are `YYYY-MM-DD`. A partial date counts from its first day; an unknown one passes `not_after` and never
    `not_before`. `share` is a guess, above 0, how much of the corpus the filters admit; only the time depends on it.
    """
    admission = Admission(not_after, not_before, tiers)
    # The articles are asked about the best matches only: most words stand in thousands of passages.
    statement = (
        f"SELECT rowid, -bm25({WORDS}, 1.0, {TITLE_WEIGHT}) AS score FROM {WORDS}"
        f" WHERE {WORDS} MATCH :match ORDER BY score DESC, rowid"
    )
    first = math.ceil(2 * limit / share)
    best = _scored(connection.execute(text(f"{statement} LIMIT :first"), {"match": match, "first": first}))
    found = _admitted(connection, best, admission)[:limit]
    if len(found) == limit or len(best) < first:
        return found
    found = []
    with connection.execution_options(stream_results=True).execute(text(statement), {"match": match}) as every:
        for part in every.partitions(1000):
            found += _admitted(connection, _scored(part), admission)
            if len(found) >= limit:
                break
    return found[:limit]


def _scored(rows: Iterable[Row[tuple[object, ...]]]) -> list[tuple[int, float]]:
    return [(row.rowid, row.score) for row in rows]


def _admitted(
    connection: Connection, rows: Sequence[tuple[int, float]], admission: Admission
) -> list[tuple[str, float]]:
    scores = {f"p-{number:012x}": score for number, score in rows}
    kept = admitted(connection, list(scores), admission)
    return [(passage, score) for passage, score in scores.items() if passage in kept]


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
