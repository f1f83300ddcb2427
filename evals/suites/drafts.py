"""A recorded role as its last drafts read: what the suites judge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from pydantic import BaseModel

from agent.drafting.barriers import BarriersAnswer, barriers_from_wire
from agent.drafting.combine import inputs_of
from agent.drafting.commentary import CommentaryAnswer, commentary_from_wire
from agent.drafting.evidence import EvidenceAnswer, evidence_from_wire
from agent.drafting.frame import FrameAnswer, frame_from_wire
from agent.drafting.growth import GrowthAnswer, growth_from_wire
from agent.drafting.lens import LensAnswer, lens_from_wire
from agent.drafting.tasks import TasksAnswer, tasks_from_wire
from agent.errors import InvalidInput
from agent.grounding.report import repairer
from agent.llm.recording import Recording
from agent.schemas.article import Passage
from agent.schemas.base import Value
from agent.schemas.draft import Claim, ClaimKind, Commentary, Inputs, RoleFrame
from agent.schemas.lens import Lens
from agent.schemas.places import PlacedClaim, placed_claims
from agent.schemas.vocabulary import Section
from agent.scoring import POLICY
from evals.judges.sheet import role_name

WireT = TypeVar("WireT", bound=BaseModel)


class Draft(Value):
    """Everything that was drafted for a role."""

    role: str
    """As people call it, seniority included."""
    as_of: str
    frame: RoleFrame
    inputs: Inputs
    commentary: Commentary | None = None
    lens: Lens | None = None
    packs: dict[Section, tuple[str, ...]]
    """For each section the passage ids it was drafted from, in order."""

    def claims(self, *sections: Section) -> tuple[PlacedClaim, ...]:
        """The claims of these sections in printed order; of all of them without one."""
        placed = placed_claims(self.inputs, self.commentary, self.lens)
        return tuple(claim for claim in placed if not sections or claim.section in sections)


def draft_of(recording: Recording) -> Draft:
    """The last draft of each section. Raises InvalidInput for a recording that lacks one or holds no role."""
    frame = frame_from_wire(_last(recording, "frame", FrameAnswer), role=recording.role, seniority=recording.seniority)
    if frame.frame is None:
        raise InvalidInput(f"The recording of {role_name(recording)} frames no role.")
    inputs = inputs_of(
        {
            Section.TASKS: tasks_from_wire(_last(recording, "tasks", TasksAnswer)),
            Section.EVIDENCE: evidence_from_wire(_last(recording, "evidence", EvidenceAnswer)),
            Section.BARRIERS: barriers_from_wire(_last(recording, "barriers", BarriersAnswer)),
            Section.GROWTH: growth_from_wire(_last(recording, "growth", GrowthAnswer)),
        }
    )
    drafted = {answer.prompt.partition("@")[0] for answer in recording.answers}
    return Draft(
        role=role_name(recording),
        as_of=recording.as_of,
        frame=frame.frame,
        inputs=inputs,
        commentary=commentary_from_wire(_last(recording, "commentary", CommentaryAnswer))
        if "commentary" in drafted
        else None,
        lens=lens_from_wire(_last(recording, "lens", LensAnswer)) if "lens" in drafted else None,
        packs={Section(name): ids for name, ids in recording.packs.items()},
    )


def repaired(claims: Sequence[PlacedClaim], passages: Mapping[str, Passage]) -> tuple[Claim, ...]:
    """The claims with their quotes as a page would print them."""
    exact = repairer(passages, POLICY)
    return tuple(exact(placed.claim) for placed in claims)


def sourced(claims: Sequence[PlacedClaim]) -> tuple[PlacedClaim, ...]:
    """Those that cite passages."""
    return tuple(placed for placed in claims if placed.claim.kind is ClaimKind.SOURCED and placed.claim.citations)


def spread(items: Sequence[PlacedClaim], most: int) -> tuple[PlacedClaim, ...]:
    """At most `most` of them, evenly over the printed order: the choice depends on nothing else."""
    if len(items) <= most:
        return tuple(items)
    return tuple(items[at * len(items) // most] for at in range(most))


def _last(recording: Recording, prompt: str, kind: type[WireT]) -> WireT:
    """The last answer to a prompt: redrafts sort behind what they replace. Further samples are other assessments."""
    found = [
        answer
        for answer in sorted(recording.answers, key=lambda answer: answer.prompt)
        if answer.prompt.partition("@")[0] == prompt and answer.sample == 0
    ]
    if not found:
        raise InvalidInput(f"The recording of {role_name(recording)} has no answer to the prompt {prompt}.")
    return kind.model_validate_json(found[-1].text)
