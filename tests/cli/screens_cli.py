"""The full screen without a terminal: keys are sent to it, its text and the store are looked at."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from factories_workflow import Desk as Runnable
from factories_workflow import a_settings, open_desk
from rich.text import Text
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static

from agent.cli.screen.app import QueueApp
from agent.cli.screen.desk import Desk
from agent.cli.screen.runs import Runs
from agent.llm.scripted import Script
from agent.review.service import Reviewer
from agent.workflow.engine import Engine

ADA = Reviewer(name="Ada Marsh", channel="terminal")
PATIENCE_S = 20.0


@dataclass
class Eyes:
    """One person at the screen."""

    pilot: Pilot[None]
    app: QueueApp
    home: Runnable

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause(0.05)

    async def type(self, words: str) -> None:
        """Put words into the line that has the focus, and take them."""
        line = self.app.focused
        assert isinstance(line, Input), line
        line.value = words
        await self.press("enter")

    async def until(self, seen: Callable[[], bool], what: str = "") -> None:
        end = monotonic() + PATIENCE_S
        while not seen():
            assert monotonic() < end, f"never {what}:\n{self.text}"
            await self.pilot.pause(0.05)

    async def sees(self, *words: str) -> None:
        """Wait until all the words stand on the screen."""
        await self.until(lambda: all(word in self.text for word in words), " and ".join(words))

    @property
    def text(self) -> str:
        """Everything on the top screen, with line breaks as blanks."""
        parts = []
        for widget in self.app.screen.walk_children():
            shown = widget.display and all(parent.display for parent in widget.ancestors if hasattr(parent, "display"))
            if shown and isinstance(widget, Static):
                parts.append(str(widget.visual))
            elif shown and isinstance(widget, OptionList):
                parts += [o.prompt.plain for o in widget.options if isinstance(o.prompt, Text)]
        return " ".join(" ".join(parts).split())


def at_screen(
    home: Path,
    act: Callable[[Eyes], Awaitable[None]],
    *,
    by: Reviewer = ADA,
    script: Script | None = None,
    connected: bool = True,
    hold_s: float = 60.0,
    size: tuple[int, int] = (80, 24),
    renew_s: float = 60.0,
) -> None:
    """Open the queue of a home and act at it. A decision is held back for a minute unless told otherwise."""
    with open_engine_of(home, script, connected=connected) as (desk, engine):

        async def run() -> None:
            app = QueueApp(Desk(engine, by), Runs(engine), hold_s=hold_s, refresh_s=0.2, renew_s=renew_s)
            async with app.run_test(size=size) as pilot:
                eyes = Eyes(pilot, app, desk)
                await eyes.sees("Review queue")
                await act(eyes)
                app.desk.close()

        asyncio.run(run())


@contextmanager
def open_engine_of(home: Path, script: Script | None, *, connected: bool) -> Iterator[tuple[Runnable, Engine]]:
    """The engine over a small home and its scripted model."""
    with open_desk(home, script, connected=connected) as desk:
        corpus = desk.bench.evidence
        engine = Engine(a_settings(home), desk.stores, corpus, desk.bench, desk.runner)  # type: ignore[arg-type]
        yield desk, engine
