"""What the pages and the JSON interface stand on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import Request

from agent.review.identity import Scope
from agent.review.oidc import OpenIdSignIn
from agent.review.service import Reviewer, ReviewService
from agent.store.reviews import Taken
from agent.web.site import Site
from agent.web.stopped import check_simply
from agent.web.visitor import Door, Visitor
from agent.web.worker import Worker
from agent.workflow.engine import Engine


@dataclass(frozen=True)
class Desk:
    """One server's engine, door, worker and site."""

    engine: Engine
    door: Door
    worker: Worker
    site: Site | None = None
    """What is published; `None` where nothing is to be served."""
    issuer: OpenIdSignIn | None = None
    """Where people may sign in elsewhere; `None` where none is configured."""

    @property
    def service(self) -> ReviewService:
        """The review service: the only way to act on a review."""
        return self.engine.stores.review

    def visitor(self, request: Request, scope: Scope = Scope.READ) -> Visitor:
        """Who asks. Raises NotSignedIn, Forbidden."""
        found = self.door.visitor(request)
        found.check_scope(scope)
        return found

    def decide(self, visitor: Visitor, assessment: str, take: Callable[[ReviewService, Reviewer], Taken]) -> Taken:
        """Record a decision and have the run carried on behind it. Raises what the service raises."""
        visitor.check_scope(Scope.DECIDE)
        taken = self.engine.runner.take(assessment, lambda service: take(service, visitor.reviewer))
        self.worker.carry_on(self.engine.stores.assessments.get(assessment).id)
        return taken

    def resume(self, visitor: Visitor, assessment: str) -> None:
        """Have a run that stopped carried on, as `assess-role resume ID` does; nothing for one that is carried on.

        Raises Forbidden, NotFound, Conflict, and NeedsModel or BudgetSpent where it would stop again as it is.
        """
        visitor.check_scope(Scope.RUN)
        row = self.engine.stores.assessments.whole(assessment)
        if self.worker.busy(row.id):
            return
        check_simply(row, connected=self.engine.bench.connect is not None)
        self.engine.runner.reopen(row.id)
        self.worker.carry_on(row.id)


def desk_of(request: Request) -> Desk:
    """The desk of the application that a request came to."""
    found = request.app.state.desk
    if not isinstance(found, Desk):
        raise TypeError("the application has no desk")
    return found
