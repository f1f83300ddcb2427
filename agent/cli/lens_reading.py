"""The AI-driven lens of an assessment as its reviewer reads it: everything of it that a page prints."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from rich.console import RenderableType
from rich.text import Text

from agent.schemas.assessment import Assessment
from agent.schemas.draft import Claim
from agent.schemas.lens import Lens, LensResult
from agent.schemas.text import one_line
from agent.schemas.vocabulary import LensBucket
from agent.scoring.lens import OUTCOMES, without_composite

CONCEPT = {
    "subject_or_method": "T1, subject or method",
    "market_evidence": "T2, what the market shows",
    "base_consistency": "T3, beside the base",
    "spine": "T4, what remains",
}
PARTS = {
    "postings_signal": "Signal 1, current postings",
    "durability_signal": "Signal 2, wage or durability",
    "counter_evidence": "Strongest counter-evidence",
    "leverage": "L1, leverage",
    "headcount": "L2, headcount",
    "compounding": "L3, compounding",
    "verification_burden": "L4, verification burden",
    "skill_ceiling": "L5, skill ceiling",
}
Claims = Callable[[Sequence[Claim]], RenderableType]


def lens_parts(assessment: Assessment, claims: Claims) -> Iterable[RenderableType]:
    """The lens, result first; nothing when there is none. `claims` shows a group of claims."""
    lens = assessment.lens
    if lens is None:
        return
    yield Text("\nAI-driven lens: the role done by somebody who builds and directs agents", style="bold underline")
    yield from _result(lens, assessment.lens_result)
    yield Text(f"Concept gate: {OUTCOMES[lens.outcome]}", style="bold")
    for name, title in CONCEPT.items():
        yield from _group(title, getattr(lens.concept, name), claims)
    yield from _tasks(assessment, lens, claims)
    for name, title in PARTS.items():
        yield from _group(title, getattr(lens, name), claims)
    yield from _changes(assessment, lens, claims)


def _result(lens: Lens, result: LensResult | None) -> Iterable[RenderableType]:
    if result is None:
        yield Text(without_composite(lens.outcome) or "Not scorable as drafted: see the findings.", style="bold")
        return
    yield Text(result.verdict, style="bold")
    yield Text(f"{result.distance}. {result.fragility}")
    split = ", ".join(f"{result.split[bucket]}% {bucket.value}" for bucket in LensBucket)
    yield Text(f"Of the working time {split}.")
    if result.clamped:
        yield Text("The composite left the range and was clamped to it.")
    for line in result.derivation:
        yield Text(f"  {line.name}: {line.value}", style="dim")
    yield Text("Read one step more conservatively:")
    for reread in result.rereads:
        point = f"TR {reread.task_resistance}, E {reread.evidence}, B {reread.barriers}, G {reread.growth}"
        yield Text(f"  {reread.name}: {reread.score:.1f}, {reread.zone.value} ({point})")


def _tasks(assessment: Assessment, lens: Lens, claims: Claims) -> Iterable[RenderableType]:
    base = {task.id: task for task in assessment.inputs.tasks}
    if lens.tasks:
        yield Text("Tasks, base to lens (share of time, score, bucket)", style="bold")
    for task in lens.tasks:
        as_is = base.get(task.id)
        was = "not in the base" if as_is is None else f"{as_is.share}% {as_is.score}"
        name = task.id if as_is is None else one_line(as_is.name)
        yield Text(f"{was} to {task.share}% {task.score}  {task.bucket.value:<9} {task.id} {name}", style="bold")
        if task.tools:
            yield Text(f"      tools: {', '.join(one_line(tool) for tool in task.tools)}")
        yield from _group("      Why the share moves", task.share_claims, claims)
        yield from _group("      Why the score changes", task.score_claims, claims)


def _changes(assessment: Assessment, lens: Lens, claims: Claims) -> Iterable[RenderableType]:
    if lens.outcome.has_composite:
        yield Text("Changes from the base; what is not named stands as it is there", style="bold")
    rows = [(e.name.value, e.delta, e.claims) for e in lens.evidence]
    rows += [(b.name.value, b.delta, b.claims) for b in lens.barriers]
    for name, delta, group in rows:
        yield Text(f"{delta:+d}  {name.replace('_', ' ')}", style="bold")
        yield claims(group)
    if lens.growth is not None:
        because = ": exists because of AI" if lens.growth.exists_because_of_ai else ""
        yield Text(f"Growth {assessment.inputs.growth.score} to {lens.growth.score}{because}", style="bold")
        yield claims(lens.growth.claims)


def _group(title: str, group: Sequence[Claim], claims: Claims) -> Iterable[RenderableType]:
    if group:
        yield Text(title, style="" if title.startswith(" ") else "bold")
        yield claims(group)
