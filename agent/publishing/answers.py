"""The two questions that every reader has, answered in a paragraph each from the scored inputs and results alone.

Every word of direction follows from a number, and every number is one of the result. A result weighs tasks and evidence
and foretells nothing, so no paragraph does. The paragraphs are derived: no part of a revision or of its hash.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from agent.publishing import words
from agent.schemas.assessment import Assessment
from agent.schemas.lens import Lens, LensResult
from agent.schemas.scored import Robustness, ScoredTask, ScoreInputs, ScoreResult
from agent.schemas.text import one_line
from agent.schemas.vocabulary import Bucket, EvidenceName, LensBucket, LensOutcome, Zone
from agent.scoring import POLICY

REPLACED = "Will AI replace this job?"
AI_DRIVEN = "Does going AI-driven save it?"
NAMED = 3
"""Of several tasks with one share that is the largest, as many are named; of the others there is the number."""
NAME_CHARACTERS = 60
"""A longer name of a task is cut here; the table of tasks has all of it."""

BALANCE = {Zone.GREEN: "On balance no", Zone.YELLOW: "Not settled", Zone.RED: "The risk is high"}
VERDICTS = {
    LensOutcome.TRANSFORMS: "The role transforms: a coherent role remains, in another shape.",
    LensOutcome.COMPRESSES: "The role compresses: the work goes on, with fewer people or for less.",
}
UNSCORED = {
    LensOutcome.ALREADY_AI_DRIVEN: "The question does not arise: by this assessment the role is AI-driven already, so "
    "there is no second version to score.",
    LensOutcome.NO_AI_DRIVEN_VERSION: "There is nothing to compare: by this assessment nobody does this work by "
    "directing AI agents, so there is no second version to score.",
}
NOT_ASSESSED = (
    "It was not assessed: there is no AI-driven version of the role here, so nothing says whether building and "
    "directing AI agents would help or harm."
)
SAME = "Evidence, barriers and growth count as before."
BROKEN = "It cannot be said: the AI-driven version of the role breaks a rule of the method and has no score."


def answers(assessment: Assessment) -> tuple[tuple[str, str], ...]:
    """Each question with its answer, each a plain text of one line; empty without a score."""
    if assessment.result is None:
        return ()
    return (
        (REPLACED, replaced(assessment.inputs.scored(), assessment.result, assessment.as_of)),
        (AI_DRIVEN, ai_driven(assessment.lens, assessment.lens_result, assessment.result)),
    )


def replaced(inputs: ScoreInputs, result: ScoreResult, as_of: str) -> str:
    """Whether AI replaces the role, as far as `result`, the score of `inputs`, says so; evidence is as of `as_of`."""
    moved = f" ({result.formula_score:.1f} by the formula)" if result.override is not None else ""
    return " ".join(
        (
            f"{BALANCE[result.zone]}: {result.score:.1f} of 100 for resistance to AI{moved}, {result.label}, "
            f"{result.distance}.",
            _firmness(result.robustness),
            _split(result),
            _tasks(inputs.tasks, result.share_at_3_plus),
            f"{_evidence(result)}; barriers such as licences give {result.barriers} of 10.",
            f"This assesses tasks and evidence as of {as_of}; it forecasts no layoffs.",
        )
    )


def ai_driven(lens: Lens | None, result: LensResult | None, base: ScoreResult) -> str:
    """Whether the role is better off as the lens has it: somebody builds and directs agents for it.

    `result` is the score of `lens`, `base` the result of the role as it is. Without a lens it was not assessed.
    """
    if lens is None:
        return NOT_ASSESSED
    if lens.outcome in UNSCORED:
        return UNSCORED[lens.outcome]
    if result is None:
        return BROKEN
    there, here = words.ZONES[result.zone], words.ZONES[result.base_zone]
    return " ".join(
        (
            _helps(lens.outcome, result),
            f"Done by somebody who builds and directs AI agents, the work scores {result.score:.1f} of 100 ({there}), "
            f"{_moved(result.change)} the {result.base_score:.1f} ({here}) that the formula gives the role as it is.",
            VERDICTS[lens.outcome],
            f"Of the time, {result.split.get(LensBucket.ENHANCED, 0)}% is enhanced by AI, "
            f"{result.split.get(LensBucket.UNCHANGED, 0)}% unchanged and "
            f"{result.split.get(LensBucket.DISPLACED, 0)}% displaced.",
            _totals(result, base),
            _fragility(result),
            "The score is about the work, not about how many people it takes.",
        )
    )


def _firmness(robustness: Robustness) -> str:
    counts = Counter(step.zone for step in robustness.flips)
    if not counts:
        return f"Changing one input by one point never changes the zone ({robustness.steps} cases)."
    ways = [f"to {words.ZONES[zone]} in {counts[zone]}" for zone in Zone if counts[zone]]
    return f"Changing one input by one point changes the zone {words.listed(ways)} of {robustness.steps} cases."


def _split(result: ScoreResult) -> str:
    displaced, assisted, without = (result.split.get(bucket, 0) for bucket in Bucket)
    parts = [f"an AI agent could do {f'{displaced}%' if displaced else 'none of it'} end to end"]
    parts += [f"AI assists people in {assisted}%"] if assisted else []
    parts += [f"{without}% involves no AI"] if without else []
    return f"Of the working time, {words.listed(parts)}."


def _tasks(tasks: Sequence[ScoredTask], exposed: int) -> str:
    """How the time divides at the score from which a task counts as exposed, with the largest tasks on each side."""
    reached = [task for task in tasks if task.score >= POLICY.exposed_score]
    left = [task for task in tasks if task.score < POLICY.exposed_score]
    if not left:
        return f"All of it goes to tasks exposed to AI{_largest(reached)}."
    if not reached:
        return f"All of it rests mainly on people{_largest(left)}."
    rest = POLICY.share_total - exposed
    return f"{exposed}% goes to tasks exposed to AI{_largest(reached)}; {rest}% rests mainly on people{_largest(left)}."


def _largest(tasks: Sequence[ScoredTask]) -> str:
    """The task with the largest share, to stand after what it is the largest of; where several have it, those, with the
    share of each. Where all have it, none is above the others."""
    share = max(task.share for task in tasks)
    names = [_name(task) for task in tasks if task.share == share]
    if len(names) == 1:
        return f", above all {names[0]} ({share}%)"
    more = len(names) - NAMED
    named = names if more <= 0 else [*names[:NAMED], f"{more} more"]
    return f"{', above all' if len(names) < len(tasks) else ':'} {words.listed(named)} ({share}% each)"


def _name(task: ScoredTask) -> str:
    name = one_line(task.name)
    return f"“{name if len(name) <= NAME_CHARACTERS else f'{name[: NAME_CHARACTERS - 1].rstrip()}…'}”"


def _evidence(result: ScoreResult) -> str:
    total = result.evidence
    if len(result.unknown) == len(EvidenceName):
        return f"Nothing is known from the evidence: all {len(EvidenceName)} dimensions count as 0"
    way = "speaks for the role" if total > 0 else "speaks against the role" if total < 0 else "points neither way"
    known = f"The evidence {way} ({words.signed(total)} of ±10)"
    if not result.unknown:
        return known
    named = words.listed([words.inside(words.EVIDENCE[name]) for name in result.unknown])
    if len(result.unknown) >= POLICY.abstain_unknown:
        named = f"{len(result.unknown)} of {len(EvidenceName)} dimensions"
    return f"{known}, {named} unknown"


def _helps(outcome: LensOutcome, result: LensResult) -> str:
    there, here = words.ZONES[result.zone], words.ZONES[result.base_zone]
    if not result.change:
        return f"It makes no difference to the score; the zone stays {here}."
    if result.change < 0:
        fall = (
            f"the score falls, and the zone stays {here}" if there == here else f"the zone falls from {here} to {there}"
        )
        return f"No: {fall}."
    if there != here:
        start = "By this reading it helps" if outcome is LensOutcome.TRANSFORMS else "Only in part"
        return f"{start}: the zone rises from {here} to {there}."
    if result.zone is Zone.GREEN:
        return f"It adds to a score that is {here} without it."
    return f"Not by itself: the score rises, and the zone stays {here}."


def _moved(change: float) -> str:
    return f"{abs(change):.1f} points {'above' if change > 0 else 'below'}" if change else "exactly"


def _totals(result: LensResult, base: ScoreResult) -> str:
    changes = {
        "evidence": result.evidence - base.evidence,
        "barriers": result.barriers - base.barriers,
        "growth": result.growth - base.growth,
    }
    moved = [f"{name} by {words.signed(by)}" for name, by in changes.items() if by]
    return f"Beside the tasks it moves {words.listed(moved)}." if moved else SAME


def _fragility(result: LensResult) -> str:
    """Whether the zone of the lens is fragile, by what makes it so."""
    point = (result.task_resistance, result.evidence, result.barriers, result.growth)
    single = [reread for reread in result.rereads if not reread.joint]
    # One that is at its lowest already is read no lower.
    stricter = [r for r in single if (r.task_resistance, r.evidence, r.barriers, r.growth) != point]
    crossed = sum(reread.zone is not result.zone for reread in stricter)
    if crossed:
        change = "changes" if crossed == 1 else "change"
        return f"The zone is fragile: {crossed} of {len(stricter)} stricter readings {change} it."
    if result.fragile:
        return f"The zone is fragile: the score lies in the band of {POLICY.fragile_band} around a line."
    if result.zone is Zone.RED:
        return "The zone is the lowest already, so that no stricter reading changes it."
    if len(stricter) == 1:
        return "The one stricter reading does not change the zone."
    return f"None of {len(stricter)} stricter readings changes the zone." if stricter else "No input can be read lower."
