"""The queue as every edge shows it: the riskiest first, then the oldest, narrowed to what somebody looks for.

Pure, and loads no review service: listing has to be quick.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from agent.schemas.base import Value
from agent.schemas.risk import Risk
from agent.schemas.vocabulary import Gate
from agent.store.accounts import name_key
from agent.store.reviews import ReviewRow


class Counts(Value):
    """How many reviews of a queue are what."""

    waiting: int = 0
    blocked: int = 0
    """With BLOCK findings, so that nobody can approve them as they stand."""
    risky: int = 0
    free: int = 0
    """Held by nobody."""
    gates: Mapping[Gate, int] = {}
    zones: Mapping[str, int] = {}
    """Without those that have no score."""
    holders: Mapping[str, int] = {}
    oldest: str | None = None
    """When the one that waits longest was opened."""

    def held_by(self, name: str) -> int:
        """How many `name` holds, without regard to case."""
        return sum(count for holder, count in self.holders.items() if name_key(holder) == name_key(name))


def queue_of(
    rows: Sequence[ReviewRow],
    *,
    text: str = "",
    gate: Gate | None = None,
    zone: str | None = None,
    holder: str | None = None,
    free: bool = False,
    risky: bool = False,
) -> tuple[ReviewRow, ...]:
    """The rows that fit everything asked for: by what is risky about them, then blocked ones, then the oldest, then by
    id.

    Every word of `text` stands in role, seniority, label or id, without regard to case. `holder` is who holds them,
    `free` are those that nobody holds.
    """
    words = _folded(text).split()
    chosen = [
        row
        for row in rows
        if (gate is None or row.gate is gate)
        and (zone is None or (row.zone or "").casefold() == zone.casefold())
        and (holder is None or (row.claimed_by is not None and name_key(row.claimed_by) == name_key(holder)))
        and not (free and row.claimed_by is not None)
        and not (risky and not is_risky(row))
        and all(word in _searched(row) for word in words)
    ]
    return tuple(sorted(chosen, key=lambda row: (row.risk.rank, row.block == 0, row.opened_at, row.id)))


def counts(rows: Sequence[ReviewRow]) -> Counts:
    """What a queue holds."""
    return Counts(
        waiting=len(rows),
        blocked=sum(row.block > 0 for row in rows),
        risky=sum(map(is_risky, rows)),
        free=sum(row.claimed_by is None for row in rows),
        gates=Counter(row.gate for row in rows),
        zones=Counter(row.zone for row in rows if row.zone is not None),
        holders=Counter(row.claimed_by for row in rows if row.claimed_by is not None),
        oldest=min((row.opened_at for row in rows), default=None),
    )


def brief(found: Counts, now: str, name: str | None = None) -> str:
    """A queue in one line, with what `name` holds of it: `3 wait (1 blocked, oldest 2 d), 1 held by you`; empty when
    nothing waits."""
    if found.oldest is None:
        return ""
    waits = "1 waits" if found.waiting == 1 else f"{found.waiting} wait"
    blocked = f"{found.blocked} blocked, " if found.blocked else ""
    held = 0 if name is None else found.held_by(name)
    return f"{waits} ({blocked}oldest {_age(found.oldest, now)})" + (f", {held} held by you" if held else "")


def _age(since: str, now: str) -> str:
    """Whole days, or hours below one day, or minutes below one hour."""
    minutes = int((datetime.fromisoformat(now) - datetime.fromisoformat(since)).total_seconds()) // 60
    if minutes >= 24 * 60:
        return f"{minutes // (24 * 60)} d"
    return f"{minutes // 60} h" if minutes >= 60 else f"{max(minutes, 0)} min"


def is_risky(row: ReviewRow) -> bool:
    """Whether guard or formula found something to look at first."""
    return row.block > 0 or row.risk != Risk()


def look_first(row: ReviewRow) -> str:
    """What a reviewer has to look at first, in words; empty when there is nothing."""
    return row.risk.words or ("blocked" if row.block else "")


def _searched(row: ReviewRow) -> str:
    return _folded(f"{row.role} {row.seniority} {row.label or ''} {row.assessment}")


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
