"""The method as the policy in force says it. Every number is taken from there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from agent.publishing import words
from agent.registry.site.scales import Mark, marks
from agent.schemas.scored import Intermediate
from agent.schemas.vocabulary import BarrierName, EvidenceName, LensOutcome, Zone
from agent.scoring import POLICY, Policy
from agent.scoring.derivation import plain
from agent.scoring.lens import OUTCOMES, REREADS
from agent.scoring.policy import OUR_RULES, Bounds, Constant, Status, constants, origins

STATUSES = {
    Status.STATED: "stated in the published method",
    Status.DERIVED: "derived from its published figures",
    Status.OURS: "a default of this project",
}


class InputRow(NamedTuple):
    """A group of inputs."""

    name: str
    parts: str
    each: str
    """Range of one part."""
    total: str
    in_score: str


class LabelRow(NamedTuple):
    """A label, tried in this order within its zone."""

    label: str
    zone: Zone
    rule: str
    status: str


@dataclass(frozen=True)
class MethodView:
    """The page on the method."""

    version: str
    used: Sequence[tuple[str, int]]
    """Policy versions of the published assessments and how many were scored with each."""
    formula: tuple[Intermediate, ...]
    extremes: str
    inputs: tuple[InputRow, ...]
    task_ends: tuple[int, int]
    """The lowest and the highest score of a task."""
    marks: tuple[Mark, ...]
    labels: tuple[LabelRow, ...]
    buckets: tuple[tuple[str, str, str], ...]
    """Bucket, its words and the scores that it allows."""
    robustness: tuple[str, ...]
    screen: tuple[str, ...]
    lens: tuple[Intermediate, ...]
    """The steps of the AI-driven lens in order."""
    impacts: tuple[str, ...]
    """What the lens says in words, beside its numbers."""
    evidence: tuple[str, ...]
    constants: tuple[tuple[Constant, str], ...]
    """Each with its status in words."""
    rules: tuple[Intermediate, ...]


def method_view(used: Sequence[tuple[str, int]], policy: Policy = POLICY) -> MethodView:
    """The method under `policy`; `used` is what the published assessments were scored with."""
    return MethodView(
        version=policy.version,
        used=used,
        formula=_formula(policy),
        extremes=_extremes(policy),
        inputs=_inputs(policy),
        task_ends=(policy.task_score.low, policy.task_score.high),
        marks=marks(policy),
        labels=_labels(policy),
        buckets=tuple((b.value, name, str(policy.bucket_scores(b))) for b, name in words.BUCKETS.items()),
        robustness=_robustness(policy),
        screen=_screen(policy),
        lens=_lens(policy),
        impacts=tuple(words.LENS_IMPACTS.values()),
        evidence=_evidence(policy),
        constants=tuple((constant, STATUSES[constant.status]) for constant in constants(policy)),
        rules=OUR_RULES,
    )


def _formula(policy: Policy) -> tuple[Intermediate, ...]:
    weights = (("E", policy.evidence_weight), ("B", policy.barrier_weight), ("G", policy.growth_weight))
    factors = " × ".join(f"(1 + {plain(weight)}·{letter})" for letter, weight in weights)
    floor, span = plain(policy.raw_floor), plain(policy.raw_span)
    lines = {
        "Task resistance": f"TR = {plain(policy.tr_base)} − Σ share × score, the share as a fraction",
        "Raw value": f"raw = TR × {factors}",
        "Composite": f"composite = (raw − {floor}) / {span} × 100",
        "Score of record": f"the composite, clamped to {policy.score_range}, rounded half up to one decimal",
    }
    return tuple(Intermediate(name=name, value=value) for name, value in lines.items())


def _extremes(policy: Policy) -> str:
    return (
        f"A raw value of {plain(policy.raw_floor)} scores 0, one of {plain(policy.raw_floor + policy.raw_span)} "
        f"scores 100."
    )


def _inputs(policy: Policy) -> tuple[InputRow, ...]:
    tasks = f"{policy.task_count} tasks with shares of working time that sum to {policy.share_total}%"
    tr = Bounds(int(policy.tr_base) - policy.task_score.high, int(policy.tr_base) - policy.task_score.low)
    listed = ", ".join
    return (
        InputRow("Tasks", tasks, f"score {policy.task_score}", f"TR {tr}", "yes"),
        InputRow(
            "Evidence",
            listed(words.EVIDENCE.values()),
            f"{_range(policy.evidence_score)} or unknown",
            f"E {_range(policy.evidence_range)}",
            "yes",
        ),
        InputRow(
            "Barriers",
            listed(words.BARRIERS.values()),
            str(policy.barrier_score),
            f"B {policy.barrier_range}",
            "yes",
        ),
        InputRow(
            "Growth",
            "does AI adoption create demand for the role",
            _range(policy.growth_range),
            f"G {_range(policy.growth_range)}",
            "yes",
        ),
        InputRow(
            "Principles",
            listed(words.PRINCIPLES.values()),
            str(policy.principle_score),
            f"P 0 to {len(words.PRINCIPLES) * policy.principle_score.high}",
            "no: shown, and in the quick screen",
        ),
    )


def _range(bounds: Bounds) -> str:
    return f"{words.signed(bounds.low)} to {words.signed(bounds.high)}"


def _labels(policy: Policy) -> tuple[LabelRow, ...]:
    green, yellow = policy.green_line, policy.yellow_line
    exposed = f"of task time scores {policy.exposed_score} or more"
    above, between, below = f"score ≥ {green}", f"{yellow} ≤ score < {green}", f"score < {yellow}"
    imminent = (
        f"{below}, TR < {plain(policy.imminent_tr_below)}, E ≤ {words.signed(policy.imminent_evidence)} "
        f"and B ≤ {policy.imminent_barriers}"
    )

    def row(label: str, zone: Zone, rule: str, *fields: str) -> LabelRow:
        return LabelRow(label, zone, rule, _status(fields))

    return (
        row(
            "GREEN (Accelerated)",
            Zone.GREEN,
            f"{above} and growth ≥ {words.signed(policy.accelerated_growth)}",
            "green_line",
            "accelerated_growth",
        ),
        row(
            "GREEN (Transforming)",
            Zone.GREEN,
            f"{above} and at least {policy.transforming_share}% {exposed}",
            "green_line",
            "transforming_share",
        ),
        row("GREEN (Stable)", Zone.GREEN, f"any other {above}", "green_line", "transforming_share"),
        row(
            "YELLOW (Urgent)",
            Zone.YELLOW,
            f"{between} and at least {policy.urgent_share}% {exposed}",
            "yellow_line",
            "urgent_share",
        ),
        row("YELLOW (Moderate)", Zone.YELLOW, f"any other {between}", "yellow_line", "urgent_share"),
        row("RED (Imminent)", Zone.RED, imminent, "yellow_line", "imminent_tr_below"),
        row("RED", Zone.RED, f"any other {below}", "yellow_line"),
    )


def _status(fields: Sequence[str]) -> str:
    """Where the line comes from, and where it is another, the cut of the label."""
    known = list(dict.fromkeys(origins()[field].status for field in fields))
    if len(known) == 1:
        return known[0].value
    return f"line {known[0].value}, cut {known[1].value}"


def _robustness(policy: Policy) -> tuple[str, ...]:
    step = policy.robustness_step
    points = f"{step} {'point' if step == 1 else 'points'}"
    return (
        f"Single steps: each task score and each of the totals E, B and G alone is moved {points} down and {points} "
        "up, inside its range. A page says how many of these steps change the zone, and to which.",
        f"Joint range: every one of them is moved {points} to the worse, and {points} to the better. The bracket at "
        "every score of this site is that range.",
        "Signals to watch: for each line next to the zone, the fewest steps of one point that carry the score across.",
        f"An override moves the score by at most {plain_points(policy)}, with a reason and a citation; the formula "
        "score stays beside it.",
    )


def plain_points(policy: Policy) -> str:
    """The bound of an override in points, one decimal."""
    return f"{float(policy.override_bound):.1f} points"


def _screen(policy: Policy) -> tuple[str, ...]:
    return (
        f"P of at most {policy.screen_red_protective} and negative growth: almost certainly Red.",
        f"P of at least {policy.screen_green_protective}, or growth of at least "
        f"{words.signed(policy.screen_green_growth)}: likely Green.",
        "Otherwise: likely Yellow.",
    )


def _lens(policy: Policy) -> tuple[Intermediate, ...]:
    buckets = words.listed([f"{name} {policy.lens_bucket_scores(b)}" for b, name in words.LENS_BUCKETS.items()])
    scored = words.listed([OUTCOMES[outcome] for outcome in LensOutcome if outcome.has_composite])
    unscored = words.listed([OUTCOMES[outcome] for outcome in LensOutcome if not outcome.has_composite])
    single = words.listed([axes.name for axes in REREADS if not axes.joint])
    joint = words.listed([axes.name for axes in REREADS if axes.joint])
    step, rise = policy.lens_reread_step, words.signed(policy.lens_barrier_rise)
    steps = {
        "Concept gate": f"Before any number, {len(words.LENS_CONCEPT)} tests: whether AI is the subject of the role or "
        "its method, what the market shows, whether that fits zone and growth of the role as it is, and what remains "
        "of it without “uses AI, is faster”.",
        "Outcome": f"{scored} have a score of their own; {unscored} have none, and the page says why.",
        "Tasks": f"The tasks of the role as it is, each once, at shares that sum to {policy.share_total}% again. A "
        f"share moves by at most {policy.lens_share_move} percentage points. Each task is in one bucket, which allows "
        f"these scores: {buckets}. An unchanged task keeps its score.",
        "Named tools": "A moved share and a changed score each need a sourced claim that names a deployed tool, and "
        "the cited passage names it too.",
        "Signals and counter-check": "A signal of current postings, one of pay or durability, and the strongest "
        "evidence that speaks against the outcome, each sourced.",
        "Changes from the base": "An evidence dimension changes by sourced claims only, an unknown one counts from "
        f"{policy.unknown_value}. Barriers rise by at most {rise} in total. Growth of "
        f"{words.signed(policy.lens_recursive_growth)} is for a role that exists only because of AI. Each dimension "
        "and barrier stays in its range.",
        "Composite": "The formula above, from the tasks, E, B and G of the lens. There is no override of it, and it "
        "is compared with the formula score of the role as it is.",
        "Conservative re-reads": f"One axis at a time is read {step} worse, inside its range: {single}. The joint "
        f"re-reads are shown too: {joint}.",
        "Fragile": "The zone is called fragile when a re-read of one axis changes it, or when the score lies in "
        f"{policy.fragile_band}. The joint re-reads make nothing fragile.",
    }
    return tuple(Intermediate(name=name, value=value) for name, value in steps.items())


def _evidence(policy: Policy) -> tuple[str, ...]:
    strong = f"A dimension of {words.signed(policy.evidence_score.low)} or {words.signed(policy.evidence_score.high)}"
    unknown = words.signed(policy.unknown_span)
    dimensions, barriers = len(EvidenceName), len(BarrierName)
    return (
        f"Each of the {dimensions} evidence dimensions and {barriers} barriers has its reasons: a sourced claim cites "
        "passages and quotes them word for word, a judgement says that it is one.",
        f"A quote has at least {policy.quote_min_characters} characters, stands in the stored passage as one unbroken "
        "stretch, and holds every figure of the claim that cites it. Code compares it, not a model.",
        "What code knows to be wrong cannot be approved; what it suspects has to be accepted by a reviewer, by name "
        "and with a reason.",
        f"{strong} needs at least {policy.strong_evidence_sources} independent sources, one of them of tier "
        f"{policy.strong_evidence_tier} or better. Tier {policy.inert_tier} alone moves no dimension.",
        f"A dimension without admissible evidence is unknown: it enters as {policy.unknown_value}, and the page gives "
        f"the score for {unknown.replace('+', '−')} and {unknown} as well.",
        f"No score is given with {policy.abstain_unknown} or more unknown dimensions, or with fewer than "
        f"{policy.abstain_sources} independent sources on the role.",
        f"A source is stale when it is older than {policy.stale_months} months or undated, and is marked so.",
    )
