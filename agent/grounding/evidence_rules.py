"""What an evidence dimension needs before it may move the score (METHODOLOGY sections 8 and 10)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agent.grounding.claims import CheckedClaim
from agent.grounding.dates import months_before
from agent.grounding.independence import independent_sources
from agent.schemas.draft import EvidenceDraft, Stance
from agent.schemas.finding import Finding, Tier
from agent.schemas.vocabulary import EvidenceName, Section
from agent.scoring.policy import Policy


def evidence_findings(
    name: EvidenceName,
    draft: EvidenceDraft,
    claims: Sequence[CheckedClaim],
    policy: Policy,
    as_of: str | None = None,
) -> Iterator[Finding]:
    """Every rule the score of one dimension breaks, given its checked claims. An unknown dimension breaks none.

    Without `as_of` (YYYY-MM-DD) no source is stale.
    """
    if draft.score is None:
        return
    admissible = [claim for claim in claims if claim.admissible]
    if not admissible:
        yield _finding(
            "G-EVIDENCE-NOT-UNKNOWN" if draft.score == 0 else "G-EVIDENCE-NO-SOURCE",
            name,
            f"{name} is scored {draft.score:+d} without one verified sourced claim; "
            "cite evidence for it or leave the score unknown (null).",
        )
        return
    if draft.score == 0:
        return
    against = Stance.AGAINST if draft.score > 0 else Stance.FOR
    carrying = [claim for claim in admissible if claim.placed.claim.stance is not against]
    if not carrying:
        yield _finding(
            "G-EVIDENCE-STANCE",
            name,
            f"{name} is scored {draft.score:+d} and every verified claim points the other way ({against}); "
            "change the score or cite the evidence for it.",
        )
        return
    yield from _weight_findings(name, draft.score, carrying, policy)
    yield from _weakness_findings(name, draft.score, carrying, policy, as_of)


def _weight_findings(
    name: EvidenceName, score: int, carrying: Sequence[CheckedClaim], policy: Policy
) -> Iterator[Finding]:
    tiers = [source.passage.meta.tier for claim in carrying for source in claim.cited]
    if all(tier >= policy.inert_tier for tier in tiers):
        yield _finding(
            "G-EVIDENCE-TIER",
            name,
            f"{name} is scored {score:+d} on sources of tier {policy.inert_tier} alone, which never move a dimension; "
            "cite a better source or score 0.",
        )
        return
    if abs(score) < 2:
        return
    sources = independent_sources(source.passage for claim in carrying for source in claim.cited)
    if sources < policy.strong_evidence_sources:
        yield _finding(
            "G-EVIDENCE-ONE-SOURCE",
            name,
            f"{name} is scored {score:+d} on {sources} independent {'source' if sources == 1 else 'sources'}, and "
            f"{score:+d} needs {policy.strong_evidence_sources} (one publisher or copies of one text are one source); "
            f"cite another or score {score // 2:+d}.",
        )
    if min(tiers) > policy.strong_evidence_tier:
        yield _finding(
            "G-EVIDENCE-WEAK-SOURCES",
            name,
            f"{name} is scored {score:+d} and its best source is of tier {min(tiers)}, where {score:+d} needs "
            f"one of tier {policy.strong_evidence_tier} or better; cite one or score {score // 2:+d}.",
        )


def _weakness_findings(
    name: EvidenceName, score: int, carrying: Sequence[CheckedClaim], policy: Policy, as_of: str | None
) -> Iterator[Finding]:
    """What a person has to know before the evidence moves a score: only sellers say it, or nobody said it lately."""
    metas = [source.passage.meta for claim in carrying for source in claim.cited]
    if all(meta.interested for meta in metas):
        message = f"{name} is scored {score:+d} on sources alone that sell what they praise; is that enough?"
        yield _review("G-EVIDENCE-INTERESTED", name, message)
    if as_of is None:
        return
    ages = [months_before(meta.date, as_of) for meta in metas]
    if all(age is None or age > policy.stale_months for age in ages):
        newest = max((meta.date for meta in metas if meta.date != "unknown"), default=None)
        dated = f"none newer than {newest}" if newest else "none with a known date"
        message = f"{name} is scored {score:+d} on evidence of which {dated}; is it still so on {as_of}?"
        yield _review("G-EVIDENCE-STALE", name, message)


def _review(code: str, name: EvidenceName, message: str) -> Finding:
    return Finding(code=code, tier=Tier.REVIEW, section=Section.EVIDENCE, path=f"evidence.{name}", message=message)


def _finding(code: str, name: EvidenceName, message: str) -> Finding:
    return Finding(code=code, tier=Tier.BLOCK, section=Section.EVIDENCE, path=f"evidence.{name}", message=message)
