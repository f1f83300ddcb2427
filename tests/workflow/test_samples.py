"""Several independent drafts of the inputs: asked for by sample index, guarded, recorded and replayed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import cast

import pytest
from edits_workflow import accepting, with_task_score
from factories_workflow import ANNA, REASON, Desk, FixedStamps, copy_home, open_desk
from pydantic import BaseModel
from scripts_workflow import ROLE, Change, WidgetScript, invented_quote

from agent.errors import NotPublishable, UpstreamFailed
from agent.llm.port import Prompt
from agent.llm.recording import RecordedAnswer, Recording, read_recording
from agent.llm.scripted import Call
from agent.review.edit import Edit
from agent.schemas.agreement import Agreement
from agent.schemas.assessment import Assessment
from agent.schemas.vocabulary import INPUT_SECTIONS, Gate, Section, Status
from agent.store.assessments import AssessmentRow
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


DIVIDED = Sampled({1: WidgetScript().but("growth", scored("growth", -1))})
SPLIT = "G-DRAFTS-INPUT@growth"


@dataclass(frozen=True)
class Recorded:
    """A recording, what was asked for it, and what its run kept of a further draft."""

    recording: Recording
    asked: Counter[tuple[str, int]]
    kept: dict[str, object]


@pytest.fixture(scope="module")
def recorded(widget_home: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Recorded, Recorded]:
    """One draft recorded, and then three, where the second says something else than the first."""

    def made(drafts: int, *recordings: Recording) -> Recorded:
        folder = tmp_path_factory.mktemp("recorded")
        with open_desk(copy_home(widget_home, folder / "home"), DIVIDED, recordings=recordings) as desk:
            path, row = record(as_engine(desk), ROLE, LEVEL, folder, drafts=drafts)
            kept = desk.stores.assessments.draft(row.id, "sample.1") if drafts > 1 else {}
            return Recorded(read_recording(path), asked(desk), kept)

    one = made(1)
    return one, made(3, one.recording)


def test_recording_further_drafts_takes_over_the_answers_that_there_are(recorded: tuple[Recorded, Recorded]) -> None:
    one, three = recorded
    assert three.asked == {(name, at): 1 for name in SECTIONS for at in (1, 2)}
    assert Counter(answer.sample for answer in three.recording.answers) == {0: 7, 1: 4, 2: 4}
    kept = {answer.key: answer for answer in three.recording.answers}
    assert kept.items() >= {answer.key: answer for answer in one.recording.answers}.items()


def replayed(desk: Desk, recording: Recording, drafts: int) -> AssessmentRow:
    return desk.start(drafts=drafts, recorded=True, seniority=LEVEL, as_of=recording.as_of)


def test_one_recording_replays_every_draft_and_is_recorded_anew_with_as_many(
    fresh: Open, tmp_path: Path, recorded: tuple[Recorded, Recorded]
) -> None:
    three = recorded[1]
    desk = fresh(connected=False, recordings=(three.recording,))
    path, row = record(as_engine(desk), ROLE, LEVEL, tmp_path)
    assert desk.stores.assessments.draft(row.id, "sample.1") == three.kept
    assert read_recording(path).answers == three.recording.answers


def test_a_replay_without_a_recorded_draft_says_which_is_missing_and_goes_on_with_one(
    fresh: Open, recorded: tuple[Recorded, Recorded]
) -> None:
    recording = recorded[0].recording
    desk = fresh(connected=False, recordings=(recording,))
    row = replayed(desk, recording, 3)
    outcome = row.outcome or {}
    assert (row.status, outcome["kind"], outcome["exit_code"]) == (Status.NEEDS_MODEL, "needs_model", 4)
    assert "sample 1: the recording has sample 0." in str(outcome["message"])
    assert "`--drafts 1`" in str(outcome["hint"])
    desk.stores.assessments.change_request(row.id, {"drafts": 1})
    assert desk.runner.advance(row.id).status is Status.WAITING
    assert desk.content(row.id).agreement is None


@dataclass(frozen=True)
class Divided:
    """A home in which three drafts wait that disagree. Never written to: copy it."""

    home: Path
    assessment: str
    made: tuple[Call, ...]


@pytest.fixture(scope="module")
def _divided(widget_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Divided:
    home = copy_home(widget_home, tmp_path_factory.mktemp("divided") / "home")
    with open_desk(home, DIVIDED) as desk:
        return Divided(home, desk.start(drafts=3).id, desk.made())


@pytest.fixture
def divided(_divided: Divided, tmp_path: Path) -> Iterator[tuple[Desk, str]]:
    """A desk at those drafts, and the id."""
    home = copy_home(_divided.home, tmp_path / "divided")
    with open_desk(home, DIVIDED, stamps=FixedStamps(first=100), before=_divided.made) as desk:
        yield desk, _divided.assessment


def test_the_frame_is_drafted_once_and_every_section_once_a_draft_from_one_prompt(divided: tuple[Desk, str]) -> None:
    desk, _ = divided
    assert asked(desk) == {("frame", 0): 1} | {(name, at): 1 for name in SECTIONS for at in range(3)}
    for name in SECTIONS:
        assert len(set(desk.prompts(name))) == 1


def agreement_of(desk: Desk, assessment: str) -> Agreement:
    found = desk.content(assessment).agreement
    assert found is not None
    return found


def edit(desk: Desk, assessment: str, changed: Edit) -> None:
    revision = desk.waiting(assessment).revision
    desk.runner.decide(assessment, lambda service: service.edit(assessment, revision, ANNA, changed))


def test_the_revision_that_waits_holds_what_the_drafts_have_in_common(divided: tuple[Desk, str]) -> None:
    desk, assessment = divided
    content, found = desk.content(assessment), agreement_of(desk, assessment)
    assert content.result is not None
    assert [(draft.sample, draft.model) for draft in found.drafts] == [(at, "scripted") for at in range(3)]
    assert found.drafts[0].score == found.drafts[2].score == found.high == content.result.score
    assert found.drafts[1].score == found.low == found.spread("score").low  # type: ignore[union-attr]
    assert found.spread("growth").values == (1, -1, 1)  # type: ignore[union-attr]
    assert SPLIT in {finding.id for finding in content.guard.findings}
    assert desk.waiting(assessment).risk.disagreements >= 1
    assert Assessment.model_validate(content.document()) == content


def test_a_run_of_one_draft_asks_for_no_further_one_and_hashes_nothing_of_an_agreement(open_at: Open) -> None:
    desk = open_at()
    content = desk.content(desk.start().id)
    assert asked(desk) == {("frame", 0): 1} | {(name, 0): 1 for name in SECTIONS}
    assert content.agreement is None
    assert "agreement" not in content.document()


def test_drafts_that_disagree_are_approved_only_once_that_was_accepted_by_name(divided: tuple[Desk, str]) -> None:
    desk, assessment = divided
    with pytest.raises(NotPublishable, match="independent drafts give 1, -1, 1"):
        desk.approve(assessment)
    names = [f.id for f in desk.content(assessment).guard.findings if f.code.startswith("G-DRAFTS-")]
    edit(desk, assessment, accepting(desk.content(assessment), *names))
    desk.approve(assessment)
    after = desk.content(assessment)
    assert (after.gate, after.agreement is not None) == (Gate.PUBLICATION, True)
    desk.approve(assessment)
    row = desk.stores.publications.of(assessment)
    assert row is not None
    published = json.loads((Path(row.path) / "assessment.json").read_text(encoding="utf-8"))["assessment"]
    assert (published["agreement"]["low"], published["agreement"]["high"]) == (
        after.agreement.low,  # type: ignore[union-attr]
        after.agreement.high,  # type: ignore[union-attr]
    )


def test_an_edit_leaves_the_agreement_to_be_of_the_drafts(divided: tuple[Desk, str]) -> None:
    desk, assessment = divided
    before = agreement_of(desk, assessment)
    edit(desk, assessment, with_task_score(desk.content(assessment), 2))
    content = desk.content(assessment)
    assert content.agreement == before
    assert content.inputs.scored() != before.drafts[0].inputs
    assert SPLIT in {finding.id for finding in content.guard.findings}


def test_a_send_back_is_not_told_what_other_drafts_say_and_asks_for_none_of_them(divided: tuple[Desk, str]) -> None:
    desk, assessment = divided
    before, revision = agreement_of(desk, assessment), desk.waiting(assessment).revision
    desk.runner.decide(
        assessment, lambda service: service.send_back(assessment, revision, ANNA, REASON, (Section.GROWTH,))
    )
    assert agreement_of(desk, assessment) == before
    assert asked(desk).total() == 14
    assert REASON in desk.prompts("growth")[-1]
    assert "G-DRAFTS" not in desk.prompts("growth")[-1]


def test_a_draft_that_cannot_be_made_clean_is_named_and_stands_in_no_interval(open_at: Open) -> None:
    broken = WidgetScript().but("growth", invented_quote(("growth", "claims"), until_redraft=False))
    desk = open_at(Sampled({1: broken}))
    assessment = desk.start(drafts=3).id
    found = agreement_of(desk, assessment)
    # The second redraft asks what the first one did, and its answer is at hand.
    assert (asked(desk)["growth", 1], desk.stores.assessments.draft(assessment, "sample.1")["rounds"]) == (2, 2)
    assert [draft.state.value for draft in found.drafts] == ["scored", "blocked", "scored"]
    assert "G-QUOTE-FABRICATED@growth.claims.0.citations.0" in found.drafts[1].reasons
    assert (found.low, found.high) == (found.drafts[0].score, found.drafts[2].score)
    assert "G-DRAFTS-UNSCORED@drafts.1" in {finding.id for finding in desk.content(assessment).guard.findings}


def test_a_redraft_of_a_replayed_draft_without_a_model_is_left_unclean_by_hand(
    fresh: Open, recorded: tuple[Recorded, Recorded]
) -> None:
    def forged(answer: RecordedAnswer) -> RecordedAnswer:
        """The recorded answer of a model whose quotes stand nowhere, and that nobody asked again."""
        document = json.loads(answer.text)
        document["growth"]["claims"][0]["citations"][0]["quote"] = "words that stand in no passage at all"
        return answer.model_copy(update={"text": json.dumps(document)})

    whole = recorded[1].recording
    answers = [forged(a) if a.sample == 1 and a.prompt.startswith("growth") else a for a in whole.answers]
    recording = whole.model_copy(update={"answers": tuple(answers)})
    desk = fresh(connected=False, recordings=(recording,))
    row = replayed(desk, recording, 2)
    assert row.status is Status.NEEDS_MODEL
    desk.stores.assessments.change_request(row.id, {"by_hand": True})
    assert desk.runner.advance(row.id).status is Status.WAITING
    assert [draft.state.value for draft in agreement_of(desk, row.id).drafts] == ["scored", "blocked"]


def test_the_token_limit_is_of_all_drafts_together(divided: tuple[Desk, str], fresh: Open) -> None:
    whole, assessment = divided
    cost = whole.stores.assessments.spent(assessment)
    spent = cost["input_tokens"] + cost["output_tokens"]
    desk = fresh(DIVIDED)
    row = desk.start(drafts=3, max_tokens=spent - 1)
    assert (row.status, (row.outcome or {})["kind"]) == (Status.FAILED, "budget")
    desk.stores.assessments.change_request(row.id, {"max_tokens": spent})
    assert desk.runner.advance(row.id).status is Status.WAITING
    assert desk.stores.assessments.spent(row.id) == cost
