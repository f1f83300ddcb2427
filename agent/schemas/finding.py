"""What the guard found (METHODOLOGY section 10)."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from agent.schemas.base import Value
from agent.schemas.vocabulary import Section


class Tier(StrEnum):
    """What a finding does to a decision."""

    BLOCK = "BLOCK"
    """Cannot be approved as it stands and can never be accepted."""
    REVIEW = "REVIEW"
    """Weak: a person must accept it by name and with a reason before approval."""


class Finding(Value):
    """One breach at one place."""

    code: str = Field(pattern=r"^G-[A-Z0-9-]+$")
    """Stable, for example `G-QUOTE-NOT-FOUND`."""
    tier: Tier
    section: Section
    path: str
    """Where, for example `evidence.wages.claims.0.citations.1`."""
    message: str
    """One line that a reviewer and a model can both act on."""

    @property
    def id(self) -> str:
        """Stable while the place and the breach stay: `CODE@path`."""
        return f"{self.code}@{self.path}"


class Acceptance(Value):
    """A REVIEW finding that a person accepted."""

    finding: str
    """The finding's id."""
    reason: str = Field(min_length=10, max_length=2000)


class GuardReport(Value):
    """All findings, and how many claims stand on what."""

    findings: tuple[Finding, ...]
    verified: int
    """Sourced claims without a finding."""
    judgement: int
    """Judgement claims without a finding."""
    speaking_sources: tuple[str, ...]
    """One publisher for each independent source whose cited passages speak of the role or a named proxy, sorted."""
    admissible: dict[str, int]
    """For each evidence dimension, the number of sourced claims without a BLOCK finding."""

    def of(self, section: Section) -> tuple[Finding, ...]:
        """The findings of one section, in printed order."""
        return tuple(f for f in self.findings if f.section == section)

    def count(self, tier: Tier) -> int:
        """How many findings have this tier."""
        return sum(f.tier is tier for f in self.findings)
