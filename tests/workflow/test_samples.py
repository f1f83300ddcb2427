"""Several independent drafts of the inputs: asked for by sample index, guarded, recorded and replayed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import cast

import pytest
from factories_workflow import Desk, copy_home, open_desk
from pydantic import BaseModel
from scripts_workflow import ROLE, Change, WidgetScript, invented_quote

from agent.errors import UpstreamFailed
from agent.llm.port import Prompt
from agent.llm.recording import read_recording
from agent.schemas.vocabulary import INPUT_SECTIONS, Status
from agent.workflow.engine import Engine
from agent.workflow.record import record

Open = Callable[..., Desk]
LEVEL = "mid-level"
SECTIONS = sorted(section.value for section in INPUT_SECTIONS)


@dataclass(frozen=True)
class Sampled:
    """The usual script, with another one for some sample indexes."""

    others: dict[int, WidgetScript]

    def __call__(self, prompt: Prompt, schema: type[BaseModel], sample: int) -> BaseModel:
        return self.others.get(sample, WidgetScript())(prompt, schema, sample)


def scored(name: str, score: int) -> Change:
    """An answer with another score of one part."""

    def change(document: dict[str, object], prompt: Prompt) -> dict[str, object]:
        return {**document, name: {**cast(dict[str, object], document[name]), "score": score}}

    return change


def asked(desk: Desk) -> Counter[tuple[str, int]]:
    return Counter((call.prompt.id, call.sample) for call in desk.made())


@pytest.fixture
def fresh(widget_home: Path, tmp_path: Path) -> Iterator[Open]:
    """Opens each desk at a home of its own."""
    with ExitStack() as stack:
        homes = (copy_home(widget_home, tmp_path / f"home-{at}") for at in count())
        yield lambda *args, **options: stack.enter_context(open_desk(next(homes), *args, **options))


def as_engine(desk: Desk) -> Engine:
    return cast(Engine, desk)


def test_the_frame_is_drafted_once_and_every_section_once_a_draft_from_one_prompt(open_at: Open) -> None:
    desk = open_at()
    row = desk.start(drafts=3)
    assert row.status is Status.WAITING
    assert asked(desk) == {("frame", 0): 1} | {(name, at): 1 for name in SECTIONS for at in range(3)}
    for name in SECTIONS:
        assert len(set(desk.prompts(name))) == 1


def test_a_run_of_one_draft_asks_for_no_further_one(open_at: Open) -> None:
    desk = open_at()
    desk.start()
    assert asked(desk) == {("frame", 0): 1} | {(name, 0): 1 for name in SECTIONS}


def test_a_further_draft_goes_through_the_guard_and_its_redrafts(open_at: Open) -> None:
    broken = WidgetScript().but("growth", invented_quote(("growth", "claims"), until_redraft=True))
    desk = open_at(Sampled({2: broken}))
    row = desk.start(drafts=3)
    assert asked(desk)["growth", 2] == 2
    assert asked(desk).total() == 14
    kept = desk.stores.assessments.draft(row.id, "sample.2")
    assert (kept["rounds"], [f for f in cast(list[str], kept["findings"]) if "QUOTE" in f]) == (1, [])


def test_a_draft_that_stopped_for_want_of_an_answer_goes_on_without_asking_twice(open_at: Open) -> None:
    def fails(document: dict[str, object], prompt: Prompt) -> dict[str, object]:
        raise UpstreamFailed("The server went away.")

    desk = open_at(Sampled({1: WidgetScript().but("barriers", fails)}))
    row = desk.start(drafts=3)
    assert (row.status, (row.outcome or {})["kind"]) == (Status.FAILED, "upstream")
    after = open_at(before=desk.made())
    assert after.runner.advance(row.id).status is Status.WAITING
    assert {key: count for key, count in asked(after).items() if count > 1} == {("barriers", 1): 2}


def test_one_recording_holds_every_draft_and_replays_all_of_them(fresh: Open, tmp_path: Path) -> None:
    desk = fresh(Sampled({1: WidgetScript().but("growth", scored("growth", 0))}))
    path, row = record(as_engine(desk), ROLE, LEVEL, tmp_path / "kept", drafts=3)
    recording = read_recording(path)
    assert Counter(answer.sample for answer in recording.answers) == {0: 7, 1: 4, 2: 4}
    replayed = fresh(connected=False, recordings=(recording,))
    again = replayed.start(drafts=3, recorded=True, seniority=LEVEL, as_of=recording.as_of)
    assert again.status is Status.WAITING
    for part in ("sample.1", "sample.2"):
        store = replayed.stores.assessments
        assert store.draft(again.id, part) == store.draft(row.id, part)


def test_recording_further_drafts_takes_over_the_answers_that_there_are(fresh: Open, tmp_path: Path) -> None:
    path, _ = record(as_engine(fresh()), ROLE, LEVEL, tmp_path)
    one = read_recording(path)
    desk = fresh(recordings=(one,))
    path, _ = record(as_engine(desk), ROLE, LEVEL, tmp_path, drafts=3)
    three = read_recording(path)
    assert asked(desk) == {(name, at): 1 for name in SECTIONS for at in (1, 2)}
    assert {a.key: a for a in three.answers}.items() >= {a.key: a for a in one.answers}.items()
    quiet = fresh(recordings=(three,))
    path, _ = record(as_engine(quiet), ROLE, LEVEL, tmp_path)
    assert (asked(quiet).total(), read_recording(path).answers) == (0, three.answers)


@pytest.mark.parametrize("missing", [1, 2])
def test_a_replay_without_a_recorded_draft_says_which_one_is_missing(fresh: Open, tmp_path: Path, missing: int) -> None:
    path, _ = record(as_engine(fresh()), ROLE, LEVEL, tmp_path, drafts=missing)
    recording = read_recording(path)
    desk = fresh(connected=False, recordings=(recording,))
    row = desk.start(drafts=3, recorded=True, seniority=LEVEL, as_of=recording.as_of)
    outcome = row.outcome or {}
    assert (row.status, outcome["kind"], outcome["exit_code"]) == (Status.NEEDS_MODEL, "needs_model", 4)
    assert f"sample {missing}: the recording has sample {', '.join(map(str, range(missing)))}" in str(
        outcome["message"]
    )
