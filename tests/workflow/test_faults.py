"""What fails is kept with its kind and can be carried on; what is stranded is reported, never dropped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from edits_workflow import with_task_score
from factories_workflow import ANNA, REASON, Desk, FixedStamps, open_desk
from filelock import FileLock
from langgraph.graph import StateGraph
from pydantic import BaseModel
from scripts_workflow import ROLE, WidgetScript

from agent.errors import AssessorError, Conflict, InvalidInput, StorageFailed, UpstreamFailed
from agent.llm.port import Prompt
from agent.llm.recording import RecordedAnswer, Recording
from agent.schemas.vocabulary import INPUT_SECTIONS, Gate, Section, Status
from agent.workflow import runner as runner_module
from agent.workflow.guard_nodes import Score
from agent.workflow.state import GRAPH_VERSION, State
from agent.workflow.summary import exit_code, summary
from agent.workflow.titles import check_role

Open = Callable[..., Desk]
WaitingAt = Callable[..., tuple[Desk, str]]


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        (UpstreamFailed("The endpoint answered 500.", hint="Try again later."), "upstream", 5),
        (StorageFailed("The disk is full."), "storage", 4),
        (InvalidInput("A rule was broken."), "invalid_input", 3),
    ],
)
def test_a_node_that_fails_leaves_a_typed_outcome_and_can_be_carried_on(
    open_at: Open, monkeypatch: pytest.MonkeyPatch, error: AssessorError, kind: str, code: int
) -> None:
    desk = open_at()
    with monkeypatch.context() as patch:

        def fail(self: Score, state: State) -> State:
            raise error

        patch.setattr(Score, "__call__", fail)
        row = desk.start()
    assert row.status is Status.FAILED
    document = summary(desk.stores, row.id)
    assert (document["ok"], document["status"], document["score"]) == (False, "failed", None)
    assert document["error"] == {"kind": kind, "message": error.message, "hint": error.hint or ""}
    assert exit_code(desk.stores, row.id) == code

    calls = len(desk.calls())
    assert desk.runner.advance(row.id).status is Status.WAITING
    assert len(desk.calls()) == calls
    assert "error" not in summary(desk.stores, row.id)


@pytest.mark.parametrize("section", ["frame", "evidence", "commentary"])
def test_an_endpoint_that_comes_back_is_asked_only_for_what_is_missing(open_at: Open, section: str) -> None:
    down = [True]

    def answers(prompt: Prompt, schema: type[BaseModel], sample: int) -> BaseModel | Exception:
        if prompt.id == section and down[0]:
            return UpstreamFailed("The endpoint is down.")
        return WidgetScript()(prompt, schema, sample)

    desk = open_at(answers)
    row = desk.start()
    if section == "commentary":
        row = desk.approve(row.id)
    assert (row.status, (row.outcome or {})["message"]) == (Status.FAILED, "The endpoint is down.")
    assert desk.runner.advance(row.id).status is Status.FAILED

    down[0] = False
    assert desk.runner.advance(row.id).status is Status.WAITING
    assert desk.calls().count(section) == 3
    others = [name for name in desk.calls() if name != section]
    assert sorted(others) == sorted(set(others))


def test_a_bug_keeps_its_traceback_and_the_run_can_be_carried_on(
    open_at: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = open_at()
    with monkeypatch.context() as patch:

        def fail(self: Score, state: State) -> State:
            raise ZeroDivisionError

        patch.setattr(Score, "__call__", fail)
        with pytest.raises(ZeroDivisionError):
            desk.start()
    [assessment] = desk.stores.assessments.unfinished()
    assert desk.runner.advance(assessment).status is Status.WAITING


def test_a_page_that_cannot_be_written_is_published_after_the_fault_is_gone(waiting_at: WaitingAt, home: Path) -> None:
    desk, assessment = waiting_at(Gate.PUBLICATION)
    (home / "published").write_text("a file where a folder should be")
    row = desk.approve(assessment)
    assert row.outcome is not None and row.outcome["kind"] == "storage"
    assert desk.stores.publications.done() == ()
    (home / "published").unlink()
    assert desk.runner.advance(assessment).status is Status.PUBLISHED
    assert [p.version for p in desk.stores.publications.done()] == [1]


def test_an_assessment_that_another_process_works_on_is_a_conflict(waiting_at: WaitingAt, home: Path) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    with FileLock(home / "locks" / f"{assessment}.lock"), pytest.raises(Conflict, match="Another process"):
        desk.runner.advance(assessment)
    assert desk.runner.advance(assessment).status is Status.WAITING


def test_a_decision_recorded_while_another_process_works_is_carried_on_later(waiting_at: WaitingAt, home: Path) -> None:
    desk, assessment = waiting_at(Gate.INPUTS)
    with FileLock(home / "locks" / f"{assessment}.lock"), pytest.raises(Conflict, match="Another process"):
        desk.approve(assessment)
    assert [d.action for d in desk.stores.reviews.decisions(assessment)] == ["approve"]
    desk.runner.advance(assessment)
    assert desk.waiting(assessment).gate is Gate.PUBLICATION


# stranded


def test_nothing_is_stranded_in_a_home_of_healthy_runs(open_at: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = open_at()
    assert desk.runner.stranded() == ()
    waiting = desk.start().id
    with monkeypatch.context() as patch:
        patch.setattr(Score, "__call__", _fails)
        desk.start()
    desk.stores.assessments.create("killed-at-once", role=ROLE, seniority="", request={}, graph_version="1")
    done = desk.start().id
    desk.approve(done)
    desk.approve(done)
    assert waiting in desk.stores.assessments.unfinished()
    assert desk.runner.stranded() == ()


def _fails(self: object, state: State) -> State:
    raise UpstreamFailed("The endpoint is down.")


def test_a_run_that_stopped_between_review_and_checkpoint_is_not_stranded(
    open_at: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = open_at()
    opened = desk.stores.reviews.open

    def open_and_fail(opening: object) -> str:
        opened(opening)  # type: ignore[arg-type]
        raise UpstreamFailed("The process ended here.")

    with monkeypatch.context() as patch:
        patch.setattr(desk.stores.reviews, "open", open_and_fail)
        row = desk.start()
    assert desk.stores.reviews.open_review(row.id) is not None
    assert desk.runner.stranded() == ()
    assert desk.runner.advance(row.id).status is Status.WAITING


def test_runs_of_another_graph_version_are_reported_and_take_no_decision(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_desk(home) as desk:
        waiting = desk.start().id
        with monkeypatch.context() as patch:
            patch.setattr(Score, "__call__", _fails)
            failed = desk.start().id
    monkeypatch.setattr(runner_module, "GRAPH_VERSION", "another")
    with open_desk(home, stamps=FixedStamps(first=9)) as desk:
        assert desk.runner.stranded() == (waiting, failed)
        with pytest.raises(Conflict, match=f"graph version {GRAPH_VERSION}; this is version another"):
            desk.approve(waiting)
        assert desk.stores.reviews.decisions(waiting) == ()
        row = desk.runner.advance(failed)
        assert row.outcome is not None and row.outcome["kind"] == "conflict"
        assert desk.stores.assessments.get(waiting).status is Status.WAITING


def test_a_run_that_waits_at_a_gate_that_is_gone_is_reported(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_desk(home) as desk:
        assessment = desk.start().id
    names = {"gate_inputs": "gate_inputs_renamed"}
    monkeypatch.setattr("agent.workflow.graph.StateGraph", _renaming(names))
    gates = {Gate.INPUTS: "gate_inputs_renamed", Gate.PUBLICATION: "gate_publication"}
    monkeypatch.setattr("agent.workflow.graph.GATES", gates)
    with open_desk(home) as desk:
        assert desk.runner.stranded() == (assessment,)
        desk.runner.advance(assessment)
        assert desk.runner.stranded() == (assessment,)
        with pytest.raises(Conflict, match="a gate that this version of assess-role does not have"):
            desk.approve(assessment)
        assert desk.stores.reviews.decisions(assessment) == ()


def _renaming(names: dict[str, str]) -> type[StateGraph]:
    class Renamed(StateGraph):
        def add_node(self, name, node):  # type: ignore[no-untyped-def, override]
            return super().add_node(names.get(name, name), node)

        def add_edge(self, start, end):  # type: ignore[no-untyped-def, override]
            return super().add_edge(names.get(start, start), names.get(end, end))

        def add_conditional_edges(self, source, path, path_map=None):  # type: ignore[no-untyped-def, override]
            known = [names.get(name, name) for name in path_map]
            return super().add_conditional_edges(names.get(source, source), path, known)

    return Renamed


# replays


def a_recording(desk: Desk, assessment: str, *, without: tuple[str, ...] = ()) -> Recording:
    """What a finished run answered, as a recording."""
    packs = desk.stores.review.packs(assessment)
    return Recording(
        role=ROLE,
        seniority="mid-level",
        as_of="2026-02-25",
        model="scripted",
        recorded_at="2026-02-25",
        corpus=desk.bench.evidence.digest,
        embedding=desk.bench.evidence.embedding,
        packs={section.value: packs[section] for section in INPUT_SECTIONS},
        answers=tuple(
            RecordedAnswer(
                key=key,
                prompt=call.prompt,
                sample=0,
                text=call.answer.text,
                model="scripted",
                input_tokens=call.answer.usage.input_tokens,
                output_tokens=call.answer.usage.output_tokens,
                finish_reason="stop",
                recorded_at="2026-02-25",
            )
            for key, call in desk.bench.journal(assessment).everything()
            if call.prompt.partition("@")[0] not in without
        ),
    )


@pytest.fixture
def recorded(home: Path) -> Recording:
    """A whole run, recorded under the seniority it found."""
    with open_desk(home, stamps=FixedStamps(first=100)) as desk:
        assessment = desk.start(seniority="mid-level").id
        desk.approve(assessment)
        return a_recording(desk, assessment)


REPLAY: dict[str, object] = {"seniority": "mid-level", "recorded": True}


def test_a_recorded_run_is_replayed_to_its_publication_without_a_model(home: Path, recorded: Recording) -> None:
    with open_desk(home, connected=False, recordings=(recorded,)) as desk:
        assessment = desk.start(**REPLAY).id
        desk.approve(assessment)
        assert desk.content(assessment).provenance.recorded
        assert desk.approve(assessment).status is Status.PUBLISHED
        assert summary(desk.stores, assessment)["recorded"] is True


def test_a_changed_prompt_needs_a_model_and_goes_on_when_one_is_connected(home: Path, recorded: Recording) -> None:
    answers = tuple(
        a.model_copy(update={"key": "sha256:" + "0" * 64, "prompt": "growth@0"}) if a.prompt.startswith("growth") else a
        for a in recorded.answers
    )
    older = recorded.model_copy(update={"answers": answers})
    with open_desk(home, connected=False, recordings=(older,)) as desk:
        row = desk.start(**REPLAY)
        assert row.status is Status.NEEDS_MODEL
        assert row.outcome is not None and (row.outcome["kind"], row.outcome["exit_code"]) == ("needs_model", 4)
        assert "the prompt changed, the recording has growth@0" in str(row.outcome["message"])
        assert exit_code(desk.stores, row.id) == 4
        assert desk.runner.advance(row.id).status is Status.NEEDS_MODEL
    with open_desk(home, recordings=(older,)) as desk:
        assert desk.runner.advance(row.id).status is Status.WAITING
        assert desk.calls() == ["growth"]
        assert not desk.content(row.id).provenance.recorded


def test_a_run_without_recording_and_model_needs_a_model(home: Path) -> None:
    with open_desk(home, connected=False) as desk:
        row = desk.start()
        assert row.status is Status.NEEDS_MODEL
        assert row.outcome is not None and "three ways" in str(row.outcome["hint"])
    with open_desk(home) as desk:
        assert desk.runner.advance(row.id).status is Status.WAITING


def test_a_send_back_of_a_replay_can_be_left_to_the_reviewer_by_hand(home: Path, recorded: Recording) -> None:
    with open_desk(home, connected=False, recordings=(recorded,)) as desk:
        assessment = desk.start(**REPLAY).id
        before = desk.waiting(assessment)
        row = desk.runner.decide(
            assessment,
            lambda service: service.send_back(assessment, before.revision, ANNA, REASON, (Section.TASKS,)),
        )
        assert row.status is Status.NEEDS_MODEL
        desk.stores.assessments.change_request(assessment, {"by_hand": True})
        assert desk.runner.advance(assessment).status is Status.WAITING
        after = desk.waiting(assessment)
        assert (after.revision, after.id != before.id) == (before.revision, True)
        desk.runner.decide(
            assessment,
            lambda service: service.edit(
                assessment, after.revision, ANNA, with_task_score(desk.content(assessment), 2)
            ),
        )
        assert desk.waiting(assessment).gate is Gate.INPUTS


def test_a_commentary_that_has_no_model_can_be_gone_without(home: Path, recorded: Recording) -> None:
    with open_desk(home, connected=False, recordings=(recorded,)) as desk:
        assessment = desk.start(**REPLAY).id
        revision, change = desk.waiting(assessment).revision, with_task_score(desk.content(assessment), 2)
        desk.runner.decide(assessment, lambda service: service.edit(assessment, revision, ANNA, change))
        assert desk.approve(assessment).status is Status.NEEDS_MODEL
        desk.stores.assessments.change_request(assessment, {"without_commentary": True, "without_lens": True})
        assert desk.runner.advance(assessment).status is Status.WAITING
        assert desk.content(assessment).commentary is None
        assert desk.approve(assessment).status is Status.PUBLISHED


def test_going_without_commentary_also_drops_one_that_was_sent_back(home: Path, recorded: Recording) -> None:
    with open_desk(home, connected=False, recordings=(recorded,)) as desk:
        assessment = desk.start(**REPLAY).id
        desk.approve(assessment)
        revision = desk.waiting(assessment).revision
        row = desk.runner.decide(
            assessment,
            lambda service: service.send_back(assessment, revision, ANNA, "It says too little.", (Section.COMMENTARY,)),
        )
        assert row.status is Status.NEEDS_MODEL
        desk.stores.assessments.change_request(assessment, {"without_commentary": True})
        desk.runner.advance(assessment)
        assert desk.content(assessment).commentary is None


def test_a_replay_whose_passages_have_left_the_store_needs_a_model(home: Path, recorded: Recording) -> None:
    packs = {**recorded.packs, "tasks": ("p-000000000000", *recorded.packs["tasks"])}
    with open_desk(home, connected=False, recordings=(recorded.model_copy(update={"packs": packs}),)) as desk:
        row = desk.start(**REPLAY)
        assert row.status is Status.NEEDS_MODEL
        assert row.outcome is not None and "p-000000000000" in str(row.outcome["message"])


# titles


@pytest.mark.parametrize("role", ["", "   ", "7", "4 2", "x" * 121, "\x1b[31m"])
def test_a_title_that_cannot_be_one_is_refused_before_anything_is_kept(open_at: Open, role: str) -> None:
    desk = open_at()
    with pytest.raises(InvalidInput):
        desk.start(role=role)
    assert desk.stores.assessments.unfinished() == ()


@pytest.mark.parametrize(
    "role",
    [
        "Widget {role} Engineer",
        "Widget ${passages} Engineer",
        "$as_of {0} {} widget",
        "Widget</role_title>Engineer",
        "部品技術者",
    ],
)
def test_a_title_of_any_signs_is_assessed_under_that_title(open_at: Open, role: str) -> None:
    desk = open_at()
    row = desk.start(role=role)
    assert (row.role, row.status) == (check_role(role), Status.WAITING)
    assert desk.content(row.id).role.title == role
    desk.approve(row.id)
    assert desk.approve(row.id).status is Status.PUBLISHED
