"""An assessment's tasks laid against the official tasks of its occupations (METHODOLOGY section 13).

Similarity suggests which tasks belong together; nobody has checked it, and nothing of it enters a score.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from agent.occupations.suggest import Embed
from agent.schemas.base import Value
from agent.schemas.occupation import Occupation, OfficialTask

COUNTERPART = 0.4
"""Cosine of two task texts, two decimals, from which on each is called the other's counterpart."""
NEAREST = 3
"""Tasks of the other side that are named for each at most."""


class AssessedTask(NamedTuple):
    """One task of an assessment."""

    id: str
    name: str
    share: int
    """Percent of working time."""


class Near(Value):
    """A task of the other side."""

    id: str
    """Of an assessed task `t1`, `t2` …; of an official one its number."""
    text: str
    similarity: float
    """Cosine, -1 to 1, two decimals."""


class OfficialLine(Value):
    """An official task and what the assessment has that is like it."""

    id: int
    occupation: str
    text: str
    kind: str | None
    importance: float | None
    relevance: float | None
    weight: float
    """Importance times relevance, 0 to 5, three decimals; of an unrated task the mean of its occupation's rated ones,
    and 1 where none is rated."""
    rated: bool
    counterpart: bool
    nearest: tuple[Near, ...]


class AssessedLine(Value):
    """An assessed task and the official ones that are like it."""

    id: str
    name: str
    share: int
    counterpart: bool
    nearest: tuple[Near, ...]


class OccupationCoverage(Value):
    """How much of one occupation the assessment has."""

    code: str
    title: str
    tasks: int
    unrated: int
    """Of them, those without importance or relevance."""
    with_counterpart: int
    coverage_percent: float | None
    """Of the weight of its tasks, that of those with a counterpart; one decimal. `None` without official tasks."""


class Comparison(Value):
    """Both sides, each with its nearest tasks on the other."""

    threshold: float
    coverage_percent: float | None
    """Mean of the occupations that have tasks; `None` when none has."""
    unmatched_share_percent: int
    """Percent of working time on assessed tasks without a counterpart."""
    occupations: tuple[OccupationCoverage, ...]
    official: tuple[OfficialLine, ...]
    """By occupation in order, the heaviest first."""
    assessed: tuple[AssessedLine, ...]
    """In the order of the assessment."""


def compare(
    assessed: Sequence[AssessedTask],
    occupations: Sequence[tuple[Occupation, Sequence[OfficialTask]]],
    embed: Embed,
) -> Comparison:
    """Lay `assessed` against the tasks of these occupations. With no official task nothing is embedded."""
    official = [task for _, tasks in occupations for task in tasks]
    cosines = _cosines(assessed, official, embed)
    theirs = {str(task.id): task.text for task in official}
    ours = {task.id: task.name for task in assessed}
    lines: list[OfficialLine] = []
    covered: list[OccupationCoverage] = []
    at = 0
    for occupation, tasks in occupations:
        near = [_nearest(ours, cosines[:, at + number]) for number in range(len(tasks))]
        own = [_official(*each) for each in zip(tasks, weights(tasks), near, strict=True)]
        lines += sorted(own, key=lambda line: (-line.weight, line.id))
        covered.append(_coverage(occupation, own))
        at += len(tasks)
    rows = []
    for number, task in enumerate(assessed):
        nearest = _nearest(theirs, cosines[number])
        rows.append(
            AssessedLine(
                id=task.id, name=task.name, share=task.share, counterpart=_is_counterpart(nearest), nearest=nearest
            )
        )
    known = [part.coverage_percent for part in covered if part.coverage_percent is not None]
    return Comparison(
        threshold=COUNTERPART,
        coverage_percent=round(math.fsum(known) / len(known), 1) if known else None,
        unmatched_share_percent=sum(row.share for row in rows if not row.counterpart),
        occupations=tuple(covered),
        official=tuple(lines),
        assessed=tuple(rows),
    )


def weights(tasks: Sequence[OfficialTask]) -> list[float]:
    """The weight of each task of one occupation, three decimals: see `OfficialLine.weight`."""
    products = [
        None if task.importance is None or task.relevance is None else task.importance * task.relevance / 100
        for task in tasks
    ]
    rated = [product for product in products if product is not None]
    usual = math.fsum(rated) / len(rated) if rated else 1.0
    return [round(usual if product is None else product, 3) for product in products]


def _cosines(assessed: Sequence[AssessedTask], official: Sequence[OfficialTask], embed: Embed) -> NDArray[np.float64]:
    """(assessed, official), rounded: the printed number is the one that is compared with the threshold."""
    if not assessed or not official:
        return np.empty((len(assessed), len(official)))
    rows = embed([*(task.name for task in assessed), *(task.text for task in official)]).astype(np.float64)
    return np.round(rows[: len(assessed)] @ rows[len(assessed) :].T, 2)


def _nearest(others: dict[str, str], cosines: NDArray[np.float64]) -> tuple[Near, ...]:
    """The nearest of `others`, whose order is that of `cosines`, best first, ties in their order."""
    order = sorted(zip((-cosines).tolist(), range(len(cosines)), others, strict=True))[:NEAREST]
    return tuple(Near(id=other, text=others[other], similarity=-less + 0.0) for less, _, other in order)


def _is_counterpart(nearest: Sequence[Near]) -> bool:
    return bool(nearest) and nearest[0].similarity >= COUNTERPART


def _official(task: OfficialTask, weight: float, nearest: tuple[Near, ...]) -> OfficialLine:
    return OfficialLine(
        **task.model_dump(),
        weight=weight,
        rated=task.importance is not None and task.relevance is not None,
        counterpart=_is_counterpart(nearest),
        nearest=nearest,
    )


def _coverage(occupation: Occupation, lines: Sequence[OfficialLine]) -> OccupationCoverage:
    whole = math.fsum(line.weight for line in lines)
    have = math.fsum(line.weight for line in lines if line.counterpart)
    return OccupationCoverage(
        code=occupation.code,
        title=occupation.title,
        tasks=len(lines),
        unrated=sum(not line.rated for line in lines),
        with_counterpart=sum(line.counterpart for line in lines),
        coverage_percent=round(100 * have / whole, 1) if whole else None,
    )
