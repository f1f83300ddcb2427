"""What is measured of a replayed golden role, without a model.

The bounds of score and zone are the role's own, frozen in `evals/golden/roles.json`; all others stand in the file of
thresholds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from agent.schemas.assessment import Assessment
from agent.schemas.draft import ClaimKind
from agent.schemas.finding import Tier
from agent.schemas.scored import ScoreResult
from evals.golden.roles import FREEZE, Expected, GoldenRole
from evals.seeded.sample import stands_in
from evals.suites.arithmetic import discrepancy
from evals.suites.replaying import Replay
from evals.suites.thresholds import Threshold


class NothingMeasured(Exception):
    """There was nothing to measure; the message says why."""


@dataclass(frozen=True)
class Found:
    """What a metric says of one replay."""

    met: bool
    message: str
    score: float | None = None
    bound: float | None = None
    word: str | None = None
    """What was found where it is no number."""


@dataclass(frozen=True)
class Measure:
    """A metric whose bound stands in the file of thresholds."""

    take: Callable[[Replay], float]
    """Raises NothingMeasured."""
    words: str
    """What its number counts."""


def expected_of(role: GoldenRole) -> Expected:
    """The frozen interval. Raises NothingMeasured where there is none."""
    if role.expected is None:
        raise NothingMeasured(f"no interval is frozen for {role.name}; `{FREEZE}` does it.")
    return role.expected


def whole_of(done: Replay) -> Assessment:
    """What waits at gate 2. Raises NothingMeasured where gate 2 was not reached."""
    if done.whole is None:
        raise NothingMeasured("gate 2 was not reached.")
    return done.whole


def inputs_of(done: Replay) -> Assessment:
    """What waits at gate 1. Raises NothingMeasured where gate 1 was not reached."""
    if done.inputs is None:
        raise NothingMeasured("gate 1 was not reached.")
    return done.inputs


def result_of(done: Replay) -> ScoreResult:
    """The score at gate 1. Raises NothingMeasured where there is none."""
    result = inputs_of(done).result
    if result is None:
        raise NothingMeasured("the inputs cannot be scored.")
    return result


def _block_findings(done: Replay) -> float:
    return (done.whole or inputs_of(done)).guard.count(Tier.BLOCK)


def _coverage(done: Replay) -> float:
    """The share of sourced claims whose every quote stands in the stored passage that it cites. A judgement that cites
    counts too. Whether a quote stands is asked of code that the guard does not use."""
    whole_of(done)
    asked = [claim for claim in done.claims if claim.kind is ClaimKind.SOURCED or claim.citations]
    if not asked:
        raise NothingMeasured("no claim is sourced.")
    texts = {key: passage.text for key, passage in done.passages.items()}
    standing = [
        bool(claim.citations) and all(stands_in(c.quote, texts.get(c.passage, "")) for c in claim.citations)
        for claim in asked
    ]
    return sum(standing) / len(standing)


def _citations(done: Replay) -> float:
    whole_of(done)
    return sum(len(claim.citations) for claim in done.claims)


def _tokens(done: Replay) -> float:
    whole_of(done)
    if not done.tokens:
        raise NothingMeasured("no answer was used.")
    return done.tokens


MEASURES: Mapping[str, Measure] = {
    "score_discrepancy": Measure(
        lambda done: discrepancy(inputs_of(done).inputs, result_of(done)), "points from the score recomputed"
    ),
    "block_findings": Measure(_block_findings, "BLOCK findings"),
    "citation_coverage": Measure(_coverage, "of the sourced claims have quotes that stand"),
    "citations": Measure(_citations, "citations"),
    "tokens": Measure(_tokens, "tokens"),
}
METRICS = ("score", "zone", *MEASURES)
"""Every metric, in the order of the report."""


def judged(metric: str, done: Replay, thresholds: Mapping[str, Threshold]) -> Found:
    """One metric of one replay; `thresholds` by metric. Raises NothingMeasured."""
    if metric in MEASURES:
        measure, threshold = MEASURES[metric], thresholds[metric]
        value = measure.take(done)
        said = f"{round(value, 4):,} {measure.words}, expected {threshold}."
        return Found(threshold.met(value), said, score=value, bound=threshold.bound)
    expected, result = expected_of(done.role), result_of(done)
    if metric == "zone":
        found, wanted = result.zone.value, expected.zone.value
        return Found(found == wanted, f"{found}, expected {wanted}.", word=found)
    score = result.formula_score
    said = f"{score:.1f} of 100, expected {expected.low:.1f} to {expected.high:.1f}."
    return Found(expected.low <= score <= expected.high, said, score=score)
