"""The inputs drafted several times over: the node that makes the further drafts, independently of the first.

Each is drafted from the same frame and the same passages under a sample index of its own, and goes through the guard
and its redrafts as the first did. None of them is reviewed or published.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field

from agent.drafting.combine import inputs_of
from agent.drafting.drafter import Redraft, SectionDraft, SectionRequest, present_draft
from agent.errors import NeedsModel
from agent.review.revision import assemble
from agent.schemas.agreement import IndependentDraft
from agent.schemas.assessment import Assessment
from agent.schemas.finding import Tier
from agent.schemas.vocabulary import INPUT_SECTIONS, Gate, Section
from agent.scoring import agreement, independent_draft
from agent.store.assessments import AGREEMENT_PART
from agent.workflow.drafting_nodes import pack_of, role_of
from agent.workflow.guard_nodes import assemble_inputs, material_of
from agent.workflow.state import MAX_ROUNDS, State
from agent.workflow.workbench import Workbench


@dataclass
class Sample:
    """One further draft while it is made."""

    index: int
    """Its sample index; the first draft has 0."""
    sections: dict[Section, SectionDraft] = field(default_factory=dict)
    models: set[str] = field(default_factory=set)
    rounds: int = 0
    """Redrafts on findings."""
    content: Assessment | None = None
    """The sections as the guard found them last; `None` before it did."""

    @property
    def guarded(self) -> Assessment:
        """The same, once the guard has seen the draft."""
        if self.content is None:
            raise TypeError(f"draft {self.index} was not guarded yet")
        return self.content


@dataclass(frozen=True)
class AfterScore:
    """Which node follows the score: further drafts where several were asked for, once, and before anybody has seen the
    inputs; else the revision is frozen."""

    bench: Workbench

    def __call__(self, state: State) -> str:
        """The name of the node."""
        if state["stopped"]:
            return "abstain"
        several = self.bench.request(state["assessment"]).drafts > 1
        return "draft_samples" if several and not state.get("samples") and not state.get("base") else "freeze_inputs"


@dataclass(frozen=True)
class DraftSamples:
    """Draft the inputs as often again as was asked for."""

    bench: Workbench

    def __call__(self, state: State) -> State:
        """Keep every further draft. A run that goes on after a crash asks for none of them twice, and one that stopped
        here goes on without them when they are no longer wanted."""
        bench, assessment = self.bench, state["assessment"]
        wanted = bench.request(assessment).drafts - 1
        if wanted < 1:
            return {}
        samples = [Sample(index) for index in range(1, wanted + 1)]
        self._draft(state, [(sample, section) for sample in samples for section in INPUT_SECTIONS])
        self._guard(state, samples)
        for _ in range(MAX_ROUNDS):
            again = [(sample, section) for sample in samples for section in _blocked(sample)]
            if not again:
                break
            self._draft(state, again)
            self._guard(state, samples)
        for sample in samples:
            bench.assessments.put_draft(assessment, f"sample.{sample.index}", _document(sample))
        compared = agreement([_first(bench, state), *(_compared(sample) for sample in samples)])
        bench.assessments.put_draft(assessment, AGREEMENT_PART, compared.model_dump(mode="json"))
        return {"samples": len(samples)}

    def _draft(self, state: State, wanted: Sequence[tuple[Sample, Section]]) -> None:
        """Draft these sections side by side. Raises what the first of them in order raised, once all have ended: an
        answer that is under way is paid for and kept."""
        requests = [self._request(state, sample, section) for sample, section in wanted]
        with ThreadPoolExecutor(max_workers=len(requests)) as pool:
            # In the context of the node, so that the calls are told of as its own.
            pending = [pool.submit(copy_context().run, self._ask, state["assessment"], one) for one in requests]
        for (sample, section), made in zip(wanted, pending, strict=True):
            answer = made.result()
            if answer is not None:
                sample.sections[section], model = answer
                sample.models.add(model)
        for sample in {id(sample): sample for sample, _ in wanted}.values():
            sample.rounds += sample.content is not None

    def _request(self, state: State, sample: Sample, section: Section) -> SectionRequest:
        bench, passages = self.bench, pack_of(self.bench, state, section)
        redraft = None
        if sample.content is not None:
            found = sample.content.guard.of(section)
            redraft = Redraft(
                draft=present_draft(section, sample.sections[section], passages),
                findings=tuple(f"{f.path}: {f.message} ({f.code})" for f in found),
                reasons=(),
            )
        return SectionRequest(
            section=section,
            frame=role_of(bench, state),
            as_of=bench.request(state["assessment"]).as_of,
            passages=passages,
            redraft=redraft,
            sample=sample.index,
        )

    def _ask(self, assessment: str, request: SectionRequest) -> tuple[SectionDraft, str] | None:
        """The draft and its model; `None` for a redraft that has no model, where the draft is to be left as it is."""
        bench, name = self.bench, request.section.value
        total = bench.request(assessment).drafts
        doing = "drafting" if request.redraft is None else "redrafting"
        bench.progress("draft_samples", f"{doing} {name}, draft {request.sample + 1} of {total}")
        try:
            draft, completion = bench.drafter(assessment).section(request)
        except NeedsModel:
            if request.redraft is None or not bench.request(assessment).by_hand:
                raise
            return None
        return draft, completion.model

    def _guard(self, state: State, samples: Sequence[Sample]) -> None:
        for sample in samples:
            inputs = inputs_of(sample.sections)
            sample.content = assemble(gate=Gate.INPUTS, inputs=inputs, material=material_of(self.bench, state, inputs))


def _first(bench: Workbench, state: State) -> IndependentDraft:
    """The draft that goes on to review, as it stands before anybody has seen it."""
    kept = [bench.assessments.draft(state["assessment"], s.value, state["drafts"][s.value]) for s in INPUT_SECTIONS]
    return _independent(0, assemble_inputs(bench, state), {str(draft["model"]) for draft in kept})


def _compared(sample: Sample) -> IndependentDraft:
    return _independent(sample.index, sample.guarded, sample.models)


def _independent(index: int, content: Assessment, models: set[str]) -> IndependentDraft:
    return independent_draft(
        index,
        content.inputs.scored(),
        model=", ".join(sorted(models)),
        blocked=[finding.id for finding in content.guard.findings if finding.tier is Tier.BLOCK],
        speaking_sources=len(content.guard.speaking_sources),
    )


def _blocked(sample: Sample) -> list[Section]:
    """The sections that the guard sends back to the model."""
    report = sample.guarded.guard
    return [s for s in INPUT_SECTIONS if any(f.tier is Tier.BLOCK for f in report.of(s))]


def _document(sample: Sample) -> dict[str, object]:
    return {
        "sections": {section.value: draft.model_dump(mode="json") for section, draft in sample.sections.items()},
        "model": ", ".join(sorted(sample.models)),
        "rounds": sample.rounds,
        "findings": [finding.id for finding in sample.guarded.guard.findings],
    }
