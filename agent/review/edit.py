"""An edit: the reviewed content as YAML, and back, with every breach named at once."""

from __future__ import annotations

import yaml
from pydantic import ValidationError

from agent.errors import InvalidInput
from agent.schemas.assessment import Assessment, CitedOverride
from agent.schemas.base import Value
from agent.schemas.draft import Commentary, Inputs
from agent.schemas.finding import Acceptance
from agent.schemas.text import one_line

_HEAD = """\
# {title} ({seniority}), revision {revision}
# Change what is wrong, save and close. Unchanged: no edit. Empty file: no edit.
# A quote must stand in its passage word for word. Shares sum to 100.
# accepted: [{{finding: "CODE@path", reason: "why it may stand"}}] accepts a REVIEW finding.
# override: {{score: 50.0, reason: "...", citations: [{{passage: "p-...", quote: "..."}}]}} moves by at most 5.
"""


_OPTIONAL = (".gap", ".proxy", ".horizon")


class Edit(Value):
    """Everything of a revision that a person may change."""

    inputs: Inputs
    commentary: Commentary | None = None
    override: CitedOverride | None = None
    accepted: tuple[Acceptance, ...] = ()


def blanks(edit: Edit) -> tuple[str, ...]:
    """Every text of an edit that says nothing, each a sentence that begins with its place."""
    inputs = edit.inputs
    groups = {f"tasks.{at}.claims": task.claims for at, task in enumerate(inputs.tasks)}
    groups["reinstatement"] = inputs.reinstatement
    for name in ("evidence", "barriers", "principles"):
        groups |= {f"{name}.{part}.claims": draft.claims for part, draft in getattr(inputs, name).items()}
    groups["growth.claims"] = inputs.growth.claims
    if edit.commentary is not None:
        groups |= {f"commentary.{part}": getattr(edit.commentary, part) for part in Commentary.model_fields}
    texts: dict[str, str | None] = {f"evidence.{name}.gap": draft.gap for name, draft in inputs.evidence.items()}
    texts |= {f"gaps.{at}": gap for at, gap in enumerate(inputs.gaps)}
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


def edit_of(assessment: Assessment) -> Edit:
    """The editable part of a revision."""
    return Edit(
        inputs=assessment.inputs,
        commentary=assessment.commentary,
        override=assessment.override,
        accepted=assessment.accepted,
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
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise InvalidInput(f"The edit is not YAML: {error}") from error
    return edit_from(document)


def edit_from(document: object) -> Edit:
    """The edit of a parsed document. Raises InvalidInput with every breach."""
    if not isinstance(document, dict):
        raise InvalidInput(f"The edit is a {type(document).__name__}, expected a mapping with the key `inputs`.")
    try:
        return Edit.model_validate(document)
    except ValidationError as error:
        found = tuple(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_url=False))
        raise InvalidInput(f"The edit has {len(found)} errors.", problems=found) from error
