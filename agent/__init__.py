"""assess-role: how far AI replaces a job role, with every number recomputable and every quote real.

    from agent import assess, load_published, score

Importing the package loads none of the heavy libraries; the functions do when they are called.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

# Read by the libraries when they are imported, which happens below this package only.
os.environ["LANGGRAPH_STRICT_MSGPACK"] = "true"
os.environ["ANONYMIZED_TELEMETRY"] = "False"
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
for _name in ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING_V2"):
    os.environ.setdefault(_name, "false")

__all__ = ["assess", "load_published", "score"]


def score(document: Mapping[str, object]) -> dict[str, object]:
    """The score of a hand-written input or a published assessment, as the document `assess-role score --json` prints.

    Raises agent.errors.InvalidInput with every breach.
    """
    from agent.scoring import outcome_report, parse_inputs

    return outcome_report(parse_inputs(document))


def assess(role: str, *, seniority: str | None = None, recorded: bool = False) -> dict[str, object]:
    """Draft an assessment up to gate 1, as `assess-role run --json` prints it; a person has to approve it.

    Settings come from the environment. Raises agent.errors.AssessorError.
    """
    from agent.settings import read_settings
    from agent.workflow.engine import open_runner, request_for
    from agent.workflow.summary import summary

    with open_runner(read_settings()) as engine:
        row = engine.runner.start(request_for(engine, role, seniority=seniority, recorded=recorded))
        return summary(engine.stores, row.id)


def load_published(path: str | Path) -> dict[str, object]:
    """A published `assessment.json`, checked: its revision is the hash of its content.

    Raises agent.errors.NotFound, InvalidInput.
    """
    from agent.registry.published import read_published

    return read_published(Path(path))
