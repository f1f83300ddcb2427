"""The queue as every edge shows it: order, filters, search and counts."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest

from agent.review.queue import Counts, counts, look_first, queue_of
from agent.schemas.risk import Risk
from agent.schemas.vocabulary import Gate
from agent.store.reviews import ReviewRow


def a_row(name: str, **changes: object) -> ReviewRow:
    """An open review at gate 1 without anything risky."""
    values: dict[str, object] = {
        "id": f"{name}/1",
        "assessment": name,
        "role": "Data Engineer",
        "seniority": "Senior",
        "gate": Gate.INPUTS,
        "revision": "sha256:0",
        "status": "open",
        "score": 40.0,
        "zone": "YELLOW",
        "label": "YELLOW (Urgent)",
        "block": 0,
        "review": 0,
        "opened_at": "2026-02-25T10:00:00Z",
        "claimed_by": None,
    }
    return ReviewRow.model_validate({**values, **changes})


def names(rows: tuple[ReviewRow, ...]) -> str:
    return " ".join(row.assessment for row in rows)


QUEUE = (
    a_row("plain-old", opened_at="2026-02-20T10:00:00Z"),
    a_row("plain-new", gate=Gate.PUBLICATION, claimed_by="Ada Marsh"),
    a_row("plain-twin", zone=None, score=None, label=None),
    a_row("unsupported", risk=Risk(unsupported=9), zone="GREEN", label="GREEN (Stable)"),
    a_row("divided", risk=Risk(disagreements=2), zone="RED", label="RED"),
    a_row("single", risk=Risk(single_source=1), role="ＷＥＢ Developer"),
    a_row("singles", risk=Risk(single_source=2), seniority="Junior"),
    a_row("fragile", risk=Risk(fragile=True, unsupported=1)),
    a_row("misattributed", risk=Risk(misattributed=1), block=1, claimed_by="Ben"),
    a_row("fabricated", risk=Risk(fabricated=1, misattributed=1), block=2),
)
ORDER = "fabricated misattributed fragile singles single unsupported divided plain-old plain-new plain-twin"


@pytest.mark.parametrize("seed", range(5))
def test_the_riskiest_stands_first_then_the_oldest_whatever_order_they_came_in(seed: int) -> None:
    shuffled = list(QUEUE)
    random.Random(seed).shuffle(shuffled)
    assert names(queue_of(shuffled)) == ORDER


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"gate": Gate.PUBLICATION}, "plain-new"),
        ({"zone": "green"}, "unsupported"),
        ({"holder": "ada marsh"}, "plain-new"),
        ({"holder": ""}, ""),
        ({"free": True, "gate": Gate.PUBLICATION}, ""),
        ({"free": True, "risky": True}, "fabricated fragile singles single unsupported divided"),
        ({"risky": True}, "fabricated misattributed fragile singles single unsupported divided"),
        ({"text": "  web   DEVELOPER "}, "single"),
        ({"text": "junior data"}, "singles"),
        ({"text": "plain-t"}, "plain-twin"),
        ({"text": "data nobody"}, ""),
        ({"text": "stable"}, "unsupported"),
    ],
)
def test_a_filter_leaves_what_fits_all_of_it_in_the_same_order(wanted: dict[str, object], found: str) -> None:
    assert names(queue_of(QUEUE, **wanted)) == found  # type: ignore[arg-type]


def test_a_review_with_a_block_finding_is_risky_though_its_risk_was_not_kept() -> None:
    assert names(queue_of([a_row("old", block=1), a_row("fine", review=3)], risky=True)) == "old"


def test_of_two_with_the_same_risk_the_blocked_one_stands_first_and_says_so() -> None:
    free, blocked = a_row("free", opened_at="2026-11-20T09:00:00Z"), a_row("blocked", block=2)
    assert [row.assessment for row in queue_of([free, blocked])] == ["blocked", "free"]
    assert [look_first(row) for row in (free, blocked)] == ["", "blocked"]


def test_counts_say_how_many_are_what() -> None:
    assert counts(QUEUE) == Counts(
        waiting=10,
        blocked=2,
        risky=7,
        free=8,
        gates={Gate.INPUTS: 9, Gate.PUBLICATION: 1},
        zones={"YELLOW": 7, "GREEN": 1, "RED": 1},
        holders={"Ada Marsh": 1, "Ben": 1},
        oldest="2026-02-20T10:00:00Z",
    )
    assert counts(QUEUE).held_by("BEN") == 1
    assert counts(QUEUE).held_by("Cleo") == 0
    assert counts(()) == Counts()


def test_the_queue_loads_neither_the_review_service_nor_what_it_stands_on() -> None:
    code = "import sys, agent.review.queue; print(*(m for m in sys.modules if m.startswith('agent.')))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert {name for name in loaded if name.startswith("agent.review.")} == {"agent.review.queue"}
    assert {name.split(".")[1] for name in loaded} <= {"errors", "review", "schemas", "store"}
