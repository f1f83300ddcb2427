"""What a pair is, and the committed ones."""

from __future__ import annotations

import json
from pathlib import Path

from agent.schemas.base import Value

PAIRS = Path(__file__).with_name("pairs.json")


class Pair(Value):
    """A claim and the passages that it cites."""

    id: str
    """A hash: it tells nothing about where the claim comes from."""
    claim: str
    passages: tuple[str, ...]
    """Each with the title, publisher, author and date of its source above its text, at least one."""


def pairs() -> list[Pair]:
    """The committed pairs, by id."""
    return [Pair.model_validate(row) for row in json.loads(PAIRS.read_text(encoding="utf-8"))["pairs"]]
