"""The review of one assessment: reading, commenting and deciding."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from agent.errors import Conflict, NotFound
from agent.review.evidence import evidence_of
from agent.review.identity import Scope
from agent.review.parts import names_part
from agent.review.queue import queue_of
from agent.schemas.text import without_controls
from agent.schemas.vocabulary import Section
from agent.store.accounts import AccountRole
from agent.store.reviews import ApprovalRow
from agent.web.desk import Desk, desk_of
from agent.web.forms import edited_place
from agent.web.opened import check_same, opened
from agent.web.pages import page
from agent.web.preview import as_published
from agent.web.queue_pages import open_review
from agent.web.review_view import may_decide, view_of
from agent.web.stopped import stopped_run
from agent.web.visitor import Visitor

router = APIRouter(prefix="/review", include_in_schema=False)
MAX_FOUND = 8
"""Passages that a search in the corpus shows."""
Csrf = Annotated[str, Form(max_length=200)]
Revision = Annotated[str, Form(max_length=100)]
Reason = Annotated[str, Form(max_length=4000)]


@router.get("/{assessment}")
def review(request: Request, assessment: str) -> Response:
    """The page; where nothing waits, what became of the assessment."""
    desk = desk_of(request)
    visitor = desk.visitor(request)
    row = desk.engine.stores.assessments.whole(assessment)
    present = desk.engine.stores.reviews.open_review(assessment)
    if present is None:
        waiting = queue_of(desk.service.waiting(), free=True)
        return page(
            request,
            "standing.html.j2",
            visitor=visitor,
            state=_state(desk, assessment),
            after=waiting[0] if waiting else None,
            stopped=stopped_run(desk.engine, desk.worker, row),
        )
    if visitor.role.covers(AccountRole.REVIEWER):
        desk.service.looked(present.id, visitor.reviewer, "review")
    approved = len(desk.engine.stores.reviews.approvals(present.id))
    return page(request, "review.html.j2", visitor=visitor, view=view_of(desk, visitor, present), approved=approved)


@router.get("/{assessment}/state")
def state(request: Request, assessment: str) -> Response:
    """Where the assessment stands, for a page that waits or shows a review."""
    desk = desk_of(request)
    desk.visitor(request)
    desk.engine.stores.assessments.whole(assessment)
    return JSONResponse(_state(desk, assessment))


@router.get("/{assessment}/evidence")
def evidence(request: Request, assessment: str, path: Annotated[str, Query(max_length=200)]) -> Response:
    """What one claim rests on."""
    desk = desk_of(request)
    visitor, present = opened(desk, request, assessment)
    content = desk.service.revision(assessment, present.revision)
    claims = evidence_of(content)
    if path not in claims:
        raise NotFound(f"The revision has no claim at {path}.")
    if visitor.role.covers(AccountRole.REVIEWER):
        for passage in claims[path].passages:
            desk.service.looked(present.id, visitor.reviewer, "evidence", passage.passage)
        for finding in claims[path].findings:
            desk.service.looked(present.id, visitor.reviewer, "finding", finding.id)
    return page(
        request,
        _part(request, "evidence"),
        visitor=visitor,
        review=present,
        claim=claims[path],
        against=claims.get(claims[path].against or ""),
        place=edited_place(path),
        may_decide=may_decide(visitor, present),
    )


@router.get("/{assessment}/search")
def search(
    request: Request,
    assessment: str,
    q: Annotated[str, Query(min_length=2, max_length=400)],
    path: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Passages of the corpus that could be cited, as they were known on the day of the assessment."""
    desk = desk_of(request)
    visitor, present = opened(desk, request, assessment)
    content = desk.service.revision(assessment, present.revision)
    found = desk.engine.bench.evidence.search([q], opposed=[], limit=MAX_FOUND, as_of=content.as_of)
    return page(
        request,
        _part(request, "found"),
        visitor=visitor,
        review=present,
        found=found,
        place=edited_place(path) if path else "",
        q=q,
        may_decide=may_decide(visitor, present),
    )


@router.post("/{assessment}/approve")
def approve(request: Request, assessment: str, revision: Revision, csrf: Csrf = "") -> Response:
    """Approve exactly the revision that was shown."""
    desk = desk_of(request)
    visitor = _form(desk, request, csrf)
    desk.engine.stores.assessments.whole(assessment)
    taken = desk.decide(visitor, assessment, lambda service, by: service.approve(assessment, revision, by))
    if isinstance(taken, ApprovalRow):
        return RedirectResponse(f"/review/{assessment}?approved=1", status_code=303)
    return RedirectResponse(f"/review/{assessment}", status_code=303)


@router.post("/{assessment}/send_back")
def send_back(
    request: Request,
    assessment: str,
    revision: Revision,
    reason: Reason = "",
    section: Annotated[list[Section] | None, Form()] = None,
    csrf: Csrf = "",
) -> Response:
    """Have sections drafted again."""
    desk = desk_of(request)
    visitor = _form(desk, request, csrf)
    desk.engine.stores.assessments.whole(assessment)
    chosen = tuple(section or ())
    desk.decide(visitor, assessment, lambda service, by: service.send_back(assessment, revision, by, reason, chosen))
    return RedirectResponse(f"/review/{assessment}", status_code=303)


