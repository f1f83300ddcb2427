"""What changed in groups of claims, in words."""

from __future__ import annotations

from collections.abc import Mapping

from agent.schemas.draft import Claim


def claim_changes(before: Mapping[str, tuple[Claim, ...]], after: Mapping[str, tuple[Claim, ...]]) -> list[str]:
    """One line a group that stands in both and changed, by its place."""
    lines = []
    for place in (place for place in after if place in before):
        old, new = before[place], after[place]
        added = sum(max(new.count(claim) - old.count(claim), 0) for claim in _once(new))
        removed = sum(max(old.count(claim) - new.count(claim), 0) for claim in _once(old))
        if added or removed:
            lines.append(f"{place}: {added} claims new or changed, {removed} removed or replaced")
        elif old != new:
            lines.append(f"{place}: claims in another order")
    return lines


def _once(claims: tuple[Claim, ...]) -> list[Claim]:
    return list(dict.fromkeys(claims))
