"""From one published role to another: tasks kept, lost and gained, and what their numbers differ by.

The rules are in METHODOLOGY section 14. Everything here is computed from two published contents and a mapping.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Generic, Literal, TypeVar

from pydantic import ConfigDict, Field

from agent.errors import InvalidInput
from agent.registry.mapping import TaskMapping
from agent.registry.roles import PublishedRole, Subject
from agent.schemas.base import Value
from agent.schemas.draft import TaskDraft
from agent.schemas.scored import ScoreResult
from agent.schemas.vocabulary import Bucket, Zone

Number = TypeVar("Number", int, float, str)
Direction = Literal["up", "level", "down"]


class RoleTask(Value):
    """A task as it is compared."""

    id: str
    name: str
    share: int
    """Percent of the working time of its own role."""
    score: int
    """1 only a human, 5 an agent does it end to end."""
    bucket: Bucket


class KeptTask(Value):
    """The same work in both roles."""

    model_config = ConfigDict(populate_by_name=True)

    from_: RoleTask = Field(alias="from")
    to: RoleTask
    shared: int
    """Percent: the smaller of both shares."""
    similarity: float | None
    """See `TaskPair.similarity`."""


class Change(Value, Generic[Number]):
    """One number in both roles. A `str` holds exact decimal digits."""

    model_config = ConfigDict(populate_by_name=True)

    from_: Number = Field(alias="from")
    to: Number
    change: Number
    """`to` less `from`."""


class ZoneChange(Value):
    """The zone of both roles."""

    model_config = ConfigDict(populate_by_name=True)

    from_: Zone = Field(alias="from")
    to: Zone


class Differences(Value):
    """What the numbers of two roles differ by."""

    score: Change[float]
    """Of the scores of record, one decimal."""
    zone: ZoneChange
    task_resistance: Change[str]
    evidence: Change[int]
    barriers: Change[int]
    growth: Change[int]


class Transition(Value):
    """The way from one published role to another."""

    model_config = ConfigDict(populate_by_name=True)

    from_: PublishedRole = Field(alias="from")
    to: PublishedRole
    change_of_version: bool
    """Both are versions of one role."""
    direction: Direction
    """Whether the score of record of `to` is higher, the same or lower."""
    differences: Differences
    mapping: TaskMapping
    kept_share: int
    """Percent of the working time of `from` that is spent on the same work in `to`."""
    kept: tuple[KeptTask, ...]
    """In the order of `from`, like `lost`."""
    lost: tuple[RoleTask, ...]
    """Tasks of `from` without a counterpart."""
    gained: tuple[RoleTask, ...]
    """Tasks of `to` without a counterpart, in its order."""


def transition(a: Subject, b: Subject, mapping: TaskMapping) -> Transition:
    """The way from `a` to `b` by a mapping of their tasks. Raises InvalidInput when both are the same revision."""
    check_different(a, b)
    second = {pair.from_: pair for pair in mapping.pairs}
    of_b = {task.id: task for task in b.tasks}
    kept = tuple(
        KeptTask(
            from_=_task(task),
            to=_task(other),
            shared=min(task.share, other.share),
            similarity=second[task.id].similarity,
        )
        for task in a.tasks
        if task.id in second
        for other in [of_b[second[task.id].to]]
    )
    taken = {pair.to.id for pair in kept}
    differences = _differences(a.result, b.result)
    return Transition(
        from_=a.role,
        to=b.role,
        change_of_version=a.role.slug == b.role.slug,
        direction=_direction(differences.score.change),
        differences=differences,
        mapping=mapping,
        kept_share=sum(task.shared for task in kept),
        kept=kept,
        lost=tuple(_task(task) for task in a.tasks if task.id not in second),
        gained=tuple(_task(task) for task in b.tasks if task.id not in taken),
    )


def check_different(a: Subject, b: Subject) -> None:
    """Raises InvalidInput when both are the same revision: nothing lies between a role and itself."""
    if a.revision == b.revision:
        raise InvalidInput(
            f"{a.role.words} was compared with itself: both are revision {a.revision}.",
            hint="Name another role, or another version of this one as SLUG@VERSION.",
        )


def gain(a: PublishedRole, b: PublishedRole) -> float:
    """Points by which the score of record of `b` is above that of `a`, one decimal; negative when it is below."""
    return (round(b.score * 10) - round(a.score * 10)) / 10


def _task(task: TaskDraft) -> RoleTask:
    return RoleTask(id=task.id, name=task.name, share=task.share, score=task.score, bucket=task.bucket)


def _direction(change: float) -> Direction:
    return "up" if change > 0 else "down" if change < 0 else "level"


def _differences(a: ScoreResult, b: ScoreResult) -> Differences:
    tenths = round(b.score * 10) - round(a.score * 10)
    resistance = Decimal(b.task_resistance) - Decimal(a.task_resistance)
    return Differences(
        score=Change[float](from_=a.score, to=b.score, change=tenths / 10),
        zone=ZoneChange(from_=a.zone, to=b.zone),
        task_resistance=Change[str](from_=a.task_resistance, to=b.task_resistance, change=str(resistance)),
        evidence=_total(a.evidence, b.evidence),
        barriers=_total(a.barriers, b.barriers),
        growth=_total(a.growth, b.growth),
    )


def _total(a: int, b: int) -> Change[int]:
    return Change[int](from_=a, to=b, change=b - a)
