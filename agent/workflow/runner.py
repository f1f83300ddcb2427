"""The single entry for every edge: start a run, record a decision, carry a thread on until a person is needed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Command, Interrupt, StateSnapshot

from agent.errors import AssessorError, Conflict, NeedsModel, StorageFailed
from agent.review.service import ReviewService
from agent.schemas.vocabulary import Status
from agent.store.assessments import AssessmentRow
from agent.store.reviews import Taken
from agent.workflow.controls import carry_on
from agent.workflow.graph import build
from agent.workflow.publication import assessment_id
from agent.workflow.state import GRAPH_VERSION, State
from agent.workflow.titles import check_role, check_seniority
from agent.workflow.tracing import run_span
from agent.workflow.workbench import Request, Workbench

LOCK_WAIT_S = 3
"""A process that finishes the same assessment right now is waited for."""
ON_WITHOUT_A_MODEL = (
    " Or go on without one: `assess-role resume ID --by-hand` leaves draft and findings to you, "
    "`--without-commentary` and `--without-lens` go on to the page without them."
)
ON_WITH_ONE_DRAFT = " `--drafts 1` goes on with the one draft that is reviewed, where further ones are missing."
ENDED = frozenset({Status.ABSTAINED, Status.REJECTED, Status.PUBLISHED})
"""Where nothing goes on from."""
MAX_STEPS = 200
"""Far above what redrafts and gates can take; a loop in the graph is a bug, not a bill."""


def open_checkpoints(path: Path) -> SqliteSaver:
    """LangGraph's checkpoints in a file of their own: write-ahead log, patient, plain JSON types only."""
    try:
        connection = sqlite3.connect(path, check_same_thread=False, timeout=15)
        connection.execute("PRAGMA journal_mode=WAL")
        saver = SqliteSaver(connection, serde=JsonPlusSerializer(pickle_fallback=False, allowed_msgpack_modules=None))
        saver.setup()
    except sqlite3.Error as error:
        raise StorageFailed(f"The checkpoints {path} cannot be opened: {error}.") from error
    return saver


