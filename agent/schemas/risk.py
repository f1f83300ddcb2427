"""What makes a revision risky to approve: known when it is put up for review, and kept with the review."""

from __future__ import annotations

from agent.schemas.base import Value


class Risk(Value):
    """Counts that the queue is sorted by."""

    fabricated: int = 0
    """Claims with a passage or quote that does not exist."""
    misattributed: int = 0
    """Claims whose quote stands in another passage than the one cited."""
    unsupported: int = 0
    """Claims that say something that their quote does not say, and judgements that break a rule."""
    fragile: bool = False
    """A single step of one input changes the zone."""
    single_source: int = 0
    """Evidence dimensions that rest on one independent source."""
    disagreements: int = 0
    """Findings that say where independent drafts disagree."""

    @property
    def rank(self) -> tuple[int, int, int, int, int]:
        """Sorts the riskiest first: fabricated and misattributed claims, a fragile zone, single sources, unsupported
        claims, disagreement between drafts."""
        return (
            -(self.fabricated + self.misattributed),
            -int(self.fragile),
            -self.single_source,
            -self.unsupported,
            -self.disagreements,
        )

    @property
    def words(self) -> str:
        """What there is, in words; empty when there is nothing."""
        parts = [
            (self.fabricated, f"{self.fabricated} fabricated"),
            (self.misattributed, f"{self.misattributed} misattributed"),
            (self.unsupported, f"{self.unsupported} unsupported"),
            (self.fragile, "fragile zone"),
            (self.single_source, f"{self.single_source} of one source"),
            (self.disagreements, "drafts disagree"),
        ]
        return ", ".join(text for count, text in parts if count)
