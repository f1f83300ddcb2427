"""What goes on after a decision without the browser waiting: carrying assessments on, building the site, telling."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from agent.errors import AssessorError
from agent.schemas.vocabulary import Status
from agent.workflow.engine import Engine

LOG = logging.getLogger("assess-role")
SWEEP_S = 30.0
"""Seconds between two looks for what a crash or another process left standing."""


class Worker:
    """Carries assessments on in threads of its own. What it does can be done again after a crash."""

    def __init__(self, engine: Engine, *, also: Callable[[], None] = lambda: None, threads: int = 2) -> None:
        self._engine, self._also = engine, also
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="assess-role")
        self._busy: set[str] = set()
        self._lock = threading.Lock()
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
        with self._lock:
            return assessment in self._busy

    def working(self) -> tuple[tuple[str, str], ...]:
        """(id, role) of everything that is being carried on here, by id."""
        with self._lock:
            names = sorted(self._busy)
        return tuple((name, self._engine.stores.assessments.get(name).role) for name in names)

    def carry_on(self, assessment: str) -> None:
        """Carry an assessment on until it waits for a person or ends; at once, and not twice at the same time."""
        with self._lock:
            if assessment in self._busy or self._stop.is_set():
                return
            self._busy.add(assessment)
        self._pool.submit(self._run, assessment)

    def _run(self, assessment: str) -> None:
        try:
            self._engine.runner.advance(assessment)
        except AssessorError as error:
            LOG.warning("%s: %s", assessment, error.message)
        except Exception:
            LOG.exception("%s could not be carried on", assessment)
        finally:
            with self._lock:
                self._busy.discard(assessment)
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
        try:
            self._also()
        except AssessorError as error:
            LOG.warning("%s", error.message)
        except Exception:
            LOG.exception("what follows a decision failed")
