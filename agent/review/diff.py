"""What changed between two revisions, in words."""

from __future__ import annotations

from agent.review.revision import claims_of, commentary_claims
from agent.schemas.assessment import Assessment
from agent.schemas.draft import Claim


def changes(before: Assessment, after: Assessment) -> tuple[str, ...]:
    """One line a changed number, task, claim group, override or acceptance; empty when nothing changed."""
    lines = [*_tasks(before, after), *_numbers(before, after)]
    lines += _claims("rationale", claims_of(before.inputs), claims_of(after.inputs))
    if before.commentary is not None and after.commentary is not None:
        lines += _claims("commentary", commentary_claims(before.commentary), commentary_claims(after.commentary))
    if before.override != after.override:
        score = "none" if after.override is None else str(after.override.score)
        lines.append(f"override: {score}")
    lines += [f"accepted {a.finding}: {a.reason}" for a in after.accepted if a not in before.accepted]
    return tuple(lines)


def _tasks(before: Assessment, after: Assessment) -> list[str]:
    old = {task.id: task for task in before.inputs.tasks}
    new = {task.id: task for task in after.inputs.tasks}
    lines = [f"task {task.name}: removed" for key, task in old.items() if key not in new]
    lines += [f"task {task.name}: added" for key, task in new.items() if key not in old]
    for key in (key for key in old if key in new):
        for field in ("name", "share", "score", "bucket"):
            was, now = getattr(old[key], field), getattr(new[key], field)
            if was != now:
                lines.append(f"task {new[key].name}: {field} {was} to {now}")
    return lines


def _numbers(before: Assessment, after: Assessment) -> list[str]:
    lines = []
    for group in ("evidence", "barriers", "principles"):
        for name, draft in getattr(after.inputs, group).items():
            was = getattr(before.inputs, group)[name].score
            if was != draft.score:
                lines.append(f"{group} {name}: {_shown(was)} to {_shown(draft.score)}")
    if before.inputs.growth.score != after.inputs.growth.score:
        lines.append(f"growth: {before.inputs.growth.score} to {after.inputs.growth.score}")
    return lines


def _shown(score: int | None) -> str:
    return "unknown" if score is None else str(score)


def _claims(kind: str, before: tuple[Claim, ...], after: tuple[Claim, ...]) -> list[str]:
    added = sum(claim not in before for claim in after)
    removed = sum(claim not in after for claim in before)
    return [f"{kind}: {added} claims new or changed, {removed} removed or replaced"] if added or removed else []
