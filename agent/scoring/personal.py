"""A person's own view of a role: the published inputs at the shares of the person's own week (METHODOLOGY section 8).

The formula is that of the assessment, and so is every input but the shares. It is never an assessment: nobody drafted,
checked or approved it, and an override of the published score is no part of it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from fractions import Fraction

from agent.schemas.scored import ScoreInputs, ScoreResult
from agent.scoring.contributions import largest_remainder
from agent.scoring.policy import POLICY, Bounds, Policy
from agent.scoring.reader import Reader, shown
from agent.scoring.result import score
from agent.scoring.rules import invalid

WHAT = "the personal view"
SCALED = "The shares are the published ones of the tasks that are left, scaled to {total} by largest remainder."


def personal_score(inputs: ScoreInputs, shares: Mapping[str, int], policy: Policy = POLICY) -> ScoreResult:
    """The score of `inputs` at `shares`: whole percent a task, in task order, 0 for a task that is not done.

    `shares` are as `checked_shares` or `scaled_shares` give them. A task that is not done is not there: it has no step
    in the robustness table. One task is enough. Raises InvalidInput when the published inputs break a rule.
    """
    tasks = tuple(
        task.model_copy(update={"share": share})
        for task, share in zip(inputs.tasks, shares.values(), strict=True)
        if share
    )
    own = replace(policy, task_count=Bounds(1, policy.task_count.high))
    return score(inputs.model_copy(update={"tasks": tasks}), policy=own)


def checked_shares(
    published: Mapping[str, int], given: Mapping[str, object], policy: Policy = POLICY
) -> dict[str, int]:
    """The share of every task of `published` out of `given`; a task that is left out is not done, 0.

    Both are by task id. Raises InvalidInput with every breach: an unknown id, what is no whole percent, a sum that is
    not 100.
    """
    reader, bounds = Reader(), Bounds(0, policy.share_total)
    reader.problems += _unknown("shares", given, published)
    found = {name: reader.whole(given, name, f"shares.{name}", bounds) if name in given else 0 for name in published}
    shares = {name: share for name, share in found.items() if share is not None}
    if not reader.problems:
        reader.problems += _sum_problems(shares, policy)
    if reader.problems:
        raise invalid(WHAT, reader.problems)
    return shares


def scaled_shares(published: Mapping[str, int], without: Collection[str], policy: Policy = POLICY) -> dict[str, int]:
    """The share of every task when those in `without` are not done: the published ones of the others, scaled to 100 by
    largest remainder; the earlier task wins a tie.

    Raises InvalidInput for an unknown id and when no task is left.
    """
    found = _unknown("without", without, published)
    left = {name: share for name, share in published.items() if name not in without}
    if not left and not found:
        found.append(f"without: found all of {', '.join(published)}, expected at least one task that is done")
    if found:
        raise invalid(WHAT, found)
    whole = sum(left.values())
    parts = [Fraction(share * policy.share_total, whole) for share in left.values()]
    scaled = dict(zip(left, largest_remainder(parts, total=policy.share_total, unit=1), strict=True))
    return {name: scaled.get(name, 0) for name in published}


def changed_shares(published: Mapping[str, int], changes: Mapping[str, int], policy: Policy = POLICY) -> dict[str, int]:
    """The share of every task when `changes` stand in place of published ones.

    Where they are nothing but zeros, they are ticks: the other shares are scaled. Otherwise all shares have to sum to
    100 as they stand. Raises InvalidInput.
    """
    if any(changes.values()):
        return checked_shares(published, {**published, **changes}, policy)
    return scaled_shares(published, tuple(changes), policy)


def is_scaled(published: Mapping[str, int], shares: Mapping[str, int], policy: Policy = POLICY) -> bool:
    """Whether `shares` are what ticks alone give, and not the published ones."""
    without = [name for name, share in shares.items() if not share]
    return bool(without) and dict(shares) == scaled_shares(published, without, policy)


def _sum_problems(shares: Mapping[str, int], policy: Policy) -> list[str]:
    total, wanted = sum(shares.values()), policy.share_total
    if not total:
        return [f"shares: found no task with a share, expected shares that sum to {wanted}"]
    if total == wanted:
        return []
    much = f"{abs(total - wanted)} too {'many' if total > wanted else 'few'}"
    return [f"shares: they sum to {total}, {much}, expected exactly {wanted} over the tasks that are done"]


def _unknown(place: str, names: Collection[object], published: Mapping[str, int]) -> list[str]:
    known = ", ".join(published)
    return [
        f"{place}: found {shown(name)}, expected ids of tasks of this assessment: {known}"
        for name in names
        if name not in published
    ]
