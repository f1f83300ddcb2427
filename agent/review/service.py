"""Taking decisions: checked against the rules, bound to the revision that was shown, recorded once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from agent.errors import InvalidInput, NotFound
from agent.grounding.personal import personal_data
from agent.review.comments import AnchoredComment, anchored, words_at
from agent.review.diff import changes
from agent.review.edit import Edit, breaches, cleaned
from agent.review.parts import StandingPart, part_at, parts_of
from agent.review.policy import Quorum, ReviewPolicy
from agent.review.revision import Material, assemble, cited
from agent.review.rules import MAX_REASON, Action, check_approval, check_reason
from agent.review.standing import four_eyes, known_name, may_decide, spelled
from agent.schemas.assessment import Assessment
from agent.schemas.draft import Inputs, RoleFrame
from agent.schemas.finding import Tier
from agent.schemas.vocabulary import INPUT_SECTIONS, PUBLICATION_SECTIONS, Gate, Section
from agent.scoring import lens_problems, override_problems, problems, score
from agent.store.accounts import AccountStore
from agent.store.assessments import LENS_PACK_PART, AssessmentStore
from agent.store.attention import AttentionStore, Look
from agent.store.comments import CommentRow, CommentStore
from agent.store.controls import ControlStore
from agent.store.corpus import CorpusStore
from agent.store.leases import LeaseRow, LeaseStore
from agent.store.publications import PublicationStore
from agent.store.reviews import ReviewRow, ReviewStore, Taken

UNVERIFIED = "local-unverified"
"""How a reviewer is known before accounts exist: by the name they gave."""


@dataclass(frozen=True)
class Reviewer:
    """Who decides, and through which edge."""

    name: str
    channel: str
    """`terminal`, `script`, `web` or `inbox`."""
    auth: str = UNVERIFIED
    """How the name is known: as given, or by `password`, `token`, `oidc`."""


@dataclass(frozen=True)
class ReviewService:
    """Everything an edge may do with an open review. It records; the workflow resumes."""

    assessments: AssessmentStore
    reviews: ReviewStore
    corpus: CorpusStore
    publications: PublicationStore
    accounts: AccountStore
    leases: LeaseStore
    remarks: CommentStore
    attention: AttentionStore
    controls: ControlStore
    policy: ReviewPolicy = field(default_factory=ReviewPolicy)
    told: Callable[[], str] = str
    """Gives the instructions of the drafting model."""

    def waiting(self) -> tuple[ReviewRow, ...]:
        """The queue: every open review, oldest first."""
        return self.reviews.waiting()

    def revision(self, assessment: str, revision: str) -> Assessment:
        """A frozen revision's content. Raises NotFound."""
        return Assessment.model_validate(self.assessments.revision(assessment, revision).document)

    def approve(self, assessment: str, revision: str, by: Reviewer) -> Taken:
        """Approve exactly this revision: a decision, or an approval that waits for somebody else's.

        Raises NotPublishable, Forbidden, Conflict, NotFound.
        """
        content = self.revision(assessment, revision)
        check_approval(content)
        return self._decide(Action.APPROVE, assessment, revision, by, quorum=self.quorum(assessment, content))

    def quorum(self, assessment: str, content: Assessment) -> Quorum:
        """Whose approvals it takes to approve `content`: anybody's, unless the policy is in force."""
        if not four_eyes(self.accounts, self.policy):
            return Quorum()
        owner = self.assessments.get(assessment)
        editors = {d.reviewer for d in self.reviews.decisions(assessment) if d.action == Action.EDIT}
        names = {*editors, *([owner.requested_by] if owner.requested_by else [])}
        authors = frozenset(spelled(self.accounts, name) for name in names)
        seconds = self.policy.seconds(content, self._published_score(owner.role, content.role.seniority))
        return Quorum(people=2 if seconds else 1, authors=authors, why=tuple(rule.value for rule in seconds))

    def _published_score(self, role: str, seniority: str) -> float | None:
        """The score of the newest version of a role that stands."""
        rows = [
            row
            for row in self.publications.done()
            if (row.role, row.seniority) == (role, seniority) and row.withdrawn is None
        ]
        return max(rows, key=lambda row: row.version).score if rows else None

    def claim(self, review: str, by: Reviewer, *, over: str | None = None) -> LeaseRow:
        """Hold a review, or go on holding it; `over` is the reason to take it from somebody else.

        Raises Conflict when somebody else holds it and no reason is given, InvalidInput, Forbidden, NotFound.
        """
        name = self._may_decide(by)
        reason = None if over is None else check_reason("take_over", over, at_most=MAX_REASON)
        return self.leases.take(
            review, holder=name, auth=by.auth, channel=by.channel, minutes=self.policy.lease_minutes, over=reason
        )

    def release(self, review: str, by: Reviewer) -> bool:
        """Give a review back; `False` when `by` does not hold it."""
        return self.leases.release(review, spelled(self.accounts, by.name))

    def comment(self, assessment: str, revision: str, by: Reviewer, place: str, text: str) -> CommentRow:
        """Say something about the claim or the part at `place`, or about the whole where it is empty.

        Raises InvalidInput for a text that says nothing, is too long or holds personal data; NotFound for a revision
        that the assessment does not have and a place that is no claim or part of it.
        """
        name = self._known(by)
        said = check_reason("comment", text, at_most=MAX_REASON)
        content = self.revision(assessment, revision)
        claim = words_at(content, place) if place else ""
        if claim is None:
            raise NotFound(f"Revision {revision} has no claim or part at {place}.")
        return self.remarks.add(
            assessment=assessment,
            revision=revision,
            place=place,
            claim=claim,
            author=name,
            auth=by.auth,
            channel=by.channel,
            text=said,
        )

    def comments(self, assessment: str, content: Assessment) -> tuple[AnchoredComment, ...]:
        """Every comment on an assessment with the place in `content` that it is about."""
        return anchored(self.remarks.of(assessment), content)

    def resolve(self, comment: str, by: Reviewer) -> CommentRow:
        """Mark a comment as done: it no longer goes with a send-back. Its author may, and who may decide.

        Raises NotFound, Conflict, Forbidden.
        """
        name = self._known(by)
        if self.remarks.find(comment).author != name:
            name = self._may_decide(by)
        return self.remarks.resolve(comment, name)

    def looked(self, review: str, by: Reviewer, kind: Look, place: str = "") -> None:
        """Keep that a reviewer opened something before deciding."""
        self.attention.note(review, spelled(self.accounts, by.name), kind, place)

    def accept_part(self, assessment: str, revision: str, by: Reviewer, place: str, *, accepted: bool) -> None:
        """Mark a part of the revision that waits as looked at and standing, or take one's own mark back.

        It decides nothing and is void with the revision; doing it again changes nothing. Raises NotFound for a place
        that is no part of the revision, Forbidden and Conflict as a decision.
        """
        name = self._may_decide(by)
        part = next((p for p in parts_of(self.revision(assessment, revision).inputs) if p.place == place), None)
        if part is None:
            raise NotFound(f"Revision {revision} has no part at {place}.")
        marked = self.attention.mark(
            assessment=assessment,
            revision=revision,
            reviewer=name,
            auth=by.auth,
            channel=by.channel,
            place=part.place,
            accepted=accepted,
        )
        if not marked:
            raise self.reviews.lost(assessment, revision)

    def parts(self, review: str, content: Assessment) -> tuple[StandingPart, ...]:
        """Every part of `content`, which a review is of, and who accepted it there."""
        marks = [look for look in self.attention.looks(review) if look.kind == "part"]
        return tuple(
            StandingPart(**part.model_dump(), accepted_by=tuple(m.reviewer for m in marks if m.place == part.place))
            for part in parts_of(content.inputs)
        )

    def changed_since(self, assessment: str, revision: str) -> tuple[str, ...]:
        """What changed from the revision that this one was made from, a line each; nothing for a first draft."""
        row = self.assessments.revision(assessment, revision)
        if row.parent is None or row.parent not in {r.hash for r in self.assessments.revisions(assessment)}:
            return ()
        return changes(self.revision(assessment, row.parent), Assessment.model_validate(row.document))

    def _known(self, by: Reviewer) -> str:
        return known_name(self.accounts, by.name)

    def _may_decide(self, by: Reviewer) -> str:
        return may_decide(self.accounts, self.policy, by.name, verified=by.auth != UNVERIFIED)

    def reject(self, assessment: str, revision: str, by: Reviewer, reason: str | None) -> Taken:
        """End the assessment without a publication.

        Raises InvalidInput without a reason, Forbidden, Conflict, NotFound.
        """
        return self._decide(Action.REJECT, assessment, revision, by, reason=check_reason(Action.REJECT, reason))

    def send_back(
        self, assessment: str, revision: str, by: Reviewer, reason: str | None, sections: tuple[Section, ...] = ()
    ) -> Taken:
        """Have sections drafted again with the reason; without sections, all that this gate is about.

        Comments on claims and parts of these sections that are not resolved go with it. Raises InvalidInput without a
        reason or for a section the gate does not have, Forbidden, Conflict, NotFound.
        """
        text = check_reason(Action.SEND_BACK, reason)
        content = self.revision(assessment, revision)
        gate = content.gate
        open_to = (*INPUT_SECTIONS, *(PUBLICATION_SECTIONS if gate is Gate.PUBLICATION else ()))
        usual = INPUT_SECTIONS if gate is Gate.INPUTS else PUBLICATION_SECTIONS
        wrong = [section.value for section in sections if section not in open_to]
        if wrong:
            raise InvalidInput(f"Gate {gate.value} has no section {', '.join(wrong)}; it has {', '.join(open_to)}.")
        chosen = tuple(section for section in open_to if section in (sections or usual))
        reasons = [
            {
                "place": one.place,
                "section": one.section.value,
                "part": None if (part := part_at(content.inputs, one.place)) is None else part.name,
                "claim": one.comment.claim,
                "text": one.comment.text,
            }
            for one in self.comments(assessment, content)
            if one.section in chosen and one.section is not None and one.comment.resolved_at is None
        ]
        document: dict[str, object] = {"sections": [section.value for section in chosen]}
        if reasons:
            document["reasons"] = reasons
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
        return assemble(
            gate=gate,
            inputs=edit.inputs,
            commentary=commentary,
            lens=lens,
            override=edit.override,
            accepted=edit.accepted,
            agreement=base.agreement,
            material=self._material(assessment, base, frame, ids),
        )

    def with_inputs(self, assessment: str, base: Assessment, inputs: Inputs) -> Assessment:
        """What gate 1 has of other inputs in the place of those of `base`: no override, nothing accepted yet."""
        return assemble(
            gate=Gate.INPUTS, inputs=inputs, material=self._material(assessment, base, base.role, cited(inputs))
        )

    def _material(self, assessment: str, base: Assessment, frame: RoleFrame, ids: tuple[str, ...]) -> Material:
        packs = self.packs(assessment)
        return Material(
            as_of=base.as_of,
            frame=frame,
            passages=self.corpus.find_passages([*ids, *(i for pack in packs.values() for i in pack)]),
            packs={section: frozenset(pack) for section, pack in packs.items()},
            provenance=base.provenance,
            told=self.told(),
        )

    def packs(self, assessment: str) -> dict[Section, tuple[str, ...]]:
        """The passage ids each section was drafted from, in the prompt's order; the lens is among them once it was
        drafted."""
        document = self.assessments.draft(assessment, "packs")
        with suppress(NotFound):
            document = {**document, **self.assessments.draft(assessment, LENS_PACK_PART)}
        return {Section(name): tuple(ids) for name, ids in document.items()}  # type: ignore[arg-type]

    def edit(self, assessment: str, revision: str, by: Reviewer, edit: Edit) -> Taken:
        """Record an edit; the workflow freezes it as a new revision.

        Raises as `preview`, Forbidden, Conflict, NotFound.
        """
        after = self.preview(assessment, revision, edit)
        if after.revision() == revision:
            raise InvalidInput("The edit changes nothing.")
        kept = cleaned(edit, self.revision(assessment, revision)).model_dump(mode="json", by_alias=True)
        return self._decide(Action.EDIT, assessment, revision, by, document=kept)

    def defer(self, assessment: str, revision: str, by: Reviewer) -> None:
        """Leave exactly this revision for later and give its review back; that is recorded.

        Raises Forbidden, Conflict, NotFound.
        """
        self.reviews.defer(
            assessment=assessment,
            revision=revision,
            reviewer=self._may_decide(by),
            auth=by.auth,
            channel=by.channel,
        )

    def _decide(
        self,
        action: Action,
        assessment: str,
        revision: str,
        by: Reviewer,
        *,
        reason: str | None = None,
        document: dict[str, object] | None = None,
        quorum: Quorum | None = None,
    ) -> Taken:
        return self.reviews.decide(
            assessment=assessment,
            revision=revision,
            action=action.value,
            reviewer=self._may_decide(by),
            auth=by.auth,
            channel=by.channel,
            reason=reason,
            document=document,
            enough=None if quorum is None else quorum.met,
        )


def _stays(edit: Edit, base: Assessment) -> bool:
    """Whether an edit leaves alone what gate 1 decides about."""
    frame = edit.frame or base.role
    return edit.inputs == base.inputs and edit.override == base.override and frame == base.role
