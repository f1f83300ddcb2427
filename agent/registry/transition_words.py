"""What two published roles differ by, in sentences that are generated from the numbers.

A word of direction stands in no sentence but that on the scores, and there only for the way that they really go: task
scores, totals and zones are given as they are, since each may point another way than the score. The reason of a
withdrawal is in the words of the person who gave it.
"""

from __future__ import annotations

from collections.abc import Iterator

from agent.publishing.sentences import UNVERIFIED
from agent.publishing.words import signed
from agent.registry.mapping import TaskMapping
from agent.registry.roles import PublishedRole
from agent.registry.transitions import Change, RoleTask, Transition

SAME_ROLE = "These are two versions of one role: a change of version, not a move to another role."


def sentences(way: Transition) -> tuple[str, ...]:
    """The way in sentences: scores first, then what they rest on, then the work that is shared."""
    return tuple(_sentences(way))


def headline(way: Transition) -> str:
    """The difference of the scores."""
    a, b = distinct(way.from_, way.to)
    points = f"{abs(way.differences.score.change):.1f} points"
    scores = f"{way.to.score:.1f} against {way.from_.score:.1f} of 100"
    if way.direction == "up":
        return f"{b} scores {points} higher than {a}: {scores}."
    if way.direction == "down":
        return f"{b} scores {points} lower than {a}: {scores}."
    return f"{b} has the same score as {a}: {way.to.score:.1f} of 100."


def distinct(a: PublishedRole, b: PublishedRole) -> tuple[str, str]:
    """Both pairs in words, with a part of the revision where the pairs are equal: two homes can each have a v1."""
    if a.words != b.words:
        return a.words, b.words
    return f"{a.words} ({a.revision[7:15]})", f"{b.words} ({b.revision[7:15]})"


def origin(mapping: TaskMapping) -> str:
    """Where a mapping comes from: which person, or which model."""
    if mapping.by_person:
        name = f"{mapping.reviewer} (name not verified)" if UNVERIFIED in (mapping.auth or "") else mapping.reviewer
        day = f" on {mapping.confirmed_at[:10]}" if mapping.confirmed_at else ""
        if mapping.versions is None:
            return f"{name} went through the tasks of both roles and confirmed the pairs{day}."
        looked = f"of v{mapping.versions.from_} of the first and v{mapping.versions.to} of the second"
        return (
            f"{name} went through the tasks {looked} and confirmed the pairs{day}; they carry over, since every task "
            "has the id and the name that it had there."
        )
    least = "" if mapping.threshold is None else f", each with a similarity of at least {mapping.threshold:.2f}"
    return f"An embedding model ({mapping.embedding}) suggested the pairs{least}; nobody has confirmed them."


def counted_tasks(tasks: tuple[RoleTask, ...]) -> str:
    """How many tasks, and how much of the time of their role: `2 tasks (25% of the time)`, `no task`."""
    if not tasks:
        return "no task"
    return f"{counted(len(tasks), 'task')} ({sum(task.share for task in tasks)}% of the time)"


def signed_digits(digits: str) -> str:
    """Exact decimal digits with their sign and a true minus: +0.25, −0.25, 0.00."""
    if digits.startswith("-"):
        return f"−{digits[1:]}"
    return f"+{digits}" if digits.strip("0.") else digits


def _sentences(way: Transition) -> Iterator[str]:
    a, b = distinct(way.from_, way.to)
    yield headline(way)
    if way.change_of_version:
        yield SAME_ROLE
    for role, name in ((way.from_, a), (way.to, b)):
        if role.withdrawn is not None:
            yield f"{name} was withdrawn {role.withdrawn.words}"
    if way.from_.label == way.to.label:
        yield f"Both are {way.to.label}."
    else:
        yield f"{a} is {way.from_.label}, {b} is {way.to.label}."
    yield from _method(way, a, b)
    yield _inputs(way)
    yield _kept(way, a, b)
    yield (
        f"Without a counterpart ({way.mapping.words}): {counted_tasks(way.lost)} of {a}, "
        f"{counted_tasks(way.gained)} of {b}."
    )
    if way.kept:
        yield _rated(way, b)


def _method(way: Transition, a: str, b: str) -> Iterator[str]:
    """What makes two scores less comparable than they look, or a role less known."""
    if way.from_.policy != way.to.policy:
        yield (
            f"{a} was scored by policy {way.from_.policy}, {b} by policy {way.to.policy}: a part of the difference can "
            "be that of the policies."
        )
    for name, role in ((a, way.from_), (b, way.to)):
        if not role.registered:
            yield f"{name} was read from a file; it is not in this registry."
        if role.score != role.formula_score:
            yield f"The score of {name} was set by a reviewer; the formula gives {role.formula_score:.1f}."


def _inputs(way: Transition) -> str:
    of = way.differences
    resistance = of.task_resistance
    return (
        f"Task resistance {resistance.from_} to {resistance.to} ({signed_digits(resistance.change)}), "
        f"evidence {_total(of.evidence)}, "
        f"barriers {of.barriers.from_} to {of.barriers.to} ({signed(of.barriers.change)}), "
        f"growth {_total(of.growth)}."
    )


def _total(change: Change[int]) -> str:
    return f"{signed(change.from_)} to {signed(change.to)} ({signed(change.change)})"


def _kept(way: Transition, a: str, b: str) -> str:
    if not way.kept:
        return f"No task of {a} has a counterpart in {b} ({way.mapping.words})."
    pairs = counted(len(way.kept), "pair")
    return (
        f"{way.kept_share}% of the working time of {a} is kept in {b}: {pairs} of tasks, each with the smaller of its "
        f"two shares ({way.mapping.words})."
    )


def _rated(way: Transition, b: str) -> str:
    """How the same work is scored on both sides; a higher task score is nearer to automation."""
    moved = [pair.to.score - pair.from_.score for pair in way.kept]
    same, nearer = moved.count(0), sum(change > 0 for change in moved)
    further = len(moved) - same - nearer
    parts = [f"{same} {'has' if same == 1 else 'have'} the same task score"] if same else []
    parts += [
        f"{count} {'is' if count == 1 else 'are'} {where} automation"
        for count, where in ((nearer, "nearer to"), (further, "further from"))
        if count
    ]
    return f"Of the kept tasks ({way.mapping.words}), as scored in {b}, {', '.join(parts)}."


def counted(count: int, thing: str) -> str:
    """`1 task`, `2 tasks`."""
    return f"{count} {thing}{'' if count == 1 else 's'}"
