"""One request, one typed draft: renders the prompt, asks the model, turns the answer into domain values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from pydantic import ValidationError

from agent.drafting import barriers, commentary, evidence, frame, growth, lens, tasks
from agent.drafting.claims import PackWire
from agent.drafting.fence import defused, passages_block, role_block
from agent.drafting.frame import Framed
from agent.drafting.prompts import FRAME, REDRAFT, PromptLibrary
from agent.llm.port import ChatModel, Completion, Prompt
from agent.schemas.article import Passage
from agent.schemas.base import Value
from agent.schemas.draft import Commentary, RoleFrame
from agent.schemas.lens import Lens
from agent.schemas.vocabulary import Section

SectionDraft: TypeAlias = (
    tasks.TasksDraft | evidence.EvidenceSection | barriers.BarriersSection | growth.GrowthSection | Commentary | Lens
)


@dataclass(frozen=True)
class _Spec:
    """How one section travels between wire and domain; the pairs belong together, which types cannot say."""

    answer: type[PackWire]
    draft: type[Any]
    from_wire: Callable[[Any], SectionDraft]
    to_wire: Callable[[Any, tuple[str, str]], PackWire]


_SPECS: dict[Section, _Spec] = {
    Section.TASKS: _Spec(tasks.TasksAnswer, tasks.TasksDraft, tasks.tasks_from_wire, tasks.tasks_to_wire),
    Section.EVIDENCE: _Spec(
        evidence.EvidenceAnswer, evidence.EvidenceSection, evidence.evidence_from_wire, evidence.evidence_to_wire
    ),
    Section.BARRIERS: _Spec(
        barriers.BarriersAnswer, barriers.BarriersSection, barriers.barriers_from_wire, barriers.barriers_to_wire
    ),
    Section.GROWTH: _Spec(growth.GrowthAnswer, growth.GrowthSection, growth.growth_from_wire, growth.growth_to_wire),
    Section.COMMENTARY: _Spec(
        commentary.CommentaryAnswer, Commentary, commentary.commentary_from_wire, commentary.commentary_to_wire
    ),
    Section.LENS: _Spec(lens.LensAnswer, Lens, lens.lens_from_wire, lens.lens_to_wire),
}

ANSWERS: dict[str, type[PackWire]] = {spec.answer.__name__: spec.answer for spec in _SPECS.values()}
"""Every answer schema of a section by the name its prompt's front matter gives."""


class Redraft(Value):
    """Why a section is drafted again."""

    draft: str
    """The present draft as JSON in the shape of the answer."""
    findings: tuple[str, ...]
    reasons: tuple[str, ...]
    """A reviewer's words."""


class SectionRequest(Value):
    """Everything a section's prompt is rendered from."""

    section: Section
    frame: RoleFrame
    as_of: str
    passages: tuple[Passage, ...]
    result: str | None = None
    """What the approved inputs came to, for what is drafted after them."""
    redraft: Redraft | None = None
    sample: int = 0
    """Which of several independent drafts this is."""


def parse_section(section: Section, document: object) -> SectionDraft:
    """A stored section draft."""
    draft: SectionDraft = _SPECS[section].draft.model_validate(document)
    return draft


def present_draft(section: Section, draft: SectionDraft, passages: tuple[Passage, ...]) -> str:
    """A draft as JSON in the shape of the answer, to be corrected; one that the answer could not hold, as it is."""
    try:
        return _SPECS[section].to_wire(draft, _ends(passages) if passages else ("", "")).model_dump_json(indent=1)
    except ValidationError:
        return draft.model_dump_json(indent=1)


def _ends(passages: tuple[Passage, ...]) -> tuple[str, str]:
    return passages[0].id, passages[-1].id


@dataclass(frozen=True)
class Drafter:
    """Drafts with one model and one set of prompts."""

    model: ChatModel
    prompts: PromptLibrary

    def frame(self, role: str, seniority: str | None, *, sample: int = 0) -> tuple[Framed, Completion[Any]]:
        """Describe the role. Errors: those of the model port."""
        prompt = self.prompts.render(
            FRAME, {"role": defused(role), "seniority": defused(seniority or "not given: choose the usual level")}
        )
        completion = self.model.complete(prompt, frame.FrameAnswer, sample=sample)
        return frame.frame_from_wire(completion.value, role=role, seniority=seniority), completion

    def prompt(self, request: SectionRequest) -> Prompt:
        """The rendered request of a section."""
        inputs = {
            "role": role_block(request.frame),
            "as_of": request.as_of,
            "passages": passages_block(request.passages),
        }
        if request.result is not None:
            inputs["result"] = request.result
        after = ""
        if request.redraft is not None:
            after = self.prompts.fill(
                REDRAFT,
                {
                    "draft": defused(request.redraft.draft),
                    "findings": defused("\n".join(f"- {f}" for f in request.redraft.findings) or "none"),
                    "reasons": defused("\n".join(f"- {r}" for r in request.redraft.reasons) or "none"),
                },
            )
        return self.prompts.render(request.section.value, inputs, after=after)

    def section(self, request: SectionRequest) -> tuple[SectionDraft, Completion[Any]]:
        """Draft one section. Errors: those of the model port."""
        spec = _SPECS[request.section]
        completion = self.model.complete(
            self.prompt(request), spec.answer, sample=request.sample, canary=_ends(request.passages)
        )
        return spec.from_wire(completion.value), completion
