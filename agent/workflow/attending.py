"""The rows that attention is counted from, read from the store."""

from __future__ import annotations

from collections.abc import Mapping

from agent.review.attention import NotedRow, ReviewedRow, Rows
from agent.store.reviews import ReviewRow
from agent.workflow.controls import all_catches
from agent.workflow.wiring import Stores

NOTED = ("deferred", "taken over")


def rows_of(stores: Stores) -> Rows:
    """Everything that was decided, looked at and noted, and what became of controls that have ended."""
    decisions, approvals = stores.reviews.acts()
    acted = [*(d.review for d in decisions), *(a.review for a in approvals)]
    return Rows(
        reviews=tuple(_reviewed(stores, stores.reviews.find(review)) for review in dict.fromkeys(acted)),
        decisions=decisions,
        approvals=approvals,
        looks=stores.review.attention.looks(),
        noted=tuple(
            NotedRow(reviewer=entry.actor, event=entry.event)
            for entry in stores.audit.entries()
            if entry.event in NOTED
        ),
        catches=all_catches(stores),
    )


def _reviewed(stores: Stores, row: ReviewRow) -> ReviewedRow:
    document = stores.assessments.revision(row.assessment, row.revision).document
    sources, guard = document["sources"], document["guard"]
    findings = guard["findings"] if isinstance(guard, Mapping) else []
    return ReviewedRow(
        review=row.id,
        opened_at=row.opened_at,
        passages=frozenset(one["passage"] for one in sources) if isinstance(sources, list) else frozenset(),
        findings=frozenset(f"{one['code']}@{one['path']}" for one in findings),
        overridden=document["override"] is not None,
    )
