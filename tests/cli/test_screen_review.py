"""The full screen: what a key does, what is recorded, and what never is without one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import factories_workflow
import pytest
from factories_workflow import BEN, REASON, copy_home, make_home, open_desk
from screens_cli import ADA, Eyes, at_screen
from scripts_workflow import WidgetScript, named

from agent.cli.screen.items import Marks, items
from agent.cli.screen.pending import Pending
from agent.review.changing import Change
from agent.review.service import Reviewer
from agent.schemas.vocabulary import Status

NAMED = WidgetScript().but("barriers", named(("union", "claims"), "Zorblatt Dynamics"))
"""A draft with a REVIEW finding."""


@pytest.fixture(scope="module")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    homes = {}
    for name, script in (("plain", WidgetScript()), ("found", NAMED)):
        homes[name] = make_home(tmp_path_factory.mktemp(name) / "home")
        with open_desk(homes[name], script) as desk:
            assert desk.start().status is Status.WAITING
    return homes


@pytest.fixture
def small(_homes: dict[str, Path], tmp_path: Path) -> Path:
    """An assessment without a finding at gate 1."""
    return copy_home(_homes["plain"], tmp_path / "small")


@pytest.fixture
def found(_homes: dict[str, Path], tmp_path: Path) -> Path:
    """An assessment with a REVIEW finding at gate 1."""
    return copy_home(_homes["found"], tmp_path / "found")


@pytest.fixture
def _second(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A home where two people approve a new role."""
    usual = factories_workflow.a_settings
    more = {"four_eyes": "on", "second_approval": ("new_role",)}
    monkeypatch.setattr(factories_workflow, "a_settings", lambda home: usual(home).model_copy(update=more))
    yield


def decided(eyes: Eyes) -> list[str]:
    return [event for event in eyes.home.events(assessment(eyes)) if event.startswith(("decided", "approved"))]


def assessment(eyes: Eyes) -> str:
    (name,) = {row.assessment for row in eyes.home.stores.review.waiting()} or set(
        eyes.home.stores.assessments.unfinished()
    )
    return name


async def opened(eyes: Eyes) -> None:
    await eyes.sees("Widget Eng")
    await eyes.press("enter")
    await eyes.sees("gate inputs", "Tasks: share of time")


def test_opening_claims_and_leaving_gives_back(small: Path) -> None:
    async def act(eyes: Eyes) -> None:
        await opened(eyes)
        held = eyes.home.waiting(assessment(eyes))
        assert held.claimed_by == "Ada Marsh"
        await eyes.press("q")
        await eyes.sees("1 free")
        assert eyes.home.events(assessment(eyes))[-2:] == ["claimed", "released"]
        await eyes.press("enter")
        await eyes.sees("gate inputs")

    at_screen(small, act)


def test_what_is_opened_is_kept_and_a_finding_is_in_the_way_until_it_is_accepted(found: Path) -> None:
    async def act(eyes: Eyes) -> None:
        await opened(eyes)
        name = assessment(eyes)
        await eyes.press("f")
        await eyes.sees("F accepts it with a reason.", "on: People at Zorblatt Dynamics keep their work.")
        for _ in range(2):
            await eyes.press("j")
        await eyes.sees("1 of 1 passage: our digest of Office of", "tier", "[Widget engineers")
        review, content = eyes.home.waiting(name), eyes.home.content(name)
        passage = content.inputs.tasks[0].claims[0].citations[0].passage

        def looks() -> set[tuple[str, str]]:
            return {(look.kind, look.place) for look in eyes.home.stores.review.attention.looks(review.id)}

        wanted = {("review", ""), ("finding", content.guard.findings[0].id), ("evidence", passage)}
        await eyes.until(lambda: looks() == wanted, f"{wanted}")
        await eyes.press("a")
        await eyes.sees("REVIEW findings not accepted: 1.", "F accepts it")
        await eyes.press("escape", "k", "k", "F")
        await eyes.type("Known in this field.")
        await eyes.sees("accepted: Known in this field.", "Record edit: 1 change")
        await eyes.press("w")
        await eyes.sees("Record this edit?")
        await eyes.press("y")
        await eyes.sees("The edit is recorded")
        assert [a.reason for a in eyes.home.content(assessment(eyes)).accepted] == ["Known in this field."]

    at_screen(found, act)


