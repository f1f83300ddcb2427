"""Roles of which the bundled corpus says too little: a run of them must abstain, and no draft may be made of them.

Searched as before a run, by the title alone and on a fixed day; no model is asked.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from agent.drafting.prompts import PromptLibrary
from agent.errors import AssessorError
from agent.settings import Settings
from agent.shipped import shipped_path
from agent.workflow.engine import Engine, open_runner
from agent.workflow.outlook import coverage_before, described
from evals.golden.roles import Abstaining, GoldenRole, read_roles
from evals.suites.broken import broke
from evals.suites.context import Context
from evals.suites.planted import control
from evals.suites.verdict import Outcome, Verdict

SUITE = "abstention"
METRIC = "abstains"


def run(context: Context) -> Iterator[Verdict]:
    """A verdict for every role that must abstain, then the control. Raises NotFound or InvalidInput for the file of
    golden roles."""
    golden = read_roles()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder) / "home", publish_dir=Path(folder) / "published", reviewer="nobody")
        with open_runner(settings, recordings=()) as engine:
            for role in golden.abstaining:
                try:
                    stops, said = reason(engine, role, golden.searched_as_of)
                except AssessorError:
                    raise
                except Exception as error:  # noqa: BLE001  a bug costs its case, not the run
                    stops, said = False, broke(error)
                outcome = Outcome.PASSED if stops else Outcome.FAILED
                yield Verdict(suite=SUITE, metric=METRIC, case=role.name, outcome=outcome, message=said, role=role.name)
            # By its title alone not every drafted role is covered: one of them has to be told from the others.
            tried = [reason(engine, role, golden.searched_as_of) for role in golden.roles]
            stops, said = min(tried, default=(True, "There is no drafted role."))
            yield control(SUITE, METRIC, "a role that is covered", noticed=not stops, message=said)


def reason(engine: Engine, role: GoldenRole | Abstaining, as_of: str) -> tuple[bool, str]:
    """Whether the corpus stops a run of the role, and why, or how many sources speak of it."""
    looked_up = described(role.role, role.seniority, recordings=(), prompts=PromptLibrary(shipped_path("prompts")))
    known = engine.bench.passages
    found = coverage_before(engine.corpus, looked_up, as_of=as_of, known=known, replayed=False)
    if found.stops:
        return True, found.stops
    return False, f"{found.sources} independent sources speak of {role.role}, {found.needed} are needed."
