"""The review of one assessment: reading, editing and deciding."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.datastructures import UploadFile

from agent.errors import Conflict, InvalidInput, NotFound
from agent.review.diff import changes
from agent.review.edit import edit_from, edit_of
from agent.review.evidence import evidence_of
from agent.review.identity import Scope
from agent.schemas.finding import Tier
from agent.schemas.vocabulary import Section
from agent.scoring import problems, score
from agent.store.accounts import AccountRole
from agent.store.reviews import ApprovalRow, ReviewRow
from agent.web.desk import Desk, desk_of
from agent.web.forms import edit_of_form
from agent.web.pages import page
from agent.web.preview import as_published
from agent.web.queue_pages import open_review
from agent.web.review_view import view_of
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
    _known(desk, assessment)
    present = desk.engine.stores.reviews.open_review(assessment)
    if present is None:
        return page(request, "standing.html.j2", visitor=visitor, state=_state(desk, assessment))
    if visitor.role.covers(AccountRole.REVIEWER):
        desk.service.looked(present.id, visitor.reviewer, "review")
    return page(request, "review.html.j2", visitor=visitor, view=view_of(desk, visitor, present))


@router.get("/{assessment}/state")
def state(request: Request, assessment: str) -> Response:
    """Where the assessment stands, for a page that waits."""
    desk = desk_of(request)
    desk.visitor(request)
    _known(desk, assessment)
    return JSONResponse(_state(desk, assessment))


@router.get("/{assessment}/evidence")
def evidence(request: Request, assessment: str, path: Annotated[str, Query(max_length=200)]) -> Response:
    """What one claim rests on."""
    desk = desk_of(request)
    visitor, present = _present(desk, request, assessment)
    content = desk.service.revision(assessment, present.revision)
    claims = evidence_of(content)
    if path not in claims:
        raise NotFound(f"The revision has no claim at {path}.")
    if visitor.role.covers(AccountRole.REVIEWER):
        for passage in claims[path].passages:
            desk.service.looked(present.id, visitor.reviewer, "evidence", passage.passage)
        for finding in claims[path].findings:
            desk.service.looked(present.id, visitor.reviewer, "finding", finding.id)
    view = view_of(desk, visitor, present)
    against = claims.get(claims[path].against or "")
    return page(request, "evidence.html.j2", visitor=visitor, view=view, claim=claims[path], against=against)


@router.get("/{assessment}/search")
def search(
    request: Request,
    assessment: str,
    q: Annotated[str, Query(min_length=2, max_length=400)],
    path: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Passages of the corpus that could be cited, as they were known on the day of the assessment."""
    desk = desk_of(request)
    visitor, present = _present(desk, request, assessment)
    content = desk.service.revision(assessment, present.revision)
    found = desk.engine.bench.evidence.search([q], opposed=[], limit=MAX_FOUND, as_of=content.as_of)
    return page(request, "found.html.j2", visitor=visitor, found=found, path=path, q=q)


@router.post("/{assessment}/preview")
async def preview(request: Request, assessment: str) -> Response:
    """Score, label, robustness and contributions of the form as it stands; nothing is recorded."""
    desk = desk_of(request)
    visitor, present = _present(desk, request, assessment)
    fields = await _fields(request)
    visitor.check_form(dict(fields).get("csrf"))
    content = desk.service.revision(assessment, present.revision)
    inputs = edit_of_form(fields, content).inputs.scored()
    found = problems(inputs)
    if found:
        return JSONResponse({"ok": False, "problems": list(found)})
    made = score(inputs)
    return JSONResponse(
        {
            "ok": True,
            "score": made.score,
            "label": made.label,
            "zone": made.zone.value,
            "distance": made.distance,
            "robustness": made.robustness.verdict,
            "contributions": [{"factor": c.factor, "points": c.points} for c in made.contributions],
            "before": None if content.result is None else content.result.formula_score,
        }
    )


@router.post("/{assessment}/edit")
async def edit(request: Request, assessment: str) -> Response:
    """What the edit becomes, with the guard's findings, to be confirmed; then the edit itself."""
    desk = desk_of(request)
    visitor, present = _present(desk, request, assessment, Scope.DECIDE)
    fields = await _fields(request)
    values = dict(fields)
    visitor.check_form(values.get("csrf"))
    revision = values.get("revision", "")
    _same(present, revision)
    content = desk.service.revision(assessment, revision)
    made = edit_of_form(fields, content)
    accepting = [
        {"finding": name.removeprefix("accept:"), "reason": text}
        for name, text in fields
        if name.startswith("accept:") and text.strip()
    ]
    document = made.model_dump(mode="json")
    if accepting:
        document = {**document, "accepted": [*document["accepted"], *accepting]}
    if values.get("override_score", "").strip():
        document["override"] = {
            "score": _number(values["override_score"]),
            "reason": values.get("override_reason", ""),
            "citations": [{"passage": values.get("override_passage", ""), "quote": values.get("override_quote", "")}],
        }
    made = edit_from(document)
    if made == edit_of(content):
        raise InvalidInput("The edit changes nothing.")
    if values.get("confirmed") == "yes":
        desk.decide(visitor, assessment, lambda service, by: service.edit(assessment, revision, by, made))
        return RedirectResponse(f"/review/{assessment}", status_code=303)
    after = desk.service.preview(assessment, revision, made)
    kept = [(name, text) for name, text in fields if name not in ("csrf", "confirmed")]
    return page(
        request,
        "edit.html.j2",
        visitor=visitor,
        review=present,
        lines=changes(content, after),
        before=content,
        after=after,
        blocks=[f for f in after.guard.findings if f.tier is Tier.BLOCK],
        fields=kept,
    )


