"""What the guard found (METHODOLOGY section 10)."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import ConfigDict, Field

from agent.schemas.base import Value
from agent.schemas.vocabulary import EvidenceName, Section


class Tier(StrEnum):
    """What a finding does to a decision."""

    BLOCK = "BLOCK"
    """Cannot be approved as it stands and can never be accepted."""
    REVIEW = "REVIEW"
    """Weak: a person must accept it by name and with a reason before approval."""


class Verdict(StrEnum):
    """What the guard makes of one claim, the gravest first."""

    FABRICATED = "fabricated"
    """A passage or quote that does not exist, or a quote put together from several places."""
    MISATTRIBUTED = "misattributed"
    """The quote stands in another passage than the one cited."""
    UNSUPPORTED = "unsupported"
    """The quote is real, and the claim says something that it does not say; or a judgement that breaks a rule."""
    REPAIRED = "repaired"
    """Verified after a slip in copying a quote was replaced by the exact text of the source."""
    VERIFIED = "verified"
    """Every quote, figure and name was found, and no check objects."""
    JUDGEMENT = "judgement"
    """The assessor's own reasoning: nothing to verify, and no rule broken."""


class Highlight(Value):
    """The words that a finding is about."""

    of: Literal["claim", "quote"]
    """The text of the claim at the finding's path, or the quote of the citation there."""
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    """Characters of that text as stored."""


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
    highlight: Highlight | None = None
    """The words it is about; `None` when it is about the whole place."""

    @property
    def id(self) -> str:
        """Stable while the place and the breach stay: `CODE@path`."""
        return f"{self.code}@{self.path}"


class Acceptance(Value):
    """A REVIEW finding that a person accepted."""

    finding: str
    """The finding's id."""
    reason: str = Field(min_length=10, max_length=2000)


class Opposed(Value):
    """The strongest claims on both sides of one evidence dimension."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    for_: str | None = Field(alias="for")
    """Path of the strongest verified claim that speaks for the role; `None` when there is none."""
    against: str | None
    """Path of the strongest verified claim that speaks against the role; `None` when there is none."""


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
    verdicts: dict[str, Verdict] = Field(default_factory=dict)
    """What each claim was found to be, by its path, in printed order."""
    counts: dict[Section, dict[Verdict, int]] = Field(default_factory=dict)
    """How many claims of each section were found to be what; only what occurs."""

    opposed: dict[EvidenceName, Opposed] = Field(default_factory=dict)
    """For each evidence dimension with a verified claim, the strongest for and against."""

    def of(self, section: Section) -> tuple[Finding, ...]:
        """The findings of one section, in printed order."""
        return tuple(f for f in self.findings if f.section == section)

    def count(self, tier: Tier) -> int:
        """How many findings have this tier."""
        return sum(f.tier is tier for f in self.findings)
