"""The application: one reviewer, the queue, the review that is open, and the runs that go on meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import ClassVar

from textual import events
from textual.app import App
from textual.binding import Binding, BindingType

from agent.cli.screen.desk import Desk, Opened
from agent.cli.screen.dialogs import Confirm, Reading, error_text
from agent.cli.screen.hosting import Failed, T
from agent.cli.screen.queue_screen import QueueScreen
from agent.cli.screen.runs import Run, Runs, Take
from agent.cli.wording import counted
from agent.errors import AssessorError, Conflict
from agent.schemas.text import one_line

HOLD_S = 5.0
REFRESH_S = 3.0
RENEW_S = 60.0


class QueueApp(App[None]):
    """The full-screen queue. Colours are the terminal's own."""

    ENABLE_COMMAND_PALETTE = False
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+c,ctrl+q", "end", "end", priority=True)]

    def __init__(
        self, desk: Desk, runs: Runs, *, hold_s: float = HOLD_S, refresh_s: float = REFRESH_S, renew_s: float = RENEW_S
    ) -> None:
        super().__init__(ansi_color=True)
        self.desk = desk
        self.runs = runs
        self.hold_s, self.refresh_s, self.renew_s = hold_s, refresh_s, renew_s
        self.key_at = 0.0
        self._then: dict[int, Callable[[Run], None]] = {}
        self._opened: dict[int, Opened] = {}
        self._words = ""

    def on_mount(self) -> None:
        """Show the queue and watch the runs."""
        self.push_screen(QueueScreen(self))
        self.set_interval(0.2, self._look_at_runs)

    async def on_event(self, event: events.Event) -> None:
        """Note when the last key came: that is what renews a claim."""
        if isinstance(event, events.Key):
            self.key_at = monotonic()
        await super().on_event(event)

    def work(self, do: Callable[[], T], then: Callable[[T], None], failed: Failed | None = None) -> None:
        """Call `do` in a thread and `then` with what it returns; an AssessorError is shown, or given to `failed`."""

        async def carry() -> None:
            try:
                found = await asyncio.to_thread(do)
            except AssessorError as error:
                (failed or self.complain)(error)
                return
            then(found)

        self.run_worker(carry(), exit_on_error=True)

    def carry_on(self, opened: Opened, what: str, take: Take, then: Callable[[Run], None] | None = None) -> None:
        """Take a decision and let the run go on, in a thread of its own."""
        run = self.runs.start(opened.review, what, take)
        self._opened[id(run)] = opened
        if then is not None:
            self._then[id(run)] = then

    def _look_at_runs(self) -> None:
        for run in self.runs.ended():
            if run.bug is not None:
                raise run.bug
            opened, then = self._opened.pop(id(run)), self._then.pop(id(run), None)
            if then is None:
                self.work(lambda opened=opened: self.desk.release(opened), lambda _: None)  # type: ignore[misc]
            if run.failure is not None:
                title = "Somebody decided first" if isinstance(run.failure, Conflict) else f"{run.name}: {run.what}"
                self.push_screen(Reading(title, error_text(run.failure)))
            else:
                self.tell(run.words)
            if then is not None:
                then(run)

    def tell(self, words: str) -> None:
        """Say something where the queue says it."""
        self._words = one_line(words)

    def news(self) -> str:
        """What goes on, or what was said last."""
        going = self.runs.going_on()
        if not going:
            return self._words
        named = "; ".join(f"{run.name}: {run.what}" for run in going)
        step = f", {self.runs.relay.last}" if self.runs.relay.last else ""
        return f"{named} goes on{step}"

    def complain(self, error: Exception) -> None:
        """Show an error in words. What is no AssessorError is raised."""
        if not isinstance(error, AssessorError):
            raise error
        self.push_screen(Reading("That was not done", error_text(error)))

    def leave(self) -> None:
        """End, after a question where a run goes on."""
        going = self.runs.going_on()
        if not going:
            self.exit()
            return
        text = "Decisions are recorded and answers that were given are kept; `assess-role resume ID` goes on."
        self.push_screen(
            Confirm(f"{counted(len(going), 'run')} not done. Leave all the same?", text),
            lambda yes: self.exit() if yes else None,
        )

    def action_end(self) -> None:
        """Ctrl-C: end at once. A decision that is held back is not recorded."""
        self.exit()
