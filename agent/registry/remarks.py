"""What a verification says of one place of a published assessment."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Check(StrEnum):
    """The codes of what is compared beside the guard, whose findings keep their own. They are stable."""

    HASH = "V-HASH"
    """The content does not have the hash that the file states."""
    DECISION = "V-DECISION"
    """The review record holds no approval of this content for publication."""
    SCORE = "V-SCORE"
    """The result does not follow from the inputs."""
    POLICY = "V-POLICY"
    """Scored by another version of the policy."""
    SOURCE = "V-SOURCE"
    """The sources that the file prints are not the passages it cites."""
    META = "V-META"
    """The store says other things of a source than the file."""
    PASSAGE_GONE = "V-PASSAGE-GONE"
    """A cited passage is not in this store."""
    PASSAGE_CHANGED = "V-PASSAGE-CHANGED"
    """A cited passage has another text in this store."""
    QUOTE = "V-QUOTE"
    """A quote does not stand in its stored passage."""
    ARTICLE_REMOVED = "V-ARTICLE-REMOVED"
    """A cited article left the corpus."""
    SUPERSEDED = "V-SUPERSEDED"
    """A cited passage is of a former version of its article."""
    STALE = "V-STALE"
    """A cited source is old by now, or was never dated."""
    WITHDRAWN = "V-WITHDRAWN"
    """This home's registry says that this version was withdrawn."""
    GUARD = "V-GUARD"
    """The guard comes to another report now than the file prints."""


class Remark(NamedTuple):
    """One thing that was noticed, at one place."""

    code: str
    """A `Check`, or the code of a finding of the guard."""
    place: str
    """A path in the assessment, or the id of a passage or article."""
    message: str

    def line(self) -> str:
        """Code, place and explanation in one line."""
        return f"{self.code} {self.place}: {self.message}"
