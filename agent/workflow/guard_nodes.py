"""The nodes that check, score and freeze. They call no model; running one twice changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from agent.drafting.combine import inputs_of
from agent.review.edit import Edit
from agent.review.revision import Material, assemble, cited
from agent.review.risk import risk_of
from agent.schemas.agreement import Agreement
from agent.schemas.assessment import Assessment, Provenance
from agent.schemas.draft import Commentary, Inputs
from agent.schemas.finding import Acceptance, GuardReport, Tier
from agent.schemas.lens import Lens
from agent.schemas.vocabulary import INPUT_SECTIONS, PUBLICATION_SECTIONS, Gate, Section
from agent.scoring import POLICY, abstains
from agent.store.assessments import AGREEMENT_PART
from agent.store.reviews import OpenReview
from agent.workflow.drafting_nodes import base_of, pack_of, present_section, role_of
from agent.workflow.refresh_nodes import accepted_of, standing_sections
from agent.workflow.state import MAX_ROUNDS, State
from agent.workflow.workbench import Workbench


@dataclass(frozen=True)
class GuardInputs:
    """Check the drafted inputs and name the sections to draft again."""

    bench: Workbench

    def __call__(self, state: State) -> State:
        """Keep the report."""
        bench, assessment = self.bench, state["assessment"]
        bench.progress("guard", "checking every citation and rule")
        return _judged(bench, state, assemble_inputs(bench, state), INPUT_SECTIONS, assessment)


@dataclass(frozen=True)
class GuardPublication:
    """Check the drafted commentary and lens, and name those to draft again."""

    bench: Workbench

    def __call__(self, state: State) -> State:
        """Keep the report."""
        bench, assessment = self.bench, state["assessment"]
        bench.progress("guard", "checking commentary and lens")
        return _judged(bench, state, assemble_publication(bench, state), PUBLICATION_SECTIONS, assessment)


def _judged(
    bench: Workbench, state: State, content: Assessment, sections: tuple[Section, ...], assessment: str
) -> State:
    serial = bench.assessments.put_draft(assessment, "guard", content.guard.model_dump(mode="json"))
    rounds, from_base = state.get("rounds", {}), state.get("from_base", {})
    # What a reviewer left standing is never drafted over without being asked.
    again = [
        section.value
        for section in sections
        if not from_base.get(section.value)
        and rounds.get(section.value, 0) < MAX_ROUNDS
        and any(f.tier is Tier.BLOCK for f in content.guard.of(section))
    ]
    if again:
        bench.progress("guard", f"findings go back to the model: {', '.join(again)}")
    return {"guards": serial, "redraft": again}


@dataclass(frozen=True)
class Score:
    """Decide whether there is enough to score. The number itself is computed where the revision is frozen."""

    bench: Workbench

    def __call__(self, state: State) -> State:
        """Too little evidence stops the assessment without a score."""
        bench, assessment = self.bench, state["assessment"]
        bench.progress("score", "computing score and robustness")
        report = GuardReport.model_validate(bench.assessments.draft(assessment, "guard", state["guards"]))
        reasons = abstains(_inputs(bench, state).scored(), len(report.speaking_sources))
        return {"stopped": " ".join(reasons)}


@dataclass(frozen=True)
class FreezeInputs:
    """Freeze what gate 1 decides about, and open its review."""

    bench: Workbench

    def __call__(self, state: State) -> State:
        """The new revision."""
        content = assemble_inputs(self.bench, state)
        return _frozen(self.bench, state, content, origin="draft", parent=state.get("base") or None)


@dataclass(frozen=True)
class FreezePublication:
    """Freeze what gate 2 decides about, and open its review."""

    bench: Workbench

    def __call__(self, state: State) -> State:
        """The new revision."""
        content = assemble_publication(self.bench, state)
        return _frozen(self.bench, state, content, origin="draft", parent=state["base"])


@dataclass(frozen=True)
class FreezeEdit:
    """Freeze a reviewer's edit as a new revision; changed inputs go to gate 1."""

    bench: Workbench

    def __call__(self, state: State) -> State:
        """The new revision, with every section standing as in it."""
        bench, assessment = self.bench, state["assessment"]
        decision = bench.review.reviews.decision(state["decision"]["id"])
        base = bench.review.revision(assessment, decision.revision)
        content = bench.review.edited(assessment, base, Edit.model_validate(decision.document))
        return _frozen(bench, state, content, origin="edit", parent=decision.revision)


def _frozen(bench: Workbench, state: State, content: Assessment, *, origin: str, parent: str | None) -> State:
    assessment = state["assessment"]
    row = bench.assessments.freeze(
        assessment, gate=content.gate, origin=origin, parent=parent, document=content.document()
    )
    result = content.result
    accepted = {acceptance.finding for acceptance in content.accepted}
    waiting_review = sum(f.tier is Tier.REVIEW and f.id not in accepted for f in content.guard.findings)
    serial = state.get("freezes", 0) + 1
    review = bench.review.reviews.open(
        OpenReview(
            assessment=assessment,
            gate=content.gate,
            revision=row.hash,
            serial=serial,
            score=None if result is None else result.score,
            zone=None if result is None else result.zone.value,
            label=None if result is None else result.label,
            block=content.guard.count(Tier.BLOCK),
            review=waiting_review,
            risk=risk_of(content, bench.passages(cited(content.inputs))),
        )
    )
    bench.progress("freeze", f"gate {content.gate.value}: revision {row.hash[:19]}")
    return {
        # Another number than asked for when a run killed here had put up other content under it.
        "freezes": int(review.rpartition("/")[2]),
        "review": review,
        "revision": row.hash,
        "gate": content.gate.value,
        "redraft": [],
        "sent_back": "",
    }


