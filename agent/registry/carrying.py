"""The mappings that people confirmed, and which of them still holds for later versions of the same two roles.

A confirmation is of the tasks of two revisions. It carries over to later versions as long as no task changed: the ids
and names of all tasks are those that the person looked at, on both sides. What a task is scored and how much time it
takes is no part of which task is which.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

from agent.errors import InvalidInput, NotFound
from agent.registry.mapping import CARRIED, CONFIRMED, Between, TaskMapping, TaskPair
from agent.registry.roles import Subject, subject_of_row
from agent.store.publications import PublicationRow
from agent.store.task_mappings import TaskMappingRow

SubjectOf: TypeAlias = Callable[[PublicationRow], Subject]
TaskNames: TypeAlias = Mapping[str, str]
"""Names of tasks by id."""


@dataclass(frozen=True)
class _Looked:
    """A confirmed mapping with the publications that it is of, by slug and version."""

    kept: TaskMappingRow
    first: PublicationRow
    second: PublicationRow


class ConfirmedMappings:
    """What people confirmed, read once however many pairs of roles are asked about."""

    def __init__(
        self, kept: Sequence[TaskMappingRow], rows: Sequence[PublicationRow], read: SubjectOf = subject_of_row
    ) -> None:
        """`rows` is what was published, also what was withdrawn: its tasks are what they were."""
        self._read = read
        self._names: dict[str, TaskNames | None] = {}
        self._kept = {(row.first, row.second): row for row in kept}
        self._looked: dict[tuple[str, str], list[_Looked]] = {}
        published: dict[str, list[PublicationRow]] = {}
        for row in rows:
            published.setdefault(row.revision, []).append(row)
        self._published = published
        for mapping in sorted(kept, key=lambda row: (row.confirmed_at, row.first, row.second), reverse=True):
            for ends in product(published.get(mapping.first, ()), published.get(mapping.second, ())):
                first, second = sorted(ends, key=lambda row: (row.slug, row.version))
                self._looked.setdefault((first.slug, second.slug), []).append(_Looked(mapping, first, second))

    def of(self, a: Subject, b: Subject) -> TaskMapping | None:
        """The mapping that was confirmed of these revisions, or else the newest that carries over to them; `None` when
        neither is there. An earlier version whose files cannot be read carries nothing over."""
        first, second = sorted((a.revision, b.revision))
        kept = self._kept.get((first, second))
        if kept is not None:
            return self._confirmed(a, b, kept)
        if not (a.role.registered and b.role.registered):
            return None
        if (a.role.slug, a.role.version) > (b.role.slug, b.role.version):
            found = self._newest_carried(b, a)
            return None if found is None else found.turned()
        return self._newest_carried(a, b)

    def _confirmed(self, a: Subject, b: Subject, kept: TaskMappingRow) -> TaskMapping:
        """One of these very contents. Content that was published again since is a version that nobody looked at."""
        mapping = confirmed(a.revision, b.revision, kept)
        versions = Between[int](from_=self._looked_at(a, kept), to=self._looked_at(b, kept))
        if versions == Between[int](from_=a.role.version, to=b.role.version):
            return mapping
        return _carried(a, b, mapping, versions)

    def _looked_at(self, subject: Subject, kept: TaskMappingRow) -> int:
        """The version of the subject's content that was there when the mapping was confirmed."""
        there = [
            row.version
            for row in self._published.get(subject.revision, ())
            if row.slug == subject.role.slug and row.published_at <= kept.confirmed_at
        ]
        return min(max(there, default=subject.role.version), subject.role.version)

    def _newest_carried(self, a: Subject, b: Subject) -> TaskMapping | None:
        for looked in self._looked.get((a.role.slug, b.role.slug), ()):
            ends = ((a, looked.first), (b, looked.second))
            if all(end.version <= now.role.version and self._same_tasks(now, end) for now, end in ends):
                mapping = confirmed(looked.first.revision, looked.second.revision, looked.kept)
                return _carried(a, b, mapping, Between[int](from_=looked.first.version, to=looked.second.version))
        return None

    def _same_tasks(self, now: Subject, earlier: PublicationRow) -> bool:
        return {task.id: task.name for task in now.tasks} == self._names_of(earlier)

    def _names_of(self, row: PublicationRow) -> TaskNames | None:
        if row.revision not in self._names:
            try:
                self._names[row.revision] = {task.id: task.name for task in self._read(row).tasks}
            except (NotFound, InvalidInput):
                # Whether a task changed cannot be said, so that nothing is claimed.
                self._names[row.revision] = None
        return self._names[row.revision]


def confirmed(a: str, b: str, kept: TaskMappingRow) -> TaskMapping:
    """What a person confirmed of the revisions `a` and `b`, in this order."""
    turned = kept.first != a
    return TaskMapping(
        status=CONFIRMED,
        from_=a,
        to=b,
        pairs=tuple(TaskPair(from_=pair[turned], to=pair[not turned]) for pair in kept.pairs),
        reviewer=kept.reviewer,
        auth=kept.auth,
        channel=kept.channel,
        confirmed_at=kept.confirmed_at,
    )


def _carried(a: Subject, b: Subject, mapping: TaskMapping, versions: Between[int]) -> TaskMapping:
    to = Between[str](from_=a.revision, to=b.revision)
    return mapping.model_copy(update={"status": CARRIED, "versions": versions, "carried_to": to})
