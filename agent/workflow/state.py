"""What a checkpoint holds: ids and small values, plain JSON. Drafts and evidence live in the store."""

from __future__ import annotations

from typing import Annotated, TypedDict

GRAPH_VERSION = "2"
"""Raised when a node is renamed or a paused state cannot be continued by newer code."""

MAX_ROUNDS = 2
"""How often the guard sends a section back to the model before a person sees it."""


def merged(left: dict[str, int] | None, right: dict[str, int] | None) -> dict[str, int]:
    """Parallel nodes each write their own key."""
    return {**(left or {}), **(right or {})}


class State(TypedDict, total=False):
    """The state of one assessment."""

    assessment: str
    graph_version: str
    drafts: Annotated[dict[str, int], merged]
    """Serial of the newest draft, by section."""
    from_base: Annotated[dict[str, int], merged]
    """1 for a section that stands as it is in the base revision, by section."""
    rounds: Annotated[dict[str, int], merged]
    """Redrafts on findings since the first draft or the last send-back, by section."""
    guards: int
    """How many guard reports there are."""
    redraft: list[str]
    """The sections to draft again now."""
    sent_back: str
    """The decision whose reasons a redraft answers; empty for none."""
    base: str
    """The revision a send-back, a commentary or a lens starts from; empty for none."""
    refreshed: bool
    """Whether a published version is taken up instead of beginning with the role's title."""
    taken: dict[str, int]
    """Serial of the draft that holds the commentary, or the lens, of the version taken up, by section."""
    samples: int
    """How many drafts of the inputs were made independently of the first; none while it is missing."""
    stopped: str
    """Why no assessment is made; empty while one is."""
    freezes: int
    """How many revisions were put up for review."""
    revision: str
    gate: str
    review: str
    """The review that decides about the revision."""
    decision: dict[str, str]
    """The answer of the last gate: `id` and `action`."""
