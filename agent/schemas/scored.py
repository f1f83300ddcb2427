"""What the deterministic function takes and returns (METHODOLOGY sections 1 to 6 and 8).

Values only; the arithmetic is in `agent.scoring`. Numbers that are printed with one decimal are floats holding exactly
that decimal; everything exact is a string of decimal digits.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from agent.schemas.base import Value
from agent.schemas.vocabulary import BarrierName, Bucket, EvidenceName, PrincipleName, Zone

TaskScore = Annotated[int, Field(ge=1, le=5, strict=True)]
Share = Annotated[int, Field(ge=1, le=100, strict=True)]
EvidenceScore = Annotated[int, Field(ge=-2, le=2, strict=True)]
BarrierScore = Annotated[int, Field(ge=0, le=2, strict=True)]
PrincipleScore = Annotated[int, Field(ge=0, le=3, strict=True)]
GrowthScore = Annotated[int, Field(ge=-2, le=2, strict=True)]


class ScoredTask(Value):
    """One task as the formula sees it."""

    name: str = Field(min_length=1, max_length=200)
    share: Share
    """Share of working time, whole percent."""
    score: TaskScore
    """1 only a human, 5 an agent does it end to end."""
    bucket: Bucket


class ScoreInputs(Value):
    """Everything that enters the score, and the principles that are only displayed."""

    tasks: tuple[ScoredTask, ...]
    evidence: dict[EvidenceName, EvidenceScore | None]
    """All five dimensions; `None` is unknown, 0 is read and balanced."""
    barriers: dict[BarrierName, BarrierScore]
    growth: GrowthScore
    principles: dict[PrincipleName, PrincipleScore]


class Contribution(Value):
    """One term of the sum that gives the printed score."""

    factor: str
    """tasks, evidence, barriers, growth, clamp or override."""
    points: float
    """Points of the printed score, one decimal; all terms add up to it exactly."""
    unrounded: str
    """The same term as exact as it is printed anywhere: 6 decimals."""


class Step(Value):
    """One input moved by one, everything else as it is."""

    model_config = ConfigDict(populate_by_name=True)

    input: str
    """`task: NAME`, `evidence`, `barriers` or `growth`."""
    from_: int = Field(alias="from")
    to: int
    score: float
    zone: Zone


class Crossing(Value):
    """The smallest change that carries the score over one zone line, as a signal to watch."""

    line: float
    """The score at the line: 48 or 25."""
    direction: Literal["up", "down"]
    changes: tuple[Step, ...]
    """The steps to take together, in order; `score` and `zone` are those after each. Empty: nothing reaches it."""
    signal: str
    """The change in words, generated from the numbers."""


class Robustness(Value):
    """How firmly the zone stands when the inputs are moved one step (METHODOLOGY section 8)."""

    steps: int
    """How many single steps stay inside their ranges."""
    flips: tuple[Step, ...]
    """The single steps that change the zone."""
    table: tuple[Step, ...]
    """Every single step, in printed order."""
    joint_low: float
    """The score with each task score and the totals E, B and G one step worse."""
    joint_high: float
    """The score with each task score and the totals E, B and G one step better."""
    joint_low_zone: Zone
    joint_high_zone: Zone
    crossings: tuple[Crossing, ...]
    verdict: str
    """One sentence generated from the counts."""


class Intermediate(Value):
    """One printed line of the derivation."""

    name: str
    value: str


class QuickScreen(Value):
    """The prior expectation from P and G alone. It never changes the score (METHODOLOGY section 5)."""

    expectation: str
    zone: Zone
    agrees: bool


class Override(Value):
    """What an assessor changed by hand (METHODOLOGY section 6)."""

    score: float = Field(ge=0, le=100, allow_inf_nan=False)
    """The overridden score of record, one decimal, within 5.0 points of the formula score."""
    reason: str = Field(min_length=10, max_length=2000)


class ScoreResult(Value):
    """The score of record with everything needed to recompute and doubt it."""

    score: float
    """The score of record, 0..100, one decimal: the formula score, or the overridden one."""
    formula_score: float
    unrounded: str
    """The composite before clamping and rounding, 12 decimals."""
    zone: Zone
    label: str
    label_reason: str
    """How the label follows from the numbers."""
    distance: str
    """The distance to the nearest line in words, generated from the score."""
    task_resistance: str
    """Exact decimal digits."""
    evidence: int
    barriers: int
    growth: int
    protective: int
    unknown: tuple[EvidenceName, ...]
    """Evidence dimensions that entered as 0 because nothing admissible was found."""
    unknown_low: float | None
    """The score if every unknown dimension were -1; `None` when none is unknown."""
    unknown_high: float | None
    """The score if every unknown dimension were +1; `None` when none is unknown."""
    derivation: tuple[Intermediate, ...]
    """Every intermediate figure in formula order."""
    contributions: tuple[Contribution, ...]
    share_at_3_plus: int
    """Percent of working time on tasks that score 3 or more."""
    split: dict[Bucket, int]
    """Percent of working time a bucket."""
    quick_screen: QuickScreen
    robustness: Robustness
    override: Override | None
    clamped: bool
    policy: str
    """The version of the policy that gave this result."""
    defaults: tuple[Intermediate, ...]
    """Every default that is ours and not published, as printed beside the result."""