@router.post("/{assessment}/approve")
def approve(request: Request, assessment: str, revision: Revision, csrf: Csrf = "") -> Response:
    """Approve exactly the revision that was shown."""
    desk = desk_of(request)
    visitor = _form(desk, request, csrf)
    _known(desk, assessment)
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
    _known(desk, assessment)
    chosen = tuple(section or ())
    desk.decide(visitor, assessment, lambda service, by: service.send_back(assessment, revision, by, reason, chosen))
    return RedirectResponse(f"/review/{assessment}", status_code=303)


@router.post("/{assessment}/reject")
def reject(request: Request, assessment: str, revision: Revision, reason: Reason = "", csrf: Csrf = "") -> Response:
    """End it without a publication."""
    desk = desk_of(request)
    visitor = _form(desk, request, csrf)
    _known(desk, assessment)
    desk.decide(visitor, assessment, lambda service, by: service.reject(assessment, revision, by, reason))
    return RedirectResponse(f"/review/{assessment}", status_code=303)


@router.post("/{assessment}/defer")
def defer(request: Request, assessment: str, revision: Revision, csrf: Csrf = "") -> Response:
    """Leave it open and give it back."""
    desk = desk_of(request)
    visitor = _form(desk, request, csrf)
    present = open_review(desk, assessment)
    _same(present, revision)
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
    """Say something about a claim."""
    desk = desk_of(request)
    visitor = _form(desk, request, csrf, Scope.RUN)
    _same(open_review(desk, assessment), revision)
    desk.service.comment(assessment, revision, visitor.reviewer, path, text)
    return RedirectResponse(f"/review/{assessment}#{f'c-{path}' if path else 'comments'}", status_code=303)


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
    _, present = _present(desk, request, assessment)
    text, policy = as_published(desk, present)
    return HTMLResponse(text, headers={"content-security-policy": policy})


def _present(desk: Desk, request: Request, assessment: str, scope: Scope = Scope.READ) -> tuple[Visitor, ReviewRow]:
    visitor = desk.visitor(request, scope)
    return visitor, open_review(desk, assessment)


def _form(desk: Desk, request: Request, csrf: str, scope: Scope = Scope.DECIDE) -> Visitor:
    visitor = desk.visitor(request, scope)
    visitor.check_form(csrf)
    return visitor


def _known(desk: Desk, assessment: str) -> None:
    """Raises NotFound for anything but a whole id."""
    if desk.engine.stores.assessments.get(assessment).id != assessment:
        raise NotFound(f"There is no assessment {assessment}.")


def _same(present: ReviewRow, revision: str) -> None:
    if present.revision != revision:
        raise Conflict(f"The revision that waits is {present.revision}, not {revision}.", hint="Load the page again.")


async def _fields(request: Request) -> list[tuple[str, str]]:
    """The fields of a form, in order. Raises InvalidInput for a file among them."""
    form = await request.form(max_files=0, max_fields=3000)
    fields = list(form.multi_items())
    if any(isinstance(value, UploadFile) for _, value in fields):
        raise InvalidInput("The form holds a file, expected texts only.")
    return [(name, str(value)) for name, value in fields]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InvalidInput(f"The override's score is {text[:20]!r}, expected a number.") from None


def _state(desk: Desk, assessment: str) -> dict[str, object]:
    """Where an assessment stands, as the page says it."""
    stores = desk.engine.stores
    row = stores.assessments.get(assessment)
    present = stores.reviews.open_review(assessment)
    publication = stores.publications.of(assessment)
    decisions = stores.reviews.decisions(assessment)
    last = decisions[-1] if decisions else None
    return {
        "id": row.id,
        "role": row.role,
        "status": row.status.value,
        "busy": desk.worker.busy(assessment),
        "revision": None if present is None else present.revision,
        "message": str((row.outcome or {}).get("message") or ""),
        "published": None
        if publication is None or publication.status != "done"
        else f"/published/roles/{publication.slug}/v{publication.version}/",
        "decided": None
        if last is None
        else f"{last.reviewer} decided {last.action.replace('_', ' ')} on gate {last.gate.value} at {last.decided_at}.",
    }
