"""Who reviewed an assessment, when, and at what cost: published beside its content, and no part of its hash."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from agent.schemas.assessment import Assessment
from agent.schemas.base import Value
from agent.schemas.refresh import Refresh
from agent.schemas.vocabulary import Gate

PUBLISHED_FORMAT: Literal["assess-role/published/1"] = "assess-role/published/1"


class ApprovalRecord(Value):
    """One person's approval where a decision took two."""

    reviewer: str
    auth: str
    channel: str
    approved_at: str


class DecisionRecord(Value):
    """One decision of a person about exactly one revision."""

    gate: Gate
    revision: str
    """The hash that was shown and decided about."""
    action: str
    reviewer: str
    auth: str
    """How the reviewer was known, for example `local-unverified`."""
    channel: str
    """Where it was decided, for example `terminal` or `script`."""
    decided_at: str
    reason: str | None
    approvals: tuple[ApprovalRecord, ...] = Field(default=(), exclude_if=lambda value: not value)
    """Everybody who approved, oldest first, the decider last; empty where one person did."""

    @property
    def people(self) -> tuple[ApprovalRecord, ...]:
        """Everybody whose decision it is, oldest first: who decided, and whose approvals it took."""
        one = ApprovalRecord(reviewer=self.reviewer, auth=self.auth, channel=self.channel, approved_at=self.decided_at)
        return self.approvals or (one,)


class ModelUsage(Value):
    """What the answers cost when they were made."""

    calls: int = Field(ge=0)
    input_tokens: int = Field(ge=0)
    output_tokens: int = Field(ge=0)


class AuditMark(Value):
    """An entry of the audit trail, written down where the trail is not: it shows when the trail was written anew."""

    serial: int = Field(ge=1)
    hash: str = Field(pattern=r"^sha256:[0-9a-f]{64}$")


class NamedVersion(Value):
    """A version of another role as the registry held it: what a page says of that role is made from this."""

    role: str
    seniority: str
    slug: str
    version: int = Field(ge=1)
    revision: str
    """The hash of its content."""
    score: float
    """Score of record, one decimal."""
    label: str


class NamedRole(Value):
    """A role that the content names as another one, and what the registry held of it."""

    title: str
    """As the content has it (`assessment.role`: `is_not` or `proxies`)."""
    published: tuple[NamedVersion, ...]
    """The newest version that stood of each role of that title when this publication began, by slug: several where it
    was published at several levels, none where it was not published."""


class ReviewRecord(Value):
    """The way of one assessment from request to publication."""

    assessment: str
    """The run's id."""
    revision: str
    """The hash of the published content."""
    slug: str
    version: int = Field(ge=1)
    requested_at: str
    """ISO 8601, UTC."""
    published_at: str
    """ISO 8601, UTC."""
    decisions: tuple[DecisionRecord, ...]
    """Oldest first."""
    usage: ModelUsage
    draft_score: float | None
    """The score of the first frozen draft; `None` when its inputs could not be scored."""
    final_score: float
    edits: tuple[str, ...]
    """What changed from the first draft to the published content, one line each."""
    refreshed: Refresh | None = Field(default=None, exclude_if=lambda value: value is None)
    """The version that this one refreshes, and why; `None` for one that was drafted whole."""
    audit: AuditMark | None = Field(default=None, exclude_if=lambda value: value is None)
    """The entry of the audit trail that this publication began with; `None` on pages from before there was one."""
    named_roles: tuple[NamedRole, ...] | None = Field(default=None, exclude_if=lambda value: value is None)
    """Each other role that the content's frame names; `None` on pages from before they were looked up. Pages from
    before proxies were looked up have only those that the role is not."""


class PublishedAssessment(Value):
    """The document `assessment.json` in the publish folder."""

    format: Literal["assess-role/published/1"] = PUBLISHED_FORMAT
    revision: str = Field(pattern=r"^sha256:[0-9a-f]{64}$")
    """`content_hash` of `assessment`."""
    assessment: Assessment
    record: ReviewRecord
