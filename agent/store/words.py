"""The full-text index written anew beside the one in use: a large change then holds the write lock for a moment only.

The caller holds the corpus lock.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from agent.schemas.article import Article, Passage
from agent.store import sqlite
from agent.store.chunks import chunks
from agent.store.database import Database
from agent.store.tables import articles, passages


def prepare_words(db: Database, changed: Sequence[tuple[Article, Sequence[Passage]]], removed: Sequence[str]) -> None:
    """Write the index as it is to be once these staged articles have come in and the removed ones have gone.

    No search sees it before `sqlite.swap_words`.
    """
    titles = {article.id: article.meta.title for article, _ in changed}
    gone = titles.keys() | set(removed)
    query = select(passages.c.id, passages.c.article).where(passages.c.active)
    with db.read() as connection:
        stay = [row.id for row in connection.execute(query) if row.article not in gone]
    with db.write() as connection:
        sqlite.begin_words(connection)
    for chunk in chunks(sorted([*stay, *(part.id for _, own in changed for part in own)])):
        rows = (
            select(passages.c.id, passages.c.text, passages.c.article, articles.c.title)
            .join(articles, articles.c.id == passages.c.article)
            .where(passages.c.id.in_(chunk))
        )
        with db.write() as connection:
            found = connection.execute(rows).all()
            sqlite.prepare_words(connection, [(row.id, row.text, titles.get(row.article, row.title)) for row in found])


def rebuild_words(db: Database) -> None:
    """Fill the index anew from the active passages."""
    prepare_words(db, (), ())
    with db.write() as connection:
        sqlite.swap_words(connection)
    clear_words(db)


def clear_words(db: Database) -> None:
    """Delete what a swap or a killed change left behind."""
    with db.read() as connection:
        unused = sqlite.has_unused_words(connection)
    if unused:
        with db.write() as connection:
            sqlite.drop_words(connection)
