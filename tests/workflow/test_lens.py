"""The AI-driven lens from its draft to gate 2: guarded, redrafted, decided about, and gone without."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from factories_workflow import ANNA, REASON, Desk, FixedStamps, copy_home, open_desk
from scripts_workflow import Document, WidgetScript, invented_quote, is_redraft
from test_faults import REPLAY, a_recording

from agent.errors import InvalidInput, NotPublishable
from agent.llm.port import Prompt
from agent.llm.recording import Recording
from agent.review.diff import changes
from agent.review.edit import Edit, edit_of, edit_text, parse_edit
from agent.schemas.assessment import Assessment
from agent.schemas.base import content_hash
from agent.schemas.lens import Lens
from agent.schemas.vocabulary import Gate, LensOutcome, Section, Status
from agent.scoring import lens_score

WaitingAt = Callable[..., tuple[Desk, str]]


def at_gate_2(desk: Desk) -> str:
    assessment = desk.start().id
    desk.approve(assessment)
    return assessment


def lens_of(content: Assessment) -> Lens:
    assert content.lens is not None
    return content.lens


def sent_back(desk: Desk, assessment: str, *sections: Section) -> Assessment:
    revision = desk.waiting(assessment).revision
    desk.runner.decide(assessment, lambda service: service.send_back(assessment, revision, ANNA, REASON, sections))
    return desk.content(assessment)


def edited(desk: Desk, assessment: str, edit: Edit) -> Assessment:
    revision = desk.waiting(assessment).revision
    desk.runner.decide(assessment, lambda service: service.edit(assessment, revision, ANNA, edit))
    return desk.content(assessment)


def with_lens(content: Assessment, **changed: object) -> Edit:
    return edit_of(content).model_copy(update={"lens": lens_of(content).model_copy(update=changed)})


def test_a_lens_is_guarded_scored_and_frozen_beside_the_commentary(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    assert desk.content(assessment).lens is None
    desk.approve(assessment)
    content = desk.content(assessment)
    assert content.commentary is not None
    assert content.lens_result == lens_score(lens_of(content), content.inputs)
    assert content.lens_result is not None and content.lens_result.barriers == content.result.barriers + 1  # type: ignore[union-attr]
    assert [f.id for f in content.guard.findings] == []
    assert content.guard.counts[Section.LENS]
    assert content.provenance.prompts[Section.LENS].startswith("2.r")
    cited = {c.passage for _, group in lens_of(content).groups() for claim in group for c in claim.citations}
    assert cited and cited <= {source.passage for source in content.sources}
    assert desk.approve(assessment).status is Status.PUBLISHED


def test_the_model_sees_the_ids_of_the_approved_tasks_and_passages_of_its_own(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.PUBLICATION)
    (prompt,) = desk.prompts("lens")
    for task in desk.content(assessment).inputs.tasks:
        assert f"- {task.id}: {task.name}: {task.share} percent, {task.score}, {task.bucket}" in prompt
    pack = desk.stores.review.packs(assessment)[Section.LENS]
    assert pack and all(f'<passage id="{passage}"' in prompt for passage in pack)


def wrong_share(document: Document, prompt: Prompt) -> Document:
    tasks = document["tasks"]
    assert isinstance(tasks, list)
    return document if is_redraft(prompt) else {**document, "tasks": [{**tasks[0], "share_percent": 90}, *tasks[1:]]}


def test_a_lens_that_breaks_a_rule_is_drafted_again_with_what_is_wrong(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS, then=WidgetScript().but("lens", wrong_share))
    desk.approve(assessment)
    assert sorted(desk.calls()[5:]) == ["commentary", "lens", "lens"]
    assert desk.waiting(assessment).block == 0
    found = desk.prompts("lens")[1].partition("<findings>")[2]
    assert "lens.tasks.0.share" in found and "(G-LENS-RULES)" in found
    assert '"task_id": "t1"' in desk.prompts("lens")[1].partition("<draft>")[2]


def test_a_lens_is_drafted_again_at_most_twice_and_what_is_left_cannot_be_approved(waiting_at: WaitingAt) -> None:
    broken = invented_quote(("leverage",), until_redraft=False)

    def never_the_same(document: Document, prompt: Prompt) -> Document:
        said = prompt.messages[-1].content.partition("<draft>")[2].count("no passage at all")
        return {**broken(document, prompt), "headcount": broken(document, prompt)["leverage"] * (1 + said)}  # type: ignore[operator]

    desk, assessment = waiting_at(Gate.INPUTS, then=WidgetScript().but("lens", never_the_same))
    desk.approve(assessment)
    assert desk.calls().count("lens") == 3 and desk.calls().count("commentary") == 1
    review = desk.waiting(assessment)
    assert review.block > 0
    with pytest.raises(NotPublishable, match="lens"):
        desk.stores.review.approve(assessment, review.revision, ANNA)


def test_a_lens_without_a_composite_has_no_result_and_can_be_published(waiting_at: WaitingAt) -> None:
    def already(document: Document, prompt: Prompt) -> Document:
        nothing: Document = {"outcome": "already_ai_driven", "tasks": [], "barrier_deltas": []}
        return {**document, **nothing}

    desk, assessment = waiting_at(Gate.INPUTS, then=WidgetScript().but("lens", already))
    desk.approve(assessment)
    content = desk.content(assessment)
    assert (lens_of(content).outcome, content.lens_result) == (LensOutcome.ALREADY_AI_DRIVEN, None)
    assert desk.approve(assessment).status is Status.PUBLISHED


@pytest.mark.parametrize(
    ("sections", "called"),
    [
        ((Section.LENS,), ["lens"]),
        ((Section.COMMENTARY,), ["commentary"]),
        ((), ["commentary", "lens"]),
    ],
    ids=["lens", "commentary", "all of the gate"],
)
def test_only_what_is_sent_back_at_gate_2_is_drafted_again(
    waiting_at: WaitingAt, sections: tuple[Section, ...], called: list[str]
) -> None:
    desk, assessment = waiting_at(Gate.PUBLICATION)
    before, count = desk.content(assessment), len(desk.calls())
    after = sent_back(desk, assessment, *sections)
    assert sorted(desk.calls()[count:]) == called
    assert all(REASON in desk.prompts(section)[-1] for section in called)
    assert (after.gate, after.lens, after.commentary) == (Gate.PUBLICATION, before.lens, before.commentary)


def test_gate_1_has_no_lens_to_send_back(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    with pytest.raises(InvalidInput, match="no section lens"):
        sent_back(desk, assessment, Section.LENS)


def test_inputs_sent_back_at_gate_2_discard_the_lens(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.PUBLICATION)
    after = sent_back(desk, assessment, Section.GROWTH, Section.LENS)
    assert (after.gate, after.lens, after.lens_result) == (Gate.INPUTS, None, None)
    desk.approve(assessment)
    assert desk.content(assessment).lens is not None


def test_an_edited_lens_is_scored_anew_and_stays_at_gate_2(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.PUBLICATION)
    before = desk.content(assessment)
    assert parse_edit(edit_text(before)) == edit_of(before)
    after = edited(desk, assessment, with_lens(before, barriers=()))
    assert (after.gate, after.inputs, after.commentary) == (Gate.PUBLICATION, before.inputs, before.commentary)
    assert after.lens_result is not None and before.lens_result is not None
    assert after.lens_result.barriers == before.lens_result.barriers - 1
    assert changes(before, after) == ("lens barriers liability: +1 to as in the base",)
    assert desk.approve(assessment).status is Status.PUBLISHED


def test_an_edit_that_breaks_a_rule_of_the_lens_is_refused_with_its_place(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.PUBLICATION)
    content = desk.content(assessment)
    tasks = lens_of(content).tasks
    edit = with_lens(content, tasks=(tasks[0].model_copy(update={"id": "t99"}), *tasks[1:]))
    with pytest.raises(InvalidInput) as refused:
        desk.stores.review.preview(assessment, content.revision(), edit)
    assert [problem.partition(":")[0] for problem in refused.value.problems] == ["lens.tasks", "lens.tasks[0].id"]


def test_a_blank_text_of_a_lens_is_refused(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.PUBLICATION)
    content = desk.content(assessment)
    tasks = lens_of(content).tasks
    blank = lens_of(content).leverage[0].model_copy(update={"text": "\u200b"})
    edit = with_lens(content, leverage=(blank,), tasks=(tasks[0].model_copy(update={"tools": ("\u200b",)}), *tasks[1:]))
    with pytest.raises(InvalidInput) as refused:
        desk.stores.review.preview(assessment, content.revision(), edit)
    assert {problem.partition(":")[0] for problem in refused.value.problems} == {
        "lens.leverage.0.text",
        "lens.tasks.0.tools.0",
    }


def test_a_lens_that_is_edited_away_is_named_and_leaves_the_page(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.PUBLICATION)
    before = desk.content(assessment)
    after = edited(desk, assessment, edit_of(before).model_copy(update={"lens": None}))
    assert (after.gate, after.lens, after.lens_result) == (Gate.PUBLICATION, None, None)
    assert changes(before, after) == ("lens: removed",)
    assert changes(after, before) == ("lens: added",)
    assert desk.approve(assessment).status is Status.PUBLISHED


def test_every_part_of_a_lens_that_changes_is_a_line(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.PUBLICATION)
    content = desk.content(assessment)
    lens = lens_of(content)
    first, second, *rest = lens.tasks
    for changed, line in (
        ({"outcome": LensOutcome.COMPRESSES}, "lens outcome: transforms to compresses"),
        ({"tasks": (first.model_copy(update={"share": 29}), second, *rest)}, "lens task t1: share 30 to 29"),
        ({"tasks": (first.model_copy(update={"tools": ()}), second, *rest)}, "lens task t1: tools none"),
        ({"tasks": (second, *rest)}, "lens task t1: removed"),
        ({"leverage": lens.leverage * 2}, "lens leverage claims: 1 claims new or changed, 0 removed or replaced"),
        ({"tasks": (second, first, *rest)}, "content: changed in its order"),
    ):
        other = content.model_copy(update={"lens": lens.model_copy(update=changed)})
        assert line in changes(content, other), changed


# Without a lens.


def test_a_revision_without_a_lens_has_the_document_that_it_had_before_there_were_lenses(waiting_at: WaitingAt) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    content = desk.content(assessment)
    document = content.document()
    assert not {"lens", "lens_result"} & set(document)
    assert Assessment.model_validate(document).revision() == content.revision() == content_hash(document)


@pytest.fixture(scope="module")
def former(widget_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """A whole run, recorded before there were lenses."""
    home = copy_home(widget_home, tmp_path_factory.mktemp("former") / "home")
    with open_desk(home, stamps=FixedStamps(first=100)) as desk:
        assessment = desk.start(seniority="mid-level").id
        desk.approve(assessment)
        return a_recording(desk, assessment, without=("lens",))


def test_a_recording_without_a_lens_waits_for_a_model_or_goes_on_without_one(home: Path, former: Recording) -> None:
    with open_desk(home, connected=False, recordings=(former,)) as desk:
        assessment = desk.start(**REPLAY).id
        row = desk.approve(assessment)
        assert row.status is Status.NEEDS_MODEL and row.outcome is not None
        assert "lens@" in str(row.outcome["message"]) and "--without-lens" in str(row.outcome["hint"])
        desk.stores.assessments.change_request(assessment, {"without_lens": True})
        assert desk.runner.advance(assessment).status is Status.WAITING
        content = desk.content(assessment)
        assert content.lens is None and content.commentary is not None
        assert desk.approve(assessment).status is Status.PUBLISHED


def test_a_model_that_is_connected_later_is_asked_for_the_lens_alone(home: Path, former: Recording) -> None:
    with open_desk(home, connected=False, recordings=(former,)) as desk:
        assessment = desk.start(**REPLAY).id
        assert desk.approve(assessment).status is Status.NEEDS_MODEL
    with open_desk(home, recordings=(former,)) as desk:
        assert desk.runner.advance(assessment).status is Status.WAITING
        assert desk.calls() == ["lens"]
        content = desk.content(assessment)
        assert content.lens is not None and not content.provenance.recorded


def test_a_recorded_lens_is_replayed_from_the_passages_it_was_drafted_from(home: Path) -> None:
    with open_desk(home, stamps=FixedStamps(first=100)) as desk:
        assessment = desk.start(seniority="mid-level").id
        desk.approve(assessment)
        recording = a_recording(desk, assessment)
        pack = desk.stores.review.packs(assessment)[Section.LENS]
    packs = {**recording.packs, "lens": tuple(reversed(pack))}
    with open_desk(home, connected=False, recordings=(recording.model_copy(update={"packs": packs}),)) as desk:
        assessment = desk.start(**REPLAY).id
        assert desk.approve(assessment).status is Status.NEEDS_MODEL
        assert desk.stores.review.packs(assessment)[Section.LENS] == tuple(reversed(pack))
    with open_desk(home, connected=False, recordings=(recording,), stamps=FixedStamps(first=200)) as desk:
        assessment = desk.start(**REPLAY).id
        assert desk.approve(assessment).status is Status.WAITING
        assert desk.content(assessment).lens is not None


def test_a_replay_whose_lens_rests_on_passages_that_are_gone_says_which(home: Path, former: Recording) -> None:
    packs = {**former.packs, "lens": ("p-000000000000",)}
    with open_desk(home, connected=False, recordings=(former.model_copy(update={"packs": packs}),)) as desk:
        assessment = desk.start(**REPLAY).id
        row = desk.approve(assessment)
        assert row.outcome is not None and "p-000000000000" in str(row.outcome["message"])


def test_a_lens_written_by_hand_can_be_sent_back_to_the_model(home: Path, former: Recording, tmp_path: Path) -> None:
    with open_desk(home, stamps=FixedStamps(first=300)) as desk:
        lens = lens_of(desk.content(at_gate_2(desk)))
    with open_desk(home, recordings=(former,), stamps=FixedStamps(first=400)) as desk:
        assessment = desk.start(without_lens=True).id
        desk.approve(assessment)
        content = desk.content(assessment)
        edited(desk, assessment, edit_of(content).model_copy(update={"lens": lens}))
        desk.stores.assessments.change_request(assessment, {"without_lens": False})
        after = sent_back(desk, assessment, Section.LENS)
        assert after.lens is not None and desk.calls()[-1] == "lens"
        assert "<draft>" in desk.prompts("lens")[-1]
