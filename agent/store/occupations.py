"""Official occupations of one release, and what people confirmed about the place of a role among them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, Row, Table, delete, insert, select

from agent.errors import Prerequisite
from agent.schemas.base import Value
from agent.schemas.occupation import Occupation, OccupationChoice, OfficialName, OfficialTask, ReleaseFacts
from agent.schemas.text import one_line
from agent.store.audit import append
from agent.store.chunks import chunks, steps
from agent.store.database import Database
from agent.store.stamps import Stamps
from agent.store.tables import (
    occupation_choices,
    occupation_releases,
    occupations,
    official_names,
    official_tasks,
)

ROWS_A_STEP = 5000


class OccupationStore:
    """Reads and writes of occupations. There is one release at a time; choices outlive it."""

    def __init__(self, db: Database, stamps: Stamps) -> None:
        self._db = db
        self._stamps = stamps

    def replace(
        self,
        *,
        version: str | None,
        found: Sequence[Occupation],
        tasks: Sequence[OfficialTask],
        names: Sequence[OfficialName],
    ) -> ReleaseFacts:
        """Put a release in the place of the one that is there, in one transaction."""
        facts = ReleaseFacts(
            version=version,
            imported_at=self._stamps.now(),
            occupations=len(found),
            tasks=len(tasks),
            rated=sum(task.importance is not None and task.relevance is not None for task in tasks),
            names=len(names),
        )
        with self._db.write() as connection:
            for table in (official_names, official_tasks, occupations, occupation_releases):
                connection.execute(delete(table))
            _insert(connection, occupations, found)
            _insert(connection, official_tasks, tasks)
            _insert(connection, official_names, names)
            connection.execute(insert(occupation_releases).values(**facts.model_dump()))
            append(
                connection,
                at=facts.imported_at,
                actor="assess-role",
                event="occupations imported",
                detail=facts.model_dump(mode="json"),
            )
        return facts

    def release(self) -> ReleaseFacts:
        """The release that is there. Raises Prerequisite when none was imported."""
        with self._db.read() as connection:
            row = connection.execute(select(occupation_releases)).one_or_none()
        if row is None:
            raise Prerequisite(
                "No official occupations are imported.",
                hint="Download the text release of the O*NET database, unzip it, and type: assess-role import onet DIR",
            )
        return ReleaseFacts(**row._mapping)

    def occupations(self, codes: Iterable[str]) -> dict[str, Occupation]:
        """Code to occupation, of those of these codes that the release has."""
        found: dict[str, Occupation] = {}
        with self._db.read() as connection:
            for chunk in chunks(codes):
                rows = connection.execute(select(occupations).where(occupations.c.code.in_(chunk)))
                found |= {row.code: Occupation(**row._mapping) for row in rows}
        return found

    def tasks(self, code: str) -> tuple[OfficialTask, ...]:
        """The tasks of an occupation by id; none for an unknown one."""
        query = select(official_tasks).where(official_tasks.c.occupation == code).order_by(official_tasks.c.id)
        with self._db.read() as connection:
            return tuple(OfficialTask(**row._mapping) for row in connection.execute(query))

    def names(self) -> tuple[OfficialName, ...]:
        """Every name of every occupation, in the order of the release."""
        columns = (
            official_names.c.occupation,
            official_names.c.kind,
            official_names.c.text,
            official_names.c.words,
        )
        with self._db.read() as connection:
            rows = connection.execute(select(*columns).order_by(official_names.c.serial))
            return tuple(OfficialName(**row._mapping) for row in rows)

    def choose(
        self, title: str, codes: Sequence[str], *, release: str, reviewer: str, auth: str, channel: str
    ) -> OccupationChoice:
        """Record what a person confirmed about a role title, each code once and in order; no code: none fits."""
        choice = OccupationChoice(
            title=one_line(title),
            codes=tuple(sorted(set(codes))),
            release=release,
            reviewer=reviewer,
            auth=auth,
            channel=channel,
            decided_at=self._stamps.now(),
        )
        with self._db.write() as connection:
            values = {**choice.model_dump(), "codes": json.dumps(choice.codes)}
            connection.execute(insert(occupation_choices).values(role=_key(title), **values))
            append(
                connection,
                at=choice.decided_at,
                actor=reviewer,
                event="occupations confirmed",
                detail=choice.model_dump(mode="json", exclude={"decided_at", "reviewer"}),
            )
        return choice

    def choice(self, title: str) -> OccupationChoice | None:
        """What was confirmed last about a role title, its case and spacing aside; `None` when nobody has."""
        query = (
            select(occupation_choices)
            .where(occupation_choices.c.role == _key(title))
            .order_by(occupation_choices.c.serial.desc())
            .limit(1)
        )
        with self._db.read() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _choice(row)


def _key(title: str) -> str:
    return one_line(title).casefold()


def _choice(row: Row[tuple[object, ...]]) -> OccupationChoice:
    values = {name: value for name, value in row._mapping.items() if name not in ("serial", "role")}
    return OccupationChoice(**{**values, "codes": tuple(json.loads(values["codes"]))})


def _insert(connection: Connection, table: Table, values: Sequence[Value]) -> None:
    for step in steps(values, ROWS_A_STEP):
        connection.execute(insert(table), [value.model_dump() for value in step])
