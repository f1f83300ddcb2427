"""The one file of thresholds: what each metric has to reach, by suite and metric."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, model_validator

from agent.errors import InvalidInput, StorageFailed
from agent.schemas.base import Value

THRESHOLDS = Path(__file__).resolve().parents[1] / "thresholds.json"

METRICS: Mapping[str, tuple[str, ...]] = {
    "roles": ("score_discrepancy", "block_findings", "citation_coverage", "citations", "tokens"),
    "retrieval": ("queries", "judgements", "recall_at_8", "mrr_at_20", "ndcg_at_10"),
    "deepeval": (
        "faithfulness",
        "hallucination",
        "citation_faithfulness",
        "pii_leakage",
        "rubric_adherence",
        "prompt_injection",
        "data_leakage",
        "guard",
    ),
    "ragas": (
        "faithfulness",
        "response_groundedness",
        "context_precision",
        "context_recall",
        "context_precision_lexical",
        "context_recall_lexical",
        "id_context_precision",
        "id_context_recall",
        "quoted_spans",
    ),
    "calibration": ("recall", "precision", "kappa"),
}
"""Every metric that a suite measures: a file of thresholds names each of them once, and nothing else."""


class Threshold(Value):
    """The bound of one metric, on the metric's own scale: exactly one of the two."""

    at_least: float | None = Field(default=None, allow_inf_nan=False)
    at_most: float | None = Field(default=None, allow_inf_nan=False)

    @model_validator(mode="after")
    def _one_bound(self) -> Threshold:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("give either at_least or at_most")
        return self

    @property
    def bound(self) -> float:
        """The number, whichever way it bounds."""
        return self.at_least if self.at_least is not None else self.at_most or 0.0

    def met(self, score: float | None) -> bool:
        """Whether `score` keeps to it. Nothing measured (`None` or NaN) never does."""
        # NaN compares false with everything.
        if score is None:
            return False
        return score >= self.at_least if self.at_least is not None else score <= self.bound

    def __str__(self) -> str:
        return f"{'at least' if self.at_least is not None else 'at most'} {self.bound:g}"


class _File(Value):
    format: Literal["assess-role/thresholds/1"]
    suites: dict[str, dict[str, Threshold]]


@dataclass(frozen=True)
class Thresholds:
    """Every threshold, checked to be of a metric that exists."""

    suites: Mapping[str, Mapping[str, Threshold]]

    def of(self, suite: str, metric: str) -> Threshold:
        """The bound of one metric. Raises KeyError for a metric that `METRICS` does not have."""
        return self.suites[suite][metric]


def load_thresholds(path: Path = THRESHOLDS, *, metrics: Mapping[str, tuple[str, ...]] = METRICS) -> Thresholds:
    """Read and check a file of thresholds.

    Raises InvalidInput with every breach: a metric or suite that does not exist, one without a threshold, a bound
    that is no number. Raises StorageFailed for a file that cannot be read.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_once)
        file = _File.model_validate(document)
    except OSError as error:
        raise StorageFailed(f"The thresholds {path} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        problems = tuple(f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}." for e in error.errors())
        raise InvalidInput(f"The thresholds {path} are not valid: {problems[0]}", problems=problems) from error
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"The thresholds {path} are not whole JSON: {error}.") from error
    problems = tuple(_unknown(file.suites, metrics)) + tuple(_missing(file.suites, metrics))
    if problems:
        raise InvalidInput(
            f"The thresholds {path} do not fit the suites: {problems[0]}"
            + (f" And {len(problems) - 1} more." if len(problems) > 1 else ""),
            problems=problems,
            hint="evals/suites/thresholds.py lists the metrics.",
        )
    return Thresholds(file.suites)


def _unknown(suites: Mapping[str, Mapping[str, Threshold]], metrics: Mapping[str, tuple[str, ...]]) -> list[str]:
    found = []
    for suite, named in suites.items():
        if suite not in metrics:
            found.append(f"{suite} is no suite; expected {', '.join(metrics)}.")
            continue
        strange = [name for name in named if name not in metrics[suite]]
        found += [f"{suite}.{name} is no metric; expected {', '.join(metrics[suite])}." for name in strange]
    return found


def _missing(suites: Mapping[str, Mapping[str, Threshold]], metrics: Mapping[str, tuple[str, ...]]) -> list[str]:
    return [
        f"{suite}.{name} has no threshold."
        for suite, names in metrics.items()
        for name in names
        if name not in suites.get(suite, {})
    ]


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    document = dict(pairs)
    if len(document) < len(pairs):
        raise ValueError(f"a key stands twice in one object: {', '.join(key for key, _ in pairs)}")
    return document
