"""Where an assessment stands, in the JSON shape that every command prints."""

from __future__ import annotations

from collections.abc import Sequence

from agent.publishing.drafts import document
from agent.review.diff import changes
from agent.review.parts import StandingPart
from agent.schemas.assessment import Assessment
from agent.schemas.finding import Finding, Tier
from agent.schemas.refresh import Refresh, words
from agent.schemas.vocabulary import PUBLICATION_SECTIONS, Gate, Status
from agent.store.assessments import AssessmentRow
from agent.workflow.wiring import Stores

SECOND_REASONS = {
    "override": "the score was moved by hand",
    "moved": "the score is more than 5 points from the published one",
    "accepted": "REVIEW findings were accepted",
    "new_role": "nothing of this role is published",
}
"""Why two people approve, in words (`review.policy.SecondFor`)."""


def summary(stores: Stores, assessment: str) -> dict[str, object]:
    """The document of `run`, `show`, `approve`, `send-back`, `reject` and `resume`."""
    row = stores.assessments.get(assessment)
    review = stores.reviews.open_review(row.id)
    publication = stores.publications.of(row.id)
    revisions = stores.assessments.revisions(row.id)
    result = None
    findings: list[Finding] = []
    decided = stores.reviews.decisions(row.id)
    shown = None
    content: Assessment | None = None
    if revisions:
        shown = review.revision if review else decided[-1].revision if decided else revisions[-1].hash
    if shown is not None and row.status is not Status.ABSTAINED:
        content = stores.review.revision(row.id, shown)
        result = content.result
        findings = _open(content)
    outcome = row.outcome or {}
    return {
        "ok": row.status not in (Status.FAILED, Status.NEEDS_MODEL),
        "id": row.id,
        "role": row.role,
        "seniority": row.seniority,
        "status": row.status.value,
        "gate": None if review is None else review.gate.value,
        "revision": shown,
        "score": None if result is None else result.score,
        "zone": None if result is None else result.zone.value,
        "label": None if result is None else result.label,
        "findings": {tier.value.lower(): sum(finding.tier is tier for finding in findings) for tier in Tier},
        "open_findings": [{"id": finding.id, **finding.model_dump(mode="json")} for finding in findings],
        "claimed": None
        if review is None or review.claimed_by is None
        else {"by": review.claimed_by, "until": review.claimed_until},
        "approvals": []
        if review is None
        else [
            {"reviewer": a.reviewer, "auth": a.auth, "approved_at": a.approved_at}
            for a in stores.reviews.approvals(review.id)
        ],
        "waits_for": waits_for(stores, row.id) or None,
        "parts": None if review is None or content is None else parts_document(stores.review.parts(review.id, content)),
        "usage": stores.assessments.usage(row.id),
        "recorded": bool(row.request.get("recorded")),
        "refresh": _refresh(stores, row, content),
        "published": None
        if publication is None or publication.status != "done"
        else {
            "version": publication.version,
            "path": publication.path,
            "withdrawn": None if publication.withdrawn is None else publication.withdrawn.model_dump(),
        },
        "agreement": None if content is None else document(content),
        "reason": outcome.get("message"),
        "control": _control(stores, row),
        **({} if "kind" not in outcome else {"error": {k: outcome.get(k) for k in ("kind", "message", "hint")}}),
    }


def parts_document(parts: Sequence[StandingPart]) -> dict[str, object]:
    """How many parts of what waits somebody accepted, of how many, and which by whom."""
    accepted = [part for part in parts if part.accepted_by]
    return {
        "accepted": len(accepted),
        "of": len(parts),
        "items": [{"place": p.place, "name": p.name, "accepted_by": list(p.accepted_by)} for p in accepted],
    }


def _control(stores: Stores, row: AssessmentRow) -> dict[str, object] | None:
    """What was planted in a control, once it is decided; `None` for everything else and before."""
    planted = stores.controls.find(row.id) if row.status is Status.REJECTED else None
    if planted is None:
        return None
    caught = (row.outcome or {}).get("caught")
    return {**planted.model_dump(exclude={"assessment", "planted_at"}), "caught": caught}


def waits_for(stores: Stores, assessment: str) -> str:
    """Whose approval an open review still takes, in words; empty when any reviewer's will do."""
    review = stores.reviews.open_review(assessment)
    if review is None:
        return ""
    quorum = stores.review.quorum(assessment, stores.review.revision(assessment, review.revision))
    given = [approval.reviewer for approval in stores.reviews.approvals(review.id)]
    if not given and not quorum.authors and quorum.people == 1:
        return ""
    reasons = f" ({', '.join(SECOND_REASONS[why] for why in quorum.why)})" if quorum.why else ""
    if given:
        return f"somebody other than {' and '.join(sorted(given))}{reasons}"
    others = f"somebody other than {' and '.join(sorted(quorum.authors))}, or " if quorum.people == 1 else ""
    return f"{others}two people{reasons}"


def _refresh(stores: Stores, row: AssessmentRow, content: Assessment | None) -> dict[str, object] | None:
    """The version that this assessment refreshes, why, and what is different now; `None` for one that was begun with
    the role's title."""
    if not row.request.get("refresh"):
        return None
    refresh = Refresh.model_validate(row.request["refresh"])
    before = stores.review.revision(refresh.assessment, refresh.revision)
    if content is not None and content.gate is Gate.INPUTS:
        # Commentary and lens, and what was accepted of them, come after this gate.
        later = {finding.id for section in PUBLICATION_SECTIONS for finding in before.guard.of(section)}
        accepted = tuple(a for a in before.accepted if a.finding not in later)
        before = before.model_copy(update={"commentary": None, "lens": None, "accepted": accepted})
    return {
        "version": refresh.version,
        "revision": refresh.revision,
        "score": refresh.score,
        "sections": [section.value for section in refresh.sections],
        "reasons": [words(reason) for reason in refresh.reasons],
        "changes": [] if content is None else list(changes(before, content)),
    }


def exit_code(stores: Stores, assessment: str) -> int:
    """The exit code that an assessment's state asks for: 0, or that of the error which stopped it."""
    row = stores.assessments.get(assessment)
    if row.status not in (Status.FAILED, Status.NEEDS_MODEL):
        return 0
    code = (row.outcome or {}).get("exit_code")
    return code if isinstance(code, int) else 5


def _open(content: Assessment) -> list[Finding]:
    """The findings that nobody has accepted, in printed order."""
    accepted = {acceptance.finding for acceptance in content.accepted}
    return [finding for finding in content.guard.findings if finding.id not in accepted]
