"""Ctrl-C while an assessment is carried on: leave at once, and say how to go on."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import NoReturn, TypeVar

from agent.cli.output import Terminal
from agent.workflow.engine import Engine

INTERRUPTED = 130

T = TypeVar("T")


def interruptible(terminal: Terminal, engine: Engine, work: Callable[[], T], *, again: str = "") -> T:
    """What `work` returns or raises. On Ctrl-C the process ends with 130.

    `again` is the command that goes on; without one it is `assess-role resume` of the assessment that was running.
    """
    before = set(engine.stores.assessments.unfinished())
    future: Future[T] = Future()
    Thread(target=_run, args=(future, work), daemon=True).start()
    try:
        return future.result()
    except KeyboardInterrupt:
        _leave(terminal, engine, before, again)


def _run(future: Future[T], work: Callable[[], T]) -> None:
    try:
        future.set_result(work())
    except BaseException as error:  # noqa: BLE001  handed to the waiting thread, which raises it
        future.set_exception(error)


def _leave(terminal: Terminal, engine: Engine, before: set[str], again: str) -> NoReturn:
    """The graph would wait for every model call that is under way, and every stored answer is kept without it."""
    started = [name for name in engine.stores.assessments.unfinished() if name not in before]
    command = again or (f"assess-role resume {started[-1]}" if started else "assess-role resume ID")
    terminal.interrupted(f"Go on with {command}; answers that were given are kept.")
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(INTERRUPTED)
