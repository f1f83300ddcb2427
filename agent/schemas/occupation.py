"""Official occupations and their tasks, as O*NET publishes them, and what a person said about a role's place there."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from agent.schemas.base import Value

CODE_FORM = r"[0-9]{2}-[0-9]{4}\.[0-9]{2}"
"""Form of an O*NET-SOC code."""

Code = Annotated[str, Field(pattern=f"^{CODE_FORM}$")]
"""An O*NET-SOC code, for example `15-1252.00`."""


class Occupation(Value):
    """One occupation of the O*NET-SOC taxonomy."""

    code: Code
    title: str
    description: str
    """Empty where the release says nothing."""


class OfficialTask(Value):
    """One task statement of an occupation."""

    id: int
    """O*NET's own; unique in a release."""
    occupation: Code
    text: str
    kind: str | None
    """`Core` or `Supplemental`; `None` where nobody was asked."""
    importance: float | None
    """Mean rating, 1 not important to 5 extremely important; `None` where it was not rated or is not to be used."""
    relevance: float | None
    """Percent of those asked who do the task; `None` where it was not rated or is not to be used."""


class NameKind(StrEnum):
    """What a name of an occupation is, in the order in which a match counts."""

    TITLE = "title"
    ALTERNATE = "alternate title"
    SHORT = "short title"


class OfficialName(Value):
    """A name under which an occupation is known."""

    occupation: Code
    kind: NameKind
    text: str
    words: str
    """The words of `text` as names are compared, one blank between two."""


class ReleaseFacts(Value):
    """Which release the official tasks are of."""

    source: Literal["O*NET"] = "O*NET"
    version: str | None
    """For example `29.0`; `None` where the folder does not say."""
    imported_at: str
    occupations: int
    tasks: int
    rated: int
    """Tasks with both importance and relevance."""
    names: int

    @property
    def name(self) -> str:
        """`O*NET 29.0`, or `O*NET` for an unknown version."""
        return f"{self.source} {self.version}" if self.version else self.source

    @property
    def attribution(self) -> str:
        """Source and licence, in the words that O*NET asks for; printed wherever official tasks are shown."""
        return (
            f"Source: {self.name} Database by the U.S. Department of Labor, Employment and Training Administration "
            "(USDOL/ETA), used under the CC BY 4.0 licence (https://creativecommons.org/licenses/by/4.0/). O*NET is a "
            "trademark of USDOL/ETA, which has not approved, endorsed or tested this use."
        )


class OccupationChoice(Value):
    """What a person confirmed about one role title."""

    title: str
    """The role's title as it was given."""
    codes: tuple[Code, ...]
    """The occupations it belongs to; empty: none fits."""
    release: str
    """Name of the release that the codes were chosen from."""
    reviewer: str
    auth: str
    channel: str
    """`terminal` or `script`."""
    decided_at: str
