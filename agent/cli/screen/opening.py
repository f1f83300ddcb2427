"""`assess-role review` without an id: the full screen where the terminal can show it, else plain prompts or a list."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from agent.cli.output import Terminal
from agent.cli.reviewing import review_in_terminal
from agent.cli.screen.plain import asked_for_one, listed
from agent.cli.screen.runs import Relay, Runs
from agent.cli.session import settings_with
from agent.review.identity import Scope
from agent.workflow.engine import Engine, open_runner
from agent.workflow.lists import open_lists

LEAST = (50, 12)
"""Columns and rows that the full screen needs."""


def review_queue(terminal: Terminal, reviewer: str | None, publish_dir: Path | None) -> None:
    """Work the queue off until the reviewer leaves. Raises Forbidden, InvalidInput for who that is."""
    settings = settings_with(publish_dir)
    if not terminal.interactive:
        with open_lists(settings) as lists:
            listed(terminal, lists.reviews.waiting())
        return
    relay = Relay(to=terminal.progress)
    with open_runner(settings, progress=relay) as engine:
        if not capable():
            name = asked_for_one(terminal, engine.stores.reviews.waiting())
            if name is not None:
                review_in_terminal(terminal, engine, name, reviewer)
            return
        _full_screen(terminal, engine, relay, reviewer)


def capable() -> bool:
    """Whether the terminal can be drawn on, and is large enough."""
    columns, rows = shutil.get_terminal_size()
    return os.environ.get("TERM", "dumb") not in ("", "dumb", "unknown") and columns >= LEAST[0] and rows >= LEAST[1]


def _full_screen(terminal: Terminal, engine: Engine, relay: Relay, reviewer: str | None) -> None:
    from agent.cli.screen.app import QueueApp
    from agent.cli.screen.desk import Desk
    from agent.workflow.progress import silent

    desk = Desk(engine, engine.acting(reviewer, "terminal", Scope.DECIDE))
    relay.to = silent
    runs = Runs(engine, relay)
    app = QueueApp(desk, runs)
    try:
        app.run()
    finally:
        desk.close()
    if app.return_code:
        # An error of our own: its traceback stands on the screen, and the command ends as one that failed.
        raise SystemExit(app.return_code)
    _leave(terminal, [run.review.assessment for run in runs.going_on()])


def _leave(terminal: Terminal, going_on: Sequence[str]) -> None:
    """End at once where a run goes on: the graph would wait for every model call, and what was answered is kept."""
    if not going_on:
        return
    for name in going_on:
        terminal.words(f"Go on with assess-role resume {name}; the decision and answers that were given are kept.")
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
