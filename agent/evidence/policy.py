"""How far trust and age of a source count in the search. The values are ours: mild, so that they decide between
passages that fit about equally well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from agent.evidence.index import UNKNOWN_DATE, day_number


@dataclass(frozen=True)
class SearchPolicy:
    """Factors on the score of a passage, 1 for no change."""

    name: str = "search-1"
    tier_weights: Mapping[int, float] = field(
        default_factory=lambda: MappingProxyType({1: 1.0, 2: 1.0, 3: 0.97, 4: 0.94})
    )
    """By the source's tier."""
    stale_months: int = 24
    """An older source, or one without a date, is stale; counted back from the day the search looks back from."""
    stale_weight: float = 0.97

    def weight(self, *, tier: int, date: str, as_of: str | None) -> float:
        """The factor for a source. Without a day to look back from, age does not count. Dates as in `ArticleMeta`."""
        weight = self.tier_weights[tier]
        if as_of is not None and _months(day_number(as_of)) - _months(day_number(date)) > self.stale_months:
            weight *= self.stale_weight
        return weight


POLICY = SearchPolicy()


def _months(day: int) -> int:
    return 0 if day == UNKNOWN_DATE else day // 10_000 * 12 + day // 100 % 100
