"""Running the suites, each to its end, and closing every way in which one could say nothing and pass."""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout

from agent.errors import AssessorError
from evals.report.compile import SuiteRun
from evals.suites.broken import broke
from evals.suites.context import Context
from evals.suites.verdict import Outcome, Verdict

SUITES: Mapping[str, str] = {
    "roles": "evals.suites.roles",
    "abstention": "evals.suites.abstention",
    "retrieval": "evals.suites.retrieval",
    "seeded": "evals.suites.seeded",
    "deepeval": "evals.suites.deepeval_suites",
    "ragas": "evals.suites.ragas_suites",
    "calibration": "evals.suites.calibration",
}
"""Every suite and its module, in the order of the report. Loaded when it runs: some take seconds to load."""
WHOLE = "suite"
"""The metric of a verdict about a suite as a whole."""


def run_suites(names: Sequence[str], context: Context, *, say: Callable[[str], None]) -> tuple[SuiteRun, ...]:
    """Run the named suites in order; `say` is told which one runs."""
    runs = []
    for name in names:
        say(f"{name} …")
        runs.append(run_suite(name, context))
    return tuple(runs)


def run_suite(name: str, context: Context) -> SuiteRun:
    """One suite. An error that ends it, a bug too, a suite that says nothing and one without a control are failures of
    it."""
    start = time.monotonic()
    said: list[Verdict] = []
    try:
        # Frameworks print to stdout, where only the report goes.
        with redirect_stdout(sys.stderr):
            for verdict in importlib.import_module(SUITES[name]).run(context):
                said.append(verdict)
    except AssessorError as error:
        parts = (error.message, *getattr(error, "problems", ())[1:], error.hint or "")
        said.append(_failed(name, " ".join(part for part in parts if part)))
    except Exception as error:  # noqa: BLE001  a bug costs its suite, not the run
        said.append(_failed(name, broke(error)))
    if not any(not verdict.control for verdict in said):
        said.append(_failed(name, "The suite measured nothing."))
    if not any(verdict.control for verdict in said):
        said.append(_failed(name, "The suite has no negative control: nothing shows that it can fail."))
    return SuiteRun(name, tuple(said), time.monotonic() - start)


def _failed(name: str, message: str) -> Verdict:
    return Verdict(suite=name, metric=WHOLE, case="the whole suite", outcome=Outcome.FAILED, message=message)
