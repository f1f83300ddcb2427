"""Every constant of the methodology in one frozen, versioned value.

A constant is *stated* in the published method, *derived* from published figures by arithmetic, or *ours*: a default
that is not published anywhere and is therefore printed beside every result (`defaults`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, NamedTuple, get_type_hints

from agent.schemas.scored import Intermediate
from agent.schemas.vocabulary import Bucket, LensBucket


class Status(StrEnum):
    """Where a constant comes from."""

    STATED = "stated"
    DERIVED = "derived"
    OURS = "ours"


STATED, DERIVED, OURS = Status.STATED, Status.DERIVED, Status.OURS


@dataclass(frozen=True, slots=True)
class Bounds:
    """A closed range of whole numbers."""

    low: int
    high: int

    def __contains__(self, value: object) -> bool:
        return isinstance(value, int) and self.low <= value <= self.high

    def __str__(self) -> str:
        return f"{self.low} to {self.high}"


class Origin(NamedTuple):
    """What a constant of `Policy` is, and where it comes from."""

    status: Status
    name: str
    unit: str = ""


@dataclass(frozen=True)
class Policy:
    """The constants of METHODOLOGY sections 1 to 8 and 10. A changed constant needs a new `version`."""

    version: str

    tr_base: Annotated[Fraction, Origin(STATED, "Task resistance is this minus the weighted task score")] = Fraction(6)
    evidence_weight: Annotated[Fraction, Origin(STATED, "Weight of a point of evidence")] = Fraction("0.04")
    barrier_weight: Annotated[Fraction, Origin(STATED, "Weight of a point of barriers")] = Fraction("0.02")
    growth_weight: Annotated[Fraction, Origin(STATED, "Weight of a point of growth")] = Fraction("0.05")
    raw_floor: Annotated[Fraction, Origin(STATED, "Raw value that scores 0")] = Fraction("0.54")
    raw_span: Annotated[Fraction, Origin(STATED, "Raw distance between scores 0 and 100")] = Fraction("7.93")
    score_range: Annotated[Bounds, Origin(OURS, "The composite is clamped to")] = Bounds(0, 100)

    task_count: Annotated[Bounds, Origin(OURS, "Number of tasks")] = Bounds(5, 12)
    share_total: Annotated[int, Origin(STATED, "Sum of the task shares", "%")] = 100
    share: Annotated[Bounds, Origin(STATED, "Range of a task share", "%")] = Bounds(1, 100)
    task_score: Annotated[Bounds, Origin(STATED, "Range of a task score")] = Bounds(1, 5)
    evidence_score: Annotated[Bounds, Origin(STATED, "Range of an evidence dimension")] = Bounds(-2, 2)
    barrier_score: Annotated[Bounds, Origin(STATED, "Range of a barrier")] = Bounds(0, 2)
    principle_score: Annotated[Bounds, Origin(STATED, "Range of a protective principle")] = Bounds(0, 3)
    evidence_range: Annotated[Bounds, Origin(STATED, "Range of the evidence total")] = Bounds(-10, 10)
    barrier_range: Annotated[Bounds, Origin(STATED, "Range of the barrier total")] = Bounds(0, 10)
    growth_range: Annotated[Bounds, Origin(STATED, "Range of growth")] = Bounds(-2, 2)
    displacement_scores: Annotated[Bounds, Origin(OURS, "Task scores that allow displacement")] = Bounds(4, 5)
    augmentation_scores: Annotated[Bounds, Origin(OURS, "Task scores that allow augmentation")] = Bounds(2, 4)
    not_involved_scores: Annotated[Bounds, Origin(OURS, "Task scores that allow not involved")] = Bounds(1, 2)

    green_line: Annotated[int, Origin(STATED, "Green from a score of")] = 48
    yellow_line: Annotated[int, Origin(STATED, "Yellow from a score of")] = 25
    exposed_score: Annotated[int, Origin(STATED, "A task is exposed from a score of")] = 3
    urgent_share: Annotated[int, Origin(STATED, "Yellow (Urgent) from exposed task time of", "%")] = 40
    accelerated_growth: Annotated[int, Origin(DERIVED, "Green (Accelerated) from growth of")] = 2
    transforming_share: Annotated[int, Origin(OURS, "Green (Transforming) from exposed task time of", "%")] = 20
    imminent_tr_below: Annotated[Fraction, Origin(OURS, "Red (Imminent) with task resistance below")] = Fraction("1.80")
    imminent_evidence: Annotated[int, Origin(OURS, "Red (Imminent) with evidence of at most")] = -6
    imminent_barriers: Annotated[int, Origin(OURS, "Red (Imminent) with barriers of at most")] = 2

    screen_red_protective: Annotated[int, Origin(STATED, "Quick screen: Red with negative growth and P of at most")] = 2
    screen_green_protective: Annotated[int, Origin(OURS, "Quick screen: likely Green with P of at least")] = 5
    screen_green_growth: Annotated[int, Origin(OURS, "Quick screen: likely Green with growth of at least")] = 2

    override_bound: Annotated[Fraction, Origin(DERIVED, "An override moves at most", " points")] = Fraction(5)
    robustness_step: Annotated[int, Origin(OURS, "Robustness moves each task score and each total by")] = 1
    unknown_value: Annotated[int, Origin(OURS, "An unknown evidence dimension enters as")] = 0
    unknown_span: Annotated[int, Origin(OURS, "The span of an unknown evidence dimension is plus or minus")] = 1
    abstain_unknown: Annotated[int, Origin(OURS, "Abstain from this many unknown evidence dimensions")] = 3
    abstain_sources: Annotated[int, Origin(OURS, "Abstain with fewer independent sources on the role than")] = 3

    quote_min_characters: Annotated[int, Origin(OURS, "A quote is at least this long", " characters")] = 12
    stale_months: Annotated[int, Origin(OURS, "Evidence is stale when it is older than", " months")] = 24
    strong_evidence_sources: Annotated[int, Origin(OURS, "Evidence of plus or minus 2 needs independent sources")] = 2
    strong_evidence_tier: Annotated[int, Origin(OURS, "Evidence of plus or minus 2 needs a source of tier at most")] = 2
    inert_tier: Annotated[int, Origin(OURS, "Never moves an evidence dimension alone: tier")] = 4

    lens_share_move: Annotated[int, Origin(STATED, "In the AI-driven lens a share moves at most", " points")] = 10
    lens_barrier_rise: Annotated[int, Origin(STATED, "In the AI-driven lens barriers rise at most by")] = 1
    lens_recursive_growth: Annotated[
        int, Origin(STATED, "Lens: only a role that exists because of AI has growth of")
    ] = 2
    lens_reread_step: Annotated[int, Origin(STATED, "A conservative re-read of the lens moves an axis by")] = 1
    fragile_band: Annotated[Bounds, Origin(STATED, "A lens score is fragile in the band of")] = Bounds(45, 51)
    displaced_scores: Annotated[Bounds, Origin(OURS, "Lens: task scores that allow displaced")] = Bounds(4, 5)
    enhanced_scores: Annotated[Bounds, Origin(OURS, "Lens: task scores that allow enhanced")] = Bounds(2, 4)
    unchanged_scores: Annotated[Bounds, Origin(OURS, "Lens: task scores that allow unchanged")] = Bounds(1, 3)

    def bucket_scores(self, bucket: Bucket) -> Bounds:
        """The task scores that do not contradict `bucket`."""
        return {
            Bucket.DISPLACEMENT: self.displacement_scores,
            Bucket.AUGMENTATION: self.augmentation_scores,
            Bucket.NOT_INVOLVED: self.not_involved_scores,
        }[bucket]

    def lens_bucket_scores(self, bucket: LensBucket) -> Bounds:
        """The task scores that do not contradict `bucket` of the AI-driven lens."""
        return {
            LensBucket.ENHANCED: self.enhanced_scores,
            LensBucket.UNCHANGED: self.unchanged_scores,
            LensBucket.DISPLACED: self.displaced_scores,
        }[bucket]


POLICY = Policy(version="aijri-1.2.0")
"""The policy in force."""


@dataclass(frozen=True)
class AgreementPolicy:
    """When independent drafts disagree (METHODOLOGY section 16), apart from `Policy` because no score rests on it. A
    changed constant needs a new `version`."""

    version: str

    drafts: Annotated[Bounds, Origin(OURS, "Independent drafts of the inputs")] = Bounds(1, 9)
    score_width: Annotated[Fraction, Origin(OURS, "The scores of drafts disagree when they are apart by more than")] = (
        Fraction(5)
    )
    input_width: Annotated[int, Origin(OURS, "A score of an input disagrees when drafts are apart by more than")] = 1
    share_width: Annotated[
        int, Origin(OURS, "The time in a bucket disagrees when drafts are apart by more than", " percentage points")
    ] = 20
    task_share_width: Annotated[
        int, Origin(OURS, "The share of one task disagrees when drafts are apart by more than", " percentage points")
    ] = 10


AGREEMENT = AgreementPolicy(version="drafts-1.0.0")
"""The rules of agreement in force."""

OUR_RULES = (
    Intermediate(name="Rounding of the score of record", value="half up to one decimal"),
    Intermediate(name="Zone", value="read off the score of record"),
    Intermediate(name="Quick screen: every cell that is not published", value="likely Yellow"),
    Intermediate(name="Override", value="a written reason and at least one citation; zone and label follow it"),
    Intermediate(name="AI-driven lens: unchanged", value="a task keeps the score that it has in the base"),
    Intermediate(name="AI-driven lens: joint re-reads", value="shown, and no part of what makes a zone fragile"),
)
"""Our defaults that are not numbers."""


def origins() -> dict[str, Origin]:
    """Where each constant of `Policy` comes from, by field name, in declared order."""
    return dict(_ORIGINS)


class Constant(NamedTuple):
    """A constant as it is printed."""

    field: str
    """Its field of `Policy`."""
    name: str
    value: str
    """With its unit."""
    status: Status


def constants(policy: Policy = POLICY) -> tuple[Constant, ...]:
    """Every constant, in the order of `Policy`."""
    return tuple(
        Constant(field, origin.name, f"{_shown(getattr(policy, field))}{origin.unit}", origin.status)
        for field, origin in _ORIGINS.items()
    )


def defaults(policy: Policy = POLICY) -> tuple[Intermediate, ...]:
    """Every default that is ours, in the order of `Policy`, as printed beside each result."""
    return _defaults(policy)


def agreement_defaults(policy: AgreementPolicy = AGREEMENT) -> tuple[Intermediate, ...]:
    """Every rule of agreement, in the order of `AgreementPolicy`, as printed beside an agreement."""
    return (
        *(
            Intermediate(name=origin.name, value=f"{_shown(getattr(policy, field))}{origin.unit}")
            for field, origin in _origins_of(AgreementPolicy).items()
        ),
        Intermediate(name="Drafts in different zones", value="disagree, however near they are"),
        Intermediate(name="A draft without a score", value="is named, and is part of no interval"),
    )


@lru_cache(maxsize=8)
def _defaults(policy: Policy) -> tuple[Intermediate, ...]:
    ours = tuple(
        Intermediate(name=constant.name, value=constant.value)
        for constant in constants(policy)
        if constant.status is OURS
    )
    return ours + OUR_RULES


def _shown(value: Fraction | Bounds | int) -> str:
    return f"{float(value):.2f}" if isinstance(value, Fraction) else str(value)


def _origins_of(policy: type[Policy] | type[AgreementPolicy]) -> dict[str, Origin]:
    return {
        name: note
        for name, hint in get_type_hints(policy, include_extras=True).items()
        for note in getattr(hint, "__metadata__", ())
        if isinstance(note, Origin)
    }


_ORIGINS = _origins_of(Policy)
