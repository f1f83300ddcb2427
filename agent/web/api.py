"""The JSON interface: reading, starting, commenting and deciding, each by one call of what the pages call too.

Who acts is whoever the token or the session is of, never a field of a body. Ids are whole.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Security
from fastapi.security import APIKeyCookie, APIKeyHeader, HTTPBearer

from agent.errors import NotFound
from agent.review.changing import Change, edit_with
from agent.review.comments import AnchoredComment, Fate
from agent.review.identity import Scope
from agent.review.queue import counts, queue_of
from agent.review.service import Reviewer, ReviewService
from agent.schemas.vocabulary import Gate, Zone
from agent.store.assessments import AssessmentRow
from agent.store.comments import CommentRow
from agent.store.publications import PublicationRow
from agent.store.reviews import ApprovalRow, ReviewRow, Taken
from agent.web import api_shapes as shapes
from agent.web.desk import Desk, desk_of
from agent.web.opened import check_same
from agent.web.published import address_of, document_of
from agent.web.queue_pages import open_review
from agent.web.visitor import COOKIE, Visitor
from agent.workflow.documents import computed
from agent.workflow.engine import request_for
from agent.workflow.lists import queue_items
from agent.workflow.summary import parts_document, summary, waits_for

CSRF_HEADER = "X-CSRF"
MAX_START = 1_000_000
FAILURES: dict[int | str, dict[str, Any]] = {
    400: {"model": shapes.Failure, "description": "The body is no JSON."},
    401: {"model": shapes.Failure, "description": "No valid token and no session."},
    403: {"model": shapes.Failure, "description": "Not for this token, this person, or this session without X-CSRF."},
    404: {"model": shapes.Failure, "description": "There is no such thing."},
    409: {
        "model": shapes.Failure,
        "description": "Somebody was first, the content may not be published, or no model is connected.",
    },
    413: {"model": shapes.Failure, "description": "The request is too large."},
    422: {"model": shapes.Failure, "description": "The request breaks rules, all of which are named."},
    503: {"model": shapes.Failure, "description": "Something has to be set up, freed or waited for."},
}
_KEYS = (
    Security(HTTPBearer(auto_error=False, description="A token of `assess-role reviewer token NAME`.")),
    Security(APIKeyCookie(name=COOKIE, auto_error=False, description="The session of a browser.")),
    Security(
        APIKeyHeader(name=CSRF_HEADER, auto_error=False, description="With the session: the secret of its forms.")
    ),
)
router = APIRouter(prefix="/api/v1", responses=FAILURES, dependencies=list(_KEYS), tags=["review"])


def _caller(scope: Scope) -> Any:
    """A parameter that is the caller, who may do what `scope` is for."""

    def caller(request: Request) -> Visitor:
        visitor = desk_of(request).visitor(request, scope)
        if request.method not in ("GET", "HEAD"):
            visitor.check_form(request.headers.get(CSRF_HEADER))
        return visitor

    return Depends(caller)


At = Annotated[Desk, Depends(desk_of)]
Reader = Annotated[Visitor, _caller(Scope.READ)]
Runner = Annotated[Visitor, _caller(Scope.RUN)]
Decider = Annotated[Visitor, _caller(Scope.DECIDE)]
Id = Annotated[str, Path(pattern=shapes.ID, max_length=60, description="The whole id of an assessment.")]
Limit = Annotated[int, Query(ge=1, le=200)]
From = Annotated[int, Query(ge=0, le=MAX_START, description="How many to pass over.")]


@router.get("/queue")
def queue(
    desk: At,
    visitor: Reader,
    q: Annotated[str, Query(max_length=200, description="Words in role, seniority, label or id.")] = "",
    gate: Gate | None = None,
    zone: Zone | None = None,
    holder: Annotated[str | None, Query(max_length=100)] = None,
    free: Annotated[bool, Query(description="Only what nobody holds.")] = False,
    risky: Annotated[bool, Query(description="Only what guard or formula found something about.")] = False,
    start: From = 0,
    limit: Limit = 50,
) -> shapes.Queue:
    """What waits for review, the riskiest first, then the oldest."""
    waiting = desk.service.waiting()
    found = queue_of(
        waiting, text=q, gate=gate, zone=None if zone is None else zone.value, holder=holder, free=free, risky=risky
    )
    rows = found[start : start + limit]
    numbers = counts(waiting).model_dump(include=set(shapes.Numbers.model_fields))
    return shapes.Queue(
        items=[_item(row, item) for row, item in zip(rows, queue_items(rows), strict=True)],
        found=len(found),
        next=_next(start, len(rows), len(found)),
        counts=shapes.Numbers(**numbers),
    )


@router.post("/assessments", status_code=202)
def start(desk: At, visitor: Runner, body: shapes.Start) -> shapes.Standing:
    """Begin an assessment, which is then drafted up to its first gate; with a connected model this makes paid calls."""
    request = request_for(desk.engine, body.role, seniority=body.seniority, recorded=body.recorded)
    assessment = desk.engine.runner.create(request, visitor.name)
    begun = _standing(desk, assessment)
    desk.worker.carry_on(assessment)
    return begun


@router.post("/assessments/{assessment}/resume", status_code=202)
def resume(desk: At, visitor: Runner, assessment: Id) -> shapes.Standing:
    """Carry on a run that stopped before a checkpoint, which may make paid calls. `GET` tells where it stands."""
    desk.resume(visitor, assessment)
    return _standing(desk, assessment)


@router.get("/assessments/{assessment}")
def assessment_standing(desk: At, visitor: Reader, assessment: Id) -> shapes.Standing:
    """Where an assessment stands."""
    return _standing(desk, _whole(desk, assessment).id)


@router.get("/assessments/{assessment}/revisions/{revision}")
def revision_content(
    desk: At, visitor: Reader, assessment: Id, revision: Annotated[str, Path(pattern=shapes.HASH, max_length=71)]
) -> shapes.RevisionContent:
    """A frozen revision, whole."""
    row = desk.engine.stores.assessments.revision(_whole(desk, assessment).id, revision)
    return shapes.RevisionContent(
        id=row.assessment,
        revision=row.hash,
        number=row.number,
        gate=row.gate,
        origin=row.origin,
        parent=row.parent,
        created_at=row.created_at,
        content=desk.service.revision(row.assessment, row.hash),
    )


@router.post("/assessments/{assessment}/claim")
def claim(desk: At, visitor: Decider, assessment: Id, body: shapes.Claim) -> shapes.Lease:
    """Take the review that waits, or go on holding it."""
    lease = desk.service.claim(open_review(desk, assessment).id, visitor.reviewer, over=body.over)
    return shapes.Lease(id=assessment, claimed_by=lease.holder, claimed_until=lease.expires_at)


@router.post("/assessments/{assessment}/release")
def release(desk: At, visitor: Decider, assessment: Id) -> shapes.Released:
    """Give the review back."""
    released = desk.service.release(open_review(desk, assessment).id, visitor.reviewer)
    return shapes.Released(id=assessment, released=released)


@router.post("/assessments/{assessment}/decisions")
def decide(desk: At, visitor: Decider, assessment: Id, body: shapes.Decision) -> shapes.Recorded:
    """Decide about exactly the revision that was read. The run is then carried on; `GET` tells where it stands."""
    row = _whole(desk, assessment)
    if isinstance(body, shapes.Defer):
        visitor.check_scope(Scope.DECIDE)
        desk.service.defer(row.id, body.revision, visitor.reviewer)
        gate = desk.engine.stores.assessments.revision(row.id, body.revision).gate
        return _recorded(visitor, row.id, body, gate, decision=None, waits=None)
    taken = desk.decide(visitor, row.id, lambda service, by: _take(service, by, row.id, body))
    gate = desk.engine.stores.reviews.find(taken.review).gate
    if isinstance(taken, ApprovalRow):
        waits = waits_for(desk.engine.stores, row.id) or None
        return _recorded(visitor, row.id, body, gate, decision=None, waits=waits)
    return _recorded(visitor, row.id, body, gate, decision=taken.id, waits=None)


@router.post("/assessments/{assessment}/parts")
def accept_part(desk: At, visitor: Decider, assessment: Id, body: shapes.Mark) -> shapes.Marked:
    """Accept a task or a dimension of the revision that waits, or take that back. Approval is a decision of its own."""
    row = _whole(desk, assessment)
    desk.service.accept_part(row.id, body.revision, visitor.reviewer, body.place, accepted=body.accepted)
    present = check_same(desk, row.id, body.revision)
    parts = desk.service.parts(present.id, desk.service.revision(row.id, body.revision))
    return shapes.Marked(id=row.id, parts=shapes.AcceptedParts.model_validate(parts_document(parts)))


@router.get("/assessments/{assessment}/comments")
def comments(desk: At, visitor: Reader, assessment: Id) -> shapes.Remarks:
    """Every comment, with the place in the newest revision that it is about."""
    row = _whole(desk, assessment)
    revisions = desk.engine.stores.assessments.revisions(row.id)
    if not revisions:
        return shapes.Remarks(items=[])
    content = desk.service.revision(row.id, revisions[-1].hash)
    return shapes.Remarks(items=[_anchored(one) for one in desk.service.comments(row.id, content)])


@router.post("/assessments/{assessment}/comments", status_code=201)
def comment(desk: At, visitor: Runner, assessment: Id, body: shapes.Comment) -> shapes.OneRemark:
    """Say something about a claim or a part, or about the whole."""
    row = _whole(desk, assessment)
    kept = desk.service.comment(row.id, body.revision, visitor.reviewer, body.place, body.text)
    return shapes.OneRemark(comment=_remark(kept, kept.place, "same"))


@router.post("/assessments/{assessment}/comments/{comment}/resolve")
def resolve(
    desk: At,
    visitor: Runner,
    assessment: Id,
    comment: Annotated[str, Path(pattern=shapes.COMMENT, max_length=22)],
) -> shapes.OneRemark:
    """Mark a comment on this assessment as done."""
    known = {one.id for one in desk.service.remarks.of(_whole(desk, assessment).id)}
    if comment not in known:
        raise NotFound(f"Assessment {assessment} has no comment {comment}.")
    kept = desk.service.resolve(comment, visitor.reviewer)
    return shapes.OneRemark(comment=_remark(kept, kept.place, "same"))


@router.post("/score")
def score(visitor: Reader, body: shapes.ScoreInput) -> shapes.Scored | shapes.Abstained:
    """What the formula makes of inputs. Calls no model, stores nothing."""
    document = computed(body.model_dump(mode="json", exclude_none=False))
    made = shapes.Scored if document["status"] == "scored" else shapes.Abstained
    return made.model_validate(document)


@router.get("/published")
def published(desk: At, visitor: Reader, start: From = 0, limit: Limit = 50) -> shapes.PublishedList:
    """Everything published, also what was withdrawn since, by slug and version."""
    rows = desk.engine.stores.publications.done()
    shown = rows[start : start + limit]
    return shapes.PublishedList(
        items=[_published(row) for row in shown],
        found=len(rows),
        next=_next(start, len(shown), len(rows)),
    )


@router.get("/published/{slug}/{version}")
def published_document(
    desk: At,
    visitor: Reader,
    slug: Annotated[str, Path(pattern=shapes.SLUG, max_length=200)],
    version: Annotated[int, Path(ge=1, le=1_000_000)],
) -> shapes.PublishedDocument:
    """A published version with its document, read back and held against its hash."""
    for row in desk.engine.stores.publications.done():
        if (row.slug, row.version) == (slug, version):
            return shapes.PublishedDocument(published=_published(row), document=document_of(row))
    raise NotFound(f"Nothing is published as version {version} of {slug}.")


def _whole(desk: Desk, assessment: str) -> AssessmentRow:
    return desk.engine.stores.assessments.whole(assessment)


def _next(start: int, shown: int, found: int) -> int | None:
    return start + shown if shown and start + shown < found else None


def _item(row: ReviewRow, item: dict[str, object]) -> shapes.Item:
    more = {"risk": row.risk, "claimed_until": row.claimed_until, "requested_by": row.requested_by}
    return shapes.Item.model_validate({**item, **more})


def _standing(desk: Desk, assessment: str) -> shapes.Standing:
    """What `show` prints, with the address of a published page in the place of its folder on the server."""
    document = summary(desk.engine.stores, assessment)
    publication = desk.engine.stores.publications.of(assessment)
    if publication is not None and document["published"] is not None:
        withdrawn = None if publication.withdrawn is None else publication.withdrawn.model_dump()
        document["published"] = {
            "version": publication.version,
            "address": address_of(publication),
            "withdrawn": withdrawn,
        }
    return shapes.Standing.model_validate(document)


def _take(service: ReviewService, by: Reviewer, assessment: str, body: shapes.Decision) -> Taken:
    if isinstance(body, shapes.Approve):
        return service.approve(assessment, body.revision, by)
    if isinstance(body, shapes.SendBack):
        return service.send_back(assessment, body.revision, by, body.reason, tuple(body.sections))
    if isinstance(body, shapes.EditBy):
        changes = [Change(place=one.place, value=one.value) for one in body.changes]
        edit = edit_with(service.revision(assessment, body.revision), changes)
        return service.edit(assessment, body.revision, by, edit)
    if isinstance(body, shapes.Reject):
        return service.reject(assessment, body.revision, by, body.reason)
    raise TypeError(f"{body.action} decides nothing")


def _recorded(
    visitor: Visitor, assessment: str, body: shapes.Decision, gate: Gate, *, decision: str | None, waits: str | None
) -> shapes.Recorded:
    return shapes.Recorded(
        id=assessment,
        action=body.action,
        gate=gate,
        revision=body.revision,
        reviewer=visitor.name,
        decision=decision,
        waits_for=waits,
    )


def _anchored(one: AnchoredComment) -> shapes.Remark:
    return _remark(one.comment, one.place, one.fate)


def _remark(row: CommentRow, place: str, fate: Fate) -> shapes.Remark:
    kept = row.model_dump(include={"id", "revision", "claim", "author", "text", "created_at"})
    return shapes.Remark(**kept, place=place, fate=fate, resolved_by=row.resolved_by, resolved_at=row.resolved_at)


def _published(row: PublicationRow) -> shapes.PublishedItem:
    kept = row.model_dump(exclude={"assessment", "status", "path", "files"})
    return shapes.PublishedItem.model_validate({**kept, "id": row.assessment, "address": address_of(row)})
