"""What goes on after a decision without the browser waiting: carrying assessments on, building the site, telling."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass, replace
from time import monotonic

from agent.errors import AssessorError
from agent.schemas.vocabulary import Status
from agent.workflow.engine import Engine

LOG = logging.getLogger("assess-role")
SWEEP_S = 30.0
"""Seconds between two looks for what a crash or another process left standing."""


_CARRIED: ContextVar[str] = ContextVar("carried", default="")
"""The assessment that this thread, and those it starts, are at work on."""


@dataclass(frozen=True)
class Work:
    """How far something is."""

    began: float
    """On the monotonic clock, in seconds."""
    step: str = ""
    """What it does now, in the words of the run."""

    @property
    def seconds(self) -> int:
        """How long it has gone on."""
        return int(monotonic() - self.began)


class Works:
    """What is being carried on, and the step that each is at."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._at: dict[str, Work] = {}

    def told(self, step: str, detail: str) -> None:
        """The progress of an engine, called in the threads of a run."""
        with self._lock:
            name = _CARRIED.get()
            if name in self._at:
                self._at[name] = replace(self._at[name], step=detail)

    def begin(self, assessment: str) -> bool:
        """`False` for one that is being carried on."""
        with self._lock:
            if assessment in self._at:
                return False
            self._at[assessment] = Work(began=monotonic())
            return True

    def end(self, assessment: str) -> None:
        """It waits for a person, or has ended."""
        with self._lock:
            self._at.pop(assessment, None)

    def of(self, assessment: str) -> Work | None:
        """How far one is; `None` while nothing is done for it."""
        with self._lock:
            return self._at.get(assessment)

    def names(self) -> tuple[str, ...]:
        """What is being carried on, by id."""
        with self._lock:
            return tuple(sorted(self._at))


class Worker:
    """Carries assessments on in threads of its own. What it does can be done again after a crash."""

    def __init__(
        self,
        engine: Engine,
        *,
        also: Sequence[Callable[[], None]] = (),
        threads: int = 2,
        works: Works | None = None,
    ) -> None:
        self._engine, self._also = engine, tuple(also)
        self._works = Works() if works is None else works
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="assess-role")
        self._stop = threading.Event()
        self._sweeper = threading.Thread(target=self._sweep, name="assess-role-sweep", daemon=True)

    def start(self) -> None:
        """Carry on what was decided before a crash, and look again from time to time."""
        self._sweeper.start()

    def stop(self) -> None:
        """Let what has begun come to its next pause, and begin nothing new."""
        self._stop.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def busy(self, assessment: str) -> bool:
        """Whether an assessment is being carried on here."""
        return self._works.of(assessment) is not None

    def work(self, assessment: str) -> Work | None:
        """How far an assessment is that is being carried on here."""
        return self._works.of(assessment)

    def working(self) -> tuple[tuple[str, str], ...]:
        """(id, role) of everything that is being carried on here, by id."""
        return tuple((name, self._engine.stores.assessments.get(name).role) for name in self._works.names())

    def carry_on(self, assessment: str) -> None:
        """Carry an assessment on until it waits for a person or ends; at once, and not twice at the same time."""
        if self._stop.is_set() or not self._works.begin(assessment):
            return
        self._pool.submit(self._run, assessment)

    def _run(self, assessment: str) -> None:
        carried = _CARRIED.set(assessment)
        try:
            self._engine.runner.advance(assessment)
        except AssessorError as error:
            LOG.warning("%s: %s", assessment, error.message)
        except Exception:
            LOG.exception("%s could not be carried on", assessment)
        finally:
            _CARRIED.reset(carried)
            self._works.end(assessment)
        self._after()

    def _sweep(self) -> None:
        while not self._stop.is_set():
            try:
                for assessment in self.left_standing():
                    self.carry_on(assessment)
            except AssessorError as error:
                LOG.warning("%s", error.message)
            except Exception:
                LOG.exception("what waits could not be looked at")
            self._after()
            self._stop.wait(SWEEP_S)

    def left_standing(self) -> tuple[str, ...]:
        """Assessments that a decision was taken on and nobody carried on: no review is open, and none failed."""
        stores = self._engine.stores
        waiting = {review.assessment for review in stores.reviews.waiting()}
        return tuple(
            name
            for name in stores.assessments.unfinished()
            if name not in waiting
            and stores.assessments.get(name).status in (Status.WAITING, Status.RUNNING)
            and stores.reviews.decisions(name)
        )

    def _after(self) -> None:
        for also in self._also:
            try:
                also()
            except AssessorError as error:
                LOG.warning("%s", error.message)
            except Exception:
                LOG.exception("what follows a decision failed")
