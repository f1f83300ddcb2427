"""The task decomposition (METHODOLOGY sections 1 and 4)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator

from agent.drafting.claims import ClaimWire, Line, PackWire, Paragraph, Wire, claims_from_wire, claims_to_wire
from agent.schemas.base import Value
from agent.schemas.draft import Claim, TaskDraft
from agent.schemas.vocabulary import Bucket


def whole_percent(value: int) -> int:
    """A share as the wire takes it, or ValueError."""
    if not 1 <= value <= 100:
        raise ValueError(f"is {value}, a share is 1 to 100 percent")
    return value


class TaskWire(Wire):
    """One task."""

    name: Line
    share_percent: Annotated[int, AfterValidator(whole_percent)]
    """Share of working time; all shares sum to exactly 100."""
    score: Literal[1, 2, 3, 4, 5]
    """1 only a human, 5 an agent does it end to end."""
    bucket: Literal["displacement", "augmentation", "not_involved"]
    claims: list[ClaimWire]


class TasksAnswer(PackWire):
    """The task decomposition of a role."""

    tasks: list[TaskWire]
    reinstatement: list[ClaimWire]
    """New tasks that AI creates for the role."""
    not_enough_evidence: Paragraph | None


class TasksDraft(Value):
    """The section's draft in domain values."""

    tasks: tuple[TaskDraft, ...]
    reinstatement: tuple[Claim, ...]
    gap: str | None


def tasks_from_wire(wire: TasksAnswer) -> TasksDraft:
    """Tasks get their ids, `t1` onwards, in drafted order."""
    return TasksDraft(
        tasks=tuple(
            TaskDraft(
                id=f"t{number}",
                name=task.name[:200],
                share=task.share_percent,
                score=task.score,
                bucket=Bucket(task.bucket),
                claims=claims_from_wire(task.claims),
            )
            for number, task in enumerate(wire.tasks[:99], start=1)
        ),
        reinstatement=claims_from_wire(wire.reinstatement),
        gap=wire.not_enough_evidence,
    )


def tasks_to_wire(draft: TasksDraft, ends: tuple[str, str]) -> TasksAnswer:
    """The draft as a model would have written it."""
    return TasksAnswer.model_validate(
        {
            "first_passage_id": ends[0],
            "last_passage_id": ends[1],
            "tasks": [
                {
                    "name": task.name,
                    "share_percent": task.share,
                    "score": task.score,
                    "bucket": task.bucket.value,
                    "claims": claims_to_wire(task.claims),
                }
                for task in draft.tasks
            ],
            "reinstatement": claims_to_wire(draft.reinstatement),
            "not_enough_evidence": draft.gap,
        }
    )
