"""Beside the smallest change across a line: the label that it leads to, and what evidence alone would take
(METHODOLOGY sections 3 and 8)."""

from __future__ import annotations

from collections.abc import Sequence

from agent.schemas.scored import Crossing, ScoreInputs, ScoreResult, Step
from agent.scoring.levers import BARRIERS, EVIDENCE, GROWTH, Levers
from agent.scoring.policy import POLICY, Policy
from agent.scoring.result import figures_of
from agent.scoring.zones import label, share_at_3_plus


def label_after(inputs: ScoreInputs, steps: Sequence[Step], policy: Policy = POLICY) -> str:
    """The printed label once every step is taken, at the score of the last one; buckets are ignored, as in the table.

    `steps` are of a robustness table or a crossing of `inputs`, at least one; of several on one input the last counts.
    """
    to = {step.input: step.to for step in steps}
    tasks = tuple(task.model_copy(update={"score": to.get(f"task: {task.name}", task.score)}) for task in inputs.tasks)
    figures = figures_of(inputs.model_copy(update={"tasks": tasks}), policy)
    point = figures.point._replace(
        evidence=to.get(EVIDENCE, figures.point.evidence),
        barriers=to.get(BARRIERS, figures.point.barriers),
        growth=to.get(GROWTH, figures.point.growth),
    )
    exposed = share_at_3_plus(tasks, policy)
    return label(steps[-1].score, point=point, exposed=exposed, resistance=figures.resistance, policy=policy).text


def evidence_alone(
    inputs: ScoreInputs, result: ScoreResult, crossing: Crossing, policy: Policy = POLICY
) -> tuple[Step, ...]:
    """The fewest steps of the evidence total that cross the line of `crossing` while everything else stays; empty where
    none do. `result` is that of `inputs`; its override moves every score by as much, as in the table."""
    shift = round(10 * result.score) - round(10 * result.formula_score)
    levers = Levers.of(inputs.tasks, figures_of(inputs, policy).point, shift=shift, policy=policy)
    lever = next(lever for lever in levers.all if lever.input == EVIDENCE)
    up, size = crossing.direction == "up", policy.robustness_step
    by = size if up else -size
    steps: list[Step] = []
    for taken in range(lever.room(by, size)):
        before = lever.value + taken * by
        at = levers.moved(levers.start, lever, (taken + 1) * by)
        steps.append(levers.step(lever, before, before + by, at))
        if (steps[-1].score >= crossing.line) is up:
            return tuple(steps)
    return ()
