"""Which tasks of two roles are the same work: suggested by how alike names and roles are, one to one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf
from typing import TypeAlias

from agent.registry.mapping import TaskMapping, TaskPair
from agent.registry.roles import Subject
from agent.schemas.text import one_line

Similarities: TypeAlias = Callable[[Sequence[str], Sequence[str]], Sequence[Sequence[float]]]
"""The cosine of each left text (a row) with each right text (a column), -1 to 1."""

NAMES = 2 / 3
"""The part of the task names in a similarity; the rest is that of the role functions. Ours.

A name and a function in one text are no use: the long function drowns the name, and one task comes out alike to every
task of another role. By names alone a data engineer's "Reviewing code and coordinating with colleagues" would be a
nurse's "Coordinating care with colleagues" (0.58).
"""
THRESHOLD = 0.5
"""The least similarity of a suggested pair, for the bundled model. Ours.

Chosen by looking at the pairs of the three bundled roles, the worked example, and four roles made up for it. Above the
line stood GPU scheduling = GPU management (0.76), model serving (0.68), testing (0.64), access governance (0.61),
code review (0.58), clarifying requirements (0.54), fixing bugs = debugging incidents (0.50), and few doubtful pairs:
migrating pipelines = standard pipelines (0.54), learning a code base = mentoring (0.51); an equal name counts for much:
documentation of a nurse = documentation of a payroll clerk (0.80). Below it stood what only sounds alike, such as the
nurse's coordination (0.48), and some that is the same work in other words, such as correcting pay runs = correcting
accounts (0.47). A person decides.
"""


def suggested(a: Subject, b: Subject, similarities: Similarities, *, embedding: str) -> TaskMapping:
    """The one-to-one mapping of largest total similarity, without pairs below `THRESHOLD`; in the order of `a`.

    `similarities` is of the model named `embedding`. Compared the other way round, the same tasks are paired.
    """
    if a.revision > b.revision:
        return suggested(b, a, similarities, embedding=embedding).turned()
    found = _likeness(a, b, similarities)
    admitted = [[value if value >= THRESHOLD else 0.0 for value in row] for row in found]
    return TaskMapping(
        from_=a.revision,
        to=b.revision,
        pairs=tuple(
            TaskPair(from_=a.tasks[row].id, to=b.tasks[column].id, similarity=round(found[row][column], 2))
            for row, column in assign(admitted)
        ),
        embedding=embedding,
        threshold=THRESHOLD,
    )


def _likeness(a: Subject, b: Subject, similarities: Similarities) -> list[list[float]]:
    """How alike each task of `a` (a row) is to each of `b`: by their names, and by what their roles do."""
    names = similarities([one_line(task.name) for task in a.tasks], [one_line(task.name) for task in b.tasks])
    [[roles]] = similarities([one_line(a.content.role.function)], [one_line(b.content.role.function)])
    return [[NAMES * value + (1 - NAMES) * roles for value in row] for row in names]


def assign(weights: Sequence[Sequence[float]]) -> tuple[tuple[int, int], ...]:
    """The (row, column) pairs, each row and column at most once, whose weights have the largest sum; by row.

    Only positive weights are paired. Exact: the Hungarian method with potentials (Kuhn 1955, in the form that takes
    one row after another and O(rows² · columns) steps).
    """
    if not weights or not weights[0]:
        return ()
    if len(weights) > len(weights[0]):
        turned = assign([[row[at] for row in weights] for at in range(len(weights[0]))])
        return tuple(sorted((row, column) for column, row in turned))
    # What is not positive weighs as much as no pair: paired to make every row take part, then left out.
    costs = [[-max(weight, 0.0) for weight in row] for row in weights]
    held = enumerate(_rows_of_columns(costs))
    return tuple(sorted((row, column) for column, row in held if row >= 0 and weights[row][column] > 0))


def _rows_of_columns(costs: Sequence[Sequence[float]]) -> list[int]:
    """For each column the row it is paired with at the least total cost, -1 for none; not more rows than columns."""
    columns = len(costs[0])
    outside = columns
    """A column more, in which the row that is taken in next stands."""
    of_row, of_column, held = [0.0] * len(costs), [0.0] * (columns + 1), [-1] * (columns + 1)
    for row in range(len(costs)):
        held[outside] = row
        came_from, least = [outside] * columns, [inf] * columns
        reached, at = {outside}, outside
        while held[at] >= 0:
            near = held[at]
            for column in range(columns):
                reduced = costs[near][column] - of_row[near] - of_column[column]
                if column not in reached and reduced < least[column]:
                    least[column], came_from[column] = reduced, at
            at = min((column for column in range(columns) if column not in reached), key=lambda c: least[c])
            step = least[at]
            for column in reached:
                of_row[held[column]] += step
                of_column[column] -= step
            least = [value if column in reached else value - step for column, value in enumerate(least)]
            reached.add(at)
        while at != outside:
            held[at], at = held[came_from[at]], came_from[at]
    return held[:columns]
