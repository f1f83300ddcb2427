"""What paused runs and LangGraph itself rely on."""

from __future__ import annotations

import ast
import inspect
import json
import textwrap
import threading
from collections.abc import Callable
from typing import get_type_hints

from factories_workflow import Desk
from nodes_workflow import NODES
from pydantic import BaseModel
from scripts_workflow import WidgetScript, invented_quote, is_redraft

from agent.llm.port import Prompt
from agent.schemas.vocabulary import INPUT_SECTIONS, PUBLICATION_SECTIONS
from agent.workflow import drafting_nodes, gate_nodes, guard_nodes, refresh_nodes, sample_nodes
from agent.workflow.gate_nodes import AwaitDecision
from agent.workflow.graph import GATES, build
from agent.workflow.state import GRAPH_VERSION, State

Open = Callable[..., Desk]


def test_the_node_names_are_those_that_paused_runs_hold(open_at: Open) -> None:
    graph = build(open_at().bench, None)
    assert sorted(name for name in graph.nodes if not name.startswith("__")) == list(NODES)
    assert set(GATES.values()) <= set(NODES)


def test_a_thread_carries_the_graph_version_that_started_it(open_at: Open) -> None:
    desk = open_at()
    assessment = desk.start().id
    assert desk.runner.state(assessment)["graph_version"] == GRAPH_VERSION
    assert desk.stores.assessments.get(assessment).graph_version == GRAPH_VERSION


def _calls() -> list[tuple[str, ast.FunctionDef]]:
    """Every node's `__call__`, and the functions that make updates for them."""
    found = []
    for module in (drafting_nodes, gate_nodes, guard_nodes, refresh_nodes, sample_nodes):
        tree = ast.parse(inspect.getsource(module))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.returns and ast.unparse(node.returns) == "State":
                found.append((module.__name__, node))
    return found


def test_every_key_a_node_returns_is_a_key_of_the_state() -> None:
    keys = set(get_type_hints(State))
    calls = _calls()
    assert len(calls) >= 14
    for module, function in calls:
        for returned in (node for node in ast.walk(function) if isinstance(node, ast.Return)):
            if isinstance(returned.value, ast.Dict):
                names = {ast.literal_eval(key) for key in returned.value.keys if key is not None}
                assert names <= keys, (module, function.lineno, names - keys)
            else:
                assert isinstance(returned.value, ast.Call), (module, function.lineno)


def test_a_gate_holds_an_interrupt_and_a_pure_return_and_nothing_else() -> None:
    source = textwrap.dedent(inspect.getsource(AwaitDecision.__call__))
    [function] = ast.parse(source).body
    assert isinstance(function, ast.FunctionDef)
    docstring, asks, returns = function.body
    assert isinstance(docstring, ast.Expr) and isinstance(docstring.value, ast.Constant)
    assert isinstance(asks, ast.Assign) and isinstance(returns, ast.Return)
    called = [ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)]
    assert called == ["interrupt"]
    assert not AwaitDecision.__dataclass_fields__


def test_the_state_is_plain_json_below_ten_kilobytes_without_evidence(open_at: Open) -> None:
    desk = open_at(WidgetScript().but("growth", invented_quote(("growth", "claims"), until_redraft=True)))
    assessment = desk.start().id
    texts = [source.text for source in desk.content(assessment).sources]
    for _ in range(2):
        state = desk.runner.state(assessment)
        document = json.dumps(state)
        assert json.loads(document) == state
        assert len(document) < 10_000
        assert not any(text[:40] in document for text in texts)
        desk.approve(assessment)


def test_the_drafts_overlap_and_only_the_frame_comes_before_them(open_at: Open) -> None:
    barrier = threading.Barrier(len(INPUT_SECTIONS), timeout=20)
    after = threading.Barrier(len(PUBLICATION_SECTIONS), timeout=20)
    order: list[str] = []

    def together(prompt: Prompt, schema: type[BaseModel], sample: int) -> BaseModel:
        order.append(prompt.id)
        if prompt.id in [section.value for section in INPUT_SECTIONS] and not is_redraft(prompt):
            barrier.wait()
        if prompt.id in [section.value for section in PUBLICATION_SECTIONS]:
            after.wait()
        return WidgetScript()(prompt, schema, sample)

    desk = open_at(together)
    assessment = desk.start().id
    desk.waiting(assessment)
    assert order[0] == "frame"
    assert sorted(order[1:]) == sorted(section.value for section in INPUT_SECTIONS)
    desk.approve(assessment)
    assert sorted(order[5:]) == ["commentary", "lens"]


def test_redrafts_of_several_sections_overlap_too(open_at: Open) -> None:
    barrier = threading.Barrier(2, timeout=20)
    script = (
        WidgetScript()
        .but("growth", invented_quote(("growth", "claims"), until_redraft=True))
        .but("barriers", invented_quote(("union", "claims"), until_redraft=True))
    )

    def together(prompt: Prompt, schema: type[BaseModel], sample: int) -> BaseModel:
        if is_redraft(prompt):
            barrier.wait()
        return script(prompt, schema, sample)

    desk = open_at(together)
    assessment = desk.start().id
    assert desk.waiting(assessment).block == 0
    assert sorted(desk.calls()[5:]) == ["barriers", "growth"]
