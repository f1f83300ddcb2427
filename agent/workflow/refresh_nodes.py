"""A refresh in the graph: a published version is taken up, and what is not due stands as it was published."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from agent.drafting.queries import groups_of
from agent.errors import InvalidInput
from agent.grounding.coverage import coverage_of
from agent.review.revision import cited
from agent.schemas.assessment import Assessment
from agent.schemas.draft import Inputs
from agent.schemas.finding import Acceptance
from agent.schemas.places import placed_claims
from agent.schemas.refresh import Refresh
from agent.schemas.vocabulary import INPUT_SECTIONS, PUBLICATION_SECTIONS, Section
from agent.store.assessments import LENS_PACK_PART
from agent.workflow.drafting_nodes import active, frame_of
from agent.workflow.retrieval import gather
from agent.workflow.state import State
from agent.workflow.workbench import Workbench


@dataclass(frozen=True)
class TakeUp:
    """Begin with a published version: its sections stand, and those that are due are drafted again."""

    bench: Workbench

    def __call__(self, state: State) -> State:
        """Keep its frame, its packs with new ones for what is due, its commentary and its lens."""
        bench, assessment = self.bench, state["assessment"]
        refresh = refresh_of(bench, assessment)
        due = [section for section in refresh.sections if section in INPUT_SECTIONS]
        named = ", ".join(section.value for section in refresh.sections)
        bench.progress("take_up", f"taking up version {refresh.version}; due: {named}")
        published = published_of(bench, refresh)
        bench.assessments.set_seniority(assessment, published.role.seniority)
        bench.assessments.put_draft(assessment, "frame", bench.assessments.draft(refresh.assessment, "frame"))
        packs = self._keep_packs(assessment, refresh, published, due)
        bench.assessments.put_draft(
            assessment, "retrieval", {"corpus": bench.evidence.digest, "embedding": bench.evidence.embedding}
        )
        return {
            "base": refresh.revision,
            "taken": self._keep_rest(assessment, published),
            "from_base": {section.value: 1 for section in INPUT_SECTIONS},
            "rounds": {section.value: -1 for section in due},
            "redraft": [section.value for section in due],
            "stopped": self._stops(assessment, published, packs) if due else "",
        }

    def _keep_packs(
        self, assessment: str, refresh: Refresh, published: Assessment, due: list[Section]
    ) -> dict[str, list[str]]:
        """What a section that is due is drafted from: what it cites and can still be found, what makes it due, and what
        a search finds now. Of the commentary, what it cites. Returns those of the inputs."""
        bench = self.bench
        former = bench.review.packs(refresh.assessment)
        packs = {section.value: list(former[section]) for section in INPUT_SECTIONS}
        frame = frame_of(bench, assessment)
        found = gather(
            bench.evidence,
            {section: frame.queries[section] for section in due},
            as_of=bench.request(assessment).as_of,
            progress=bench.progress,
        )
        for section in due:
            searched = [passage.id for name in groups_of(section) for passage in found[name]]
            kept = active(bench, _cited_in(published.inputs, section))
            packs[section.value] = list(dict.fromkeys([*kept, *refresh.passages(section), *searched]))
        told = active(bench, cited(None, published.commentary))
        bench.assessments.put_draft(assessment, "packs", {**packs, Section.COMMENTARY.value: told})
        if Section.LENS in former:
            lens = {Section.LENS.value: list(former[Section.LENS])}
            bench.assessments.put_draft(assessment, LENS_PACK_PART, lens)
        return packs

    def _stops(self, assessment: str, published: Assessment, packs: Mapping[str, list[str]]) -> str:
        """Why nothing is drafted from these packs, as for any other assessment; empty when something is."""
        known = self.bench.passages(sorted({name for pack in packs.values() for name in pack}))
        held = {section: [known[name] for name in pack if name in known] for section, pack in packs.items()}
        return coverage_of(published.role, held, as_of=self.bench.request(assessment).as_of).stops

    def _keep_rest(self, assessment: str, published: Assessment) -> dict[str, int]:
        made = published.provenance
        drafts = {Section.COMMENTARY: published.commentary, Section.LENS: published.lens}
        return {
            section.value: self.bench.assessments.put_draft(
                assessment,
                section.value,
                {
                    "draft": draft.model_dump(mode="json"),
                    "model": made.model,
                    "recorded": made.recorded,
                    "prompt": made.prompts.get(section, ""),
                    # Never equal to a draft of this run: the same words drafted again are not what was accepted.
                    "taken_from": published.revision(),
                },
            )
            for section, draft in drafts.items()
            if draft is not None
        }


def refresh_of(bench: Workbench, assessment: str) -> Refresh:
    """The version that an assessment takes up. Raises InvalidInput for one that takes up none."""
    refresh = bench.request(assessment).refresh
    if refresh is None:
        raise InvalidInput(f"Assessment {assessment} refreshes nothing.")
    return refresh


def published_of(bench: Workbench, refresh: Refresh) -> Assessment:
    """The content of the version that is taken up."""
    return bench.review.revision(refresh.assessment, refresh.revision)


def standing_after_gate_1(bench: Workbench, state: State) -> Mapping[str, int]:
    """Serials of commentary and lens that stand as they were published, by section: in a refresh, those that are not
    due, while everything that they were drafted on is as it was. 0 for one that was published without."""
    refresh = bench.request(state["assessment"]).refresh
    if refresh is None:
        return {}
    if not _is_as_published(bench, refresh, bench.review.revision(state["assessment"], state["revision"])):
        return {}
    taken = state.get("taken", {})
    return {s.value: taken.get(s.value, 0) for s in PUBLICATION_SECTIONS if s not in refresh.sections}


def standing_sections(bench: Workbench, state: State, base: Assessment) -> tuple[Section, ...]:
    """Commentary and lens, where they stand as they were published, on inputs that do so too; not those that stand as
    in a revision of this run."""
    refresh = bench.request(state["assessment"]).refresh
    taken, drafts = state.get("taken", {}), state.get("drafts", {})
    if refresh is None or not _is_as_published(bench, refresh, base):
        return ()
    return tuple(
        section
        for section in PUBLICATION_SECTIONS
        if section.value in taken
        and taken[section.value] == drafts.get(section.value)
        and not state.get("from_base", {}).get(section.value)
    )


def _is_as_published(bench: Workbench, refresh: Refresh, content: Assessment) -> bool:
    """Whether everything that commentary and lens are drafted on is as it was published."""
    before = published_of(bench, refresh)
    return (content.inputs, content.override, content.role) == (before.inputs, before.override, before.role)


def accepted_of(bench: Workbench, state: State, sections: Collection[Section]) -> tuple[Acceptance, ...]:
    """What was accepted of these sections where they were published."""
    if not sections:
        return ()
    published = published_of(bench, refresh_of(bench, state["assessment"]))
    known = {finding.id for section in sections for finding in published.guard.of(section)}
    return tuple(acceptance for acceptance in published.accepted if acceptance.finding in known)


def _cited_in(inputs: Inputs, section: Section) -> list[str]:
    claims = [placed.claim for placed in placed_claims(inputs, None) if placed.section is section]
    return list(dict.fromkeys(citation.passage for claim in claims for citation in claim.citations))
