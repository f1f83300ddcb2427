"""The queue: what waits, the riskiest first, and who holds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from agent.errors import NotFound
from agent.review.identity import Scope
from agent.review.queue import Counts, counts, queue_of
from agent.schemas.vocabulary import Gate
from agent.store.reviews import ReviewRow
from agent.web.desk import Desk, desk_of
from agent.web.pages import page
from agent.web.stopped import Stopped, stopped_runs
from agent.web.visitor import Visitor

router = APIRouter(include_in_schema=False)
PAGE = 100
"""Items of one page."""


class Asked(BaseModel):
    """What somebody looks for in the queue."""

    model_config = ConfigDict(frozen=True)

    q: str = Field(default="", max_length=200)
    gate: str = Field(default="", max_length=20)
    zone: str = Field(default="", max_length=20)
    only: str = Field(default="", max_length=10)
    """`mine`, `free` or `risky`."""
    start: int = Field(default=0, ge=0, le=1_000_000)

    @property
    def looks(self) -> bool:
        """Whether anything narrows the queue."""
        return bool(self.q or self.gate or self.zone or self.only)


@dataclass(frozen=True)
class QueueView:
    """The queue as a page shows it."""

    asked: Asked
    rows: tuple[ReviewRow, ...]
    found: int
    counts: Counts
    busy: tuple[tuple[str, str], ...]
    """(id, role) of what is being carried on just now."""
    stopped: tuple[Stopped, ...]
    """What stopped before a checkpoint; nothing while somebody looks for something, as in `assess-role queue`."""

    @property
    def more(self) -> int | None:
        """Where the next page begins; `None` on the last."""
        end = self.asked.start + len(self.rows)
        return end if end < self.found else None


def view_of(desk: Desk, visitor: Visitor, asked: Asked) -> QueueView:
    """The rows that fit, of those that wait."""
    waiting = desk.service.waiting()
    gates = {gate.value: gate for gate in Gate}
    found = queue_of(
        waiting,
        text=asked.q,
        gate=gates.get(asked.gate),
        zone=asked.zone or None,
        holder=visitor.name if asked.only == "mine" else None,
        free=asked.only == "free",
        risky=asked.only == "risky",
    )
    return QueueView(
        asked=asked,
        rows=found[asked.start : asked.start + PAGE],
        found=len(found),
        counts=counts(waiting),
        busy=desk.worker.working(),
        stopped=() if asked.looks else stopped_runs(desk.engine, desk.worker, waiting),
    )


@router.get("/")
def queue(request: Request, asked: Annotated[Asked, Query()]) -> Response:
    """The queue."""
    desk = desk_of(request)
    visitor = desk.visitor(request)
    template = "queue_rows.html.j2" if request.headers.get("x-part") == "rows" else "queue.html.j2"
    return page(request, template, visitor=visitor, queue=view_of(desk, visitor, asked))


@router.post("/queue/{assessment}/claim")
def claim(
    request: Request,
    assessment: str,
    csrf: Annotated[str, Form()] = "",
    over: Annotated[str | None, Form(max_length=2000)] = None,
) -> Response:
    """Take a review, or take it over with a reason, and open it."""
    desk = desk_of(request)
    visitor = desk.visitor(request, Scope.DECIDE)
    visitor.check_form(csrf)
    desk.service.claim(open_review(desk, assessment).id, visitor.reviewer, over=over or None)
    return RedirectResponse(f"/review/{assessment}", status_code=303)


@router.post("/queue/{assessment}/release")
def release(request: Request, assessment: str, csrf: Annotated[str, Form()] = "") -> Response:
    """Give a review back."""
    desk = desk_of(request)
    visitor = desk.visitor(request, Scope.DECIDE)
    visitor.check_form(csrf)
    desk.service.release(open_review(desk, assessment).id, visitor.reviewer)
    return RedirectResponse("/", status_code=303)


@router.post("/queue/{assessment}/resume")
def resume(request: Request, assessment: str, csrf: Annotated[str, Form()] = "") -> Response:
    """Carry on a run that stopped; its page says how far it is."""
    desk = desk_of(request)
    visitor = desk.visitor(request, Scope.RUN)
    visitor.check_form(csrf)
    desk.resume(visitor, assessment)
    return RedirectResponse(f"/review/{assessment}", status_code=303)


def open_review(desk: Desk, assessment: str) -> ReviewRow:
    """What waits of an assessment, by its whole id. Raises NotFound."""
    found = desk.engine.stores.reviews.open_review(assessment)
    if found is None:
        raise NotFound(f"Assessment {assessment} has nothing up for review.")
    return found
