"""How the versions of a published role differ: its score, what is unknown, what the guard found, and what made them.

Pure over rows that somebody read. A number that is not known is `None`, never 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

from agent.schemas.base import Value


class Checked(Value):
    """What the guard said of claims."""

    claims: int
    block: int
    """Findings that stop an approval."""
    review: int
    """Findings that a person has to accept."""
    per_claim: float | None
    """Findings of both tiers a claim, three decimals; `None` without claims."""


class Unknown(Value):
    """Evidence dimensions of which nothing is known."""

    dimensions: int
    of: int


class Made(Value):
    """What produced a content."""

    model: str
    corpus: str
    """Digest."""
    embedding: str
    policy: str
    prompts: Mapping[str, str]
    """Version a section."""


class VersionFacts(Value):
    """One published version as the store has it."""

    role: str
    seniority: str
    slug: str
    version: int
    published_at: str
    withdrawn: bool
    score: float
    """Score of record."""
    unknown: Unknown | None
    findings: Checked | None
    """Of the published content: what was left is REVIEW, accepted by a person."""
    first_findings: Checked | None
    """Of the first drafts of its run, before any redraft: what the model gave."""
    made: Made | None


class VersionDrift(VersionFacts):
    """A version beside the one before it."""

    change: float | None
    """Score less the score of the version before, one decimal; `None` for the first version."""
    differs: tuple[str, ...]
    """What it was made by otherwise than the version before: of `model`, `corpus`, `embedding`, `policy`, `prompts`."""


class RoleDrift(Value):
    """The versions of one role."""

    role: str
    seniority: str
    slug: str
    versions: tuple[VersionDrift, ...]
    """Oldest first; of those that were asked for."""
    change: float
    """Score of the newest of all versions less that of the oldest, one decimal."""


def checked(block: int, review: int, claims: int) -> Checked:
    """Findings with the claims that they are of."""
    per_claim = round((block + review) / claims, 3) if claims else None
    return Checked(claims=claims, block=block, review=review, per_claim=per_claim)


def together(reports: Iterable[Checked | None]) -> Checked | None:
    """Several reports as one; `None` where there is none."""
    known = [report for report in reports if report is not None]
    if not known:
        return None
    return checked(sum(r.block for r in known), sum(r.review for r in known), sum(r.claims for r in known))


def drift_of(facts: Iterable[VersionFacts], *, since: str = "") -> tuple[RoleDrift, ...]:
    """Each role with at least two versions, by slug, withdrawn ones among them; of each the versions published on or
    after `since` (the beginning of a time, empty for all), each beside the one before it, whenever that was."""
    by_role: dict[str, list[VersionFacts]] = {}
    for one in facts:
        by_role.setdefault(one.slug, []).append(one)
    found = []
    for slug, of_role in sorted(by_role.items()):
        versions = sorted(of_role, key=lambda one: one.version)
        beside = [_beside(None, versions[0]), *(_beside(*pair) for pair in pairwise(versions))]
        asked = tuple(one for one in beside if one.published_at >= since)
        if len(versions) > 1 and asked:
            newest = versions[-1]
            found.append(
                RoleDrift(
                    role=newest.role,
                    seniority=newest.seniority,
                    slug=slug,
                    versions=asked,
                    change=round(newest.score - versions[0].score, 1),
                )
            )
    return tuple(found)


def _beside(before: VersionFacts | None, one: VersionFacts) -> VersionDrift:
    differs: tuple[str, ...] = ()
    if before is not None and before.made is not None and one.made is not None:
        differs = tuple(name for name in Made.model_fields if getattr(before.made, name) != getattr(one.made, name))
    change = None if before is None else round(one.score - before.score, 1)
    return VersionDrift(
        **{name: getattr(one, name) for name in VersionFacts.model_fields}, change=change, differs=differs
    )
