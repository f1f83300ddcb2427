"""What `assess-role attention` counts and prints."""

from __future__ import annotations

from collections.abc import Iterator

from agent.cli.output import Terminal
from agent.cli.wording import counted, lasting
from agent.errors import NotFound
from agent.review.attention import Attention, Rate, Rows, Spread, attention_of, reviewers_of
from agent.review.catches import CatchRate, catch_rate
from agent.review.identity import Scope
from agent.settings import Settings
from agent.workflow.acting import acting
from agent.workflow.attending import rows_of
from agent.workflow.controls import check_admin
from agent.workflow.wiring import open_stores


def show_attention(terminal: Terminal, settings: Settings, reviewer: str | None) -> None:
    """The numbers of one person, or of everybody. Raises Forbidden, NotFound for somebody who did nothing yet."""
    with open_stores(settings) as stores:
        by = acting(settings, stores.accounts, None, "script", Scope.READ)
        if reviewer is None or reviewer.casefold() != by.name.casefold():
            check_admin(stores.accounts, by, "Reading what others looked at")
        rows = rows_of(stores)
    names = [name for name in reviewers_of(rows) if reviewer is None or name.casefold() == reviewer.casefold()]
    if reviewer is not None and not names:
        raise NotFound(f"{reviewer} has decided nothing here.", hint="`assess-role attention` lists who has.")
    people = [attention_of(rows, name) for name in names]
    together = attention_of(rows) if reviewer is None else None
    kinds = _by_kind(rows) if reviewer is None else {}
    if terminal.as_json:
        terminal.document(
            {
                "ok": True,
                "all": None if together is None else together.model_dump(mode="json"),
                "reviewers": [one.model_dump(mode="json") for one in people],
                "kinds": {kind: rate.model_dump(mode="json") for kind, rate in kinds.items()},
            }
        )
        return
    if not people:
        terminal.words("Nobody has decided anything yet.")
        return
    for one in (*([together] if together is not None else []), *people):
        for line in _lines(one):
            terminal.data(line)
    for kind, rate in kinds.items():
        terminal.data(f"planted {kind}: {_caught(rate)}")


def _by_kind(rows: Rows) -> dict[str, CatchRate]:
    kinds = sorted({catch.kind for catch in rows.catches})
    rates = {kind: catch_rate(catch for catch in rows.catches if catch.kind == kind) for kind in kinds}
    return {kind: rate for kind, rate in rates.items() if rate is not None}


def _lines(one: Attention) -> Iterator[str]:
    """A line a number that there is."""
    yield one.reviewer or "All together"
    yield "  decisions: " + (", ".join(f"{n} {name.replace('_', ' ')}" for name, n in one.decisions.items()) or "none")
    for spread, since in ((one.from_look, "from the first look"), (one.from_opening, "from the opening, no look kept")):
        if spread is not None:
            yield f"  time to decide, {since}: {_times(spread)}"
    rates = (
        (one.passages_opened, "cited passages opened before a decision"),
        (one.findings_opened, "findings opened before an approval"),
        (one.without_evidence, "approvals without any evidence opened"),
        (one.overridden, "approvals of an override"),
        (one.edited, "edits, of all decisions"),
    )
    for rate, words in rates:
        if rate is not None:
            yield f"  {words}: {_share(rate)}"
    if one.shown_whole:
        yield f"  {counted(one.shown_whole, 'decision')} in a view that shows all evidence: not counted as opened"
    if one.not_kept:
        yield f"  {counted(one.not_kept, 'decision')} by a script or the inbox: nobody knows what was read"
    if one.taken_over:
        yield f"  taken over from others: {one.taken_over}"
    if one.caught is not None:
        yield f"  planted errors caught: {_caught(one.caught)}"


def _share(rate: Rate) -> str:
    return f"{rate.hits} of {rate.of} ({100 * rate.hits / rate.of:.0f}%)"


def _caught(rate: CatchRate) -> str:
    return f"{rate.caught} of {rate.of} (95% interval {100 * rate.low:.0f} to {100 * rate.high:.0f}%)"


def _times(spread: Spread) -> str:
    ends = f"quartiles {lasting(spread.lower_s)} and {lasting(spread.upper_s)}"
    return f"median {lasting(spread.median_s)}, {ends}, n {spread.n}"
