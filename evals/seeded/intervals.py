"""A 95 % interval of a rate whose cases come in clusters."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

_Z = 1.959964


class Rate(NamedTuple):
    """A share of cases with its interval."""

    hits: int
    cases: int
    clusters: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """0 to 1; 0 where there are no cases."""
        return self.hits / self.cases if self.cases else 0.0

    def __str__(self) -> str:
        return f"{100 * self.value:.1f} ({100 * self.low:.1f}–{100 * self.high:.1f})"


def rate(hits: Sequence[bool], clusters: Sequence[str]) -> Rate:
    """Wilson's interval at the effective number of cases: those counted, divided by the design effect of the clusters.

    The design effect is the variance of the share between clusters over that of a simple sample, and at least 1; where
    every case is alike, nothing can be estimated and the number of clusters counts.
    """
    cases, names = len(hits), len(set(clusters))
    if not cases:
        return Rate(0, 0, 0, 0.0, 1.0)
    share = sum(hits) / cases
    effective = _effective(hits, clusters, share) if 0 < share < 1 else float(names)
    middle = share + _Z**2 / (2 * effective)
    spread = _Z * math.sqrt(share * (1 - share) / effective + _Z**2 / (4 * effective**2))
    scale = 1 + _Z**2 / effective
    return Rate(sum(hits), cases, names, max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale))


def _effective(hits: Sequence[bool], clusters: Sequence[str], share: float) -> float:
    residuals: dict[str, float] = defaultdict(float)
    for hit, cluster in zip(hits, clusters, strict=True):
        residuals[cluster] += hit - share
    cases, names = len(hits), len(residuals)
    if names < 2:
        return 1.0
    between = names / (names - 1) * sum(r * r for r in residuals.values()) / cases**2
    return cases / max(1.0, between / (share * (1 - share) / cases))
