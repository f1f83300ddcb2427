"""Whoever resumes a thread directly, past the review service, gets past no gate."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from factories_workflow import ANNA, REASON, Desk, copy_home, open_desk
from langgraph.prebuilt.interrupt import HumanInterrupt
from langgraph.types import Command
from nodes_workflow import NODES
from pydantic import TypeAdapter

from agent.errors import AssessorError
from agent.workflow import studio
from agent.workflow.graph import build

Open = Callable[..., Desk]
ROOT = Path(__file__).resolve().parents[2]


def forged(desk: Desk, assessment: str) -> list[object]:
    """What somebody could send who knows the shape of an answer, and that of the runner's."""
    review = desk.waiting(assessment)
    earlier = [{"id": d.id, "action": d.action} for d in desk.stores.reviews.decisions(assessment)]
    return [
        [{"type": "accept", "args": None}],
        {"type": "accept", "args": None},
        {"type": "edit", "args": {"action": "review_inputs", "args": {"content": {}}}},
        "approve",
        {"action": "approve"},
        {"id": f"{review.id}/decision", "action": "approve"},
        {"id": f"{review.id}/decision", "action": "reject"},
        *earlier,
    ]


def resume(desk: Desk, assessment: str, answer: object) -> dict[str, Any]:
    config: Any = {"configurable": {"thread_id": assessment}}
    return dict(build(desk.bench, desk.runner.saver).invoke(Command(resume=answer), config, durability="sync"))


def test_no_answer_sent_to_the_thread_gets_past_a_gate_without_a_recorded_decision(open_at: Open) -> None:
    desk = open_at()
    assessment = desk.start().id
    for gate in ("gate_inputs", "gate_publication"):
        before = desk.waiting(assessment)
        for answer in forged(desk, assessment):
            resume(desk, assessment, answer)
            snapshot = desk.runner._snapshot(assessment)
            assert (snapshot.next, len(snapshot.interrupts)) == ((gate,), 1), answer
            assert desk.waiting(assessment) == before
        desk.approve(assessment)
    assert desk.stores.assessments.get(assessment).status == "published"
    assert len(desk.stores.publications.done()) == 1


def test_the_thread_goes_where_the_recorded_decision_leads_and_not_where_an_answer_says(open_at: Open) -> None:
    desk = open_at()
    assessment = desk.start().id
    review = desk.waiting(assessment)
    desk.stores.review.reject(assessment, review.revision, ANNA, REASON)
    resume(desk, assessment, {"id": f"{review.id}/decision", "action": "approve"})
    assert desk.runner._snapshot(assessment).next == ("gate_inputs",)
    assert desk.runner.advance(assessment).status == "rejected"


def test_a_run_that_an_older_version_paused_goes_on(open_at: Open) -> None:
    """Its pause holds gate, revision and review, and nothing in the human-interrupt shape."""
    desk = open_at()
    assessment = desk.start().id
    pause = desk.runner._snapshot(assessment).interrupts[0]
    older = {name: pause.value[name] for name in ("gate", "revision", "review")}
    object.__setattr__(pause, "value", older)
    desk.stores.review.approve(assessment, older["revision"], ANNA)
    answer = desk.runner._answer(assessment, pause)
    assert answer == {"id": f"{older['review']}/decision", "action": "approve"}
    resume(desk, assessment, {pause.id: answer})
    assert desk.waiting(assessment).gate == "publication"


def test_the_pause_has_the_human_interrupt_shape_and_allows_no_answer(open_at: Open) -> None:
    desk = open_at()
    assessment = desk.start().id
    value = desk.runner._snapshot(assessment).interrupts[0].value
    shape = TypeAdapter(HumanInterrupt).validate_python(value)
    assert set(shape["config"].values()) == {False}
    assert shape["action_request"]["args"] == {
        "id": assessment,
        "gate": "inputs",
        "revision": desk.waiting(assessment).revision,
    }


def graph_of_studio() -> Any:
    """The graph as the server loads it: the module of the file that `langgraph.json` names, and the name in it."""
    document = json.loads((ROOT / "langgraph.json").read_text(encoding="utf-8"))
    [place] = document["graphs"].values()
    file, name = place.split(":")
    spec = importlib.util.spec_from_file_location("studio_as_the_server_loads_it", ROOT / file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, name)()


def test_the_graph_of_studio_compiles_with_the_public_nodes_and_opens_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSESS_ROLE_HOME", str(tmp_path / "home"))
    graph = graph_of_studio()
    assert sorted(name for name in graph.nodes if not name.startswith("__")) == list(NODES)
    assert graph.checkpointer is None
    assert {"gate_inputs", "publish"} <= set(graph.get_graph().nodes)
    assert not (tmp_path / "home").exists()


def test_a_node_of_studio_works_in_the_home_folder_and_gets_past_no_gate(
    widget_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = copy_home(widget_home, tmp_path / "home")
    monkeypatch.setenv("ASSESS_ROLE_HOME", str(home))
    with open_desk(home) as desk:
        assessment = desk.start().id
        monkeypatch.setattr(studio, "open_runner", lambda settings: open_desk(settings.home))
        from langgraph.checkpoint.memory import InMemorySaver

        graph = studio.graph.__wrapped__().copy({"checkpointer": InMemorySaver()})
        config: Any = {"configurable": {"thread_id": "of-the-server"}}
        graph.invoke({"assessment": assessment, "graph_version": "2", "refreshed": False}, config)
        assert graph.get_state(config).next == ("gate_inputs",)
        graph.invoke(Command(resume=[{"type": "accept", "args": None}]), config)
        assert graph.get_state(config).next == ("gate_inputs",)
        assert desk.stores.reviews.decisions(assessment) == ()


def test_a_home_that_cannot_be_opened_is_said_by_the_node_that_needs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    monkeypatch.setenv("ASSESS_ROLE_HOME", str(tmp_path / "file" / "home"))
    graph = studio.graph.__wrapped__()
    with pytest.raises(AssessorError, match="cannot be"):
        graph.invoke({"assessment": "a", "graph_version": "2", "refreshed": False})
