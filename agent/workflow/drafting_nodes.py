"""The nodes that read evidence and ask the model. Each can run twice: answers and drafts are kept once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agent.drafting.combine import sections_of
from agent.drafting.drafter import Redraft, SectionDraft, SectionRequest, parse_section, present_draft
from agent.drafting.fence import base_block, result_block
from agent.drafting.frame import Framed
from agent.drafting.queries import groups_of
from agent.errors import InvalidInput, NeedsModel
from agent.grounding.drafts import DISAGREEMENT
from agent.llm.recording import Recording
from agent.review.parts import names_part
from agent.review.revision import cited
from agent.schemas.article import Passage
from agent.schemas.assessment import Assessment
from agent.schemas.draft import RoleFrame
from agent.schemas.finding import Finding, GuardReport
from agent.schemas.refresh import words
from agent.schemas.vocabulary import INPUT_SECTIONS, PUBLICATION_SECTIONS, Section
from agent.store.assessments import LENS_PACK_PART
from agent.store.reviews import DecisionRow
from agent.workflow.outlook import coverage_of_run
from agent.workflow.retrieval import gather, gather_lens
from agent.workflow.state import MAX_ROUNDS, State
from agent.workflow.workbench import Request, Workbench

COMMENTARY_PACK = 30


@dataclass(frozen=True)
class FrameRole:
    """Describe the role, before any evidence is read."""

    bench: Workbench

    def __call__(self, state: State) -> State:
        """Keep the frame; a title that is no role stops the assessment."""
        bench, assessment = self.bench, state["assessment"]
        request = bench.request(assessment)
        bench.progress("frame", f"describing the role {request.role}")
        framed, completion = bench.drafter(assessment).frame(request.role, request.seniority)
        bench.assessments.put_draft(
            assessment,
            "frame",
            {
                "draft": framed.model_dump(mode="json"),
                "model": completion.model,
                "recorded": completion.recorded,
                "prompt": bench.prompts.version("frame"),
            },
        )
        if framed.frame is None:
            return {"stopped": f"The title {request.role!r} names no role: {framed.not_a_role}"}
        bench.assessments.set_seniority(assessment, framed.frame.seniority)
        return {"stopped": ""}


@dataclass(frozen=True)
class Retrieve:
    """Choose the passages each section is drafted from."""

    bench: Workbench

    def __call__(self, state: State) -> State:
        """Keep the packs; a corpus that says nothing about the role stops the assessment before a paid draft."""
        bench, assessment = self.bench, state["assessment"]
        request = bench.request(assessment)
        framed = frame_of(bench, assessment)
        found = gather(bench.evidence, framed.queries, as_of=request.as_of, progress=bench.progress)
        fresh = {
            section.value: list(dict.fromkeys(p.id for name in groups_of(section) for p in found[name]))
            for section in INPUT_SECTIONS
        }
        recording = bench.recording(request)
        packs = fresh if recording is None else self._recorded(recording, fresh)
        bench.assessments.put_draft(assessment, "packs", packs)
        bench.assessments.put_draft(
            assessment,
            "retrieval",
            {
                "corpus": bench.evidence.digest if recording is None else recording.corpus,
                "embedding": bench.evidence.embedding if recording is None else recording.embedding,
            },
        )
        known = bench.passages(sorted({i for ids in packs.values() for i in ids}))
        held = {name: [known[i] for i in ids if i in known] for name, ids in packs.items()}
        coverage = coverage_of_run(_framed(framed), found, None if recording is None else held, as_of=request.as_of)
        return {"stopped": coverage.stops}

    def _recorded(self, recording: Recording, fresh: dict[str, list[str]]) -> dict[str, list[str]]:
        bench = self.bench
        packs = {s.value: list(recording.packs.get(s.value, ())) for s in INPUT_SECTIONS}
        _check_held(bench, recording, [i for ids in packs.values() for i in ids])
        differs = [name for name in packs if packs[name] != fresh[name]]
        if differs:
            bench.progress("retrieve", f"using the recorded passages; a fresh search differs for {', '.join(differs)}")
        return packs


@dataclass(frozen=True)
class DraftSection:
    """Draft one section, or draft it again with what was found wrong."""

    bench: Workbench
    section: Section

    def __call__(self, state: State) -> State:
        """Keep the draft under the next serial."""
        bench, assessment, name = self.bench, state["assessment"], self.section.value
        first = name not in state.get("redraft", [])
        if self._is_gone_without(bench.request(assessment)):
            return {"drafts": {name: 0}, "from_base": {name: 0}, "rounds": {name: MAX_ROUNDS}}
        passages = self._passages(state, first=first)
        redraft = self._refreshed(state) if first else self._redraft(state)
        bench.progress(f"draft_{name}", f"{'redrafting' if redraft else 'drafting'} {name}")
        request = SectionRequest(
            section=self.section,
            frame=role_of(bench, state),
            as_of=bench.request(assessment).as_of,
            passages=passages,
            result=self._result(state),
            redraft=redraft,
        )
        try:
            draft, completion = bench.drafter(assessment).section(request)
        except NeedsModel:
            if redraft is None or not bench.request(assessment).by_hand:
                raise
            standing = {name: state["taken"][name]} if first else {}
            return {"drafts": standing, "rounds": {name: MAX_ROUNDS}}
        serial = bench.assessments.put_draft(
            assessment,
            name,
            {
                "draft": draft.model_dump(mode="json"),
                "model": completion.model,
                "recorded": completion.recorded,
                "prompt": bench.prompts.version(name),
            },
        )
        rounds = state.get("rounds", {}).get(name, -1) + 1
        return {"drafts": {name: serial}, "from_base": {name: 0}, "rounds": {name: rounds}}

    def _is_gone_without(self, request: Request) -> bool:
        if self.section is Section.COMMENTARY:
            return request.without_commentary
        return self.section is Section.LENS and request.without_lens

    def _result(self, state: State) -> str | None:
        if self.section not in PUBLICATION_SECTIONS:
            return None
        base = base_of(self.bench, state)
        return base_block(base) if self.section is Section.LENS else result_block(base)

    def _passages(self, state: State, *, first: bool) -> tuple[Passage, ...]:
        """The section's pack. That of a lens is chosen when it is first drafted: it follows the approved tasks."""
        packs = self.bench.review.packs(state["assessment"])
        if self.section is Section.LENS and (first or Section.LENS not in packs):
            choose_lens_pack(self.bench, state)
        return pack_of(self.bench, state, self.section)

    def _refreshed(self, state: State) -> Redraft | None:
        """The published commentary or lens with what makes it due; `None` where nothing does."""
        bench, assessment, name = self.bench, state["assessment"], self.section.value
        due, serial = _due(bench, state, self.section), state.get("taken", {}).get(name)
        if not due or not serial:
            return None
        present = parse_section(self.section, bench.assessments.draft(assessment, name, serial)["draft"])
        return Redraft(
            draft=present_draft(self.section, present, pack_of(bench, state, self.section)), findings=due, reasons=()
        )

    def _redraft(self, state: State) -> Redraft | None:
        """The present draft, its findings and the reviewer's reasons; `None` where there is no draft yet."""
        bench = self.bench
        present = present_section(bench, state, self.section)
        if present is None:
            return None
        report = _present_report(bench, state)
        published = state.get("from_base", {}).get(self.section.value) and _is_taken_up(bench, state)
        due = _due(bench, state, self.section) if published else ()
        reasons: tuple[str, ...] = ()
        if state.get("sent_back"):
            decision = bench.review.reviews.decision(state["sent_back"])
            reasons = (decision.reason or "", *_remarks(decision, self.section))
        return Redraft(
            draft=present_draft(self.section, present, pack_of(bench, state, self.section)),
            findings=(*(f"{f.path}: {f.message} ({f.code})" for f in _told(report, self.section)), *due),
            reasons=reasons,
        )


