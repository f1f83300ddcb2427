"""What a ranking is worth, and how sure that is. Pure: chance comes from a seed.

A ranking is a list of ids, best first, each at most once; `relevant` are the ids that were judged relevant to its
query, at least one.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

DRAWS = 10_000
SEED = 20


class Interval(NamedTuple):
    """A mean with the bounds of its 95 % interval."""

    mean: float
    low: float
    high: float


def ndcg(ranking: Sequence[str], relevant: Collection[str], *, at: int) -> float:
    """Normalised discounted cumulative gain of the first `at`, 0 to 1, with gain 1 for a relevant item and the
    discount log2(rank + 1) (Järvelin and Kekäläinen, TOIS 2002, as trec_eval computes it)."""
    wanted = _judged(ranking, relevant)
    gain = sum(1 / math.log2(rank + 1) for rank, item in enumerate(ranking[:at], start=1) if item in wanted)
    best = sum(1 / math.log2(rank + 1) for rank in range(1, min(at, len(wanted)) + 1))
    return gain / best


def recall(ranking: Sequence[str], relevant: Collection[str], *, at: int) -> float:
    """Share of the relevant items among the first `at`, 0 to 1."""
    wanted = _judged(ranking, relevant)
    return len(wanted.intersection(ranking[:at])) / len(wanted)


def reciprocal_rank(ranking: Sequence[str], relevant: Collection[str], *, at: int) -> float:
    """1 / rank of the first relevant item; 0 when none is among the first `at`."""
    wanted = _judged(ranking, relevant)
    return next((1 / rank for rank, item in enumerate(ranking[:at], start=1) if item in wanted), 0.0)


def interval(values: Sequence[float], *, draws: int = DRAWS, seed: int = SEED) -> Interval:
    """The mean over queries with its percentile bootstrap interval (Efron and Tibshirani 1993, chapter 13)."""
    sample = _finite(values)
    random = np.random.default_rng(seed)
    means = sample[random.integers(0, len(sample), size=(draws, len(sample)))].mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return Interval(float(sample.mean()), float(low), float(high))


def p_value(ours: Sequence[float], theirs: Sequence[float], *, draws: int = DRAWS, seed: int = SEED) -> float:
    """Two-sided p-value of the paired randomisation test on the mean difference (Smucker, Allan and Carterette, CIKM
    2007): how often chance alone, swapping the two runs query by query, makes a difference as large.

    The observed assignment counts as one draw, so that the value is never 0. The two have the same queries in the same
    order.
    """
    if len(ours) != len(theirs):
        raise ValueError(f"the runs have {len(ours)} and {len(theirs)} values: expected the same queries")
    difference = _finite(ours) - _finite(theirs)
    signs = np.random.default_rng(seed).integers(0, 2, size=(draws, len(difference))) * 2 - 1
    # The sums of equal numbers in another order differ in their last bits.
    extreme = np.abs(signs @ difference) >= abs(difference.sum()) - 1e-9
    return float((extreme.sum() + 1) / (draws + 1))


def _judged(ranking: Sequence[str], relevant: Collection[str]) -> set[str]:
    if not relevant:
        raise ValueError("the query has no relevant item: expected at least one")
    if len(set(ranking)) != len(ranking):
        raise ValueError("the ranking names an item twice: expected each at most once")
    return set(relevant)


def _finite(values: Sequence[float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    array = np.asarray(values, np.float64)
    if array.ndim != 1 or array.size == 0 or not np.isfinite(array).all():
        raise ValueError("expected at least one value, and finite ones")
    return array
