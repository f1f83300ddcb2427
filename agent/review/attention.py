"""What reviewers looked at before they decided, counted: to better the queue, not to rank people.

Pure over rows. Every share comes with what it is a share of, and where there is nothing to count there is no number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from statistics import quantiles

from agent.review.catches import Catch, CatchRate, catch_rate
from agent.review.rules import Action
from agent.schemas.base import Value
from agent.store.attention import LookRow
from agent.store.reviews import ApprovalRow, DecisionRow

WHOLE = "whole"
"""The place of a look at a review that showed every finding and quote at once: shown, not opened."""
OPENING = ("web", "terminal")
"""The channels that keep what is opened."""


class ReviewedRow(Value):
    """What a review that somebody acted on put before them."""

    review: str
    opened_at: str
    passages: frozenset[str]
    """Ids of the cited passages."""
    findings: frozenset[str]
    """Ids of the guard's findings."""
    overridden: bool
    """The revision has an override."""


class NotedRow(Value):
    """What the trail alone has: a review put off, or taken over from somebody."""

    reviewer: str
    event: str
    """`deferred` or `taken over`."""


class Rate(Value):
    """A share with what it is of."""

    hits: int
    of: int


class Spread(Value):
    """Seconds: median and quartiles (with both ends counted in) of `n` times."""

    n: int
    lower_s: float
    median_s: float
    upper_s: float


class Attention(Value):
    """What one reviewer did, or all together. `None` is where there is nothing to count."""

    reviewer: str | None
    """`None` for everybody."""
    decisions: dict[str, int]
    """How often each was done: approve, edit, send_back, reject, defer. Only what was done."""
    from_look: Spread | None
    """From the reviewer's first look at a review to their decision."""
    from_opening: Spread | None
    """From the review's opening to the decision, where no look was kept."""
    passages_opened: Rate | None
    """Cited passages that were opened before a decision, where opening is kept."""
    findings_opened: Rate | None
    """Findings that were opened before an approval, where opening is kept."""
    without_evidence: Rate | None
    """Approvals before which no cited passage was opened, of those where opening is kept."""
    shown_whole: int
    """Decisions in a view that shows everything at once: in none of the three shares above."""
    not_kept: int
    """Decisions by scripts and the inbox, of which nobody knows what was read: in none of the three either."""
    overridden: Rate | None
    """Approvals of a revision with an override, of all approvals."""
    edited: Rate | None
    """Edits, of all decisions but deferrals."""
    taken_over: int
    """Reviews taken from another holder."""
    caught: CatchRate | None
    """Planted errors caught, of those decided about."""


class _Act(Value):
    """One decision or approval by one person."""

    reviewer: str
    review: str
    action: Action
    channel: str
    at: str


class Rows(Value):
    """Everything that is counted."""

    reviews: Sequence[ReviewedRow]
    decisions: Sequence[DecisionRow]
    approvals: Sequence[ApprovalRow]
    looks: Sequence[LookRow]
    noted: Sequence[NotedRow]
    catches: Sequence[Catch]


def reviewers_of(rows: Rows) -> tuple[str, ...]:
    """Everybody who did something that is counted, by name."""
    return tuple(sorted({act.reviewer for act in _acts(rows)} | {row.reviewer for row in rows.noted}))


