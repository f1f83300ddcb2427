"""Decisions that were taken and the runs that go on after them, each in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Thread

from agent.errors import AssessorError
from agent.review.service import ReviewService
from agent.schemas.text import one_line
from agent.schemas.vocabulary import Status
from agent.store.reviews import ApprovalRow, ReviewRow, Taken
from agent.workflow.engine import Engine
from agent.workflow.progress import Progress, silent
from agent.workflow.summary import summary, waits_for

Take = Callable[[ReviewService], Taken]


@dataclass
class Relay:
    """Where the engine's progress goes: to the terminal until a screen takes over, then to the last line of it."""

    to: Progress = silent
    last: str = ""

    def __call__(self, step: str, detail: str) -> None:
        """Keep the step and pass it on. Called from several threads."""
        self.last = one_line(f"{step} {detail}")
        self.to(step, detail)


@dataclass
class Run:
    """One decision and what follows from it. Written by its thread, `done` last."""

    review: ReviewRow
    what: str
    """What was decided, for example `approve`."""
    words: str = ""
    """What became of it."""
    failure: AssessorError | None = None
    """Why the decision was not taken, or the run could not go on."""
    bug: BaseException | None = None
    done: bool = False

    @property
    def name(self) -> str:
        """The role it is about."""
        return one_line(self.review.role)


@dataclass
class Runs:
    """Every run of this screen."""

    engine: Engine
    relay: Relay = field(default_factory=Relay)
    _runs: list[Run] = field(default_factory=list)

    def start(self, review: ReviewRow, what: str, take: Take) -> Run:
        """Take a decision and carry the assessment on, both in a thread."""
        run = Run(review=review, what=what)
        self._runs.append(run)
        Thread(target=self._carry, args=(run, take), daemon=True).start()
        return run

    def going_on(self) -> tuple[Run, ...]:
        """Those that have not ended."""
        return tuple(run for run in self._runs if not run.done)

    def ended(self) -> tuple[Run, ...]:
        """Those that ended since this was asked last."""
        found = tuple(run for run in self._runs if run.done)
        self._runs = [run for run in self._runs if run not in found]
        return found

    def _carry(self, run: Run, take: Take) -> None:
        taken: list[Taken] = []

        def keep(service: ReviewService) -> Taken:
            taken.append(take(service))
            return taken[0]

        try:
            self.engine.runner.decide(run.review.assessment, keep)
            run.words = self._became(run, taken[0])
        except AssessorError as error:
            run.failure = error
        except BaseException as error:  # noqa: BLE001  handed to the screen, which raises it
            run.bug = error
        finally:
            run.done = True

    def _became(self, run: Run, taken: Taken) -> str:
        stores, name = self.engine.stores, run.review.assessment
        if isinstance(taken, ApprovalRow):
            return f"{run.name}: your approval is kept. It takes another one: {waits_for(stores, name)}."
        document = summary(stores, name)
        status, done = document["status"], f"{run.name}: {run.what.replace('_', ' ')} recorded"
        if status == Status.WAITING:
            return f"{done}; it waits at gate {document['gate']}."
        published = document["published"]
        if isinstance(published, dict):
            return f"{done}; published as version {published['version']} in {published['path']}."
        error = document.get("error")
        if isinstance(error, dict):
            hint = f" {error['hint']}" if error.get("hint") else ""
            return f"{done}; then it stopped: {error['message']}{hint}"
        return f"{done}; it is {str(status).replace('_', ' ')}."