def assemble_inputs(bench: Workbench, state: State) -> Assessment:
    """The content of gate 1 as the drafts stand. Acceptances live on in sections that were not drafted again."""
    inputs = _inputs(bench, state)
    accepted: tuple[Acceptance, ...] = ()
    if state.get("base"):
        base = base_of(bench, state)
        kept = {f.id for f in base.guard.findings if state.get("from_base", {}).get(f.section.value)}
        accepted = tuple(a for a in base.accepted if a.finding in kept)
    material = material_of(bench, state, inputs)
    return assemble(
        gate=Gate.INPUTS, inputs=inputs, material=material, accepted=accepted, agreement=_agreement(bench, state)
    )


def _agreement(bench: Workbench, state: State) -> Agreement | None:
    """How far the drafts of this run agree; `None` while there is one."""
    if not state.get("samples"):
        return None
    return Agreement.model_validate(bench.assessments.draft(state["assessment"], AGREEMENT_PART))


def assemble_publication(bench: Workbench, state: State) -> Assessment:
    """The content of gate 2: the approved inputs, the commentary and the lens as they stand. Acceptances live on for
    the inputs, and for a commentary or a lens that was not drafted again."""
    base = base_of(bench, state)
    commentary = present_section(bench, state, Section.COMMENTARY)
    if commentary is not None and not isinstance(commentary, Commentary):
        raise TypeError("the commentary's draft is another section's")
    lens = present_section(bench, state, Section.LENS)
    if lens is not None and not isinstance(lens, Lens):
        raise TypeError("the lens's draft is another section's")
    packs = dict(bench.review.packs(state["assessment"]))
    packs[Section.COMMENTARY] = tuple(p.id for p in pack_of(bench, state, Section.COMMENTARY))
    standing = standing_sections(bench, state, base)
    drafted = [s for s in PUBLICATION_SECTIONS if s not in standing and not state.get("from_base", {}).get(s.value)]
    gone = {f.id for section in drafted for f in base.guard.of(section)}
    accepted = tuple(a for a in base.accepted if a.finding not in gone) + accepted_of(bench, state, standing)
    ids = [*cited(base.inputs, commentary, base.override, lens), *(i for pack in packs.values() for i in pack)]
    material = Material(
        as_of=base.as_of,
        frame=base.role,
        passages=bench.passages(ids),
        packs={section: frozenset(pack) for section, pack in packs.items()},
        provenance=_after_gate_1(bench, state, base.provenance),
        told=bench.prompts.told(),
    )
    return assemble(
        gate=Gate.PUBLICATION,
        inputs=base.inputs,
        material=material,
        commentary=commentary,
        lens=lens,
        override=base.override,
        accepted=accepted,
        agreement=base.agreement,
    )


def _inputs(bench: Workbench, state: State) -> Inputs:
    found = {section: present_section(bench, state, section) for section in INPUT_SECTIONS}
    return inputs_of({section: draft for section, draft in found.items() if draft is not None})


def material_of(bench: Workbench, state: State, inputs: Inputs) -> Material:
    """What inputs that were drafted in this run rest on."""
    assessment = state["assessment"]
    packs = bench.review.packs(assessment)
    ids = [*cited(inputs), *(i for pack in packs.values() for i in pack)]
    return Material(
        as_of=bench.request(assessment).as_of,
        frame=role_of(bench, state),
        passages=bench.passages(ids),
        packs={section: frozenset(pack) for section, pack in packs.items()},
        provenance=_provenance(bench, state),
        told=bench.prompts.told(),
    )


def _provenance(bench: Workbench, state: State) -> Provenance:
    """What drafted the inputs; a section taken from the base revision keeps what that says."""
    assessment = state["assessment"]
    kept = [bench.assessments.draft(assessment, "frame")]
    prompts: dict[Section | Literal["frame"], str] = {"frame": cast(str, kept[0]["prompt"])}
    base = base_of(bench, state) if state.get("base") else None
    for section in INPUT_SECTIONS:
        if base is not None and state.get("from_base", {}).get(section.value):
            prompts[section] = base.provenance.prompts[section]
            continue
        draft = bench.assessments.draft(assessment, section.value, state["drafts"][section.value])
        kept.append(draft)
        prompts[section] = cast(str, draft["prompt"])
    named = [*(cast(str, draft["model"]) for draft in kept), *([base.provenance.model] if base else [])]
    retrieval = bench.assessments.draft(assessment, "retrieval")
    return Provenance(
        model=", ".join(sorted({model for names in named for model in names.split(", ")})),
        recorded=all(draft["recorded"] for draft in kept) and (base is None or base.provenance.recorded),
        prompts=prompts,
        policy=POLICY.version,
        corpus=cast(str, retrieval["corpus"]),
        embedding=cast(str, retrieval["embedding"]),
    )


def _after_gate_1(bench: Workbench, state: State, base: Provenance) -> Provenance:
    """What drafted the inputs, and what of commentary and lens was drafted on them."""
    made = base
    for section in PUBLICATION_SECTIONS:
        serial = state.get("drafts", {}).get(section.value, 0)
        if not serial:
            continue
        draft = bench.assessments.draft(state["assessment"], section.value, serial)
        models = {*made.model.split(", "), *cast(str, draft["model"]).split(", ")}
        made = made.model_copy(
            update={
                "model": ", ".join(sorted(models)),
                "recorded": made.recorded and bool(draft["recorded"]),
                "prompts": made.prompts | ({section: cast(str, draft["prompt"])} if draft["prompt"] else {}),
            }
        )
    return made