def test_a_number_is_scored_as_it_is_typed_undone_by_u_and_recorded_once_it_is_confirmed(small: Path) -> None:
    async def act(eyes: Eyes) -> None:
        await opened(eyes)
        name = assessment(eyes)
        before = eyes.home.content(name)
        assert before.result is not None
        await eyes.press("j", "e", "4")
        await eyes.sees(f"{before.result.score:.1f} of 100", "becomes")
        await eyes.press("enter")
        await eyes.sees("Record edit: 1 change", "4 (was 2)")
        await eyes.press("a")
        await eyes.sees("1 change not recorded: w records")
        await eyes.press("u")
        await eyes.sees("The last change is undone.")
        assert "Record edit" not in eyes.text
        await eyes.press("e", "9")
        await eyes.sees("Found '9', expected 1 to 5.")
        await eyes.press("backspace", "3", "enter", "w")
        await eyes.sees("Record this edit?", "task Design widget lines: score 2 to 3")
        assert decided(eyes) == []
        await eyes.press("y")
        await eyes.sees("The edit is recorded")
        after = eyes.home.content(name)
        assert after.inputs.tasks[0].score == 3
        assert after.revision() != before.revision()
        assert decided(eyes) == ["decided: edit"]
        await eyes.press("m")
        await eyes.sees("task Design widget lines: score 2 to 3")
        await eyes.press("escape", "v")
        await eyes.sees("Changed since the model's draft", "task Design widget lines: score 2 to 3")

    at_screen(small, act)


def test_a_claim_is_edited_and_commented_where_it_stands(small: Path) -> None:
    async def act(eyes: Eyes) -> None:
        await opened(eyes)
        name = assessment(eyes)
        await eyes.press("j", "j", "c")
        await eyes.type("too short")
        await eyes.sees("at least 10 characters")
        await eyes.type("too short for me")
        await eyes.sees("The comment is kept.", "1 comment")
        (comment,) = eyes.home.stores.review.comments(name, eyes.home.content(name))
        assert (comment.place, comment.comment.text) == ("tasks.0.claims.0", "too short for me")
        await eyes.press("e", "exclamation_mark", "enter")
        await eyes.sees("! (for the role)", "[edited]")

    at_screen(small, act)


def test_y_accepts_the_part_of_the_marked_line_or_takes_it_back_and_a_comment_stands_at_it(small: Path) -> None:
    async def act(eyes: Eyes) -> None:
        await opened(eyes)
        name = assessment(eyes)
        await eyes.press("y")
        await eyes.sees("Mark a task or a dimension", "0 of 20 parts accepted")
        await eyes.press("j", "y")
        await eyes.sees("It decides nothing.", "1 of 20 parts accepted", "lines accepted by Ada Marsh")
        await eyes.press("c")
        await eyes.sees("Comment on the task or dimension")
        await eyes.type("This is half a week at most.")
        await eyes.sees("The comment is kept.", "accepted by Ada Marsh 1 comment")
        await eyes.press("o")
        await eyes.sees("Ada Marsh 2026", "This is half a week at most.")
        (comment,) = eyes.home.stores.review.comments(name, eyes.home.content(name))
        assert (comment.place, comment.comment.claim) == ("tasks.t1", "Design widget lines")
        await eyes.press("j", "y")
        await eyes.sees("Taken back.", "0 of 20 parts accepted")
        eyes.home.stores.review.claim(eyes.home.waiting(name).id, BEN, over=REASON)
        await eyes.press("y")
        await eyes.sees("Ben holds it")
        assert decided(eyes) == []

    at_screen(small, act)


