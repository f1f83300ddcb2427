"""What the page hands to its own script, so that a reader's own week is computed there as `agent.scoring` does."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from fractions import Fraction

from agent.schemas.assessment import Assessment
from agent.schemas.scored import ScoreInputs, ScoreResult
from agent.schemas.vocabulary import BarrierName, EvidenceName
from agent.scoring import POLICY, Policy
from agent.scoring.arithmetic import formula
from agent.scoring.policy import Bounds

CONSTANTS = (
    "share_total",
    "green_line",
    "yellow_line",
    "exposed_score",
    "urgent_share",
    "accelerated_growth",
    "transforming_share",
    "imminent_tr_below",
    "imminent_evidence",
    "imminent_barriers",
    "robustness_step",
    "unknown_value",
    "unknown_span",
)
"""The fields of `Policy` that the script reads beside the formula and the ranges."""


@dataclass(frozen=True)
class WeekView:
    """The section in which a reader sets shares."""

    data: str
    """JSON for the script: numbers, ids and hash, no words of the assessment."""
    total: int
    """Percent that the shares sum to."""


def week_view(assessment: Assessment, result: ScoreResult, policy: Policy = POLICY) -> WeekView:
    """The section of `assessment`, whose result is `result`."""
    tasks = assessment.inputs.tasks
    data = {
        "policy": policy_numbers(policy),
        **input_numbers(assessment.inputs.scored()),
        "ids": [task.id for task in tasks],
        "published": [task.share for task in tasks],
        "score": round(result.score * 10),
        "formula": round(result.formula_score * 10),
        "revision": assessment.revision(),
    }
    return WeekView(json.dumps(data, separators=(",", ":")), policy.share_total)


def input_numbers(inputs: ScoreInputs) -> dict[str, object]:
    """What the score depends on beside the shares; an unknown dimension is `None`."""
    return {
        "scores": [task.score for task in inputs.tasks],
        "evidence": [inputs.evidence[name] for name in EvidenceName],
        "barriers": [inputs.barriers[name] for name in BarrierName],
        "growth": inputs.growth,
    }


def policy_numbers(policy: Policy = POLICY) -> dict[str, object]:
    """The constants in whole numbers; a fraction or a range is a pair."""
    return {
        "formula": asdict(formula(policy)),
        "ranges": {
            "task": _numbers(policy.task_score),
            "evidence": _numbers(policy.evidence_range),
            "barriers": _numbers(policy.barrier_range),
            "growth": _numbers(policy.growth_range),
        },
        **{name: _numbers(getattr(policy, name)) for name in CONSTANTS},
    }


def _numbers(value: Fraction | Bounds | int) -> int | tuple[int, int]:
    if isinstance(value, Bounds):
        return value.low, value.high
    return value.as_integer_ratio() if isinstance(value, Fraction) else value
