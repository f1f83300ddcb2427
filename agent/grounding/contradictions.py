"""The strongest verified claim on each side of an evidence dimension, so that a contradiction is seen."""

from __future__ import annotations

from collections.abc import Sequence

from agent.grounding.claims import CheckedClaim
from agent.schemas.draft import Stance
from agent.schemas.finding import Opposed


def opposed(claims: Sequence[CheckedClaim]) -> Opposed:
    """The paths of the strongest claims for and against; `None` where no claim that can be used stands on a side."""
    return Opposed(for_=_strongest(claims, Stance.FOR), against=_strongest(claims, Stance.AGAINST))


def _strongest(claims: Sequence[CheckedClaim], stance: Stance) -> str | None:
    """Without a finding first, then about the role itself, better tier, disinterested, newer; the first of equals."""
    usable = [claim for claim in claims if claim.admissible and claim.placed.claim.stance is stance and claim.cited]
    return min(usable, key=_weakness).placed.path if usable else None


def _weakness(claim: CheckedClaim) -> tuple[bool, bool, int, bool, tuple[int, ...]]:
    metas = [source.passage.meta for source in claim.cited]
    newest = max("" if meta.date == "unknown" else meta.date for meta in metas)
    return (
        bool(claim.findings),
        claim.placed.claim.proxy is not None,
        min(meta.tier for meta in metas),
        all(meta.interested for meta in metas),
        tuple(-ord(character) for character in newest) or (0,),
    )