def attention_of(rows: Rows, reviewer: str | None = None) -> Attention:
    """The numbers of one reviewer, or of all together."""

    def mine(name: str) -> bool:
        return reviewer is None or name == reviewer

    acts = [act for act in _acts(rows) if mine(act.reviewer)]
    reviews = {row.review: row for row in rows.reviews}
    looks = _looks_before(rows.looks)

    def looked(act: _Act, kind: str) -> frozenset[str]:
        return frozenset(look.place for look in looks(act, kind))

    def first_look(act: _Act) -> str | None:
        return min((look.at for look in looks(act, "review")), default=None)

    noted = Counter(row.event for row in rows.noted if mine(row.reviewer))
    approved = [act for act in acts if act.action is Action.APPROVE]
    whole = [WHOLE in looked(act, "review") for act in acts]
    kept = [act for act, shown in zip(acts, whole, strict=True) if act.channel in OPENING and not shown]
    kept_approvals = [act for act in kept if act.action is Action.APPROVE]
    counts = Counter(act.action.value for act in acts) + Counter({"defer": noted["deferred"]})
    waits = [(act, first_look(act)) for act in acts]
    return Attention(
        reviewer=reviewer,
        decisions={name: counts[name] for name in (*(a.value for a in Action), "defer") if counts[name]},
        from_look=spread(seconds_between(first, act.at) for act, first in waits if first is not None),
        from_opening=spread(
            seconds_between(reviews[act.review].opened_at, act.at) for act, first in waits if first is None
        ),
        passages_opened=_opened(kept, lambda act: (reviews[act.review].passages, looked(act, "evidence"))),
        findings_opened=_opened(kept_approvals, lambda act: (reviews[act.review].findings, looked(act, "finding"))),
        without_evidence=_rate(not reviews[act.review].passages & looked(act, "evidence") for act in kept_approvals),
        shown_whole=sum(whole),
        not_kept=len(acts) - sum(whole) - len(kept),
        overridden=_rate(reviews[act.review].overridden for act in approved),
        edited=_rate(act.action is Action.EDIT for act in acts),
        taken_over=noted["taken over"],
        caught=catch_rate(catch for catch in rows.catches if mine(catch.reviewer)),
    )


def _acts(rows: Rows) -> list[_Act]:
    """Every decision, and every approval that waited for another one or was the last of several, once."""
    found = {
        (row.review, row.reviewer): _Act(
            reviewer=row.reviewer,
            review=row.review,
            action=Action.APPROVE,
            channel=row.channel,
            at=row.approved_at,
        )
        for row in rows.approvals
    }
    decided = [
        _Act(reviewer=d.reviewer, review=d.review, action=Action(d.action), channel=d.channel, at=d.decided_at)
        for d in rows.decisions
    ]
    return [*found.values(), *(act for act in decided if not _is_approval_of(act, found))]


def _is_approval_of(act: _Act, found: dict[tuple[str, str], _Act]) -> bool:
    return act.action is Action.APPROVE and (act.review, act.reviewer) in found


def _looks_before(looks: Iterable[LookRow]) -> Callable[[_Act, str], list[LookRow]]:
    """What a person had opened of a kind in a review when they decided."""
    found: dict[tuple[str, str, str], list[LookRow]] = {}
    for look in looks:
        found.setdefault((look.review, look.reviewer, look.kind), []).append(look)

    def before(act: _Act, kind: str) -> list[LookRow]:
        return [look for look in found.get((act.review, act.reviewer, kind), []) if look.at <= act.at]

    return before


def _opened(acts: Iterable[_Act], seen: Callable[[_Act], tuple[frozenset[str], frozenset[str]]]) -> Rate | None:
    hits = of = 0
    for there, opened in map(seen, acts):
        hits, of = hits + len(there & opened), of + len(there)
    return Rate(hits=hits, of=of) if of else None


def _rate(happened: Iterable[bool]) -> Rate | None:
    known = list(happened)
    return Rate(hits=sum(known), of=len(known)) if known else None


def seconds_between(since: str, at: str) -> float:
    """From one time of the store to another, in seconds."""
    return (datetime.fromisoformat(at) - datetime.fromisoformat(since)).total_seconds()


def spread(times: Iterable[float]) -> Spread | None:
    """Median and quartiles; `None` of no times."""
    known = sorted(times)
    if not known:
        return None
    lower, middle, upper = quantiles(known, n=4, method="inclusive") if len(known) > 1 else known * 3
    return Spread(n=len(known), lower_s=lower, median_s=middle, upper_s=upper)
