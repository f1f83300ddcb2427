"""What is printed beside the claims: figures, instructions and personal data in the role frame, task names and gaps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from agent.grounding.figures import Figure, figures, is_year
from agent.grounding.hostile import looks_like_instruction
from agent.grounding.personal import personal_data
from agent.grounding.spoken import block, listed, shown
from agent.schemas.draft import Inputs, RoleFrame, TaskDraft
from agent.schemas.finding import Finding, Tier
from agent.schemas.lens import Lens
from agent.schemas.vocabulary import Section

_OWN_TIER = re.compile(r"\btiers? [1-4](?: (?:and|or|to) [1-4])?\b", re.IGNORECASE)
"""A source tier in a stated gap is our own vocabulary, not a figure about the world."""
_RANK = re.compile(r"\b(?:task|tier|level|line|phase|stage|step)[ -]\d{1,2}\b(?![.,]?\d| ?%)", re.IGNORECASE)
"""A place in an order, as in "level 2 support": it counts nothing."""


def frame_findings(frame: RoleFrame) -> Iterator[Finding]:
    """The figures of a role frame, which has no citations. Some are for the reviewer to accept."""
    for path, text in _frame_texts(frame):
        stated = _uncited(text, frame)
        if not stated:
            continue
        message = f"The role frame states {_listed(stated)} without a source; say it in words."
        tier = Tier.REVIEW if _is_for_the_reviewer(path, stated) else Tier.BLOCK
        yield Finding(code="G-FRAME-FIGURE", tier=tier, section=Section.FRAME, path=path, message=message)


def task_name_findings(tasks: Sequence[TaskDraft], frame: RoleFrame) -> Iterator[Finding]:
    """The figures of task names, which have no citations."""
    for at, task in enumerate(tasks):
        stated = _uncited(task.name, frame)
        if stated:
            message = f"The task name states {_listed(stated)}; name the work and leave figures to cited claims."
            path = f"tasks.{at}.name"
            yield Finding(code="G-TASK-NAME-FIGURE", tier=Tier.BLOCK, section=Section.TASKS, path=path, message=message)


def gap_findings(inputs: Inputs) -> Iterator[Finding]:
    """The figures of stated gaps. A year is none: it says of when evidence is missing."""
    for section, path, gap in _gaps(inputs):
        read = figures(_OWN_TIER.sub("tier", gap))
        stated = [figure.written for figure in read if not figure.in_words and not is_year(figure)]
        if stated:
            message = f"The gap states {', '.join(stated)} without a source; say what is missing in words."
            yield Finding(code="G-GAP-FIGURE", tier=Tier.REVIEW, section=section, path=path, message=message)


def safety_findings_beside(frame: RoleFrame, inputs: Inputs | None, lens: Lens | None = None) -> Iterator[Finding]:
    """Instructions to a model and personal data in texts that are no claims."""
    for section, path, text in texts_beside(frame, inputs, lens):
        if looks_like_instruction(text):
            yield block("G-TEXT-INSTRUCTION", section, path, "The text reads like an instruction to a model.")
        found = [
            f"{datum.kind} ({shown(text[datum.start : datum.end])})" for datum in personal_data(text) if datum.certain
        ]
        if found:
            yield block("G-PERSONAL-DATA", section, path, f"It holds personal data: {listed(found)}; leave it out.")


def texts_beside(frame: RoleFrame, inputs: Inputs | None, lens: Lens | None = None) -> list[tuple[Section, str, str]]:
    """Section, path and text of everything that is printed beside the claims."""
    texts = [(Section.FRAME, path, text) for path, text in _frame_texts(frame)]
    if inputs is not None:
        texts += [(Section.TASKS, f"tasks.{at}.name", task.name) for at, task in enumerate(inputs.tasks)]
        texts += _gaps(inputs)
    for at, task in enumerate(lens.tasks if lens else ()):
        texts += [(Section.LENS, f"lens.tasks.{at}.tools.{n}", tool) for n, tool in enumerate(task.tools)]
    return texts


def _gaps(inputs: Inputs) -> list[tuple[Section, str, str]]:
    gaps = [(Section.TASKS, f"gaps.{at}", gap) for at, gap in enumerate(inputs.gaps)]
    return gaps + [(Section.EVIDENCE, f"evidence.{n}.gap", part.gap or "") for n, part in inputs.evidence.items()]


def _is_for_the_reviewer(path: str, stated: Sequence[Figure]) -> bool:
    """Years of experience; and plain numbers of the seniority, which may be asked for and cannot be edited."""
    if path == "frame.experience":
        return all(figure.time in {"month", "year"} for figure in stated)
    return path == "frame.seniority" and all(reading.kind == "plain" for f in stated for reading in f.readings)


def _frame_texts(frame: RoleFrame) -> Iterator[tuple[str, str]]:
    for field in ("seniority", "function", "experience", "seniority_note"):
        yield f"frame.{field}", getattr(frame, field)
    for field in ("aliases", "proxies", "tags"):
        for at, text in enumerate(getattr(frame, field)):
            yield f"frame.{field}.{at}", text
    for at, other in enumerate(frame.is_not):
        yield f"frame.is_not.{at}.title", other.title
        yield f"frame.is_not.{at}.difference", other.difference


def _uncited(text: str, frame: RoleFrame) -> list[Figure]:
    """The figures of `text` that are no words of the requested title."""
    asked = {figure.written for figure in figures(frame.title)}
    read = figures(_RANK.sub("rank", text))
    return [figure for figure in read if not figure.in_words and figure.written not in asked]


def _listed(found: Sequence[Figure]) -> str:
    return ", ".join(dict.fromkeys(figure.written for figure in found))
