"""The line at the bottom of a review: what was said last, and a decision that is held back for some seconds."""

from __future__ import annotations

from collections.abc import Callable

from rich.text import Text
from textual.timer import Timer
from textual.widgets import Static

from agent.schemas.text import one_line


class HoldLine(Static):
    """Holds back at most one decision that a person confirmed, so that it can be taken back. It decides nothing by
    itself: without a confirmed decision no time that passes does anything."""

    _words = ""
    _left = 0
    _act: Callable[[], None] | None = None
    _clocks: tuple[Timer, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether a decision is held back now."""
        return self._act is not None

    def say(self, words: str, *, style: str = "") -> None:
        """Show something, unless a decision is held back."""
        if not self.holds:
            self.update(Text(one_line(words), style=style))

    def hold(self, words: str, seconds: float, act: Callable[[], None]) -> None:
        """Call `act` after `seconds` unless it is taken back before."""
        self.take_back()
        self._words, self._left, self._act = words, round(seconds), act
        self._clocks = (self.set_timer(seconds, self._go), self.set_interval(1.0, self._tick))
        self._show()

    def take_back(self) -> bool:
        """Forget the decision; `False` when none is held."""
        for timer in self._clocks:
            timer.stop()
        held, self._act, self._clocks = self.holds, None, ()
        return held

    def _tick(self) -> None:
        self._left = max(0, self._left - 1)
        self._show()

    def _show(self) -> None:
        if self.holds:
            self.update(Text(f"{self._words} in {self._left} s: u takes it back", style="bold reverse"))

    def _go(self) -> None:
        act = self._act
        if self.take_back() and act is not None:
            act()
