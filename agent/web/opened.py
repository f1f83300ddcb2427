"""The review that a request is about."""

from __future__ import annotations

from fastapi import Request

from agent.review.identity import Scope
from agent.store.reviews import ReviewRow
from agent.web.desk import Desk
from agent.web.queue_pages import open_review
from agent.web.visitor import Visitor


def opened(desk: Desk, request: Request, assessment: str, scope: Scope = Scope.READ) -> tuple[Visitor, ReviewRow]:
    """Who asks, and what waits of an assessment. Raises NotSignedIn, Forbidden, NotFound."""
    visitor = desk.visitor(request, scope)
    return visitor, open_review(desk, assessment)


def check_same(desk: Desk, assessment: str, revision: str) -> ReviewRow:
    """The open review of exactly this revision. Raises Conflict that says who decided what, NotFound."""
    present = desk.engine.stores.reviews.open_review(assessment)
    if present is None or present.revision != revision:
        raise desk.engine.stores.reviews.lost(assessment, revision)
    return present