def _told(report: GuardReport, section: Section) -> list[Finding]:
    """What a redraft is told of its section. That other drafts disagree is for the reviewer: their numbers would be
    taken over, and the next draft would be no judgement of its own."""
    return [finding for finding in report.of(section) if not finding.code.startswith(DISAGREEMENT)]


def _remarks(decision: DecisionRow, section: Section) -> tuple[str, ...]:
    """What was said about single parts and claims of a section that was sent back."""
    kept = (decision.document or {}).get("reasons")
    return tuple(
        f"{_about(one['place'], one['claim'], one.get('part'))}: {one['text']}"
        for one in (kept if isinstance(kept, list) else [])
        if one["section"] == section.value
    )


def _about(place: str, claim: str, part: str | None) -> str:
    """What a comment is about, as the draft beside it has it: a part as a whole, or a claim with the part it is of."""
    if names_part(place):
        return f'On all of "{part}"'
    return f'On "{claim}"' if part is None else f'On "{claim}" of "{part}"'


def choose_lens_pack(bench: Workbench, state: State) -> None:
    """Keep the passages that the lens is drafted from: those of the recording, or what is found now."""
    assessment, base = state["assessment"], base_of(bench, state)
    recording = bench.recording(bench.request(assessment))
    ids: Sequence[str] = () if recording is None else recording.packs.get(Section.LENS.value, ())
    if recording is not None and ids:
        _check_held(bench, recording, ids)
    else:
        bench.progress("draft_lens", "searching evidence for lens")
        due = (*_cited_by_due_lens(bench, state), *_due_passages(bench, state, Section.LENS))
        ids = tuple(dict.fromkeys((*due, *gather_lens(bench.evidence, base))))
    bench.assessments.put_draft(assessment, LENS_PACK_PART, {Section.LENS.value: list(ids)})


