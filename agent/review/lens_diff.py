"""What changed between two lenses, in words."""

from __future__ import annotations

from collections.abc import Mapping

from agent.review.claim_diff import claim_changes
from agent.schemas.draft import Claim
from agent.schemas.lens import IMPACTS, SIGNALS, Concept, Lens, LensTask


def lens_changes(before: Lens, after: Lens) -> list[str]:
    """One line a changed outcome, number, tool list and claim group."""
    lines = [] if before.outcome == after.outcome else [f"lens outcome: {before.outcome} to {after.outcome}"]
    lines += _tasks(before.tasks, after.tasks)
    was, now = _numbers(before), _numbers(after)
    for place in dict.fromkeys([*now, *was]):
        old, new = was.get(place, "as in the base"), now.get(place, "as in the base")
        lines += [f"{place}: {old} to {new}"] if old != new else []
    return lines + claim_changes(_groups(before), _groups(after))


def _tasks(before: tuple[LensTask, ...], after: tuple[LensTask, ...]) -> list[str]:
    old, new = {task.id: task for task in before}, {task.id: task for task in after}
    lines = [f"lens task {key}: removed" for key in old if key not in new]
    lines += [f"lens task {key}: added" for key in new if key not in old]
    for key in (key for key in old if key in new):
        for field in ("share", "score", "bucket"):
            was, now = getattr(old[key], field), getattr(new[key], field)
            lines += [f"lens task {key}: {field} {was} to {now}"] if was != now else []
        if old[key].tools != new[key].tools:
            lines.append(f"lens task {key}: tools {', '.join(new[key].tools) or 'none'}")
    return lines


def _numbers(lens: Lens) -> dict[str, str]:
    found = {f"lens evidence {change.name}": f"{change.delta:+d}" for change in lens.evidence}
    found |= {f"lens barriers {change.name}": f"{change.delta:+d}" for change in lens.barriers}
    if lens.growth is not None:
        because = ", exists because of AI" if lens.growth.exists_because_of_ai else ""
        found["lens growth"] = f"{lens.growth.score}{because}"
    return found


def _groups(lens: Lens) -> Mapping[str, tuple[Claim, ...]]:
    """Every group of claims by its place; those of an added or removed change go with it."""
    groups = {f"lens {name} claims": getattr(lens.concept, name) for name in Concept.model_fields}
    for task in lens.tasks:
        groups |= {f"lens task {task.id} share claims": task.share_claims}
        groups |= {f"lens task {task.id} score claims": task.score_claims}
    groups |= {f"lens {name} claims": getattr(lens, name) for name in (*SIGNALS, *IMPACTS)}
    groups |= {f"lens evidence {change.name} claims": change.claims for change in lens.evidence}
    groups |= {f"lens barriers {change.name} claims": change.claims for change in lens.barriers}
    return {**groups, **({} if lens.growth is None else {"lens growth claims": lens.growth.claims})}
