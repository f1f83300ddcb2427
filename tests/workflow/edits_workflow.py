"""Edits as a reviewer makes them."""

from __future__ import annotations

from agent.review.edit import Edit, edit_of
from agent.schemas.assessment import Assessment, CitedOverride
from agent.schemas.draft import Citation, Claim, ClaimKind, EvidenceDraft, Stance
from agent.schemas.finding import Acceptance
from agent.schemas.vocabulary import EvidenceName


def with_task_score(content: Assessment, score: int, *, at: int = 1) -> Edit:
    """Another score for one augmented task."""
    edit = edit_of(content)
    tasks = list(edit.inputs.tasks)
    tasks[at] = tasks[at].model_copy(update={"score": score})
    return with_inputs(content, tasks=tuple(tasks))


def with_inputs(content: Assessment, **changes: object) -> Edit:
    edit = edit_of(content)
    return edit.model_copy(update={"inputs": edit.inputs.model_copy(update=changes)})


def with_evidence(content: Assessment, **drafts: EvidenceDraft) -> Edit:
    """Other drafts for some dimensions, by name."""
    changed = {EvidenceName(name): draft for name, draft in drafts.items()}
    return with_inputs(content, evidence={**content.inputs.evidence, **changed})


def with_summary(content: Assessment, text: str) -> Edit:
    """Another sentence in the commentary's summary."""
    edit = edit_of(content)
    assert edit.commentary is not None
    changes = {"text": text, "kind": ClaimKind.JUDGEMENT, "citations": ()}
    claim = edit.commentary.summary[0].model_copy(update=changes)
    return edit.model_copy(update={"commentary": edit.commentary.model_copy(update={"summary": (claim,)})})


def accepting(content: Assessment, *findings: str, reason: str = "I looked it up and it is right.") -> Edit:
    accepted = tuple(Acceptance(finding=finding, reason=reason) for finding in findings)
    return edit_of(content).model_copy(update={"accepted": (*content.accepted, *accepted)})


def overriding(
    content: Assessment, score: float, *, quote: str | None = None, reason: str = "Long experience."
) -> Edit:
    """An override that cites the first source, word for word unless told otherwise."""
    source = content.sources[0]
    citation = Citation(passage=source.passage, quote=quote or " ".join(source.text.split()[:9]))
    return edit_of(content).model_copy(
        update={"override": CitedOverride(score=score, reason=reason, citations=(citation,))}
    )


def unknown() -> EvidenceDraft:
    return EvidenceDraft(score=None, claims=(), gap="Nothing was found.")


def invented() -> Claim:
    """A claim whose quote stands nowhere."""
    return Claim(
        text="Work of this kind lasts.",
        kind=ClaimKind.SOURCED,
        stance=Stance.FOR,
        citations=(Citation(passage="p-000000000000", quote="words that stand in no passage at all"),),
    )
