"""The graph: which node follows which. Node names are a public contract, because paused runs hold them."""

from __future__ import annotations

from collections.abc import Callable

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from agent.schemas.vocabulary import INPUT_SECTIONS, PUBLICATION_SECTIONS, Gate
from agent.workflow.drafting_nodes import DraftSection, FrameRole, Retrieve
from agent.workflow.gate_nodes import (
    Abstain,
    AcceptInputs,
    AfterGate,
    AwaitDecision,
    Publish,
    Reject,
    SendBack,
)
from agent.workflow.guard_nodes import (
    FreezeEdit,
    FreezeInputs,
    FreezePublication,
    GuardInputs,
    GuardPublication,
    Score,
)
from agent.workflow.refresh_nodes import TakeUp
from agent.workflow.sample_nodes import AfterScore, DraftSamples
from agent.workflow.state import State
from agent.workflow.tracing import TracedNode
from agent.workflow.workbench import Workbench

DRAFTS = tuple(f"draft_{section.value}" for section in INPUT_SECTIONS)
AFTER_GATE_1 = tuple(f"draft_{section.value}" for section in PUBLICATION_SECTIONS)
"""Guarded together by `guard_commentary`, which keeps the name that paused runs hold."""
GATES = {Gate.INPUTS: "gate_inputs", Gate.PUBLICATION: "gate_publication"}


def build(bench: Workbench, checkpointer: BaseCheckpointSaver[str] | None) -> CompiledStateGraph[State]:
    """The compiled graph over one workbench."""
    graph = StateGraph(State)

    def add(name: str, node: Callable[[State], State]) -> None:
        graph.add_node(name, TracedNode(bench, name, node))

    add("frame", FrameRole(bench))
    add("retrieve", Retrieve(bench))
    add("take_up", TakeUp(bench))
    for section in INPUT_SECTIONS:
        add(f"draft_{section.value}", DraftSection(bench, section))
    add("guard_inputs", GuardInputs(bench))
    add("score", Score(bench))
    add("draft_samples", DraftSamples(bench))
    add("freeze_inputs", FreezeInputs(bench))
    add("gate_inputs", AwaitDecision())
    add("accept_inputs", AcceptInputs(bench))
    for section in PUBLICATION_SECTIONS:
        add(f"draft_{section.value}", DraftSection(bench, section))
    add("guard_commentary", GuardPublication(bench))
    add("freeze_publication", FreezePublication(bench))
    add("gate_publication", AwaitDecision())
    add("send_back", SendBack(bench))
    add("freeze_edit", FreezeEdit(bench))
    add("publish", Publish(bench))
    add("reject", Reject(bench))
    add("abstain", Abstain(bench))

    graph.add_conditional_edges(START, _after_start, ["frame", "take_up"])
    graph.add_conditional_edges("take_up", _after_take_up, [*DRAFTS, "guard_inputs", "abstain"])
    graph.add_conditional_edges("frame", _after_frame, ["retrieve", "abstain"])
    graph.add_conditional_edges("retrieve", _after_retrieve, [*DRAFTS, "abstain"])
    for name in DRAFTS:
        graph.add_edge(name, "guard_inputs")
    graph.add_conditional_edges("guard_inputs", _after_guard, [*DRAFTS, "score"])
    graph.add_conditional_edges("score", AfterScore(bench), ["draft_samples", "freeze_inputs", "abstain"])
    graph.add_edge("draft_samples", "freeze_inputs")
    graph.add_edge("freeze_inputs", "gate_inputs")
    graph.add_conditional_edges(
        "gate_inputs",
        AfterGate(bench, gate="gate_inputs", approved="accept_inputs"),
        ["accept_inputs", "send_back", "freeze_edit", "reject", "gate_inputs"],
    )
    graph.add_conditional_edges("accept_inputs", _after_accept, [*AFTER_GATE_1, "guard_commentary"])
    for name in AFTER_GATE_1:
        graph.add_edge(name, "guard_commentary")
    graph.add_conditional_edges("guard_commentary", _after_guard_commentary, [*AFTER_GATE_1, "freeze_publication"])
    graph.add_edge("freeze_publication", "gate_publication")
    graph.add_conditional_edges(
        "gate_publication",
        AfterGate(bench, gate="gate_publication", approved="publish"),
        ["publish", "send_back", "freeze_edit", "reject", "gate_publication"],
    )
    graph.add_conditional_edges("send_back", _after_send_back, [*DRAFTS, *AFTER_GATE_1])
    graph.add_conditional_edges("freeze_edit", _after_edit, list(GATES.values()))
    for last in ("publish", "reject", "abstain"):
        graph.add_edge(last, END)
    return graph.compile(checkpointer=checkpointer)


def _after_start(state: State) -> str:
    return "take_up" if state.get("refreshed") else "frame"


def _after_take_up(state: State) -> list[str]:
    if state["stopped"]:
        return ["abstain"]
    return [f"draft_{name}" for name in state["redraft"]] or ["guard_inputs"]


def _after_accept(state: State) -> list[str]:
    due = [section.value for section in PUBLICATION_SECTIONS if state["rounds"].get(section.value, 0) < 0]
    return [f"draft_{name}" for name in due] or ["guard_commentary"]


def _after_frame(state: State) -> str:
    return "abstain" if state["stopped"] else "retrieve"


def _after_retrieve(state: State) -> list[str]:
    return ["abstain"] if state["stopped"] else list(DRAFTS)


def _after_guard(state: State) -> list[str]:
    return [f"draft_{name}" for name in state["redraft"]] or ["score"]


def _after_guard_commentary(state: State) -> list[str]:
    return [f"draft_{name}" for name in state["redraft"]] or ["freeze_publication"]


def _after_send_back(state: State) -> list[str]:
    return [f"draft_{name}" for name in state["redraft"]]


def _after_edit(state: State) -> str:
    return GATES[Gate(state["gate"])]
