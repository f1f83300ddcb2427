"""Section drafts and the inputs a reviewer sees are the same content in two shapes."""

from __future__ import annotations

from collections.abc import Mapping

from agent.drafting.barriers import BarriersSection
from agent.drafting.drafter import SectionDraft
from agent.drafting.evidence import EvidenceSection
from agent.drafting.growth import GrowthSection
from agent.drafting.tasks import TasksDraft
from agent.schemas.draft import Inputs
from agent.schemas.vocabulary import Section


def sections_of(inputs: Inputs) -> dict[Section, SectionDraft]:
    """The four section drafts that make these inputs."""
    return {
        Section.TASKS: TasksDraft(
            tasks=inputs.tasks, reinstatement=inputs.reinstatement, gap=" ".join(inputs.gaps) or None
        ),
        Section.EVIDENCE: EvidenceSection(dimensions=inputs.evidence),
        Section.BARRIERS: BarriersSection(barriers=inputs.barriers),
        Section.GROWTH: GrowthSection(principles=inputs.principles, growth=inputs.growth),
    }


def inputs_of(sections: Mapping[Section, SectionDraft]) -> Inputs:
    """The inputs that four section drafts make. Raises TypeError when a section has another section's draft."""
    tasks, evidence = sections[Section.TASKS], sections[Section.EVIDENCE]
    barriers, growth = sections[Section.BARRIERS], sections[Section.GROWTH]
    if not (
        isinstance(tasks, TasksDraft)
        and isinstance(evidence, EvidenceSection)
        and isinstance(barriers, BarriersSection)
        and isinstance(growth, GrowthSection)
    ):
        raise TypeError(f"sections are mixed up: { ({s: type(d).__name__ for s, d in sections.items()}) }")
    return Inputs(
        tasks=tasks.tasks,
        reinstatement=tasks.reinstatement,
        gaps=() if tasks.gap is None else (tasks.gap,),
        evidence=evidence.dimensions,
        barriers=barriers.barriers,
        principles=growth.principles,
        growth=growth.growth,
    )
