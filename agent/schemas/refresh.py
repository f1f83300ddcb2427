"""Why a published assessment is due for a refresh, and what a refresh starts from."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from agent.schemas.base import Value
from agent.schemas.vocabulary import Section


class Due(StrEnum):
    """What makes a part of a published assessment due."""

    STALE = "stale"
    """What it rests on is older than the policy allows by now, or is called current and no longer is."""
    SUPERSEDED = "superseded"
    """A newer version or edition of a cited article is here, or the article has left the corpus."""
    CONTRADICTED = "contradicted"
    """An article that came after the draft seems to say the opposite of a claim."""
    ASKED = "asked"
    """A person named the section."""


class RefreshReason(Value):
    """One thing that makes one section due."""

    kind: Due
    section: Section
    places: tuple[str, ...]
    """Paths of the claims or dimensions that it is about, in printed order; empty for a whole section."""
    message: str
    passages: tuple[str, ...] = ()
    """Ids of the passages that say otherwise or are newer."""


def words(reason: RefreshReason) -> str:
    """A reason in one line: where, what, and of which kind."""
    where = ", ".join(reason.places) or reason.section.value
    return f"{where}: {reason.message} ({reason.kind.value})"


class Refresh(Value):
    """A published version, and what of it is drafted again."""

    assessment: str
    """Id of the run that published it."""
    revision: str
    slug: str
    version: int = Field(ge=1)
    score: float
    """Score of record of that version."""
    reasons: tuple[RefreshReason, ...]

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections that are drafted again, in printed order."""
        named = {reason.section for reason in self.reasons}
        return tuple(section for section in Section if section in named)

    def of(self, section: Section) -> tuple[RefreshReason, ...]:
        """The reasons of one section."""
        return tuple(reason for reason in self.reasons if reason.section is section)

    def passages(self, section: Section) -> tuple[str, ...]:
        """The passages that make a section due, each once."""
        return tuple(dict.fromkeys(passage for reason in self.of(section) for passage in reason.passages))
