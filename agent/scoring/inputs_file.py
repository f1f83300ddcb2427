"""The input of `assess-role score`: a hand-written file or a published assessment, from parsed YAML or JSON to values.

Every error of the document is named at once, with its place: `tasks[2].score: found 6, expected 1 to 5`. An assessment
holds the same parts one level deeper; its places are named as those of the hand-written shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from agent.schemas.assessment import FORMAT
from agent.schemas.record import PUBLISHED_FORMAT
from agent.schemas.scored import Override, ScoreInputs
from agent.schemas.vocabulary import BarrierName, Bucket, EvidenceName, PrincipleName
from agent.scoring.policy import POLICY, Bounds, Policy
from agent.scoring.reader import Reader, shown
from agent.scoring.rules import TaskRow, invalid, task_problems

PARTS = ("role", "tasks", "evidence", "barriers", "growth", "principles")
TASK_PARTS = ("name", "share", "score", "bucket")
OVERRIDE_PARTS = ("score", "reason")

WHAT = "the score input"
ROLE_CHARACTERS = Bounds(1, 120)
NAME_CHARACTERS = Bounds(1, 200)
REASON_CHARACTERS = Bounds(10, 2000)


class ParsedInput(NamedTuple):
    """What a document says: the role's title, the inputs, and the override if there is one."""

    role: str
    inputs: ScoreInputs
    override: Override | None


def parse_inputs(document: object, policy: Policy = POLICY) -> ParsedInput:
    """Read the hand-written shape, an assessment, or the published document around one.

    `document` is what a YAML or JSON parser returned, `None` for an empty file. Of an assessment only the role's title,
    the inputs and the override are read; nothing else enters the score. Raises `InvalidInput` with every breach, and
    nothing else. Whether an override is near enough to the formula score is checked by `score`.
    """
    reader = Reader()
    flat = reader.mapping(_flat(document), "", PARTS, optional=("override",))
    role = reader.text(flat, "role", "role", ROLE_CHARACTERS)
    rows = _rows(flat, reader, policy)
    values = {
        "tasks": tuple(row._asdict() for row in rows),
        "evidence": reader.unknowable(flat, "evidence", EvidenceName, policy.evidence_score),
        "barriers": reader.dimensions(flat, "barriers", BarrierName, policy.barrier_score),
        "growth": reader.whole(flat, "growth", "growth", policy.growth_range),
        "principles": reader.dimensions(flat, "principles", PrincipleName, policy.principle_score),
    }
    override = _override(flat, reader, policy)
    if reader.problems or role is None:
        raise invalid(WHAT, reader.problems)
    return ParsedInput(role, ScoreInputs.model_validate(values), override)


def _rows(flat: Mapping[str, object], reader: Reader, policy: Policy) -> list[TaskRow]:
    items = reader.items(flat, "tasks", "a list of tasks")
    if items is None:
        return []
    rows = [_row(item, f"tasks[{i}]", reader, policy) for i, item in enumerate(items)]
    reader.problems += task_problems(rows, policy)
    return rows


def _row(item: object, place: str, reader: Reader, policy: Policy) -> TaskRow:
    task = reader.mapping(item, place, TASK_PARTS)
    return TaskRow(
        name=reader.text(task, "name", f"{place}.name", NAME_CHARACTERS),
        share=reader.whole(task, "share", f"{place}.share", policy.share),
        score=reader.whole(task, "score", f"{place}.score", policy.task_score),
        bucket=reader.member(task, "bucket", f"{place}.bucket", Bucket),
    )


def _override(flat: Mapping[str, object], reader: Reader, policy: Policy) -> Override | None:
    if flat.get("override") is None:
        return None
    parts = reader.mapping(flat["override"], "override", OVERRIDE_PARTS)
    score = reader.tenths(parts, "score", "override.score", policy.score_range)
    reason = reader.text(parts, "reason", "override.reason", REASON_CHARACTERS)
    return None if score is None or reason is None else Override(score=score, reason=reason)


def _flat(document: object) -> object:
    """The document in the hand-written shape. A part that is not where it belongs is left for the reader to name."""
    if document is None:
        raise invalid(WHAT, [f"the document: found nothing, expected a mapping with {', '.join(PARTS)}"])
    if not isinstance(document, Mapping) or "format" not in document:
        return document
    body = document
    if document["format"] == PUBLISHED_FORMAT:
        body = _inner(document, "assessment")
    if body.get("format") != FORMAT:
        found = shown(body.get("format"))
        raise invalid(WHAT, [f"format: found {found}, expected '{FORMAT}' or '{PUBLISHED_FORMAT}'"])
    inputs = _inner(body, "inputs")
    flat: dict[str, object] = {key: inputs[key] for key in PARTS if key in inputs}
    for key in ("evidence", "barriers", "principles"):
        group = inputs.get(key)
        if isinstance(group, Mapping):
            flat[key] = {name: _score(draft) for name, draft in group.items()}
    tasks = inputs.get("tasks")
    if isinstance(tasks, (list, tuple)):
        flat["tasks"] = [_only(task, TASK_PARTS) for task in tasks]
    if "growth" in inputs:
        flat["growth"] = _score(inputs["growth"])
    frame = body.get("role")
    flat["role"] = frame["title"] if isinstance(frame, Mapping) and "title" in frame else frame
    flat["override"] = _only(body.get("override"), OVERRIDE_PARTS)
    return flat


def _inner(parent: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = parent.get(key)
    if not isinstance(value, Mapping):
        raise invalid(WHAT, [f"{key}: found {shown(value)}, expected a mapping"])
    return value


def _score(draft: object) -> object:
    return draft["score"] if isinstance(draft, Mapping) and "score" in draft else draft


def _only(value: object, keys: tuple[str, ...]) -> object:
    return {key: value[key] for key in keys if key in value} if isinstance(value, Mapping) else value
