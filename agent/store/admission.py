"""Which passages a search may find: active ones of articles with a fitting date and tier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select

from agent.store.chunks import chunks
from agent.store.tables import articles, passages


class Admission(NamedTuple):
    """Dates are `YYYY-MM-DD` and inclusive. A partial date counts from its first day; an unknown one passes `not_after`
    and never `not_before`.
    """

    not_after: str | None = None
    not_before: str | None = None
    tiers: Sequence[int] | None = None


class Reach(NamedTuple):
    """How much of the corpus is admitted."""

    share: float
    """Of the active articles."""
    passages: tuple[str, ...] | None
    """All of the passages, by id, where few articles are admitted; else `None`."""


def admitted(connection: Connection, ids: Sequence[str], admission: Admission) -> set[str]:
    """Those of these passages that may be found."""
    found: set[str] = set()
    for chunk in chunks(ids):
        query = (
            select(passages.c.id)
            .join(articles, articles.c.id == passages.c.article)
            .where(passages.c.id.in_(chunk), passages.c.active, *_conditions(admission))
        )
        found.update(connection.execute(query).scalars())
    return found


def reach(connection: Connection, admission: Admission, *, few: int) -> Reach:
    """How far an admission reaches, with the passages when it admits at most `few` articles."""
    count = select(func.count()).select_from(articles)
    every = int(connection.execute(count.where(articles.c.active)).scalar_one())
    query = select(articles.c.id).where(*_conditions(admission)).limit(few + 1)
    some = list(connection.execute(query).scalars())
    if len(some) > few:
        here = int(connection.execute(count.where(*_conditions(admission))).scalar_one())
        return Reach(here / every, None)
    found: list[str] = []
    for chunk in chunks(some):
        own = select(passages.c.id).where(passages.c.article.in_(chunk), passages.c.active)
        found.extend(connection.execute(own).scalars())
    return Reach(len(some) / max(1, every), tuple(sorted(found)))


def _conditions(admission: Admission) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [articles.c.active.is_(True)]
    first_day = func.substr(articles.c.date.concat("-01-01"), 1, 10)
    if admission.not_after is not None:
        conditions.append((articles.c.date == "unknown") | (first_day <= admission.not_after))
    if admission.not_before is not None:
        conditions.append((articles.c.date != "unknown") & (first_day >= admission.not_before))
    if admission.tiers is not None:
        conditions.append(articles.c.tier.in_(list(admission.tiers)))
    return conditions
