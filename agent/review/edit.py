"""An edit: the reviewed content as YAML, and back, with every breach named at once."""

from __future__ import annotations

from collections.abc import Iterator

import yaml
from pydantic import ValidationError

from agent.errors import InvalidInput
from agent.review.yaml_text import load_yaml
from agent.schemas.assessment import Assessment, CitedOverride
from agent.schemas.base import Value
from agent.schemas.draft import LONG, Commentary, Inputs, RoleFrame
from agent.schemas.finding import Acceptance
from agent.schemas.lens import Lens
from agent.schemas.text import one_line

_HEAD = """\
# {title} ({seniority}), revision {revision}
# Change what is wrong, save and close. Unchanged: no edit. Empty file: no edit.
# A quote must stand in its passage word for word. Shares sum to 100.
# frame: title and seniority stay as they are.
# accepted: [{{finding: "CODE@path", reason: "why it may stand"}}] accepts a REVIEW finding.
# lens: the task ids are those of inputs.tasks, each once; a share moves by at most 10 points.
# override: {{score: 50.0, reason: "...", citations: [{{passage: "p-...", quote: "..."}}]}} moves by at most 5.
"""


_OPTIONAL = (".gap", ".proxy", ".horizon")


class Edit(Value):
    """Everything of a revision that a person may change."""

    inputs: Inputs
    commentary: Commentary | None = None
    lens: Lens | None = None
    override: CitedOverride | None = None
    accepted: tuple[Acceptance, ...] = ()
    frame: RoleFrame | None = None
    """The role's description; `None` leaves it as it is. Title and seniority name what was asked for and stay."""


def blanks(edit: Edit) -> tuple[str, ...]:
    """Every text of an edit that says nothing, each a sentence that begins with its place."""
    inputs = edit.inputs
    texts: dict[str, str | None] = {f"tasks.{at}.name": task.name for at, task in enumerate(inputs.tasks)}
    groups = {f"tasks.{at}.claims": task.claims for at, task in enumerate(inputs.tasks)}
    groups["reinstatement"] = inputs.reinstatement
    for name in ("evidence", "barriers", "principles"):
        groups |= {f"{name}.{part}.claims": draft.claims for part, draft in getattr(inputs, name).items()}
    groups["growth.claims"] = inputs.growth.claims
    if edit.commentary is not None:
        groups |= {f"commentary.{part}": getattr(edit.commentary, part) for part in Commentary.model_fields}
    if edit.lens is not None:
        groups |= dict(edit.lens.groups())
        for at, lens_task in enumerate(edit.lens.tasks):
            texts |= {f"lens.tasks.{at}.tools.{n}": tool for n, tool in enumerate(lens_task.tools)}
    texts |= {f"evidence.{name}.gap": draft.gap for name, draft in inputs.evidence.items()}
    texts |= {f"gaps.{at}": gap for at, gap in enumerate(inputs.gaps)}
    if edit.frame is not None:
        texts |= frame_texts(edit.frame)
    for group, claims in groups.items():
        for at, claim in enumerate(claims):
            texts |= {f"{group}.{at}.{field}": getattr(claim, field) for field in ("text", "proxy", "horizon")}
            texts |= {f"{group}.{at}.citations.{i}.quote": c.quote for i, c in enumerate(claim.citations)}
            texts |= {f"{group}.{at}.citations.{i}.passage": c.passage for i, c in enumerate(claim.citations)}
    return tuple(
        f"{place}: found no words, expected some{' or null' if place.endswith(_OPTIONAL) else ''}"
        for place, value in texts.items()
        if value is not None and not one_line(value)
    )


def frame_texts(frame: RoleFrame) -> dict[str, str]:
    """Every text of a role frame by its place."""
    texts = {f"frame.{name}": value for name, value in frame if isinstance(value, str)}
    for name in ("aliases", "proxies", "tags"):
        texts |= {f"frame.{name}.{at}": text for at, text in enumerate(getattr(frame, name))}
    for at, other in enumerate(frame.is_not):
        texts |= {f"frame.is_not.{at}.title": other.title, f"frame.is_not.{at}.difference": other.difference}
    return texts


def breaches(edit: Edit, base: Assessment) -> tuple[str, ...]:
    """What an edit of `base` may not do and its values cannot say, each a sentence that begins with its place."""
    gaps, found = edit.inputs.gaps, list(blanks(edit))
    found += [
        f"gaps.{at}: has {len(gap)} characters, at most {LONG} are allowed"
        for at, gap in enumerate(gaps)
        if len(gap) > LONG
    ]
    if len(together := " ".join(gaps)) > LONG:
        found.append(f"gaps: have {len(together)} characters together, at most {LONG} are allowed")
    ids = [task.id for task in edit.inputs.tasks]
    found += [f"tasks: the id {key} stands {ids.count(key)} times" for key in dict.fromkeys(ids) if ids.count(key) > 1]
    if edit.frame is not None:
        for name in ("title", "seniority"):
            if (now := getattr(edit.frame, name)) != (was := getattr(base.role, name)):
                found.append(f"frame.{name}: found {now!r}, expected {was!r}: an edit cannot change what was asked for")
    return tuple(found)


def cleaned(edit: Edit, base: Assessment) -> Edit:
    """The edit with every new text on one line and without control and invisible characters. What `base` says stays
    as it is there, to the sign. Raises InvalidInput when a cleaned text breaks a rule."""
    known = set(_strings(edit_of(base).model_dump(mode="json")))
    return edit_from(_with_clean(edit.model_dump(mode="json"), known))


def _strings(part: object) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict | list):
        for value in part.values() if isinstance(part, dict) else part:
            yield from _strings(value)


def _with_clean(part: object, known: set[str]) -> object:
    if isinstance(part, str):
        return part if part in known else one_line(part)
    if isinstance(part, dict):
        return {key: _with_clean(value, known) for key, value in part.items()}
    return [_with_clean(value, known) for value in part] if isinstance(part, list) else part


def edit_of(assessment: Assessment) -> Edit:
    """The editable part of a revision."""
    return Edit(
        inputs=assessment.inputs,
        commentary=assessment.commentary,
        lens=assessment.lens,
        override=assessment.override,
        accepted=assessment.accepted,
        frame=assessment.role,
    )


def edit_text(assessment: Assessment) -> str:
    """The YAML that is opened in an editor."""
    head = _HEAD.format(
        title=assessment.role.title, seniority=assessment.role.seniority, revision=assessment.revision()[:19]
    )
    body = yaml.safe_dump(edit_of(assessment).model_dump(mode="json"), sort_keys=False, allow_unicode=True, width=110)
    return head + body


def parse_edit(text: str) -> Edit:
    """The edit of a YAML text. Raises InvalidInput with every breach."""
    return edit_from(load_yaml(text))


def edit_from(document: object) -> Edit:
    """The edit of a parsed document. Raises InvalidInput with every breach."""
    if not isinstance(document, dict):
        raise InvalidInput(f"The edit is a {type(document).__name__}, expected a mapping with the key `inputs`.")
    try:
        return Edit.model_validate(document)
    except ValidationError as error:
        found = tuple(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_url=False))
        raise InvalidInput(f"Errors in the edit: {len(found)}.", problems=found) from error
