"""Whether a text speaks of the assessed role or of a named proxy."""

from __future__ import annotations

from collections.abc import Iterable

from agent.grounding.claims import CheckedClaim
from agent.grounding.independence import independent_publishers
from agent.grounding.normalise import folded_words, mentions
from agent.grounding.sources import PassageText
from agent.schemas.article import Passage
from agent.schemas.draft import RoleFrame


def speaks_of_role(text: str, frame: RoleFrame) -> bool:
    """Whether `text` names the role, an alias or a proxy of `frame`, without regard to case and plural."""
    words = folded_words(text)
    return any(mentions(words, phrase) for phrase in _phrases(frame))


def speaking_sources(claims: Iterable[CheckedClaim], frame: RoleFrame) -> tuple[str, ...]:
    """One publisher for each independent source that a claim without BLOCK finding cites and that speaks of the role.

    Text or article title must name the role, an alias, a proxy of the frame or the citing claim's proxy. Sorted.
    """
    speaking: list[Passage] = []
    for claim in claims:
        proxy = claim.placed.claim.proxy
        phrases = _phrases(frame) if proxy is None else (*_phrases(frame), proxy)
        cited = () if claim.blocked else claim.cited
        speaking += [source.passage for source in cited if _speaks(source, phrases)]
    return independent_publishers(speaking)


def _phrases(frame: RoleFrame) -> tuple[str, ...]:
    return (frame.title, *frame.aliases, *frame.proxies)


def _speaks(source: PassageText, phrases: Iterable[str]) -> bool:
    return any(mentions(words, phrase) for phrase in phrases for words in source.words)
