"""Named examples for the tests of suggestions and comparisons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from agent.grounding.normalise import folded_words
from agent.schemas.occupation import NameKind, Occupation, OfficialName, OfficialTask


def a_name(code: str, text: str, kind: NameKind = NameKind.TITLE) -> OfficialName:
    return OfficialName(occupation=code, kind=kind, text=text, words=" ".join(folded_words(text)))


def an_occupation(code: str = "11-1111.00") -> Occupation:
    return Occupation(code=code, title=f"Occupation {code}", description="")


def an_official_task(number: int, rating: tuple[float, float] | None, code: str = "11-1111.00") -> OfficialTask:
    importance, relevance = rating or (None, None)
    return OfficialTask(
        id=number, occupation=code, text=f"official {number}", kind="Core", importance=importance, relevance=relevance
    )


class Angles:
    """An embedding in which each known text points in a direction of the plane, in degrees; an unknown one is a bug."""

    def __init__(self, degrees: Mapping[str, float]) -> None:
        self._degrees = degrees
        self.embedded: list[str] = []

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded += texts
        angles = np.radians([self._degrees[text] for text in texts])
        return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
