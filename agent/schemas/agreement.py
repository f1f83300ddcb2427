"""How far independent drafts of the same inputs agree (METHODOLOGY section 16).

Values only; the arithmetic is in `agent.scoring.agreement`.
"""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from agent.schemas.base import Value
from agent.schemas.scored import Intermediate, ScoreInputs
from agent.schemas.vocabulary import Zone


class DraftState(StrEnum):
    """What became of one draft."""

    SCORED = "scored"
    """The guard left no BLOCK finding, and the formula gives it a score."""
    ABSTAINED = "abstained"
    """It has too little evidence for a score."""
    BLOCKED = "blocked"
    """BLOCK findings were left after its redrafts, so that nobody could approve it."""


class IndependentDraft(Value):
    """The numbers of one draft, and what they come to."""

    sample: int = Field(ge=0)
    """Its sample index; 0 is the draft that went on to review."""
    model: str
    """The models that answered, as the endpoint or the recording named them."""
    state: DraftState
    reasons: tuple[str, ...] = ()
    """Why it has no score: what abstaining rests on, or the ids of its BLOCK findings."""
    inputs: ScoreInputs
    score: float | None = None
    """By the formula, one decimal; `None` unless it is scored."""
    zone: Zone | None = None
    label: str | None = None
    task_resistance: float | None = None
    """Two decimals, which is exact."""


class Spread(Value):
    """One input, sub-score or score over the scored drafts."""

    input: str
    """Its place, for example `score`, `evidence`, `evidence.wages`, `tasks.displacement`, `tasks.t2.share`."""
    name: str | None = None
    """The task's name where it is one of a task."""
    values: tuple[float | None, ...]
    """One a scored draft, in the order of the drafts; `None` is unknown evidence."""
    low: float
    high: float
    """Between which they lie, unknown counted as the formula counts it."""
    tolerance: float | None = None
    """How far apart they may be; `None` where no rule looks at it."""
    differs: bool = False
    """They are further apart than that."""


class Agreement(Value):
    """Several independent drafts of one role's inputs, side by side."""

    policy: str
    """Version of the rules of agreement."""
    drafts: tuple[IndependentDraft, ...] = Field(min_length=2)
    """In the order of their sample indexes."""
    zones: dict[Zone, int]
    """How many drafts have a score in which zone; only zones that occur."""
    low: float | None
    high: float | None
    """The lowest and the highest score; `None` with fewer than two scored drafts: no interval is known."""
    spreads: tuple[Spread, ...]
    """Empty where no interval is known."""
    defaults: tuple[Intermediate, ...]
    """The rules of agreement, all of them ours."""

    @property
    def scored(self) -> tuple[IndependentDraft, ...]:
        """The drafts that have a score."""
        return tuple(draft for draft in self.drafts if draft.state is DraftState.SCORED)

    @property
    def unscored(self) -> tuple[IndependentDraft, ...]:
        """The drafts that have none."""
        return tuple(draft for draft in self.drafts if draft.state is not DraftState.SCORED)

    def spread(self, place: str) -> Spread | None:
        """The spread of one input."""
        return next((spread for spread in self.spreads if spread.input == place), None)
