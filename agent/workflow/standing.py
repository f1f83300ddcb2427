"""What made a published version due, and what of it its next version holds unchanged, because a person left it so."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from agent.schemas.assessment import Assessment
from agent.schemas.places import PlacedClaim, placed_claims
from agent.schemas.record import PublishedAssessment
from agent.schemas.refresh import Refresh, RefreshReason
from agent.workflow.refresh_nodes import published_of
from agent.workflow.workbench import Workbench

DIMENSION = "evidence."
"""Before the name of a dimension that a reason is about as a whole."""


@dataclass(frozen=True)
class Standing:
    """A reason of the last refresh that stands, and who decided so."""

    reason: RefreshReason
    """Its places are those in the present version."""
    version: int
    """The version that was published with what the reason is about."""
    decided_by: str
    decided_at: str
    """ISO 8601, UTC: the approval that it was published on."""

    def document(self) -> dict[str, object]:
        """What `assess-role refresh --json` prints of it."""
        return {
            **self.reason.model_dump(mode="json", include={"kind", "section", "places", "message"}),
            "version": self.version,
            "decided_by": self.decided_by,
            "decided_at": self.decided_at,
        }


def standing(bench: Workbench, published: PublishedAssessment, due: Sequence[RefreshReason]) -> tuple[Standing, ...]:
    """The reasons that a published version is a refresh for and holds unchanged; empty for one that was drafted whole.
    What is `due` again is told there."""
    record = published.record
    if record.refreshed is None:
        return ()
    # The last decision of a run that published is the approval of what it published.
    approval = record.decisions[-1]
    return tuple(
        Standing(reason, record.version, approval.reviewer, approval.decided_at)
        for reason in left(record.refreshed, published_of(bench, record.refreshed), published.assessment)
        if not any(_is_same(reason, other) for other in due)
    )


def left(refresh: Refresh, before: Assessment, now: Assessment) -> tuple[RefreshReason, ...]:
    """The reasons of a refresh of which something stands in `now` as it did in `before`, each with where. A claim may
    have moved within its section; of a dimension everything has to stand. What a person asked for is about no claim."""
    were = {placed.path: placed for placed in _claims(before)}
    held = _claims(now)
    found = []
    for reason in refresh.reasons:
        places = [place for path in reason.places for place in _places(path, reason, were.get(path), before, now, held)]
        if places:
            found.append(reason.model_copy(update={"places": tuple(dict.fromkeys(places))}))
    return tuple(found)


def _places(
    path: str,
    reason: RefreshReason,
    was: PlacedClaim | None,
    before: Assessment,
    now: Assessment,
    held: Collection[PlacedClaim],
) -> list[str]:
    """Where what stood at `path` stands now: nowhere, or once for each claim of its words and citations."""
    if was is not None:
        return [placed.path for placed in held if (placed.section, placed.claim) == (reason.section, was.claim)]
    return [path] if _part(path, before) == _part(path, now) else []


def _part(path: str, content: Assessment) -> object:
    """A dimension with its score, or else the claims of a part."""
    drafts = {f"{DIMENSION}{name}": draft for name, draft in content.inputs.evidence.items()}
    return drafts.get(path) or [placed.claim for placed in _claims(content) if placed.path.startswith(f"{path}.")]


def _claims(content: Assessment) -> list[PlacedClaim]:
    return list(placed_claims(content.inputs, content.commentary, content.lens))


def _is_same(reason: RefreshReason, other: RefreshReason) -> bool:
    """Whether both are of one kind about one place."""
    return reason.kind is other.kind and bool(set(reason.places) & set(other.places))
