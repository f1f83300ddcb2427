"""Who may approve: four eyes, and the cases that take a second person."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from agent.schemas.assessment import Assessment
from agent.schemas.base import Value

MOVED = 5.0
"""Points against the published version from which a second person has to look."""


class SecondFor(StrEnum):
    """What a second approval is asked for."""

    OVERRIDE = "override"
    """The score was moved by hand."""
    MOVED = "moved"
    """The score is more than 5 points from that of the newest published version."""
    ACCEPTED = "accepted"
    """REVIEW findings were accepted."""
    NEW_ROLE = "new_role"
    """Nothing of this role is published yet."""


class ReviewPolicy(Value):
    """What a home asks of its reviewers. In force where `applies` says so."""

    four_eyes: Literal["auto", "on", "off"] = "auto"
    """Who requested or edited a revision cannot approve it alone; `auto` is on for two or more known reviewers."""
    second_for: tuple[SecondFor, ...] = (SecondFor.OVERRIDE, SecondFor.MOVED, SecondFor.ACCEPTED)
    lease_minutes: float = Field(default=30.0, gt=0, le=24 * 60)
    """How long a review is held after the last thing its holder did."""

    def applies(self, known_reviewers: int) -> bool:
        """Whether four eyes and second approvals are asked for."""
        return self.four_eyes == "on" or (self.four_eyes == "auto" and known_reviewers >= 2)

    def seconds(self, content: Assessment, published: float | None) -> tuple[SecondFor, ...]:
        """Why `content` takes two approvals; empty when one will do. `published` is the score of the newest version."""
        score = None if content.result is None else content.result.score
        met = {
            SecondFor.OVERRIDE: content.override is not None,
            SecondFor.MOVED: score is not None and published is not None and abs(score - published) > MOVED,
            SecondFor.ACCEPTED: bool(content.accepted),
            SecondFor.NEW_ROLE: published is None,
        }
        return tuple(rule for rule in SecondFor if rule in self.second_for and met[rule])


class Quorum(Value):
    """Whose approvals make a decision."""

    people: int = Field(default=1, ge=1, le=2)
    authors: frozenset[str] = frozenset()
    """Those who requested or edited the revision: an approval of one of them alone is not enough."""
    why: tuple[str, ...] = ()
    """Why more than one person is asked for, in words."""

    def met(self, approved: frozenset[str]) -> bool:
        """Whether these people's approvals are enough: as many as are asked for, and two where all are authors."""
        return len(approved) >= (self.people if approved - self.authors else 2)
