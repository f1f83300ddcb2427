"""What changed between two revisions, in words."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

from agent.review.claim_diff import claim_changes
from agent.review.edit import edit_of, frame_texts
from agent.review.lens_diff import lens_changes
from agent.schemas.assessment import Assessment
from agent.schemas.draft import Claim, Commentary, Inputs, TaskDraft


def changes(before: Assessment, after: Assessment) -> tuple[str, ...]:
    """One line a changed task, number, claim group, gap, frame field, override or acceptance.

    Empty only when nothing that a person can edit changed. A commentary or a lens that only one of the two has is no
    line, unless both are of one gate: it was drafted or discarded, not edited. Tasks are paired by `numbered_as`.
    """
    after = numbered_as(before, after)
    lines = [*_tasks(before.inputs.tasks, after.inputs.tasks), *_numbers(before, after)]
    lines += claim_changes(_groups(before.inputs), _groups(after.inputs))
    lines += _gaps(before.inputs, after.inputs)
    if before.commentary is not None and after.commentary is not None:
        lines += claim_changes(_commentary(before.commentary), _commentary(after.commentary))
    elif before.commentary != after.commentary and before.gate is after.gate:
        lines.append("commentary: removed" if after.commentary is None else "commentary: added")
    if before.lens is not None and after.lens is not None:
        lines += lens_changes(before.lens, after.lens)
    elif before.lens != after.lens and before.gate is after.gate:
        lines.append("lens: removed" if after.lens is None else "lens: added")
    lines += _frame(before, after)
    lines += _override(before, after)
    lines += [f"accepted {a.finding}: {a.reason}" for a in after.accepted if a not in before.accepted]
    lines += [f"no longer accepted {a.finding}" for a in before.accepted if a not in after.accepted]
    if not lines and _editable(before, after) != _editable(after, before):
        lines.append("content: changed in its order")
    return tuple(lines)


def numbered_as(before: Assessment, after: Assessment) -> Assessment:
    """`after` with the ids that its tasks have in `before`, since a redraft numbers its tasks anew.

    A task is the one of its name, or else of its id, or the only one that is left of both. One that was not there has
    an id of its own.
    """
    left = {task.id: task.name for task in before.inputs.tasks}
    tasks = after.inputs.tasks
    taken = {*left, *(task.id for task in tasks)}
    if len(left) < len(before.inputs.tasks) or len({task.id for task in tasks}) < len(tasks):
        return after
    ids: dict[str, str] = {}
    for task in tasks:
        if left.get(task.id) == task.name:
            ids[task.id] = task.id
            del left[task.id]
    for task in tasks:
        named = next((old for old, name in left.items() if name == task.name), None)
        if task.id not in ids and named is not None:
            ids[task.id] = named
            del left[named]
    for task in tasks:
        if task.id not in ids and left.pop(task.id, None) is not None:
            ids[task.id] = task.id
    new = [task.id for task in tasks if task.id not in ids]
    if len(new) == len(left) == 1:
        ids[new[0]] = next(iter(left))
    for name in new:
        if name not in ids:
            ids[name] = _free(name, taken, ids)
            taken.add(ids[name])
    renumbered = tuple(task.model_copy(update={"id": ids[task.id]}) for task in tasks)
    return after.model_copy(update={"inputs": after.inputs.model_copy(update={"tasks": renumbered})})


def _free(wanted: str, taken: set[str], ids: Mapping[str, str]) -> str:
    """An id that no task has: the wanted one where no other task got it."""
    if wanted not in ids.values():
        return wanted
    return next(name for number in count(1) if (name := f"t{number}") not in taken)


def _editable(one: Assessment, other: Assessment) -> dict[str, object]:
    left_out = {name for name in ("commentary", "lens") if None in (getattr(one, name), getattr(other, name))}
    return edit_of(one).model_dump(mode="json", exclude=left_out)


def _keyed(tasks: tuple[TaskDraft, ...]) -> dict[tuple[str, int], TaskDraft]:
    """Tasks by id; one whose id stood before is another task."""
    ids = [task.id for task in tasks]
    return {(task.id, ids[:at].count(task.id)): task for at, task in enumerate(tasks)}


def _tasks(before: tuple[TaskDraft, ...], after: tuple[TaskDraft, ...]) -> list[str]:
    old, new = _keyed(before), _keyed(after)
    lines = [f"task {task.name}: removed" for key, task in old.items() if key not in new]
    lines += [f"task {task.name}: added" for key, task in new.items() if key not in old]
    for key in (key for key in old if key in new):
        for field in ("name", "share", "score", "bucket"):
            was, now = getattr(old[key], field), getattr(new[key], field)
            if was != now:
                lines.append(f"task {new[key].name}: {field} {was} to {now}")
    if [key for key in old if key in new] != [key for key in new if key in old]:
        lines.append(f"tasks: now in the order {', '.join(task.name for task in after)}")
    return lines


def _numbers(before: Assessment, after: Assessment) -> list[str]:
    lines = []
    for group in ("evidence", "barriers", "principles"):
        old, new = getattr(before.inputs, group), getattr(after.inputs, group)
        for name in dict.fromkeys([*new, *old]):
            was, now = (_shown(part[name].score) if name in part else "none" for part in (old, new))
            if was != now:
                lines.append(f"{group} {name}: {was} to {now}")
    if before.inputs.growth.score != after.inputs.growth.score:
        lines.append(f"growth: {before.inputs.growth.score} to {after.inputs.growth.score}")
    return lines


def _shown(score: int | None) -> str:
    return "unknown" if score is None else str(score)


def _groups(inputs: Inputs) -> dict[str, tuple[Claim, ...]]:
    """Every group of claims by its place; the claims of an added or removed task go with the task."""
    groups = {f"task {key} claims": task.claims for (key, _), task in _keyed(inputs.tasks).items()}
    groups["reinstatement"] = inputs.reinstatement
    for name in ("evidence", "barriers", "principles"):
        groups |= {f"{name} {part} claims": draft.claims for part, draft in getattr(inputs, name).items()}
    return {**groups, "growth claims": inputs.growth.claims}


def _commentary(commentary: Commentary) -> dict[str, tuple[Claim, ...]]:
    return {f"commentary {name}": getattr(commentary, name) for name in Commentary.model_fields}


def _gaps(before: Inputs, after: Inputs) -> list[str]:
    lines = []
    for name in (name for name in after.evidence if name in before.evidence):
        was, now = before.evidence[name].gap, after.evidence[name].gap
        if was != now:
            lines.append(f"evidence {name} gap: {'none' if now is None else now}")
    if before.gaps != after.gaps:
        lines.append(f"gaps: {'; '.join(after.gaps) or 'none'}")
    return lines


def _frame(before: Assessment, after: Assessment) -> list[str]:
    old, new = frame_texts(before.role), frame_texts(after.role)
    lines = [f"{place}: {text}" for place, text in new.items() if old.get(place) != text]
    return lines + [f"{place}: removed" for place in old if place not in new]


def _override(before: Assessment, after: Assessment) -> list[str]:
    was, now = before.override, after.override
    if was == now:
        return []
    if was is None or now is None or was.score != now.score:
        return [f"override: {'none' if now is None else now.score}"]
    return [f"override: {now.score}, with another reason or citation"]
