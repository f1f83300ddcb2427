"""Controls on their way: planted from a sound assessment, decided by the same service, ended without graph or model."""

from __future__ import annotations

from agent.errors import Forbidden, InvalidInput
from agent.review.catches import Catch, catches, caught
from agent.review.controls import ControlKind, bad_copy
from agent.review.revision import cited
from agent.review.risk import risk_of
from agent.review.rules import check_reviewer
from agent.review.service import UNVERIFIED, Reviewer
from agent.schemas.assessment import Assessment
from agent.schemas.finding import Tier
from agent.schemas.vocabulary import PUBLICATION_SECTIONS, Gate, Status
from agent.store.accounts import AccountRole, AccountStore
from agent.store.assessments import AssessmentRow
from agent.store.controls import ControlRow, Planting
from agent.store.reviews import DecisionRow, OpenReview
from agent.workflow.guard_nodes import FreezeEdit
from agent.workflow.publication import assessment_id
from agent.workflow.state import GRAPH_VERSION
from agent.workflow.wiring import Stores
from agent.workflow.workbench import Workbench

DONE = {"approve": "approved it", "reject": "rejected it", "send_back": "sent it back", "edit": "edited it there"}


def is_admin(accounts: AccountStore, by: Reviewer) -> bool:
    """Whether this person keeps the queue: an admin who is known; anybody while nobody has an account."""
    if not accounts.all():
        return True
    account = accounts.find(by.name)
    return account is not None and account.active and by.auth != UNVERIFIED and account.role is AccountRole.ADMIN


def check_admin(accounts: AccountStore, by: Reviewer, to_do: str) -> None:
    """Raises Forbidden for somebody who is no admin. `to_do` is what takes one."""
    if not is_admin(accounts, by):
        raise Forbidden(
            f"{to_do} takes an admin, and {by.name} is not known here as one.",
            hint="Set a token of an admin as ASSESS_ROLE_TOKEN.",
        )


def plant(
    stores: Stores, by: Reviewer, source: str, *, kind: ControlKind | None = None, seed: int | None = None
) -> ControlRow:
    """Put a copy of an assessment with one known error up for review.

    Raises Forbidden for who may not, NotFound, InvalidInput for an assessment that is neither published nor waits at
    gate 1, that has BLOCK findings, or in which no error of the kind goes unnoticed.
    """
    name = check_reviewer(by.name)
    check_admin(stores.accounts, by, "Planting a known error")
    row = stores.assessments.get(source)
    base = _sound(stores, row)
    chosen = int(stores.stamps.token(), 16) if seed is None else seed
    error, content = bad_copy(
        base.inputs, lambda inputs: stores.review.with_inputs(row.id, base, inputs), seed=chosen, kind=kind
    )
    result = content.result
    if result is None:
        raise InvalidInput(f"The copy of {row.id} cannot be scored.")
    opening = OpenReview(
        assessment=assessment_id(row.role, stores.stamps.token()),
        gate=Gate.INPUTS,
        revision=content.revision(),
        serial=1,
        score=result.score,
        zone=result.zone.value,
        label=result.label,
        block=content.guard.count(Tier.BLOCK),
        review=content.guard.count(Tier.REVIEW),
        risk=risk_of(content, stores.corpus.find_passages(cited(content.inputs))),
    )
    after_gate_1 = {section.value for section in PUBLICATION_SECTIONS}
    return stores.controls.plant(
        Planting(
            role=row.role,
            seniority=row.seniority,
            # A refresh would say so in the queue, and keep the version that it names from being refreshed.
            request={**row.request, "refresh": None},
            graph_version=GRAPH_VERSION,
            requested_by=row.requested_by,
            packs=stores.assessments.draft(row.id, "packs"),
            calls=tuple(
                (key, call)
                for key, call in stores.assessments.calls(row.id)
                if call.prompt.partition("@")[0] not in after_gate_1
            ),
            document=content.document(),
            opening=opening,
            kind=error.kind.value,
            place=error.place,
            what=error.what,
            planted_by=name,
            source=row.id,
            seed=chosen,
        )
    )


def _sound(stores: Stores, row: AssessmentRow) -> Assessment:
    """The content that a copy is made of, as a first draft would have it."""
    review, publication = stores.reviews.open_review(row.id), stores.publications.of(row.id)
    revision = None
    if review is not None and review.gate is Gate.INPUTS and not review.block:
        revision = review.revision
    elif publication is not None and publication.status == "done" and publication.withdrawn is None:
        revision = publication.revision
    if revision is None or stores.controls.find(row.id) is not None:
        raise InvalidInput(
            f"{row.id} cannot be copied: expected an assessment that is published and stands, or one that waits at "
            "gate inputs without BLOCK findings."
        )
    content = stores.review.revision(row.id, revision)
    prompts = {name: said for name, said in content.provenance.prompts.items() if name not in PUBLICATION_SECTIONS}
    return content.model_copy(update={"provenance": content.provenance.model_copy(update={"prompts": prompts})})


def carry_on(bench: Workbench, control: ControlRow) -> None:
    """Until a control waits for a person or has ended. Runs again after a crash without doing anything twice.

    A decision ends it, whatever it was, and says what it was about; only after an edit elsewhere the review goes on.
    """
    assessment, review = control.assessment, bench.review
    if bench.assessments.get(assessment).status is Status.REJECTED:
        return
    if review.reviews.open_review(assessment) is None:
        decision = review.reviews.decisions(assessment)[-1]
        found = _verdict(bench, control, decision)
        if found is not None:
            bench.assessments.set_status(assessment, Status.REJECTED, _outcome(control, decision, found))
            return
        FreezeEdit(bench)(
            {
                "assessment": assessment,
                "decision": {"id": decision.id, "action": decision.action},
                "freezes": int(decision.review.rpartition("/")[2]),
            }
        )
    bench.assessments.set_status(assessment, Status.WAITING)


def _verdict(bench: Workbench, control: ControlRow, decision: DecisionRow) -> bool | None:
    planted = Assessment.model_validate(bench.assessments.revisions(control.assessment)[0].document)
    decided = bench.review.revision(control.assessment, decision.revision)
    return caught(control, decision, planted.inputs, decided.inputs)


def _outcome(control: ControlRow, decision: DecisionRow, found: bool) -> dict[str, object]:
    mine = decision.reviewer.casefold() == control.planted_by.casefold()
    counted = f" It does not count: {control.planted_by} planted it." if mine else ""
    return {
        "message": (
            f"This was a control, with an error that {control.planted_by} planted: {control.what}. "
            f"{decision.reviewer} {DONE[decision.action]}: {'caught' if found else 'missed'}.{counted}"
        ),
        "reviewer": decision.reviewer,
        "caught": found,
    }


def all_catches(stores: Stores) -> tuple[Catch, ...]:
    """What each person made of every control that has ended."""
    found: list[Catch] = []
    for control in stores.controls.all():
        if stores.assessments.get(control.assessment).status is not Status.REJECTED:
            continue
        decisions = stores.reviews.decisions(control.assessment)
        reviews = dict.fromkeys(decision.review for decision in decisions)
        approvals = [approval for review in reviews for approval in stores.reviews.approvals(review)]
        planted = Assessment.model_validate(stores.assessments.revisions(control.assessment)[0].document)
        decided = stores.review.revision(control.assessment, decisions[-1].revision)
        found += catches(control, decisions, approvals, planted.inputs, decided.inputs)
    return tuple(found)