@dataclass
class Runner:
    """Runs the graph of one workbench."""

    bench: Workbench
    saver: SqliteSaver
    locks: Path
    """A folder for one lock file an assessment; a lock dies with its process."""

    def __post_init__(self) -> None:
        self._graph: CompiledStateGraph[State] = build(self.bench, self.saver)

    def start(self, request: Request, requested_by: str | None = None) -> AssessmentRow:
        """A new assessment, carried on to its first gate. Raises InvalidInput before anything is kept."""
        return self.advance(self.create(request, requested_by))

    def create(self, request: Request, requested_by: str | None = None) -> str:
        """The id of a new assessment, which `advance` then begins. Raises InvalidInput before anything is kept."""
        title = check_role(request.role)
        asked = request.model_copy(update={"role": title, "seniority": check_seniority(request.seniority)})
        recording = self.bench.recording(asked)
        assessment = assessment_id(title, self.bench.stamps.token())
        self.bench.assessments.create(
            assessment,
            role=title,
            seniority=asked.seniority or (recording.seniority if recording else ""),
            request=asked.model_dump(mode="json"),
            graph_version=GRAPH_VERSION,
            requested_by=requested_by,
        )
        return assessment

    def decide(self, assessment: str, take: Callable[[ReviewService], Taken]) -> AssessmentRow:
        """Record a decision by `take` and carry the thread on. What `take` raises is raised, nothing is resumed.

        Raises Conflict, and nothing is recorded, when another version of the graph paused the thread.
        """
        self.take(assessment, take)
        return self.advance(assessment)

    def take(self, assessment: str, take: Callable[[ReviewService], Taken]) -> Taken:
        """Record a decision and leave carrying on to somebody else. Raises as `decide`."""
        self._check_goes_on(self.bench.assessments.get(assessment).id)
        return take(self.bench.review)

    def advance(self, assessment: str) -> AssessmentRow:
        """Carry a thread on until it waits for a person or ends.

        An outcome such as a failed endpoint is kept with the assessment (`failed`, `needs_model`) and can be
        advanced again. Raises Conflict when another process works on it, NotFound.
        """
        # A thread is looked up by the whole id only: LangGraph would start a new one for anything else.
        assessment = self.bench.assessments.get(assessment).id
        try:
            with self._lock(assessment), run_span(self.bench.tracer, assessment) as span:
                self._advance(assessment)
                row = self.bench.assessments.get(assessment)
                span.note({"assess_role.status": row.status.value})
                if row.status in (Status.FAILED, Status.NEEDS_MODEL) and row.outcome is not None:
                    span.fail(str(row.outcome["kind"]))
        except Timeout as error:
            raise _at_work(assessment) from error
        return self.bench.assessments.get(assessment)

    def reopen(self, assessment: str) -> None:
        """Have a run that stopped stand as one that runs, and leave carrying it on to somebody else.

        Raises Conflict for one that has ended, is up for review, is at work in another process or was stopped by
        another version of the graph; NotFound.
        """
        assessment = self.bench.assessments.get(assessment).id
        try:
            with self._lock(assessment):
                self._check_stopped(assessment)
                self.bench.assessments.set_status(assessment, Status.RUNNING)
        except Timeout as error:
            raise _at_work(assessment) from error

    def at_work(self, assessment: str) -> bool:
        """Whether a process is carrying an assessment on, by its whole id."""
        try:
            with self._lock(assessment, wait_s=0):
                return False
        except Timeout:
            return True

    def _lock(self, assessment: str, wait_s: float = LOCK_WAIT_S) -> FileLock:
        self.locks.mkdir(parents=True, exist_ok=True)
        return FileLock(self.locks / f"{assessment}.lock", timeout=wait_s)

    def _check_stopped(self, assessment: str) -> None:
        status = self.bench.assessments.get(assessment).status
        if status in ENDED:
            raise Conflict(f"Assessment {assessment} has ended: it is {status.value}.")
        if self.bench.review.reviews.open_review(assessment) is not None:
            raise Conflict(f"Assessment {assessment} did not stop: it waits for a decision.")
        if self._is_stranded(assessment):
            raise Conflict(
                f"Assessment {assessment} cannot be carried on by this version of assess-role.",
                hint="Finish it with the version that started it, or start it anew.",
            )

    def _advance(self, assessment: str) -> None:
        store = self.bench.assessments
        control = self.bench.review.controls.find(assessment)
        if control is not None:
            # It has no thread, and no node may ever see it.
            carry_on(self.bench, control)
            return
        try:
            while self._step(assessment):
                pass
        except sqlite3.Error as error:
            # LangGraph's own file: the disk is full or the folder became read-only. The store says so in its words.
            raise StorageFailed(
                f"The checkpoints of {assessment} cannot be written: {error}.",
                hint=f"Free space or make the home folder writable, then `assess-role resume {assessment}`.",
            ) from error
        except AssessorError as error:
            status = Status.NEEDS_MODEL if isinstance(error, NeedsModel) else Status.FAILED
            store.set_status(
                assessment,
                status,
                {
                    "kind": error.kind.value,
                    "message": error.message,
                    "hint": f"{error.hint or ''}{self._on_without(assessment) if status is Status.NEEDS_MODEL else ''}",
                    "exit_code": error.exit_code,
                },
            )
            return
        if self.bench.review.reviews.open_review(assessment) is not None:
            store.set_status(assessment, Status.WAITING)

    def _on_without(self, assessment: str) -> str:
        several = self.bench.request(assessment).drafts > 1
        return f"{ON_WITHOUT_A_MODEL}{ON_WITH_ONE_DRAFT if several else ''}"

    def _step(self, assessment: str) -> bool:
        """Run until the next pause; `False` when nothing can be run without a person."""
        snapshot = self._snapshot(assessment)
        payload: State | Command[str] | None
        if snapshot.created_at is None:
            refreshed = self.bench.request(assessment).refresh is not None
            payload = {"assessment": assessment, "graph_version": GRAPH_VERSION, "refreshed": refreshed}
        elif snapshot.interrupts:
            answer = self._answer(assessment, snapshot.interrupts[0])
            if answer is None:
                return False
            self._check_version(assessment, snapshot)
            payload = Command(resume={snapshot.interrupts[0].id: answer})
        elif snapshot.next:
            self._check_version(assessment, snapshot)
            payload = None
        else:
            return False
        if self.bench.assessments.get(assessment).status is not Status.RUNNING:
            self.bench.assessments.set_status(assessment, Status.RUNNING)
        self._graph.invoke(payload, _config(assessment), durability="sync")
        return True

    def _snapshot(self, assessment: str) -> StateSnapshot:
        return self._graph.get_state(_config(assessment))

    def _answer(self, assessment: str, pause: Interrupt) -> dict[str, str] | None:
        """The decision that the review of the paused gate ended with; it must be about the revision that waits."""
        decision = self.bench.review.reviews.decision_of(pause.value["review"])
        if decision is None:
            return None
        if (decision.assessment, decision.revision) != (assessment, pause.value["revision"]):
            raise Conflict(f"Decision {decision.id} is about {decision.revision}, not about what {assessment} asks.")
        return {"id": decision.id, "action": decision.action}

    def _check_goes_on(self, assessment: str) -> None:
        """A decision is taken only where the graph can act on it."""
        review = self.bench.review
        if review.reviews.open_review(assessment) is None or review.controls.find(assessment) is not None:
            return
        snapshot = self._snapshot(assessment)
        self._check_version(assessment, snapshot)
        if not snapshot.next:
            raise Conflict(
                f"Assessment {assessment} waits at a gate that this version of assess-role does not have.",
                hint="Finish it with the version that started it, or start it anew.",
            )

    def _check_version(self, assessment: str, snapshot: StateSnapshot) -> None:
        found = snapshot.values.get("graph_version")
        if found != GRAPH_VERSION:
            raise Conflict(
                f"Assessment {assessment} was paused by graph version {found}; this is version {GRAPH_VERSION}.",
                hint="Finish it with the version that started it, or start it anew.",
            )

    def state(self, assessment: str) -> State:
        """The values of a thread's newest checkpoint."""
        values: State = self._snapshot(assessment).values  # type: ignore[assignment]
        return values

    def stranded(self) -> tuple[str, ...]:
        """Unfinished assessments that stopped at a node which this graph no longer has, or have lost their thread."""
        return tuple(a for a in self.bench.assessments.unfinished() if self._is_stranded(a))

    def _is_stranded(self, assessment: str) -> bool:
        if self.bench.review.controls.find(assessment) is not None:
            return False
        snapshot = self._snapshot(assessment)
        if snapshot.created_at is None:
            # Nothing was kept yet of a run that was killed at once; it can be carried on from its beginning.
            return self.bench.review.reviews.open_review(assessment) is not None
        return not snapshot.next or snapshot.values.get("graph_version") != GRAPH_VERSION


def _at_work(assessment: str) -> Conflict:
    return Conflict(f"Another process is working on {assessment}.", hint="Wait for it, then try `assess-role resume`.")


def _config(assessment: str) -> RunnableConfig:
    return {"configurable": {"thread_id": assessment}, "recursion_limit": MAX_STEPS}
