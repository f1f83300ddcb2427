"""Opening the official occupations of the home folder, and looking for those that a title may belong to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from agent.cli.output import Terminal
from agent.occupations.suggest import Suggestion, suggest
from agent.schemas.occupation import Occupation
from agent.settings import read_settings
from agent.store.database import Database
from agent.store.occupations import OccupationStore
from agent.store.query_vectors import QueryVectors
from agent.store.stamps import SystemStamps

Suggested = tuple[Suggestion, Occupation]


@contextmanager
def open_database(terminal: Terminal) -> Iterator[Database]:
    """The store of the home folder; errors end in words."""
    with terminal.outcome(), closing(Database.of_home(read_settings().home)) as db:
        yield db


def occupations_in(db: Database) -> OccupationStore:
    """Its official occupations."""
    return OccupationStore(db, SystemStamps())


def suggestions(db: Database, title: str, *, by_meaning: bool = False) -> list[Suggested]:
    """The occupations that a title may belong to, best first; with `by_meaning` also those close in meaning, each title
    of the release being embedded once. Raises Prerequisite without a release."""
    store = occupations_in(db)
    store.release()
    embed = None
    if by_meaning:
        from agent.evidence.embedding import MiniLM
        from agent.evidence.queries import QueryEmbedder

        embed = QueryEmbedder(MiniLM(), QueryVectors(db)).embed
    found = suggest(title, store.names(), embed=embed)
    known = store.occupations([item.code for item in found])
    return [(item, known[item.code]) for item in found]
