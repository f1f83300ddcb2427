"""Taking decisions: checked against the rules, bound to the revision that was shown, recorded once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from agent.errors import InvalidInput, NotFound
from agent.grounding.personal import personal_data
from agent.review.edit import Edit, breaches, cleaned
from agent.review.revision import Material, assemble, cited
from agent.review.rules import Action, check_approval, check_reason, check_reviewer
from agent.schemas.assessment import Assessment
from agent.schemas.finding import Tier
from agent.schemas.vocabulary import INPUT_SECTIONS, PUBLICATION_SECTIONS, Gate, Section
from agent.scoring import lens_problems, override_problems, problems, score
from agent.store.assessments import LENS_PACK_PART, AssessmentStore
from agent.store.corpus import CorpusStore
from agent.store.reviews import DecisionRow, ReviewRow, ReviewStore

UNVERIFIED = "local-unverified"
"""How a reviewer is known before accounts exist: by the name they gave."""


@dataclass(frozen=True)
class Reviewer:
    """Who decides, and through which edge."""

    name: str
    channel: str
    """`terminal` or `script`."""
    auth: str = UNVERIFIED


@dataclass(frozen=True)
class ReviewService:
    """Everything an edge may do with an open review. It records; the workflow resumes."""

    assessments: AssessmentStore
    reviews: ReviewStore
    corpus: CorpusStore
    told: Callable[[], str] = str
    """Gives the instructions of the drafting model."""

    def waiting(self) -> tuple[ReviewRow, ...]:
        """The queue: every open review, oldest first."""
        return self.reviews.waiting()

    def revision(self, assessment: str, revision: str) -> Assessment:
        """A frozen revision's content. Raises NotFound."""
        return Assessment.model_validate(self.assessments.revision(assessment, revision).document)

    def approve(self, assessment: str, revision: str, by: Reviewer) -> DecisionRow:
        """Approve exactly this revision. Raises NotPublishable, Conflict, NotFound."""
        check_approval(self.revision(assessment, revision))
        return self._decide(Action.APPROVE, assessment, revision, by)

    def reject(self, assessment: str, revision: str, by: Reviewer, reason: str | None) -> DecisionRow:
        """End the assessment without a publication. Raises InvalidInput without a reason, Conflict, NotFound."""
        return self._decide(Action.REJECT, assessment, revision, by, reason=check_reason(Action.REJECT, reason))

    def send_back(
        self, assessment: str, revision: str, by: Reviewer, reason: str | None, sections: tuple[Section, ...] = ()
    ) -> DecisionRow:
        """Have sections drafted again with the reason; without sections, all that this gate is about.

        Raises InvalidInput without a reason or for a section the gate does not have, Conflict, NotFound.
        """
        text = check_reason(Action.SEND_BACK, reason)
        gate = self.revision(assessment, revision).gate
        open_to = (*INPUT_SECTIONS, *(PUBLICATION_SECTIONS if gate is Gate.PUBLICATION else ()))
        usual = INPUT_SECTIONS if gate is Gate.INPUTS else PUBLICATION_SECTIONS
        wrong = [section.value for section in sections if section not in open_to]
        if wrong:
            raise InvalidInput(f"Gate {gate.value} has no section {', '.join(wrong)}; it has {', '.join(open_to)}.")
        chosen = tuple(section for section in open_to if section in (sections or usual))
        document: dict[str, object] = {"sections": [section.value for section in chosen]}
        return self._decide(Action.SEND_BACK, assessment, revision, by, reason=text, document=document)

    def preview(self, assessment: str, revision: str, edit: Edit) -> Assessment:
        """What an edit would become: guarded, scored, with its new hash; nothing is recorded.

        Raises InvalidInput for inputs that break a rule of the formula, an override beyond the bound, and an
        acceptance of something that is not a REVIEW finding of the edited content.
        """
        base = self.revision(assessment, revision)
        scored = edit.inputs.scored()
        found = (*problems(scored), *breaches(edit, base))
        if not found and edit.lens not in (None, base.lens) and base.gate is Gate.PUBLICATION and _stays(edit, base):
            found = lens_problems(edit.lens, edit.inputs)
        if not found and edit.override is not None:
            found = override_problems(edit.override, score(scored).formula_score)
        reasons = [a.reason for a in edit.accepted] + ([edit.override.reason] if edit.override is not None else [])
        if any(datum.certain for reason in reasons for datum in personal_data(reason)):
            found = (*found, "reason: it holds personal data, and it is published; say it without")
        if found:
            raise InvalidInput(f"Rules that the edit breaks: {len(found)}.", problems=found)
        edit = cleaned(edit, base)
        after = self.edited(assessment, base, edit)
        tiers = {finding.id: finding.tier for finding in after.guard.findings}
        blocked = tuple(
            f"{a.finding}: a BLOCK finding cannot be accepted"
            if tiers.get(a.finding) is Tier.BLOCK
            else f"{a.finding}: there is no such finding"
            for a in edit.accepted
            if tiers.get(a.finding) is not Tier.REVIEW and a not in base.accepted
        )
        if blocked:
            raise InvalidInput("The edit accepts what cannot be accepted.", problems=blocked)
        return after

    def edited(self, assessment: str, base: Assessment, edit: Edit) -> Assessment:
        """The content that an edit of `base` makes. Changed inputs, frame or override lead to gate 1, without
        commentary and lens."""
        frame = edit.frame or base.role
        gate = base.gate if _stays(edit, base) else Gate.INPUTS
        commentary, lens = (edit.commentary, edit.lens) if gate is Gate.PUBLICATION else (None, None)
        ids = cited(edit.inputs, commentary, edit.override, lens)
        packs = self.packs(assessment)
        return assemble(
            gate=gate,
            inputs=edit.inputs,
            commentary=commentary,
            lens=lens,
            override=edit.override,
            accepted=edit.accepted,
            material=Material(
                as_of=base.as_of,
                frame=frame,
                passages=self.corpus.find_passages([*ids, *(i for pack in packs.values() for i in pack)]),
                packs={section: frozenset(pack) for section, pack in packs.items()},
                provenance=base.provenance,
                told=self.told(),
            ),
        )

    def packs(self, assessment: str) -> dict[Section, tuple[str, ...]]:
        """The passage ids each section was drafted from, in the prompt's order; the lens is among them once it was
        drafted."""
        document = self.assessments.draft(assessment, "packs")
        with suppress(NotFound):
            document = {**document, **self.assessments.draft(assessment, LENS_PACK_PART)}
        return {Section(name): tuple(ids) for name, ids in document.items()}  # type: ignore[arg-type]

    def edit(self, assessment: str, revision: str, by: Reviewer, edit: Edit) -> DecisionRow:
        """Record an edit; the workflow freezes it as a new revision. Raises as `preview`, Conflict, NotFound."""
        after = self.preview(assessment, revision, edit)
        if after.revision() == revision:
            raise InvalidInput("The edit changes nothing.")
        kept = cleaned(edit, self.revision(assessment, revision)).model_dump(mode="json", by_alias=True)
        return self._decide(Action.EDIT, assessment, revision, by, document=kept)

    def defer(self, assessment: str, revision: str, by: Reviewer) -> None:
        """Leave the review open and record that it was looked at."""
        self.reviews.note(assessment=assessment, revision=revision, reviewer=check_reviewer(by.name), event="deferred")

    def _decide(
        self,
        action: Action,
        assessment: str,
        revision: str,
        by: Reviewer,
        *,
        reason: str | None = None,
        document: dict[str, object] | None = None,
    ) -> DecisionRow:
        return self.reviews.decide(
            assessment=assessment,
            revision=revision,
            action=action.value,
            reviewer=check_reviewer(by.name),
            auth=by.auth,
            channel=by.channel,
            reason=reason,
            document=document,
        )


def _stays(edit: Edit, base: Assessment) -> bool:
    """Whether an edit leaves alone what gate 1 decides about."""
    frame = edit.frame or base.role
    return edit.inputs == base.inputs and edit.override == base.override and frame == base.role
