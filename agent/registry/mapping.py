"""Which task of one published role is which task of another: suggested by code, confirmed by a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Generic, Literal, TypeVar

from pydantic import ConfigDict, Field, ValidationError

from agent.errors import Conflict, InvalidInput
from agent.registry.roles import Subject
from agent.schemas.base import Value

SUGGESTED: Literal["suggested"] = "suggested"
CONFIRMED: Literal["confirmed"] = "confirmed"
CARRIED: Literal["carried"] = "carried"

End = TypeVar("End", int, str)


class TaskPair(Value):
    """A task of one role and the task of the other that is the same work."""

    model_config = ConfigDict(populate_by_name=True)

    from_: str = Field(alias="from")
    """Id of the task in the role that is compared from."""
    to: str
    similarity: float | None = None
    """Cosine of the two texts, two decimals; `None` in a confirmed mapping, where a person decided."""


class Between(Value, Generic[End]):
    """Something of the role that is compared from, and of the other."""

    model_config = ConfigDict(populate_by_name=True)

    from_: End = Field(alias="from")
    to: End

    def turned(self) -> Between[End]:
        """Compared the other way round."""
        return self.model_copy(update={"from_": self.to, "to": self.from_})


class TaskMapping(Value):
    """A mapping of the tasks of two revisions. A task stands in at most one pair."""

    model_config = ConfigDict(populate_by_name=True)

    status: Literal["suggested", "confirmed", "carried"] = SUGGESTED
    """`carried`: confirmed of earlier versions with the same tasks."""
    from_: str = Field(alias="from")
    """Revision that is compared from; of a carried mapping the earlier one that the person looked at."""
    to: str
    """Revision that it is compared with, in the same way."""
    pairs: tuple[TaskPair, ...]
    embedding: str | None = None
    """Identity of the embedding model that a suggestion is from."""
    threshold: float | None = None
    """A suggestion pairs nothing below this similarity."""
    reviewer: str | None = None
    """Who confirmed it; `None` for a suggestion, like the next three."""
    auth: str | None = None
    channel: str | None = None
    confirmed_at: str | None = None
    versions: Between[int] | None = None
    """Versions of `from` and `to`; of a carried mapping only, like the next."""
    carried_to: Between[str] | None = None
    """Revisions that are compared by it."""

    @property
    def by_person(self) -> bool:
        """A person decided which task is which, of these versions or of earlier ones with the same tasks."""
        return self.status != SUGGESTED

    @property
    def words(self) -> str:
        """How far the mapping can be relied on, for every place that shows what rests on it."""
        if not self.by_person:
            return "suggested mapping, not confirmed"
        if self.versions is None:
            return f"mapping confirmed by {self.reviewer}"
        day = f" on {self.confirmed_at[:10]}" if self.confirmed_at else ""
        looked = f"v{self.versions.from_} and v{self.versions.to}"
        return f"mapping confirmed by {self.reviewer}{day} for {looked}, carried over"

    def turned(self) -> TaskMapping:
        """The same mapping, compared the other way round."""
        pairs = tuple(pair.model_copy(update={"from_": pair.to, "to": pair.from_}) for pair in self.pairs)
        return self.model_copy(
            update={
                "from_": self.to,
                "to": self.from_,
                "pairs": pairs,
                "versions": None if self.versions is None else self.versions.turned(),
                "carried_to": None if self.carried_to is None else self.carried_to.turned(),
            }
        )


def given_pairs(document: object, a: Subject, b: Subject, name: str) -> tuple[tuple[str, str], ...]:
    """The pairs of task ids that a person wrote into the file `name` for the comparison of `a` with `b`.

    `document` is a mapping, or what `compare --json` prints with the mapping in it; it may be turned round. Raises
    InvalidInput with every breach, Conflict when it is of other revisions.
    """
    inner = document.get("mapping", document) if isinstance(document, Mapping) else document
    try:
        mapping = TaskMapping.model_validate(inner)
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, part['loc']))}: {part['msg']}" for part in error.errors(include_url=False)]
        raise InvalidInput(
            f"{name} is no mapping of tasks: {'; '.join(problems)}",
            problems=problems,
            hint="`assess-role compare A B --json` prints one under `mapping`.",
        ) from error
    if _compared(mapping) == (b.revision, a.revision):
        mapping = mapping.turned()
    first, second = _compared(mapping)
    if (first, second) != (a.revision, b.revision):
        raise Conflict(
            f"{name} maps {first} to {second}; compared are {a.revision} and {b.revision}.",
            hint="Print the mapping of these two with `assess-role compare A B --json` and edit that.",
        )
    pairs = tuple((pair.from_, pair.to) for pair in mapping.pairs)
    check_pairs(pairs, a, b)
    return pairs


def _compared(mapping: TaskMapping) -> tuple[str, str]:
    """The revisions that a mapping is used for."""
    of = mapping.carried_to or mapping
    return of.from_, of.to


def check_pairs(pairs: Sequence[tuple[str, str]], a: Subject, b: Subject) -> None:
    """Raises InvalidInput, naming every breach, unless pairs are of tasks of `a` and `b` and no task stands twice."""
    problems = [
        *_breaches([first for first, _ in pairs], a),
        *_breaches([second for _, second in pairs], b),
    ]
    if problems:
        raise InvalidInput(f"The mapping breaks a rule: {'; '.join(problems)}", problems=problems)


def _breaches(ids: Sequence[str], of: Subject) -> Iterator[str]:
    known = [task.id for task in of.tasks]
    for name, count in Counter(ids).items():
        if name not in known:
            yield f"{of.role.words} has no task {name!r}, only {', '.join(known)}"
        elif count > 1:
            yield f"task {name} of {of.role.words} stands in {count} pairs, expected one"
