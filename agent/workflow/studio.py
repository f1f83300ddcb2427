"""The graph for LangGraph Studio and `langgraph dev`, as `langgraph.json` names it.

The server brings its own checkpoints, asks for the graph again and again, and does so where nothing may block. So the
home folder is opened when the first node runs, not when the graph is asked for.
"""

from __future__ import annotations

import atexit
from contextlib import ExitStack
from functools import cache
from threading import Lock
from typing import cast

from langgraph.graph.state import CompiledStateGraph

from agent.settings import read_settings
from agent.workflow.engine import open_runner
from agent.workflow.graph import build
from agent.workflow.state import State
from agent.workflow.workbench import Workbench


class LateBench:
    """The workbench of the home folder, opened by the first look at any part of it and closed with the process."""

    def __init__(self) -> None:
        self._lock, self._bench = Lock(), cast(Workbench | None, None)

    def __getattr__(self, name: str) -> object:
        """A part of the workbench. Raises what opening the home folder raises."""
        if name.startswith("__"):
            raise AttributeError(name)
        with self._lock:
            if self._bench is None:
                stack = ExitStack()
                self._bench = stack.enter_context(open_runner(read_settings())).bench
                atexit.register(stack.close)
        return getattr(self._bench, name)


@cache
def graph() -> CompiledStateGraph[State]:
    """The compiled graph over the home folder, without checkpoints of its own."""
    return build(cast(Workbench, LateBench()), None)