def test_an_approval_says_what_was_not_opened_and_is_taken_back_by_u(small: Path) -> None:
    async def act(eyes: Eyes) -> None:
        await opened(eyes)
        await eyes.press("a")
        await eyes.sees("You opened no evidence.", "Approve sha256:")
        await eyes.press("n", "a")
        await eyes.sees("Approve sha256:")
        await eyes.press("y")
        await eyes.sees("u takes it back")
        await eyes.press("u")
        await eyes.sees("Taken back: nothing was recorded.")
        await eyes.press("a")
        await eyes.sees("Approve sha256:")
        await eyes.press("y")
        await eyes.sees("u takes it back")
        await eyes.press("q")
        await eyes.sees("taken back by leaving: nothing was recorded")
        assert decided(eyes) == []

    at_screen(small, act)


def test_a_confirmed_approval_is_recorded_after_the_delay_and_the_run_goes_on(small: Path) -> None:
    async def act(eyes: Eyes) -> None:
        await opened(eyes)
        await eyes.press("a")
        await eyes.sees("Approve sha256:")
        await eyes.press("y")
        await eyes.sees("Review queue", "approve recorded; it waits at gate publication.", "gate publication")
        (decision,) = eyes.home.stores.reviews.decisions(assessment(eyes))
        assert (decision.action, decision.reviewer, decision.channel) == ("approve", "Ada Marsh", "terminal")
        await eyes.press("enter")
        await eyes.sees("Will AI replace this job?", "Commentary", "AI-driven lens")

    at_screen(small, act, hold_s=0.05)


def test_time_alone_decides_nothing(small: Path) -> None:
    async def act(eyes: Eyes) -> None:
        await opened(eyes)
        await eyes.press("a")
        await eyes.sees("Approve sha256:")
        await eyes.pilot.pause(0.3)
        await eyes.press("escape")
        await eyes.pilot.pause(0.3)
        assert decided(eyes) == []

    at_screen(small, act, hold_s=0.01)


def test_sending_back_takes_sections_and_a_reason_which_reach_the_model(small: Path) -> None:
    async def act(eyes: Eyes) -> None:
        await opened(eyes)
        await eyes.press("r", "space", "enter")
        await eyes.type(REASON)
        await eyes.sees("Send back tasks?")
        await eyes.press("y")
        await eyes.sees("send back recorded; it waits at gate inputs.")
        assert REASON in eyes.home.prompts("tasks")[-1]

    at_screen(small, act, hold_s=0.05)


def test_a_rejection_takes_a_reason(small: Path) -> None:
    async def act(eyes: Eyes) -> None:
        await opened(eyes)
        name = assessment(eyes)
        await eyes.press("x")
        await eyes.type(REASON)
        await eyes.sees("Reject? The assessment ends without a publication.")
        await eyes.press("y")
        await eyes.sees("reject recorded; it is rejected.", "Nothing waits for review.")
        assert eyes.home.stores.reviews.decisions(name)[-1].reason == REASON

    at_screen(small, act, hold_s=0.05)


def test_what_somebody_else_holds_is_read_only_until_it_is_taken_over(small: Path) -> None:
    async def act(eyes: Eyes) -> None:
        name = assessment(eyes)
        eyes.home.stores.review.claim(eyes.home.waiting(name).id, BEN)
        await eyes.sees("held by Ben")
        await opened(eyes)
        await eyes.sees("Read only.", "Ben holds it until 2026-02-25T10:30:00Z")
        await eyes.press("a", "e")
        assert "Approve" not in eyes.text
        await eyes.press("t")
        await eyes.type("Ben is away today.")
        await eyes.sees("It is yours.")
        assert "Read only" not in eyes.text.replace("Read only. t", "")
        assert eyes.home.waiting(name).claimed_by == "Ada Marsh"
        assert eyes.home.events(name)[-1] == "taken over"

    at_screen(small, act)


def test_a_decision_that_came_first_is_told_and_the_own_one_is_not_recorded(small: Path) -> None:
    async def act(eyes: Eyes) -> None:
        await opened(eyes)
        name = assessment(eyes)
        await eyes.press("a")
        await eyes.sees("Approve sha256:")
        await eyes.press("y")
        await eyes.sees("u takes it back")
        service, review = eyes.home.stores.review, eyes.home.waiting(name)
        service.claim(review.id, BEN, over="Ada is away today.")
        service.reject(name, review.revision, BEN, REASON)
        await eyes.sees("Somebody decided first", "Ben rejected it at 2026-02-25T10:00:00Z (script).", REASON)
        await eyes.press("escape")
        await eyes.sees("Nothing waits for review.")
        assert decided(eyes) == ["decided: reject"]

    at_screen(small, act)


