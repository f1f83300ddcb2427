"""How findings are made and outside text is shown in their messages."""

from __future__ import annotations

from collections.abc import Iterable

from agent.schemas.finding import Finding, Highlight, Tier
from agent.schemas.vocabulary import Section

SHOWN = 80
"""Characters of outside text that a message shows at most."""


def block(code: str, section: Section, path: str, message: str, highlight: Highlight | None = None) -> Finding:
    """A finding that can never be accepted."""
    return Finding(code=code, tier=Tier.BLOCK, section=section, path=path, message=message, highlight=highlight)


def review(code: str, section: Section, path: str, message: str, highlight: Highlight | None = None) -> Finding:
    """A finding that a person can accept by name and with a reason."""
    return Finding(code=code, tier=Tier.REVIEW, section=section, path=path, message=message, highlight=highlight)


def shown(text: str) -> str:
    """Outside text for a one-line message: printable, short."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"


def listed(words: Iterable[str]) -> str:
    """Each of `words` once, in their order."""
    return ", ".join(dict.fromkeys(shown(word) for word in words))
