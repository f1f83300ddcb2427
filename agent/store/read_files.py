"""Which files were read into the corpus, so that an unchanged one is not read again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from agent.store.chunks import chunks
from agent.store.database import Database
from agent.store.tables import read_files


class FileRow(NamedTuple):
    """One file as it was read."""

    path: str
    """Absolute."""
    size: int
    """Bytes."""
    mtime_ns: int
    sha256: str
    reader: str
    """Version of the readers and what the user said about the files: another one reads the file again."""
    articles: tuple[tuple[str, str], ...]
    """(article id, content hash) of what it gave."""
    skipped: tuple[str, ...]
    """Why it, or a part of it, gave nothing."""
    read_at: str


class FileStore:
    """The table of read files."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def known(self, paths: Sequence[str]) -> dict[str, FileRow]:
        """Those of these paths that were read before."""
        found: dict[str, FileRow] = {}
        with self._db.read() as connection:
            for chunk in chunks(paths):
                for row in connection.execute(select(read_files).where(read_files.c.path.in_(chunk))):
                    values = row._mapping
                    given = tuple((article, content) for article, content in json.loads(values["articles"]))
                    found[row.path] = FileRow(
                        **{**values, "articles": given, "skipped": tuple(json.loads(values["skipped"]))}
                    )
        return found

    def put(self, rows: Sequence[FileRow]) -> None:
        """Note what was read."""
        with self._db.write() as connection:
            put_files(connection, rows)


def put_files(connection: Connection, rows: Sequence[FileRow]) -> None:
    """Note what was read, in place of what was noted of the same paths."""
    for chunk in chunks([row.path for row in rows]):
        connection.execute(delete(read_files).where(read_files.c.path.in_(chunk)))
    if rows:
        connection.execute(
            insert(read_files),
            [
                {**row._asdict(), "articles": json.dumps(row.articles), "skipped": json.dumps(row.skipped)}
                for row in {row.path: row for row in rows}.values()
            ],
        )


def rehash_files(connection: Connection, contents: Mapping[str, str]) -> None:
    """Note that articles have other content hashes now, though their files are the same: they were edited."""
    for article, content in contents.items():
        query = select(read_files.c.path, read_files.c.articles).where(read_files.c.articles.contains(article))
        for path, given in connection.execute(query).all():
            now = [(name, content if name == article else before) for name, before in json.loads(given)]
            connection.execute(update(read_files).where(read_files.c.path == path).values(articles=json.dumps(now)))