def test_activity_renews_the_claim_and_no_activity_does_not(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def act(eyes: Eyes) -> None:
        renewed: list[float] = []
        usual = eyes.app.desk.renew
        monkeypatch.setattr(eyes.app.desk, "renew", lambda opened: (renewed.append(monotonic()), usual(opened))[1])
        await opened(eyes)
        await eyes.pilot.pause(0.4)
        assert renewed == []
        await eyes.press("j")
        await eyes.until(lambda: len(renewed) == 1)
        await eyes.pilot.pause(0.4)
        assert len(renewed) == 1

    at_screen(small, act, renew_s=0.1)


@pytest.mark.usefixtures("_second")
def test_an_approval_that_is_not_enough_says_whose_it_takes(small: Path) -> None:
    async def act(eyes: Eyes) -> None:
        await opened(eyes)
        await eyes.press("a")
        await eyes.sees("It takes approval by two people (nothing of this role is published).")
        await eyes.press("y")
        await eyes.sees("your approval is kept. It takes another one: somebody other than Ada Marsh")
        assert decided(eyes) == ["approved, not alone"]

    at_screen(small, act, by=Reviewer(ADA.name, ADA.channel, "token"), hold_s=0.05)


def test_a_run_that_cannot_go_on_says_so_in_words(small: Path) -> None:
    async def act(eyes: Eyes) -> None:
        await opened(eyes)
        await eyes.press("a")
        await eyes.sees("Approve sha256:")
        await eyes.press("y")
        await eyes.sees("approve recorded; then it stopped:")

    at_screen(small, act, connected=False, hold_s=0.05)


def test_every_view_fits_sixty_by_twenty(small: Path) -> None:
    async def act(eyes: Eyes) -> None:
        await opened(eyes)
        await eyes.press("o", "j", "j", "f", "e", "escape", "question_mark")
        await eyes.sees("j k, arrows")
        await eyes.press("escape", "q")

    at_screen(small, act, size=(60, 20))


def test_text_from_outside_is_text_and_loses_its_control_characters(small: Path) -> None:
    with open_desk(small) as desk:
        content = desk.content(desk.stores.review.waiting()[0].assessment)
    bad = "[bold]x[/nope] \x1b[2Jy\u202e"
    shown = Pending(content).having(Change(place="inputs.tasks.0.claims.0.text", value=bad)).shown()
    (line,) = (item.text.plain for item in items(shown, Marks({})) if item.id == "tasks.0.claims.0")
    assert "[bold]x[/nope] [2Jy (for the role)" in line
    assert "\x1b" not in line and "\u202e" not in line


def test_the_score_is_recomputed_within_a_tenth_of_a_second(small: Path) -> None:
    with open_desk(small) as desk:
        content = desk.content(desk.stores.review.waiting()[0].assessment)
    pending, times = Pending(content), []
    for value in (3, 4, 3, 2, 3):
        start = monotonic()
        assert pending.outlook(Change(place="inputs.tasks.0.score", value=value)).result is not None
        times.append(monotonic() - start)
    assert min(times) < 0.1


def test_every_claim_and_number_of_a_revision_has_its_line(small: Path) -> None:
    with open_desk(small) as desk:
        name = desk.stores.review.waiting()[0].assessment
        desk.approve(name)
        content = desk.content(name)
    lines = items(content, Marks({}))
    assert {item.claim for item in lines if item.finding is None and item.claim} == set(content.guard.verdicts)
    places = {field.place for item in lines for field in item.fields}
    wanted = {f"inputs.tasks.{at}.{part}" for at in range(6) for part in ("score", "share")}
    assert wanted | {"inputs.growth.score", "inputs.evidence.wages.score"} <= places
    assert len({item.id for item in lines}) == len(lines)