@router.post("/{assessment}/reject")
def reject(request: Request, assessment: str, revision: Revision, reason: Reason = "", csrf: Csrf = "") -> Response:
    """End it without a publication."""
    desk = desk_of(request)
    visitor = _form(desk, request, csrf)
    desk.engine.stores.assessments.whole(assessment)
    desk.decide(visitor, assessment, lambda service, by: service.reject(assessment, revision, by, reason))
    return RedirectResponse(f"/review/{assessment}", status_code=303)


@router.post("/{assessment}/defer")
def defer(request: Request, assessment: str, revision: Revision, csrf: Csrf = "") -> Response:
    """Leave it open and give it back."""
    desk = desk_of(request)
    visitor = _form(desk, request, csrf)
    desk.engine.stores.assessments.whole(assessment)
    present = check_same(desk, assessment, revision)
    desk.service.defer(assessment, revision, visitor.reviewer)
    desk.service.release(present.id, visitor.reviewer)
    return RedirectResponse("/", status_code=303)


@router.post("/{assessment}/comment")
def comment(
    request: Request,
    assessment: str,
    revision: Revision,
    text: Reason,
    path: Annotated[str, Form(max_length=200)] = "",
    csrf: Csrf = "",
) -> Response:
    """Say something about a claim, a part or the whole."""
    desk = desk_of(request)
    visitor = _form(desk, request, csrf, Scope.RUN)
    desk.engine.stores.assessments.whole(assessment)
    check_same(desk, assessment, revision)
    desk.service.comment(assessment, revision, visitor.reviewer, path, text)
    where = f"p-{path}" if names_part(path) else f"c-{path}" if path else "comments"
    return RedirectResponse(f"/review/{assessment}#{where}", status_code=303)


@router.post("/{assessment}/part")
def part(
    request: Request,
    assessment: str,
    revision: Revision,
    path: Annotated[str, Form(max_length=200)],
    accepted: Annotated[Literal["yes", "no"], Form()],
    csrf: Csrf = "",
) -> Response:
    """Accept a task or a dimension, or take that back."""
    desk = desk_of(request)
    visitor = _form(desk, request, csrf)
    desk.engine.stores.assessments.whole(assessment)
    desk.service.accept_part(assessment, revision, visitor.reviewer, path, accepted=accepted == "yes")
    return RedirectResponse(f"/review/{assessment}#p-{path}", status_code=303)


@router.post("/{assessment}/resolve")
def resolve(
    request: Request, assessment: str, comment: Annotated[str, Form(max_length=40)], csrf: Csrf = ""
) -> Response:
    """Mark a comment of this assessment as done."""
    desk = desk_of(request)
    visitor = _form(desk, request, csrf, Scope.RUN)
    if all(row.id != comment for row in desk.service.remarks.of(assessment)):
        raise NotFound(f"Assessment {assessment} has no comment {comment}.")
    desk.service.resolve(comment, visitor.reviewer)
    return RedirectResponse(f"/review/{assessment}#comments", status_code=303)


@router.post("/{assessment}/renew")
def renew(request: Request, assessment: str, csrf: Csrf = "") -> Response:
    """Go on holding what one holds."""
    desk = desk_of(request)
    visitor = _form(desk, request, csrf)
    present = open_review(desk, assessment)
    if present.claimed_by != visitor.name:
        raise Conflict(f"You do not hold the review of {assessment}.")
    lease = desk.service.claim(present.id, visitor.reviewer)
    return JSONResponse({"ok": True, "until": lease.expires_at})


@router.get("/{assessment}/page")
def published_page(request: Request, assessment: str) -> Response:
    """The page as it would be published now, in a frame of its own."""
    desk = desk_of(request)
    _, present = opened(desk, request, assessment)
    text, policy = as_published(desk, present)
    return HTMLResponse(text, headers={"content-security-policy": policy})


def _part(request: Request, name: str) -> str:
    """The template of a part of the page for its script, or of a page of its own for a browser without one."""
    return f"{name}.html.j2" if request.headers.get("x-part") else f"{name}_page.html.j2"


def _form(desk: Desk, request: Request, csrf: str, scope: Scope = Scope.DECIDE) -> Visitor:
    visitor = desk.visitor(request, scope)
    visitor.check_form(csrf)
    return visitor


def _state(desk: Desk, assessment: str) -> dict[str, object]:
    """Where an assessment stands, as the page says it."""
    stores = desk.engine.stores
    row = stores.assessments.get(assessment)
    present = stores.reviews.open_review(assessment)
    publication = stores.publications.of(assessment)
    decisions = stores.reviews.decisions(assessment)
    last = decisions[-1] if decisions else None
    work = desk.worker.work(assessment)
    return {
        "id": row.id,
        "role": row.role,
        "status": row.status.value,
        "busy": work is not None,
        "step": "" if work is None else without_controls(work.step),
        "seconds": 0 if work is None else work.seconds,
        "revision": None if present is None else present.revision,
        "claimed_by": None if present is None else present.claimed_by,
        "claimed_until": None if present is None else present.claimed_until,
        "approvals": []
        if present is None
        else [{"by": one.reviewer, "at": one.approved_at} for one in stores.reviews.approvals(present.id)],
        "message": str((row.outcome or {}).get("message") or ""),
        "hint": str((row.outcome or {}).get("hint") or ""),
        "published": None
        if publication is None or publication.status != "done"
        else f"/published/roles/{publication.slug}/v{publication.version}/",
        "decided": None
        if last is None
        else f"{last.reviewer} decided {last.action.replace('_', ' ')} on gate {last.gate.value} at {last.decided_at}.",
        "decided_about": None if last is None else last.revision,
        "reason": "" if last is None else last.reason or "",
    }
