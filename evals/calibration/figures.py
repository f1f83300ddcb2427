"""The figures of the calibration as one block of plain values, for the report and the documents."""

from __future__ import annotations

from collections.abc import Mapping

from evals.calibration.agreement import Agreement, Kappa, Said, agreement, kappa
from evals.calibration.guard import Guarded
from evals.calibration.labels import Labels
from evals.seeded.intervals import Rate


def against(labels: Labels, told: Mapping[str, bool]) -> Agreement:
    """What was told of each pair, by id, beside the labels: whether it is unsupported. Raises KeyError for a gap."""
    return agreement([Said(each.unsupported, told[each.id]) for each in labels.labels])


def block(labels: Labels, judge: Mapping[str, bool] | None, guard: Mapping[str, Guarded] | None) -> dict[str, object]:
    """Everything that is known; `judge` and `guard` are `None` where they did not say something of every pair.

    Of the guard, `either` counts findings of both tiers, `block` those that stop a claim. Shares are 0 to 1, with the
    limits of their 95 % intervals; what is not defined is `None`.
    """
    return {
        "pairs": len(labels.labels),
        "unsupported": sum(each.unsupported for each in labels.labels),
        "label_disagreements": labels.disagreements,
        "labellers": {"kappa": _kappa(kappa(labels.both))},
        "judge": None if judge is None else _agreement(against(labels, judge)),
        "guard": None if guard is None else _guard(labels, guard),
    }


def _guard(labels: Labels, guard: Mapping[str, Guarded]) -> dict[str, object]:
    return {
        "either": _agreement(against(labels, {key: said.flagged for key, said in guard.items()})),
        "block": _agreement(against(labels, {key: said.blocked for key, said in guard.items()})),
    }


def _agreement(found: Agreement) -> dict[str, object]:
    return {"recall": _rate(found.recall), "precision": _rate(found.precision), "kappa": _kappa(found.kappa)}


def _rate(found: Rate | None) -> dict[str, float | int] | None:
    if found is None:
        return None
    limits = {"value": found.value, "low": found.low, "high": found.high}
    return {**{name: round(value, 4) for name, value in limits.items()}, "hits": found.hits, "of": found.cases}


def _kappa(found: Kappa) -> dict[str, float] | None:
    if found.value is None or found.low is None or found.high is None:
        return None
    return {"value": round(found.value, 4), "low": round(found.low, 4), "high": round(found.high, 4)}