def _check_held(bench: Workbench, recording: Recording, ids: Sequence[str]) -> None:
    """Raises NeedsModel when a recording rests on passages that the store does not have."""
    wanted = sorted(set(ids))
    missing = sorted(set(wanted) - set(bench.passages(wanted)))
    if missing:
        raise NeedsModel(
            f"The recording of {recording.role} rests on {len(missing)} passages that are not in this corpus, "
            f"the first is {missing[0]}.",
            hint="Connect a model to draft from this corpus, or restore the bundled corpus with "
            "`assess-role corpus reindex`.",
        )


def frame_of(bench: Workbench, assessment: str) -> Framed:
    """The kept frame."""
    return Framed.model_validate(bench.assessments.draft(assessment, "frame")["draft"])


def _framed(framed: Framed) -> RoleFrame:
    if framed.frame is None:
        raise InvalidInput(f"The title names no role: {framed.not_a_role}")
    return framed.frame


def role_of(bench: Workbench, state: State) -> RoleFrame:
    """The role as it is described now: as a reviewer left it in the base revision, or as it was drafted."""
    return base_of(bench, state).role if state.get("base") else _framed(frame_of(bench, state["assessment"]))


def base_of(bench: Workbench, state: State) -> Assessment:
    """The revision that a send-back, a commentary, a lens or a refresh starts from."""
    refresh = bench.request(state["assessment"]).refresh
    owner = refresh.assessment if refresh is not None and _is_taken_up(bench, state) else state["assessment"]
    return bench.review.revision(owner, state["base"])


def _is_taken_up(bench: Workbench, state: State) -> bool:
    """Whether the base is a published version of another run, which this one refreshes."""
    refresh = bench.request(state["assessment"]).refresh
    return refresh is not None and refresh.revision == state["base"]


def _due(bench: Workbench, state: State, section: Section) -> tuple[str, ...]:
    """What makes a section of the version that is refreshed due, in words."""
    refresh = bench.request(state["assessment"]).refresh
    return () if refresh is None else tuple(words(reason) for reason in refresh.of(section))


def _due_passages(bench: Workbench, state: State, section: Section) -> tuple[str, ...]:
    refresh = bench.request(state["assessment"]).refresh
    return () if refresh is None else refresh.passages(section)


def _cited_by_due_lens(bench: Workbench, state: State) -> list[str]:
    """What the published lens cites and can still be found, where it is due: it is drafted again from its own words."""
    refresh = bench.request(state["assessment"]).refresh
    if refresh is None or not refresh.of(Section.LENS):
        return []
    published = bench.review.revision(refresh.assessment, refresh.revision)
    return active(bench, cited(None, lens=published.lens))


def active(bench: Workbench, passages: Sequence[str]) -> list[str]:
    """Those of these passages that can still be found, in their order."""
    with bench.review.corpus.view() as view:
        standings = view.standings(passages)
    return [name for name in passages if name in standings and standings[name].active]


def pack_of(bench: Workbench, state: State, section: Section) -> tuple[Passage, ...]:
    """The passages of a section in prompt order; the commentary reads what the approved inputs cite, in a refresh also
    what it cited itself. A lens that was never drafted by the model has none."""
    if section is Section.COMMENTARY:
        approved = cited(base_of(bench, state).inputs)[:COMMENTARY_PACK]
        kept = bench.review.packs(state["assessment"]).get(section, ())
        ids = tuple(dict.fromkeys((*approved, *kept, *_due_passages(bench, state, section))))
    else:
        packs = bench.review.packs(state["assessment"])
        ids = packs.get(section, ()) if section is Section.LENS else packs[section]
    known = bench.passages(ids)
    return tuple(known[i] for i in ids if i in known)


def present_section(bench: Workbench, state: State, section: Section) -> SectionDraft | None:
    """The section as it stands: its newest draft, or what the base revision has."""
    name = section.value
    if state.get("from_base", {}).get(name):
        base = base_of(bench, state)
        after = {Section.COMMENTARY: base.commentary, Section.LENS: base.lens}
        return after[section] if section in after else sections_of(base.inputs)[section]
    serial = state.get("drafts", {}).get(name, 0)
    if not serial:
        return None
    return parse_section(section, bench.assessments.draft(state["assessment"], name, serial)["draft"])


def _present_report(bench: Workbench, state: State) -> GuardReport:
    """The newest guard report; of sections that stand as in the base revision, that revision's."""
    if any(state.get("from_base", {}).get(name) for name in state.get("redraft", [])):
        return base_of(bench, state).guard
    return GuardReport.model_validate(bench.assessments.draft(state["assessment"], "guard", state["guards"]))
