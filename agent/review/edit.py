"""An edit: the reviewed content as YAML, and back, with every breach named at once."""

from __future__ import annotations

import yaml
from pydantic import ValidationError

from agent.errors import InvalidInput
from agent.schemas.assessment import Assessment, CitedOverride
from agent.schemas.base import Value
from agent.schemas.draft import Commentary, Inputs
from agent.schemas.finding import Acceptance

_HEAD = """\
# {title} ({seniority}), revision {revision}
# Change what is wrong, save and close. Unchanged: no edit. Empty file: no edit.
# A quote must stand in its passage word for word. Shares sum to 100.
# accepted: [{{finding: "CODE@path", reason: "why it may stand"}}] accepts a REVIEW finding.
# override: {{score: 50.0, reason: "...", citations: [{{passage: "p-...", quote: "..."}}]}} moves by at most 5.
"""


class Edit(Value):
    """Everything of a revision that a person may change."""

    inputs: Inputs
    commentary: Commentary | None = None
    override: CitedOverride | None = None
    accepted: tuple[Acceptance, ...] = ()


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
