"""What inputs must satisfy before they are scored, and when no score may be given (METHODOLOGY sections 1, 4, 6, 8)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from agent.errors import InvalidInput
from agent.schemas.scored import Override, ScoreInputs
from agent.schemas.vocabulary import BarrierName, Bucket, EvidenceName, PrincipleName
from agent.scoring.policy import POLICY, Policy


class TaskRow(NamedTuple):
    """A task as far as it could be read; `None` is a part that is reported elsewhere."""

    name: str | None
    share: int | None
    score: int | None
    bucket: Bucket | None


def problems(inputs: ScoreInputs, policy: Policy = POLICY) -> tuple[str, ...]:
    """Every breach of the rules between inputs, each a sentence that begins with its place. Empty: they can be scored.

    The range of each single value is the business of `ScoreInputs`.
    """
    rows = [TaskRow(task.name, task.share, task.score, task.bucket) for task in inputs.tasks]
    return (
        *task_problems(rows, policy),
        *_missing("evidence", inputs.evidence, EvidenceName),
        *_missing("barriers", inputs.barriers, BarrierName),
        *_missing("principles", inputs.principles, PrincipleName),
    )


def task_problems(rows: Sequence[TaskRow], policy: Policy = POLICY) -> list[str]:
    """The breaches between tasks that can be told from what could be read of them."""
    found: list[str] = []
    if len(rows) not in policy.task_count:
        found.append(f"tasks: found {len(rows)}, expected {policy.task_count} tasks")
    shares = [row.share for row in rows if row.share is not None]
    if rows and len(shares) == len(rows) and sum(shares) != policy.share_total:
        found.append(f"tasks: the shares sum to {sum(shares)}, expected exactly {policy.share_total}")
    first: dict[str, int] = {}
    for i, row in enumerate(rows):
        if row.name is not None and not row.name.strip():
            found.append(f"tasks[{i}].name: found no text, expected a name")
        elif row.name is not None:
            earlier = first.setdefault(" ".join(row.name.casefold().split()), i)
            if earlier != i:
                found.append(f"tasks[{i}].name: found the name of tasks[{earlier}] again, expected a name of its own")
        if row.score is not None and row.bucket is not None:
            allowed = policy.bucket_scores(row.bucket)
            if row.score not in allowed:
                found.append(
                    f"tasks[{i}].bucket: found {row.bucket} with a score of {row.score}, "
                    f"expected a score of {allowed} for {row.bucket}"
                )
    return found


def override_problems(override: Override, formula_score: float, policy: Policy = POLICY) -> tuple[str, ...]:
    """Why `override` may not stand beside `formula_score`; empty when it may."""
    value = Fraction(str(override.score))
    found: list[str] = []
    if (value * 10).denominator != 1:
        found.append(f"override.score: found {override.score}, expected at most one decimal")
    bound = policy.override_bound
    if abs(value - Fraction(str(formula_score))) > bound:
        found.append(
            f"override.score: found {override.score}, expected at most {float(bound):.1f} points "
            f"from the formula score {formula_score:.1f}"
        )
    return tuple(found)


def abstains(inputs: ScoreInputs, speaking_sources: int, policy: Policy = POLICY) -> tuple[str, ...]:
    """The reasons why no score may be given for want of evidence; empty when there is enough.

    `speaking_sources` counts the independent sources that speak of the role or a named proxy.
    """
    reasons: list[str] = []
    unknown = [name for name in EvidenceName if inputs.evidence.get(name) is None]
    if len(unknown) >= policy.abstain_unknown:
        reasons.append(
            f"{len(unknown)} of {len(EvidenceName)} evidence dimensions are unknown "
            f"({', '.join(unknown)}); a score needs fewer than {policy.abstain_unknown}"
        )
    if speaking_sources < policy.abstain_sources:
        reasons.append(
            f"{speaking_sources} independent {'source speaks' if speaking_sources == 1 else 'sources speak'} of the "
            f"role or a named proxy; a score needs at least {policy.abstain_sources}"
        )
    return tuple(reasons)


def invalid(what: str, found: Sequence[str]) -> InvalidInput:
    """The error that names every breach in `found`."""
    count = "a rule" if len(found) == 1 else f"{len(found)} rules"
    return InvalidInput(
        f"{what} breaks {count}: {'; '.join(found)}",
        problems=found,
        hint="Correct every place named and score it again.",
    )


def _missing(group: str, values: Collection[str], names: type[StrEnum]) -> list[str]:
    return [f"{group}.{name}: missing, expected all of {', '.join(names)}" for name in names if name not in values]
