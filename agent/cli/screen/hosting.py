"""What a screen asks of the application it stands in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from agent.cli.screen.desk import Desk, Opened
from agent.cli.screen.runs import Run, Take

T = TypeVar("T")
Failed = Callable[[Exception], None]


class Host(Protocol):
    """The application."""

    desk: Desk
    hold_s: float
    """How long a confirmed decision can be taken back."""
    refresh_s: float
    """How often the store is read again."""
    renew_s: float
    """How often activity renews a claim at most."""
    key_at: float
    """When the last key was given, on the monotonic clock."""

    def work(self, do: Callable[[], T], then: Callable[[T], None], failed: Failed | None = None) -> None:
        """Call `do` in a thread and `then` with what it returns; an AssessorError is shown, or given to `failed`."""

    def carry_on(self, opened: Opened, what: str, take: Take, then: Callable[[Run], None] | None = None) -> None:
        """Take a decision and let the run go on, in a thread of its own."""

    def tell(self, words: str) -> None:
        """Say something where the queue says it."""

    def news(self) -> str:
        """What goes on, or what was said last."""

    def complain(self, error: Exception) -> None:
        """Show an error in words. What is no AssessorError is raised."""

    def leave(self) -> None:
        """End, after a question where a run goes on."""
