"""Whether a text speaks of the assessed role or of a named proxy."""

from __future__ import annotations

from collections.abc import Iterable

from agent.grounding.claims import CheckedClaim
from agent.grounding.normalise import folded_words, mentions
from agent.grounding.sources import PassageText
from agent.schemas.draft import RoleFrame


def speaks_of_role(text: str, frame: RoleFrame) -> bool:
    """Whether `text` names the role, an alias or a proxy of `frame`, without regard to case and plural."""
    words = folded_words(text)
    return any(mentions(words, phrase) for phrase in _phrases(frame))


def speaking_sources(claims: Iterable[CheckedClaim], frame: RoleFrame) -> tuple[str, ...]:
    """The publishers of passages that a claim without BLOCK finding cites and that speak of the role, sorted.

    Text or article title must name the role, an alias, a proxy of the frame or the citing claim's proxy. Publishers
    that differ in case only are one.
    """
    speaking: dict[str, str] = {}
    for claim in claims:
        proxy = claim.placed.claim.proxy
        phrases = _phrases(frame) if proxy is None else (*_phrases(frame), proxy)
        for source in () if claim.blocked else claim.cited:
            if _speaks(source, phrases):
                publisher = source.passage.meta.publisher
                speaking[publisher.casefold()] = min(publisher, speaking.get(publisher.casefold(), publisher))
    return tuple(sorted(speaking.values()))


def _phrases(frame: RoleFrame) -> tuple[str, ...]:
    return (frame.title, *frame.aliases, *frame.proxies)


def _speaks(source: PassageText, phrases: Iterable[str]) -> bool:
    return any(mentions(words, phrase) for phrase in phrases for words in source.words)
