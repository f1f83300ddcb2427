"""What an import loads: the package and the command line start without their heavy libraries."""

from __future__ import annotations

import json
import pkgutil
import subprocess
import sys

import pytest

import agent

HEAVY = (
    *("langgraph", "chromadb", "openai", "onnxruntime", "tokenizers", "numpy", "opentelemetry", "grpc"),
    *("deepeval", "ragas"),
)
"""Libraries that cost tenths of a second each, or that only evaluations may load."""

EDGE = (*HEAVY, "sqlalchemy", "alembic", "pydantic", "jinja2", "rich", "textual", "yaml")
"""What `--help` must not wait for either."""

PROBE = """
import importlib, json, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def loaded_by(*modules: str) -> set[str]:
    """Top-level names in `sys.modules` of a new process after these imports."""
    run = subprocess.run([sys.executable, "-c", PROBE, *modules], capture_output=True, text=True, check=True)
    return set(json.loads(run.stdout))


def all_modules() -> list[str]:
    # Migration scripts run inside Alembic's context only.
    return [
        module.name
        for module in pkgutil.walk_packages(agent.__path__, "agent.")
        if not module.name.startswith("agent.store.migrations.")
    ]


@pytest.mark.parametrize("module", ["agent", "agent.cli.main"])
def test_package_and_command_line_load_no_library_that_is_slow(module: str) -> None:
    assert loaded_by(module) & set(EDGE) == set()


def test_a_heavy_library_would_be_seen() -> None:
    assert "sqlalchemy" in loaded_by("agent.store.database")


def test_no_module_loads_index_client_or_embedding_model_when_it_is_imported() -> None:
    modules = all_modules()
    assert {"agent.evidence.index", "agent.llm.openai_client", "agent.evidence.embedding"} <= set(modules)
    assert loaded_by(*modules) & {"chromadb", "openai", "onnxruntime", "tokenizers", "deepeval", "ragas"} == set()


def test_looking_at_reviews_does_not_load_the_graph() -> None:
    lookers = ("agent.cli.main", "agent.cli.views", "agent.workflow.wiring", "agent.workflow.summary")
    assert loaded_by(*lookers) & {"langgraph", "langchain_core", "numpy"} == set()


def test_only_the_module_that_sends_traces_loads_what_sends_them() -> None:
    assert loaded_by("agent.workflow.tracing") & {"opentelemetry", "grpc"} == set()
    assert "opentelemetry" in loaded_by("agent.workflow.otel")


def test_only_the_full_screen_loads_what_draws_it() -> None:
    others = [name for name in all_modules() if not name.startswith("agent.cli.screen.")]
    opening = ["agent.cli.screen.opening"]
    assert "textual" not in loaded_by(*others, *opening)
    assert "textual" in loaded_by("agent.cli.screen.app")


def test_listing_loads_neither_the_guard_nor_the_formula() -> None:
    code = "import sys, agent.workflow.lists; print(*(m for m in sys.modules if m.startswith('agent.')))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    rooms = {name.split(".")[1] for name in run.stdout.split()}
    assert rooms & {"review", "grounding", "scoring", "drafting", "evidence", "llm"} == set()


def test_below_the_workflow_no_module_loads_the_graph() -> None:
    below = [name for name in all_modules() if not name.startswith(("agent.workflow", "agent.cli", "agent.web"))]
    assert loaded_by(*below) & {"langgraph", "langchain_core"} == set()
