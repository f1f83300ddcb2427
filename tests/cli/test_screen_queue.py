"""The queue on the full screen: its order, what it shows, how it follows the store; and what stands in for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from factories_cli import Cli, Waiting
from factories_workflow import make_home
from screens_cli import Eyes, at_screen
from terminal_cli import Screen

from agent.cli.screen.queue_screen import age, row_text
from agent.schemas.risk import Risk
from agent.schemas.vocabulary import Gate
from agent.store.reviews import OpenReview, ReviewRow

ASKED = "Your decision >"


def put(eyes: Eyes, name: str, role: str, **risk: int) -> None:
    """A review that waits, by the stores alone."""
    stores = eyes.home.stores
    stores.assessments.create(name, role=role, seniority="Senior", request={"role": role}, graph_version="2")
    opening = {"assessment": name, "gate": Gate.INPUTS, "revision": "sha256:" + "a" * 64, "serial": 1, "block": 0}
    shown = {"score": 40.0, "zone": "YELLOW", "label": "YELLOW (Urgent)", "review": 2, "risk": Risk(**risk)}
    stores.reviews.open(OpenReview.model_validate({**opening, **shown}))


def test_the_riskiest_stands_first_the_queue_follows_the_store_and_search_narrows_it(tmp_path: Path) -> None:
    async def act(eyes: Eyes) -> None:
        await eyes.sees("Nothing waits for review.")
        put(eyes, "calm-1", "Calm [bold]Clerk[/nope]\x1b[2J")
        await eyes.sees("1 waiting, 0 risky", "Calm [bold]Clerk[/nope][2J")
        put(eyes, "wild-1", "Wild Welder", fabricated=2)
        await eyes.sees("2 waiting, 1 risky", "2 fabricated")
        assert eyes.text.index("Wild Welder") < eyes.text.index("Calm [bold]")
        await eyes.press("slash")
        await eyes.press(*"calm")
        await eyes.sees("1 of 2 waiting")
        assert "Wild Welder" not in eyes.text
        await eyes.press("escape")
        await eyes.sees("2 waiting", "Wild Welder")
        await eyes.press("question_mark")
        await eyes.sees("The riskiest stand first, then the oldest.")

    at_screen(make_home(tmp_path / "home", about=None), act)


@pytest.mark.parametrize("width", [46, 56, 76, 116, 196])
def test_an_item_shows_everything_within_its_width(width: int) -> None:
    row = ReviewRow(
        **{"id": "r/1", "assessment": "r", "role": "Widget Engineer", "seniority": "Mid-Senior", "revision": "x"},
        **{"gate": Gate.PUBLICATION, "status": "open", "score": 49.9, "zone": "GREEN", "label": "GREEN (Transforming)"},
        **{"block": 1, "review": 2, "opened_at": "2026-02-20T10:00:00Z", "claimed_by": "Ben"},
        risk=Risk(fragile=True),
    )
    text = row_text(row, width, "2026-02-25T10:00:00Z").plain
    assert max(map(len, text.split("\n")[:1])) <= width
    for word in (
        "Widget",
        "Mid-Senior",
        "publication",
        "49.9 GREEN",
        "1 block, 2 review",
        "fragile zone",
        "Ben",
        "5 d",
    ):
        assert word in text


@pytest.mark.parametrize(
    ("opened", "words"), [("09:59:30", "now"), ("09:01:00", "59 min"), ("03:00:00", "7 h"), ("00:00:00", "10 h")]
)
def test_age_is_in_one_unit(opened: str, words: str) -> None:
    assert age(f"2026-02-25T{opened}Z", "2026-02-25T10:00:00Z") == words


def test_without_a_terminal_the_queue_is_listed_with_a_hint(waiting: Waiting, cli: Cli) -> None:
    run = cli("review")
    assert run.code == 0
    assert waiting.id in run.out and "RISK" in run.out
    assert "Next: assess-role review ID" in run.err
    assert cli("review", "--take-over", "Ben is away.").code == 2


def test_an_empty_queue_without_a_terminal_says_how_to_begin(cli: Cli) -> None:
    run = cli("review")
    assert (run.code, run.out) == (0, "")
    assert "Nothing waits for review" in run.err


def test_a_dumb_terminal_asks_for_a_number_and_goes_on_in_plain_prompts(waiting: Waiting) -> None:
    with Screen(["review"], columns=80, rows=24, TERM="dumb") as screen:
        screen.until("Number (empty: leave)")
        screen.type("7")
        assert "expected a number from 1 to 1" in screen.until("Number (empty: leave)")
        screen.type("1")
        assert "35.6 of 100" in screen.until(ASKED)
        screen.type("d")
        assert screen.end() == 0
        assert "\x1b[?1049h" not in screen.raw


def test_a_real_terminal_of_80_by_24_opens_edits_and_leaves_as_it_was(waiting: Waiting, cli: Cli) -> None:
    with Screen(["review", "--reviewer", "Ada Marsh"], columns=80, rows=24, NO_COLOR="1") as screen:
        screen.until("Release Engineer")
        screen.send(b"\r")
        screen.until("Tasks: share of time")
        assert cli("queue", "--json").document["items"][0]["claimed_by"] == "Ada Marsh"
        screen.send(b"j")
        screen.send(b"e")
        screen.until("score (1 to 5)")
        screen.send(b"2")
        screen.until("becomes")
        screen.send(b"\r")
        screen.until("Record edit")
        screen.send(b"q")
        screen.until("Leave without?")
        screen.send(b"y")
        screen.until("Review queue")
        screen.send(b"q")
        assert screen.end() == 0
        assert "\x1b[?1049l" in screen.raw, "the terminal is as it was before"
        assert not any(f"\x1b[{code}" in screen.raw for code in ("38;", "31m", "32m", "33m", "48;"))
    assert cli("show", waiting.id, "--json").document == waiting.document


def test_ctrl_c_leaves_and_gives_the_review_back(waiting: Waiting, cli: Cli) -> None:
    with Screen(["review"], columns=60, rows=20) as screen:
        screen.until("Release Engineer")
        screen.send(b"\r")
        screen.until("Tasks: share of time")
        screen.send(b"\x03")
        assert screen.end() == 0
        assert "Traceback" not in screen.text
    assert cli("show", waiting.id, "--json").document == waiting.document
    assert cli("queue", "--json").document["items"][0]["claimed_by"] is None
