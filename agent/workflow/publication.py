"""What is published beside the content: who reviewed it, when and at what cost; and the name of its folder."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from agent.registry.named_roles import named_roles
from agent.review.diff import changes
from agent.review.rules import Action
from agent.schemas.assessment import Assessment
from agent.schemas.record import ApprovalRecord, AuditMark, DecisionRecord, ModelUsage, ReviewRecord
from agent.store.publications import PublicationRow
from agent.store.reviews import DecisionRow
from agent.workflow.workbench import Workbench


def review_record(
    bench: Workbench,
    content: Assessment,
    row: PublicationRow,
    mark: AuditMark | None,
    standing: Sequence[PublicationRow],
) -> ReviewRecord:
    """The record of a publication. `standing` is what is published as it begins, `mark` its entry in the trail.

    Raises ValueError for content without a score.
    """
    if content.result is None:
        raise ValueError("content without a score is not published")
    owner = bench.assessments.get(row.assessment)
    first = Assessment.model_validate(bench.assessments.revisions(row.assessment)[0].document)
    return ReviewRecord(
        assessment=row.assessment,
        revision=row.revision,
        slug=row.slug,
        version=row.version,
        requested_at=owner.created_at,
        published_at=row.published_at,
        decisions=tuple(
            DecisionRecord(
                gate=d.gate,
                revision=d.revision,
                action=d.action,
                reviewer=d.reviewer,
                auth=d.auth,
                channel=d.channel,
                decided_at=d.decided_at,
                reason=d.reason,
                approvals=_approvals(d),
            )
            for d in bench.review.reviews.decisions(row.assessment)
        ),
        usage=ModelUsage(**bench.assessments.answers_usage(row.assessment)),
        draft_score=None if first.result is None else first.result.score,
        final_score=content.result.score,
        edits=changes(first, content),
        refreshed=bench.request(row.assessment).refresh,
        audit=mark,
        named_roles=named_roles(content.role, row.slug, standing),
    )


def preview_record(bench: Workbench, assessment: str, content: Assessment) -> ReviewRecord:
    """The record that a publication of `content` would have now, but for the approval that it takes.

    Raises ValueError for content without a score.
    """
    if content.result is None:
        raise ValueError("content without a score is not published")
    owner, done = bench.assessments.get(assessment), bench.publications.done()
    name = slug(owner.role, content.role.seniority)
    row = PublicationRow(
        assessment=assessment,
        revision=content.revision(),
        slug=name,
        version=1 + max((row.version for row in done if row.slug == name), default=0),
        role=owner.role,
        seniority=content.role.seniority,
        score=content.result.score,
        zone=content.result.zone.value,
        label=content.result.label,
        status="pending",
        path="",
        published_at=bench.stamps.now(),
    )
    standing = tuple(other for other in done if other.withdrawn is None)
    return review_record(bench, content, row, None, standing)


def _approvals(decision: DecisionRow) -> tuple[ApprovalRecord, ...]:
    """Everybody who approved, where it took more than one."""
    kept = (decision.document or {}).get("approvals") if decision.action == Action.APPROVE else None
    return tuple(
        ApprovalRecord(**{name: one[name] for name in ApprovalRecord.model_fields})
        for one in (kept if isinstance(kept, list) else [])
    )


def assessment_id(title: str, token: str) -> str:
    """The id of a new assessment of a title."""
    return f"{slug(title)[:40].strip('-')}-{token}"


def slug(title: str, *more: str) -> str:
    """A folder name from a title and what tells it apart: lower-case letters and digits of any script, and hyphens;
    at most 120 bytes. A long title is cut, so that what follows it stays; `+` and `#` are said in words."""
    rest = _words(" ".join(more), 40)
    return "-".join(part for part in (_words(title, 120 - len(rest.encode()) - 1), rest) if part) or "role"


def _words(text: str, limit: int) -> str:
    said = unicodedata.normalize("NFKC", text).casefold().replace("+", " plus ").replace("#", " sharp ")
    words = "".join(c if c.isalnum() else " " for c in said).split()
    return "-".join(words).encode()[:limit].decode(errors="ignore").strip("-")
